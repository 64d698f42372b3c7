//! What addresses a target may have: base URLs, hosts beside them, floor paths. Pure checks of
//! text; whoever calls them knows the place.

use url::Url;

use super::settings::FloorPlace;
use super::sockets;

/// What is wrong with an address: the sentence, and what stands at the caret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) title: String,
    pub(super) label: String,
}

fn refuse<T>(title: impl Into<String>, label: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal {
        title: title.into(),
        label: label.into(),
    })
}

/// A base URL: absolute, `http` or `https`, without query, fragment and user; its trailing slashes
/// are cut, so that a path can be put behind it. Or the address of a socket file.
pub(super) fn base_url(text: &str) -> Result<String, Refusal> {
    if sockets::is_socket(text) {
        return sockets::address(text);
    }
    // Titles stand in reports, and a password must not.
    let title = format!("{:?} is no base URL", without_user(text));
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return refuse(title, "a URL holds no spaces");
    }
    if let Some(path) = text.strip_prefix("http://unix:") {
        return refuse(title, format!("write `unix:{path}` for a socket file"));
    }
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => return refuse(title, without_scheme(text)),
        Err(reason) => return refuse(title, reason.to_string()),
    };
    match url.scheme() {
        "http" | "https" => {}
        "ws" => {
            return refuse(
                title,
                "write `http://`: web sockets are opened on it as well",
            );
        }
        "wss" => {
            return refuse(
                title,
                "write `https://`: web sockets are opened on it as well",
            );
        }
        _ => return refuse(title, without_scheme(text)),
    }
    if !text[url.scheme().len()..].starts_with("://") {
        return refuse(title, format!("expected `{}://` and a host", url.scheme()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse(title, "it must have no query and no fragment");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse(title, "it must hold no user and no password");
    }
    Ok(url.as_str().trim_end_matches('/').to_string())
}

/// An address as reports may show it: whatever stands before an `@` is left out.
pub(super) fn without_user(text: &str) -> String {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), text),
    };
    match rest.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}…@{host}"),
        None => text.to_string(),
    }
}

fn without_scheme(text: &str) -> String {
    let text = without_user(text);
    let rest = text
        .split_once("://")
        .map_or(text.as_str(), |(_, rest)| rest);
    let rest = rest.trim_start_matches('/');
    if rest.is_empty() {
        "expected `http://` and a host".to_string()
    } else {
        format!("expected `http://` and a host: `http://{rest}`")
    }
}

/// A host that a journey may reach beside those of its target: `host` or `host:port`, lower case.
pub(super) fn allowed_host(text: &str) -> Result<String, Refusal> {
    let title = format!("{text:?} is no host");
    if let Some((_, rest)) = text.split_once("://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        return refuse(title, format!("write the host alone: `{host}`"));
    }
    if text.contains('*') {
        return refuse(title, "name each host: patterns are not supported");
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let plausible = !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ', '\\']);
    let Some(parsed) = url::Host::parse(host).ok().filter(|_| plausible) else {
        return refuse(title, "expected `host` or `host:port`");
    };
    match port.map(str::parse::<u16>) {
        None => Ok(parsed.to_string()),
        Some(Ok(port)) if port > 0 => Ok(format!("{parsed}:{port}")),
        Some(_) => refuse(title, "the port must be a number from 1 to 65535"),
    }
}

/// Where a floor check asks: `/path`, `service:/path`, `tcp://host:port`, or a URL, which stands in a
/// table only.
pub(super) fn floor_place(text: &str) -> Result<FloorPlace, Refusal> {
    let title = format!("{:?} is no floor check", without_user(text));
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return refuse(title, "a path holds no spaces: write `%20`");
    }
    if text.starts_with('/') {
        return Ok(FloorPlace::Path {
            service: None,
            path: text.to_string(),
        });
    }
    match text.split_once(':') {
        Some(("tcp", rest)) if rest.starts_with("//") => {
            tcp(&rest[2..]).or_else(|label| refuse(title, label))
        }
        Some((_, rest)) if rest.starts_with("//") => {
            floor_url(text).or_else(|label| refuse(title, label))
        }
        Some((service, path)) if !service.is_empty() && path.starts_with('/') => {
            Ok(FloorPlace::Path {
                service: Some(service.to_string()),
                path: path.to_string(),
            })
        }
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
            refuse(title, format!("a connection is `tcp://{host}:{port}`"))
        }
        Some((service, path)) if !service.is_empty() => refuse(
            title,
            format!("the path starts with a slash: `{service}:/{path}`"),
        ),
        _ => refuse(title, format!("a path starts with a slash: `/{text}`")),
    }
}

/// What stands behind `tcp://`: a host and its port, and nothing else. The error is what stands at
/// the caret.
fn tcp(authority: &str) -> Result<FloorPlace, String> {
    if authority.contains('@') {
        return Err("it must hold no user and no password".to_string());
    }
    if let Some(at) = authority.find(['/', '?', '#']) {
        return Err(format!(
            "a connection has no path: `tcp://{}`",
            &authority[..at]
        ));
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => return Err(format!("expected a port: `tcp://{authority}:1883`")),
    };
    // `+80` is a number to `parse` and no port to anybody else.
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let Some(port) = port.parse::<u16>().ok().filter(|port| digits && *port > 0) else {
        return Err("the port must be a number from 1 to 65535".to_string());
    };
    let host = match url::Host::parse(host) {
        Ok(url::Host::Domain(name)) => name,
        Ok(url::Host::Ipv4(address)) => address.to_string(),
        Ok(url::Host::Ipv6(address)) => address.to_string(),
        Err(_) => return Err("expected `tcp://host:port`".to_string()),
    };
    Ok(FloorPlace::Tcp { host, port })
}

/// A URL that a floor check asks; the error is what stands at the caret.
fn floor_url(text: &str) -> Result<FloorPlace, String> {
    let url = Url::parse(text).map_err(|reason| reason.to_string())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("expected `http://`, `https://` or `tcp://`".to_string());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must hold no user and no password".to_string());
    }
    if url.fragment().is_some() {
        return Err("it must have no fragment".to_string());
    }
    Ok(FloorPlace::Url(url))
}
