//! Which number or journey a name means.

use std::collections::BTreeMap;

use crate::model::number::NumberKey;
use crate::model::number::history::{Outcomes, Past, Series};
use crate::model::{Diagnostic, JourneyId, suggest};

/// Most candidates that are listed.
const MOST: usize = 12;

/// What is asked for.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    /// A number's name, with its dimensions or without, or a journey's.
    pub(super) name: &'a str,
    /// Dimensions that a number has to have.
    pub(super) by: BTreeMap<String, String>,
    /// The journey that measured it.
    pub(super) journey: Option<&'a str>,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Subject<'a> {
    Number(&'a Series),
    Journey(&'a Outcomes),
}

/// The one that is meant.
///
/// # Errors
/// If there is none, or more than one.
pub(super) fn find<'a>(past: &'a Past, wanted: &Wanted<'_>) -> Result<Subject<'a>, Diagnostic> {
    if let Some(journey) = wanted.journey
        && !past.series.iter().any(|it| is(&it.journey, journey))
    {
        return Err(no_journey(past, journey));
    }
    let mut numbers = numbers(past, wanted);
    let exact = |it: &&Series| it.key.by == dimensions(wanted);
    if numbers.len() > 1 && numbers.iter().any(exact) {
        numbers.retain(exact);
    }
    // What a journey declares hides what is measured of it under the same name.
    numbers.dedup_by(|later, first| later.journey == first.journey && later.key == first.key);
    let journeys = past.outcomes.iter().filter(|it| {
        wanted.journey.is_none() && wanted.by.is_empty() && is(&it.journey, wanted.name)
    });
    let mut all: Vec<Subject<'_>> = numbers.into_iter().map(Subject::Number).collect();
    all.extend(journeys.map(Subject::Journey));
    match &all[..] {
        [] => Err(unknown(past, wanted)),
        [only] => Ok(*only),
        several => Err(ambiguous(several, wanted.name)),
    }
}

fn is(journey: &JourneyId, name: &str) -> bool {
    journey.name == name || journey.to_string() == name
}

/// `orders.total {region=eu}` as its name and what stands in braces.
fn parts(name: &str) -> (&str, Option<&str>) {
    let braced = name
        .strip_suffix('}')
        .and_then(|rest| rest.split_once('{'))
        .map(|(name, by)| (name.trim_end(), Some(by)));
    braced.unwrap_or((name, None))
}

/// All dimensions that are asked for, in braces and with `--by`.
fn dimensions(wanted: &Wanted<'_>) -> BTreeMap<String, String> {
    let (_, braced) = parts(wanted.name);
    let pairs = braced.into_iter().flat_map(|it| it.split(", "));
    let pairs = pairs.filter_map(|pair| pair.split_once('='));
    let mut all: BTreeMap<String, String> = pairs
        .map(|(key, value)| (key.trim().to_string(), value.trim().to_string()))
        .collect();
    all.extend(wanted.by.clone());
    all
}

fn numbers<'a>(past: &'a Past, wanted: &Wanted<'_>) -> Vec<&'a Series> {
    let (name, _) = parts(wanted.name);
    let dimensions = dimensions(wanted);
    let has = |key: &NumberKey| {
        // A value may hold what separates others, so that the whole is looked at as it is printed.
        let whole = wanted.by.is_empty() && key.to_string() == wanted.name;
        let each = |(name, value): (&String, &String)| key.by.get(name) == Some(value);
        whole || (key.name == name && dimensions.iter().all(each))
    };
    let journey = |it: &JourneyId| wanted.journey.is_none_or(|name| is(it, name));
    let all = past.series.iter();
    all.filter(|it| has(&it.key) && journey(&it.journey))
        .collect()
}

fn no_journey(past: &Past, name: &str) -> Diagnostic {
    let known = past.series.iter().map(|it| it.journey.name.as_str());
    let title = format!("the history knows no number of a journey `{name}`");
    with_hint(Diagnostic::new(title), suggest::nearest(name, known))
}

fn unknown(past: &Past, wanted: &Wanted<'_>) -> Diagnostic {
    let (name, _) = parts(wanted.name);
    let of_name: Vec<String> = past
        .series
        .iter()
        .filter(|it| it.key.name == name)
        .map(|it| format!("{}   {}", it.key, it.journey))
        .collect();
    if !of_name.is_empty() {
        let title = format!("no number `{name}` has these dimensions, or that journey");
        return listed(Diagnostic::new(title), &of_name);
    }
    let numbers = past.series.iter().map(|it| it.key.name.as_str());
    let journeys = past.outcomes.iter().map(|it| it.journey.name.as_str());
    let near = suggest::nearest(name, numbers.chain(journeys));
    let title = format!("the history knows no number and no journey `{name}`");
    match near {
        Some(_) => with_hint(Diagnostic::new(title), near),
        None => Diagnostic::new(title)
            .help("`jaunt history show` lists the journeys and the numbers of a run"),
    }
}

fn with_hint(problem: Diagnostic, near: Option<&str>) -> Diagnostic {
    match near {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem,
    }
}

fn ambiguous(several: &[Subject<'_>], name: &str) -> Diagnostic {
    let named: Vec<String> = several
        .iter()
        .map(|it| match it {
            Subject::Number(series) => {
                format!("'{}' --journey '{}'", series.key, series.journey)
            }
            Subject::Journey(outcomes) => format!("'{}'", outcomes.journey),
        })
        .collect();
    listed(
        Diagnostic::new(format!("`{name}` may be one of {}", several.len())),
        &named,
    )
    .help("name one as it stands here: `jaunt blame …`")
}

fn listed(problem: Diagnostic, lines: &[String]) -> Diagnostic {
    let shown = lines.iter().take(MOST);
    let problem = shown.fold(problem, |problem, line| problem.note(line.clone()));
    match lines.len().saturating_sub(MOST) {
        0 => problem,
        more => problem.note(format!("and {more} more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::number::Origin;

    fn journey(name: &str) -> JourneyId {
        JourneyId {
            file: "shop.lua".into(),
            name: name.into(),
        }
    }

    fn past() -> Past {
        let total = || NumberKey::new("orders.total");
        let left = NumberKey::new("messages").with("message", "{ \"a, b\" }");
        let all = [
            ("buy", total()),
            ("buy", total().with("region", "eu").with("tenant", "x")),
            ("buy", total().with("region", "us").with("tenant", "x")),
            ("sell", NumberKey::new("stock")),
            ("stock", NumberKey::new("stock")),
            ("stock", left),
        ];
        let series = all.into_iter().map(|(name, key)| Series {
            journey: journey(name),
            key,
            origin: Origin::Declared,
            points: Vec::new(),
        });
        let outcomes = ["buy", "sell", "stock"].map(|name| Outcomes {
            journey: journey(name),
            of: Vec::new(),
        });
        Past {
            series: series.collect(),
            outcomes: outcomes.into(),
            ..Past::default()
        }
    }

    /// What it is, or what is said of it.
    fn found(name: &str, by: &[(&str, &str)], of: Option<&str>) -> String {
        let past = past();
        let by = by.iter().map(|(k, v)| ((*k).to_string(), (*v).to_string()));
        let wanted = Wanted {
            name,
            by: by.collect(),
            journey: of,
        };
        match find(&past, &wanted) {
            Ok(Subject::Number(series)) => format!("{} of {}", series.key, series.journey.name),
            Ok(Subject::Journey(outcomes)) => outcomes.journey.to_string(),
            Err(problem) => format!("{problem:?}"),
        }
    }

    #[test]
    fn a_name_means_a_number_or_a_journey() {
        let eu = "orders.total {region=eu, tenant=x} of buy";
        assert_eq!(found("orders.total", &[], None), "orders.total of buy");
        for name in [
            "orders.total {region=eu, tenant=x}",
            "orders.total{region=eu}",
        ] {
            assert_eq!(found(name, &[], None), eu);
        }
        assert_eq!(found("orders.total", &[("region", "eu")], None), eu);
        assert_eq!(found("stock", &[], Some("shop.lua::sell")), "stock of sell");
        let left = "messages {message={ \"a, b\" }}";
        assert_eq!(found(left, &[], None), format!("{left} of stock"));
        assert_eq!(found("buy", &[], None), "shop.lua::buy");
        assert_eq!(found("shop.lua::stock", &[], None), "shop.lua::stock");
    }

    #[test]
    fn what_cannot_be_told_apart_is_listed_and_what_is_misspelt_is_guessed() {
        let several = found("stock", &[], None);
        for part in [
            "may be one of 3",
            "'stock' --journey 'shop.lua::sell'",
            "'shop.lua::stock'",
        ] {
            assert!(several.contains(part), "{several}");
        }
        let tenants = found("orders.total", &[("tenant", "x")], None);
        assert!(tenants.contains("may be one of 2"), "{tenants}");
        for (name, near) in [("order.total", "orders.total"), ("sel", "sell")] {
            let said = found(name, &[], None);
            assert!(said.contains(&format!("did you mean `{near}`?")), "{said}");
        }
        let said = found("orders.total {region=asia}", &[], None);
        assert!(said.contains("has these dimensions"), "{said}");
        let said = found("stock", &[], Some("sel"));
        assert!(said.contains("did you mean `sell`?"), "{said}");
    }
}
