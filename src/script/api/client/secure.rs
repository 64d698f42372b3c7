//! What a response says of the secure connection it came over.

use crate::client::tls::Peer;
use crate::model::Value;
use crate::script::raise::unreadable;

/// `{ version, alpn, issuer, names, days_left }`; what the target did not show is absent.
pub fn shown(peer: &Peer) -> Value {
    let text = |key: &str, value: &str| (key.as_bytes().to_vec(), Value::text(value.to_string()));
    let mut map = Vec::new();
    map.extend(peer.version.map(|version| text("version", version)));
    map.extend(peer.alpn.as_deref().map(|alpn| text("alpn", alpn)));
    if let Some(certificate) = &peer.certificate {
        let names = certificate.names.iter();
        map.push(text("issuer", &certificate.issuer));
        map.push((
            b"names".to_vec(),
            Value::List(names.map(|name| Value::text(name.clone())).collect()),
        ));
        map.push((b"days_left".to_vec(), Value::Integer(certificate.days_left)));
    }
    Value::Map(map)
}

/// The error of reading `tls` of an answer that came without it.
pub fn absent(url: &str) -> mlua::Error {
    unreadable(format!("{url} answered without TLS"))
}
