//! A proof as JUnit: a suite is a journey, a case is a mutant. What nobody noticed is a `failure`,
//! what could not be judged an `error`, what was not tried or does not count is `skipped`.

mod write;

use std::collections::BTreeSet;

use crate::model::Nanos;
use crate::model::proof::{JourneyProof, Mutant, Proof, ProofVerdict};
use crate::report::JunitError;
use crate::report::junit::clean::attribute;
use crate::report::names::without_extension;
use crate::report::style::one_line;

use super::words::{self, Fate};

/// What a case comes to: the element, its `type`, its message and its text.
struct Ending {
    element: &'static str,
    kind: &'static str,
    message: String,
    text: String,
}

struct Case {
    name: String,
    class: String,
    place: Option<(String, u32)>,
    owner: Option<String>,
    time: Nanos,
    properties: Vec<(&'static str, String)>,
    result: Option<Ending>,
    output: Option<String>,
}

struct Suite {
    name: String,
    properties: Vec<(&'static str, String)>,
    cases: Vec<Case>,
}

/// The file's bytes: valid XML whatever a server sent, and the same for the same proof.
pub fn junit(proof: &Proof) -> Result<Vec<u8>, JunitError> {
    let mut suites: Vec<Suite> = proof.journeys.iter().map(|it| suite(proof, it)).collect();
    let about = about(proof);
    if !about.is_empty() {
        suites.push(Suite {
            name: "jaunt prove".to_string(),
            properties: of_proof(proof),
            cases: about,
        });
    }
    write::file(proof, &suites)
}

fn suite(proof: &Proof, journey: &JourneyProof) -> Suite {
    let id = &journey.journey.id;
    let file = without_extension(&id.file).replace('/', ".");
    let class = format!("{file}::{}", id.name);
    let mut taken = BTreeSet::new();
    let mut cases: Vec<Case> = Vec::new();
    cases.extend(refused(journey, &class));
    for mutant in &journey.mutants {
        let mut case = of_mutant(proof, journey, mutant, &class);
        case.name = unique(&case.name, &mut taken);
        cases.push(case);
    }
    let score = journey.score();
    let mut properties = of_proof(proof);
    properties.push(("score", words::noticed(&score)));
    properties.push(("sharp", words::sharply(&score)));
    for fate in Fate::ALL {
        properties.push((fate.name(), fate.count(&score).to_string()));
    }
    properties.push(("expectations", journey.expectations.to_string()));
    properties.extend(list("decoration", &journey.decoration()));
    properties.extend(list("unsteady", &journey.unsteady));
    let volatile = journey.volatile.iter();
    let volatile: Vec<String> = volatile
        .map(|it| format!("{} {}", it.of, it.path))
        .collect();
    properties.extend(list("volatile", &volatile));
    Suite {
        name: id.to_string(),
        properties,
        cases,
    }
}

fn list(name: &'static str, all: &[String]) -> Option<(&'static str, String)> {
    (!all.is_empty()).then(|| (name, all.join(", ")))
}

/// A name that no other case of its suite has: readers drop duplicates.
fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut unique = name.to_string();
    for number in 2.. {
        if taken.insert(unique.clone()) {
            break;
        }
        unique = format!("{name} ({number})");
    }
    unique
}

fn refused(journey: &JourneyProof, class: &str) -> Option<Case> {
    let refusal = journey.refused.as_ref()?;
    let mut text = refusal.reason.clone();
    if let Some(failure) = &refusal.failure {
        text.push_str(&format!("\n\n{failure}"));
    }
    let mut case = Case::of("is proved", class);
    case.place = Some((
        journey.journey.place.file.clone(),
        journey.journey.place.line,
    ));
    case.owner = journey.journey.owner.clone();
    case.result = Some(Ending {
        element: "error",
        kind: "refused",
        message: format!("refused: {}", refusal.reason),
        text,
    });
    Some(case)
}

fn of_mutant(proof: &Proof, journey: &JourneyProof, mutant: &Mutant, class: &str) -> Case {
    let place = mutant.place.as_ref().unwrap_or(&journey.journey.place);
    let mut case = Case::of(&mutant.id, class);
    case.place = Some((place.file.clone(), place.line));
    case.owner = journey.journey.owner.clone();
    case.time = mutant.took;
    let fate = Fate::of(mutant);
    case.properties = vec![
        ("state", fate.name().to_string()),
        (
            "operator",
            mutant.fault.change.operator().name().to_string(),
        ),
    ];
    if let Some(step) = &mutant.step {
        case.properties.push(("step", step.clone()));
    }
    case.result = result(proof, journey, mutant, fate);
    case.output = case.result.is_none().then(|| output(mutant, fate));
    case
}

fn result(proof: &Proof, journey: &JourneyProof, mutant: &Mutant, fate: Fate) -> Option<Ending> {
    let because = || words::because(mutant).unwrap_or_default();
    let (element, text) = match fate {
        Fate::Survived => ("failure", survived(proof, journey, mutant)),
        Fate::Errored => ("error", because()),
        Fate::NotArmed | Fate::Ignored => ("skipped", because()),
        Fate::LeftOut => ("skipped", format!("left out: {}", words::left_out(proof))),
        Fate::Killed | Fate::TimedOut | Fate::Unscored => return None,
    };
    let message = match fate {
        Fate::Survived => words::told(mutant),
        Fate::Errored => format!("{}: {text}", words::told(mutant)),
        _ => text.clone(),
    };
    Some(Ending {
        element,
        kind: fate.name(),
        message,
        text,
    })
}

/// What would notice, where, and how it is seen again.
fn survived(proof: &Proof, journey: &JourneyProof, mutant: &Mutant) -> String {
    let mut lines = vec![words::told(mutant)];
    if let Some(place) = &mutant.place {
        let line = mutant.line.as_deref().map(one_line).unwrap_or_default();
        lines.push(format!("{place}   {line}").trim_end().to_string());
    }
    if let Some(suggestion) = &mutant.suggestion {
        let at = words::where_to(suggestion);
        lines.push(format!("would notice{at}:  {}", suggestion.lua));
        lines.extend(suggestion.note.clone());
    }
    lines.push(format!("again  {}", words::again(proof, journey, mutant)));
    lines.join("\n")
}

/// What a case that passed says of itself.
fn output(mutant: &Mutant, fate: Fate) -> String {
    let because = words::because(mutant);
    let noticed = match (fate, because) {
        (Fate::Unscored, None) => "reported, not scored: not noticed".to_string(),
        (Fate::Unscored, Some(by)) => format!("reported, not scored: noticed by {by}"),
        (_, by) => format!("noticed by {}", by.unwrap_or_default()),
    };
    format!("{}\n{noticed}", words::told(mutant))
}

/// What is wrong with the proof beside its faults.
fn about(proof: &Proof) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |element, name: &str, kind, message: &str| {
        let mut case = Case::of(name, "jaunt.prove");
        case.result = Some(Ending {
            element,
            kind,
            message: message.to_string(),
            text: message.to_string(),
        });
        cases.push(case);
    };
    for reason in &proof.gate {
        add("failure", "gate", "gate", reason);
    }
    for trouble in &proof.troubles {
        add("error", "trouble", "trouble", trouble);
    }
    if let Some(stop) = proof.stop
        && matches!(
            proof.verdict(),
            ProofVerdict::Interrupted | ProofVerdict::CouldNotJudge
        )
    {
        add("error", "stopped", "stopped", words::stopped(stop));
    }
    if proof.score().judged() == 0 {
        let message = words::badge(proof);
        add("error", "judged nothing", "judged_nothing", &message);
    }
    let mut taken = BTreeSet::new();
    for case in &mut cases {
        case.name = unique(&case.name, &mut taken);
    }
    cases
}

/// What holds for the whole proof; each suite has it, for readers show a suite and not a file.
fn of_proof(proof: &Proof) -> Vec<(&'static str, String)> {
    let all = [
        ("jaunt", proof.jaunt.clone()),
        ("proof", proof.id.clone()),
        ("project", proof.project.clone()),
        ("target", proof.target.name.clone()),
        ("url", proof.target.url.clone()),
        ("seed", proof.seed.clone()),
        ("operators", words::operators(proof)),
        ("badge", words::badge(proof)),
    ];
    all.into_iter().filter(|(_, it)| !it.is_empty()).collect()
}

impl Case {
    fn of(name: &str, class: &str) -> Self {
        Self {
            name: attribute(name),
            class: attribute(class),
            place: None,
            owner: None,
            time: 0,
            properties: Vec::new(),
            result: None,
            output: None,
        }
    }
}
