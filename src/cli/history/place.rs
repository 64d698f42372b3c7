//! Where the history is, and what the project says of it.

use std::path::{Path, PathBuf};

use super::arguments::PlaceArguments;
use super::said;
use crate::cli::{say, types};
use crate::config::{self, Fetch, NumberSettings};
use crate::model::Diagnostic;
use crate::store::{Access, History};

/// Opens the history that is meant, and says what is worth saying of how it could be opened.
pub(super) fn open(place: &PlaceArguments, access: Access) -> Result<History, Vec<Diagnostic>> {
    let path = path(place)?;
    let history = History::open(&path, access).map_err(|error| said(&error))?;
    let remarks = history.remarks().iter();
    say::warnings(&remarks.map(Diagnostic::new).collect::<Vec<_>>());
    Ok(history)
}

fn path(place: &PlaceArguments) -> Result<PathBuf, Vec<Diagnostic>> {
    let here = types::here().map_err(|error| vec![error])?;
    match &place.history {
        Some(path) => Ok(here.join(path)),
        None => {
            let (root, settings) = settings(&here)?;
            Ok(root.join(settings.history))
        }
    }
}

/// The folder of the project, and what it says of numbers; without a project file the defaults.
pub(super) fn settings(here: &Path) -> Result<(PathBuf, NumberSettings), Vec<Diagnostic>> {
    let read = config::look(here, None, Fetch::Nothing);
    match read.project {
        Some(project) => Ok((project.root, project.numbers)),
        None => Err(read.problems),
    }
}
