-- The numbers of a run that nobody declared: JSON, compressed with Zstandard. Comparisons need the summaries only.
CREATE TABLE bundles (
  run     INTEGER PRIMARY KEY REFERENCES runs,
  numbers BLOB NOT NULL
) STRICT;

-- How many of them each result has.
CREATE TABLE bundled (
  run    INTEGER NOT NULL REFERENCES runs,
  result INTEGER NOT NULL,
  count  INTEGER NOT NULL,
  PRIMARY KEY (run, result)
) STRICT, WITHOUT ROWID;
