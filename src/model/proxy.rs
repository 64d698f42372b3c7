//! A proxy as a project file or a script names it.

use base64::Engine as _;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// An HTTP proxy. It does not show its password.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Proxy {
    /// A name, or an address without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// User and password.
    user: Option<(String, String)>,
}

impl Proxy {
    /// Reads `http://host:port` or `http://user:password@host:port`. The error is a clause that
    /// follows the text: `needs a host`; it holds no password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| {
            format!("is no URL such as `http://proxy.example.com:3128` ({error})")
        })?;
        if url.scheme() != "http" {
            return Err(format!(
                "is spoken to over `http://`, not `{}:`, also where it leads to https",
                url.scheme()
            ));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err("has a host and a port, and no path".to_string());
        }
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_string(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            None => return Err("needs a host".to_string()),
        };
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let has_user = !url.username().is_empty() || url.password().is_some();
        Ok(Self {
            host,
            port: url.port_or_known_default().unwrap_or(80),
            user: has_user.then(|| {
                let password = decoded(url.password().unwrap_or_default());
                (decoded(url.username()), password)
            }),
        })
    }

    /// What `Proxy-Authorization` says to it, if it has a user.
    pub fn authorization(&self) -> Option<String> {
        let (user, password) = self.user.as_ref()?;
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        Some(format!("Basic {pair}"))
    }

    /// What must be masked.
    pub fn password(&self) -> Option<&str> {
        let (_, password) = self.user.as_ref()?;
        Some(password)
            .filter(|password| !password.is_empty())
            .map(String::as_str)
    }

    /// `host:port`, as a `CONNECT` and messages write it.
    pub fn authority(&self) -> String {
        authority(&self.host, self.port)
    }
}

/// `host:port`, an IPv6 address in brackets.
pub fn authority(host: &str, port: u16) -> String {
    match host.contains(':') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    }
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Proxy({})", self.authority())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_its_user_and_shows_no_password() {
        let proxy = Proxy::parse("http://ann:s%40crets@proxy.test:3128").expect("a proxy");
        assert_eq!(proxy.authority(), "proxy.test:3128");
        assert_eq!(proxy.password(), Some("s@crets"));
        // base64 of `ann:s@crets`
        assert_eq!(
            proxy.authorization().as_deref(),
            Some("Basic YW5uOnNAY3JldHM=")
        );
        assert_eq!(format!("{proxy:?}"), "Proxy(proxy.test:3128)");
        let plain = Proxy::parse("http://[::1]").expect("a proxy");
        assert_eq!(
            (plain.authority().as_str(), plain.authorization()),
            ("[::1]:80", None)
        );
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_its_password() {
        for (text, said) in [
            (
                "proxy.test:3128",
                "is spoken to over `http://`, not `proxy.test:`",
            ),
            (
                "https://proxy.test",
                "is spoken to over `http://`, not `https:`",
            ),
            ("socks5://proxy.test", "is spoken to over `http://`"),
            ("http://ann:hidden@proxy.test/path", "no path"),
            ("http://", "is no URL"),
            ("/run/proxy", "is no URL"),
        ] {
            let error = Proxy::parse(text).expect_err(text);
            assert!(
                error.contains(said) && !error.contains("hidden"),
                "{text}: {error}"
            );
        }
    }
}
