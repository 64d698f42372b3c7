//! The nearest valid name, for every place where a closed set of names is misspelt.

/// The known name nearest to `found`, if any is near enough to be what was meant.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = found.to_lowercase();
    known
        .into_iter()
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
}

/// `, did you mean `x`?` or nothing, to be put behind a message.
pub fn hint<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(found, known) {
        Some(name) => format!(", did you mean `{name}`?"),
        None => String::new(),
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
        assert_eq!(hint("setle", known), ", did you mean `settle`?");
    }
}
