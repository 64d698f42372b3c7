//! The header of a run: who ran what, when, against what.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::Diagnostic;
use crate::model::event::{RunHeader, TargetSummary};
use crate::record::FORMAT;

/// The header of a run, without its journeys.
pub(super) fn header(
    seed: Option<&str>,
    project: &str,
    target: TargetSummary,
) -> Result<RunHeader, Vec<Diagnostic>> {
    let started = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let failed = |error| {
        vec![Diagnostic::new(format!(
            "the system gives no random bytes: {error}"
        ))]
    };
    Ok(RunHeader {
        format: FORMAT.to_string(),
        jaunt: env!("CARGO_PKG_VERSION").to_string(),
        run: format!(
            "{:x}-{}",
            started.as_millis(),
            random_hex(2).map_err(failed)?
        ),
        project: project.to_string(),
        started: u64::try_from(started.as_nanos()).unwrap_or(u64::MAX),
        seed: match seed {
            Some(seed) => seed.to_string(),
            None => random_hex(2).map_err(failed)?,
        },
        host: host(),
        target,
        ..RunHeader::default()
    })
}

fn random_hex(bytes: usize) -> Result<String, getrandom::Error> {
    let mut buffer = vec![0_u8; bytes];
    getrandom::fill(&mut buffer)?;
    Ok(hex::encode(buffer))
}

fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = name
        .map(|name| name.trim().to_string())
        .filter(|name| !name.is_empty());
    name.or_else(|| std::env::var("HOSTNAME").ok())
        .unwrap_or_else(|| "unknown".to_string())
}
