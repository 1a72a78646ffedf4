-- Social needs: where a person's current records are, and the code tables that were put in place.

-- The rows of record_log that hold the current versions of what is kept of a person's needs (RecordKind
-- 5 to 8). Changed in the transaction of the record; could be made again from the log.
CREATE TABLE need_row(
  person_no INTEGER NOT NULL,
  row INTEGER NOT NULL,
  PRIMARY KEY (person_no, row)
) STRICT, WITHOUT ROWID;

-- ICD-10-CM code tables. The newest version is in use; without any, the one that the program came with.
CREATE TABLE code_table(
  version INTEGER PRIMARY KEY,   -- Days since 1970-01-01: its own first day.
  text BLOB NOT NULL,            -- As it was given.
  sha256 BLOB NOT NULL,
  codes INTEGER NOT NULL,
  installed_by TEXT NOT NULL,    -- URI of the operator.
  installed_at INTEGER NOT NULL
) STRICT;
