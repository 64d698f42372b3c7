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

#[test]
fn of_a_run_before_that_says_nothing_nothing_is_kept() {
    let project = project("", LEDGER);
    let before = release(&project, "r7", &["--phase", "before"]);
    assert_eq!(before.code, Some(0), "{}", before.shown());
    // Another release answers than the one that is said to be deployed.
    let arguments = [
        "run",
        "--release",
        "r1",
        "--deploy",
        "r9",
        "--phase",
        "before",
    ];
    let wrong = project.run(&arguments);
    assert_eq!(wrong.code, Some(3), "{}", wrong.shown());
    assert!(wrong.err.contains("are not kept"), "{}", wrong.shown());
    let after = release(&project, "r8", &["--phase", "after"]);
    assert_eq!(after.code, Some(2), "{}", after.shown());
}

#[test]
fn the_run_after_a_deploy_is_held_to_what_was_accepted_too() {
    let project = project("", LEDGER);
    assert_eq!(release(&project, "r7", &["--no-history"]).code, Some(0));
    assert_eq!(project.run(&["baseline", "accept"]).code, Some(0));
    // The number moved before this deploy, and nobody accepted it.
    let before = release(&project, "r8", &["--no-history", "--phase", "before"]);
    assert_eq!(before.code, Some(1), "{}", before.shown());
    let after = release(&project, "r9", &["--no-history", "--phase", "after"]);
    assert_eq!(after.code, Some(1), "{}", after.shown());
    assert!(
        flat(&after).contains("1284.50 to 1323.03"),
        "{}",
        after.shown()
    );
}

#[test]
fn what_is_heard_no_more_after_a_deploy_is_a_drift() {
    let asks = r#"
journey("it asks", function(j)
  local shop = j:client("shop")
  shop:get("/version"):expect { status = 200 }
  if j.deploy.id == "r1" then shop:get("/ledger"):expect { status = 200 } end
end)
"#;
    let project = project("drift = \"fail\"", asks);
    let before = release(&project, "r1", &["--no-history", "--phase", "before"]);
    assert_eq!(before.code, Some(0), "{}", before.shown());
    let after = release(&project, "r2", &["--no-history", "--phase", "after"]);
    assert_eq!(after.code, Some(1), "{}", after.shown());
    assert!(flat(&after).contains("GET /ledger"), "{}", after.shown());
}
