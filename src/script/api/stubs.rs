//! Holds the stubs for editors to what a journey really finds, both ways: globals, `j`, clients,
//! streams, responses, random values, and the option keys of every call.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use mlua::{Lua, Table, Value};
use tokio::time::{Duration, Instant};

use super::keys::{self, Keys};
use super::{client, journey, stream};
use crate::client::fault::Border;
use crate::client::release::Watch;
use crate::model::release::{Deploy, Version};
use crate::model::{FloorReport, ProblemKind, Target};
use crate::record::Emitter;
use crate::record::emitter::Clock;
use crate::script::host::{Host, HostParts, RunFacts, Waits};
use crate::script::prelude::{self, Prelude};
use crate::script::reach::Reaches;
use crate::script::sources::Sources;
use crate::script::{declare, fields, load, vm};

const STUBS: [(&str, &str); 9] = [
    ("globals", include_str!("../types/globals.lua")),
    ("journey", include_str!("../types/journey.lua")),
    ("client", include_str!("../types/client.lua")),
    ("response", include_str!("../types/response.lua")),
    ("page", include_str!("../types/page.lua")),
    ("stream", include_str!("../types/stream.lua")),
    ("random", include_str!("../types/random.lua")),
    ("fault", include_str!("../types/fault.lua")),
    ("numbers", include_str!("../types/numbers.lua")),
];
/// The prelude's classes, and what the stubs call them.
const CLASSES: [(&str, &str); 4] = [
    ("j", "Journey"),
    ("client", "Client"),
    ("stream", "Stream"),
    ("fault", "Fault"),
];
/// Option classes with the keys their calls read and those they refuse as later ones.
const OPTIONS: [(&str, Keys, Keys); 32] = [
    ("JourneyOptions", declare::OPTIONS, &[]),
    ("Quarantine", declare::quarantine::KEYS, &[]),
    ("ClientOptions", client::OPTIONS, &[]),
    ("RequestOptions", client::request::OPTIONS, &[]),
    ("TlsOptions", client::connecting::TLS, &[]),
    ("WebsocketOptions", stream::open::OPTIONS, &[]),
    // Both have those of a request besides, which the stubs say by inheritance.
    ("BodyOptions", stream::open_body::OWN, &[]),
    ("EventsOptions", stream::open_body::OF_EVENTS, &[]),
    ("BasicOptions", keys::BASIC, &[]),
    ("FileToSend", keys::FILE, &[]),
    ("SubmitOptions", keys::SUBMIT, &[]),
    ("InboxOptions", keys::INBOX, &[]),
    ("HeartbeatOptions", keys::HEARTBEAT, &[]),
    ("ResponseExpectOptions", keys::RESPONSE_EXPECT, &[]),
    ("EachOptions", keys::EACH, &[]),
    ("EventuallyOptions", keys::EVENTUALLY, &[]),
    ("NeverOptions", keys::NEVER, &[]),
    ("AttachOptions", keys::ATTACH, &[]),
    ("RecordOptions", keys::RECORD, &[]),
    ("MetricsOptions", keys::METRICS, &[]),
    ("ExpectSumOptions", keys::EXPECT_SUM, &[]),
    ("ExpectSplitOptions", keys::EXPECT_SPLIT, &[]),
    ("ToleranceOptions", keys::TOLERANCE, &[]),
    ("FaultOptions", keys::FAULT, &[]),
    ("CutOptions", keys::CUT, &[]),
    ("ExpectOptions", keys::EXPECT, &[]),
    ("ExpectOneOptions", keys::EXPECT_ONE, &[]),
    ("ExpectNoneOptions", keys::EXPECT_NONE, &[]),
    ("ExpectSeveralOptions", keys::EXPECT_SEVERAL, &[]),
    ("MessagesOptions", keys::MESSAGES, &[]),
    ("SendOptions", keys::SEND, &[]),
    ("Frame", keys::SEND_FRAME, &[]),
];

type Names = BTreeSet<String>;

fn names<'a>(all: impl IntoIterator<Item = &'a str>) -> Names {
    all.into_iter().map(str::to_string).collect()
}

fn keys_of(table: &Table) -> Names {
    let pairs = table.pairs::<String, Value>();
    pairs.map(|pair| pair.expect("a name").0).collect()
}

/// The names in a table as scripts read them: the table itself may be out of reach, or not be
/// complete yet.
fn seen(lua: &Lua, table: Table) -> Names {
    let seen = lua.load("local all = {} for name in pairs(...) do all[name] = true end return all");
    let seen = seen.into_function().expect("a chunk");
    keys_of(&seen.call(table).expect("names"))
}

/// Fields and methods of every class of the stubs; global functions stand under no name.
fn described() -> BTreeMap<String, Names> {
    let mut classes = BTreeMap::<String, Names>::new();
    for (_, stub) in STUBS {
        let mut class = String::new();
        for line in stub.lines() {
            if let Some(name) = line.strip_prefix("---@class ") {
                let name = name.split(" : ").next().expect("a name");
                class = name.to_string();
                classes.entry(class.clone()).or_default();
            } else if let Some(field) = line.strip_prefix("---@field ") {
                // `[string] type` says what an index gives, and is no name.
                if let Some(name) = field
                    .split([' ', '?'])
                    .next()
                    .filter(|n| !n.starts_with('['))
                {
                    let members = classes.get_mut(&class).expect("a field stands in a class");
                    assert!(members.insert(name.to_string()), "{class}.{name} twice");
                }
            } else if let Some(rest) = line.strip_prefix("function ") {
                let path = rest.split('(').next().expect("a name");
                let (class, name) = path.split_once(':').unwrap_or(("", path));
                let members = classes.entry(class.to_string()).or_default();
                assert!(members.insert(name.to_string()), "{path} twice");
            }
        }
    }
    classes
}

fn host() -> Rc<Host> {
    let url = "http://127.0.0.1:1".to_string();
    let target = Target {
        name: "nowhere".to_string(),
        url,
        services: BTreeMap::new(),
        any_service: false,
        secrets: Default::default(),
        masked: Vec::new(),
        tls: None,
        headers: Vec::new(),
        vars: BTreeMap::new(),
        floor: Vec::new(),
        version: None,
        allow_hosts: Vec::new(),
        proxy: None,
        sockets: Default::default(),
        others: Vec::new(),
        embedded: false,
    };
    let version = Version::Header("x-version".to_string());
    let watch = Watch::new(&version, None).expect("a version");
    watch.know(&["r41".to_string()]);
    let second = Duration::from_secs(1);
    let facts = RunFacts {
        id: "a-run".to_string(),
        seed: "1".to_string(),
        attempt: 1,
    };
    let emitter = Emitter::new(
        Clock::start(),
        Some(0),
        Arc::new(|_: crate::model::Event| {}),
    );
    Host::new(HostParts {
        border: Border::new(emitter.clone(), Vec::new(), None),
        numbers: None,
        caps: None,
        hide: crate::record::emitter::hides_nothing(),
        stepper: None,
        emitter,
        deploy: Some(Deploy {
            id: "r41".to_string(),
            commit: Some("4be1d2c".to_string()),
            time: 0,
        }),
        reaches: Rc::new(Reaches::of(&Arc::new(target), Some(&watch)).expect("a target")),
        waits: Waits {
            within: second,
            settle: second,
            late: second,
            cleanup: second,
        },
        facts,
        sources: Sources::new(std::path::Path::new("."), std::path::Path::new(".")),
        deadline: Instant::now() + second,
        random: journey::random::seeded("1", "stubs"),
        ask_floor: Rc::new(|| Box::pin(async { FloorReport { checks: Vec::new() } })),
        scheduling_error: Rc::new(Cell::new(0)),
        epoch: 0,
    })
}

/// A VM as an attempt makes it: its environment, the fields of `j`, the classes of the prelude.
fn attempt() -> (Lua, Table, Table, Prelude) {
    let (lua, host) = (vm::new().expect("a VM"), host());
    let env = vm::environment(&lua).expect("an environment");
    let fields = fields::fields(&lua, &host, &Default::default()).expect("fields");
    let prelude = prelude::for_running(&lua, &env, &host, "stubs", fields.clone());
    load::declarations(&lua, &env, &host.sources, "stubs.lua").expect("`journey`, `require`");
    (lua, env, fields, prelude.expect("a prelude"))
}

fn members(prelude: &Prelude, class: &str) -> Names {
    let class: Table = prelude.classes.get(class).expect("a class");
    let of = |part: i64| keys_of(&class.get::<Table>(part).expect("a table"));
    of(1).union(&of(2)).cloned().collect()
}

#[test]
fn globals_agree_with_the_environment() {
    let (lua, env, ..) = attempt();
    let mut expected = described().remove("").expect("global functions");
    let of_lua = vm::BASICS.into_iter();
    for name in of_lua.chain(["table", "string", "math", "utf8", "_G"]) {
        assert!(
            STUBS[0].1.contains(&format!("`{name}`")),
            "no word of {name}"
        );
        expected.insert(name.to_string());
    }
    // The modules have stubs of their own, compared in `tests`.
    let modules = [
        "json",
        "match",
        "regex",
        "time",
        "url",
        "base64",
        "base64url",
        "hex",
        "html",
        "xml",
        "hash",
    ];
    expected.extend(names(modules));
    assert_eq!(seen(&lua, env), expected);
}

#[test]
fn classes_agree_with_the_prelude() {
    let (_lua, _env, _fields, prelude) = attempt();
    let stubs = described();
    for part in ["client", "stream", "fault"] {
        prelude.part.call::<()>(part).expect("a part");
    }
    for (class, stub) in CLASSES {
        assert_eq!(stubs[stub], members(&prelude, class), "{class}");
    }
    let classes = prelude.classes.pairs::<Value, Value>();
    assert_eq!(classes.count(), CLASSES.len());
}

#[test]
fn values_of_j_agree() {
    let (lua, _env, fields, _prelude) = attempt();
    let stubs = described();
    for (field, class) in [
        ("target", "Target"),
        ("deploy", "Deploy"),
        ("run", "Run"),
        ("random", "Random"),
        ("fake", "Fake"),
    ] {
        let table: Table = fields.get(field).expect(field);
        assert_eq!(stubs[class], seen(&lua, table), "j.{field}");
    }
}

#[test]
fn responses_and_errors_agree() {
    let stubs = described();
    let of_response = client::response::FIELDS
        .into_iter()
        .chain(client::response::METHODS);
    assert_eq!(stubs["Response"], names(of_response));
    let of_element = client::element::FIELDS
        .into_iter()
        .chain(client::element::METHODS);
    assert_eq!(stubs["Element"], names(of_element));
    assert_eq!(stubs["Form"], names(client::form::METHODS));
    assert_eq!(stubs["Headers"], names(client::named::METHODS));
    assert_eq!(stubs["Metrics"], names(journey::metrics::handle::METHODS));
    assert_eq!(stubs["Error"], names(journey::caught::FIELDS));
}

/// Scripts catch what the target did, but not a number that moved: that is known when they have ended.
#[test]
fn kinds_of_errors_agree() {
    let (_, kinds) = include_str!("../types/globals.lua")
        .split_once("---@field kind ")
        .expect("the kind of an error");
    let kinds = kinds.split(' ').next().expect("its names");
    let named: Names = names(kinds.split('|').map(|it| it.trim_matches('"')));
    let caught = ProblemKind::ALL.into_iter();
    let caught = caught.filter(|kind| kind.is_targets() && *kind != ProblemKind::Number);
    assert_eq!(named, names(caught.map(ProblemKind::name)));
}

#[test]
fn option_keys_agree() {
    let stubs = described();
    for (class, known, later) in OPTIONS {
        let known = known.iter().copied().filter(|key| !later.contains(key));
        assert_eq!(stubs[class], names(known), "{class}");
    }
    let with_options = stubs.keys().filter(|class| class.ends_with("Options"));
    let compared = OPTIONS
        .iter()
        .filter(|(class, ..)| class.ends_with("Options"));
    assert_eq!(
        with_options.count(),
        compared.count(),
        "an option class that no call reads"
    );
}

/// A list of keys that stands in a call could not be compared with anything.
#[test]
fn no_call_hides_its_keys() {
    let sources = rust_files("src/script");
    assert!(sources.len() > 20, "only {} files", sources.len());
    let hidden = regex::Regex::new(r"Options::read\(\s*[^;]*?&\[").expect("an expression");
    for (path, text) in sources {
        assert!(
            !hidden.is_match(&text),
            "{path}: name the keys in `api::keys`"
        );
    }
}

fn rust_files(folder: &str) -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (mut folders, mut found) = (vec![root], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("api/stubs.rs")
            {
                let text = std::fs::read_to_string(&path).expect("a file");
                found.push((path.display().to_string(), text));
            }
        }
    }
    found
}

#[test]
fn stubs_are_lua_and_every_function_has_an_example() {
    let lua = Lua::new();
    let example = regex::Regex::new(r"(?s)---```lua\n(.*?)---```\n").expect("an expression");
    for (name, stub) in STUBS {
        assert!(stub.starts_with("---@meta\n"), "{name}");
        lua.load(stub).into_function().expect(name);
        for found in example.captures_iter(stub) {
            let code = found[1].replace("---", "");
            lua.load(code.as_str()).into_function().expect(&code);
        }
        for block in stub
            .split("\n\n")
            .filter(|block| block.contains("\nfunction "))
        {
            assert!(block.contains("---```lua\n"), "{name}: {block}");
        }
    }
}
