//! Expectations that would notice what nobody noticed, as Lua that can be put at the line.
//!
//! Where the line is a call with its pattern on it, what is missing is put into that pattern, so that
//! the suggestion takes the line's place; else it stands behind it. Values that the journey made are
//! named by the variable that holds them, where the source shows one.

mod call;
mod merge;
mod value;

use serde_json::Value;

use self::call::Call;
use self::value::Values;
use super::faults::Candidate;
use super::json;
use super::recorded::Recorded;
use crate::model::Place;
use crate::model::fault::{Answered, Change, Edit, Key, Passage, What};
use crate::model::proof::{Suggestion, Volatile};
use crate::script::sources::Sources;

/// Suggests for the mutants of one journey.
pub(super) struct Suggesting<'a> {
    first: &'a Recorded,
    sources: &'a Sources,
    values: Values<'a>,
}

impl<'a> Suggesting<'a> {
    /// From the first walk, the files, and what differs from walk to walk.
    pub(super) fn new(first: &'a Recorded, sources: &'a Sources, volatile: &'a [Volatile]) -> Self {
        Self {
            first,
            sources,
            values: Values::new(first, sources, volatile),
        }
    }

    /// A line of a file, without the space around it.
    pub(super) fn line(&self, place: &Place) -> Option<String> {
        let text = self.sources.read(&place.file).ok()?;
        let at = usize::try_from(place.line).ok()?.checked_sub(1)?;
        text.lines().nth(at).map(|line| line.trim().to_string())
    }

    /// What would notice a fault that nobody noticed.
    pub(super) fn suggest(&self, candidate: &Candidate) -> Option<Suggestion> {
        match &self.first.passed.get(candidate.at)?.what {
            What::Message { bytes, .. } => self.of_message(candidate, bytes),
            What::Response { answer, sent, .. } => self.of_answer(candidate, answer, sent),
            What::Ended { ended, .. } => Some(behind(format!(
                "{}:expect_close {{ code = {}, how = \"close\" }}",
                self.stream(candidate),
                ended.code
            ))),
            What::Pinged { .. } => Some(noted(
                behind("-- expect something on this stream once its pongs were missed".to_string()),
                "a connection that answers no ping must be seen to end, or be no loss",
            )),
            What::Acted { .. } => Some(noted(
                behind("-- expect here what this brings about, or take it out".to_string()),
                "nothing in the journey depends on it",
            )),
            What::Met { .. } => Some(noted(
                behind("-- let its error through, or take it out".to_string()),
                "it cannot fail the journey: what catches it hides it",
            )),
            What::Sent { .. } | What::Made { .. } => None,
        }
    }

    fn of_message(&self, candidate: &Candidate, bytes: &[u8]) -> Option<Suggestion> {
        let call = self.call(candidate);
        let value = json::read(bytes)?;
        match &candidate.fault.change {
            // What comes again is the message before this one, whose own line would have to watch on.
            Change::Replay => None,
            Change::Duplicate => {
                let lua = match &call {
                    Some(call) => call.with_count()?,
                    None => return Some(self.expect_it(candidate, &value, ", { exactly = 1 }")),
                };
                Some(in_place(lua))
            }
            Change::Delay { .. } | Change::Slow { .. } => {
                let lua = call?.with_option("within", "\"1s\"");
                Some(noted(in_place(lua), "or whatever a user would wait"))
            }
            Change::Swap => {
                let call = call?;
                Some(noted(
                    in_place(call.with_method("expect_next")),
                    "or `expect_sequence` over both, where others may come between",
                ))
            }
            Change::Edit { path, edit } => {
                let pattern = self.pattern(&value, path, edit)?;
                Some(match call {
                    Some(call) => self.remarked(in_place(call.with_member(&pattern)), &value, path),
                    None => self.expect_it(candidate, &value, ""),
                })
            }
            _ => Some(self.expect_it(candidate, &value, "")),
        }
    }

    /// `a:expect { type = "system", text = ghost .. " left" }`
    fn expect_it(&self, candidate: &Candidate, value: &Value, options: &str) -> Suggestion {
        let members = self.values.members(value, &candidate.fault.site);
        let stream = self.stream(candidate);
        let lua = match options {
            "" => format!("{stream}:expect {{ {members} }}"),
            options => format!("{stream}:expect({{ {members} }}{options})"),
        };
        behind(lua)
    }

    fn of_answer(
        &self,
        candidate: &Candidate,
        answer: &Answered,
        sent: &[u8],
    ) -> Option<Suggestion> {
        let member = match &candidate.fault.change {
            Change::LoseWrite { .. } => return self.read_back(candidate, sent),
            Change::DoubleWrite => {
                let lua = "-- read back that it was done once".to_string();
                return Some(noted(
                    behind(lua),
                    "or show that to do it twice does no harm",
                ));
            }
            _ => self.member_of_answer(candidate, answer)?,
        };
        Some(match self.call(candidate) {
            Some(call) if call.has(&member) => behind(format!("-- demand more of it: {member}")),
            Some(call) => in_place(call.with_member(&member)),
            None => self.of_request(candidate, &member),
        })
    }

    /// What an expectation of an answer would have to demand.
    fn member_of_answer(&self, candidate: &Candidate, answer: &Answered) -> Option<String> {
        let status = format!("status = {}", answer.status);
        let value = json::read(&answer.body);
        Some(match &candidate.fault.change {
            Change::Edit { path, edit } => {
                let value = value.as_ref()?;
                format!("json = {}", self.pattern_at_root(value, path, edit)?)
            }
            Change::DropHeader { name } | Change::SetHeader { name, .. } => {
                let text = answer.headers.iter().find(|(known, _)| known == name)?;
                let text = String::from_utf8_lossy(&text.1).into_owned();
                format!("headers = {{ [\"{name}\"] = {} }}", value::text(&text))
            }
            Change::DropCookie { name } => {
                format!("cookies = {{ [\"{name}\"] = match.type(\"string\") }}")
            }
            Change::Truncate => match &value {
                Some(value) if value.is_object() => {
                    let members = self.values.members(value, &candidate.fault.site);
                    format!("json = {{ {members} }}")
                }
                Some(Value::Array(list)) => format!("json = match.length({})", list.len()),
                _ if answer.body.ends_with(b"</html>\n") || answer.body.ends_with(b"</html>") => {
                    r#"text = match.regex("</html>\\s*$")"#.to_string()
                }
                _ => return None,
            },
            _ => status,
        })
    }

    /// What the line of a survivor would have to demand, where that is one more member of a pattern.
    fn member(&self, candidate: &Candidate) -> Option<String> {
        match (
            &self.first.passed.get(candidate.at)?.what,
            &candidate.fault.change,
        ) {
            (_, Change::LoseWrite { .. } | Change::DoubleWrite) => None,
            (What::Response { answer, .. }, _) => self.member_of_answer(candidate, answer),
            (What::Message { bytes, .. }, Change::Edit { path, edit }) => {
                candidate.line.looked.as_ref()?;
                self.pattern(&json::read(bytes)?, path, edit)
            }
            _ => None,
        }
    }

    /// Puts an expectation behind the request itself.
    fn of_request(&self, candidate: &Candidate, member: &str) -> Suggestion {
        let place = candidate.line.place.as_ref();
        let line = place.and_then(|place| self.line(place));
        match line.and_then(|line| call::asked(&line, member)) {
            Some(lua) => in_place(lua),
            // The statement stands on several lines.
            None => behind(format!("-- demand of it: {member}")),
        }
    }

    /// An answer that came later and carries what was written: that is where its loss would show.
    fn read_back(&self, candidate: &Candidate, sent: &[u8]) -> Option<Suggestion> {
        let written: Vec<String> = json::leaves(&json::read(sent)?)
            .into_iter()
            .filter_map(|leaf| leaf.value.as_str().map(str::to_string))
            .filter(|text| self.first.made_in(text).is_some())
            .collect();
        let later = self.first.passed.iter().skip(candidate.at + 1);
        let mut found = later.filter_map(|passed| match &passed.what {
            What::Response { answer, .. } => {
                let value = json::read(&answer.body)?;
                let leaf = json::leaves(&value).into_iter().find(|leaf| {
                    let text = leaf.value.as_str();
                    text.is_some_and(|text| written.iter().any(|one| one == text))
                })?;
                Some((passed.seq, value, leaf.path))
            }
            _ => None,
        });
        let (seq, value, path) = found.next()?;
        let line = self.first.line_of_response(seq);
        let there = Candidate {
            line,
            ..candidate.clone()
        };
        let pattern = self.pattern_at_root(&value, &path, &Edit::Character)?;
        let member = format!("json = {pattern}");
        let suggestion = match self.call(&there) {
            Some(call) => in_place(call.with_member(&member)),
            None => self.of_request(&there, &member),
        };
        let place = there.line.place?;
        Some(Suggestion {
            at: Some(place),
            ..noted(suggestion, "what was written is read there")
        })
    }

    /// `count = 2`, with whatever is around it.
    fn pattern(&self, value: &Value, path: &[Key], edit: &Edit) -> Option<String> {
        let root = self.pattern_at_root(value, path, edit)?;
        let inner = root.strip_prefix('{')?.strip_suffix('}')?;
        Some(inner.trim().to_string())
    }

    fn pattern_at_root(&self, value: &Value, path: &[Key], edit: &Edit) -> Option<String> {
        let leaf = json::at(value, path)?;
        let wanted = match (leaf, edit) {
            (Value::Array(list), Edit::LoseElement | Edit::EmptyList) => {
                format!("match.length({})", list.len())
            }
            (Value::Array(list), _) => {
                let all: Vec<String> = list.iter().map(|one| self.values.lua(one)).collect();
                format!("{{ {} }}", all.join(", "))
            }
            (Value::Object(_), _) => "match.type(\"object\")".to_string(),
            (leaf, _) => self.values.lua(leaf),
        };
        Some(value::around(path, wanted))
    }

    fn remarked(&self, suggestion: Suggestion, value: &Value, path: &[Key]) -> Suggestion {
        let leaf = json::at(value, path).and_then(Value::as_str);
        match leaf.and_then(|text| self.values.remark(text)) {
            Some(note) => noted(suggestion, &note),
            None => suggestion,
        }
    }

    /// The call that stands on the line that looked.
    fn call(&self, candidate: &Candidate) -> Option<Call> {
        candidate.line.looked.as_ref()?;
        let place = candidate.line.place.as_ref()?;
        Call::read(&self.line(place)?)
    }

    /// What the script calls the stream: the variable of its opener, or of an expectation on it.
    fn stream(&self, candidate: &Candidate) -> String {
        let client = &candidate.fault.site.client;
        let number = match &candidate.fault.site.passage {
            Passage::Message { stream, .. }
            | Passage::Ending { stream }
            | Passage::Pings { stream } => *stream,
            Passage::Response { .. } | Passage::Action { .. } | Passage::Expectation { .. } => 1,
        };
        let names = self.values.streams(client, number);
        names.unwrap_or_else(|| client.clone())
    }
}

fn in_place(lua: String) -> Suggestion {
    Suggestion {
        lua,
        replaces: true,
        note: None,
        at: None,
    }
}

fn behind(lua: String) -> Suggestion {
    Suggestion {
        lua,
        replaces: false,
        note: None,
        at: None,
    }
}

fn noted(suggestion: Suggestion, note: &str) -> Suggestion {
    Suggestion {
        note: Some(note.to_string()),
        ..suggestion
    }
}
