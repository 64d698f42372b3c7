//! What a handshake failed of, in the kinds and reasons of the API.

use std::error::Error;
use std::io;

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError};

use crate::model::{Problem, ProblemKind};

/// Why there is no secure connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `tls`, or `protocol` where no offered version of HTTP was granted.
    pub kind: ProblemKind,
    /// What the other end did: `showed a certificate of an unknown issuer`.
    pub what: String,
    /// One of `unknown_issuer`, `expired`, `not_yet_valid`, `wrong_name`, `client_certificate` and
    /// `other`; nothing for `protocol`.
    pub reason: Option<&'static str>,
}

impl Refusal {
    fn tls(reason: &'static str, what: impl Into<String>) -> Self {
        Self {
            kind: ProblemKind::Tls,
            what: what.into(),
            reason: Some(reason),
        }
    }

    /// A handshake that ended without a word.
    pub fn broken_off() -> Self {
        Self::tls("other", "ended the connection during the TLS handshake")
    }

    /// The problem of whatever `label` names: `GET https://…`.
    pub fn problem(&self, label: &str) -> Problem {
        let problem = Problem::new(self.kind, format!("{label} {}", self.what));
        match self.reason {
            Some(reason) => problem.with_reason(reason),
            None => problem,
        }
    }
}

/// What TLS has to say about an error, if it is anywhere down the chain of its causes.
pub fn refusal_of(error: &(dyn Error + 'static)) -> Option<Refusal> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<rustls::Error>() {
            return Some(refusal(found));
        }
        // What an `io::Error` wraps is not among its sources: it only passes on that one's.
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// What an error of the TLS library means.
pub fn refusal(error: &rustls::Error) -> Refusal {
    match error {
        rustls::Error::InvalidCertificate(error) => certificate(error),
        rustls::Error::AlertReceived(AlertDescription::NoApplicationProtocol)
        | rustls::Error::NoApplicationProtocol => Refusal {
            kind: ProblemKind::Protocol,
            what: "granted none of the versions of HTTP that were offered".to_string(),
            reason: None,
        },
        rustls::Error::AlertReceived(alert) => alerted(*alert),
        rustls::Error::InvalidMessage(error) => Refusal::tls(
            "other",
            format!("answered the TLS handshake with what is not TLS ({error:?})"),
        ),
        other => Refusal::tls("other", format!("failed the TLS handshake: {other}")),
    }
}

fn certificate(error: &CertificateError) -> Refusal {
    match error {
        CertificateError::UnknownIssuer => Refusal::tls(
            "unknown_issuer",
            "showed a certificate of an unknown issuer",
        ),
        CertificateError::Expired => {
            Refusal::tls("expired", "showed a certificate that has expired")
        }
        CertificateError::ExpiredContext { time, not_after } => Refusal::tls(
            "expired",
            format!(
                "showed a certificate that expired {} ago",
                between(*not_after, *time)
            ),
        ),
        CertificateError::NotValidYet => Refusal::tls(
            "not_yet_valid",
            "showed a certificate that is not valid yet",
        ),
        CertificateError::NotValidYetContext { time, not_before } => Refusal::tls(
            "not_yet_valid",
            format!(
                "showed a certificate that becomes valid in {}",
                between(*time, *not_before)
            ),
        ),
        CertificateError::NotValidForName => {
            Refusal::tls("wrong_name", "showed a certificate of another name")
        }
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => {
            let names: Vec<String> = presented.iter().map(|name| plain(name)).collect();
            let whose = match names.is_empty() {
                true => "no name".to_string(),
                false => names.join(", "),
            };
            Refusal::tls(
                "wrong_name",
                format!(
                    "showed a certificate for {whose}, not for `{}`",
                    expected.to_str()
                ),
            )
        }
        other => Refusal::tls(
            "other",
            format!("showed a certificate that cannot be accepted: {other}"),
        ),
    }
}

/// `DnsName("a.test")`, as the verifier names names, the way people write them.
fn plain(name: &str) -> String {
    match (name.find('"'), name.rfind('"')) {
        (Some(from), Some(to)) if from < to => format!("`{}`", &name[from + 1..to]),
        _ => name.to_string(),
    }
}

fn between(from: UnixTime, to: UnixTime) -> String {
    let seconds = to.as_secs().saturating_sub(from.as_secs());
    match seconds {
        0..=5_399 => format!("{} min", seconds / 60),
        5_400..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// The other end said that it wants no more of this.
fn alerted(alert: AlertDescription) -> Refusal {
    match alert {
        AlertDescription::CertificateRequired | AlertDescription::NoCertificate => Refusal::tls(
            "client_certificate",
            "wants a client certificate, and there is none (`tls = { cert, key }`)",
        ),
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateRevoked
        | AlertDescription::CertificateExpired
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA
        | AlertDescription::AccessDenied => Refusal::tls(
            "client_certificate",
            format!("refused our client certificate ({alert:?})"),
        ),
        other => Refusal::tls("other", format!("refused the TLS handshake ({other:?})")),
    }
}
