//! The command that walks a journey again as this run did, for the reports.

use super::arguments::{Flaky, RunArguments, TargetArguments};

/// The options that repeat this run against the same target.
pub(super) fn again(arguments: &RunArguments) -> String {
    let mut words = Vec::new();
    let mut option = |name: &str, value: &str| {
        words.push(name.to_string());
        words.push(quoted(value));
    };
    of_target(&arguments.target, &mut option);
    if let Some(deploy) = &arguments.deploy.deploy {
        option("--deploy", deploy);
    }
    if let Some(timeout) = arguments.timeout {
        option("--timeout", &format!("{}ms", timeout.as_millis()));
    }
    if let Some(retries) = arguments.retries {
        option("--retries", &retries.to_string());
    }
    if let Some(flaky) = arguments.flaky {
        option(
            "--flaky",
            match flaky {
                Flaky::Warn => "warn",
                Flaky::Fail => "fail",
            },
        );
    }
    words.join(" ")
}

/// The options that mean the same target.
pub(super) fn target(target: &TargetArguments) -> String {
    let mut words = Vec::new();
    of_target(target, &mut |name, value| {
        words.push(name.to_string());
        words.push(quoted(value));
    });
    words.join(" ")
}

fn of_target(target: &TargetArguments, option: &mut impl FnMut(&str, &str)) {
    if let Some(name) = &target.target {
        option("--target", name);
    }
    if let Some(url) = &target.url {
        option("--url", url);
    }
    for var in &target.vars {
        option("--var", var);
    }
    for bug in &target.bugs {
        option("--bug", bug);
    }
    if let Some(version) = &target.as_version {
        option("--as", version);
    }
    if let Some(release) = &target.release {
        option("--release", release);
    }
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_string();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
