//! What nobody asserted: a second leave, a key that is gone.

use super::{flat, project, release};
use crate::support::Project;

/// Two users, one of whom leaves; nothing is expected of how often that is said, nor of its keys.
const ROOM: &str = r#"
journey("a leave is heard", { lock = "room" }, function(j)
  local alice = j:client("alice", { headers = { ["x-real-ip"] = j:unique_ip() } })
  local bob = j:client("bob", { headers = { ["x-real-ip"] = j:unique_ip() } })
  local a = alice:websocket("chat:/chat/ws", { query = { nick = j:unique("alice") } })
  a:expect { type = "identity" }
  local ghost = j:unique("bob")
  local b = bob:websocket("chat:/chat/ws", { query = { nick = ghost } })
  a:expect { type = "system", text = ghost .. " joined" }
  b:close()
  a:expect { type = "system", text = ghost .. " left" }
  a:expect_none({ type = "nothing" }, { during = "100ms" })
end)
"#;

fn five_releases(numbers: &str) -> Project {
    let again = ROOM.replace("a leave is heard", "a leave is heard again");
    let project = project(numbers, &format!("{ROOM}{again}"));
    for number in 1..=5 {
        let ran = release(&project, &format!("r{number}"), &[]);
        assert_eq!(ran.code, Some(0), "r{number}: {}", ran.shown());
        assert!(!ran.out.contains("drift "), "r{number}: {}", ran.shown());
    }
    project
}

#[test]
fn a_leave_that_is_said_twice_is_a_drift() {
    let project = five_releases("");
    let ran = release(&project, "r6", &["--bug", "leave-twice"]);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert!(
        flat(&ran).contains(
            "drift alice got 2 `system \"* left\"` messages, the last 5 releases had 1 (in 2 journeys)"
        ),
        "{}",
        ran.shown()
    );
    let healthy = release(&project, "r7", &[]);
    assert!(!healthy.out.contains("drift "), "{}", healthy.shown());
}

#[test]
fn by_policy_a_drift_fails() {
    let project = five_releases("drift = \"fail\"");
    let ran = release(&project, "r6", &["--bug", "leave-twice"]);
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    assert!(ran.junit.contains("type=\"number\""), "{}", ran.junit);
    assert_eq!(
        ran.with_outcome("failed"),
        ["a leave is heard", "a leave is heard again"]
    );
    // What was green while it was walked is red in the end, and why is said there.
    let replayed = project.run(&["replay"]);
    assert_eq!(replayed.code, Some(1), "{}", replayed.shown());
    for said in [&ran, &replayed] {
        assert!(
            said.out.contains(" ✗ shop   a leave is heard again "),
            "{}",
            said.shown()
        );
        assert!(
            flat(said)
                .contains("nothing that it expects is broken: it fails by `drift = \"fail\"`"),
            "{}",
            said.shown()
        );
    }
}

#[test]
fn a_key_that_is_gone_is_a_drift() {
    let project = five_releases("");
    let ran = release(&project, "r6", &["--bug", "leave-key-missing"]);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert!(
        flat(&ran).contains("`count` disappeared from `system` messages of /chat/ws?nick (in all of r1 … r5) (in 2 journeys)"),
        "{}",
        ran.shown()
    );
}

#[test]
fn the_file_alone_knows_the_shape() {
    let project = project("drift = \"fail\"", ROOM);
    assert_eq!(release(&project, "r1", &["--no-history"]).code, Some(0));
    assert_eq!(project.run(&["baseline", "accept"]).code, Some(0));
    let same = release(&project, "r2", &["--no-history"]);
    assert_eq!(same.code, Some(0), "{}", same.shown());
    let ran = release(
        &project,
        "r3",
        &["--no-history", "--bug", "leave-key-missing"],
    );
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
}

#[test]
fn by_policy_a_drift_is_only_kept() {
    let project = project("drift = \"observe\"", ROOM);
    assert_eq!(release(&project, "r1", &[]).code, Some(0));
    let ran = release(&project, "r2", &["--bug", "leave-key-missing"]);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert!(!ran.out.contains("disappeared"), "{}", ran.shown());
    let report = ran.report.to_string();
    assert!(report.contains("disappeared"), "{report}");
}
