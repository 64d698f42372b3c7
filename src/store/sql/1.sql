-- Texts that many rows share: names of projects, machines and versions, commits, reasons.
CREATE TABLE texts (
  id   INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE journeys (
  id   INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (file, name)
) STRICT;

-- What identifies a number within its journey; dimensions are a JSON object, keys sorted.
CREATE TABLE keys (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  dimensions TEXT NOT NULL,
  UNIQUE (name, dimensions)
) STRICT;

-- How a number was declared; unit is '' for none, tolerance is JSON.
CREATE TABLE declarations (
  id        INTEGER PRIMARY KEY,
  key       INTEGER NOT NULL REFERENCES keys,
  origin    TEXT NOT NULL,
  kind      TEXT NOT NULL,
  unit      TEXT NOT NULL,
  tolerance TEXT NOT NULL,
  core      INTEGER NOT NULL,
  UNIQUE (key, origin, kind, unit, tolerance, core)
) STRICT;

-- What sets and shapes are made of; members is a JSON array.
CREATE TABLE fingerprints (
  id      INTEGER PRIMARY KEY,
  digest  TEXT NOT NULL,
  count   TEXT NOT NULL,
  members TEXT NOT NULL,
  UNIQUE (digest, count, members)
) STRICT;

-- What can be compared: runs of one target in one context, a JSON object, keys sorted.
CREATE TABLE tracks (
  id      INTEGER PRIMARY KEY,
  target  TEXT NOT NULL,
  context TEXT NOT NULL,
  UNIQUE (target, context)
) STRICT;

-- Times are nanoseconds since the Unix epoch. last_good is the last run that had numbers to learn from.
CREATE TABLE releases (
  id        INTEGER PRIMARY KEY,
  track     INTEGER NOT NULL REFERENCES tracks,
  name      TEXT NOT NULL,
  revision  INTEGER REFERENCES texts,
  first_at  INTEGER NOT NULL,
  last_at   INTEGER NOT NULL,
  last_good INTEGER,
  UNIQUE (track, name)
) STRICT;
CREATE INDEX releases_by_time ON releases (track, first_at);
CREATE INDEX releases_by_good ON releases (track, last_good) WHERE last_good IS NOT NULL;

-- named is 1 if the run itself knew its release; else the release has the name of its commit or of the run.
CREATE TABLE runs (
  id        INTEGER PRIMARY KEY,
  run       TEXT NOT NULL UNIQUE,
  release   INTEGER NOT NULL REFERENCES releases,
  named     INTEGER NOT NULL,
  project   INTEGER NOT NULL REFERENCES texts,
  revision  INTEGER REFERENCES texts,
  phase     TEXT,
  started   INTEGER NOT NULL,
  took      INTEGER NOT NULL,
  exit_code INTEGER NOT NULL,
  unsound   INTEGER NOT NULL,
  seed      TEXT NOT NULL,
  host      INTEGER NOT NULL REFERENCES texts,
  jaunt     INTEGER NOT NULL REFERENCES texts
) STRICT;
CREATE INDEX runs_by_time ON runs (started);
CREATE INDEX runs_by_release ON runs (release);

-- One row for each journey and repetition of a run; place is its position in the run, from 0.
CREATE TABLE results (
  run         INTEGER NOT NULL REFERENCES runs,
  place       INTEGER NOT NULL,
  journey     INTEGER NOT NULL REFERENCES journeys,
  repetition  INTEGER NOT NULL,
  outcome     TEXT NOT NULL,
  quarantined INTEGER NOT NULL,
  reason      INTEGER REFERENCES texts,
  took        INTEGER NOT NULL,
  attempts    INTEGER NOT NULL,
  PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID;

-- value is a whole number, or a text: a decimal (1284.50), a share (3/20), counts of cohorts (a JSON object). What
-- is a fingerprint has none, and names its row of fingerprints.
CREATE TABLE numbers (
  run         INTEGER NOT NULL REFERENCES runs,
  result      INTEGER NOT NULL,
  place       INTEGER NOT NULL,
  declaration INTEGER NOT NULL REFERENCES declarations,
  value       ANY,
  fingerprint INTEGER REFERENCES fingerprints,
  PRIMARY KEY (run, result, place)
) STRICT, WITHOUT ROWID;

-- One value for each release and number: the median of what good runs of the release measured, and how many of them
-- there were; what the last of them measured, and how it was declared then.
CREATE TABLE summaries (
  release     INTEGER NOT NULL REFERENCES releases,
  journey     INTEGER NOT NULL REFERENCES journeys,
  key         INTEGER NOT NULL REFERENCES keys,
  origin      TEXT NOT NULL,
  median      REAL,
  count       INTEGER NOT NULL,
  last_at     INTEGER NOT NULL,
  declaration INTEGER NOT NULL REFERENCES declarations,
  value       ANY,
  fingerprint INTEGER REFERENCES fingerprints,
  PRIMARY KEY (release, journey, key, origin)
) STRICT, WITHOUT ROWID;

-- What a median is of: the newest values, each eight bytes, little-endian.
CREATE TABLE samples (
  release INTEGER NOT NULL REFERENCES releases,
  journey INTEGER NOT NULL REFERENCES journeys,
  key     INTEGER NOT NULL REFERENCES keys,
  origin  TEXT NOT NULL,
  newest  BLOB NOT NULL,
  PRIMARY KEY (release, journey, key, origin)
) STRICT, WITHOUT ROWID;

-- How often a journey came to what in a release; held is when it last passed, 0 for never.
CREATE TABLE outcomes (
  release INTEGER NOT NULL REFERENCES releases,
  journey INTEGER NOT NULL REFERENCES journeys,
  passed  INTEGER NOT NULL,
  failed  INTEGER NOT NULL,
  errored INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  flaky   INTEGER NOT NULL,
  held    INTEGER NOT NULL,
  last    TEXT NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (release, journey)
) STRICT, WITHOUT ROWID;
