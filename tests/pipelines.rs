//! The files of `examples/ci/` and `examples/schedule/`: each is what its system reads, and every
//! command line of jaunt in them is one that jaunt takes.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::root;

/// The files of a folder of examples but the explanation.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("examples").join(folder)).expect("a folder");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_none_or(|it| it != "md" && it != "timer")
        })
        .collect();
    files.sort();
    files
}

/// Every command of jaunt in those files, each behind the name of its file.
fn commands() -> Vec<Vec<String>> {
    let output = Command::new("python3")
        .arg(root().join("fixtures/pipelines/commands.py"))
        .args(files("ci"))
        .args(files("schedule"))
        .output()
        .expect("python3 with PyYAML");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
#[ignore = "needs python3 with PyYAML; .ci/run runs it"]
fn every_command_in_the_examples_is_one_that_jaunt_takes() {
    let commands = commands();
    assert!(commands.len() >= 10, "{commands:?}");
    let variable = regex::Regex::new(r"\$[A-Z_]+").expect("a pattern");
    for command in commands {
        let [file, jaunt, words @ ..] = &command[..] else {
            panic!("{command:?}")
        };
        assert_eq!(jaunt, "jaunt", "{file}");
        // The words before `--help` are parsed, and nothing is run.
        let words = words.iter().map(|word| variable.replace_all(word, "1"));
        let output = Command::new(env!("CARGO_BIN_EXE_jaunt"))
            .args(words.map(|word| word.into_owned()))
            .arg("--help")
            .output()
            .expect("jaunt runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}\n{said}");
    }
}

#[test]
#[ignore = "needs systemd-analyze; .ci/run runs it"]
fn systemd_takes_the_service_and_the_timer() {
    let folder = tempfile::tempdir().expect("a folder");
    // It looks whether there is such a program.
    let (installed, ours) = ("/usr/local/bin/jaunt", env!("CARGO_BIN_EXE_jaunt"));
    let mut units = Vec::new();
    for name in ["jaunt.service", "jaunt.timer"] {
        let unit = root().join("examples/schedule").join(name);
        let text = std::fs::read_to_string(unit).expect("a unit");
        let unit = folder.path().join(name);
        std::fs::write(&unit, text.replace(installed, ours)).expect("a unit");
        units.push(unit);
    }
    let output = verify(&units);
    assert!(output.is_empty(), "{output}");
    std::fs::write(&units[1], "[Timer]\nOnCalendr=*:0/5\n").expect("a unit");
    assert!(verify(&units).contains("OnCalendr"), "it finds nothing");
}

fn verify(units: &[impl AsRef<Path>]) -> String {
    let mut command = Command::new("systemd-analyze");
    command.args(["verify", "--man=no"]);
    for unit in units {
        command.arg(unit.as_ref());
    }
    let output = command.output().expect("systemd-analyze");
    let said = String::from_utf8(output.stderr).expect("text");
    // What it says of units of the system is not ours.
    let ours = said.lines().filter(|line| line.contains("jaunt."));
    ours.collect::<Vec<_>>().join("\n")
}

fn read(folder: &str, name: &str) -> String {
    let path = root().join("examples").join(folder).join(name);
    std::fs::read_to_string(path).expect("an example")
}

/// Each system has its own way; where it holds a job or a step, both must have it.
#[test]
fn two_runs_on_staging_are_kept_apart_from_the_deploy_to_the_verdict() {
    for (file, setting, times) in [
        ("github-actions.yml", "\nconcurrency: staging\n", 1),
        ("gitlab-ci.yml", "\n  resource_group: staging\n", 2),
        ("Jenkinsfile", "\n        lock('staging')\n", 1),
        ("azure-pipelines.yml", "\nlockBehavior: sequential\n", 1),
        ("azure-pipelines.yml", "\n        environment: staging\n", 1),
        ("buildkite.yml", "\n    concurrency_group: staging\n", 2),
    ] {
        let text = read("ci", file);
        let found = text.matches(setting).count();
        assert_eq!(found, times, "{file}: {setting:?}");
    }
}

#[test]
fn the_settings_that_matter_on_a_schedule_are_there() {
    for (file, settings) in [
        (
            "cronjob.yaml",
            &[
                "concurrencyPolicy: Forbid",
                "startingDeadlineSeconds: 60",
                "backoffLimit: 0",
                "restartPolicy: Never",
                "values: [1, 2, 3, 130]",
            ][..],
        ),
        ("jaunt.timer", &["AccuracySec=1s", "Persistent=no"]),
        ("jaunt.service", &["Type=oneshot", "TimeoutStartSec=240"]),
        ("jaunt.cron", &["flock -n", "timeout -k 10 240"]),
    ] {
        let text = read("schedule", file);
        for setting in settings {
            assert!(text.contains(setting), "{file} lacks {setting}");
        }
    }
}
