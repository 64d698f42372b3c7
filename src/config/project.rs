//! Reads a whole project file.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use toml::de::DeTable;

use crate::model::journey::MOST_RETRIES;
use crate::model::outcome::OnFlaky;
use crate::model::{Diagnostic, suggest};

use super::field::Field;
use super::may_use;
use super::numbers;
use super::outside::{self, Fetch, Fetched};
use super::reader::{File, Located, Problems, Section};
use super::settings::{Project, RunSettings, TargetSettings};
use super::target;

const SECTIONS: [&str; 4] = ["project", "targets", "run", "numbers"];
const PROJECT_KEYS: [&str; 3] = ["name", "journeys", "features"];
const RUN_KEYS: [&str; 12] = [
    "target",
    "jobs",
    "timeout",
    "within",
    "settle",
    "late",
    "cleanup",
    "max_time",
    "retries",
    "flaky",
    "wait_every",
    "wait_answers",
];

/// More journeys in flight than this would need more sockets than a process has.
const MOST_JOBS: i64 = 1_000;

/// More answers in a row than this would take longer than any deploy.
const MOST_ANSWERS: i64 = 1_000;

/// A broken file can make the parser stumble on and on; the first ones are worth reading.
const MOST_SYNTAX_ERRORS: usize = 5;

/// What could be read of a project.
#[derive(Debug)]
pub struct Reading {
    /// The project, if the file says where its journeys are. It lacks what is wrong.
    pub project: Option<Project>,
    /// Everything that is wrong, in the order of the file.
    pub problems: Vec<Diagnostic>,
    /// Nothing is wrong with the file itself: at most, values that are kept elsewhere are missing.
    pub sound: bool,
}

impl Reading {
    /// A project with nothing wrong.
    pub(super) fn of(project: Project) -> Self {
        Self {
            project: Some(project),
            problems: Vec::new(),
            sound: true,
        }
    }

    /// A file that cannot be read.
    pub(super) fn nothing(problems: Vec<Diagnostic>) -> Self {
        Self {
            project: None,
            problems,
            sound: false,
        }
    }

    /// The project, if nothing at all is wrong.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the file.
    pub fn whole(self) -> Result<Project, Vec<Diagnostic>> {
        match self.project {
            Some(project) if self.problems.is_empty() => Ok(project),
            Some(_) | None => Err(self.problems),
        }
    }
}

/// Reads the text of a project file in the folder `root`, and runs the commands that give values.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
#[cfg(test)]
pub(super) fn parse(
    text: &str,
    shown: &Path,
    root: &Path,
    target: Option<&str>,
) -> Result<Project, Vec<Diagnostic>> {
    parse_with(text, shown, root, target, Fetch::All).whole()
}

/// Reads the text of a project file in the folder `root`. `shown` is the file's path as a person
/// would type it; `target` the name that the command line chose, if it did.
pub fn parse_with(
    text: &str,
    shown: &Path,
    root: &Path,
    target: Option<&str>,
    which: Fetch,
) -> Reading {
    let mut file = File {
        name: shown.display().to_string(),
        text: text.to_string(),
        fetched: Fetched::new(),
    };
    let mut problems = Problems::default();
    file.fetched = fetch(&file, root, target, which, &mut problems);
    let missing = problems.count();
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    for error in errors.iter().take(MOST_SYNTAX_ERRORS) {
        problems.add(syntax(&file, error));
    }
    if !errors.is_empty() {
        return Reading::nothing(problems.into_sorted());
    }
    let mut project = read(&file, table.get_ref(), shown, root, &mut problems);
    if which == Fetch::Nothing {
        // Their files hold keys, and are read once the target is chosen.
        project.targets.iter_mut().for_each(|it| it.tls = None);
    }
    let known = knows_journeys(Section::of_file(&file, table.get_ref()));
    Reading {
        project: known.then_some(project),
        sound: problems.count() == missing,
        problems: problems.into_sorted(),
    }
}

/// Whether the folder of the journeys is the one that is meant, whatever else is wrong.
fn knows_journeys(whole: Section<'_>) -> bool {
    let Some(project) = whole.get("project") else {
        return true;
    };
    project.section().is_ok_and(|section| {
        let folder = section.get("journeys");
        folder.is_none_or(|field| journeys(&field).is_ok())
    })
}

/// What the target that will be chosen keeps elsewhere, and those that it may use.
fn fetch(
    file: &File,
    root: &Path,
    named: Option<&str>,
    which: Fetch,
    problems: &mut Problems,
) -> Fetched {
    let (table, _) = DeTable::parse_recoverable(&file.text);
    let table = table.get_ref();
    let section = |key: &str| table.get(key).and_then(|value| value.get_ref().as_table());
    let Some(targets) = section("targets") else {
        return Fetched::new();
    };
    let chosen = named
        .or_else(|| section("run")?.get("target")?.get_ref().as_str())
        .or_else(|| {
            targets
                .iter()
                .next()
                .filter(|_| targets.len() == 1)
                .map(|(name, _)| name.get_ref().as_ref())
        });
    let named = |name: &str| targets.get(name)?.get_ref().as_table();
    let Some(target) = chosen.and_then(named) else {
        return Fetched::new();
    };
    let others: BTreeSet<&str> = may_use::names(target)
        .filter(|name| Some(*name) != chosen)
        .collect();
    let mut fetched = outside::fetch((file, root, which), target, problems);
    for other in others.into_iter().filter_map(named) {
        fetched.append(&mut outside::fetch((file, root, which), other, problems));
    }
    fetched
}

fn syntax(file: &File, error: &toml::de::Error) -> Diagnostic {
    let problem = Diagnostic::new(format!("{} is not valid TOML", file.name));
    let mut lines = error.message().lines();
    let label = lines.next().unwrap_or("it cannot be read").to_string();
    let problem = match error.span() {
        Some(span) => problem.at(file.span(span).label(label)),
        None => problem.note(label),
    };
    lines.fold(problem, |problem, line| problem.note(line))
}

fn read(
    file: &File,
    table: &DeTable<'_>,
    shown: &Path,
    root: &Path,
    problems: &mut Problems,
) -> Project {
    let whole = Section::of_file(file, table);
    whole.check_keys(&SECTIONS, &[], problems);
    let mut project = Project::without_file(root);
    project.file = Some(shown.to_path_buf());
    if let Some(field) = whole.get("project")
        && let Some(section) = problems.keep(field.section())
    {
        read_project(section, &mut project, problems);
    }
    project.targets = read_targets(whole, problems);
    if let Some(field) = whole.get("run")
        && let Some(section) = problems.keep(field.section())
    {
        project.run = read_run(section, whole, problems);
    }
    if let Some(field) = whole.get("numbers")
        && let Some(section) = problems.keep(field.section())
    {
        project.numbers = numbers::read(section, problems);
    }
    project
}

fn read_project(section: Section<'_>, project: &mut Project, problems: &mut Problems) {
    section.check_keys(&PROJECT_KEYS, &[], problems);
    if let Some(name) = section.get("name")
        && let Some(text) = problems.keep(name.text())
    {
        if text.trim().is_empty() {
            problems.add(name.wrong("the name of the project"));
        }
        project.name = text.to_string();
    }
    if let Some(field) = section.get("journeys")
        && let Some(folder) = problems.keep(journeys(&field))
    {
        project.journeys = folder;
    }
    if let Some(field) = section.get("features")
        && let Some(list) = problems.keep(field.list("features such as \"chat.presence\""))
    {
        project.features = features(&list, problems);
        project.feature_places = list.iter().map(Field::value_place).collect();
    }
}

fn journeys(field: &Field<'_>) -> Result<PathBuf, Diagnostic> {
    let text = field.text_or("a folder, relative to the project file")?;
    let mut folder = PathBuf::new();
    for component in Path::new(text).components() {
        match component {
            Component::CurDir => {}
            Component::Normal(name) => folder.push(name),
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(field.refuse(
                    format!("{text:?} lies outside the project"),
                    "expected a folder below the one of the project file",
                ));
            }
        }
    }
    if text.trim().is_empty() {
        return Err(field.wrong("a folder such as \"journeys\""));
    }
    Ok(folder)
}

fn features(list: &[Field<'_>], problems: &mut Problems) -> Vec<String> {
    let mut features: Vec<String> = Vec::new();
    for element in list {
        let Some(text) = problems.keep(element.text()) else {
            continue;
        };
        if text.trim().is_empty() {
            problems.add(element.wrong("the name of a feature"));
        } else if features.iter().any(|feature| feature == text) {
            problems.add(element.refuse(format!("feature `{text}` is listed twice"), "again here"));
        } else {
            features.push(text.to_string());
        }
    }
    features
}

fn read_targets(whole: Section<'_>, problems: &mut Problems) -> Vec<TargetSettings> {
    let Some(field) = whole.get("targets") else {
        return Vec::new();
    };
    let Some(section) = problems.keep(field.section()) else {
        return Vec::new();
    };
    let targets: Vec<TargetSettings> = section
        .fields()
        .iter()
        .filter_map(|field| target::read(field, problems))
        .collect();
    may_use::check(section, &targets, problems);
    targets
}

fn read_run(section: Section<'_>, whole: Section<'_>, problems: &mut Problems) -> RunSettings {
    section.check_keys(&RUN_KEYS, &[], problems);
    let default = RunSettings::default();
    let positive = |key: &str| section.get(key).map(|field| field.positive_duration());
    let any = |key: &str| section.get(key).map(|field| field.duration());
    let answers = section
        .get("wait_answers")
        .map(|field| field.whole(1..=MOST_ANSWERS));
    let jobs = section.get("jobs").map(|field| field.whole(1..=MOST_JOBS));
    let most = i64::from(MOST_RETRIES);
    let retries = section.get("retries").map(|field| field.whole(0..=most));
    let flaky = section.get("flaky").map(|field| flaky(&field));
    RunSettings {
        target: section
            .get("target")
            .and_then(|field| problems.keep(run_target(&field, whole))),
        jobs: usize::try_from(problems.or(jobs, 8)).unwrap_or(default.jobs),
        timeout: problems.or(positive("timeout"), default.timeout),
        within: problems.or(positive("within"), default.within),
        settle: problems.or(any("settle"), default.settle),
        late: problems.or(any("late"), default.late),
        cleanup: problems.or(positive("cleanup"), default.cleanup),
        max_time: positive("max_time").and_then(|read| problems.keep(read)),
        retries: u32::try_from(problems.or(retries, 0)).unwrap_or(default.retries),
        flaky: problems.or(flaky, default.flaky),
        wait_every: problems.or(positive("wait_every"), default.wait_every),
        wait_answers: u32::try_from(problems.or(answers, 3)).unwrap_or(default.wait_answers),
    }
}

fn flaky(field: &Field<'_>) -> Result<OnFlaky, Diagnostic> {
    let expected = "\"warn\" or \"fail\"";
    match field.text_or(expected)? {
        "warn" => Ok(OnFlaky::Warn),
        "fail" => Ok(OnFlaky::Fail),
        _ => Err(field.wrong(expected)),
    }
}

/// `[run] target`, held against the names of the file, so that a target with a mistake of its own
/// is not reported as missing as well.
fn run_target(field: &Field<'_>, whole: Section<'_>) -> Result<Located<String>, Diagnostic> {
    let text = field.text_or("the name of a target")?;
    let targets = whole.get("targets");
    let names: Vec<&str> = match targets.as_ref().map(Field::section) {
        Some(Ok(targets)) => targets.fields().iter().map(|field| field.key).collect(),
        Some(Err(_)) | None => Vec::new(),
    };
    if names.contains(&text) {
        return Ok(field.locate(text.to_string()));
    }
    let label = match suggest::nearest(text, names.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "unknown".to_string(),
    };
    let problem = field.refuse(format!("no target `{text}` in {}", field.file.name), label);
    Err(if names.is_empty() {
        problem.note("the file names no targets")
    } else {
        problem.note(format!("targets: {}", names.join(", ")))
    })
}
