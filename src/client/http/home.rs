//! What a hop would carry abroad: every part of a request is held against what must not go to its
//! host, before anything of it is sent.

use http::HeaderMap;

use crate::client::guard::Outbound;
use crate::model::{Problem, ProblemKind};

use super::headers::Field;
use super::message::Request;
use super::redirect::Hop;

/// Refuses a hop that would carry a secret to a host that is not the secret's home: with a `host`
/// problem, or after a redirect, which is the target's doing, with a `redirect` problem.
pub(super) fn check(
    outbound: &Outbound,
    request: &Request,
    hop: &Hop,
    headers: &HeaderMap,
    client: &[Field],
) -> Result<(), Problem> {
    if outbound.is_free() {
        return Ok(());
    }
    let url = hop.url.as_str().as_bytes();
    let leak = outbound
        .leak(hop.method.as_str().as_bytes(), || "the method".to_string())
        .or_else(|| outbound.leak(url, || "the URL".to_string()))
        .or_else(|| in_names(outbound, hop, client.iter().chain(&request.headers)))
        .or_else(|| in_headers(outbound, headers))
        .or_else(|| in_login(outbound, request, hop))
        .or_else(|| outbound.leak(&hop.body.bytes(), || "the body".to_string()));
    // Neither message shows an address: the secret may stand in it.
    match (leak, hop.number) {
        (None, _) => Ok(()),
        (Some(why), 0) => Err(Problem::new(ProblemKind::Host, why)),
        (Some(why), _) => Err(led(outbound, &why)),
    }
}

/// The same for a `Location` as it came: an address is not escaped as its text was.
pub(super) fn check_location(outbound: &Outbound, location: &str) -> Result<(), Problem> {
    match outbound.leak(location.as_bytes(), || "the URL".to_string()) {
        None => Ok(()),
        Some(why) => Err(led(outbound, &why)),
    }
}

fn led(outbound: &Outbound, why: &str) -> Problem {
    let message = format!("a redirect led to `{}`: {why}", outbound.host());
    Problem::new(ProblemKind::Redirect, message)
}

/// Names as they were given: what is sent is in lower case, and no form of a secret any more.
fn in_names<'a>(
    outbound: &Outbound,
    hop: &Hop,
    mut given: impl Iterator<Item = &'a Field>,
) -> Option<String> {
    given.find_map(|(name, _)| {
        let stays = hop.withheld.contains(name);
        let leak = || outbound.leak(name.as_bytes(), || "the name of a header".to_string());
        if stays { None } else { leak() }
    })
}

fn in_headers(outbound: &Outbound, headers: &HeaderMap) -> Option<String> {
    headers.iter().find_map(|(name, value)| {
        outbound.leak(value.as_bytes(), || format!("the header `{name}`"))
    })
}

/// A digest sends a hash of the password, which is enough to guess a short one by.
fn in_login(outbound: &Outbound, request: &Request, hop: &Hop) -> Option<String> {
    let login = request.digest.as_ref()?;
    if hop.dropped.credentials {
        return None;
    }
    [&login.user, &login.password]
        .into_iter()
        .find_map(|text| outbound.leak(text.as_bytes(), || "the login `digest`".to_string()))
}

/// The names of those headers that a redirect to this place must leave behind: whatever carries a
/// secret proves who a user is, as the credentials do which every browser drops.
pub(super) fn withheld<'a>(
    outbound: &'a Outbound,
    fields: impl Iterator<Item = &'a Field> + 'a,
) -> impl Iterator<Item = String> + 'a {
    let carries = |value: &[u8]| outbound.leak(value, String::new).is_some();
    fields
        .filter(move |(name, value)| {
            !outbound.is_free() && (carries(value) || carries(name.as_bytes()))
        })
        .map(|(name, _)| name.clone())
}
