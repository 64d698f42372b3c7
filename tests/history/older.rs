//! A history of version 1, made by its own text, is read as it is and brought up to date by writing.

use super::{count, database, good, lines, project, run};

const VERSION_1: &str = include_str!("../../src/store/sql/1.sql");

const ROWS: &str = "
    INSERT INTO texts VALUES (1, 'shop'), (2, 'here'), (3, '0.0.9'), (4, 'c0ffee');
    INSERT INTO journeys VALUES (1, 'journeys/shop.lua', 'buy');
    INSERT INTO keys VALUES (1, 'orders.total', '{}');
    INSERT INTO declarations VALUES (1, 1, 'declared', 'decimal', 'EUR', '\"exact\"', 0);
    INSERT INTO tracks VALUES (1, 'site', '{}');
    INSERT INTO releases VALUES (1, 1, 'r1', 4, 1793491200000000000, 1793491200000000000, 1793491200000000000);
    INSERT INTO runs VALUES (1, 'old', 1, 1, 1, 4, NULL, 1793491200000000000, 5000, 0, 0, '7', 2, 3);
    INSERT INTO results VALUES (1, 0, 1, 1, 'passed', 0, NULL, 4000, 1);
    INSERT INTO numbers VALUES (1, 0, 0, 1, '1284.50', NULL);
    INSERT INTO summaries VALUES (1, 1, 1, 'declared', 1284.5, 1, 1793491200000000000, 1, '1284.50', NULL);
    INSERT INTO samples VALUES (1, 1, 1, 'declared', x'0000000000129440');
    INSERT INTO outcomes VALUES (1, 1, 1, 0, 0, 0, 0, 1793491200000000000, 'passed', 1793491200000000000);
    PRAGMA application_id = 0x6a6e7431;
    PRAGMA user_version = 1;
";

#[test]
fn version_1_is_read_and_then_brought_up_to_date_with_all_that_is_in_it() {
    let project = project();
    let old = database(&project, "h.db");
    old.execute_batch(&format!("{VERSION_1}{ROWS}"))
        .expect("version 1");
    drop(old);
    let before = std::fs::read(project.path("h.db")).expect("a file");
    let shown = good(&project, &["history", "show", "old", "--history", "h.db"]);
    assert!(shown.contains("orders.total  1284.50 EUR"), "{shown}");
    good(&project, &["history", "--history", "h.db"]);
    let after = std::fs::read(project.path("h.db")).expect("a file");
    assert!(before == after, "reading changed it");
    project.write("a.jsonl", &lines([run("new", "r2", 9, "passed")]));
    good(
        &project,
        &["history", "import", "a.jsonl", "--history", "h.db"],
    );
    let now = database(&project, "h.db");
    assert_eq!(count(&now, "PRAGMA user_version"), 4);
    assert_eq!(count(&now, "SELECT count(*) FROM all_numbers"), 2);
    drop(now);
    good(
        &project,
        &["history", "label", "r1", "bad", "--history", "h.db"],
    );
    let again = good(&project, &["history", "show", "old", "--history", "h.db"]);
    assert_eq!(again, shown);
    let listed = good(&project, &["history", "--history", "h.db"]);
    assert!(listed.contains("r1 (bad)"), "{listed}");
}
