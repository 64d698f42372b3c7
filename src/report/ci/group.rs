//! The lines of the journeys as a part of a log that folds.

/// How a CI system marks a part of its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// GitHub Actions.
    Github,
    /// GitLab, which wants times as well.
    Gitlab,
    /// Azure Pipelines.
    Azure,
    /// Buildkite, whose parts end where the next one begins.
    Buildkite,
}

/// What the part is called, for GitLab, which wants a word.
const NAME: &str = "jaunt_journeys";
/// And for people.
const TITLE: &str = "jaunt: the journeys";

impl Group {
    /// The line before the part; `now` is in seconds since the Unix epoch.
    pub fn begin(self, now: u64) -> String {
        match self {
            Self::Github => format!("::group::{TITLE}\n"),
            Self::Gitlab => {
                format!("\u{1b}[0Ksection_start:{now}:{NAME}\r\u{1b}[0K{TITLE}\n")
            }
            Self::Azure => format!("##[group]{TITLE}\n"),
            Self::Buildkite => format!("--- {TITLE}\n"),
        }
    }

    /// The line behind it; a red run has its end unfolded where that can be said.
    pub fn end(self, now: u64, red: bool) -> String {
        match self {
            Self::Github => "::endgroup::\n".to_string(),
            Self::Gitlab => format!("\u{1b}[0Ksection_end:{now}:{NAME}\r\u{1b}[0K\n"),
            Self::Azure => "##[endgroup]\n".to_string(),
            Self::Buildkite => {
                let fold = if red { "+++" } else { "---" };
                format!("{fold} jaunt: the verdict\n")
            }
        }
    }
}
