//! The files of a proof: opened before anything else happens, so that a bad path fails early and
//! what an earlier proof left is never taken for this one's.

use std::path::Path;

use super::ProveArguments;
use crate::cli::prepare::home;
use crate::cli::run::FOLDER;
use crate::model::Diagnostic;
use crate::model::proof::Proof;
use crate::report::proof::{ProofExtra, ProofOutputs};

/// Open files, and what the last line points to.
pub(super) struct Files {
    outputs: ProofOutputs,
    pub(super) pointed: String,
}

impl Files {
    /// Removes what is stale, and opens all.
    pub(super) fn open(arguments: &ProveArguments, here: &Path) -> Result<Self, Vec<Diagnostic>> {
        let dir = home(here).join(FOLDER);
        let extra = ProofExtra {
            junit: arguments.junit.clone(),
            json: arguments.json.clone(),
            html: arguments.html.clone(),
        };
        let outputs = ProofOutputs::open(&dir, &extra).map_err(|error| vec![error.diagnostic()])?;
        let page = dir.join("prove.html");
        let page = page.strip_prefix(here).unwrap_or(&page);
        Ok(Self {
            outputs,
            pointed: page.display().to_string(),
        })
    }

    /// Writes all; what could not be written.
    pub(super) fn write(self, proof: &Proof) -> Vec<Diagnostic> {
        let errors = self.outputs.write(proof).err().unwrap_or_default();
        errors.iter().map(|error| error.diagnostic()).collect()
    }

    /// Writes the reports of a proof that could not begin: each says why.
    pub(super) fn unstarted(self, errors: &[Diagnostic]) {
        let proof = Proof {
            jaunt: env!("CARGO_PKG_VERSION").to_string(),
            troubles: errors.iter().map(|error| error.title.clone()).collect(),
            ..Proof::default()
        };
        crate::cli::say::errors(&self.write(&proof));
    }
}
