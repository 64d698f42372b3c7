//! `tls` of a target: where its PEM texts are, and what is wrong with that.

use std::path::Path;

use crate::config::project::parse;
use crate::config::{Chosen, TargetSelection};
use crate::model::target::Secret;
use crate::model::tls::{Tls, TlsPart};
use crate::model::{Diagnostic, Target};

use super::line_of;

const CERT: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const KEY: &str =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\nBCIEIKt0\nxx\n-----END PRIVATE KEY-----\n";

/// The chosen target of a file in a folder, or all that is wrong.
fn target(root: &Path, tls: &str) -> Result<Target, Vec<Diagnostic>> {
    let text = format!(
        "[targets.t]\nurl = \"https://h\"\ntls = {tls}\n\
         [targets.other]\nurl = \"https://o\"\ntls = {{ ca = \"none.pem\" }}\n"
    );
    let selection = TargetSelection {
        target: Some("t".to_string()),
        ..TargetSelection::default()
    };
    match parse(&text, Path::new("jaunt.toml"), root, Some("t"))?.target(&selection)? {
        Chosen::Deployed(target) => Ok(*target),
        Chosen::Embedded(_) => panic!("it is deployed"),
    }
}

fn texts(tls: &Tls) -> Vec<&str> {
    let identity = tls.identity.as_ref();
    let all = [
        tls.ca.as_ref(),
        identity.map(|identity| &identity.cert),
        identity.map(|identity| &identity.key),
    ];
    let texts = all.into_iter().flatten();
    texts
        .map(|pem| std::str::from_utf8(&pem.text).expect("text"))
        .collect()
}

#[test]
fn a_pem_text_comes_from_a_path_from_elsewhere_or_stands_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = folder.path().join("project");
    std::fs::create_dir(&project).expect("a folder");
    std::fs::write(folder.path().join("ca.pem"), CERT).expect("a file");
    std::fs::write(project.join("me.pem"), CERT).expect("a file");
    std::fs::write(project.join("me.key"), KEY).expect("a file");
    let inline = format!("'''{KEY}'''");
    for (ca, cert, key) in [
        // A path may lie outside the project, as that of any value kept in a file.
        (r#""../ca.pem""#, r#""me.pem""#, r#""me.key""#),
        (
            r#"{ file = "../ca.pem" }"#,
            r#"{ command = "cat me.pem" }"#,
            r#"{ command = "cat me.key" }"#,
        ),
        // What was said elsewhere may be a path: continuous integration hands files over so.
        (
            r#"{ command = "echo ../ca.pem" }"#,
            r#""./me.pem""#,
            inline.as_str(),
        ),
    ] {
        let target = target(
            &project,
            &format!("{{ ca = {ca}, cert = {cert}, key = {key} }}"),
        );
        let target = target.unwrap_or_else(|problems| panic!("{problems:#?}"));
        let tls = target.tls.as_ref().expect("it is given");
        let found: Vec<&str> = texts(tls).iter().map(|text| text.trim()).collect();
        assert_eq!(found, [CERT.trim(), CERT.trim(), KEY.trim()]);
        assert!(!tls.insecure);
        let at = |part| tls.place(part).expect("its place").line;
        assert_eq!(at(TlsPart::Ca), 3);
        // The key's own lines are masked, and its frame, which every key has, is not.
        let masked: Vec<&str> = target.kept().map(Secret::reveal).collect();
        assert_eq!(masked, ["MC4CAQAwBQYDK2Vw\nBCIEIKt0"]);
        assert!(!format!("{target:?}").contains("BCIEIKt0"), "{target:?}");
    }
    let insecure = target(&project, "{ insecure = true }").expect("a target");
    assert!(insecure.is_insecure());
    // A file of another target is not read.
    assert!(target(&project, "{}").is_ok());
}

#[test]
fn each_mistake_is_said_at_its_place_and_never_shows_a_key() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("me.pem"), CERT).expect("a file");
    let one_line = KEY.replace('\n', "\\n");
    let table: &[(&str, &[&str])] = &[
        (
            "{ caa = 'x', verify = false }",
            &[
                "3:9+3 `caa` is no key of `targets.t.tls` / did you mean `ca`?",
                "3:20+6 `verify` is no key of `targets.t.tls` / unknown",
            ],
        ),
        (
            "true",
            &["3:7+4 `targets.t.tls` must be a table / found `true`"],
        ),
        (
            "{ ca = 1, insecure = 'yes' }",
            &[
                "3:14+1 `targets.t.tls.ca` must be the path of a PEM file / found the number 1",
                "3:28+5 `targets.t.tls.insecure` must be `true` or `false` / found the text \"yes\"",
            ],
        ),
        (
            "{ ca = 'gone.pem' }",
            &["3:14+10 `gone.pem` cannot be read / No such file or directory (os error 2)"],
        ),
        (
            "{ cert = 'me.pem' }",
            &["3:9+4 `cert` of `tls` needs its `key` / alone"],
        ),
        (
            "{ key = 'me.pem' }",
            &["3:9+3 `key` of `tls` needs its `cert` / alone"],
        ),
        (
            "{ cert = 'me.pem', key = { command = 'echo BCIEIKt0' } }",
            &[
                "3:32+29 this is no PEM text / expected `-----BEGIN …`, or the path of a file that holds it",
            ],
        ),
        (
            "{ cert = 'me.pem', key = { env = 'JAUNT_NOT_SET' } }",
            &["3:32+25 the environment has no `JAUNT_NOT_SET` / not set"],
        ),
        (
            "{ env = 'HOME' }",
            &[
                "3:7+16 `targets.t.tls` cannot come from elsewhere / only values of a target can; write it out here",
            ],
        ),
        (
            &format!("{{ key = \"{one_line}\" }}"),
            &["3:9+3 `key` of `tls` needs its `cert` / alone"],
        ),
    ];
    for (tls, said) in table {
        let problems = target(folder.path(), tls).expect_err("a mistake");
        let found: Vec<String> = problems.iter().map(line_of).collect();
        assert_eq!(found, *said, "{tls}");
        let mut shown = format!("{problems:?}");
        // Where the command stands, it is the file's own text and no key.
        if tls.contains("echo") {
            shown = found.join("\n");
        }
        assert!(!shown.contains("BCIEIKt0"), "{shown}");
    }
}
