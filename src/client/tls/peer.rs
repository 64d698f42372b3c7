//! What the other end of a secure connection showed of itself, as values.

use std::time::{SystemTime, UNIX_EPOCH};

use rustls::ProtocolVersion;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;

/// The other end of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// `1.2` or `1.3`; nothing if it is neither.
    pub version: Option<&'static str>,
    /// The protocol spoken over TLS by its registered name: `h2`, `http/1.1`.
    pub alpn: Option<String>,
    /// Its certificate; nothing if that cannot be read, which only `insecure` lets pass.
    pub certificate: Option<ShownCertificate>,
}

/// A certificate that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownCertificate {
    /// Who signed it: `C=NL, O=Example, CN=Example CA`.
    pub issuer: String,
    /// The names and addresses it is for, in its order.
    pub names: Vec<String>,
    /// Whole days until it expires; below 0 if it has.
    pub days_left: i64,
}

impl ShownCertificate {
    /// Reads a certificate in DER; nothing if it is none.
    pub fn read(der: &[u8]) -> Option<Self> {
        let (_, certificate) = x509_parser::parse_x509_certificate(der).ok()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        let left = certificate.validity().not_after.timestamp() - i64::try_from(now).ok()?;
        Some(Self {
            issuer: certificate.issuer().to_string(),
            names: names(&certificate),
            days_left: left.div_euclid(86_400),
        })
    }
}

/// The names a certificate is for; of an old one that has none where they belong, its own.
fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    if let Ok(Some(alternative)) = certificate.subject_alternative_name() {
        let all = alternative.value.general_names.iter();
        return all.filter_map(name).collect();
    }
    certificate
        .subject()
        .iter_common_name()
        .filter_map(|name| name.as_str().ok().map(str::to_string))
        .collect()
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_string()),
        GeneralName::IPAddress(bytes) => match <[u8; 4]>::try_from(*bytes) {
            Ok(v4) => Some(std::net::Ipv4Addr::from(v4).to_string()),
            Err(_) => <[u8; 16]>::try_from(*bytes)
                .ok()
                .map(|v6| std::net::Ipv6Addr::from(v6).to_string()),
        },
        // Addresses of mail, directories and the like name no host.
        _ => None,
    }
}

/// The version of TLS as people write it.
pub(super) fn version(version: Option<ProtocolVersion>) -> Option<&'static str> {
    match version {
        Some(ProtocolVersion::TLSv1_2) => Some("1.2"),
        Some(ProtocolVersion::TLSv1_3) => Some("1.3"),
        _ => None,
    }
}
