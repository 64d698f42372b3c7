//! The two runs around a deploy.

use super::{LEDGER, flat, project, release};

#[test]
fn the_run_after_a_deploy_is_compared_with_the_one_before() {
    let project = project("", LEDGER);
    let nothing = release(&project, "r8", &["--no-history", "--phase", "after"]);
    assert_eq!(nothing.code, Some(2), "{}", nothing.shown());
    assert!(
        nothing.err.contains("no run before the deploy is kept"),
        "{}",
        nothing.shown()
    );
    let before = release(&project, "r7", &["--no-history", "--phase", "before"]);
    assert_eq!(before.code, Some(0), "{}", before.shown());
    let after = release(&project, "r8", &["--no-history", "--phase", "after"]);
    assert_eq!(after.code, Some(1), "{}", after.shown());
    assert!(
        after.out.contains("1284.50 to 1323.03"),
        "{}",
        after.shown()
    );
    assert!(
        after.out.contains("r7") && after.out.contains("r8"),
        "{}",
        after.shown()
    );
}

#[test]
fn what_passed_before_and_fails_after_is_told() {
    let two = r#"
journey("it stays", function(j) j:expect(1, 1) end)
journey("it breaks", function(j) j:expect(j.deploy.id, "r1") end)
"#;
    let project = project("", two);
    assert_eq!(
        release(&project, "r1", &["--phase", "before"]).code,
        Some(0)
    );
    let after = release(&project, "r2", &["--phase", "after"]);
    assert_eq!(after.code, Some(1), "{}", after.shown());
    assert!(flat(&after).contains("passed"), "{}", after.shown());
}
