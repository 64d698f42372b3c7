//! `j:fault` over real connections: the journeys of `fixtures/bad-network/fault.lua` against the embedded
//! target, which sees what a bad network shows a target and nothing else.

mod support;

use support::{Project, copy, root};

#[test]
fn a_bad_network_does_what_it_says() {
    let project =
        Project::new("[targets.demo]\nembedded = true\nvars = { ghost_deadline = \"5s\" }\n");
    copy(&root().join("journeys/lib"), &project.path("journeys/lib"));
    let journeys = std::fs::read_to_string(root().join("fixtures/bad-network/fault.lua"));
    project.write("journeys/fault.lua", &journeys.expect("the journeys"));
    let ran = project.run(&["run", "journeys/fault.lua"]);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let passed = ran.journeys().iter().filter(|it| it["outcome"] == "passed");
    assert!(passed.count() >= 9, "{}", ran.shown());
}
