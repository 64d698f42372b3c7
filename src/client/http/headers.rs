//! Which headers a hop sends: defaults, the target's, the client's and the request's, each layer
//! replacing the names of those below it.

use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::model::Problem;

use super::message::{RequestBody, misuse};

/// A header: its name and the bytes of its value.
pub type Field = (String, Vec<u8>);

/// What jaunt calls itself unless somebody says otherwise.
const USER_AGENT: &str = concat!("jaunt/", env!("CARGO_PKG_VERSION"), " (+synthetic)");

/// Headers that prove who a user is: a redirect must not carry them to another host.
const CREDENTIALS: [&str; 4] = ["authorization", "cookie", "cookie2", "proxy-authorization"];

/// Headers that describe a body and go with it when a redirect drops it.
const OF_A_BODY: [&str; 6] = [
    "content-type",
    "content-length",
    "content-encoding",
    "content-language",
    "content-location",
    "transfer-encoding",
];

/// What one hop's headers are made of.
pub(super) struct Parts<'a> {
    /// `host` or `host:port` of the hop's URL.
    pub(super) host: String,
    /// The target's, empty if the hop's host is not the target's own.
    pub(super) target: &'a [Field],
    /// The client's.
    pub(super) client: &'a [Field],
    /// The request's.
    pub(super) request: &'a [Field],
    /// What a redirect took from the client's and the request's.
    pub(super) dropped: Dropped,
    /// Names that a redirect took for what they carry.
    pub(super) withheld: &'a [String],
    /// The jar's `Cookie` header.
    pub(super) cookies: Option<String>,
    /// `user:password` of the hop's URL, as an `Authorization` header's value.
    pub(super) basic: Option<String>,
    /// The hop's body.
    pub(super) body: &'a RequestBody,
    /// Methods that mean to send a body say so even if it is empty.
    pub(super) says_length: bool,
}

impl Parts<'_> {
    fn withholds(&self, name: &str) -> bool {
        self.withheld.iter().any(|known| known == name)
    }
}

/// What redirects have taken from the headers so far; nothing comes back on a later hop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Dropped {
    /// The host changed: credentials stay behind.
    pub(super) credentials: bool,
    /// The host or the port changed: a `Host` of one's own was meant for the first.
    pub(super) host: bool,
    /// The request became a GET: its body is gone.
    pub(super) body: bool,
}

impl Dropped {
    fn keeps(self, name: &str) -> bool {
        let is_one_of = |names: &[&str]| names.iter().any(|n| n.eq_ignore_ascii_case(name));
        !(self.credentials && is_one_of(&CREDENTIALS)
            || self.host && is_one_of(&["host"])
            || self.body && is_one_of(&OF_A_BODY))
    }
}

/// The headers of a hop, exactly as they will be sent. A `script` problem names what is no header.
pub(super) fn compose(parts: &Parts<'_>) -> Result<HeaderMap, Problem> {
    let defaults = [
        ("host".to_string(), parts.host.clone().into_bytes()),
        ("user-agent".to_string(), USER_AGENT.into()),
        ("accept".to_string(), b"*/*".to_vec()),
        ("accept-encoding".to_string(), super::decode::OFFERED.into()),
    ];
    let kept = |fields: &[Field]| -> Vec<Field> {
        fields
            .iter()
            .filter(|(name, _)| parts.dropped.keeps(name) && !parts.withholds(name))
            .cloned()
            .collect()
    };
    let basic: Vec<Field> = parts
        .basic
        .iter()
        .map(|value| ("authorization".to_string(), value.clone().into_bytes()))
        .collect();
    let mut map = HeaderMap::new();
    for layer in [
        &defaults[..],
        parts.target,
        &basic,
        &kept(parts.client),
        &kept(parts.request),
    ] {
        lay(&mut map, layer)?;
    }
    add_cookies(&mut map, parts.cookies.as_deref())?;
    add_framing(&mut map, parts.body, parts.says_length)?;
    Ok(map)
}

/// Puts a layer over what is there: its names replace, its repeats stay repeats.
fn lay(map: &mut HeaderMap, layer: &[Field]) -> Result<(), Problem> {
    let fields = layer
        .iter()
        .map(|(name, value)| Ok((header_name(name)?, header_value(name, value)?)))
        .collect::<Result<Vec<_>, Problem>>()?;
    for (name, _) in &fields {
        map.remove(name);
    }
    for (name, value) in fields {
        map.append(name, value);
    }
    Ok(())
}

/// Cookies that were given by hand come first and win over the jar's of the same name.
fn add_cookies(map: &mut HeaderMap, jar: Option<&str>) -> Result<(), Problem> {
    let Some(jar) = jar else { return Ok(()) };
    let by_hand: Vec<Vec<u8>> = map
        .get_all(http::header::COOKIE)
        .iter()
        .map(|value| value.as_bytes().to_vec())
        .collect();
    let joined = by_hand.join(&b"; "[..]);
    let text = String::from_utf8_lossy(&joined).into_owned();
    let named = |pair: &str| {
        pair.split('=')
            .next()
            .unwrap_or_default()
            .trim()
            .to_string()
    };
    let taken: Vec<String> = text.split(';').map(named).collect();
    let rest: Vec<&str> = jar
        .split("; ")
        .filter(|pair| !taken.contains(&named(pair)))
        .collect();
    if rest.is_empty() {
        return Ok(());
    }
    let mut value = joined;
    if !value.is_empty() {
        value.extend_from_slice(b"; ");
    }
    value.extend_from_slice(rest.join("; ").as_bytes());
    map.insert(http::header::COOKIE, header_value("cookie", &value)?);
    Ok(())
}

/// How long the body is, is ours to say: a length of the script's own would cut it or hang.
fn add_framing(map: &mut HeaderMap, body: &RequestBody, says_length: bool) -> Result<(), Problem> {
    let length = match body {
        RequestBody::Empty => says_length.then_some(0),
        RequestBody::Whole(bytes) => Some(bytes.len()),
        RequestBody::Chunks(_) => None,
    };
    if let Some(given) = map.remove(http::header::CONTENT_LENGTH) {
        let given = String::from_utf8_lossy(given.as_bytes()).into_owned();
        if given.trim() != length.unwrap_or(0).to_string() {
            return Err(misuse(format!(
                "`content-length` is counted from the body: leave out `{given}`"
            )));
        }
    }
    if map.remove(http::header::TRANSFER_ENCODING).is_some() {
        return Err(misuse(
            "`transfer-encoding` follows from the body: give a list to send it chunked".into(),
        ));
    }
    match (body, length) {
        (RequestBody::Chunks(_), _) => {
            map.insert(
                http::header::TRANSFER_ENCODING,
                HeaderValue::from_static("chunked"),
            );
        }
        (_, Some(length)) => {
            map.insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        (_, None) => {}
    }
    Ok(())
}

fn header_name(name: &str) -> Result<HeaderName, Problem> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| misuse(format!("`{}` is no name of a header", name.escape_debug())))
}

fn header_value(name: &str, value: &[u8]) -> Result<HeaderValue, Problem> {
    HeaderValue::from_bytes(value).map_err(|_| {
        misuse(format!(
            "the header `{name}` cannot be sent: its value holds a line end or a control character"
        ))
    })
}

/// A map as the ordered list that everybody else keeps.
pub(super) fn fields(map: &HeaderMap) -> Vec<Field> {
    map.iter()
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect()
}

/// The same for a trace, which is text.
pub(super) fn shown(fields: &[Field]) -> Vec<(String, String)> {
    fields
        .iter()
        .map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned()))
        .collect()
}
