-- What a person said of a release: nothing is learnt from it.
CREATE TABLE labels (
  target  TEXT NOT NULL,
  release TEXT NOT NULL,
  label   TEXT NOT NULL CHECK (label IN ('bad', 'maintenance')),
  PRIMARY KEY (target, release)
) STRICT, WITHOUT ROWID;

-- For people: the same with names instead of ids.
CREATE VIEW all_runs AS
  SELECT runs.run, project.text AS project, tracks.target, tracks.context, releases.name AS release,
    revision.text AS "commit", runs.phase, datetime(runs.started / 1000000000, 'unixepoch') AS started,
    runs.took / 1e9 AS seconds, runs.exit_code, runs.unsound, runs.seed, host.text AS host, jaunt.text AS jaunt,
    labels.label
  FROM runs
  JOIN releases ON releases.id = runs.release
  JOIN tracks ON tracks.id = releases.track
  JOIN texts AS project ON project.id = runs.project
  JOIN texts AS host ON host.id = runs.host
  JOIN texts AS jaunt ON jaunt.id = runs.jaunt
  LEFT JOIN texts AS revision ON revision.id = runs.revision
  LEFT JOIN labels ON labels.target = tracks.target AND labels.release = releases.name;

CREATE VIEW all_results AS
  SELECT runs.run, tracks.target, releases.name AS release,
    datetime(runs.started / 1000000000, 'unixepoch') AS started, journeys.file, journeys.name AS journey,
    results.repetition, results.outcome, results.quarantined, reason.text AS reason, results.took / 1e9 AS seconds,
    results.attempts
  FROM results
  JOIN runs ON runs.id = results.run
  JOIN releases ON releases.id = runs.release
  JOIN tracks ON tracks.id = releases.track
  JOIN journeys ON journeys.id = results.journey
  LEFT JOIN texts AS reason ON reason.id = results.reason;

CREATE VIEW all_numbers AS
  SELECT runs.run, tracks.target, releases.name AS release,
    datetime(runs.started / 1000000000, 'unixepoch') AS started, journeys.file, journeys.name AS journey,
    results.outcome, keys.name AS number, keys.dimensions, declarations.origin, declarations.kind,
    declarations.unit, coalesce(numbers.value, fingerprints.digest) AS value
  FROM numbers
  JOIN results ON results.run = numbers.run AND results.place = numbers.result
  JOIN runs ON runs.id = numbers.run
  JOIN releases ON releases.id = runs.release
  JOIN tracks ON tracks.id = releases.track
  JOIN journeys ON journeys.id = results.journey
  JOIN declarations ON declarations.id = numbers.declaration
  JOIN keys ON keys.id = declarations.key
  LEFT JOIN fingerprints ON fingerprints.id = numbers.fingerprint;

-- One value for each release and number, as a run compares with them.
CREATE VIEW all_releases AS
  SELECT tracks.target, tracks.context, releases.name AS release,
    datetime(releases.first_at / 1000000000, 'unixepoch') AS first_run, labels.label, journeys.file,
    journeys.name AS journey, keys.name AS number, keys.dimensions, summaries.origin, summaries.median,
    summaries.count, coalesce(summaries.value, fingerprints.digest) AS last
  FROM summaries
  JOIN releases ON releases.id = summaries.release
  JOIN tracks ON tracks.id = releases.track
  JOIN journeys ON journeys.id = summaries.journey
  JOIN keys ON keys.id = summaries.key
  LEFT JOIN fingerprints ON fingerprints.id = summaries.fingerprint
  LEFT JOIN labels ON labels.target = tracks.target AND labels.release = releases.name;
