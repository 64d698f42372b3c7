//! How connections are made: which versions of HTTP may be spoken, and over which TLS, on which way.

use crate::client::route::Route;
use crate::client::tls::{BadPem, Offer, Profile};
use crate::model::Target;

/// One way to connect; a client has its own, and a request may have another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Connecting {
    /// Which version of HTTP.
    pub http: HttpVersion,
    /// What is trusted and shown over TLS.
    pub tls: Profile,
    /// The way to the host.
    pub route: Route,
    /// The same for hosts that are not the target's own, where it differs: a certificate of the
    /// target's is not shown to strangers, nor are strangers believed because the target is.
    pub elsewhere: Option<Profile>,
}

impl Connecting {
    /// As the target says; the system's roots and no certificate for all other hosts.
    pub fn of_target(target: &Target) -> Result<Self, BadPem> {
        Ok(match &target.tls {
            None => Self {
                route: Route::of(target),
                ..Self::default()
            },
            Some(tls) => Self {
                tls: Profile::of(tls)?,
                elsewhere: Some(Profile::new()),
                route: Route::of(target),
                ..Self::default()
            },
        })
    }

    /// This profile everywhere, in place of whatever the target says.
    #[must_use]
    pub fn over(self, tls: Profile) -> Self {
        Self {
            tls,
            elsewhere: None,
            ..self
        }
    }

    /// The way to a host, which is one of the target's own or not.
    #[must_use]
    pub fn towards(&self, own: bool) -> Self {
        match &self.elsewhere {
            Some(elsewhere) if !own => self.clone().over(elsewhere.clone()),
            Some(_) | None => self.clone().over(self.tls.clone()),
        }
    }
}

/// Which version of HTTP is spoken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum HttpVersion {
    /// HTTP/2 if it is granted over TLS, else HTTP/1.1.
    #[default]
    Any,
    /// HTTP/1.1 alone.
    One,
    /// HTTP/2 alone: required, not offered. Without TLS it is spoken without asking.
    Two,
}

impl HttpVersion {
    /// The version that a script or a setting means by `1.1` or `2`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "1.1" => Some(Self::One),
            "2" => Some(Self::Two),
            _ => None,
        }
    }

    pub(super) fn offer(self) -> Offer {
        match self {
            Self::Any => Offer::Both,
            Self::One => Offer::Http1,
            Self::Two => Offer::Http2,
        }
    }
}
