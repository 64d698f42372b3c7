//! `jaunt init` makes a project that passes `jaunt check` and `jaunt run` against a live server, and
//! writes over nothing.

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;

use support::{Project, Ran};

/// A server that answers every request with a page, until the test ends.
fn serve() -> String {
    answering(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 14\r\n\r\n<h1>hello</h1>",
    )
}

/// A server that answers every request with that, until the test ends.
fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            std::thread::spawn(move || {
                let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
                while let Ok(read) = stream.read(&mut buffer) {
                    if read == 0 {
                        return;
                    }
                    request.extend_from_slice(&buffer[..read]);
                    if request.ends_with(b"\r\n\r\n") {
                        request.clear();
                        if stream.write_all(answer.as_bytes()).is_err() {
                            return;
                        }
                    }
                }
            });
        }
    });
    format!("http://{address}")
}

/// A folder with nothing in it.
fn empty() -> Project {
    let project = Project::new("");
    std::fs::remove_file(project.path("jaunt.toml")).expect("it was there");
    project
}

fn files(project: &Project) -> Vec<String> {
    fn below(folder: PathBuf, prefix: &str, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            match entry.path().is_dir() {
                true => below(entry.path(), &format!("{name}/"), found),
                false => found.push(name),
            }
        }
    }
    let mut found = Vec::new();
    below(project.path(""), "", &mut found);
    found.retain(|name| !name.starts_with(".jaunt/"));
    found.sort();
    found
}

fn refused(ran: &Ran) -> &str {
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{}", ran.err);
    &ran.err
}

#[test]
fn a_new_project_passes_check_and_run() {
    let url = serve();
    for (ci, file) in [
        ("none", None),
        ("github", Some(".github/workflows/jaunt.yml")),
        ("gitlab", Some(".gitlab-ci.yml")),
        ("jenkins", Some("Jenkinsfile")),
        ("azure", Some("azure-pipelines.yml")),
        ("buildkite", Some(".buildkite/pipeline.yml")),
    ] {
        let project = empty();
        let made = project.run(&["init", "--url", &url, "--ci", ci]);
        assert_eq!(
            (made.code, made.err.as_str()),
            (Some(0), ""),
            "{}",
            made.out
        );
        let (_, next) = made.out.split_once("\nNext:\n").expect("what to do next");
        assert_eq!(next.lines().count(), 3, "{next}");
        let mut expected = vec![
            ".gitignore",
            ".luarc.json",
            "jaunt.toml",
            "journeys/ceiling.lua",
            "journeys/floor.lua",
        ];
        expected.extend(file);
        expected.sort_unstable();
        assert_eq!(files(&project), expected);
        if let Some(file) = file {
            let text = std::fs::read_to_string(project.path(file)).expect("a pipeline");
            for word in [
                "jaunt check --warnings error",
                "jaunt run --max-time 5m",
                ".jaunt/",
                "--deploy",
                "--wait",
                "API_TOKEN",
            ] {
                assert!(text.contains(word), "{file} has no {word}");
            }
        }
        let checked = project.run(&["check", "--warnings", "error"]);
        assert_eq!(checked.code, Some(0), "{}", checked.err);
        let ran = project.run(&["run"]);
        assert_eq!(ran.code, Some(0), "{}", ran.shown());
        assert_eq!(ran.with_outcome("passed").len(), 2, "{}", ran.shown());
        let verified = &ran.report["features"]["verified"];
        assert_eq!(verified, &serde_json::json!(["front-page"]));
    }
}

#[test]
fn what_nobody_serves_is_red() {
    let project = empty();
    project.run(&["init", "--url", "http://127.0.0.1:9"]);
    assert_eq!(project.run(&["run"]).code, Some(3));
}

#[test]
fn nothing_is_written_over() {
    for (there, ci) in [
        ("jaunt.toml", "none"),
        ("journeys/ceiling.lua", "jenkins"),
        ("journeys/floor.lua", "jenkins"),
        ("Jenkinsfile", "jenkins"),
    ] {
        let project = empty();
        project.write(there, "mine");
        let ran = project.run(&["init", "--ci", ci]);
        let said = refused(&ran);
        assert!(
            said.contains("nothing was written") && said.contains(&format!("{there} exists")),
            "{said}"
        );
        assert_eq!(files(&project), [there]);
        assert_eq!(
            std::fs::read_to_string(project.path(there)).expect("it"),
            "mine"
        );
    }
}

#[test]
fn a_project_that_is_there_gets_the_pipeline_alone() {
    let project = empty();
    project.write("jaunt.toml", "mine");
    project.write("journeys/login.lua", "mine");
    let ran = project.run(&["init", "--ci", "jenkins"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    assert_eq!(ran.out, "Jenkinsfile\njaunt.toml was kept as it is\n");
    let ours = ["Jenkinsfile", "jaunt.toml", "journeys/login.lua"];
    assert_eq!(files(&project), ours);
    let read = |name: &str| std::fs::read_to_string(project.path(name)).expect("a file");
    assert_eq!(read("jaunt.toml"), "mine");
    // An address is that of a new project, and this one has its own.
    let ran = project.run(&[
        "init",
        "--ci",
        "gitlab",
        "--url",
        "http://other.example.com",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("changed nothing"), "{}", ran.err);
    // The second time there is nothing left to add.
    let ran = project.run(&["init", "--ci", "jenkins"]);
    assert!(refused(&ran).contains("Jenkinsfile exists"), "{}", ran.err);
}

#[test]
fn an_address_without_a_front_page_says_what_to_edit() {
    let url = answering("HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}");
    let project = empty();
    project.run(&["init", "--url", &url]);
    let ran = project.run(&["run"]);
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    assert_eq!(ran.with_outcome("passed").len(), 1, "the floor is up");
    let words: Vec<&str> = ran.out.split_whitespace().collect();
    let said = words.join(" ");
    let edit = "PAGE of journeys/ceiling.lua is to be a page that anybody may read: visitor: GET";
    assert!(said.contains(edit), "{said}");
    let text = std::fs::read_to_string(project.path("journeys/ceiling.lua")).expect("it");
    assert!(text.contains("local PAGE = \"/\""), "{text}");
}

#[test]
fn what_git_ignores_gets_one_line_and_settings_of_an_editor_stay() {
    let project = empty();
    project.write(".gitignore", "/target");
    project.write(".luarc.json", "{}");
    let ran = project.run(&["init", "smoke"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("cd smoke && jaunt run"), "{}", ran.out);
    let ran = project.run(&["init"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.err.contains(".luarc.json is there already"),
        "{}",
        ran.err
    );
    let read = |name: &str| std::fs::read_to_string(project.path(name)).expect("a file");
    assert_eq!(read(".gitignore"), "/target\n.jaunt/\n");
    assert_eq!(read("smoke/.gitignore"), ".jaunt/\n");
    assert_eq!(read(".luarc.json"), "{}");
    assert!(read("smoke/jaunt.toml").contains("name = \"smoke\""));
}

#[test]
fn an_address_that_is_none_makes_no_project() {
    for url in [
        "staging",
        "ftp://files.example.com",
        "http://a b",
        "http://x.example.com/\"]",
    ] {
        let project = empty();
        let ran = project.run(&["init", "--url", url]);
        assert!(refused(&ran).contains("--url"), "{url}: {}", ran.err);
        assert!(files(&project).is_empty(), "{url}");
    }
}
