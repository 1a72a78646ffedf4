-- What payers ask, what this node answered, and what a hub collected (domain/report).

-- Definitions as they were signed. Their bytes are what the signature covers: kept as they are.
CREATE TABLE report_definition(
  row INTEGER PRIMARY KEY,
  payer TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  definition BLOB NOT NULL,
  signature BLOB NOT NULL,   -- Made anew when the payer's certificate is; the definition never is.
  added_at INTEGER NOT NULL,
  UNIQUE (payer, name, version)
) STRICT;

-- Requests that came, each with what became of it. A collection asks a node once.
CREATE TABLE report_request(
  row INTEGER PRIMARY KEY,
  payer TEXT NOT NULL,
  collect_id BLOB NOT NULL,
  definition INTEGER NOT NULL REFERENCES report_definition(row),
  received_at INTEGER NOT NULL,
  outcome TEXT NOT NULL,     -- '' while open, OK, or the reason of the refusal.
  UNIQUE (payer, collect_id)
) STRICT;
CREATE INDEX report_request_open ON report_request(row) WHERE outcome = '';

-- Everything that was released to one payer for one period. There is one family of a period, and
-- its answer is the only one: a second, other one could be subtracted from it.
CREATE TABLE released_family(
  row INTEGER PRIMARY KEY,
  payer TEXT NOT NULL,
  period_start INTEGER NOT NULL, -- Days since 1970-01-01.
  period_end INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  answer BLOB NOT NULL,          -- As it was first sent.
  released_at INTEGER NOT NULL,
  UNIQUE (payer, period_start, period_end)
) STRICT;

-- At a hub: one asking of every node for one definition.
CREATE TABLE collection(
  row INTEGER PRIMARY KEY,
  collect_id BLOB NOT NULL UNIQUE,
  definition INTEGER NOT NULL REFERENCES report_definition(row),
  started_at INTEGER NOT NULL,
  released INTEGER NOT NULL      -- Number of its release; 0 while it is open.
) STRICT;
CREATE UNIQUE INDEX collection_open ON collection(definition) WHERE released = 0;

-- What each asked node said.
CREATE TABLE collection_node(
  collection INTEGER NOT NULL REFERENCES collection(row),
  node TEXT NOT NULL,
  at INTEGER NOT NULL,           -- When it was asked, or answered.
  answer BLOB NOT NULL,          -- As it came; empty while the node is silent.
  PRIMARY KEY (collection, node)
) STRICT, WITHOUT ROWID;

-- Immutable. The head is the release without its tables, for lists.
CREATE TABLE hub_release(
  row INTEGER PRIMARY KEY,
  definition INTEGER NOT NULL REFERENCES report_definition(row),
  number INTEGER NOT NULL,
  collection INTEGER NOT NULL UNIQUE REFERENCES collection(row),
  head BLOB NOT NULL,
  release BLOB NOT NULL,
  UNIQUE (definition, number)
) STRICT;
