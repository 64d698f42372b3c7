//! What an editor with LuaLS needs: the stubs as files, and `.luarc.json`.

use serde_json::{Map, Value, json};

/// The name of the settings of LuaLS.
pub const SETTINGS: &str = ".luarc.json";
/// Where the stubs go if nobody says otherwise: beside the reports, which no repository keeps.
pub const FOLDER: &str = ".jaunt/types";

/// The stubs: name and text of each file.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    crate::script::types::FILES.into_iter()
}

/// What journeys are not given of Lua, in the words of LuaLS.
const GONE: [&str; 5] = ["coroutine", "debug", "io", "os", "package"];

/// The settings of a project whose journeys and stubs lie in these folders, relative to it.
pub fn settings(journeys: &str, stubs: &str) -> Value {
    let gone = GONE.map(|module| (module.to_string(), json!("disable")));
    json!({
        "$schema": "https://raw.githubusercontent.com/LuaLS/vscode-lua/master/setting/schema.json",
        "runtime.version": "Lua 5.4",
        "runtime.path": [format!("{journeys}/?.lua")],
        "runtime.builtin": Map::from_iter(gone),
        "workspace.library": [stubs],
        "workspace.checkThirdParty": false,
    })
}

/// The settings as a file.
pub fn text(settings: &Value) -> String {
    // A value of JSON always has a form in JSON.
    let text = serde_json::to_string_pretty(settings).unwrap_or_default();
    format!("{text}\n")
}

/// What settings that are there lack of the ones that are needed, as lines to be put in. A value of
/// one's own is one's own; lists and tables are only looked through for what must be in them.
pub fn lacking(own: &Value, needed: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, wanted) in needed.as_object().into_iter().flatten() {
        if key == "$schema" || key == "runtime.builtin" {
            continue;
        }
        let there = setting(own, key);
        let enough = match (there, wanted) {
            (Some(Value::Array(there)), Value::Array(wanted)) => {
                wanted.iter().all(|it| there.contains(it))
            }
            (Some(_), _) => true,
            (None, _) => false,
        };
        if !enough {
            lines.push(format!("{}: {wanted}", json!(key)));
        }
    }
    lines
}

/// A setting by its dotted name, written so or as tables in tables.
fn setting<'a>(own: &'a Value, key: &str) -> Option<&'a Value> {
    let nested = || key.split('.').try_fold(own, |value, part| value.get(part));
    let prefixed = || own.get(format!("Lua.{key}"));
    own.get(key).or_else(prefixed).or_else(nested)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_settings_lack_only_what_is_not_there_in_any_form() {
        let needed = settings("journeys", ".jaunt/types");
        assert!(lacking(&needed, &needed).is_empty());
        let nested = json!({
            "runtime": { "version": "LuaJIT", "path": ["?.lua", "journeys/?.lua"] },
            "Lua.workspace.library": [".jaunt/types", "love2d"],
            "workspace": { "checkThirdParty": true },
        });
        assert!(
            lacking(&nested, &needed).is_empty(),
            "{:?}",
            lacking(&nested, &needed)
        );
        let own = json!({ "runtime.version": "Lua 5.3", "workspace.library": ["love2d"] });
        assert_eq!(
            lacking(&own, &needed),
            [
                "\"runtime.path\": [\"journeys/?.lua\"]",
                "\"workspace.checkThirdParty\": false",
                "\"workspace.library\": [\".jaunt/types\"]",
            ]
        );
    }
}
