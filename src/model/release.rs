//! Releases: what was deployed, how a target says which release answered, and what was heard of it.

use serde::{Deserialize, Serialize};

use super::{FloorReport, Nanos};

/// What is being judged, as `--deploy` and `--commit` name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deploy {
    /// What the target must call its release.
    pub id: String,
    /// Its commit, which nothing is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Nanoseconds since the Unix epoch: the start of the run that judges it.
    pub time: u64,
}

/// How a target says which release answered: its `version`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// A header of every answer.
    Header(String),
    /// The body of one address.
    Path {
        /// The absolute URL.
        url: String,
        /// An RFC 9535 path that begins with `$`; without one the whole body is the release.
        json: Option<String>,
    },
}

/// Most characters of a release: what is longer is a page, not a name.
const LONGEST: usize = 200;

/// A release as it is compared: without blanks around it, one line, not endless.
///
/// # Errors
/// What a text is instead, as a clause.
pub fn release(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        Err("it is empty".to_string())
    } else if text.chars().any(char::is_control) {
        Err("it is more than one line of text".to_string())
    } else if text.chars().count() > LONGEST {
        Err(format!("it is longer than {LONGEST} characters"))
    } else {
        Ok(text.to_string())
    }
}

/// What one look at the target's release found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseAnswer {
    /// What answered, each release once; several if they differed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub releases: Vec<String>,
    /// Why none was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl ReleaseAnswer {
    /// Nothing but this release answered.
    pub fn is(&self, id: &str) -> bool {
        matches!(&self.releases[..], [only] if only == id)
    }
}

/// When a target's release was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Before the first journey.
    Before,
    /// After the last one.
    After,
}

/// A look at the target's release, apart from the journeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseCheck {
    /// When.
    pub when: When,
    /// What it found.
    #[serde(flatten)]
    pub answer: ReleaseAnswer,
}

/// A release that no answer had carried before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseSeen {
    /// The release.
    pub release: String,
    /// What was asked.
    pub url: String,
}

/// What `--wait` waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitPlan {
    /// Nanoseconds after which it gives up.
    pub at_most: Nanos,
    /// Nanoseconds from the end of one round to the next.
    pub every: Nanos,
    /// The release that must answer; nothing if the floor is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// How many rounds in a row must be as wanted.
    pub answers: u32,
}

/// One round of waiting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitRound {
    /// What the floor checks said.
    pub floor: FloorReport,
    /// What the target said of its release, if it says anything.
    #[serde(flatten)]
    pub answer: ReleaseAnswer,
    /// How many rounds in a row were as wanted, this one included.
    pub in_a_row: u32,
}

impl WaitPlan {
    /// What a round said, in few words: `floor down: …`, `r40`, `r41, 1 of 3`.
    pub fn said(&self, round: &WaitRound) -> String {
        let down = round.floor.checks.iter().find_map(|it| it.down.as_deref());
        if let Some(down) = down {
            return format!("floor down: {down}");
        }
        match &self.release {
            None => "floor up".to_string(),
            Some(_) if round.in_a_row > 0 => format!(
                "{}, {} of {}",
                round.answer.releases.join(" and "),
                round.in_a_row,
                self.answers
            ),
            Some(_) if round.answer.releases.is_empty() => {
                let why = round.answer.problem.as_deref().unwrap_or("none was said");
                format!("no release: {why}")
            }
            Some(_) => round.answer.releases.join(" and "),
        }
    }
}

/// How the waiting ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitEnd {
    /// How many rounds there were.
    pub rounds: u32,
    /// Nanoseconds it took.
    pub took: Nanos,
    /// How.
    pub end: WaitOutcome,
}

/// What became of the waiting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitOutcome {
    /// What was waited for came.
    Ready,
    /// It did not come in time: what the last round said.
    GaveUp(String),
    /// The run was stopped meanwhile.
    Stopped,
}

/// All that a finished run knows of releases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReleaseReport {
    /// Why the run cannot be said to have judged what was deployed: the errored case `release`.
    pub errored: Option<String>,
    /// Each release that answered, in order.
    pub answered: Vec<Answered>,
    /// What was found before the first journey.
    pub before: Option<ReleaseAnswer>,
    /// What was found after the last one.
    pub after: Option<ReleaseAnswer>,
    /// How the waiting went, if there was any.
    pub waited: Option<WaitEnd>,
}

/// One release that answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The release.
    pub release: String,
    /// Where it was first heard: `before the journeys`, or what was asked and by which journey.
    pub first: String,
}

impl ReleaseReport {
    /// `release r41`, `releases r40 and r41`, or nothing where none is known.
    pub fn named(&self) -> Option<String> {
        let names: Vec<&str> = self.answered.iter().map(|it| it.release.as_str()).collect();
        match &names[..] {
            [] => None,
            [one] => Some(format!("release {one}")),
            several => Some(format!("releases {}", several.join(" and "))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_one_short_line_without_blanks_around_it() {
        assert_eq!(release(" r41\n"), Ok("r41".to_string()));
        for (text, why) in [
            (" \n", "it is empty"),
            ("a\nb", "it is more than one line of text"),
            ("a\u{1b}[31m", "it is more than one line of text"),
        ] {
            assert_eq!(release(text), Err(why.to_string()), "{text:?}");
        }
        assert_eq!(release(&"ü".repeat(200)).map(|it| it.len()), Ok(400));
        assert!(release(&"ü".repeat(201)).is_err());
    }
}
