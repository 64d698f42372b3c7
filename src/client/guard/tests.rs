use super::*;
use std::collections::BTreeMap;

fn guard(allow: &[&str]) -> Guard {
    Guard::new(&target(allow)).expect("a guard")
}

fn target(allow: &[&str]) -> Target {
    Target {
        name: "staging".into(),
        url: "https://Staging.Example.com".into(),
        services: BTreeMap::from([
            ("chat".into(), "http://chat.example.com:8080/base".into()),
            ("six".into(), "http://[2001:DB8::1]:80".into()),
            ("local".into(), "http://127.0.0.1:4000".into()),
        ]),
        any_service: false,
        headers: Vec::new(),
        vars: BTreeMap::new(),
        secrets: Default::default(),
        masked: Vec::new(),
        floor: Vec::new(),
        allow_hosts: allow.iter().map(ToString::to_string).collect(),
        proxy: None,
        sockets: Default::default(),
        embedded: false,
    }
}

fn allows(guard: &Guard, url: &str) -> bool {
    guard.check(&Url::parse(url).expect("a URL")).is_ok()
}

#[test]
fn any_port_and_scheme_of_a_named_host_is_allowed() {
    let guard = guard(&[]);
    for url in [
        "http://staging.example.com/",
        "https://STAGING.example.com:9000/x",
        "wss://staging.example.com./",
        "ws://chat.example.com/",
        "http://[2001:db8:0:0::1]:99/",
        "http://127.0.0.1/",
        "http://0x7f.1/",
        "http://user:pw@127.0.0.1/",
    ] {
        assert!(allows(&guard, url), "{url}");
    }
}

#[test]
fn everything_else_is_refused_by_name() {
    let guard = guard(&[]);
    for url in [
        "http://example.com/",
        "http://localhost:4000/",
        "http://[::1]/",
        "http://127.0.0.2/",
        "http://staging.example.com.evil.test/",
        "http://evil-staging.example.com/",
        "http://staging.example.com@evil.test/",
        "http://staging.example.com:80@evil.test/",
        "http://evil.test/?staging.example.com",
        "http://evil.test#staging.example.com",
        "http://evil.test\\@staging.example.com/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "unix:/run/x",
    ] {
        assert!(!allows(&guard, url), "{url}");
    }
    let problem = guard
        .check(&Url::parse("http://evil.test/").expect("a URL"))
        .expect_err("refused");
    assert_eq!(problem.kind, ProblemKind::Host);
    assert_eq!(
        problem.message,
        "the host `evil.test` is not of target `staging` (allowed: 127.0.0.1, [2001:db8::1], \
         chat.example.com, staging.example.com); `allow_hosts` adds one"
    );
}

#[test]
fn an_entry_with_a_port_narrows_and_the_schemes_own_port_counts() {
    let guard = guard(&[
        "cdn.example.com:80",
        "Img.Example.com",
        "::2",
        "[::3]:81",
        "chat.example.com:1",
    ]);
    for (url, allowed) in [
        ("http://cdn.example.com/", true),
        ("http://cdn.example.com:80/", true),
        ("https://cdn.example.com/", false),
        ("http://cdn.example.com:8080/", false),
        ("ws://img.example.com:1234/", true),
        ("http://[::2]:7/", true),
        ("http://[::3]:81/", true),
        ("http://[::3]/", false),
        ("http://chat.example.com:2/", true),
    ] {
        assert_eq!(allows(&guard, url), allowed, "{url}");
    }
}

#[test]
fn only_the_targets_own_hosts_are_its_own() {
    let guard = guard(&["cdn.example.com"]);
    let own = |url| guard.is_own(&Url::parse(url).expect("a URL"));
    assert!(own("ws://chat.example.com/") && own("http://127.0.0.1:1/"));
    assert!(!own("http://cdn.example.com/"));
}

#[test]
fn a_host_header_is_held_to_the_same_rule() {
    let guard = guard(&["cdn.example.com:8443", "web.example.com:443"]);
    for (name, value, allowed) in [
        ("Host", "staging.example.com", true),
        ("host", "STAGING.example.com.:1", true),
        (":authority", "[2001:db8::1]:5", true),
        ("hOsT", "cdn.example.com:8443", true),
        ("host", "web.example.com", true),
        ("host", "cdn.example.com", false),
        ("host", "evil.test", false),
        (":authority", "evil.test", false),
        ("host", "staging.example.com@evil.test", false),
        ("host", "evil.test/staging.example.com", false),
        ("host", "staging.example.com evil.test", false),
        ("host", "staging.example.com:+80", false),
        ("host", "staging%2eexample.com", false),
        ("host", "", false),
        ("x-host", "evil.test", true),
    ] {
        let checked = guard.check_header(name, value.as_bytes());
        assert_eq!(checked.is_ok(), allowed, "{name}: {value}");
    }
    assert!(guard.check_header("host", b"staging\xff").is_err());
}

#[test]
fn what_is_no_host_is_a_configuration_error() {
    for entry in [
        "http://cdn.example.com",
        "a/b",
        "",
        "a:b",
        "a:70000",
        "u@a",
        "*.example.com/",
        "a b",
    ] {
        let problem = Guard::new(&target(&[entry])).expect_err(entry);
        assert_eq!(problem.kind, ProblemKind::Config);
        assert!(
            problem
                .message
                .starts_with(&format!("`{entry}` is no host"))
        );
    }
    let mut broken = target(&[]);
    broken.url = "staging".into();
    assert_eq!(
        Guard::new(&broken).expect_err("no URL").kind,
        ProblemKind::Config
    );
}
