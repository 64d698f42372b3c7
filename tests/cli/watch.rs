//! `jaunt run --watch` as somebody uses it who writes a journey: the real program, real files, and
//! a target that says what it was asked. Every wait is for a line of the program or for a request.

use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::Child;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use super::support::server::{Answer, Server, status};
use super::support::{Project, signal};

const WAITING: &str = " waiting for changes, Ctrl-C ends";
/// Longest a test waits for a line that must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, watching.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    /// Starts it and gives it back with its first round.
    fn start(project: &Project, words: &[&str]) -> (Self, Vec<String>) {
        let mut watching = Self::begin(project, words);
        let first = watching.round();
        (watching, first)
    }

    fn begin(project: &Project, words: &[&str]) -> Self {
        let mut all = vec!["run", "--watch"];
        all.extend(words);
        // Both of its outputs in one, so that their order is the one a person sees.
        let (out, said) = std::io::pipe().expect("a pipe");
        let mut command = project.command(&all);
        command.stdout(said.try_clone().expect("its other end"));
        let child = command.stderr(said).spawn().expect("it starts");
        let (sender, lines) = channel();
        read(out, sender);
        Self { child, lines }
    }

    /// What is said up to a line that has this.
    fn until(&mut self, words: &str) -> Vec<String> {
        let mut said = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => said.push(line),
                Err(error) => panic!("no {words:?} ({error}) in {said:#?}"),
            }
            if said.last().is_some_and(|line| line.contains(words)) {
                return said;
            }
        }
    }

    /// What is said until it waits again.
    fn round(&mut self) -> Vec<String> {
        self.until(WAITING)
    }

    /// The same of a round that was begun by saving this.
    fn round_of(&mut self, saved: &str) -> Vec<String> {
        let said = self.round();
        let first = said.iter().find(|line| !line.is_empty());
        let begun = format!(" saved    {saved}   ");
        assert!(
            first.is_some_and(|line| line.starts_with(&begun)),
            "{said:#?}"
        );
        said
    }

    fn ends(mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // One that has ended already is as dead as it can be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(from: impl Read + Send + 'static, lines: Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
}

fn journey(name: &str, path: &str) -> String {
    format!(
        "journey(\"{name}\", function(j)\n  j:client(\"c\"):get(\"{path}\"):expect {{ status = 200 }}\nend)\n"
    )
}

/// The journeys that passed, by their names.
fn passed(said: &[String]) -> Vec<&str> {
    let lines = said.iter().filter_map(|line| line.strip_prefix(" ✓ "));
    let mut names: Vec<&str> = lines
        .filter_map(|line| line.split_once("  ")?.1.trim().split("  ").next())
        .collect();
    names.sort_unstable();
    names
}

fn has(said: &[String], words: &str) -> bool {
    said.iter().any(|line| line.contains(words))
}

#[test]
fn a_saved_file_walks_again_what_it_affects() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    project.write("journeys/passes.lua", journey("plain", "/plain"));
    project.write("journeys/lib/paths.lua", "return { path = '/one' }");
    project.write(
        "journeys/reads.lua",
        r#"local paths = require "lib.paths"
journey("requires", function(j) j:client("c"):get(paths.path):expect { status = 200 } end)
journey("reads", function(j) j:client("c"):get(j:file("data/path.txt")):expect { status = 200 } end)
"#,
    );
    project.write("data/path.txt", "/two");
    let (mut watching, first) = Watching::start(&project, &[]);
    assert_eq!(passed(&first), ["plain", "reads", "requires"], "{first:#?}");

    project.write("journeys/passes.lua", journey("plain", "/saved"));
    let said = watching.round_of("journeys/passes.lua");
    assert_eq!(passed(&said), ["plain"], "{said:#?}");
    assert!(server.paths().contains(&"/saved".to_string()));

    project.write("journeys/lib/paths.lua", "return { path = '/other' }");
    let said = watching.round_of("journeys/lib/paths.lua");
    assert_eq!(passed(&said), ["reads", "requires"], "{said:#?}");
    assert!(server.paths().contains(&"/other".to_string()));

    project.write("data/path.txt", "/three");
    let said = watching.round_of("data/path.txt");
    assert_eq!(passed(&said), ["reads"], "{said:#?}");
    assert!(server.paths().contains(&"/three".to_string()));

    project.write("journeys/lib/unread.lua", "return 1");
    let said = watching.round_of("journeys/lib/unread.lua");
    assert!(has(&said, "no selected journey reads it"), "{said:#?}");

    project.write("journeys/new/more.lua", journey("new", "/new"));
    // A new folder and a file in it are one change, or two where the folder is seen first.
    let said = watching.until(" ✓ ");
    assert_eq!(passed(&said), ["new"], "{said:#?}");
    watching.round();

    let toml = project.read("jaunt.toml");
    project.write(
        "jaunt.toml",
        format!("{toml}headers = {{ x-new = \"1\" }}\n"),
    );
    let said = watching.round_of("jaunt.toml");
    assert_eq!(passed(&said), ["new", "plain", "reads", "requires"]);

    fs::remove_file(project.path("journeys/lib/paths.lua")).expect("it was there");
    let said = watching.round_of("journeys/lib/paths.lua");
    assert!(has(&said, "there is no module `lib.paths`"), "{said:#?}");
}

#[test]
fn a_mistake_is_shown_and_watching_goes_on() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    let (mut watching, _) = Watching::start(&project, &[]);
    project.write("journeys/passes.lua", "journey(\"passes\", function(j)\n");
    let said = watching.round_of("journeys/passes.lua");
    assert!(has(&said, "is no valid Lua"), "{said:#?}");
    assert!(has(&said, "journeys/passes.lua:1"), "{said:#?}");
    assert!(project.junit().contains("could_not_start"));
    project.write("jaunt.toml", "[targets.local]\nurll = 1\n");
    let said = watching.round_of("jaunt.toml, journeys/passes.lua");
    assert!(has(&said, "`urll`"), "{said:#?}");
    project.write(
        "jaunt.toml",
        format!("[targets.local]\nurl = \"{}\"\n", server.url()),
    );
    watching.round_of("jaunt.toml, journeys/passes.lua");
    project.write("journeys/passes.lua", journey("passes", "/"));
    let said = watching.round_of("jaunt.toml, journeys/passes.lua");
    assert!(has(&said, " PASSED   exit 0"), "{said:#?}");
}

/// A way to save, and what it does with the words.
type Style<'a> = (&'a str, &'a dyn Fn(&str));

#[test]
fn however_an_editor_saves_it_is_one_round() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    project.write("journeys/other.lua", journey("other", "/other"));
    let (mut watching, _) = Watching::start(&project, &[]);
    let path = project.path("journeys/passes.lua");
    let beside = project.path("journeys/passes.lua~");
    let styles: [Style; 5] = [
        ("in place", &|text| fs::write(&path, text).expect("written")),
        ("twice", &|text| {
            fs::write(&path, text).expect("written");
            fs::write(&path, text).expect("written");
        }),
        ("by rename", &|text| {
            fs::write(&beside, text).expect("written");
            fs::rename(&beside, &path).expect("renamed");
        }),
        ("deleted and made anew", &|text| {
            fs::remove_file(&path).expect("it was there");
            fs::write(&path, text).expect("written");
        }),
        ("by a backup, in parts", &|text| {
            fs::rename(&path, &beside).expect("renamed");
            let mut file = fs::File::create(&path).expect("made");
            let (first, rest) = text.split_at(text.len() / 2);
            file.write_all(first.as_bytes()).expect("written");
            file.write_all(rest.as_bytes()).expect("written");
            file.sync_all().expect("on the disk");
            drop(file);
            fs::remove_file(&beside).expect("it was there");
        }),
    ];
    for (round, (style, save)) in styles.into_iter().enumerate() {
        let path = format!("/{round}");
        save(&journey("passes", &path));
        let said = watching.round_of("journeys/passes.lua");
        assert_eq!(passed(&said), ["passes"], "{style}: {said:#?}");
        let asked = server.paths().iter().filter(|it| **it == path).count();
        assert_eq!(asked, 1, "{style}");
        // A second round for the same save would come before this one, or in it.
        project.write(
            "journeys/other.lua",
            journey("other", &format!("/other{round}")),
        );
        let said = watching.round_of("journeys/other.lua");
        assert_eq!(passed(&said), ["other"], "{style}: {said:#?}");
    }
}

#[test]
fn a_file_saved_while_it_runs_stops_the_round_and_begins_another() {
    let server = Server::new(|path| match path {
        "/hold" => Answer::Stay(Vec::new()),
        _ => Answer::Bytes(status(200)),
    });
    let project = Project::at(&server.url(), "");
    project.write(
        "journeys/passes.lua",
        r#"journey("holds", function(j)
  local c = j:client("c")
  j:defer(function() c:get("/cleanup") end)
  c:get("/hold", { timeout = "50s" })
end)
"#,
    );
    project.write("journeys/turn.lua", journey("waits its turn", "/turn"));
    let mut watching = Watching::begin(&project, &["--jobs", "1"]);
    server.wait_for("/hold", 1);
    project.write("journeys/passes.lua", journey("holds no more", "/free"));
    server.wait_for("/cleanup", 1);
    let said = watching.round();
    assert_eq!(
        passed(&said),
        ["holds no more", "waits its turn"],
        "{said:#?}"
    );
    let asked: Vec<String> = server.paths();
    let asked: Vec<&str> = asked
        .iter()
        .map(String::as_str)
        .filter(|it| *it != "/")
        .collect();
    assert_eq!(asked, ["/hold", "/cleanup", "/free", "/turn"]);
}

#[test]
fn a_signal_ends_it_with_130_whether_it_waits_or_walks() {
    let server = Server::new(|path| match path {
        "/hold" => Answer::Stay(Vec::new()),
        _ => Answer::Bytes(status(200)),
    });
    let project = Project::at(&server.url(), "");
    let (watching, _) = Watching::start(&project, &[]);
    signal(&watching.child, "INT");
    assert_eq!(watching.ends(), Some(130));
    project.write(
        "journeys/passes.lua",
        "journey(\"holds\", function(j) j:client(\"c\"):get(\"/hold\", { timeout = \"50s\" }) end)",
    );
    let mut watching = Watching::begin(&project, &[]);
    server.wait_for("/hold", 1);
    signal(&watching.child, "TERM");
    watching.until(" INTERRUPTED   exit 130");
    assert_eq!(watching.ends(), Some(130));
    assert!(project.junit().contains("type=\"interrupted\""));
}

#[test]
fn the_embedded_target_stays_up_until_its_settings_change() {
    let project = Project::embedded();
    let address = |said: &[String]| {
        let line = said.iter().find(|line| line.contains("(embedded, "));
        line.and_then(|line| line.split("embedded, ").nth(1)?.split(')').next())
            .map(str::to_string)
            .unwrap_or_else(|| panic!("no address in {said:#?}"))
    };
    let hello = |path: &str| journey("passes", path);
    let (mut watching, first) = Watching::start(&project, &["--bug", "echo-twice"]);
    assert!(has(&first, "echo-twice"), "{first:#?}");
    project.write("journeys/passes.lua", hello("chat:/chat"));
    let second = watching.round_of("journeys/passes.lua");
    assert_eq!(address(&first), address(&second));
    project.write("jaunt.toml", "[targets.demo]\nembedded = { times = 0.5 }\n");
    let third = watching.round_of("jaunt.toml");
    assert_ne!(address(&first), address(&third));
    assert!(has(&third, " PASSED   exit 0"), "{third:#?}");
}

#[test]
fn only_what_did_not_pass_is_walked_again_and_what_is_saved_itself() {
    let server = Server::new(|path| match path {
        "/broken" => Answer::Bytes(status(404)),
        _ => Answer::Bytes(status(200)),
    });
    let project = Project::at(&server.url(), "");
    let with_library = |name: &str, path: &str| format!("require \"lib\"\n{}", journey(name, path));
    project.write("journeys/lib.lua", "return 1");
    project.write("journeys/passes.lua", with_library("passes", "/"));
    project.write("journeys/fails.lua", with_library("fails", "/broken"));
    // Without a run before this one, everything is still to be walked.
    fs::remove_dir_all(project.path(".jaunt")).expect("it was there");
    let (mut watching, said) = Watching::start(&project, &["--only-failed"]);
    assert!(has(&said, "1 of 2 journeys failed"), "{said:#?}");
    project.write("journeys/lib.lua", "return 2");
    let said = watching.round_of("journeys/lib.lua");
    assert!(has(&said, "1 journey again"), "{said:#?}");
    project.write("journeys/passes.lua", with_library("passes", "/again"));
    let said = watching.round_of("journeys/passes.lua");
    assert_eq!(passed(&said), ["passes"], "{said:#?}");
    project.write("journeys/fails.lua", with_library("fails", "/mended"));
    let said = watching.round_of("journeys/fails.lua");
    assert_eq!(passed(&said), ["fails"], "{said:#?}");
    project.write("journeys/lib.lua", "return 3");
    let said = watching.round_of("journeys/lib.lua");
    assert!(
        has(&said, "no journey reads it that did not pass last"),
        "{said:#?}"
    );
}
