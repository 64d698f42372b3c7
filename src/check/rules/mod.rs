//! One file for each group of rules that look at single expressions, or at the names of a file.

mod addresses;
mod colons;
mod deadlines;
pub(super) mod expects;
mod files;
mod globals;
mod members;
mod options;
mod patterns;
mod promise;
pub(super) mod unused;
mod values;
mod variables;
mod words;

use super::walk::{At, Walk};

/// Shows an expression to every rule.
pub(super) fn look(walk: &mut Walk<'_>, at: At<'_>) {
    globals::look(walk, at);
    members::look(walk, at);
    colons::look(walk, at);
    options::look(walk, at);
    addresses::look(walk, at);
    files::look(walk, at);
    values::look(walk, at);
    words::look(walk, at);
    patterns::look(walk, at);
    variables::look(walk, at);
    deadlines::look(walk, at);
    expects::look(walk, at);
}
