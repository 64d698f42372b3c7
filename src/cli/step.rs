//! `--step`: before each step, what every client has, and a question to whoever sits at the
//! terminal. Answers and addresses are remembered from the events of the run, which are masked and
//! cut already; what waits in the inboxes comes from the journey itself. All of it is masked as it
//! is shown: a secret may have become known after its event.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::say;
use crate::model::event::{ClientId, ExchangeId, StreamId};
use crate::model::value::shorten;
use crate::model::{Diagnostic, Event, EventKind};
use crate::record::Recorder;
use crate::report::{one_line, shown};
use crate::runner::Control;
use crate::script::stepping::{Holding, Inbox, Pause, Stepper};

/// What is asked.
const QUESTION: &str = " Enter: go on   n: to the next journey   c: to the end   q: stop > ";

/// Who asks at the terminal.
pub(super) struct Steps {
    control: Control,
    seen: Mutex<Seen>,
    /// One question at a time: branches of `parallel` come to their steps together.
    lines: tokio::sync::Mutex<UnboundedReceiver<String>>,
}

/// What the run has shown so far.
#[derive(Default)]
struct Seen {
    pace: Pace,
    /// By exchange: `GET /path`.
    requests: BTreeMap<ExchangeId, String>,
    /// The last answer of each client.
    answers: BTreeMap<ClientId, String>,
    /// Where each stream leads.
    streams: BTreeMap<StreamId, String>,
}

/// How far it goes without asking.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Pace {
    /// One step.
    #[default]
    Step,
    /// To the end of this journey.
    Journey,
    /// To the end of the run.
    Run,
}

/// Whether there is somebody to ask.
pub(super) fn is_possible() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

/// What is said where there is nobody.
pub(super) fn no_terminal() -> Diagnostic {
    Diagnostic::new("`--step` needs a terminal: it waits for somebody to answer")
        .help("run without `--step`; the trace has all that it shows")
}

impl Steps {
    /// Reads what is typed from now on; whoever stops does it by `control`.
    pub(super) fn new(control: Control) -> Arc<Self> {
        let (sender, lines) = unbounded_channel();
        std::thread::spawn(move || {
            for line in std::io::stdin().lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Arc::new(Self {
            control,
            seen: Mutex::default(),
            lines: tokio::sync::Mutex::new(lines),
        })
    }

    /// Looks on at the journeys of a run.
    pub(super) fn stepper(self: &Arc<Self>, recorder: &Arc<Recorder>) -> Stepper {
        let (steps, recorder) = (self.clone(), recorder.clone());
        Arc::new(move |pause| {
            let (steps, recorder) = (steps.clone(), recorder.clone());
            Box::pin(async move { steps.pause(&pause, &recorder).await })
        })
    }

    /// Remembers what a pause will show.
    pub(super) fn event(&self, event: &Event) {
        let mut seen = self.seen();
        match &event.kind {
            EventKind::AttemptStarted { .. } => {
                let pace = match seen.pace {
                    Pace::Run => Pace::Run,
                    Pace::Step | Pace::Journey => Pace::Step,
                };
                *seen = Seen {
                    pace,
                    ..Seen::default()
                };
            }
            EventKind::RequestSent {
                exchange,
                method,
                url,
                ..
            } => {
                seen.requests.insert(*exchange, format!("{method} {url}"));
            }
            EventKind::ResponseReceived {
                client,
                exchange,
                status,
                body,
                ..
            } => {
                let request = seen.requests.get(exchange).cloned().unwrap_or_default();
                let body = shown(body);
                let answer = format!("{status} to {request}   {body}");
                seen.answers.insert(*client, answer);
            }
            EventKind::RequestFailed {
                client,
                exchange,
                problem,
                ..
            } => {
                let request = seen.requests.get(exchange).cloned().unwrap_or_default();
                let answer = format!("none to {request}: {}", problem.message);
                seen.answers.insert(*client, answer);
            }
            EventKind::StreamOpening { stream, url, .. } => {
                seen.streams.insert(*stream, url.clone());
            }
            _ => {}
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks, and gives whether it did. Whoever stops the run gets no answer: the journey is ended.
    async fn pause(&self, pause: &Pause, recorder: &Recorder) -> bool {
        let mut lines = self.lines.lock().await;
        if self.seen().pace != Pace::Step {
            return false;
        }
        let text = show(pause, &self.seen(), say::width(), |text| {
            recorder.masked(text)
        });
        say::out(&text);
        loop {
            say::out(QUESTION);
            match lines.recv().await.as_deref().map(str::trim) {
                Some("") => return true,
                Some("n") => {
                    self.seen().pace = Pace::Journey;
                    return true;
                }
                Some("c") => {
                    self.seen().pace = Pace::Run;
                    return true;
                }
                Some("q") | None => {
                    self.control.interrupt();
                    std::future::pending::<()>().await;
                }
                Some(_) => {}
            }
        }
    }
}

/// What a pause shows.
fn show(pause: &Pause, seen: &Seen, width: usize, masked: impl Fn(&str) -> String) -> String {
    let fit = |text: &str, indent: usize| {
        let text = masked(text);
        let text = shorten(&one_line(&text), width.saturating_sub(indent).max(20));
        format!("{:indent$}{text}\n", "")
    };
    let place = pause.place.as_ref().map(ToString::to_string);
    let mut out = fit(&format!("step      {}", pause.step), 1);
    out.insert(0, '\n');
    out.push_str(&fit(&place.unwrap_or_default(), 11));
    if pause.clients.is_empty() {
        out.push_str(&fit("no client yet", 3));
    }
    for Holding {
        client,
        name,
        streams,
    } in &pause.clients
    {
        out.push_str(&fit(name, 3));
        match seen.answers.get(client) {
            Some(answer) => out.push_str(&fit(&format!("answer  {answer}"), 5)),
            None if streams.is_empty() => out.push_str(&fit("no answer yet", 5)),
            None => {}
        }
        for inbox in streams {
            let url = seen.streams.get(&inbox.stream);
            out.push_str(&fit(
                &format!("stream  {}", url.map_or("", String::as_str)),
                5,
            ));
            out.push_str(&fit(&counted(inbox), 13));
            for message in &inbox.newest {
                out.push_str(&fit(message, 15));
            }
            if let Some(ended) = &inbox.ended {
                out.push_str(&fit(&format!("ended: {ended}"), 13));
            }
        }
    }
    out
}

fn counted(inbox: &Inbox) -> String {
    let newest = inbox.newest.len();
    let newest = match inbox.untaken > newest {
        true => format!(", the newest {newest} of them"),
        false => String::new(),
    };
    format!("{} untaken, {} taken{newest}", inbox.untaken, inbox.taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    #[test]
    fn a_pause_shows_what_each_client_has_and_no_secret() {
        let pause = Pause {
            step: "ben hears it".into(),
            place: Some(Place::new("journeys/hello.lua", 20)),
            clients: vec![
                Holding {
                    client: 0,
                    name: "ana".into(),
                    streams: Vec::new(),
                },
                Holding {
                    client: 1,
                    name: "ben".into(),
                    streams: vec![Inbox {
                        stream: 3,
                        taken: 2,
                        untaken: 30,
                        newest: vec!["{ token = \"hunter22\" }".into()],
                        ended: Some("code 1006, fin".into()),
                    }],
                },
            ],
        };
        let mut seen = Seen::default();
        seen.answers.insert(0, "200 to GET /ok   \"ok\"".into());
        seen.streams.insert(3, "ws://chat/ws".into());
        let text = show(&pause, &seen, 60, |text| {
            text.replace("hunter22", "[masked]")
        });
        assert_eq!(
            text,
            "
 step      ben hears it
           journeys/hello.lua:20
   ana
     answer  200 to GET /ok   \"ok\"
   ben
     stream  ws://chat/ws
             30 untaken, 2 taken, the newest 1 of them
               { token = \"[masked]\" }
             ended: code 1006, fin
"
        );
        let narrow = show(&pause, &seen, 30, str::to_string);
        assert!(
            narrow.lines().all(|line| line.chars().count() <= 36),
            "{narrow}"
        );
    }
}
