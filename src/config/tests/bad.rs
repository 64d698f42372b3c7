//! Bad files: each problem at its exact place.

use super::{bad, line_of};

/// A file, and what must be said about it, all of it.
const TABLE: &[(&str, &[&str])] = &[
    (
        "[rum]\n",
        &["1:2+3 `rum` is no part of the project file / did you mean `run`?"],
    ),
    (
        "[project]\nnme = \"x\"\nzebra = 1",
        &[
            "2:1+3 `nme` is no key of `project` / did you mean `name`?",
            "3:1+5 `zebra` is no key of `project` / unknown",
        ],
    ),
    (
        "project = 3",
        &["1:11+1 `project` must be a table / found the number 3"],
    ),
    (
        "[project]\nname = 3\njourneys = \"../x\"\nfeatures = [\"a\", 1, \"a\", \" \"]",
        &[
            "2:8+1 `project.name` must be text / found the number 3",
            "3:12+6 \"../x\" lies outside the project / expected a folder below the one of the project file",
            "4:18+1 `project.features[2]` must be text / found the number 1",
            "4:21+3 feature `a` is listed twice / again here",
            "4:26+3 `project.features[4]` must be the name of a feature / found the text \" \"",
        ],
    ),
    (
        "[project]\nname = \" \"\njourneys = \"/abs\"\nfeatures = \"a\"",
        &[
            "2:8+3 `project.name` must be the name of the project / found the text \" \"",
            "3:12+6 \"/abs\" lies outside the project / expected a folder below the one of the project file",
            "4:12+3 `project.features` must be a list of features such as \"chat.presence\" / found the text \"a\"",
        ],
    ),
    (
        "[run]\njobs = \"8\"\ntimeout = \"60\"\nwithin = 0\nsettle = -1\nlate = true\nmax_time = \"soon\"\nretries = -1\ncleanip = 1",
        &[
            "2:8+3 `run.jobs` must be a whole number from 1 to 1000 / found the text \"8\"",
            "3:11+4 `run.timeout` must be a duration / \"60\" has no unit: write \"60s\" for seconds, or a number without quotes",
            "4:10+1 `run.within` must be longer than nothing / found the number 0",
            "5:10+2 `run.settle` must be a duration / -1 is no duration: it must not be negative",
            "6:8+4 `run.late` must be a duration such as \"250ms\", \"5s\", \"2m\" or seconds / found `true`",
            "7:12+6 `run.max_time` must be a duration / \"soon\" is no duration: expected \"250ms\", \"5s\", \"2m\", \"1h\" or a number of seconds",
            "8:11+2 `run.retries` must be a whole number from 0 to 100 / found the number -1",
            "9:1+7 `cleanip` is no key of `run` / did you mean `cleanup`?",
        ],
    ),
    (
        "[run]\nflaky = \"ignore\"\nretries = 101",
        &[
            "2:9+8 `run.flaky` must be \"warn\" or \"fail\" / found the text \"ignore\"",
            "3:11+3 `run.retries` must be a whole number from 0 to 100 / found the number 101",
        ],
    ),
    (
        "[run]\njobs = 0",
        &["2:8+1 `run.jobs` must be a whole number from 1 to 1000 / found the number 0"],
    ),
    (
        "[run]\ntarget = \"stagin\"\n[targets.staging]\nurl = \"http://h\"",
        &["2:10+8 no target `stagin` in jaunt.toml / did you mean `staging`?"],
    ),
    (
        "[targets.a]\n[targets.b]\nurl = \"http://h\"\nembedded = true\n[targets.c]\nembedded = false",
        &[
            "1:10+1 target `a` has neither `url` nor `embedded` / where does it run?",
            "3:1+3 target `b` has both `url` and `embedded` / an embedded target starts by itself",
            "5:10+1 target `c` has neither `url` nor `embedded` / where does it run?",
        ],
    ),
    (
        "[targets.a]\nurl = { env = \"JAUNT_NOT_SET\" }\nsecrets = { t = { env = \"JAUNT_NOT_SET\" } }\nversion = { path = \"/v\" }\nzebra = 1",
        &[
            "2:7+25 the environment has no `JAUNT_NOT_SET` / not set",
            "3:17+25 the environment has no `JAUNT_NOT_SET` / not set",
            "5:1+5 `zebra` is no key of `targets.a` / unknown",
        ],
    ),
    (
        "[targets.a]\nurl = \"http://h\"\nversion = \"/v\"\n[targets.b]\nurl = \"http://h\"\nversion = { pth = \"/v\" }\n[targets.c]\nurl = \"http://h\"\nversion = { json = \"$.r\" }\n[targets.d]\nurl = \"http://h\"\nversion = { path = \"/v\", header = \"x-v\" }\n[targets.e]\nurl = \"http://h\"\nversion = { header = \"x v\", json = \"r\" }",
        &[
            "3:11+4 `targets.a.version` must be a table: { path = \"/version\", json = \"$.release\" } or { header = \"x-version\" } / found the text \"/v\"",
            "6:13+3 `pth` is no key of `targets.b.version` / did you mean `path`?",
            "9:11+16 `targets.c.version` does not say where the release stands / expected { path = \"/version\", json = \"$.release\" } or { header = \"x-version\" }",
            "12:26+6 a release stands in a header or in the body of a path / not both",
            "15:22+5 \"x v\" is no name of a header / expected letters, digits and `-`",
            "15:29+4 `json` reads a body, and a release in a header is in none / only beside `path`",
        ],
    ),
    (
        "[targets.a]\nurl = \"http://h\"\nservices = { chat = \"http://h\" }\nversion = { path = \"v\" }\n[targets.b]\nurl = \"http://h\"\nservices = { chat = \"http://h\" }\nversion = { path = \"chta:/v\", json = 3 }\n[targets.c]\nurl = \"http://h\"\nservices = { chat = \"http://h\" }\nversion = { path = \"chta:/v\", json = \"$.a b\" }\n[targets.d]\nurl = \"http://h\"\nservices = { chat = \"http://h\" }\nversion = { path = \"chta:/v\", json = \"build['id']\" }",
        &[
            "4:20+3 \"v\" is no path that could say a release / a path starts with a slash: `/v`",
            "8:38+1 `targets.b.version.json` must be a JSONPath such as \"$.release\" / found the number 3",
            "12:38+7 \"$.a b\" is no JSONPath / parser error at character 4",
            "16:20+9 no service `chta` in this target / did you mean `chat:/v`?",
        ],
    ),
    (
        "[run]\nwait_every = 0\nwait_answers = 0",
        &[
            "2:14+1 `run.wait_every` must be longer than nothing / found the number 0",
            "3:16+1 `run.wait_answers` must be a whole number from 1 to 1000 / found the number 0",
        ],
    ),
    (
        "[targets.a]\nurl = \"localhost:8080\"\n[targets.b]\nurl = \"example.com/x\"\n[targets.c]\nurl = \"http://h/?q=1\"\n[targets.d]\nurl = \"ws://h\"\n[targets.e]\nurl = \"wss://h\"\n[targets.f]\nurl = \"http://u:p@h\"\n[targets.g]\nurl = \"http://\"\n[targets.h]\nurl = \"http:h\"\n[targets.i]\nurl = 80\n[targets.j]\nurl = \"http://a b\"",
        &[
            "2:7+16 \"localhost:8080\" is no base URL / expected `http://` and a host: `http://localhost:8080`",
            "4:7+15 \"example.com/x\" is no base URL / expected `http://` and a host: `http://example.com/x`",
            "6:7+15 \"http://h/?q=1\" is no base URL / it must have no query and no fragment",
            "8:7+8 \"ws://h\" is no base URL / write `http://`: web sockets are opened on it as well",
            "10:7+9 \"wss://h\" is no base URL / write `https://`: web sockets are opened on it as well",
            "12:7+14 \"http://…@h\" is no base URL / it must hold no user and no password",
            "14:7+9 \"http://\" is no base URL / empty host",
            "16:7+8 \"http:h\" is no base URL / expected `http://` and a host",
            "18:7+2 `targets.i.url` must be a URL such as \"http://localhost:8080\" / found the number 80",
            "20:7+12 \"http://a b\" is no base URL / a URL holds no spaces",
        ],
    ),
    (
        "[targets.a]\nurl = \"http://h\"\nservices = { chat = \"/chat\", \"a:b\" = \"http://h\" }\nfloor = [\"health\", \"chta:/x\", \"chat:x\", \"chat:/ok\", \"tcp://h:1\", { url = \"/\" }, 3, \"http://h/up\", \"/a b\"]",
        &[
            "3:21+7 \"/chat\" is no base URL / expected `http://` and a host: `http://chat`",
            "3:30+5 \"a:b\" is no name of a service / a path must be able to name it: `service:/path`",
            "4:10+8 \"health\" is no floor check / a path starts with a slash: `/health`",
            "4:20+9 no service `chta` in this target / did you mean `chat:/x`?",
            "4:31+8 \"chat:x\" is no floor check / the path starts with a slash: `chat:/x`",
            "4:81+1 `targets.a.floor[7]` must be a floor check such as \"/health\" / found the number 3",
            "4:84+13 \"http://h/up\" is no floor check / a URL stands in a table: `{ url = \"http://h/up\" }`",
            "4:99+6 \"/a b\" is no floor check / a path holds no spaces: write `%20`",
        ],
    ),
    (
        "[targets.a]\nurl = \"http://h\"\nheaders = { \"x y\" = \"1\", a = \"b\\nc\", Q = \"1\", q = \"2\", z = 4, t = { env = \"T\" } }",
        &[
            "3:13+5 \"x y\" is no name of a header / expected letters, digits and `-`",
            "3:30+6 \"b\\nc\" is no value of a header / it must be one line without control characters",
            "3:47+1 header `q` is given twice / the same as `Q`",
            "3:60+1 `targets.a.headers.z` must be text / found the number 4",
            "3:67+13 the environment has no `T` / not set",
        ],
    ),
    (
        "[targets.a]\nurl = \"http://h\"\nfloor = \"/health\"\nconfirm = \"yes\"\nallow_hosts = [\"http://cdn/x\", \"*.h\", \"h:port\", \"a b\", \"\", 4]\nvars = { a = [1], b = inf, c = 2026-01-01, d = { command = \"x\" }, e = 99999999999999999999 }",
        &[
            "3:9+9 `targets.a.floor` must be a list of floor checks such as \"/health\" / found the text \"/health\"",
            "4:11+5 `targets.a.confirm` must be `true` or `false` / found the text \"yes\"",
            "5:16+14 \"http://cdn/x\" is no host / write the host alone: `cdn`",
            "5:32+5 \"*.h\" is no host / name each host: patterns are not supported",
            "5:39+8 \"h:port\" is no host / the port must be a number from 1 to 65535",
            "5:49+5 \"a b\" is no host / expected `host` or `host:port`",
            "5:56+2 \"\" is no host / expected `host` or `host:port`",
            "5:60+1 `targets.a.allow_hosts[6]` must be text / found the number 4",
            "6:14+3 `targets.a.vars.a` must be text, a finite number, `true` or `false` / found a list",
            "6:23+3 `targets.a.vars.b` must be text, a finite number, `true` or `false` / found the number inf",
            "6:32+10 `targets.a.vars.c` must be text, a finite number, `true` or `false` / found the time 2026-01-01",
            "6:48+17 the command `x` gives no value / No such file or directory (os error 2)",
            "6:71+20 `targets.a.vars.e` must be a whole number of 64 bits / found the number 99999999999999999999",
        ],
    ),
    (
        "[targets.a]\nembedded = { bugs = \"x\", as = 1, times = 0, sett = 1, set = { p = [] } }\nservices = { c = \"http://h\" }\n[targets.b]\nembedded = \"yes\"",
        &[
            "2:21+3 `targets.a.embedded.bugs` must be a list of names of bugs / found the text \"x\"",
            "2:31+1 `targets.a.embedded.as` must be the name of a version, in quotes / found the number 1",
            "2:42+1 `targets.a.embedded.times` must be a number above 0 / found the number 0",
            "2:45+4 `sett` is no key of `targets.a.embedded` / did you mean `set`?",
            "2:67+2 `targets.a.embedded.set.p` must be text, a finite number, `true` or `false` / found a list",
            "3:1+8 an embedded target names its services itself / only for a target with a `url`",
            "5:12+5 `targets.b.embedded` must be `true` or a table such as { bugs = [\"silent-reap\"] } / found the text \"yes\"",
        ],
    ),
    (
        "[targets.\"\"]\nurl = \"http://h\"\n[[targets.x]]\nurl = \"http://h\"",
        &[
            "1:10+2 a target must have a name / empty",
            "3:1+13 `targets.x` must be a table / found a list",
        ],
    ),
];

#[test]
fn every_problem_is_said_at_its_place() {
    for (text, expected) in TABLE {
        let said: Vec<String> = bad(text).iter().map(line_of).collect();
        assert_eq!(said, *expected, "of\n{text}");
    }
}

#[test]
fn a_problem_shows_its_line_and_the_valid_names() {
    let problems = bad("# ünïcode\n[targets.demo]\nembedded = true\n[run]\r\n  \"jöbs\" = 3\r\n");
    let problem = &problems[0];
    let at = problem.source.as_ref().expect("it has a place");
    assert_eq!(at.file, "jaunt.toml");
    assert_eq!((at.line, at.column, at.width), (5, Some(3), 6));
    assert_eq!(at.text.as_deref(), Some("  \"jöbs\" = 3"));
    assert_eq!(at.label, "did you mean `jobs`?");
    assert_eq!(
        problem.notes,
        [
            "keys: target, jobs, timeout, within, settle, late, cleanup, max_time, retries, flaky, wait_every, wait_answers"
        ]
    );
}

#[test]
fn a_value_of_several_lines_is_marked_on_its_first() {
    let problems = bad("[run]\njobs = [\n  1,\n  2,\n]\n");
    assert_eq!(
        line_of(&problems[0]),
        "2:8+1 `run.jobs` must be a whole number from 1 to 1000 / found a list"
    );
}

#[test]
fn what_is_no_toml_says_where() {
    for (text, place) in [
        ("[run\njobs = 3", (1, Some(5))),
        ("[run]\njobs = \n", (2, Some(8))),
        ("[run]\njobs = 3\njobs = 4", (3, Some(1))),
        ("[run]\ntarget = \"demo", (2, Some(15))),
    ] {
        let problems = bad(text);
        let problem = &problems[0];
        let at = problem.source.as_ref().expect("it has a place");
        assert_eq!(problem.title, "jaunt.toml is not valid TOML");
        assert_eq!((at.line, at.column), place, "of\n{text}\n{problems:#?}");
        assert!(!at.label.is_empty(), "{text}");
    }
}

#[test]
fn a_file_of_garbage_is_not_a_flood() {
    let problems = bad(&"=]\n".repeat(500));
    assert!((1..=5).contains(&problems.len()), "{}", problems.len());
}
