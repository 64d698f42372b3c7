//! What a proof is held to: the files that are checked in beside the project file, and `--min-score`.

use std::path::{Path, PathBuf};

use super::ProveArguments;
use crate::cli::say;
use crate::model::Diagnostic;
use crate::model::proof::Proof;
use crate::prove::ignore::{self, Ignore};
use crate::prove::lock::{self, Lock};

/// What was read of the files before anything was walked.
pub(super) struct Gate {
    ignore: Ignore,
    lock: Option<Lock>,
    lock_path: PathBuf,
    min_score: Option<f64>,
    ratchet: bool,
    write: bool,
}

impl Gate {
    /// Reads the files.
    ///
    /// # Errors
    /// What is wrong with them; `--ratchet` without a file to hold to.
    pub(super) fn read(arguments: &ProveArguments, root: &Path) -> Result<Self, Vec<Diagnostic>> {
        let lock_path = root.join(lock::FILE_NAME);
        let ignore = Ignore::read(&root.join(ignore::FILE_NAME))?;
        let lock = match arguments.ratchet || arguments.lock {
            true => Lock::read(&lock_path)?,
            false => None,
        };
        if arguments.ratchet && lock.is_none() && !arguments.lock {
            return Err(vec![
                Diagnostic::new(format!("`--ratchet` needs {}", lock::FILE_NAME))
                    .help("`jaunt prove --lock` writes it; check it in"),
            ]);
        }
        Ok(Self {
            ignore,
            lock,
            lock_path,
            min_score: arguments.min_score,
            ratchet: arguments.ratchet,
            write: arguments.lock,
        })
    }

    /// Takes out what nobody has to notice, and says in the proof what does not hold. Gives the
    /// entries that excuse nothing any more.
    pub(super) fn hold(&self, proof: &mut Proof) -> Vec<Diagnostic> {
        let stale = self.ignore.apply(proof);
        if !stale.is_empty() {
            let count = match stale.len() {
                1 => "1 entry".to_string(),
                count => format!("{count} entries"),
            };
            let file = ignore::FILE_NAME;
            proof
                .troubles
                .push(format!("{count} of {file} fit nothing any more"));
        }
        let score = proof.score().value().map(|score| score * 100.0);
        // 29 of 100 is 28.999… in binary.
        const CLOSE: f64 = 1e-9;
        if let (Some(least), Some(score)) = (self.min_score, score)
            && score + CLOSE < least
        {
            proof.gate.push(format!(
                "the score is {score:.1} %, less than the {least} % of --min-score"
            ));
        }
        if let Some(lock) = self.lock.as_ref().filter(|_| self.ratchet) {
            proof.gate.extend(lock.ratchet(proof));
        }
        stale
    }

    /// Writes the lock, if that is asked for and the gate holds.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn write(&self, proof: &Proof) -> Result<(), Diagnostic> {
        let judged = proof
            .journeys
            .iter()
            .filter(|it| it.refused.is_none())
            .count();
        if !self.write || !proof.gate.is_empty() || proof.stop.is_some() || judged == 0 {
            return Ok(());
        }
        let lock = self.lock.clone().unwrap_or_default().renewed(proof);
        let path = &self.lock_path;
        // By rename, so that a file that is checked in is never half of one.
        let beside = path.with_extension("lock.new");
        let written =
            std::fs::write(&beside, lock.text()).and_then(|()| std::fs::rename(&beside, path));
        written.map_err(|error| {
            Diagnostic::new(format!("{} cannot be written: {error}", path.display()))
        })?;
        say::out(&format!(
            " {} written: {judged} of {} journeys\n",
            lock::FILE_NAME,
            proof.journeys.len()
        ));
        Ok(())
    }
}
