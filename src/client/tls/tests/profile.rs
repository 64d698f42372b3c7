//! What a profile is made of.

use super::*;
use crate::model::ProblemKind;

fn fails(made: Result<Profile, BadPem>) -> String {
    let problem = crate::model::Problem::from(made.expect_err("a bad text"));
    assert_eq!(problem.kind, ProblemKind::Config, "{problem}");
    problem.message
}

#[test]
fn what_is_no_certificate_or_key_is_named() {
    let authority = Authority::new("one");
    let (good, other) = (authority.good(&["a.test"]), authority.good(&["b.test"]));
    let new = Profile::new;
    let text = fails(new().trusting(b"hello"));
    assert!(
        text.starts_with("`ca` of `tls` holds no certificate"),
        "{text}"
    );
    let text = fails(new().trusting(good.key.as_bytes()));
    assert!(
        text.starts_with("`ca` of `tls` holds no certificate"),
        "{text}"
    );
    let broken = good.cert.replace("-----END", "--END");
    let text = fails(new().trusting(broken.as_bytes()));
    assert!(text.starts_with("`ca` of `tls` is no PEM text"), "{text}");
    let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let text = fails(new().showing(empty.as_bytes(), good.key.as_bytes()));
    assert!(
        text.starts_with("`cert` of `tls` holds what is no certificate"),
        "{text}"
    );
    let text = fails(new().showing(good.cert.as_bytes(), good.cert.as_bytes()));
    assert!(
        text.starts_with("`key` of `tls` holds no private key"),
        "{text}"
    );
    let locked = good.key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let text = fails(new().showing(good.cert.as_bytes(), locked.as_bytes()));
    assert!(
        text.starts_with("`key` of `tls` holds a private key that is encrypted"),
        "{text}"
    );
    // Its line breaks were lost on the way, as happens in environments; it must not be shown.
    let one_line = good.key.replace('\n', "");
    let text = fails(new().showing(good.cert.as_bytes(), one_line.as_bytes()));
    assert_eq!(
        text,
        "`key` of `tls` holds no private key: a `-----BEGIN` or `-----END` does not stand on a line of its own"
    );
    let text = fails(new().showing(good.cert.as_bytes(), other.key.as_bytes()));
    assert_eq!(text, "`key` of `tls` is not the key of `cert`");
}

#[test]
fn a_profile_never_shows_its_key() {
    let good = Authority::new("one").good(&["a.test"]);
    let profile = Profile::new()
        .showing(good.cert.as_bytes(), good.key.as_bytes())
        .expect("a good pair");
    let shown = format!("{profile:?}");
    assert_eq!(
        shown,
        "Profile { own_roots: false, certificate: true, insecure: false }"
    );
}

#[tokio::test]
async fn one_configuration_serves_all_clients_of_a_profile() {
    let authority = Authority::new("one");
    let first = config(&authority.trusted(), Offer::Both)
        .await
        .expect("one");
    let again = config(&authority.trusted(), Offer::Both)
        .await
        .expect("one");
    assert!(std::sync::Arc::ptr_eq(&first, &again));
    let other = config(&authority.trusted(), Offer::Http1)
        .await
        .expect("one");
    assert_eq!(other.alpn_protocols, [b"http/1.1"]);
    let insecure = authority.trusted().insecure();
    let other = config(&insecure, Offer::Both).await.expect("one");
    assert!(!std::sync::Arc::ptr_eq(&first, &other));
}

#[test]
fn a_certificate_is_read_as_values() {
    let shown = Authority::new("Example CA").signs(&["a.test", "127.0.0.1", "::1"], (2020, 2021));
    let der = shown.chain().remove(0);
    let read = ShownCertificate::read(&der).expect("a certificate");
    assert!(read.issuer.contains("Example CA"), "{}", read.issuer);
    assert_eq!(read.names, ["a.test", "127.0.0.1", "::1"]);
    assert!(read.days_left < -1_700, "{}", read.days_left);
    assert_eq!(ShownCertificate::read(b"no"), None);
}
