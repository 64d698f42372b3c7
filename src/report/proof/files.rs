//! The files of a proof: `.jaunt/prove.{xml,json,html}`, beside those of runs and never in their
//! place, and where else somebody wants one.
//!
//! As with runs, what an earlier proof left goes first, all files are opened before the proof, so
//! that a bad path fails early, and each appears whole, by rename.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::model::proof::Proof;
use crate::report::files::pending::{self, Pending};
use crate::report::files::{Content, OutputError};

use super::{ProofHtml, ProofJson, junit};

/// Where reports of a proof go beside `.jaunt/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProofExtra {
    /// `--junit`
    pub junit: Option<PathBuf>,
    /// `--json`
    pub json: Option<PathBuf>,
    /// `--html`
    pub html: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Junit,
    Json,
    Html,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Junit, Self::Json, Self::Html];

    /// Its file in `.jaunt/`.
    fn file(self) -> &'static str {
        match self {
            Self::Junit => "prove.xml",
            Self::Json => "prove.json",
            Self::Html => "prove.html",
        }
    }

    fn of(self, extra: &ProofExtra) -> Option<&Path> {
        match self {
            Self::Junit => extra.junit.as_deref(),
            Self::Json => extra.json.as_deref(),
            Self::Html => extra.html.as_deref(),
        }
    }
}

/// One report, made while it is written.
struct Made<'a>(Kind, &'a Proof);

impl Content for Made<'_> {
    fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self(kind, proof) = self;
        match kind {
            Kind::Junit => out.write_all(&junit(proof).map_err(io::Error::other)?),
            Kind::Json => ProofJson(proof).write_to(out),
            Kind::Html => ProofHtml(proof).write_to(out),
        }
    }
}

/// The files of one proof, open and not yet filled. Dropped without [`ProofOutputs::write`], none
/// appears.
#[derive(Debug)]
pub struct ProofOutputs {
    pending: Vec<(Kind, Pending)>,
}

/// Removes what an earlier proof left where this one's reports will be: the first thing a proof
/// does, whatever comes of it.
///
/// # Errors
/// The first place that could not be cleared; the others are cleared all the same.
pub fn remove_stale(dir: &Path, extra: &ProofExtra) -> Result<(), OutputError> {
    let newest = Kind::ALL.map(|kind| dir.join(kind.file()));
    let newest = newest.iter().map(|path| remove_newest(path));
    let named = Kind::ALL.into_iter().filter_map(|kind| kind.of(extra));
    let named = named.map(|path| {
        pending::sweep(path);
        pending::remove_stale(path)
    });
    let mut failed: Vec<OutputError> = newest.chain(named).filter_map(Result::err).collect();
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.swap_remove(0)),
    }
}

fn remove_newest(path: &Path) -> Result<(), OutputError> {
    pending::sweep(path);
    match fs::remove_file(path) {
        Err(source)
            if !matches!(
                source.kind(),
                ErrorKind::NotFound | ErrorKind::NotADirectory
            ) =>
        {
            Err(OutputError::Stale {
                path: path.display().to_string(),
                source,
            })
        }
        // Where `.jaunt` itself is no folder there is nothing stale in it; opening will say so.
        Ok(()) | Err(_) => Ok(()),
    }
}

impl ProofOutputs {
    /// Removes what is stale and opens every file in `dir` (`.jaunt`), and those somebody named.
    ///
    /// # Errors
    /// The first file that could not be removed or opened.
    pub fn open(dir: &Path, extra: &ProofExtra) -> Result<Self, OutputError> {
        remove_stale(dir, extra)?;
        let mut pending: Vec<(Kind, Pending)> = Vec::new();
        for kind in Kind::ALL {
            pending.push((kind, Pending::open(&dir.join(kind.file()))?));
        }
        for kind in Kind::ALL {
            let Some(path) = kind.of(extra) else {
                continue;
            };
            let one = Pending::open(path)?;
            match pending.iter().find(|(_, it)| it.same_place(&one)) {
                Some((of, _)) if *of == kind => {}
                Some(_) => {
                    return Err(OutputError::Twice {
                        path: path.display().to_string(),
                    });
                }
                None => pending.push((kind, one)),
            }
        }
        Ok(Self { pending })
    }

    /// Fills every file, and lets them appear.
    ///
    /// # Errors
    /// Each file that could not be written; the others are, all the same.
    pub fn write(self, proof: &Proof) -> Result<(), Vec<OutputError>> {
        let written = self.pending.into_iter();
        let failed = written.filter_map(|(kind, file)| file.fill(&Made(kind, proof)).err());
        let failed: Vec<OutputError> = failed.collect();
        match failed.is_empty() {
            true => Ok(()),
            false => Err(failed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::proof::builder::mixed;

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).expect("a folder");
        let names = entries.map(|it| it.expect("an entry").file_name());
        let mut names: Vec<String> = names
            .map(|it| it.into_string().expect("a plain name"))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn files_appear_whole_beside_those_of_runs() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().join(".jaunt");
        fs::create_dir(&dir).expect("a folder");
        for name in ["junit.xml", "prove.xml", "prove.html"] {
            fs::write(dir.join(name), "stale").expect("it is written");
        }
        let copy = folder.path().join("reports/copy.xml");
        let extra = ProofExtra {
            junit: Some(copy.clone()),
            // The same file, named by hand.
            json: Some(dir.join("prove.json")),
            html: None,
        };
        let outputs = ProofOutputs::open(&dir, &extra).expect("they open");
        let shown = |dir: &Path| {
            let mut names = names(dir);
            names.retain(|it| !it.starts_with('.'));
            names
        };
        assert_eq!(shown(&dir), ["junit.xml"], "what is stale is gone");
        outputs.write(&mixed()).expect("they are written");
        let all = ["junit.xml", "prove.html", "prove.json", "prove.xml"];
        assert_eq!(names(&dir), all, "and nothing is left beside them");
        let read = |path: &Path| fs::read(path).expect("it is there");
        assert_eq!(read(&copy), read(&dir.join("prove.xml")));
        assert_eq!(read(&dir.join("junit.xml")), b"stale");
    }

    #[test]
    fn a_bad_path_fails_before_the_proof() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().join(".jaunt");
        let to = |path: PathBuf| ProofExtra {
            junit: Some(path),
            ..ProofExtra::default()
        };
        let same = ProofOutputs::open(&dir, &to(dir.join("prove.json")));
        assert!(matches!(same, Err(OutputError::Twice { .. })));
        let is_folder = ProofOutputs::open(&dir, &to(folder.path().to_path_buf()));
        assert!(matches!(is_folder, Err(OutputError::IsFolder { .. })));
        assert!(names(&dir).is_empty(), "nothing appeared");
    }
}
