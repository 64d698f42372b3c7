//! Reads `proxy` of a target.

use crate::model::Diagnostic;
use crate::model::proxy::Proxy;
use crate::model::target::Secret;

use super::address::{Refusal, without_user};
use super::field::Field;
use super::reader::unfetched;

/// The proxy of a target. Its password must be long enough to be masked, as every secret.
pub(super) fn read(field: &Field<'_>) -> Result<Proxy, Diagnostic> {
    let text = match field.text_or("a proxy such as \"http://proxy.example.com:3128\"") {
        // Another target is chosen: this one must only have a proxy, whichever.
        Err(problem) if problem == unfetched() => "http://unfetched.invalid",
        text => text?,
    };
    let refused = |title: String, label: String| field.refused(Refusal { title, label });
    let proxy = Proxy::parse(text).map_err(|why| {
        let title = format!("{:?} is no proxy", without_user(text));
        refused(title, format!("it {why}"))
    })?;
    match proxy.password() {
        Some(password) if password.len() < Secret::SHORTEST => Err(refused(
            "the password of the proxy is too short to be masked".to_string(),
            format!("expected at least {} bytes", Secret::SHORTEST),
        )),
        Some(_) | None => Ok(proxy),
    }
}
