//! Which services the embedded target offers, and under which paths. Plain data.

/// One service of the embedded target. All share one address, so a service's base URL is just
/// [`Running::url`](super::Running::url), and journeys write the prefix: `chat:/chat/ws`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// The name journeys call it by.
    pub name: &'static str,
    /// The first segment of all its paths, such as `/chat`.
    pub prefix: &'static str,
    /// Its floor check, as a project file would write it.
    pub floor: &'static str,
    pub(super) route: Route,
}

/// Which of the [`Services`](super::services::Services) serves it. A new one is an
/// error there until it is thought about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    Chat,
    Drop,
    Comments,
}

/// Every service.
pub const SERVICES: &[Service] = &[
    Service {
        name: "chat",
        prefix: "/chat",
        floor: "chat:/chat/health",
        route: Route::Chat,
    },
    Service {
        name: "drop",
        prefix: "/drop",
        floor: "drop:/drop/health",
        route: Route::Drop,
    },
    Service {
        name: "comments",
        prefix: "/comments",
        floor: "comments:/comments/health",
        route: Route::Comments,
    },
];

impl Service {
    /// Whether a path belongs to it: the prefix itself, or something below.
    pub(super) fn owns(&self, path: &str) -> bool {
        path.strip_prefix(self.prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}
