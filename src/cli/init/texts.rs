//! The files of a new project.

use super::Ci;

/// The path of a file, and its text.
pub(super) type File = (&'static str, String);

/// What every project has.
pub(super) fn files(name: &str, url: &str) -> [File; 3] {
    [
        ("jaunt.toml", settings(name, url)),
        ("journeys/floor.lua", FLOOR.to_string()),
        ("journeys/ceiling.lua", CEILING.to_string()),
    ]
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

-- A page that anybody may read. Where there is none at \"/\", as with many an API, name another.
local PAGE = \"/\"

journey(\"a visitor finds the front page\", {
  covers = { \"front-page\" },
  tags = { \"critical\" },
}, function(j)
  local visitor = j:client(\"visitor\")

  local page = j:step(\"the page comes\", function()
    return visitor:get(PAGE):expect({ status = 200 }, {
      message = \"PAGE of journeys/ceiling.lua is to be a page that anybody may read\",
    })
  end)

  j:step(\"it is not empty\", function()
    j:expect(page.text, match.length(match.gt(0)))
  end)
end)
";

/// The file that a CI system reads.
pub(super) fn pipeline(ci: Ci) -> Option<(&'static str, String)> {
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
# One run at a time: two would meet in the same target.
concurrency: jaunt
jobs:
  journeys:
    runs-on: ubuntu-latest
    # What jaunt.toml reads from the environment, `{ env = \"API_TOKEN\" }`:
    # env:
    #   API_TOKEN: ${{ secrets.API_TOKEN }}
    steps:
      - uses: actions/checkout@v4
      # Deploy before this, and put `jaunt` on the PATH.
      - run: jaunt check --warnings error
      # With `version` in jaunt.toml, `--deploy \"$GITHUB_SHA\" --wait 120s` waits until the release that
      # was deployed answers, and judges no other. One of several targets: `--target NAME`.
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
  # One run at a time: two would meet in the same target.
  resource_group: jaunt
  # Deploy before this, in an image that has `jaunt`. What jaunt.toml reads from the environment,
  # `{ env = \"API_TOKEN\" }`, is a variable of the project: Settings, CI/CD, Variables.
  script:
    - jaunt check --warnings error
    # With `version` in jaunt.toml, `--deploy \"$CI_COMMIT_SHA\" --wait 120s` waits until the release that
    # was deployed answers, and judges no other. One of several targets: `--target NAME`.
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
  options {
    // One run at a time: two would meet in the same target.
    disableConcurrentBuilds()
  }
  // What jaunt.toml reads from the environment, `{ env = \"API_TOKEN\" }`:
  // environment {
  //   API_TOKEN = credentials('api-token')
  // }
  stages {
    // Deploy before this, on an agent that has `jaunt`.
    stage('journeys') {
      steps {
        sh 'jaunt check --warnings error'
        // With `version` in jaunt.toml, `--deploy \"$GIT_COMMIT\" --wait 120s` waits until the release that
        // was deployed answers, and judges no other. One of several targets: `--target NAME`.
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
trigger:
  # One run at a time: two would meet in the same target.
  batch: true
  branches:
    include: [main]
pool:
  vmImage: ubuntu-latest
steps:
  # Deploy before this, and put `jaunt` on the PATH.
  # What jaunt.toml reads from the environment, `{ env = \"API_TOKEN\" }`, both steps need:
  #   env:
  #     API_TOKEN: $(apiToken)
  - script: jaunt check --warnings error
  # With `version` in jaunt.toml, `--deploy \"$BUILD_SOURCEVERSION\" --wait 120s` waits until the release
  # that was deployed answers, and judges no other. One of several targets: `--target NAME`.
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
    # One run at a time: two would meet in the same target.
    concurrency: 1
    concurrency_group: jaunt
    # What jaunt.toml reads from the environment, `{ env = \"API_TOKEN\" }`, comes from the agent's
    # `environment` hook, or from the cluster:
    # secrets: [API_TOKEN]
    commands:
      - jaunt check --warnings error
      # With `version` in jaunt.toml, `--deploy \"$$BUILDKITE_COMMIT\" --wait 120s` waits until the release
      # that was deployed answers, and judges no other. One of several targets: `--target NAME`.
      - jaunt run --max-time 5m
    artifact_paths: .jaunt/**/*
";
