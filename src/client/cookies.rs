//! A client's cookies: one jar for its HTTP side and its streams, shared by two clients that act
//! as two tabs of one browser. It may use `model` only.

use std::cell::RefCell;
use std::rc::Rc;

use cookie_store::{CookieStore, RawCookie};
use url::Url;

use crate::model::{Problem, ProblemKind};

/// Most bytes of a cookie's name and value, and most cookies of a jar: about what browsers keep. A
/// target that sets more would have each request carry it all back.
const LONGEST: usize = 4096;
const MOST: usize = 500;

/// A jar; a clone is the same jar.
#[derive(Debug, Clone, Default)]
pub struct Jar {
    store: Rc<RefCell<CookieStore>>,
}

/// A cookie as a jar holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The host or domain it is for.
    pub domain: String,
    /// The path it is for.
    pub path: String,
}

/// A `Set-Cookie` header taken apart, whether or not a jar would keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetCookie {
    /// Its name.
    pub name: String,
    /// Its value, as it came.
    pub value: String,
    /// What follows, names in lower case; a flag such as `httponly` has no value.
    pub attributes: Vec<(String, Option<String>)>,
}

impl Jar {
    /// An empty jar.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of the `Cookie` header for a URL; nothing if no cookie is for it. `ws` counts as
    /// `http` and `wss` as `https`. Longer paths come first, then by name.
    pub fn header_for(&self, url: &Url) -> Option<String> {
        let store = self.store.borrow();
        let mut cookies = store.matches(&as_http(url));
        cookies.sort_by(|a, b| {
            (b.path.len(), a.name(), a.path.as_ref()).cmp(&(
                a.path.len(),
                b.name(),
                b.path.as_ref(),
            ))
        });
        let pairs: Vec<String> = cookies
            .iter()
            .map(|cookie| format!("{}={}", cookie.name(), cookie.value()))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Takes the `Set-Cookie` headers of an answer from `url`. What a browser would not keep (a
    /// foreign domain, no name, more than 4096 bytes, more than 500 cookies) is left out.
    pub fn store<H: AsRef<[u8]>>(&self, url: &Url, headers: impl IntoIterator<Item = H>) {
        let url = as_http(url);
        let mut store = self.store.borrow_mut();
        for header in headers {
            let text = String::from_utf8_lossy(header.as_ref());
            // A refusal is a browser's behaviour, not an error: the response still shows the header.
            let Ok(cookie) = cookie_store::Cookie::parse(text, &url) else {
                continue;
            };
            if cookie.name().len() + cookie.value().len() > LONGEST {
                continue;
            }
            let domain = cookie.domain.as_cow().unwrap_or_default();
            let is_new = !store.contains_any(&domain, &cookie.path, cookie.name());
            if is_new && store.iter_any().count() >= MOST {
                continue;
            }
            let _ = store.insert(cookie.into_owned(), &url);
        }
    }

    /// Puts a cookie in before the first request, for the whole host of `url`. A `script` problem
    /// says why it is no cookie.
    pub fn preset(&self, url: &Url, name: &str, value: &str) -> Result<(), Problem> {
        let wrong = |what: &str| {
            Problem::new(
                ProblemKind::Script,
                format!("the cookie `{name}` cannot be sent: {what}"),
            )
        };
        if name.is_empty()
            || name.contains(['=', ';', ' ', '\t'])
            || name.contains(char::is_control)
        {
            return Err(wrong(
                "its name is empty or holds `=`, `;`, a space or a control character",
            ));
        }
        if value.contains(';') || value.contains(char::is_control) {
            return Err(wrong("its value holds `;` or a control character"));
        }
        let cookie = RawCookie::build((name.to_string(), value.to_string())).path("/");
        self.store
            .borrow_mut()
            .insert_raw(&cookie.build(), &as_http(url))
            .map_err(|error| wrong(&error.to_string()))?;
        Ok(())
    }

    /// What is in the jar and not expired, by domain, path and name.
    pub fn list(&self) -> Vec<Held> {
        let store = self.store.borrow();
        let mut held: Vec<Held> = store
            .iter_unexpired()
            .map(|cookie| Held {
                name: cookie.name().to_string(),
                value: cookie.value().to_string(),
                domain: cookie.domain.as_cow().map(String::from).unwrap_or_default(),
                path: cookie.path.to_string(),
            })
            .collect();
        held.sort_by(|a, b| (&a.domain, &a.path, &a.name).cmp(&(&b.domain, &b.path, &b.name)));
        held
    }
}

impl SetCookie {
    /// Takes a header's value apart; nothing if it has no `name=value`.
    pub fn parse(header: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(header);
        let mut parts = text.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let attributes = parts
            .filter(|part| !part.is_empty())
            .map(|part| match part.split_once('=') {
                Some((name, value)) => (lower(name), Some(value.trim().to_string())),
                None => (lower(part), None),
            })
            .collect();
        Some(Self {
            name: name.trim().to_string(),
            value: value.trim().to_string(),
            attributes,
        })
    }
}

fn lower(name: &str) -> String {
    name.trim().to_ascii_lowercase()
}

/// Cookies know two schemes; a WebSocket's handshake is HTTP.
fn as_http(url: &Url) -> Url {
    let mut url = url.clone();
    let scheme = match url.scheme() {
        "ws" => "http",
        "wss" => "https",
        _ => return url,
    };
    // All four are special schemes, between which the URL standard allows the change.
    let changed = url.set_scheme(scheme);
    debug_assert!(changed.is_ok(), "ws and http are of one kind");
    url
}

#[cfg(test)]
mod tests;
