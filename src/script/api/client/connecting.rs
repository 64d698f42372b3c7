//! How a client connects, as scripts say it: the options `http`, `tls`, `resolve` and `proxy`.

use std::net::IpAddr;

use mlua::{Lua, Value};
use url::Url;

use super::headers;
use crate::client::http::{Connecting, HttpVersion};
use crate::client::resolve::Pinned;
use crate::client::tls::{BadPem, Profile};
use crate::model::proxy::Proxy;
use crate::model::{Problem, ProblemKind};
use crate::script::errors::kind_of;
use crate::script::host::Host;
use crate::script::options::Options;
use crate::script::raise::{raise, wrong};
use crate::script::reach::Reach;

/// Keys of the option `tls`.
pub const TLS: &[&str] = &["ca", "cert", "key", "insecure"];

/// How to connect as the options say, and where they say nothing as `default` does; nothing if
/// they say nothing at all.
pub fn read(
    lua: &Lua,
    host: &Host,
    reach: &Reach,
    options: &Options,
    default: &Connecting,
) -> mlua::Result<Option<Connecting>> {
    let http = http(options)?;
    let tls = tls(host, options)?;
    let pinned = pinned(lua, reach, options)?;
    let proxy = proxy(host, reach, options)?;
    if http.is_none() && tls.is_none() && pinned.is_none() && proxy.is_none() {
        return Ok(None);
    }
    let mut connecting = default.clone();
    connecting.http = http.unwrap_or(connecting.http);
    if let Some(tls) = tls {
        connecting = connecting.over(tls);
    }
    connecting.route.pinned = pinned.unwrap_or(connecting.route.pinned);
    connecting.route.proxy = proxy.unwrap_or(connecting.route.proxy);
    Ok(Some(connecting))
}

/// The option `proxy`: a proxy, or `false` for none where the target has one.
fn proxy(host: &Host, reach: &Reach, options: &Options) -> mlua::Result<Option<Option<Proxy>>> {
    let text = match options.value("proxy")? {
        Value::Nil => return Ok(None),
        Value::Boolean(false) => return Ok(Some(None)),
        Value::String(text) => text.to_string_lossy(),
        other => {
            return Err(wrong(format!(
                "`proxy` is a proxy such as \"http://proxy.example.com:3128\", or false, found {}",
                kind_of(&other)
            )));
        }
    };
    // What is wrong is said without the text itself, which may hold a password.
    let proxy = Proxy::parse(&text).map_err(|why| wrong(format!("`proxy` {why}")))?;
    let of_target = reach.target.proxy.as_ref();
    let named = of_target.is_some_and(|own| own.authority() == proxy.authority());
    if !named {
        reach.guard.check_proxy(&proxy).map_err(raise)?;
    }
    if let Some(password) = proxy.password() {
        match (host.hide)(password.as_bytes()) {
            Ok(()) => {}
            Err(error) => return Err(wrong(format!("the password of `proxy`: {error}"))),
        }
    }
    Ok(Some(Some(proxy)))
}

fn http(options: &Options) -> mlua::Result<Option<HttpVersion>> {
    let found = match options.value("http")? {
        Value::Nil => return Ok(None),
        Value::String(name) => {
            let name = name.to_string_lossy();
            if let Some(version) = HttpVersion::named(&name) {
                return Ok(Some(version));
            }
            format!("\"{name}\"")
        }
        other => kind_of(&other).to_string(),
    };
    Err(wrong(format!("`http` is \"1.1\" or \"2\", found {found}")))
}

fn tls(host: &Host, options: &Options) -> mlua::Result<Option<Profile>> {
    let value = options.value("tls")?;
    if value.is_nil() {
        return Ok(None);
    }
    let options = Options::read("tls", value, TLS)?;
    let mut profile = Profile::new();
    if let Some(ca) = pem(host, &options, "ca")? {
        profile = profile.trusting(&ca).map_err(bad)?;
    }
    match (pem(host, &options, "cert")?, pem(host, &options, "key")?) {
        (None, None) => {}
        (Some(cert), Some(key)) => profile = profile.showing(&cert, &key).map_err(bad)?,
        (Some(_), None) => return Err(wrong("`cert` of `tls` needs its `key`")),
        (None, Some(_)) => return Err(wrong("`key` of `tls` needs its `cert`")),
    }
    if options.boolean("insecure")?.unwrap_or(false) {
        profile = profile.insecure();
    }
    Ok(Some(profile))
}

fn bad(pem: BadPem) -> mlua::Error {
    raise(pem.into())
}

/// PEM text, as it is or from a file below the project.
fn pem(host: &Host, options: &Options, key: &str) -> mlua::Result<Option<Vec<u8>>> {
    let Some(text) = options.text(key)? else {
        return Ok(None);
    };
    if text.contains("-----BEGIN") {
        return Ok(Some(text.into_bytes()));
    }
    let read = host.sources.bytes(&text).map_err(|why| {
        let message = format!("`{key}` of `tls`: {}", why.message);
        raise(Problem::new(ProblemKind::Config, message))
    })?;
    Ok(Some(read))
}

/// The addresses that the option `resolve` gives to names; both are held to the guard.
fn pinned(lua: &Lua, reach: &Reach, options: &Options) -> mlua::Result<Option<Pinned>> {
    let value = options.value("resolve")?;
    if value.is_nil() {
        return Ok(None);
    }
    let mut names = Vec::new();
    for (name, address) in headers::pairs(lua, "resolve", &value)? {
        let parsed: IpAddr = address.parse().map_err(|_| {
            wrong(format!(
                "`resolve` gives `{name}` an address such as \"10.0.0.1\", found \"{address}\""
            ))
        })?;
        let url = Url::parse(&format!("https://{name}/"))
            .ok()
            .filter(|url| url.path() == "/" && url.port().is_none());
        let Some(known) = url.as_ref().and_then(Url::host_str) else {
            return Err(wrong(format!("`{name}` in `resolve` is no name of a host")));
        };
        reach.guard.check_address(&address).map_err(raise)?;
        names.push((known.to_string(), parsed));
    }
    Ok(Some(Pinned::new(names)))
}
