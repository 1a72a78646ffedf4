-- Whom this node deals with, what it gives them, and what was done.

-- An enrolment. The URI is the only name there is.
CREATE TABLE peer(
  uri TEXT NOT NULL PRIMARY KEY,
  address TEXT NOT NULL,     -- host:port to dial, or ''.
  relay TEXT NOT NULL,       -- URI of the relay that reaches it, or ''.
  take_over INTEGER NOT NULL CHECK (take_over IN (0, 1)),
  added_at INTEGER NOT NULL,
  last_seen INTEGER NOT NULL -- 0 = never.
) STRICT, WITHOUT ROWID;

-- States are those of PeerCertificateState. A certificate belongs to one peer only.
CREATE TABLE peer_certificate(
  uri TEXT NOT NULL REFERENCES peer(uri) ON DELETE CASCADE,
  fingerprint TEXT NOT NULL UNIQUE,
  state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
  der BLOB NOT NULL,
  added_at INTEGER NOT NULL,
  PRIMARY KEY (uri, fingerprint)
) STRICT, WITHOUT ROWID;

-- Never taken back: a certificate once revoked stays so. No reference to peer, since a revocation
-- outlives the enrolment. Numbered, so that what was added since can be read alone.
CREATE TABLE revocation(
  number INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3), -- 1 URI, 2 fingerprint, 3 serial number.
  value TEXT NOT NULL,
  issuer TEXT NOT NULL,      -- Of a serial number; '' otherwise.
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (kind, value, issuer)
) STRICT;

-- What goes to a peer. No row = nothing.
CREATE TABLE sharing_rule(
  peer TEXT NOT NULL PRIMARY KEY REFERENCES peer(uri) ON DELETE CASCADE,
  kinds INTEGER NOT NULL,    -- Bit n = RecordKind n.
  counts INTEGER NOT NULL CHECK (counts IN (0, 1)),
  since_row INTEGER NOT NULL, -- Of the record log, when the rule was made or grew.
  version INTEGER NOT NULL,
  set_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The audit log. Append-only; each hash covers the one before (domain/audit).
CREATE TABLE audit_entry(
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  origin TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  purpose TEXT NOT NULL,
  outcome TEXT NOT NULL,
  disclosure INTEGER NOT NULL,
  touched INTEGER NOT NULL,
  touched_digest BLOB NOT NULL, -- Empty when nothing was touched.
  hash BLOB NOT NULL
) STRICT;
-- An accounting of disclosures must not read six years of everything else.
CREATE INDEX audit_disclosure ON audit_entry(number) WHERE disclosure <> 0;

-- The ids of the records that an entry is about, in one value: one write a transaction in bulk.
CREATE TABLE audit_touched(
  number INTEGER PRIMARY KEY,
  ids BLOB NOT NULL
) STRICT;

-- Where the audit logs of peers stood, as they told us with their envelopes, a lane at a time:
-- within a lane envelopes come in order, so a log that goes back there was cut or put back.
CREATE TABLE audit_peer_head(
  peer TEXT NOT NULL,
  lane INTEGER NOT NULL,
  count INTEGER NOT NULL,
  hash BLOB NOT NULL,
  at INTEGER NOT NULL,
  faults INTEGER NOT NULL,   -- How often it went back or differed.
  PRIMARY KEY (peer, lane)
) STRICT, WITHOUT ROWID;
