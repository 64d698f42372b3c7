-- What was measured last in a release and nobody learns from: its journey failed for its numbers, or is in quarantine.
CREATE TABLE unlearnt (
  release     INTEGER NOT NULL REFERENCES releases,
  journey     INTEGER NOT NULL REFERENCES journeys,
  key         INTEGER NOT NULL REFERENCES keys,
  origin      TEXT NOT NULL,
  last_at     INTEGER NOT NULL,
  value       ANY,
  fingerprint INTEGER REFERENCES fingerprints,
  PRIMARY KEY (release, journey, key, origin)
) STRICT, WITHOUT ROWID;
