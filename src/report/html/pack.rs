//! Packs parts of the page: what nobody opened costs a browser nothing but its bytes, and nothing a
//! server said can be taken for markup there.

use std::io::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use maud::Markup;

use crate::model::run::Run;

use super::caps::Caps;
use super::gather::Told;
use super::sink::{Sink, visible};
use super::{article, wire};

/// The section of a journey that does not stand in the page as it is.
pub(super) fn journey(out: &mut Sink<'_>, run: &Run, index: usize) -> io::Result<()> {
    match run.journeys.get(index) {
        Some(journey) => block(
            out,
            &format!("h{index}"),
            &article::inner(run, index, journey),
        ),
        None => Ok(()),
    }
}

/// What went over the wire in one attempt.
pub(super) fn attempt(
    out: &mut Sink<'_>,
    run: &Run,
    told: Told<'_>,
    caps: &Caps,
) -> io::Result<()> {
    let id = format!("w{}-{}", told.planned, told.number);
    block(out, &id, &wire::section(run, told, caps))
}

fn block(out: &mut Sink<'_>, id: &str, part: &Markup) -> io::Result<()> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(visible(&part.0).as_bytes())?;
    let text = STANDARD.encode(packed.finish()?);
    out.raw(&format!(
        "<script type=\"application/gzip\" id=\"{id}\">{text}</script>\n"
    ))
}
