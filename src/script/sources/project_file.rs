//! One file below the project, for `j:file` and the files of TLS; and any plain file.

use std::io::Read;
use std::path::Path;

use crate::model::{Problem, ProblemKind, suggest};
use crate::script::limits::MEMORY;

/// Reads a file below `root`, which is without links itself. Links are followed before it is asked
/// whether the file is below; what is no plain file (a pipe, a device) is never opened.
pub(super) fn read(root: &Path, path: &str) -> Result<Vec<u8>, Problem> {
    let refused = |why: String| Problem::new(ProblemKind::Script, format!("`{path}` {why}"));
    let outside = || refused("is not below the project: nothing else is read".to_string());
    let real = root.join(path).canonicalize().map_err(|error| {
        if !is_below(root, path) {
            return outside();
        }
        refused(format!(
            "cannot be read: {error}{} (paths are relative to the project)",
            near(root, path)
        ))
    })?;
    if !real.starts_with(root) {
        return Err(outside());
    }
    plain(&real).map_err(refused)
}

/// Whether a path that is not there would be below the project, as far as it is there: a journey
/// must not learn which files there are elsewhere.
fn is_below(root: &Path, path: &str) -> bool {
    let wanted = root.join(path);
    let mut above = wanted.ancestors().filter_map(|one| one.canonicalize().ok());
    above.next().is_some_and(|real| real.starts_with(root))
}

/// The bytes of a plain file, or what it is instead, as `is no file`: whoever opened a pipe would
/// wait until somebody writes to it.
pub(super) fn plain(path: &Path) -> Result<Vec<u8>, String> {
    let unread = |error: std::io::Error| format!("cannot be read: {error}");
    let facts = std::fs::metadata(path).map_err(unread)?;
    if !facts.is_file() {
        return Err("is no file".to_string());
    }
    let most = MEMORY as u64;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unread)?;
    // A file may grow while it is read.
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(unread)?;
    if bytes.len() as u64 > most {
        return Err(format!("has more bytes than a journey may hold ({most})"));
    }
    Ok(bytes)
}

/// A file of the same folder whose name is nearly that.
fn near(root: &Path, path: &str) -> String {
    let wanted = Path::new(path);
    let Some(folder) = root
        .join(wanted.parent().unwrap_or(Path::new("")))
        .canonicalize()
        .ok()
        .filter(|folder| folder.starts_with(root))
    else {
        return String::new();
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let name = wanted.file_name().unwrap_or_default().to_string_lossy();
    suggest::hint(&name, names.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_project_and_no_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = folder.path().canonicalize().expect("it is there");
        let root = top.join("project");
        std::fs::create_dir_all(root.join("fixtures")).expect("folders");
        std::fs::write(root.join("fixtures/a.bin"), b"\0\xff").expect("a file");
        std::fs::write(top.join("secret"), "s").expect("a file");
        std::fs::create_dir(top.join("project-2")).expect("a folder");
        std::fs::write(top.join("project-2/secret"), "s").expect("a file");
        let link = |to: &Path, name: &str| {
            std::os::unix::fs::symlink(to, root.join(name)).expect("a link");
        };
        link(&top.join("secret"), "out");
        link(&top, "up");
        link(&root.join("fixtures/a.bin"), "in");
        for good in ["fixtures/a.bin", "in", "fixtures/../in", "./in"] {
            assert_eq!(read(&root, good).as_deref(), Ok(&b"\0\xff"[..]), "{good}");
        }
        let inside = root.join("in");
        assert!(read(&root, inside.to_str().expect("plain")).is_ok());
        for bad in [
            "../secret",
            "out",
            "up/secret",
            "../project-2/secret",
            "fixtures/../../secret",
            "/etc/passwd",
            "/dev/zero",
            "../nothing",
            "up/nothing",
            "../nothing/at/all",
            "/nothing/at/all",
        ] {
            let problem = read(&root, bad).expect_err(bad);
            assert_eq!(problem.kind, ProblemKind::Script);
            assert!(
                problem.message.contains("not below the project"),
                "{problem}"
            );
        }
        for (bad, part) in [
            ("fixtures", "is no file"),
            ("", "is no file"),
            ("fixtures/b.bin", "did you mean `a.bin`?"),
            ("a\0b", "cannot be read"),
        ] {
            let problem = read(&root, bad).expect_err(bad);
            assert!(problem.message.contains(part), "{bad}: {problem}");
        }
    }
}
