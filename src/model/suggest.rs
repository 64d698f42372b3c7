//! The nearest valid name, for every place where a closed set of names is misspelt.

/// Fewest characters of a beginning that says what was meant.
const BEGINNING: usize = 4;

/// The known name nearest to `found`, if any is near enough to be what was meant; else the first one
/// that begins so.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = found.to_lowercase();
    let known: Vec<&str> = known.into_iter().collect();
    let begun = || {
        let is_long = lower.chars().count() >= BEGINNING;
        let mut known = known.iter().copied();
        known.find(|name| is_long && name.to_lowercase().starts_with(&lower))
    };
    known
        .iter()
        .copied()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&lower, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, name)| {
            *distance <= allowed(found.chars().count().max(name.chars().count()))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
        .or_else(begun)
}

/// `, did you mean `x`?` or nothing, to be put behind a message.
pub fn hint<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(found, known) {
        Some(name) => format!(", did you mean `{name}`?"),
        None => String::new(),
    }
}

/// What a message about a name says, without the list of all names at its end: `options: a, b`.
pub fn without_known(message: &str) -> (&str, Option<&str>) {
    const LISTS: [&str; 4] = ["options: ", "they are: ", "known: ", "it has: "];
    let apart = message
        .strip_suffix(')')
        .and_then(|it| it.rsplit_once(" ("))
        .filter(|(_, list)| LISTS.iter().any(|known| list.starts_with(known)));
    match apart {
        Some((rest, list)) => (rest, Some(list)),
        None => (message, None),
    }
}

/// The same without what [`hint`] put behind it, and that alone; empty if there is none.
pub fn without_hint(message: &str) -> (&str, &str) {
    match message.split_once(", did you mean ") {
        Some((mistake, _)) => (mistake, &message[mistake.len() + 2..]),
        None => (message, ""),
    }
}

/// How many typing slips a name of this length may hold.
fn allowed(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=4 => 1,
        5..=8 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_a_stranger_is_not() {
        let known = ["within", "exactly", "settle"];
        assert_eq!(nearest("witin", known), Some("within"));
        assert_eq!(nearest("Exactly", known), Some("exactly"));
        assert_eq!(nearest("headers", known), None);
        assert_eq!(nearest("exac", known), Some("exactly"));
        assert_eq!(nearest("exa", known), None);
        assert_eq!(hint("setle", known), ", did you mean `settle`?");
    }

    #[test]
    fn a_message_is_taken_apart() {
        let message = "`setle` is no option, did you mean `settle`? (options: within, settle)";
        let (rest, list) = without_known(message);
        assert_eq!(list, Some("options: within, settle"));
        assert_eq!(
            without_hint(rest),
            ("`setle` is no option", "did you mean `settle`?")
        );
        for whole in ["it is (perhaps) so", "no target (allowed: a)", "plain"] {
            assert_eq!(without_known(whole), (whole, None));
            assert_eq!(without_hint(whole), (whole, ""));
        }
    }
}
