//! Good files whole, bad files by their exact places, the choice of a target.

mod bad;
mod choose;
mod floor;
mod good;
mod looking;
mod may_use;
mod outside;
mod tls;

use std::path::Path;

use crate::model::Diagnostic;

use super::Project;

fn parse(text: &str) -> Result<Project, Vec<Diagnostic>> {
    super::project::parse(text, Path::new("jaunt.toml"), Path::new("/srv/shop"), None)
}

fn good(text: &str) -> Project {
    match parse(text) {
        Ok(project) => project,
        Err(problems) => panic!("refused: {problems:#?}"),
    }
}

fn bad(text: &str) -> Vec<Diagnostic> {
    match parse(text) {
        Ok(project) => panic!("accepted: {project:#?}"),
        Err(problems) => problems,
    }
}

/// `line:column+width title / label`, which is all that a person sees but the notes.
fn line_of(problem: &Diagnostic) -> String {
    match &problem.source {
        Some(at) => format!(
            "{}:{}+{} {} / {}",
            at.line,
            at.column.unwrap_or(0),
            at.width,
            problem.title,
            at.label
        ),
        None => problem.title.clone(),
    }
}
