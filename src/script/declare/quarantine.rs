//! `quarantine = { reason = "…", expires = "2026-12-31" }`

use mlua::Value;

use crate::model::{Day, Quarantine};
use crate::script::options::Options;
use crate::script::raise::wrong;

/// Its keys, both needed.
pub const KEYS: &[&str] = &["reason", "expires"];

const FORM: &str = "`quarantine = { reason = \"…\", expires = \"2026-12-31\" }`";

/// What a journey says of it. Both keys are needed: a quarantine without a reason or without an
/// end is a journey that nobody looks at any more.
pub(super) fn read(options: &Options) -> mlua::Result<Option<Quarantine>> {
    let value = options.value("quarantine")?;
    if value == Value::Nil {
        return Ok(None);
    }
    let inner = Options::read("quarantine", value, KEYS)?;
    let needed = |key: &str, text: Option<String>| {
        let text = text.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| wrong(format!("`quarantine` needs `{key}`, as in {FORM}")))
    };
    let reason = needed("reason", inner.text("reason")?)?;
    let expires = needed("expires", inner.text("expires")?)?;
    let day: Result<Day, _> = expires.parse();
    Ok(Some(Quarantine {
        reason,
        expires: day.map_err(|error| {
            wrong(format!(
                "`expires` of `quarantine`: {error}, found {expires:?}"
            ))
        })?,
    }))
}
