//! One configuration per profile, made at the first need and kept for the whole process, so that a
//! client costs microseconds although the system's roots take tens of milliseconds to load.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SingleCertAndKey;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::model::{Problem, ProblemKind};

use super::profile::Profile;

/// The most profiles that are kept; more only come about when certificates are made on the way.
const MOST_KEPT: usize = 256;

/// Which protocols a handshake offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Offer {
    /// HTTP/2, else HTTP/1.1.
    Both,
    /// HTTP/1.1 alone.
    Http1,
    /// HTTP/2 alone.
    Http2,
}

impl Offer {
    fn protocols(self) -> Vec<Vec<u8>> {
        let names: &[&[u8]] = match self {
            Self::Both => &[b"h2", b"http/1.1"],
            Self::Http1 => &[b"http/1.1"],
            Self::Http2 => &[b"h2"],
        };
        names.iter().map(|name| name.to_vec()).collect()
    }
}

/// The configuration of a profile that offers these protocols. At its first need it may read the
/// system's roots, off the worker's thread. A `config` problem says that there are none.
pub async fn config(profile: &Profile, offer: Offer) -> Result<Arc<ClientConfig>, Problem> {
    if let Some(found) = kept(profile, offer) {
        return Ok(found);
    }
    let made = if profile.needs_system_roots() {
        let own = profile.clone();
        tokio::task::spawn_blocking(move || make(&own))
            .await
            .map_err(|error| broken(&error.to_string()))??
    } else {
        make(profile)?
    };
    let mut all = cache().lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST_KEPT {
        all.clear();
    }
    for each in [Offer::Both, Offer::Http1, Offer::Http2] {
        let mut config = made.clone();
        config.alpn_protocols = each.protocols();
        all.entry((profile.clone(), each))
            .or_insert_with(|| Arc::new(config));
    }
    drop(all);
    kept(profile, offer).ok_or_else(|| broken("it was not kept"))
}

type Cache = Mutex<HashMap<(Profile, Offer), Arc<ClientConfig>>>;

fn cache() -> &'static Cache {
    static CACHE: OnceLock<Cache> = OnceLock::new();
    CACHE.get_or_init(Cache::default)
}

fn kept(profile: &Profile, offer: Offer) -> Option<Arc<ClientConfig>> {
    let all = cache().lock().unwrap_or_else(PoisonError::into_inner);
    all.get(&(profile.clone(), offer)).cloned()
}

fn make(profile: &Profile) -> Result<ClientConfig, Problem> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| broken(&error.to_string()))?;
    let builder = if profile.is_insecure() {
        let anything = Arc::new(Anything(provider()));
        builder
            .dangerous()
            .with_custom_certificate_verifier(anything)
    } else {
        builder.with_root_certificates(roots(profile)?)
    };
    let mut config = match &profile.identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity.clone())))
        }
    };
    // Every handshake is a whole one, so that its time says the same each time.
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// ring, named here and nowhere else: nothing is installed for the whole process.
pub(super) fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    PROVIDER
        .get_or_init(|| Arc::new(rustls::crypto::ring::default_provider()))
        .clone()
}

fn roots(profile: &Profile) -> Result<Arc<RootCertStore>, Problem> {
    let Some(own) = &profile.roots else {
        return system_roots();
    };
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(own.iter().cloned());
    Ok(Arc::new(store))
}

fn system_roots() -> Result<Arc<RootCertStore>, Problem> {
    static ROOTS: OnceLock<Result<Arc<RootCertStore>, Problem>> = OnceLock::new();
    ROOTS
        .get_or_init(|| {
            let found = rustls_native_certs::load_native_certs();
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(found.certs);
            if !store.is_empty() {
                return Ok(Arc::new(store));
            }
            let why: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
            let why = match why.is_empty() {
                true => String::new(),
                false => format!(" ({})", why.join("; ")),
            };
            Err(Problem::new(
                ProblemKind::Config,
                format!(
                    "this system has no root certificates{why}: install them, or name your own with `tls = {{ ca = … }}` or SSL_CERT_FILE"
                ),
            ))
        })
        .clone()
}

fn broken(why: &str) -> Problem {
    let message = format!("TLS cannot be set up: {why}");
    Problem::new(ProblemKind::Config, message)
}

/// Accepts whatever it is shown: `insecure`.
#[derive(Debug)]
struct Anything(Arc<CryptoProvider>);

impl ServerCertVerifier for Anything {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
