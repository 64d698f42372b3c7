//! What a selection means.

use super::{journey, paths};
use crate::model::Journey;
use crate::plan::{PlanError, PlanSettings, Selection, plan, warnings};

const ONCE: PlanSettings = PlanSettings {
    timeout: 60,
    repeat: 1,
    retries: 0,
    retries_of_all: None,
};

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

/// Two files; in the second a loop declares two journeys on one line.
fn shop() -> Vec<Journey> {
    let mut ghost = journey("journeys/chat/presence.lua", "A silent Departure", 20, 40);
    ghost.tags = words(&["chat", "critical"]);
    ghost.covers = words(&["chat.presence"]);
    ghost.timeout = Some(5);
    let mut polite = journey("journeys/chat/presence.lua", "a polite goodbye", 3, 12);
    polite.tags = words(&["chat"]);
    let mut orders = journey("journeys/orders.lua", "orders in EUR", 4, 9);
    orders.tags = words(&["critical"]);
    orders.covers = words(&["orders"]);
    let dollars = journey("journeys/orders.lua", "orders in USD", 4, 9);
    vec![orders, dollars, ghost, polite]
}

fn names(selection: &Selection) -> Vec<String> {
    plan(&shop(), selection, "demo", ONCE)
        .expect("a plan")
        .iter()
        .map(|planned| planned.journey.id.name.clone())
        .collect()
}

fn error(selection: &Selection) -> PlanError {
    plan(&shop(), selection, "demo", ONCE).expect_err("no plan")
}

#[test]
fn everything_goes_by_file_and_line_and_a_loop_keeps_its_order() {
    assert_eq!(
        names(&Selection::default()),
        [
            "a polite goodbye",
            "A silent Departure",
            "orders in EUR",
            "orders in USD"
        ]
    );
}

#[test]
fn paths_mean_files_folders_and_lines() {
    const POLITE: &str = "a polite goodbye";
    const SILENT: &str = "A silent Departure";
    const ORDERS: [&str; 2] = ["orders in EUR", "orders in USD"];
    for (given, expected) in [
        (&["journeys/chat"][..], &[POLITE, SILENT][..]),
        (&["./journeys/../journeys/orders.lua"], &ORDERS),
        (&["journeys/chat/presence.lua:3"], &[POLITE]),
        (&["journeys/chat/presence.lua:12"], &[POLITE]),
        (&["journeys/chat/presence.lua:15"], &[POLITE]),
        (&["journeys/chat/presence.lua:20"], &[SILENT]),
        (&["journeys/chat/presence.lua:999"], &[SILENT]),
        (&["journeys/orders.lua:7"], &ORDERS),
        (
            &["journeys/orders.lua:5", "journeys/chat/presence.lua:30"],
            &[SILENT, ORDERS[0], ORDERS[1]],
        ),
        (&["."], &[POLITE, SILENT, ORDERS[0], ORDERS[1]]),
    ] {
        assert_eq!(names(&paths(given)), expected, "{given:?}");
    }
}

#[test]
fn a_line_before_the_first_journey_means_none() {
    let problem = error(&paths(&["journeys/chat/presence.lua:2"]));
    assert_eq!(
        problem.to_string(),
        "no journey at or before line 2 of `journeys/chat/presence.lua`"
    );
    assert_eq!(
        problem.diagnostic().help.as_deref(),
        Some("the first one: `journeys/chat/presence.lua:3`")
    );
}

#[test]
fn a_library_that_is_asked_for_is_an_error_beside_journeys_too() {
    for word in ["journeys/lib/mqtt.lua", "journeys/lib/mqtt.lua:4"] {
        let problem = error(&paths(&["journeys/orders.lua", word]));
        assert_eq!(
            problem.to_string(),
            format!("`{word}` declares no journey: it is a library")
        );
    }
    // `orders.lua` is not below `order`.
    let nothing = error(&paths(&["journeys/order"]));
    assert!(matches!(nothing, PlanError::NothingMatches { .. }));
}

#[test]
fn words_of_a_kind_are_or_ed_and_kinds_are_and_ed() {
    let tags = |tags: &[&str]| Selection {
        tags: words(tags),
        ..Selection::default()
    };
    assert_eq!(
        names(&tags(&["critical"])),
        ["A silent Departure", "orders in EUR"]
    );
    assert_eq!(names(&tags(&["critical", "chat"])).len(), 3);
    let both = Selection {
        features: words(&["orders"]),
        ..tags(&["critical"])
    };
    assert_eq!(names(&both), ["orders in EUR"]);
    let name = |name: &str| Selection {
        names: words(&[name]),
        ..Selection::default()
    };
    assert_eq!(names(&name("DEPARTURE")), ["A silent Departure"]);
    assert_eq!(
        names(&name("journeys/orders.lua::orders in USD")),
        ["orders in USD"]
    );
    let inside = Selection {
        names: words(&["orders"]),
        ..paths(&["journeys/chat"])
    };
    assert!(matches!(error(&inside), PlanError::NothingMatches { .. }));
}

#[test]
fn an_empty_selection_says_what_was_asked_what_there_is_and_the_nearest() {
    let selection = Selection {
        tags: words(&["critcal"]),
        features: words(&["orders"]),
        ..Selection::default()
    };
    let problem = error(&selection).diagnostic();
    assert_eq!(
        problem.title,
        "no journey matches --tag critcal --feature orders"
    );
    assert_eq!(problem.notes, ["tags: chat, critical"]);
    assert_eq!(
        problem.help.as_deref(),
        Some("did you mean `--tag critical`?")
    );
    let selection = Selection {
        tags: words(&["chat"]),
        features: words(&["orders"]),
        ..Selection::default()
    };
    let problem = error(&selection).diagnostic();
    assert_eq!(
        problem.notes,
        ["each kind of word matches some journey, but no journey matches all"]
    );
    assert_eq!(
        plan(&[], &Selection::default(), "demo", ONCE),
        Err(PlanError::NoJourneys)
    );
}

#[test]
fn a_journey_that_may_not_run_is_planned_with_the_reason() {
    let mut only = journey("a.lua", "only staging", 1, 2);
    only.targets = Some(words(&["staging", "canary"]));
    only.skip = Some("waits for a fix".to_string());
    let mut none = journey("a.lua", "nowhere", 3, 4);
    none.targets = Some(Vec::new());
    let plain = journey("a.lua", "plain", 5, 6);
    let skips = |target| -> Vec<Option<String>> {
        plan(
            &[only.clone(), none.clone(), plain.clone()],
            &Selection::default(),
            target,
            ONCE,
        )
        .expect("a plan")
        .into_iter()
        .map(|planned| planned.skip)
        .collect()
    };
    assert_eq!(
        skips("demo"),
        [
            Some("may not run against demo, only against staging, canary".to_string()),
            Some("may not run against demo: its `targets` names none".to_string()),
            None
        ]
    );
    assert_eq!(skips("canary")[0], Some("waits for a fix".to_string()));
}

#[test]
fn repetitions_are_journeys_of_their_own() {
    let settings = PlanSettings {
        timeout: 60,
        repeat: 3,
        ..ONCE
    };
    let planned = plan(&shop(), &paths(&["journeys/chat"]), "demo", settings).expect("a plan");
    let shown: Vec<_> = planned
        .iter()
        .map(|one| (one.display_name(), one.repetition, one.timeout))
        .collect();
    assert_eq!(shown.len(), 6);
    assert_eq!(shown[1], ("a polite goodbye #2".to_string(), 2, 60));
    assert_eq!(shown[3], ("A silent Departure".to_string(), 1, 5));
}

#[test]
fn names_that_nothing_knows_are_warned_of() {
    let mut odd = journey("a.lua", "odd", 7, 9);
    odd.covers = words(&["chat.presense", "orders"]);
    odd.targets = Some(words(&["stagin"]));
    let selection = Selection {
        tags: words(&["nope"]),
        ..Selection::default()
    };
    let features = words(&["chat.presence", "orders"]);
    let said: Vec<_> = warnings(
        std::slice::from_ref(&odd),
        &selection,
        &features,
        &["staging"],
    )
    .into_iter()
    .map(|warning| (warning.source.map(|at| (at.file, at.line)), warning.title))
    .collect();
    let place = Some(("a.lua".to_string(), 7));
    assert_eq!(
        said,
        [
            (
                place.clone(),
                "`covers` names a feature that the project does not list: `chat.presense`, did you mean `chat.presence`?"
                    .to_string()
            ),
            (
                place,
                "`targets` names a target that the project does not have: `stagin`, did you mean `staging`?"
                    .to_string()
            ),
            (None, "`--tag nope` means none of these journeys".to_string()),
        ]
    );
    // A project that lists nothing knows nothing better.
    assert_eq!(warnings(&[odd], &Selection::default(), &[], &[]), []);
}

#[test]
fn the_command_line_says_the_retries_then_the_journey_then_the_project() {
    let mut own = journey("a.lua", "own", 1, 2);
    own.retries = Some(1);
    let all = [own, journey("a.lua", "other", 3, 4)];
    let retries = |retries_of_all| {
        let settings = PlanSettings {
            retries: 2,
            retries_of_all,
            ..ONCE
        };
        let planned = plan(&all, &Selection::default(), "demo", settings).expect("a plan");
        planned.iter().map(|one| one.retries).collect::<Vec<_>>()
    };
    assert_eq!(retries(None), [1, 2]);
    assert_eq!(retries(Some(0)), [0, 0]);
}

#[test]
fn a_name_behind_two_colons_means_one_journey_of_its_file() {
    assert_eq!(
        names(&paths(&["journeys/orders.lua::orders in USD"])),
        ["orders in USD"]
    );
    let whole = "journeys/orders.lua::orders in US";
    let PlanError::NoJourneyNamed { nearest, .. } = error(&paths(&[whole])) else {
        panic!("a part of a name is none");
    };
    assert_eq!(nearest.as_deref(), Some("orders in USD"));
    let elsewhere = "journeys/orders.lua::a polite goodbye";
    assert!(matches!(
        error(&paths(&[elsewhere])),
        PlanError::NoJourneyNamed { .. }
    ));
    let file = [
        journey("a.lua", "log", 1, 2),
        journey("a.lua", "log in", 3, 4),
    ];
    let planned = plan(&file, &paths(&["a.lua::log"]), "demo", ONCE).expect("a plan");
    assert_eq!(planned.len(), 1, "the whole name, not its beginning");
    let shares = |selection: &Selection| {
        let planned = plan(&shop(), selection, "demo", ONCE).expect("a plan");
        planned
            .iter()
            .map(|one| one.shares_line)
            .collect::<Vec<_>>()
    };
    assert_eq!(shares(&Selection::default()), [false, false, true, true]);
    let one = paths(&["journeys/orders.lua::orders in USD"]);
    assert_eq!(shares(&one), [true], "also where the other is not selected");
}

#[test]
fn what_all_journeys_of_a_matrix_have_wrong_is_said_once() {
    let cell = |name| {
        let mut cell = journey("a.lua", name, 7, 9);
        cell.covers = words(&["chat.presense"]);
        cell
    };
    let cells = [cell("t [n=1]"), cell("t [n=2]")];
    let features = words(&["chat.presence"]);
    let said = warnings(&cells, &Selection::default(), &features, &[]);
    assert_eq!(said.len(), 1);
}
