//! The options of an operator of `j:fault`: a place in JSON, a message, a request, and the plain ones.

use std::rc::Rc;

use mlua::{Lua, Value};
use url::Url;

use crate::client::fault::{Predicate, kind};
use crate::model::fault::Key;
use crate::model::{Nanos, duration};
use crate::script::api::stream::pump::undecoded;
use crate::script::host::Host;
use crate::script::options::Options;
use crate::script::pattern::{Context, Pattern};
use crate::script::raise::wrong;
use crate::script::value::{from_lua, json};

/// The options of an operator while they are being read.
pub(super) struct Given<'a> {
    pub(super) lua: &'a Lua,
    pub(super) host: &'a Host,
    pub(super) options: &'a Options,
    pub(super) name: &'static str,
}

impl Given<'_> {
    fn needs(&self, key: &str) -> mlua::Error {
        wrong(format!("`{}` needs the option `{key}`", self.name))
    }

    pub(super) fn required(&self, key: &str) -> mlua::Result<String> {
        self.options.text(key)?.ok_or_else(|| self.needs(key))
    }

    pub(super) fn by(&self) -> mlua::Result<Nanos> {
        let by = self.options.duration("by")?;
        by.map(duration::nanos).ok_or_else(|| self.needs("by"))
    }

    pub(super) fn hour_or(&self) -> mlua::Result<Nanos> {
        let by = self.options.duration("by")?;
        Ok(by.map_or(3_600_000_000_000, duration::nanos))
    }

    pub(super) fn number(&self, key: &str, otherwise: u16) -> mlua::Result<u16> {
        match self.options.count(key)? {
            None => Ok(otherwise),
            Some(count) => u16::try_from(count)
                .map_err(|_| wrong(format!("`{key}` of `fault` is no {key}: {count}"))),
        }
    }

    pub(super) fn status(&self, otherwise: u16) -> mlua::Result<u16> {
        let status = self.number("status", otherwise)?;
        match (200..=999).contains(&status) {
            true => Ok(status),
            false => Err(wrong(format!(
                "`status` of `fault` is no status of an answer: {status}"
            ))),
        }
    }

    pub(super) fn to(&self) -> mlua::Result<String> {
        let to = self.options.table("to")?.ok_or_else(|| self.needs("to"))?;
        let client = self.host.client_in(&to);
        let client = client.ok_or_else(|| wrong("`to` of `fault` is a client"))?;
        Ok(client.name.clone())
    }

    pub(super) fn json(&self) -> mlua::Result<String> {
        let value = match self.options.value("value")? {
            Value::Nil => return Err(self.needs("value")),
            value => from_lua(self.lua, &value, &mut Vec::new())?,
        };
        json::write(&value).map_err(|error| wrong(format!("`value` of `fault`: {error}")))
    }

    pub(super) fn path(&self) -> mlua::Result<Vec<Key>> {
        let path = self.required("path")?;
        keys_of(&path).ok_or_else(|| {
            wrong(format!(
                "`path` of `fault` is one place, such as `items[0].id`, found `{path}`"
            ))
        })
    }
}

/// `items[0].id`, with or without `$.` before it; `$` alone is the root.
fn keys_of(path: &str) -> Option<Vec<Key>> {
    let path = path.strip_prefix('$').unwrap_or(path);
    let mut keys = Vec::new();
    for part in path.strip_prefix('.').unwrap_or(path).split('.') {
        let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if name.contains([']', '*']) {
            return None;
        }
        if !name.is_empty() {
            keys.push(Key::Name(name.to_string()));
        }
        while let Some(inner) = rest.strip_prefix('[') {
            let (index, behind) = inner.split_once(']')?;
            let quoted = index.strip_prefix(['\'', '"']);
            keys.push(match quoted.and_then(|it| it.strip_suffix(['\'', '"'])) {
                Some(name) => Key::Name(name.to_string()),
                None => Key::Index(index.parse().ok()?),
            });
            rest = behind;
        }
        if !rest.is_empty() || (part.is_empty() && path.len() > 1) {
            return None;
        }
    }
    Some(keys)
}

/// Messages like a pattern, as a stream has them that was not told how to decode them.
pub(super) fn of_message(lua: &Lua, pattern: Pattern) -> Predicate {
    // The border outlives no VM, and must not keep it alive either.
    let lua = lua.weak();
    Rc::new(move |bytes, binary| {
        let Some(lua) = lua.try_upgrade() else {
            return false;
        };
        let found = pattern.matches(&undecoded(bytes, binary), &Context::new(&lua, &[]));
        found.unwrap_or(false)
    })
}

/// Answers to requests like one, by the kind that the border names them by.
pub(super) fn of_request(text: &str) -> mlua::Result<Predicate> {
    let refused = || {
        wrong(format!(
            "`request` of `fault` is a method and a path, such as `GET /notes/7`, found `{text}`"
        ))
    };
    let (method, path) = text.split_once(' ').ok_or_else(refused)?;
    if method.is_empty() || !path.starts_with('/') {
        return Err(refused());
    }
    let url = Url::parse(&format!("http://any{path}")).map_err(|_| refused())?;
    let wanted = kind::of_request(method, &url, &[]);
    let any_query = !path.contains('?');
    Ok(Rc::new(move |request, _| {
        let Ok(request) = std::str::from_utf8(request) else {
            return false;
        };
        let path = request.split('?').next();
        request == wanted || (any_query && path == Some(wanted.as_str()))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_place() {
        let name = |text: &str| Key::Name(text.to_string());
        let id = vec![name("items"), Key::Index(0), name("id")];
        assert_eq!(keys_of("items[0].id"), Some(id.clone()));
        assert_eq!(keys_of("$.items[0].id"), Some(id));
        assert_eq!(
            keys_of("$[1]['a-b']"),
            Some(vec![Key::Index(1), name("a-b")])
        );
        assert_eq!(keys_of("$"), Some(Vec::new()));
        for none in ["items[*]", "items.*", "a..b", "a.", "items[", "a]"] {
            assert_eq!(keys_of(none), None, "{none}");
        }
    }

    #[test]
    fn a_request_is_meant_by_its_kind() {
        let meant = |text: &str, kind: &str| {
            let is = of_request(text).expect("a request");
            is(kind.as_bytes(), false)
        };
        assert!(meant("GET /notes/7", "GET /notes/*"));
        assert!(meant("GET /notes/*", "GET /notes/*"));
        assert!(meant("GET /notes", "GET /notes?page"));
        assert!(meant("GET /notes?page=2", "GET /notes?page"));
        assert!(!meant("GET /notes?page=2", "GET /notes"));
        assert!(!meant("GET /notes", "POST /notes"));
        assert!(of_request("/notes").is_err() && of_request("GET notes").is_err());
    }
}
