//! Targets behind a socket file: `unix:/run/app.sock`, or `unix:/run/app.sock:/base` with a base
//! path. To everything else such a target is a host: the first is `localhost`, and whichever
//! service has another file is `SERVICE.localhost`.

use std::collections::BTreeMap;
use std::os::unix::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::address::Refusal;

const SCHEME: &str = "unix:";

/// Whether a text means a socket file.
pub(super) fn is_socket(text: &str) -> bool {
    text.starts_with(SCHEME)
}

/// Checks an address of that form and gives it in its plainest spelling.
pub(super) fn address(text: &str) -> Result<String, Refusal> {
    let refuse = |label: &str| Refusal {
        title: format!("{text:?} is no address of a socket file"),
        label: label.to_string(),
    };
    let rest = text.strip_prefix(SCHEME).unwrap_or(text);
    // `unix:///run/app.sock`, as other tools spell it.
    let rest = match rest.strip_prefix("//") {
        Some(absolute) if absolute.starts_with('/') => absolute,
        Some(_) => return Err(refuse("write `unix:` and a path, without a host")),
        None => rest,
    };
    if rest.chars().any(char::is_control) {
        return Err(refuse("a path holds no control characters"));
    }
    let (path, base) = split(rest);
    if path.is_empty() || path.ends_with('/') {
        return Err(refuse("expected a file: `unix:/run/app.sock`"));
    }
    let base = base.trim_end_matches('/');
    if base.contains(['?', '#']) || base.contains(char::is_whitespace) {
        return Err(refuse(
            "a base path has no query, no fragment and no spaces",
        ));
    }
    Ok(match base {
        "" => format!("{SCHEME}{path}"),
        base => format!("{SCHEME}{path}:{base}"),
    })
}

/// The path of the file, and the base path.
fn split(rest: &str) -> (&str, &str) {
    match rest.find(":/") {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, ""),
    }
}

/// The hosts that stand for the socket files of one target.
#[derive(Debug, Default)]
pub(super) struct Sockets {
    /// Each with its file.
    pub(super) hosts: BTreeMap<String, PathBuf>,
}

impl Sockets {
    /// The base URL under which an address is known from now on; other than of socket files as it
    /// is. Relative paths are below `root`.
    pub(super) fn base_url(
        &mut self,
        root: &Path,
        service: Option<&str>,
        address: &str,
    ) -> Result<String, Refusal> {
        let Some(rest) = address.strip_prefix(SCHEME) else {
            return Ok(address.to_string());
        };
        let (path, base) = split(rest);
        let path = root.join(path);
        if let Err(error) = SocketAddr::from_pathname(&path) {
            return Err(Refusal {
                title: format!("{} can be no socket file", path.display()),
                label: error.to_string(),
            });
        }
        let host = self.host(path, service);
        Ok(format!("http://{host}{base}"))
    }

    fn host(&mut self, path: PathBuf, service: Option<&str>) -> String {
        if let Some((host, _)) = self.hosts.iter().find(|(_, known)| **known == path) {
            return host.clone();
        }
        let name = label(service.unwrap_or_default());
        let named = format!("{name}.localhost");
        let numbered = (2..).map(|number| format!("{name}-{number}.localhost"));
        let host = ["localhost".to_string(), named]
            .into_iter()
            .chain(numbered)
            .find(|host| !self.hosts.contains_key(host))
            .unwrap_or_default();
        self.hosts.insert(host.clone(), path);
        host
    }
}

/// The name of a service as a part of a host's name.
fn label(service: &str) -> String {
    let plain = |c: char| match c.to_ascii_lowercase() {
        c @ ('a'..='z' | '0'..='9') => c,
        _ => '-',
    };
    let label: String = service.chars().map(plain).take(50).collect();
    match label.trim_matches('-') {
        "" => "service".to_string(),
        label => label.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_in_their_plainest_spelling() {
        for (text, plain) in [
            ("unix:/run/app.sock", "unix:/run/app.sock"),
            ("unix:///run/app.sock", "unix:/run/app.sock"),
            ("unix:app.sock", "unix:app.sock"),
            ("unix:/run/app.sock:/", "unix:/run/app.sock"),
            ("unix:/run/my app.sock:/v1/", "unix:/run/my app.sock:/v1"),
        ] {
            assert_eq!(address(text).expect(text), plain);
        }
    }

    #[test]
    fn what_is_no_address_of_a_socket_is_refused() {
        for text in [
            "unix:",
            "unix:/run/",
            "unix://host/run",
            "unix:/a:/b?c",
            "unix:/a\0b",
        ] {
            assert!(address(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn each_file_has_a_host_of_its_own() {
        let mut sockets = Sockets::default();
        let root = Path::new("/project");
        let mut url =
            |service, address: &str| sockets.base_url(root, service, address).expect(address);
        assert_eq!(url(None, "unix:a.sock"), "http://localhost");
        assert_eq!(
            url(Some("api"), "unix:/project/a.sock:/v1"),
            "http://localhost/v1"
        );
        assert_eq!(
            url(Some("Chat_1"), "unix:b.sock"),
            "http://chat-1.localhost"
        );
        assert_eq!(
            url(Some("chat.1"), "unix:c.sock"),
            "http://chat-1-2.localhost"
        );
        assert_eq!(url(Some("web"), "http://web.test"), "http://web.test");
        let long = format!("unix:/{}", "x".repeat(200));
        assert!(sockets.base_url(root, None, &long).is_err());
        assert_eq!(sockets.hosts["localhost"], Path::new("/project/a.sock"));
    }
}
