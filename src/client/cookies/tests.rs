use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

#[test]
fn a_clone_is_the_same_jar_and_streams_share_it() {
    let jar = Jar::new();
    jar.store(&url("ws://a.test/chat"), ["sid=1; HttpOnly; Path=/"]);
    let other = jar.clone();
    assert_eq!(
        other.header_for(&url("http://a.test:81/")).as_deref(),
        Some("sid=1")
    );
    assert_eq!(
        other.header_for(&url("wss://a.test/x")).as_deref(),
        Some("sid=1")
    );
    assert_eq!(other.header_for(&url("http://b.test/")), None);
    assert_eq!(other.header_for(&url("http://www.a.test/")), None);
}

#[test]
fn paths_domains_flags_and_ends_are_kept() {
    let jar = Jar::new();
    jar.store(
        &url("https://www.a.test/deep/page"),
        [
            "wide=1; Domain=a.test; Path=/",
            "deep=2",
            "safe=3; Secure; Path=/",
            "evil=4; Domain=b.test",
            "b=5; Path=/",
        ],
    );
    let sent = |text| jar.header_for(&url(text));
    assert_eq!(
        sent("https://www.a.test/deep/x").as_deref(),
        Some("deep=2; b=5; safe=3; wide=1")
    );
    assert_eq!(sent("http://www.a.test/").as_deref(), Some("b=5; wide=1"));
    assert_eq!(sent("http://a.test/").as_deref(), Some("wide=1"));
    assert_eq!(sent("http://b.test/"), None);
    jar.store(&url("https://www.a.test/"), ["b=; Path=/; Max-Age=0"]);
    assert_eq!(sent("http://www.a.test/").as_deref(), Some("wide=1"));
    assert_eq!(jar.list().len(), 3);
}

#[test]
fn a_preset_cookie_is_for_the_whole_host() {
    let jar = Jar::new();
    jar.preset(&url("http://127.0.0.1:80/base/x"), "k", "v w")
        .expect("a cookie");
    assert_eq!(
        jar.header_for(&url("ws://127.0.0.1:9/")).as_deref(),
        Some("k=v w")
    );
    assert_eq!(jar.header_for(&url("http://localhost/")), None);
    let held = Held {
        name: "k".into(),
        value: "v w".into(),
        domain: "127.0.0.1".into(),
        path: "/".into(),
    };
    assert_eq!(jar.list(), [held]);
    for (name, value) in [("", "v"), ("a=b", "v"), ("a", "b;c"), ("a", "b\r\nc")] {
        let problem = jar
            .preset(&url("http://a.test/"), name, value)
            .expect_err("no cookie");
        assert_eq!(problem.kind, ProblemKind::Script);
    }
}

#[test]
fn a_header_is_taken_apart() {
    let cookie =
        SetCookie::parse(b" sid = a=b ;Path=/x; HttpOnly ;; SameSite=Lax").expect("a cookie");
    assert_eq!(
        (cookie.name.as_str(), cookie.value.as_str()),
        ("sid", "a=b")
    );
    let expected = [
        ("path", Some("/x")),
        ("httponly", None),
        ("samesite", Some("Lax")),
    ]
    .map(|(name, value)| (name.to_string(), value.map(String::from)));
    assert_eq!(cookie.attributes, expected);
    assert_eq!(SetCookie::parse(b"nothing"), None);
}

#[test]
fn a_target_cannot_fill_the_jar_without_end() {
    let url = Url::parse("http://a.test/").expect("a URL");
    let jar = Jar::new();
    jar.store(&url, [format!("long={}", "v".repeat(4093))]);
    assert_eq!(jar.list().len(), 0, "longer than browsers keep");
    for n in 0..600 {
        jar.store(&url, [format!("c{n}=old")]);
    }
    assert_eq!(jar.list().len(), 500);
    // What is there already can still be changed, and taken away.
    jar.store(&url, ["c7=new", "c8=; Max-Age=0"]);
    let kept = jar.list();
    assert!(kept.iter().any(|it| it.name == "c7" && it.value == "new"));
    assert!(kept.iter().all(|it| it.name != "c8"));
}
