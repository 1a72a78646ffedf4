-- Records of people, and what keeps their writing exact.

-- Who made records. Small numbers, so that the log does not repeat a URI in every row.
CREATE TABLE record_owner(
  owner INTEGER PRIMARY KEY,
  uri TEXT NOT NULL UNIQUE
) STRICT;

-- Every version of every record, in the order in which they came to be here. Append-only, and no
-- index but the row: a B-tree on random keys costs more than all the rest and grows with the table,
-- so the current row of a record is found through an index in memory (server/records), rebuilt from
-- a snapshot and the rows after it. A row is never taken back: peers are told of records by their
-- position here. (On an engine of several servers the key would lead with the owner.)
CREATE TABLE record_log(
  row INTEGER PRIMARY KEY,
  owner INTEGER NOT NULL,
  kind INTEGER NOT NULL,        -- RecordKind.
  deleted INTEGER NOT NULL,     -- 1 = a tombstone; body is empty.
  version INTEGER NOT NULL,     -- From 1, rising, as its owner counts.
  before INTEGER,               -- The row of the version that this one replaced here; NULL = none.
  person_no INTEGER NOT NULL,   -- Whom it is about, dense from 1 in this node; 0 = nobody.
  recorded_at INTEGER NOT NULL, -- When its owner took it in.
  source_id TEXT NOT NULL,
  person TEXT,                  -- source_id of that person; NULL = the same as source_id, or nobody.
  body BLOB NOT NULL            -- As serialised at the source: stored bytes = wire bytes.
) STRICT;

-- Second names of people ("mrn:..."), as keyed hashes only. The last row of a name counts.
CREATE TABLE record_alias(
  row INTEGER PRIMARY KEY,
  alias BLOB NOT NULL,          -- HMAC-SHA-256 under record.alias_key of node_state.
  person_no INTEGER NOT NULL,   -- 0 = two people bear it: nobody is meant by it any more.
  person_row INTEGER NOT NULL   -- A row of that person's record.
) STRICT;

-- How far the import of a file has come. Moves in the transaction of the records before it.
CREATE TABLE import_cursor(
  file TEXT NOT NULL PRIMARY KEY,
  offset INTEGER NOT NULL,
  line INTEGER NOT NULL,
  moved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- First answers to writes: the same request again gets the same bytes, whenever it comes.
CREATE TABLE request(
  caller TEXT NOT NULL,
  request_id BLOB NOT NULL,
  method TEXT NOT NULL,
  digest BLOB NOT NULL,         -- Of the request.
  answer BLOB NOT NULL,
  answered_at INTEGER NOT NULL,
  PRIMARY KEY (caller, request_id)
) STRICT, WITHOUT ROWID;

-- Copies of what is kept in memory, for a quick start. Two slots a name: one is whole while the
-- other is written, in place.
CREATE TABLE snapshot(
  name TEXT NOT NULL,
  slot INTEGER NOT NULL CHECK (slot IN (0, 1)),
  serial INTEGER NOT NULL,      -- The higher one is the newer.
  position INTEGER NOT NULL,    -- Of the record log: all up to there is in it.
  size INTEGER NOT NULL,
  digest BLOB NOT NULL,
  PRIMARY KEY (name, slot)
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshot_chunk(
  name TEXT NOT NULL,
  slot INTEGER NOT NULL,
  number INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (name, slot, number)
) STRICT;
