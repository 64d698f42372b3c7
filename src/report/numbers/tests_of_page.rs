//! The numbers in the HTML page.

use scraper::{Html, Selector};

use super::made::{self, number, one_moved, passed, references, series, undeclared, with};
use crate::model::header::Phase;
use crate::model::number::{Origin, Source, Standing, Tolerance};
use crate::model::run::Run;
use crate::report::HtmlReport;
use crate::report::files::Content as _;

const HOSTILE: &str = "</title></svg><script>top.pwned=1</script>\"'><img src=x onerror=top.pwned=1>\u{202e}\u{1b}[31m";

fn page(run: &Run) -> String {
    let mut out = Vec::new();
    let report = HtmlReport::new(run, None);
    report.write_to(&mut out).expect("memory takes it");
    String::from_utf8(out).expect("it is text")
}

fn all(page: &str, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    let page = Html::parse_document(page);
    page.select(&selector)
        .map(|it| it.text().collect::<String>())
        .collect()
}

fn attributes(page: &str, selector: &str, name: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    let page = Html::parse_document(page);
    page.select(&selector)
        .filter_map(|it| it.attr(name).map(str::to_string))
        .collect()
}

#[test]
fn what_moved_stands_in_a_table_and_through_the_releases() {
    let mut run = one_moved();
    run.journeys[0].numbers[0].tolerance = Tolerance::Relative(made::exact("0.001"));
    let page = page(&run);
    let section = all(&page, "#numbers").join("");
    for part in [
        "37 compared with r41: 36 unchanged, 1 moved, 0 missing",
        "3 commits since r41: 4be1d2c",
        "1284.50 → 1284.49",
        "`count` disappeared",
        "usually 1.2 s",
    ] {
        assert!(section.contains(part), "{part} in {section}");
    }
    let titles = all(&page, "#numbers svg title");
    assert_eq!(titles.len(), 7);
    assert_eq!(titles[0], "r36: 1284.5");
    assert_eq!(titles[6], "r42: 1284.49");
    assert_eq!(
        attributes(&page, "#numbers circle", "class"),
        ["", "", "", "", "", "baseline", "now bad"]
    );
    assert_eq!(all(&page, "#numbers rect.band").len(), 1);
    assert_eq!(all(&page, "#numbers line.baseline").len(), 1);
    let heights = attributes(&page, "#numbers circle", "cy");
    assert!(
        heights[0] == heights[5] && heights[6] > heights[5],
        "{heights:?}"
    );
    assert_eq!(all(&page, "#numbers svg > text"), ["r36", "r42"]);
}

#[test]
fn a_run_without_numbers_has_no_such_section() {
    let page = page(&passed(&["one"]));
    assert!(all(&page, "#numbers").is_empty());
    assert!(all(&page, "h2").iter().all(|it| it != "Numbers"));
}

#[test]
fn long_lists_are_folded_and_bounded() {
    let names: Vec<String> = (0..500).map(|at| format!("n{at}")).collect();
    let numbers = names.iter().map(|name| number(name, "1", "2")).collect();
    let history = names
        .iter()
        .map(|name| series(name, "one", &[1.0; 6]))
        .collect();
    let run = with(
        passed(&["one"]),
        vec![numbers],
        Some(references(history, vec![])),
    );
    let page = page(&run);
    let rows = all(&page, "#numbers table[data-standing=moved] tbody tr");
    assert_eq!(rows.len(), 200);
    let open = all(&page, "#numbers > table[data-standing=moved] tbody tr");
    assert_eq!(open.len(), 20);
    assert_eq!(all(&page, "#numbers svg").len(), 60);
    assert_eq!(all(&page, "#numbers > .charts svg").len(), 6);
    assert!(page.contains("300 more are in the JSON report."));
    assert!(page.len() < 500_000, "{} bytes", page.len());
}

#[test]
fn words_of_others_become_no_markup() {
    let mut moved = number(HOSTILE, "1", "2");
    moved.unit = Some(HOSTILE.into());
    moved.against[0].release = HOSTILE.into();
    let drift = undeclared(HOSTILE, Origin::Shape, Standing::Moved, HOSTILE);
    let mut references = references(vec![series(HOSTILE, HOSTILE, &[1.0; 6])], vec![]);
    references.remarks = vec![HOSTILE.into()];
    references.past.releases[0].id = HOSTILE.into();
    let baseline = references.baseline.as_mut().expect("a baseline");
    baseline.release = HOSTILE.into();
    baseline.source = Source::Before;
    baseline.outcomes = [(made::id(HOSTILE).to_string(), HOSTILE.to_string())].into();
    let mut run = with(
        passed(&[HOSTILE]),
        vec![vec![moved, drift]],
        Some(references),
    );
    run.header.phase = Some(Phase::After);
    let page = page(&run);
    assert!(page.contains("top.pwned") && all(&page, "#numbers svg").len() == 1);
    assert!(!page.contains(['\u{202e}', '\u{1b}']));
    let parsed = Html::parse_document(&page);
    for element in parsed.root_element().descendent_elements() {
        assert_ne!(element.value().name(), "img");
        for (attribute, _) in element.value().attrs() {
            assert!(!attribute.starts_with("on") && attribute != "style");
        }
    }
    let changed = all(&page, "section.compared td[data-o=passed]");
    assert_eq!(changed, ["passed"]);
}

#[test]
fn the_largest_floats_are_drawn_within_their_box() {
    let mut number = number("n", "1", "2");
    number.tolerance = Tolerance::Growing;
    let history = series(
        "n",
        "one",
        &[f64::MAX, -f64::MAX, 0.0, f64::NAN, 1e-300, 5.0],
    );
    let run = with(
        passed(&["one"]),
        vec![vec![number]],
        Some(references(vec![history], vec![])),
    );
    let page = page(&run);
    let heights = attributes(&page, "#numbers circle", "cy");
    assert_eq!(heights.len(), 6);
    for height in heights {
        let height: f64 = height.parse().expect("a number");
        assert!((12.0..=104.0).contains(&height), "{height}");
    }
    assert_eq!(all(&page, "#numbers polyline").len(), 2, "a gap is a gap");
}
