-- The exchange of sealed envelopes (domain/exchange). Sealed bytes are kept as they travel.

-- What waits for its number. In order for each (peer, lane).
CREATE TABLE outbox(
  row INTEGER PRIMARY KEY AUTOINCREMENT, -- Never given twice: a seal that lost a race must not take another's payload.
  peer TEXT NOT NULL,
  lane INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  payload BLOB NOT NULL,
  queued_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_queue ON outbox(peer, lane, row);

-- How far the record log has gone out to a peer under its sharing rule.
CREATE TABLE record_feed(
  peer TEXT NOT NULL,
  lane INTEGER NOT NULL,
  rule_version INTEGER NOT NULL,
  position INTEGER NOT NULL,  -- Row of the record log.
  PRIMARY KEY (peer, lane)
) STRICT, WITHOUT ROWID;

-- The versions of a peer's rules begin anew when it is enrolled anew: where an old one had come to
-- says nothing about the new one.
CREATE TRIGGER record_feed_ends AFTER DELETE ON sharing_rule BEGIN
  DELETE FROM record_feed WHERE peer = OLD.peer;
END;

-- The sender's half of a link. Outlives the enrolment: its numbers are never given again.
CREATE TABLE outgoing_link(
  link INTEGER PRIMARY KEY,
  peer TEXT NOT NULL,
  lane INTEGER NOT NULL,
  given INTEGER NOT NULL,
  given_chain BLOB NOT NULL,
  receipted INTEGER NOT NULL,
  receipted_chain BLOB NOT NULL,
  hop_acked INTEGER NOT NULL,
  waiting_since INTEGER NOT NULL,
  silences INTEGER NOT NULL,
  rounds INTEGER NOT NULL,
  fault INTEGER NOT NULL,
  kept_bytes INTEGER NOT NULL, -- Of sealed bytes in `sent`.
  UNIQUE (peer, lane)
) STRICT;

-- Numbers given and not receipted. A void replaces id, created, expires and sealed.
CREATE TABLE sent(
  row INTEGER PRIMARY KEY,
  link INTEGER NOT NULL REFERENCES outgoing_link(link),
  number INTEGER NOT NULL,
  id BLOB NOT NULL,             -- Of what stands for the number now.
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  first_id BLOB NOT NULL,       -- Of the first content: what the chain holds.
  first_digest BLOB NOT NULL,
  previous_chain BLOB NOT NULL,
  kind INTEGER NOT NULL,        -- Of the first content.
  voided INTEGER NOT NULL,
  void_reason TEXT NOT NULL,    -- Not '': to be voided, for this reason.
  first_row INTEGER NOT NULL,   -- Rows of the record log in it, so that it can be made again;
  last_row INTEGER NOT NULL,    -- 0 when the payload is kept instead.
  payload BLOB NOT NULL,        -- Empty for record batches, receipts and voids.
  sealed BLOB NOT NULL,
  UNIQUE (link, number)
) STRICT;
CREATE INDEX sent_expiry ON sent(expires);
CREATE INDEX sent_to_void ON sent(link) WHERE void_reason <> '';

-- The recipient's half.
CREATE TABLE incoming_link(
  link INTEGER PRIMARY KEY,
  peer TEXT NOT NULL,
  lane INTEGER NOT NULL,
  applied INTEGER NOT NULL,
  chain BLOB NOT NULL,
  reported INTEGER NOT NULL,
  owed INTEGER NOT NULL,
  owed_since INTEGER NOT NULL,
  audit_count INTEGER NOT NULL,
  audit_hash BLOB NOT NULL,
  UNIQUE (peer, lane)
) STRICT;

-- What took each number: the inbox, without the payloads. Forgotten when nothing of that age can be
-- accepted any more.
CREATE TABLE seen(
  link INTEGER NOT NULL REFERENCES incoming_link(link),
  number INTEGER NOT NULL,
  id BLOB NOT NULL,
  digest BLOB NOT NULL,
  replaced_id BLOB,       -- Of a void.
  replaced_digest BLOB,
  forget_at INTEGER NOT NULL,
  PRIMARY KEY (link, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_id ON seen(id); -- UUIDv7: grows at its end.

-- Refusals that the next receipt tells.
CREATE TABLE refusal(
  peer TEXT NOT NULL,
  lane INTEGER NOT NULL,
  number INTEGER NOT NULL,
  id BLOB NOT NULL,
  reason TEXT NOT NULL,
  expected INTEGER NOT NULL,
  permanent INTEGER NOT NULL,
  dead INTEGER NOT NULL,  -- 1: it took its number and had no effect. Told in any case.
  since INTEGER NOT NULL,
  PRIMARY KEY (peer, lane, number)
) STRICT, WITHOUT ROWID;

-- Envelopes for others.
CREATE TABLE relay_link(
  link INTEGER PRIMARY KEY,
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  lane INTEGER NOT NULL,
  through INTEGER NOT NULL,    -- The highest number that came.
  collected INTEGER NOT NULL,  -- What the next hop has.
  rounds INTEGER NOT NULL,     -- Rises when a number comes again.
  bytes INTEGER NOT NULL,      -- Of the envelopes that wait.
  UNIQUE (recipient, lane, sender)
) STRICT;
CREATE TABLE relayed(
  row INTEGER PRIMARY KEY,
  link INTEGER NOT NULL REFERENCES relay_link(link),
  number INTEGER NOT NULL,
  id BLOB NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  UNIQUE (link, number)
) STRICT;
CREATE INDEX relayed_expiry ON relayed(expires);

-- Envelopes without effect, for an operator to look at. In quarantine (sealed kept as evidence):
-- bytes that lie about an id, a number or a past.
CREATE TABLE dead_letter(
  row INTEGER PRIMARY KEY,
  id BLOB NOT NULL,
  peer TEXT NOT NULL,
  outgoing INTEGER NOT NULL,
  lane INTEGER NOT NULL,
  number INTEGER NOT NULL,
  kind INTEGER NOT NULL,        -- 0 when not known.
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  resolved TEXT NOT NULL,       -- '', RETRIED or DISCARDED.
  quarantined INTEGER NOT NULL,
  digest BLOB NOT NULL,         -- Of the content; empty when it was never opened.
  first_row INTEGER NOT NULL,   -- As in `sent`.
  last_row INTEGER NOT NULL,
  payload BLOB NOT NULL,        -- Dropped when resolved.
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX dead_letter_id ON dead_letter(id);
CREATE INDEX dead_letter_open ON dead_letter(peer) WHERE resolved = '';
