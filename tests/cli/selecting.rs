//! What a selection means, and how a journey is run again.

use super::support::server::Server;
use super::support::{Project, counts, done};

const SHOP: &str = r#"local helper = 1

journey("buys a thing", { tags = { "shop", "critical" }, covers = { "shop.buy" } }, function(j)
  j:client("c"):get("/buy/" .. j.random:uuid()):expect { status = 200 }
end)

journey("returns a thing", { tags = { "shop" }, covers = { "shop.return" } }, function(j)
  j:client("c"):get("/return"):expect { status = 200 }
end)
"#;

fn project(server: &Server) -> Project {
    let project = Project::at(
        &server.url(),
        "[project]\nfeatures = [\"front\", \"shop.buy\", \"shop.return\"]\n",
    );
    project.write("journeys/shop/shop.lua", SHOP);
    project.write("journeys/lib/helper.lua", "return {}\n");
    project
}

#[test]
fn a_selection_means_the_same_to_list_and_to_a_dry_run() {
    let server = Server::ok();
    let project = project(&server);
    let (passes, buys, returns) = ("passes", "buys a thing", "returns a thing");
    let cases: &[(&[&str], &[&str])] = &[
        (&[], &[passes, buys, returns]),
        (&["journeys/shop"], &[buys, returns]),
        (&["journeys/passes.lua"], &[passes]),
        (&["journeys/shop/shop.lua:4"], &[buys]),
        (&["journeys/shop/shop.lua:6"], &[buys]),
        (
            &["journeys/shop/shop.lua:7", "journeys/passes.lua"],
            &[passes, returns],
        ),
        (&["--name", "thing"], &[buys, returns]),
        (&["--name", "journeys/shop/shop.lua::buys a thing"], &[buys]),
        (&["--tag", "critical"], &[buys]),
        (&["--tag", "critical", "--tag", "smoke"], &[passes, buys]),
        (&["--feature", "shop.return"], &[returns]),
        (&["--tag", "shop", "--feature", "shop.buy"], &[buys]),
    ];
    for (words, names) in cases {
        let list = project.jaunt(&[&["list"], *words].concat());
        assert_eq!(
            (list.code, list.err.as_str()),
            (0, ""),
            "{words:?}: {list:#?}"
        );
        for name in [passes, buys, returns] {
            assert_eq!(
                list.out.contains(name),
                names.contains(&name),
                "{words:?}: {}",
                list.out
            );
        }
        let dry = project.jaunt(&[&["run", "--dry-run"], *words].concat());
        assert_eq!((dry.code, &dry.out), (0, &list.out), "{words:?}");
    }
    assert_eq!(server.connections(), 0, "a list sends nothing");
}

#[test]
fn a_list_reads_well() {
    let server = Server::ok();
    let list = project(&server).jaunt(&["list"]);
    assert_eq!(
        list.out,
        "journeys/passes.lua\n     1  passes  [smoke]\njourneys/shop/shop.lua\n     3  buys a thing  [shop, critical]\n     7  returns a thing  [shop]\n3 journeys in 2 files against local\n"
    );
}

#[test]
fn a_selection_of_nothing_is_refused() {
    let server = Server::ok();
    let project = project(&server);
    let cases: &[(&[&str], &str)] = &[
        (
            &["journeys/pases.lua"],
            "there is no `journeys/pases.lua`\n |\n = help: did you mean `journeys/passes.lua`?",
        ),
        (
            &["journeys/shop/shop.lua:99"],
            "`journeys/shop/shop.lua` has",
        ),
        (
            &["journeys/shop/shop.lua:2"],
            "no journey at or before line 2 of `journeys/shop/shop.lua`\n |\n = help: the first one: `journeys/shop/shop.lua:3`",
        ),
        (
            &["journeys/lib/helper.lua"],
            "`journeys/lib/helper.lua` declares no journey: it is a library",
        ),
        (&["journeys/lib"], "no file declares a journey"),
        (&["jaunt.toml"], "`jaunt.toml` is no Lua file"),
        (
            &["--name", "buy a thing"],
            "no journey matches --name \"buy a thing\"",
        ),
        (
            &["--tag", "critcal"],
            "help: did you mean `--tag critical`?",
        ),
        (
            &["--feature", "shop.bui"],
            "help: did you mean `--feature shop.buy`?",
        ),
        (
            &["--tag", "smoke", "--feature", "shop.buy"],
            "but no journey matches all",
        ),
    ];
    for (words, said) in cases {
        let err = project.refuses(&[&["run"], *words].concat());
        assert!(err.contains(said), "{words:?}: {err}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn repetitions_are_journeys_of_their_own_and_follow_the_seed() {
    let server = Server::ok();
    let project = project(&server);
    let buys = || {
        let before = server.paths().len();
        let done = project.jaunt(&[
            "run", "--name", "buys", "--repeat", "3", "--seed", "7f3a", "--jobs", "1",
        ]);
        assert_eq!(done.code, 0, "{done:#?}");
        assert!(
            done.out.contains("seed 7f3a") && done.out.contains("buys a thing #3"),
            "{}",
            done.out
        );
        let junit = project.junit();
        assert_eq!(counts(&junit).tests, 3);
        for name in [
            "\"buys a thing\"",
            "\"buys a thing #2\"",
            "\"buys a thing #3\"",
        ] {
            assert!(junit.contains(name), "{name}: {junit}");
        }
        let paths = server.paths()[before..].to_vec();
        assert_eq!(paths.len(), 4, "the floor and three: {paths:?}");
        paths
    };
    let first = buys();
    assert_eq!(first, buys());
    assert!(first[1] != first[2] && first[2] != first[3], "{first:?}");
}

#[test]
fn the_line_under_again_can_be_pasted() {
    let server = Server::new(|path| {
        let code = if path.starts_with("/fails") { 404 } else { 200 };
        super::support::server::Answer::Bytes(super::support::server::status(code))
    });
    let project = Project::at(&server.url(), "");
    let fails = "journey(\"it fails\", function(j)\n  j:client(\"c\"):get(\"/fails\", { query = { who = j.vars.who, x = j.random:uuid() } }):expect { status = 200 }\nend)\n";
    project.write("journeys/it's odd/fails.lua", fails);
    let who = "who=it's somebody with  a long name, a $HOME and a \\ in it; far beyond one line";
    let run = project.jaunt(&[
        "run", "--name", "fails", "--repeat", "2", "--var", who, "--target", "local",
    ]);
    assert_eq!(run.code, 1, "{run:#?}");
    let again: Vec<&str> = run.out.split("   again").skip(1).collect();
    assert_eq!(again.len(), 2, "{}", run.out);
    let mut asked: Vec<String> = server
        .paths()
        .into_iter()
        .filter(|path| path.starts_with("/fails"))
        .collect();
    asked.sort();
    for text in again {
        let (command, _) = text.split_once("\n\n").expect("a blank line behind it");
        assert!(command.contains(" \\\n"), "it fits one line: {command}");
        let before = server.paths().len();
        let path = std::path::Path::new(env!("CARGO_BIN_EXE_jaunt"))
            .parent()
            .expect("a folder");
        let path = format!(
            "{}:{}",
            path.display(),
            std::env::var("PATH").expect("a path")
        );
        let shell = std::process::Command::new("sh")
            .args(["-c", command])
            .env("PATH", path)
            .current_dir(project.root())
            .output()
            .expect("a shell");
        let done = done(shell);
        assert_eq!(done.code, 1, "{command}\n{done:#?}");
        let paths = server.paths();
        let repeated: Vec<&String> = paths[before..]
            .iter()
            .filter(|path| path.starts_with("/fails"))
            .collect();
        assert!(
            !repeated.is_empty() && repeated.iter().all(|path| asked.contains(path)),
            "{asked:?}: {repeated:?}"
        );
    }
}
