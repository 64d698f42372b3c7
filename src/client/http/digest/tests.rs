//! The examples of RFC 7616, and challenges as servers write them.

use super::{Algorithm, Asking, Challenge, Login, challenges};

fn header(value: &str) -> (String, Vec<u8>) {
    ("WWW-Authenticate".to_string(), value.as_bytes().to_vec())
}

const OFFER: &str = "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", \
    nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
    opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

fn mufasa() -> Login {
    Login {
        user: "Mufasa".to_string(),
        password: "Circle of Life".to_string(),
    }
}

fn answer(offers: &[String]) -> String {
    let headers: Vec<_> = offers.iter().map(|offer| header(offer)).collect();
    let asking = Asking {
        method: "GET",
        uri: "/dir/index.html",
        body: b"",
        cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    };
    let challenge = Challenge::strongest(&headers).expect("a challenge");
    challenge.answer(&mufasa(), &asking)
}

#[test]
fn the_examples_of_the_rfc() {
    let md5 = format!("Digest {OFFER}, algorithm=MD5");
    let sha = format!("Digest {OFFER}, algorithm=SHA-256");
    assert!(
        answer(std::slice::from_ref(&md5))
            .contains("response=\"8ca523f5e9506fed4657c9700eebdbec\"")
    );
    let strongest = answer(&[md5, sha]);
    let expected = "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\"";
    assert!(strongest.contains(expected), "{strongest}");
    for part in [
        "username=\"Mufasa\"",
        "uri=\"/dir/index.html\"",
        "algorithm=SHA-256",
        "qop=auth, nc=00000001",
        "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"",
    ] {
        assert!(strongest.contains(part), "{part}: {strongest}");
    }
}

#[test]
fn the_old_scheme_has_neither_count_nor_quality() {
    // RFC 2069's example, with the response its errata correct.
    let offer = "Digest realm=\"testrealm@host.com\", \
        nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", \
        opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";
    let challenge = Challenge::strongest(&[header(offer)]).expect("a challenge");
    let login = Login {
        user: "Mufasa".to_string(),
        password: "CircleOfLife".to_string(),
    };
    let text = challenge.answer(
        &login,
        &Asking {
            method: "GET",
            uri: "/dir/index.html",
            body: b"",
            cnonce: "unused",
        },
    );
    assert!(
        text.contains("response=\"1949323746fe6a43ef61f9606e7febea\""),
        "{text}"
    );
    assert!(!text.contains("qop") && !text.contains("unused"), "{text}");
}

#[test]
fn several_challenges_in_one_header_and_odd_spacing() {
    let found = challenges(
        "Basic realm=\"a, b\", Newauth realm=x,type=1, digest  Realm = \"q\\\"uote\" ,nonce=n, Negotiate",
    );
    let names: Vec<&str> = found.iter().map(|(scheme, _)| scheme.as_str()).collect();
    assert_eq!(names, ["Basic", "Newauth", "digest", "Negotiate"]);
    let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
    assert_eq!(found[0].1, [pair("realm", "a, b")]);
    assert_eq!(found[2].1, [pair("realm", "q\"uote"), pair("nonce", "n")]);
}

#[test]
fn what_cannot_be_met_is_no_challenge() {
    for offer in [
        "Basic realm=\"r\"",
        "Digest nonce=\"n\"",
        "Digest realm=\"r\"",
        "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-3",
        "Digest realm=\"r\", nonce=\"n\", qop=\"other\"",
        "",
        "=,=,\"",
    ] {
        assert_eq!(Challenge::strongest(&[header(offer)]), None, "{offer}");
    }
}

#[test]
fn sessions_bodies_and_hashed_names() {
    let offer = "Digest realm=\"r\", nonce=\"n\", qop=auth-int, algorithm=md5-SESS, userhash=TRUE";
    let challenge = Challenge::strongest(&[header(offer)]).expect("a challenge");
    let text = challenge.answer(
        &mufasa(),
        &Asking {
            method: "POST",
            uri: "/p",
            body: b"the body",
            cnonce: "c",
        },
    );
    let md5 = |text: &str| Algorithm::Md5.hash(text.as_bytes());
    let first = md5(&format!("{}:n:c", md5("Mufasa:r:Circle of Life")));
    let second = md5(&format!("POST:/p:{}", md5("the body")));
    let expected = md5(&format!("{first}:n:00000001:c:auth-int:{second}"));
    assert!(text.contains(&format!("response=\"{expected}\"")), "{text}");
    assert!(
        text.contains(&format!("username=\"{}\"", md5("Mufasa:r"))),
        "{text}"
    );
    assert!(
        text.contains("algorithm=md5-SESS") && text.contains("userhash=true"),
        "{text}"
    );
}

#[test]
fn a_login_shows_nothing_of_itself() {
    assert_eq!(format!("{:?}", mufasa()), "Login { .. }");
}
