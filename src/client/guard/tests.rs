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
        tls: None,
        floor: Vec::new(),
        version: None,
        allow_hosts: allow.iter().map(ToString::to_string).collect(),
        proxy: None,
        sockets: Default::default(),
        others: Vec::new(),
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

/// What looks like one host to a reader, to another parser or to the target's own checks.
#[test]
fn a_host_in_disguise_is_the_host_that_would_be_reached() {
    let mut target = target(&["xn--bcher-kva.example"]);
    target.url = "https://good.test".into();
    let guard = Guard::new(&target).expect("a guard");
    for (url, allowed) in [
        ("https://GOOD.TEST./", true),
        ("https://good.test../", false),
        ("https://.good.test/", false),
        ("https://g\u{ff4f}\u{ff4f}d\u{3002}test/", true),
        ("https://g%6f%6Fd.test/", true),
        ("https://go\tod\n.te\rst/", true),
        ("https://good\u{ad}.test/", true),
        ("https://b\u{fc}cher.example/", true),
        ("https://BU\u{308}CHER.example/", true),
        ("https://bucher.example/", false),
        // A Cyrillic letter, and the same in ASCII.
        ("https://g\u{43e}od.test/", false),
        ("https://xn--god-sed.test/", false),
        ("https://127.1:4000/", true),
        ("https://2130706433/", true),
        ("https://0177.0.0.1/", true),
        ("https://0x7F000001/", true),
        ("https://127.0.0.1./", true),
        ("https://[::ffff:127.0.0.1]/", false),
        ("https://[::ffff:7f00:1]/", false),
        ("https://[::127.0.0.1]/", false),
        ("https://0/", false),
        ("https://127.2/", false),
        ("http://169.254.169.254/latest/meta-data", false),
        ("http://2852039166/", false),
        ("http://[fd00:ec2::254]/", false),
        ("http://metadata.google.internal/", false),
        ("https://good.test:80@evil.test/", false),
        ("https://good.test%40evil.test@evil.test/", false),
        ("https://evil.test@good.test/", true),
        ("https://evil.test\\@good.test/", false),
        ("https:\\\\evil.test\\good.test/", false),
        ("https:evil.test", false),
        ("https:///evil.test/", false),
        ("https://evil.test:443/good.test", false),
        ("https://good.test.evil.test/", false),
        ("wss://evil.test/", false),
        ("data:text/plain,hello", false),
        ("javascript:alert(1)", false),
        ("blob:https://good.test/1", false),
        ("gopher://good.test/", false),
        ("about:blank", false),
    ] {
        assert_eq!(allows(&guard, url), allowed, "{url}");
    }
    for never in [
        "https://good.test%00.evil.test/",
        "https://good test/",
        "https://%/",
        "https://[fe80::1%25eth0]/",
        "https://256.0.0.1/",
        "https://good.test:99999/",
        "//evil.test/",
    ] {
        assert!(Url::parse(never).is_err(), "{never} is no address at all");
    }
}

/// However a path is written, it stays a path: what stands before it is the base's own host.
#[test]
fn a_path_cannot_change_the_host() {
    let base = target(&[]);
    for (path, host) in [
        ("//evil.test/x", Some("127.0.0.1")),
        ("/\\evil.test/x", Some("127.0.0.1")),
        ("/@evil.test/", Some("127.0.0.1")),
        ("/:80@evil.test/", Some("127.0.0.1")),
        ("/../../evil.test", Some("127.0.0.1")),
        ("/\t/evil.test", Some("127.0.0.1")),
        ("chat:/@evil.test/", Some("chat.example.com")),
        ("chat://evil.test/", Some("evil.test")),
        ("chat:", Some("chat.example.com")),
        ("chat:@evil.test/", None),
        ("chat:\\\\evil.test/", None),
        ("http:/evil.test/", None),
        ("http:\\\\evil.test/", None),
        ("\t//evil.test/", None),
        (" http://evil.test/", Some("evil.test")),
        ("evil.test", None),
        ("", None),
    ] {
        let resolved = base.resolve("http://127.0.0.1:4000", path).ok();
        let url = resolved.and_then(|url| Url::parse(&url).ok());
        let leads = url.as_ref().and_then(Url::host_str);
        assert_eq!(leads, host, "{path}");
        if let (Some(url), Some("evil.test")) = (&url, host) {
            assert!(guard(&[]).check(url).is_err(), "{path}");
        }
    }
}

#[test]
fn an_address_for_a_name_is_one_that_is_named_as_a_whole() {
    let guard = guard(&["10.0.0.1", "10.0.0.2:443", "::2"]);
    for (address, allowed) in [
        ("10.0.0.1", true),
        ("127.0.0.1", true),
        ("2001:db8::1", true),
        ("::2", true),
        ("10.0.0.2", false),
        ("::ffff:10.0.0.1", false),
        ("169.254.169.254", false),
        ("::1", false),
        ("fe80::1%eth0", false),
        ("", false),
    ] {
        let checked = guard.check_address(address);
        assert_eq!(checked.is_ok(), allowed, "{address}");
    }
}

#[test]
fn a_header_in_disguise_names_no_other_host() {
    let guard = guard(&[]);
    for value in [
        "evil.test\\@staging.example.com",
        "staging.example.com\\evil.test",
        "staging.example.com, evil.test",
        "staging.example.com\tevil.test",
        "http://staging.example.com",
        "staging.example.com#evil.test",
        "staging.example.com?evil.test",
        "[::ffff:127.0.0.1]",
        "127.0.0.1:4000:80",
        "staging.example.com:",
        "staging.example.com: 80",
    ] {
        let checked = guard.check_header("Host", value.as_bytes());
        assert!(checked.is_err(), "{value}");
    }
}
