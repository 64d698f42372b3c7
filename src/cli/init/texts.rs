//! The files of a new project.

use super::Ci;

/// Path and text of each.
pub(super) fn files(name: &str, url: &str, ci: Ci) -> Vec<(&'static str, String)> {
    let mut files = vec![
        ("jaunt.toml", settings(name, url)),
        ("journeys/floor.lua", FLOOR.to_string()),
        ("journeys/ceiling.lua", CEILING.to_string()),
    ];
    files.extend(pipeline(ci));
    files
}

fn settings(name: &str, url: &str) -> String {
    // A folder may be called anything; a text of TOML is written as Rust writes one of such letters.
    let plain = |letter: &char| letter.is_alphanumeric() || " -_.".contains(*letter);
    let name: String = name.chars().filter(plain).collect();
    let name = match name.trim() {
        "" => "project",
        name => name,
    };
    format!(
        "\
[project]
name = \"{name}\"
# What users come for. `covers` of a journey names it, and a report says which of it was verified.
features = [\"front-page\"]

[targets.main]
url = \"{url}\"
# What must answer (2xx) for a journey to be judged at all; without it, anything below 500 at the url.
# floor = [\"/health\"]
# Other addresses, for paths such as \"api:/orders\":
# services = {{ api = \"https://api.example.com\" }}
# Read as j.secrets.token, and masked in everything that is written:
# secrets = {{ token = {{ env = \"API_TOKEN\" }} }}
"
    )
}

const FLOOR: &str = "\
-- The floor: does the service answer at all? Monitoring asks the same.
journey(\"the service answers\", { tags = { \"floor\" } }, function(j)
  j:floor(\"it answers\", function()
    j:client(\"probe\"):get(\"/\"):expect { status = match.lt(500) }
  end)
end)
";

const CEILING: &str = "\
-- The ceiling: what users come for. Edit this one: log in, order, say something, and let another
-- client see it. `jaunt types` has told your editor what there is.
journey(\"a visitor finds the front page\", {
  covers = { \"front-page\" },
  tags = { \"critical\" },
}, function(j)
  local visitor = j:client(\"visitor\")

  local page = j:step(\"the page comes\", function()
    return visitor:get(\"/\"):expect { status = 200 }
  end)

  j:step(\"it is not empty\", function()
    j:expect(page.text, match.length(match.gt(0)))
  end)
end)
";

fn pipeline(ci: Ci) -> Option<(&'static str, String)> {
    let (file, text) = match ci {
        Ci::Github => (".github/workflows/jaunt.yml", GITHUB),
        Ci::Gitlab => (".gitlab-ci.yml", GITLAB),
        Ci::Jenkins => ("Jenkinsfile", JENKINS),
        Ci::Azure => ("azure-pipelines.yml", AZURE),
        Ci::Buildkite => (".buildkite/pipeline.yml", BUILDKITE),
        Ci::None => return None,
    };
    Some((file, text.to_string()))
}

const GITHUB: &str = "\
name: jaunt
on:
  workflow_dispatch:
  push:
    branches: [main]
jobs:
  journeys:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      # Deploy before this, and put `jaunt` on the PATH.
      - run: jaunt check --warnings error
      - run: jaunt run --max-time 5m
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: jaunt
          path: .jaunt/
          include-hidden-files: true
";

const GITLAB: &str = "\
journeys:
  stage: test
  # Deploy before this, in an image that has `jaunt`.
  script:
    - jaunt check --warnings error
    - jaunt run --max-time 5m
  artifacts:
    when: always
    paths: [.jaunt/]
    reports:
      junit: .jaunt/junit.xml
";

const JENKINS: &str = "\
pipeline {
  agent any
  stages {
    // Deploy before this, on an agent that has `jaunt`.
    stage('journeys') {
      steps {
        sh 'jaunt check --warnings error'
        sh 'jaunt run --max-time 5m'
      }
    }
  }
  post {
    always {
      junit allowEmptyResults: true, testResults: '.jaunt/junit.xml'
      archiveArtifacts allowEmptyArchive: true, artifacts: '.jaunt/**'
    }
  }
}
";

const AZURE: &str = "\
trigger: [main]
pool:
  vmImage: ubuntu-latest
steps:
  # Deploy before this, and put `jaunt` on the PATH.
  - script: jaunt check --warnings error
  - script: jaunt run --max-time 5m
  - task: PublishTestResults@2
    condition: always()
    inputs:
      testResultsFormat: JUnit
      testResultsFiles: .jaunt/junit.xml
";

const BUILDKITE: &str = "\
steps:
  # Deploy before this, on an agent that has `jaunt`.
  - label: journeys
    commands:
      - jaunt check --warnings error
      - jaunt run --max-time 5m
    artifact_paths: .jaunt/**/*
";
