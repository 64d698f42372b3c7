//! What is said between two rounds.

use super::todo::Todo;

/// What is said while it waits.
pub(super) fn waiting(keys: bool) -> &'static str {
    match keys {
        true => " waiting for changes, Enter walks again, Ctrl-C ends\n",
        false => " waiting for changes, Ctrl-C ends\n",
    }
}

/// What a round begins with: what was saved or asked for, and what that means. Nothing for the
/// first one, of which somebody has just written what it is.
pub(super) fn beginning(todo: &Todo, journeys: Option<usize>, only_failed: bool) -> Option<String> {
    let saved = todo.saved();
    if saved.is_empty() {
        let count = match journeys {
            Some(0) if only_failed => {
                return Some(" nothing  that is selected failed in the last run\n".to_string());
            }
            Some(1) => "1 journey",
            Some(count) => &format!("{count} journeys"),
            None => "cannot be run",
        };
        return todo.is_asked().then(|| format!(" again    {count}\n"));
    }
    let means = match (journeys, only_failed) {
        (None, _) => "cannot be run".to_string(),
        (Some(0), false) => "no selected journey reads it".to_string(),
        (Some(0), true) => "no journey reads it that did not pass last".to_string(),
        (Some(1), _) => "1 journey again".to_string(),
        (Some(count), _) => format!("{count} journeys again"),
    };
    Some(format!(" saved    {saved}   {means}\n"))
}

#[cfg(test)]
mod tests {
    use super::super::todo::Change;
    use super::*;

    #[test]
    fn a_round_says_why_it_begins() {
        let said = |todo: &Todo, journeys| beginning(todo, journeys, false).unwrap_or_default();
        assert_eq!(said(&Todo::everything(), Some(3)), "");
        assert_eq!(said(&Todo::asked(), Some(3)), " again    3 journeys\n");
        assert_eq!(said(&Todo::asked(), Some(1)), " again    1 journey\n");
        assert_eq!(said(&Todo::asked(), None), " again    cannot be run\n");
        let none = beginning(&Todo::asked(), Some(0), true);
        let nothing = " nothing  that is selected failed in the last run\n";
        assert_eq!(none.as_deref(), Some(nothing));
        let mut todo = Todo::asked();
        todo.add(Change::File("journeys/it.lua".into()));
        let said = said(&todo, Some(1));
        assert_eq!(said, " saved    journeys/it.lua   1 journey again\n");
    }
}
