//! Certificates made on the spot, servers that show them, and what a profile accepts.

mod profile;
pub(crate) mod server;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::*;

/// Someone who signs certificates.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate.
    pub(crate) pem: String,
}

/// A certificate and its key, as PEM text.
pub(crate) struct Shown {
    pub(crate) cert: String,
    pub(crate) key: String,
}

impl Authority {
    /// An authority of that name.
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// A certificate for these names, valid from the first day of one year to that of another.
    pub(crate) fn signs(&self, names: &[&str], years: (i32, i32)) -> Shown {
        let names: Vec<String> = names.iter().map(|name| (*name).to_string()).collect();
        let mut params = CertificateParams::new(names).expect("parameters");
        params.not_before = date_time_ymd(years.0, 1, 1);
        params.not_after = date_time_ymd(years.1, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let cert = params.signed_by(&key, &self.issuer).expect("a certificate");
        Shown {
            cert: cert.pem(),
            key: key.serialize_pem(),
        }
    }

    /// A certificate that nothing is wrong with.
    pub(crate) fn good(&self, names: &[&str]) -> Shown {
        self.signs(names, (2020, 2120))
    }

    /// Trusts this authority alone.
    pub(crate) fn trusted(&self) -> Profile {
        Profile::new()
            .trusting(self.pem.as_bytes())
            .expect("a good certificate")
    }
}

impl Shown {
    fn chain(&self) -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_slice_iter(self.cert.as_bytes())
            .collect::<Result<_, _>>()
            .expect("PEM text")
    }

    fn private(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::from_pem_slice(self.key.as_bytes()).expect("PEM text")
    }
}
