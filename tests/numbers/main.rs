//! Numbers from release to release, with the built program against the embedded target, which is
//! started as each release in turn. Every test has a project of its own in a temporary folder.

mod accepted;
mod around;
mod drift;
mod memory;
mod releases;
mod reports;
#[path = "../support/mod.rs"]
mod support;

use self::support::{Project, Ran};

/// A project against the embedded target, with that as its `[numbers]`.
fn project(numbers: &str, journeys: &str) -> Project {
    let settings = format!(
        "[project]\nname = \"shop\"\n\n[targets.demo]\nembedded = true\n\n[numbers]\n{numbers}\n"
    );
    let project = Project::new(&settings);
    project.write("journeys/shop.lua", journeys);
    project
}

/// Runs against the target as that release, with further options.
fn release(project: &Project, id: &str, options: &[&str]) -> Ran {
    let arguments = ["run", "--release", id, "--deploy", id];
    project.run(&[&arguments[..], options].concat())
}

/// What was printed, with one blank between words wherever a line was broken.
fn flat(ran: &Ran) -> String {
    let words: Vec<&str> = ran.out.split_whitespace().collect();
    words.join(" ")
}

/// The ledger, with revenue that may not move and stock that may by one percent.
const LEDGER: &str = r#"
journey("the books are right", function(j)
  local ledger = j:client("shop"):get("/ledger"):expect({ status = 200 }).json
  j:record("ledger.revenue", ledger.revenue, { kind = "decimal", unit = "EUR", core = true })
  j:record("ledger.stock", ledger.stock, { kind = "decimal", unit = "EUR", tolerance = "1%" })
  for region, count in pairs(ledger.orders) do
    j:record("ledger.orders", count, { by = { region = region } })
  end
end)
"#;
