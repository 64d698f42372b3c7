//! `jaunt init`: a project that works, for an address that is given: settings, one journey for the
//! floor and one for the ceiling to edit, files for editors and for CI. A project that is there
//! already gets the pipeline alone. Nothing is written over.

mod texts;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{exit, say, types, words};
use crate::config::{Places, Project, TargetSelection};
use crate::model::Diagnostic;

/// What `jaunt init --help` says below the options.
pub(super) const HELP: &str = "\
Examples:
  jaunt init --url https://staging.example.com
  jaunt init smoke --url http://127.0.0.1:8080 --ci github
  jaunt init --ci gitlab           in a project: adds the pipeline alone";

/// What nobody has said otherwise: where a service on a laptop listens.
const URL: &str = "http://127.0.0.1:8080";
const SETTINGS: &str = "jaunt.toml";
const IGNORED: &str = ".jaunt/";

/// `jaunt init`
#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The folder of the project [default: where you stand]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// The address of the target [default: http://127.0.0.1:8080]
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Write a pipeline for this CI system
    #[arg(long, value_enum, value_name = "CI", default_value_t)]
    pub ci: Ci,
}

/// CI systems whose files can be written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Ci {
    /// GitHub Actions: .github/workflows/jaunt.yml
    Github,
    /// GitLab CI: .gitlab-ci.yml
    Gitlab,
    /// Jenkins: Jenkinsfile
    Jenkins,
    /// Azure Pipelines: azure-pipelines.yml
    Azure,
    /// Buildkite: .buildkite/pipeline.yml
    Buildkite,
    /// None
    #[default]
    None,
}

/// Writes, and gives the exit code.
pub(super) fn init(arguments: &InitArguments) -> u8 {
    match types::here().and_then(|here| write(&here, arguments)) {
        Ok(written) => {
            say::warnings(&written.warnings);
            say::out(&format!("{}\n", written.said.join("\n")));
            exit::OK
        }
        Err(error) => {
            say::errors(&[error]);
            exit::COULD_NOT_RUN
        }
    }
}

fn write(here: &Path, arguments: &InitArguments) -> Result<types::Written, Diagnostic> {
    let root = match &arguments.dir {
        Some(dir) => here.join(dir),
        None => here.to_path_buf(),
    };
    let url = arguments.url.as_deref().unwrap_or(URL);
    usable(url)?;
    let name = root
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let files = texts::files(&name.unwrap_or_default(), url);
    let pipeline = texts::pipeline(arguments.ci);
    let all = files.iter().chain(&pipeline);
    let there: Vec<&str> = all
        .map(|(file, _)| *file)
        .filter(|file| root.join(file).symlink_metadata().is_ok())
        .collect();
    match pipeline {
        Some((file, text)) if there.contains(&SETTINGS) && !there.contains(&file) => {
            put(&root.join(file), &text)?;
            Ok(added(file, &there, arguments))
        }
        // All or nothing: half a project is harder to understand than none.
        Some(_) | None if !there.is_empty() => Err(refused(&there, arguments.ci)),
        pipeline => {
            let files: Vec<_> = files.into_iter().chain(pipeline).collect();
            begin(&root, &files, arguments, url)
        }
    }
}

/// A project where there was none.
fn begin(
    root: &Path,
    files: &[texts::File],
    arguments: &InitArguments,
    url: &str,
) -> Result<types::Written, Diagnostic> {
    let mut written = types::Written::default();
    for (file, text) in files {
        put(&root.join(file), text)?;
        written.said.push((*file).to_string());
    }
    written.said.extend(ignore(root)?);
    let stubs = types::write(root, None, "journeys")?;
    written.said.extend(stubs.said);
    written.warnings = stubs.warnings;
    written.said.push(next_steps(arguments, url));
    Ok(written)
}

/// What is said of a project that was there and has a pipeline now.
fn added(file: &str, kept: &[&str], arguments: &InitArguments) -> types::Written {
    let kept = kept.iter().map(|kept| format!("{kept} was kept as it is"));
    let unused = arguments.url.as_ref().map(|url| {
        Diagnostic::new(format!("`--url {url}` changed nothing"))
            .note(format!("{SETTINGS} names the targets, and was kept"))
    });
    types::Written {
        said: std::iter::once(file.to_string()).chain(kept).collect(),
        warnings: unused.into_iter().collect(),
    }
}

fn refused(there: &[&str], ci: Ci) -> Diagnostic {
    let problem = Diagnostic::new("there is a project here already: nothing was written");
    let problem = there.iter().fold(problem, |problem, file| {
        problem.note(format!("{file} exists"))
    });
    let is_project = there.contains(&SETTINGS);
    problem.help(match (ci, is_project) {
        (Ci::None, true) => "`--ci SYSTEM` adds a pipeline, and leaves the rest as it is",
        (Ci::None, false) => "name another folder",
        (_, true) => "name another folder, and copy the pipeline from there",
        (_, false) => "name another folder, or leave out what is there (`--ci none`)",
    })
}

/// An address that a run could use.
fn usable(url: &str) -> Result<(), Diagnostic> {
    let selection = TargetSelection {
        url: Some(url.to_string()),
        places: Places {
            url: words::place("--url", url),
            ..Places::default()
        },
        ..TargetSelection::default()
    };
    let chosen = Project::without_file(Path::new("")).target(&selection);
    let first = |errors: Vec<Diagnostic>| errors.into_iter().next();
    match chosen.map_err(first) {
        Ok(_) if !url.contains(['"', '\\']) && !url.contains(char::is_control) => Ok(()),
        Ok(_) | Err(None) => Err(Diagnostic::new(format!("`--url`: {url:?} is no address"))),
        Err(Some(error)) => Err(error),
    }
}

fn put(path: &Path, text: &str) -> Result<(), Diagnostic> {
    let failed = |error: std::io::Error| {
        Diagnostic::new(format!("{} cannot be written: {error}", path.display()))
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    // Whoever wrote it meanwhile keeps it.
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path);
    let mut file = file.map_err(failed)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(failed)
}

/// Adds the folder of reports to `.gitignore`, if it does not stand there.
fn ignore(root: &Path) -> Result<Option<String>, Diagnostic> {
    let path = root.join(".gitignore");
    let failed =
        |error: std::io::Error| Diagnostic::new(format!(".gitignore cannot be written: {error}"));
    let own = match std::fs::read_to_string(&path) {
        Ok(own) => own,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(error)),
    };
    let forms = [IGNORED, ".jaunt", "/.jaunt/", "/.jaunt"];
    if own.lines().any(|line| forms.contains(&line.trim())) {
        return Ok(None);
    }
    let gap = match own.is_empty() || own.ends_with('\n') {
        true => "",
        false => "\n",
    };
    std::fs::write(&path, format!("{own}{gap}{IGNORED}\n")).map_err(failed)?;
    Ok(Some(format!(".gitignore has {IGNORED}")))
}

fn next_steps(arguments: &InitArguments, url: &str) -> String {
    let cd = match &arguments.dir {
        Some(dir) => format!("cd {} && ", dir.display()),
        None => String::new(),
    };
    format!(
        "\nNext:\n  \
        {cd}jaunt run    walks both journeys through {url}\n  \
        edit journeys/ceiling.lua: what do your users come for? PAGE is \"/\" until then\n  \
        jaunt check  says what is wrong before anything is sent"
    )
}
