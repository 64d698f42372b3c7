//! Faults at answers to requests.

use std::time::Duration;

use super::{Put, leaf};
use crate::model::duration;
use crate::model::fault::{Answered, Change, Passage, What};

/// Within every deadline that is worth its name.
const SLOW: Duration = Duration::from_millis(20);
/// Headers by which a page protects who reads it.
const SECURITY: [&str; 8] = [
    "content-security-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cache-control",
];
/// Headers that a client acts upon.
const FUNCTIONAL: [&str; 4] = [
    "etag",
    "retry-after",
    "www-authenticate",
    "content-disposition",
];

pub(super) fn faults(put: &mut Put<'_, '_>) {
    let What::Response {
        method,
        url,
        answer,
        ..
    } = &put.passed().what
    else {
        return;
    };
    for status in other_statuses(answer.status) {
        put.put(Change::Status { status });
    }
    // Half of a secret is one that nobody masks.
    let body = String::from_utf8_lossy(&answer.body);
    if answer.body.len() > 1 && !put.is_secret(&body) {
        put.put(Change::Truncate);
        put.put(Change::Cut);
    }
    put.put_once(Change::Slow {
        by: duration::nanos(SLOW),
    });
    if put.site().nth > 0 {
        earlier(put, method, url, answer);
    }
    headers(put, answer);
    if is_write(method) && (200..300).contains(&answer.status) {
        put.put(Change::LoseWrite {
            answer: answer.clone(),
        });
        // To put or to delete twice is to do it once.
        if ["POST", "PATCH"].contains(&method.as_str()) {
            put.put(Change::DoubleWrite);
        }
    }
    leaf::faults(put);
}

/// A lie about the success, and another shade of it.
fn other_statuses(status: u16) -> Vec<u16> {
    match status {
        200 => vec![500, 201],
        201..=299 => vec![500, 200],
        300..=399 => vec![200],
        400..=499 => vec![200, 500],
        _ => vec![200],
    }
}

fn is_write(method: &str) -> bool {
    ["POST", "PUT", "PATCH", "DELETE"].contains(&method)
}

/// The answers that the same request got before, if they were others.
fn earlier(put: &mut Put<'_, '_>, method: &str, url: &str, answer: &Answered) {
    let same: Vec<&Answered> = put
        .before()
        .iter()
        .filter_map(|passed| match &passed.what {
            What::Response {
                method: other,
                url: at,
                answer,
                floor: false,
                ..
            } if other == method && at == url => Some(answer),
            _ => None,
        })
        .collect();
    let differs = |other: &&Answered| (other.status, &other.body) != (answer.status, &answer.body);
    let (first, last) = (same.first().copied(), same.last().copied());
    let first = first.filter(differs);
    if first.is_some() {
        put.put(Change::SecondRead);
    }
    if let Some(last) = last.filter(differs)
        && first.is_none_or(|first| (first.status, &first.body) != (last.status, &last.body))
    {
        put.put(Change::Stale);
    }
}

fn headers(put: &mut Put<'_, '_>, answer: &Answered) {
    let named = |name: &str| {
        let looked = put.line.looked.as_ref();
        looked.is_some_and(|looked| names(&looked.pattern.to_ascii_lowercase(), name))
    };
    let is_page = answer.headers.iter().any(|(name, value)| {
        name == "content-type" && String::from_utf8_lossy(value).contains("text/html")
    });
    let mut changes = Vec::new();
    for (name, value) in &answer.headers {
        let name = name.as_str();
        match name {
            "set-cookie" => {
                let text = String::from_utf8_lossy(value);
                let cookie = text.split('=').next().unwrap_or_default().trim();
                changes.push(Change::DropCookie {
                    name: cookie.to_string(),
                });
            }
            "content-type" if is_page || named(name) => changes.push(Change::SetHeader {
                name: name.to_string(),
                value: "application/octet-stream".to_string(),
            }),
            "location" => {
                if let Passage::Response { .. } = &put.site().passage
                    && let What::Response { url, .. } = &put.passed().what
                {
                    changes.push(Change::SetHeader {
                        name: name.to_string(),
                        value: url.clone(),
                    });
                }
            }
            _ => {
                let security = is_page && SECURITY.contains(&name);
                if security || FUNCTIONAL.contains(&name) || named(name) {
                    changes.push(Change::DropHeader {
                        name: name.to_string(),
                    });
                }
            }
        }
    }
    for change in changes {
        put.put_once(change);
    }
}

/// True if a pattern names a header: `x-content-type-options` does not name `content-type`.
fn names(pattern: &str, header: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
    pattern.match_indices(header).any(|(at, _)| {
        let before = pattern[..at].chars().next_back();
        let behind = pattern[at + header.len()..].chars().next();
        !before.is_some_and(inner) && !behind.is_some_and(inner)
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_header_is_named_by_its_whole_name() {
        let pattern =
            r#"{ headers = { ["x-content-type-options"] = "nosniff", vary = "origin" } }"#;
        assert!(names(pattern, "x-content-type-options") && names(pattern, "vary"));
        assert!(!names(pattern, "content-type"));
    }
}
