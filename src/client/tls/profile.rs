//! What a client trusts and what it shows of itself, read from PEM text and checked at once, so
//! that a bad file is a mistake of ours before anything is sent.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use crate::model::tls::{Identity, Tls, TlsPart};
use crate::model::{Problem, ProblemKind};

use super::config::provider;

/// One way to speak TLS; equal if made of the same text. Cheap to clone.
#[derive(Clone, Default)]
pub struct Profile {
    given: Arc<Given>,
    pub(super) roots: Option<Arc<[CertificateDer<'static>]>>,
    pub(super) identity: Option<Arc<CertifiedKey>>,
}

/// What it was made of, for comparing.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Given {
    ca: Option<Vec<u8>>,
    identity: Option<(Vec<u8>, Vec<u8>)>,
    insecure: bool,
}

impl Profile {
    /// The system's roots and no certificate of our own.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a target says of TLS, or which of its PEM texts is none.
    pub fn of(tls: &Tls) -> Result<Self, BadPem> {
        let mut profile = Self::new();
        if let Some(ca) = &tls.ca {
            profile = profile.trusting(&ca.text)?;
        }
        if let Some(Identity { cert, key }) = &tls.identity {
            profile = profile.showing(&cert.text, &key.text)?;
        }
        Ok(if tls.insecure {
            profile.insecure()
        } else {
            profile
        })
    }

    /// Trusts the certificates of a PEM text and no others, or says what is wrong with the text.
    pub fn trusting(self, pem: &[u8]) -> Result<Self, BadPem> {
        let roots = certificates(TlsPart::Ca, pem)?;
        let mut store = rustls::RootCertStore::empty();
        for root in &roots {
            let added = store.add(root.clone());
            added.map_err(|error| bad(TlsPart::Ca, format!("cannot be trusted: {error}")))?;
        }
        let mut given = (*self.given).clone();
        given.ca = Some(pem.to_vec());
        Ok(Self {
            given: Arc::new(given),
            roots: Some(roots.into()),
            ..self
        })
    }

    /// Shows a certificate (the PEM text of its chain, the leaf first) whose private key is `key`.
    /// The error says what is wrong with either, or that they do not belong together.
    pub fn showing(self, cert: &[u8], key: &[u8]) -> Result<Self, BadPem> {
        let chain = certificates(TlsPart::Cert, cert)?;
        let private = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| bad(TlsPart::Key, no_key(key, &error)))?;
        let identity = CertifiedKey::from_der(chain, private, &provider()).map_err(|error| {
            let what = match error {
                rustls::Error::InconsistentKeys(_) => "is not the key of `cert`".to_string(),
                other => format!("cannot be used with `cert`: {other}"),
            };
            bad(TlsPart::Key, what)
        })?;
        let mut given = (*self.given).clone();
        given.identity = Some((cert.to_vec(), key.to_vec()));
        Ok(Self {
            given: Arc::new(given),
            identity: Some(Arc::new(identity)),
            ..self
        })
    }

    /// Accepts whatever certificate it is shown.
    #[must_use]
    pub fn insecure(self) -> Self {
        let mut given = (*self.given).clone();
        given.insecure = true;
        Self {
            given: Arc::new(given),
            ..self
        }
    }

    /// True if it trusts what the system does.
    pub(super) fn needs_system_roots(&self) -> bool {
        !self.given.insecure && self.given.ca.is_none()
    }

    /// True if no certificate is checked.
    pub fn is_insecure(&self) -> bool {
        self.given.insecure
    }
}

impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        self.given == other.given
    }
}

impl Eq for Profile {}

impl Hash for Profile {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.given.hash(state);
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A private key is among what it was made of.
        f.debug_struct("Profile")
            .field("own_roots", &self.given.ca.is_some())
            .field("certificate", &self.given.identity.is_some())
            .field("insecure", &self.given.insecure)
            .finish()
    }
}

/// All certificates of a PEM text, at least one.
fn certificates(part: TlsPart, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, BadPem> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let all = all.map_err(|error| bad(part, format!("is no PEM text: {}", why(&error))))?;
    if all.is_empty() {
        let what = "holds no certificate: expected PEM text with `-----BEGIN CERTIFICATE-----`";
        return Err(bad(part, what));
    }
    for one in &all {
        x509_parser::parse_x509_certificate(one)
            .map_err(|error| bad(part, format!("holds what is no certificate: {error}")))?;
    }
    Ok(all)
}

/// Why a text holds no private key. One that is encrypted holds one, for whoever has its passphrase.
fn no_key(pem: &[u8], error: &pem::Error) -> String {
    let holds = |mark: &[u8]| pem.windows(mark.len()).any(|window| window == mark);
    if holds(b"-----BEGIN ENCRYPTED PRIVATE KEY-----") || holds(b"Proc-Type: 4,ENCRYPTED") {
        return "holds a private key that is encrypted: give it without a passphrase (`openssl pkey -in …` writes it so)".to_string();
    }
    format!("holds no private key: {}", why(error))
}

/// What is wrong with a PEM text, without any of it: it may be a private key, all on the line that
/// the reader would show.
fn why(error: &pem::Error) -> String {
    match error {
        pem::Error::IllegalSectionStart { .. } | pem::Error::MissingSectionEnd { .. } => {
            "a `-----BEGIN` or `-----END` does not stand on a line of its own".to_string()
        }
        pem::Error::Base64Decode(_) => "between its first and last line is no base64".to_string(),
        other => other.to_string(),
    }
}

fn bad(part: TlsPart, why: impl Into<String>) -> BadPem {
    BadPem {
        part,
        why: why.into(),
    }
}

/// A PEM text that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` of `tls` {why}", .part.name())]
pub struct BadPem {
    /// Which of them.
    pub part: TlsPart,
    /// Why, as a predicate: `holds no certificate`.
    pub why: String,
}

impl From<BadPem> for Problem {
    fn from(bad: BadPem) -> Self {
        Self::new(ProblemKind::Config, bad.to_string())
    }
}
