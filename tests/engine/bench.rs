//! Writes journeys into a project of their own, runs them in this process and gives the folded run.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jaunt::judge::Fold;
use jaunt::model::event::{Failure, RunHeader, TargetSummary};
use jaunt::model::floor::{Asks, UpWhen};
use jaunt::model::outcome::{OnFlaky, Whose};
use jaunt::model::run::{Attempt, JourneyResult, Run};
use jaunt::model::{Diagnostic, Event, EventKind, FloorCheck, Journey, Outcome, Target};
use jaunt::plan::{self, PlanSettings, Selection};
use jaunt::record::emitter::Clock;
use jaunt::record::{Mask, Recorder};
use jaunt::runner::{self, Alter, Control, Orders};
use jaunt::script::host::Waits;
use jaunt::script::load;
use jaunt::script::sources::Sources;

use crate::peer::Peer;

/// A project in a temporary folder, and how its journeys are run.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
    files: Vec<String>,
    target: Target,
    pub(crate) waits: Waits,
    pub(crate) jobs: usize,
    pub(crate) seed: String,
    pub(crate) repeat: u32,
    pub(crate) retries: u32,
    pub(crate) flaky: OnFlaky,
    pub(crate) fail_fast: bool,
    pub(crate) max_time: Option<Duration>,
    pub(crate) alter: Option<Alter>,
}

impl Bench {
    /// A project without journeys, for a target at a URL whose floor is `/up`.
    pub(crate) fn at(url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("journeys")).expect("a folder");
        let check = FloorCheck {
            name: "up".into(),
            asks: Asks::Get {
                url: format!("{url}/up"),
                up: UpWhen::success(),
                insecure: false,
            },
            within: 5_000_000_000,
        };
        Self {
            folder,
            files: Vec::new(),
            target: Target {
                name: "peer".into(),
                url: url.to_string(),
                services: [("chat".to_string(), url.to_string())].into(),
                any_service: false,
                secrets: Default::default(),
                masked: Vec::new(),
                tls: None,
                headers: Vec::new(),
                vars: std::collections::BTreeMap::new(),
                floor: vec![check],
                version: None,
                allow_hosts: Vec::new(),
                proxy: None,
                sockets: Default::default(),
                others: Vec::new(),
                embedded: false,
            },
            waits: Waits {
                within: Duration::from_secs(2),
                settle: Duration::from_millis(60),
                late: Duration::from_millis(300),
                cleanup: Duration::from_secs(1),
            },
            jobs: 1,
            seed: "7f3a".into(),
            repeat: 1,
            retries: 0,
            flaky: OnFlaky::Warn,
            fail_fast: false,
            max_time: None,
            alter: None,
        }
    }

    /// Asks another path for the floor.
    pub(crate) fn floor(mut self, path: &str) -> Self {
        self.target.floor[0].asks = Asks::Get {
            url: format!("{}{path}", self.target.url),
            up: UpWhen::success(),
            insecure: false,
        };
        self
    }

    /// Where the project is.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A file below `journeys` that is not loaded by itself.
    pub(crate) fn library(self, name: &str, text: &str) -> Self {
        let path = self.folder.path().join("journeys").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("a file");
        self
    }

    /// A file below `journeys`.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        let mut bench = self.library(name, text);
        bench.files.push(format!("journeys/{name}"));
        bench
    }

    fn sources(&self) -> Sources {
        Sources::new(self.folder.path(), Path::new("journeys"))
    }

    /// Loads the files only.
    pub(crate) fn load(&self) -> Result<Vec<Journey>, Vec<Diagnostic>> {
        load::load(&self.sources(), &self.files)
    }

    /// Runs everything.
    pub(crate) fn run(&self) -> Run {
        self.run_and(|_, _| {})
    }

    /// Runs everything; `watch` sees every event and can stop the run.
    pub(crate) fn run_and(
        &self,
        mut watch: impl FnMut(&EventKind, &Control) + Send + 'static,
    ) -> Run {
        let sources = self.sources();
        let journeys = load::load(&sources, &self.files).expect("the files can be loaded");
        let settings = PlanSettings {
            timeout: 5_000_000_000,
            repeat: self.repeat,
            retries: self.retries,
            ..PlanSettings::default()
        };
        let planned = plan::plan(
            &journeys,
            &Selection::default(),
            &self.target.name,
            settings,
        )
        .expect("something to run");
        let fold = Arc::new(Mutex::new((Fold::new(), Vec::new())));
        let judge = fold.clone();
        let (control, inbox) = runner::control();
        let recorder = Recorder::new(
            None,
            Mask::none(),
            vec![Box::new(move |event| {
                let mut judge = judge.lock().unwrap_or_else(PoisonError::into_inner);
                judge.0.push(event);
                judge.1.push(event.clone());
                watch(&event.kind, &control);
            })],
        );
        let orders = Orders {
            header: RunHeader {
                format: jaunt::record::FORMAT.into(),
                jaunt: "0".into(),
                run: "run-1".into(),
                project: "engine".into(),
                started: 1_700_000_000_000_000_000,
                seed: self.seed.clone(),
                host: "here".into(),
                target: TargetSummary {
                    name: self.target.name.clone(),
                    url: self.target.url.clone(),
                    embedded: false,
                    bugs: Vec::new(),
                    insecure: false,
                },
                planned,
                flaky: self.flaky,
                ..RunHeader::default()
            },
            target: Arc::new(self.target.clone()),
            sources,
            waits: self.waits,
            jobs: self.jobs,
            fail_fast: self.fail_fast,
            max_time: self.max_time,
            wait: None,
            clock: Clock::start(),
            sink: recorder.sink(),
            hide: jaunt::record::emitter::hides_nothing(),
            stepper: None,
            pace: None,
            alter: self.alter.clone(),
        };
        runner::run(orders, inbox).expect("workers");
        let mut fold = fold.lock().unwrap_or_else(PoisonError::into_inner);
        let (fold, events) = std::mem::take(&mut *fold);
        with_events(fold.finish(), &events)
    }
}

/// Gives each attempt its events again, also those that passed: a report needs them no more, and a
/// test looks at them.
fn with_events(mut run: Run, events: &[Event]) -> Run {
    for event in events {
        let EventKind::AttemptStarted { planned, number } = event.kind else {
            continue;
        };
        let journey = &mut run.journeys[planned as usize];
        let attempt = journey.attempts.iter_mut().find(|it| it.number == number);
        let own = events.iter().filter(|it| it.attempt == event.attempt);
        let mut own: Vec<Event> = own.cloned().collect();
        own.sort_by_key(|event| event.seq);
        attempt.expect("it began").events = own;
    }
    run
}

/// One journey with this body, its first line being line 2 of its file, against a peer.
pub(crate) fn body(peer: &Peer, options: &str, text: &str) -> Bench {
    Bench::at(&peer.url()).file(
        "t.lua",
        &format!("journey(\"t\", {{ {options} }}, function(j)\n{text}\nend)\n"),
    )
}

/// Runs one journey with this body against a peer of its own.
pub(crate) fn run(text: &str) -> JourneyResult {
    first(body(&Peer::start(), "", text).run())
}

/// The first journey of a run.
pub(crate) fn first(run: Run) -> JourneyResult {
    run.journeys.into_iter().next().expect("a journey")
}

/// The events of the last attempt.
pub(crate) fn events(result: &JourneyResult) -> Vec<&EventKind> {
    let attempt = result.attempts.last().expect("an attempt");
    attempt.events.iter().map(|event| &event.kind).collect()
}

/// The texts of all notes.
pub(crate) fn notes(result: &JourneyResult) -> Vec<String> {
    events(result)
        .into_iter()
        .filter_map(|kind| match kind {
            EventKind::Noted { text, .. } => Some(text.clone()),
            _ => None,
        })
        .collect()
}

/// What an attempt noted.
pub(crate) fn notes_of(attempt: &Attempt) -> Vec<String> {
    let events = attempt.events.iter();
    let noted = events.filter_map(|event| match &event.kind {
        EventKind::Noted { text, .. } => Some(text.clone()),
        _ => None,
    });
    noted.collect()
}

/// What the failures that count say.
pub(crate) fn failures(result: &JourneyResult) -> &[Failure] {
    result.attempts.last().map_or(&[], |one| &one.failures)
}

/// The line at which the first failure stands.
pub(crate) fn line(result: &JourneyResult) -> Option<u32> {
    let excerpt = failures(result).first()?.excerpt.as_ref()?;
    Some(excerpt.place.line)
}

/// The journey passes.
#[track_caller]
pub(crate) fn passes(text: &str) -> JourneyResult {
    let result = run(text);
    assert_eq!(
        result.outcome,
        Outcome::Passed,
        "{} in\n{text}",
        result.reason
    );
    result
}

/// The journey fails, and the reason holds these words.
#[track_caller]
pub(crate) fn fails(words: &str, text: &str) -> JourneyResult {
    ends(run(text), Outcome::Failed, words, text)
}

/// The journey is errored by ours, and the reason holds these words.
#[track_caller]
pub(crate) fn errs(words: &str, text: &str) -> JourneyResult {
    ends(run(text), Outcome::Errored(Whose::Ours), words, text)
}

/// The journey ended so.
#[track_caller]
pub(crate) fn ends(
    result: JourneyResult,
    outcome: Outcome,
    words: &str,
    text: &str,
) -> JourneyResult {
    assert_eq!(result.outcome, outcome, "{} in\n{text}", result.reason);
    let all: Vec<&str> = failures(&result)
        .iter()
        .map(|failure| failure.problem.message.as_str())
        .chain([result.reason.as_str()])
        .collect();
    assert!(
        all.iter().any(|message| message.contains(words)),
        "expected {words:?} among {all:#?} in\n{text}"
    );
    result
}
