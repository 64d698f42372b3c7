//! Digest access authentication (RFC 7616): the answer to a 401 that asks for it. One repetition of
//! a refused request is part of the scheme, the only time that anything is sent again by itself.

use http::HeaderValue;
use md5::Md5;
use sha2::digest::Digest as _;
use sha2::{Sha256, Sha512_256};

use super::headers::Field;
use super::message::{Request, misuse};
use super::redirect::Hop;
use super::transport::Answer;
use crate::model::Problem;

/// Who somebody is to a target that asks for a digest.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// Never sent.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").finish_non_exhaustive()
    }
}

/// What meets an answer's challenge, if it is one for a digest and the request has somebody's
/// login. Nobody is told it once a redirect has left the host it was meant for.
pub(super) fn digest_answer(
    request: &Request,
    hop: &Hop,
    answer: &Answer,
) -> Result<Option<HeaderValue>, Problem> {
    let Some(login) = request.digest.as_ref() else {
        return Ok(None);
    };
    if answer.status != 401 || hop.dropped.credentials {
        return Ok(None);
    }
    let Some(challenge) = Challenge::strongest(&answer.headers) else {
        return Ok(None);
    };
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random)
        .map_err(|error| misuse(format!("the system gives no random bytes: {error}")))?;
    let asking = Asking {
        method: hop.method.as_str(),
        uri: &hop.url[url::Position::BeforePath..url::Position::AfterQuery],
        body: &hop.body.bytes(),
        cnonce: &hex::encode(random),
    };
    let text = challenge.answer(login, &asking);
    HeaderValue::from_bytes(text.as_bytes())
        .map(Some)
        .map_err(|_| misuse("`digest` holds a line end or a control character".to_string()))
}

/// A hash that a challenge asks for; the strongest is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Md5,
    Sha512_256,
    Sha256,
}

impl Algorithm {
    fn hash(self, text: &[u8]) -> String {
        match self {
            Self::Md5 => hex::encode(Md5::digest(text)),
            Self::Sha256 => hex::encode(Sha256::digest(text)),
            Self::Sha512_256 => hex::encode(Sha512_256::digest(text)),
        }
    }
}

/// What is asked of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Challenge {
    algorithm: Algorithm,
    /// As the target spelt it, to be said back.
    spelt: Option<String>,
    session: bool,
    realm: String,
    nonce: String,
    opaque: Option<String>,
    quality: Quality,
    user_hash: bool,
}

/// What the digest covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quality {
    /// As in RFC 2069.
    Old,
    Auth,
    /// The body as well.
    AuthInt,
}

/// The request that is being answered for.
struct Asking<'a> {
    method: &'a str,
    /// Path and query as sent.
    uri: &'a str,
    body: &'a [u8],
    /// Never the same twice.
    cnonce: &'a str,
}

impl Challenge {
    /// The strongest digest challenge of an answer that can be met.
    fn strongest(headers: &[Field]) -> Option<Self> {
        headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("www-authenticate"))
            .flat_map(|(_, value)| challenges(&String::from_utf8_lossy(value)))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("digest"))
            .filter_map(|(_, parameters)| Self::read(&parameters))
            .max_by_key(|challenge| challenge.algorithm)
    }

    fn read(parameters: &[(String, String)]) -> Option<Self> {
        let of = |wanted: &str| {
            let mut named = parameters.iter().filter(|(name, _)| name == wanted);
            named.next().map(|(_, value)| value.clone())
        };
        let spelt = of("algorithm");
        let lower = spelt.as_deref().unwrap_or("MD5").to_ascii_lowercase();
        let (name, session) = match lower.strip_suffix("-sess") {
            Some(name) => (name, true),
            None => (lower.as_str(), false),
        };
        let algorithm = match name {
            "md5" => Algorithm::Md5,
            "sha-256" => Algorithm::Sha256,
            "sha-512-256" => Algorithm::Sha512_256,
            _ => return None,
        };
        let quality = match of("qop") {
            None => Quality::Old,
            Some(offered) => {
                let offered = offered.to_ascii_lowercase();
                let has = |name: &str| offered.split(',').any(|one| one.trim() == name);
                match (has("auth"), has("auth-int")) {
                    (true, _) => Quality::Auth,
                    (false, true) => Quality::AuthInt,
                    (false, false) => return None,
                }
            }
        };
        Some(Self {
            algorithm,
            spelt,
            session,
            realm: of("realm")?,
            nonce: of("nonce")?,
            opaque: of("opaque"),
            quality,
            user_hash: of("userhash").is_some_and(|text| text.eq_ignore_ascii_case("true")),
        })
    }

    /// The value of the `Authorization` header that meets the challenge.
    fn answer(&self, login: &Login, asking: &Asking<'_>) -> String {
        let hash = |text: &str| self.algorithm.hash(text.as_bytes());
        let Asking {
            method,
            uri,
            body,
            cnonce,
        } = asking;
        let (realm, nonce) = (&self.realm, &self.nonce);
        let mut first = hash(&format!("{}:{realm}:{}", login.user, login.password));
        if self.session {
            first = hash(&format!("{first}:{nonce}:{cnonce}"));
        }
        let second = match self.quality {
            Quality::Old | Quality::Auth => hash(&format!("{method}:{uri}")),
            Quality::AuthInt => hash(&format!("{method}:{uri}:{}", self.algorithm.hash(body))),
        };
        let quality = match self.quality {
            Quality::Old => None,
            Quality::Auth => Some("auth"),
            Quality::AuthInt => Some("auth-int"),
        };
        let response = match quality {
            None => hash(&format!("{first}:{nonce}:{second}")),
            Some(quality) => hash(&format!(
                "{first}:{nonce}:00000001:{cnonce}:{quality}:{second}"
            )),
        };
        let user = match self.user_hash {
            true => hash(&format!("{}:{realm}", login.user)),
            false => login.user.clone(),
        };
        let mut text = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, response=\"{response}\"",
            quoted(&user),
            quoted(realm),
            quoted(nonce),
            quoted(uri)
        );
        if let Some(spelt) = &self.spelt {
            text.push_str(&format!(", algorithm={spelt}"));
        }
        if let Some(opaque) = &self.opaque {
            text.push_str(&format!(", opaque={}", quoted(opaque)));
        }
        if let Some(quality) = quality {
            text.push_str(&format!(", qop={quality}, nc=00000001"));
        }
        if quality.is_some() || self.session {
            text.push_str(&format!(", cnonce=\"{cnonce}\""));
        }
        if self.user_hash {
            text.push_str(", userhash=true");
        }
        text
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

type Parameters = Vec<(String, String)>;

/// The challenges of a header: a scheme, then its parameters, names in lower case. What cannot be
/// read is passed over.
fn challenges(header: &str) -> Vec<(String, Parameters)> {
    let mut found: Vec<(String, Parameters)> = Vec::new();
    for part in parts(header) {
        let part = part.trim();
        let (head, value) = match part.split_once('=') {
            Some((head, value)) => (head.trim(), Some(value.trim())),
            None => (part, None),
        };
        // `Digest realm="…"`: a scheme stands before the first parameter of its own.
        let name = match head.split_once(char::is_whitespace) {
            Some((scheme, name)) => {
                found.push((scheme.to_string(), Vec::new()));
                name.trim()
            }
            None if value.is_none() && !head.is_empty() => {
                found.push((head.to_string(), Vec::new()));
                continue;
            }
            None => head,
        };
        if let (Some(value), Some((_, parameters))) = (value, found.last_mut()) {
            parameters.push((name.to_ascii_lowercase(), unquoted(value)));
        }
    }
    found
}

/// Splits at commas that stand outside quotes.
fn parts(header: &str) -> Vec<&str> {
    let (mut parts, mut start, mut inside, mut escaped) = (Vec::new(), 0, false, false);
    for (at, character) in header.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            ',' if !inside => {
                parts.push(&header[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&header[start..]);
    parts
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        return value.to_string();
    };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests;
