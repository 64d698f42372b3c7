//! Finds and reads `jaunt.toml`. The only part of `config` that touches the disk.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::Diagnostic;
use crate::model::diagnostic::SourceSpan;

use super::outside::Fetch;
use super::project::{self, Reading};
use super::settings::{NumberSettings, Project, RunSettings};

/// Name of the project file.
pub const FILE_NAME: &str = "jaunt.toml";

/// Reads the project around the folder `here`, which should be absolute: the nearest `jaunt.toml`
/// in it or above it. Without one, a project without targets whose root is `here`. What the target
/// named `target`, or the project's own choice, keeps elsewhere is fetched as `fetch` says.
///
/// # Errors
/// Everything that is wrong with the file, in the order of the file.
pub fn load(here: &Path, target: Option<&str>, fetch: Fetch) -> Result<Project, Vec<Diagnostic>> {
    look(here, target, fetch).whole()
}

/// As [`load`], for who can use what is left of a project with something wrong.
pub fn look(here: &Path, target: Option<&str>, fetch: Fetch) -> Reading {
    let Some((root, shown)) = find(here) else {
        return Reading::of(Project::without_file(here));
    };
    let bytes = match std::fs::read(root.join(FILE_NAME)) {
        Ok(bytes) => bytes,
        Err(reason) => {
            let title = format!("{} cannot be read: {}", shown.display(), said(&reason));
            return Reading::nothing(vec![Diagnostic::new(title)]);
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => project::parse_with(&text, &shown, &root, target, fetch),
        Err(broken) => {
            let problem = not_utf8(broken.as_bytes(), broken.utf8_error(), &shown);
            Reading::nothing(vec![problem])
        }
    }
}

/// The folder of the nearest project file, and the file as a person in `here` would type it.
pub fn find(here: &Path) -> Option<(PathBuf, PathBuf)> {
    let mut above = PathBuf::new();
    for folder in here.ancestors() {
        // A folder or a broken link of that name is found as well, so that reading it says so:
        // passing over it would silently run another project, or none.
        if folder.join(FILE_NAME).symlink_metadata().is_ok() {
            return Some((folder.to_path_buf(), above.join(FILE_NAME)));
        }
        above.push("..");
    }
    None
}

impl Project {
    /// A project without a file: it has no targets, so that only an address given by `--url` can
    /// be run against.
    pub fn without_file(here: &Path) -> Self {
        let name = here.file_name().map_or_else(
            || "project".to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        Self {
            name,
            root: here.to_path_buf(),
            file: None,
            journeys: PathBuf::from("journeys"),
            features: Vec::new(),
            feature_places: Vec::new(),
            targets: Vec::new(),
            run: RunSettings::default(),
            numbers: NumberSettings::default(),
        }
    }
}

fn said(reason: &io::Error) -> String {
    match reason.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_string(),
        io::ErrorKind::NotFound => "it is a link to nothing".to_string(),
        io::ErrorKind::IsADirectory => "it is a folder".to_string(),
        _ => reason.to_string(),
    }
}

fn not_utf8(bytes: &[u8], reason: std::str::Utf8Error, shown: &Path) -> Diagnostic {
    let valid = &bytes[..reason.valid_up_to()];
    let before = String::from_utf8_lossy(valid);
    let text = String::from_utf8_lossy(bytes);
    // Up to the broken byte both texts are the same, so the offset holds in the repaired one.
    let at = SourceSpan::of_bytes(
        shown.display().to_string(),
        &text,
        before.len(),
        before.len() + char::REPLACEMENT_CHARACTER.len_utf8(),
    );
    Diagnostic::new(format!("{} is not UTF-8", shown.display()))
        .at(at.label("this byte belongs to no character"))
}
