//! A private authority and its certificates, as PEM files.

use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};

/// Someone who signs certificates.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, as PEM text.
    pub(crate) pem: String,
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

    /// Writes `stem.pem` and `stem.key`: a certificate for a name, valid until the first day of a
    /// year.
    pub(crate) fn writes(&self, stem: &Path, name: &str, until: i32) {
        let mut params = CertificateParams::new(vec![name.to_string()]).expect("parameters");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let cert = params.signed_by(&key, &self.issuer).expect("a certificate");
        std::fs::create_dir_all(stem.parent().expect("a folder")).expect("a folder");
        std::fs::write(stem.with_extension("pem"), cert.pem()).expect("a file");
        std::fs::write(stem.with_extension("key"), key.serialize_pem()).expect("a file");
    }
}
