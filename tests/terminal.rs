//! What is different at a terminal, each with one of its own. `jaunt run --step`: what a pause shows,
//! what can be answered, and that nothing of the journey's time runs meanwhile although its
//! connections live on. `jaunt run --watch`: an empty screen for each round, and a key that begins one.

mod support;

use rexpect::session::{PtySession, spawn_command};
use support::{Demo, Project};

/// Milliseconds that a line which must come may take.
const PATIENCE: Option<u64> = Some(60_000);

/// A room whose clients are gone when they answer no ping for less than half a second.
const QUICK: [&str; 4] = ["--set", "ping=200ms", "--set", "pong_timeout=200ms"];

const PAUSED: &str = r#"
journey("stands still", { timeout = "3s" }, function(j)
  local ana = j:client("ana", { headers = { ["x-real-ip"] = j:unique_ip() } })
  local s = j:step("ana comes in", function()
    local s = ana:websocket("/chat/ws", { query = { nick = j.vars.nick } })
    s:expect { type = "identity" }
    return s
  end)
  local rounds = 0
  j:eventually({ within = "1s", every = "10ms" }, function()
    j:step("ana hears ben", function()
      rounds = rounds + 1
      j:expect(rounds, 2)
      s:expect({ type = "message", text = "hunter22 said hello" }, { exactly = 1 })
    end)
  end)
  j:floor("it still answers", function() ana:get("/chat/health"):expect { status = 200 } end)
  j:floor("it answers once more", function() ana:get("/chat/health"):expect { status = 200 } end)
end)
"#;

/// Ben speaks, and stays longer than Ana has time, so that it is known that nobody lost her.
const MEANWHILE: &str = r#"
journey("ana stays", function(j)
  local ben = j:client("ben", { headers = { ["x-real-ip"] = j:unique_ip() } })
  local s = ben:websocket("/chat/ws", { query = { nick = j:unique("ben-") } })
  s:expect { type = "identity" }
  s:send { type = "message", text = "hunter22 said hello" }
  s:expect_none({ type = "system", text = j.vars.nick .. " left" }, { during = "4s" })
end)
"#;

fn project(url: &str, journeys: &str) -> Project {
    let project = Project::new(&format!(
        "[targets.local]\nurl = \"{url}\"\nfloor = [\"/chat/health\"]\nvars = {{ nick = \"ana\" }}\nsecrets = {{ token = {{ file = \"token\" }} }}\n"
    ));
    project.write("token", "hunter22");
    project.write("journeys/it.lua", journeys);
    project
}

fn step(project: &Project, words: &[&str]) -> PtySession {
    let mut all = vec!["run", "--step"];
    all.extend(words);
    let mut command = project.jaunt(&all);
    // The terminal takes the place of what the others are given.
    command.stdin(std::process::Stdio::inherit());
    command.env("COLUMNS", "300");
    spawn_command(command, PATIENCE).expect("a terminal")
}

fn shows(terminal: &mut PtySession, words: &str) -> String {
    let before = terminal.exp_string(words);
    before.unwrap_or_else(|error| panic!("no {words:?}: {error}"))
}

fn answers(terminal: &mut PtySession, line: &str) {
    shows(terminal, "q: stop > ");
    terminal.send_line(line).expect("it is typed");
}

fn ends(mut terminal: PtySession, code: i32) {
    terminal.exp_eof().expect("its end");
    let ended = format!("{:?}", terminal.process().wait().expect("it ends"));
    assert!(ended.ends_with(&format!(", {code})")), "{ended}");
}

#[test]
fn time_stands_still_at_a_pause_and_connections_live_on() {
    let demo = Demo::start(&QUICK);
    let project_of_ana = project(&demo.url, PAUSED);
    let mut terminal = step(&project_of_ana, &["--jobs", "4"]);
    shows(&mut terminal, "step      ana comes in");
    shows(&mut terminal, "journeys/it.lua:4");
    shows(&mut terminal, "no answer yet");
    answers(&mut terminal, "");
    shows(&mut terminal, "step      ana hears ben");
    shows(&mut terminal, "stream  ");
    // The wait for the question shows that the pause has begun.
    answers(&mut terminal, "what?");
    let meanwhile = project(&demo.url, MEANWHILE).run(&["run"]);
    assert_eq!(meanwhile.code, Some(0), "{}", meanwhile.shown());
    answers(&mut terminal, "");
    shows(&mut terminal, "step      ana hears ben");
    let shown = shows(&mut terminal, "said hello");
    assert!(
        shown.contains("[masked]") && !shown.contains("hunter22"),
        "{shown}"
    );
    answers(&mut terminal, "");
    shows(&mut terminal, "step      it still answers");
    answers(&mut terminal, "");
    shows(&mut terminal, "step      it answers once more");
    shows(&mut terminal, "answer  200 to GET http://");
    answers(&mut terminal, "");
    shows(&mut terminal, " PASSED   exit 0");
    ends(terminal, 0);
    let trace = std::fs::read_to_string(project_of_ana.path(".jaunt/trace.jsonl"));
    assert!(
        trace
            .expect("a trace")
            .contains("`--step`: stood still for")
    );
}

const LEARNED: &str = r#"
journey("learns a secret on the way", function(j)
  local c = j:client("c")
  local name = j:unique("hush-")
  j:step("it comes", function()
    c:get("/chat/health", { query = { token = name } }):expect { status = 200 }
  end)
  j:step("it is known", function() j:secret(name) end)
  j:step("it is hidden", function() j:expect(1, 1) end)
end)
"#;

#[test]
fn what_became_a_secret_meanwhile_is_shown_no_more() {
    let demo = Demo::start(&[]);
    let project = project(&demo.url, LEARNED);
    let mut terminal = step(&project, &[]);
    answers(&mut terminal, "");
    shows(&mut terminal, "step      it is known");
    shows(&mut terminal, "?token=hush-");
    answers(&mut terminal, "");
    shows(&mut terminal, "step      it is hidden");
    let shown = shows(&mut terminal, "q: stop > ");
    assert!(
        shown.contains("?token=[masked]") && !shown.contains("hush-"),
        "{shown}"
    );
    terminal.send_line("").expect("it is typed");
    shows(&mut terminal, " PASSED   exit 0");
    ends(terminal, 0);
}

const TWO: &str = r#"
for _, name in ipairs { "first", "second" } do
  journey(name, function(j)
    local c = j:client("c")
    j:defer(function() c:get("/chat/health?cleanup") end)
    for number = 1, 2 do
      j:step(name .. " step " .. number, function() c:get("/chat/health"):expect { status = 200 } end)
    end
  end)
end
"#;

#[test]
fn one_goes_to_the_next_journey_or_to_the_end() {
    let demo = Demo::start(&[]);
    let project = project(&demo.url, TWO);
    let mut terminal = step(&project, &[]);
    shows(&mut terminal, "step      first step 1");
    answers(&mut terminal, "n");
    let skipped = shows(&mut terminal, "step      second step 1");
    assert!(!skipped.contains("first step 2"), "{skipped}");
    answers(&mut terminal, "c");
    let skipped = shows(&mut terminal, " PASSED   exit 0");
    assert!(!skipped.contains("second step 2"), "{skipped}");
    ends(terminal, 0);
}

#[test]
fn one_stops_it_by_a_word_by_the_end_of_input_and_by_a_signal() {
    let demo = Demo::start(&[]);
    for how in ["q", "end", "signal"] {
        let project = project(&demo.url, TWO);
        let mut terminal = step(&project, &[]);
        shows(&mut terminal, "step      first step 1");
        answers(&mut terminal, "");
        shows(&mut terminal, "step      first step 2");
        shows(&mut terminal, "q: stop > ");
        match how {
            "q" => drop(terminal.send_line("q").expect("it is typed")),
            "end" => terminal.send_control('d').expect("it is typed"),
            _ => terminal.send_control('c').expect("it is typed"),
        }
        shows(&mut terminal, " INTERRUPTED   exit 130");
        ends(terminal, 130);
        let trace = std::fs::read_to_string(project.path(".jaunt/trace.jsonl")).expect("a trace");
        assert!(trace.contains("health?cleanup"), "{how}: {trace}");
    }
}

#[test]
fn each_round_of_watching_has_an_empty_screen() {
    let demo = Demo::start(&[]);
    let project = project(&demo.url, TWO);
    let mut command = project.jaunt(&["run", "--watch"]);
    command
        .stdin(std::process::Stdio::inherit())
        .env("TERM", "xterm");
    let mut terminal = spawn_command(command, PATIENCE).expect("a terminal");
    let first = shows(&mut terminal, " waiting for changes");
    assert!(
        !first.contains("\u{1b}[2J"),
        "what stood there before may be read: {first:?}"
    );
    project.write("journeys/it.lua", &TWO.replace("\"second\"", "\"third\""));
    shows(
        &mut terminal,
        "\u{1b}[2J\u{1b}[H saved    journeys/it.lua   2 journeys again",
    );
    shows(&mut terminal, " PASSED   exit 0");
    shows(&mut terminal, " waiting for changes");
    terminal.send_control('c').expect("it is typed");
    ends(terminal, 130);
}

#[test]
fn enter_walks_again_and_what_was_typed_during_a_round_does_not() {
    let demo = Demo::start(&[]);
    let project = project(&demo.url, TWO);
    let mut command = project.jaunt(&["run", "--watch"]);
    command
        .stdin(std::process::Stdio::inherit())
        .env("TERM", "xterm");
    let mut terminal = spawn_command(command, PATIENCE).expect("a terminal");
    let waiting = " waiting for changes, Enter walks again, Ctrl-C ends";
    // It stands in the terminal before the first round is over, and is not meant for its end.
    terminal.send_line("typed ahead").expect("it is typed");
    shows(&mut terminal, waiting);
    project.write("journeys/it.lua", &TWO.replace("\"second\"", "\"third\""));
    let before = shows(&mut terminal, " saved    journeys/it.lua");
    assert!(!before.contains(" again "), "{before:?}");
    shows(&mut terminal, waiting);
    for _ in 0..2 {
        terminal.send_line("").expect("it is typed");
        let before = shows(&mut terminal, " again    2 journeys");
        assert!(!before.contains(" PASSED   exit 0"), "{before:?}");
        assert!(before.ends_with("\u{1b}[2J\u{1b}[H"), "{before:?}");
        shows(&mut terminal, " PASSED   exit 0");
        shows(&mut terminal, waiting);
    }
    terminal.send_control('c').expect("it is typed");
    ends(terminal, 130);
}

/// A shell puts it there. To read from there would stop it.
#[test]
fn in_the_background_no_key_is_waited_for() {
    let demo = Demo::start(&[]);
    let project = project(&demo.url, TWO);
    let mut shell = std::process::Command::new("bash");
    shell
        .args(["--norc", "--noprofile", "-i"])
        .current_dir(project.path(""));
    let mut terminal = spawn_command(shell, PATIENCE).expect("a terminal");
    let types = |terminal: &mut PtySession, line: &str| {
        terminal.send_line(line).expect("it is typed");
    };
    let jaunt = env!("CARGO_BIN_EXE_jaunt");
    types(&mut terminal, &format!("{jaunt} run --watch &"));
    shows(&mut terminal, " waiting for changes, Ctrl-C ends");
    // The shell is still the one who reads.
    types(&mut terminal, "echo mine-$((40 + 2))");
    shows(&mut terminal, "mine-42");
    project.write("journeys/it.lua", &TWO.replace("\"second\"", "\"third\""));
    shows(
        &mut terminal,
        " saved    journeys/it.lua   2 journeys again",
    );
    shows(&mut terminal, " waiting for changes, Ctrl-C ends");
    types(&mut terminal, "kill -INT %1; wait %1; exit $?");
    ends(terminal, 130);
}

#[test]
fn without_a_terminal_it_is_refused() {
    let demo = Demo::start(&[]);
    let ran = project(&demo.url, TWO).run(&["run", "--step"]);
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    assert!(ran.err.contains("`--step` needs a terminal"), "{}", ran.err);
    assert!(ran.junit.contains("could_not_start"), "{}", ran.junit);
    for other in [["--max-time", "1m"].as_slice(), &["--watch"]] {
        let words = [["run", "--step"].as_slice(), other].concat();
        let ran = project(&demo.url, TWO).run(&words);
        assert!(ran.err.contains("cannot be used with"), "{}", ran.shown());
    }
}
