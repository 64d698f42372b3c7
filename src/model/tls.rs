//! What a target says of TLS, as plain data: nothing here is known to be a certificate yet.

use std::fmt;

use super::diagnostic::SourceSpan;
use super::target::Secret;

/// `tls` of a target: what is trusted and shown at the hosts of its `url`, `services` and floor
/// checks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tls {
    /// Whose certificates are trusted, in place of those that the system trusts.
    pub ca: Option<Pem>,
    /// What is shown to who asks for a certificate.
    pub identity: Option<Identity>,
    /// Whatever certificate is shown will do.
    pub insecure: bool,
    /// The private key's own lines, to be masked.
    pub key: Option<Secret>,
}

/// A certificate of our own and its private key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The certificate, with its chain.
    pub cert: Pem,
    /// Its private key.
    pub key: Pem,
}

/// One of the texts that `tls` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsPart {
    /// `ca`
    Ca,
    /// `cert`
    Cert,
    /// `key`
    Key,
}

impl TlsPart {
    /// Its key in a table `tls`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ca => "ca",
            Self::Cert => "cert",
            Self::Key => "key",
        }
    }
}

impl Tls {
    /// Where the project file gives a part.
    pub fn place(&self, part: TlsPart) -> Option<&SourceSpan> {
        let identity = self.identity.as_ref();
        let pem = match part {
            TlsPart::Ca => self.ca.as_ref(),
            TlsPart::Cert => identity.map(|identity| &identity.cert),
            TlsPart::Key => identity.map(|identity| &identity.key),
        };
        pem.map(|pem| &pem.at)
    }
}

/// PEM text, and where the project file gives it. It does not show itself: it may hold a key.
#[derive(Clone, PartialEq, Eq)]
pub struct Pem {
    /// The text; comments in it may be of any encoding.
    pub text: Vec<u8>,
    /// Its place, whose line is left out if it could show the text.
    pub at: SourceSpan,
}

impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pem")
    }
}
