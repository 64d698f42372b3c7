//! The run as one page for a browser: one file without any other, which asks no network and runs
//! nothing but its own script.
//!
//! Overview, list and what did not pass stand in the page as they are and are readable without a
//! script. What went over the wire would be too much for a browser to lay out: each attempt has it
//! packed (gzip, base64) in a block of its own, and the script puts it into the page when its
//! journey is opened. The judge lets go of the events of what passed, so that the packed blocks are
//! made from the trace, in a pass of their own that holds only attempts in flight.
//!
//! Whatever a server, a script or a setting says is escaped by the template (`maud`), made visible
//! where it is not (`sink`), and met by a policy that lets no script run but the page's own.

mod article;
mod caps;
pub(super) mod facts;
mod gather;
mod list;
mod numbers;
mod overview;
mod pack;
mod page;
pub(super) mod parts;
pub(super) mod sink;
mod steps;
mod wire;

#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::io::{self, Write};
use std::path::Path;

use crate::model::run::{JourneyResult, Run};
use crate::record::{TraceError, TraceReader};

use super::files::Content;
use caps::Caps;
use gather::Gathering;
use sink::Sink;

/// The page, made while it is written.
#[derive(Debug)]
pub struct HtmlReport<'a> {
    run: &'a Run,
    trace: Option<&'a Path>,
    lacks: OnceCell<String>,
}

impl<'a> HtmlReport<'a> {
    /// The page of a run. What went over the wire is read from its trace, which may be nothing for
    /// a run that walked no journey.
    pub fn new(run: &'a Run, trace: Option<&'a Path>) -> Self {
        Self {
            run,
            trace,
            lacks: OnceCell::new(),
        }
    }

    /// The page of a run whose trace is not to be read, and why.
    pub fn without(run: &'a Run, why: &str) -> Self {
        Self {
            lacks: OnceCell::from(why.to_string()),
            ..Self::new(run, None)
        }
    }

    /// Why the page, once written, shows less than it should: its trace could not be read back.
    pub fn lacks(&self) -> Option<&str> {
        self.lacks.get().map(String::as_str)
    }

    /// Packs every attempt of the trace. A trace that ends in the middle of something, or is damaged
    /// there, has told what came before.
    fn attempts(&self, out: &mut Sink<'_>, caps: &Caps) -> io::Result<()> {
        let Some(path) = self.trace else {
            return match self.lacks() {
                Some(why) => out.put(&page::lacks(why)),
                None => Ok(()),
            };
        };
        let mut gathering = Gathering::new(self.run);
        let read = TraceReader::open(path).and_then(|mut reader| {
            let mut written = Ok(());
            while let Some(event) = reader.next_event()? {
                if let Some(done) = gathering.push(event)
                    && written.is_ok()
                {
                    written = pack::attempt(out, self.run, done, caps);
                }
            }
            Ok(written)
        });
        for left in gathering.finish() {
            pack::attempt(out, self.run, left, caps)?;
        }
        match read {
            Ok(written) => written,
            Err(error) => {
                let _ = self.lacks.set(said(&error));
                out.put(&page::lacks(&said(&error)))
            }
        }
    }
}

fn said(error: &TraceError) -> String {
    error.to_string()
}

impl Content for HtmlReport<'_> {
    fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        let run = self.run;
        let caps = Caps::of(run);
        let mut out = Sink::new(out);
        out.put(&page::head(run))?;
        out.put(&page::banner(run))?;
        out.put(&list::head(run))?;
        for (index, journey) in run.journeys.iter().enumerate() {
            out.put(&list::row(index, journey))?;
        }
        out.put(&list::end())?;
        out.put(&overview::section(run))?;
        let mut standing = caps.standing();
        let mut packed = Vec::new();
        for (index, journey) in run.journeys.iter().enumerate() {
            if is_told(journey) && standing.take() {
                out.put(&article::whole(run, index, journey))?;
            } else {
                packed.push(index);
            }
        }
        out.put(&page::foot(run))?;
        for index in packed {
            pack::journey(&mut out, run, index)?;
        }
        self.attempts(&mut out, &caps)?;
        out.put(&page::end())
    }
}

/// True for what people open the page for: it stands in it as it is.
fn is_told(journey: &JourneyResult) -> bool {
    use crate::model::Outcome;
    match journey.outcome {
        Outcome::Failed | Outcome::Flaky => true,
        // Where the floor was down, all are errored for one reason: the overview says it once.
        Outcome::Errored(_) => !journey.attempts.is_empty(),
        Outcome::Passed | Outcome::Skipped => false,
    }
}
