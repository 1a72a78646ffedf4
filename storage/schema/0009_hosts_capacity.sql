-- Organisations without a node, orders that were split, capacity (domain/referral/capacity).

-- Who is asked, as the chain says; '' while nobody has claimed it.
ALTER TABLE referral ADD COLUMN owner TEXT NOT NULL DEFAULT '';
-- The order that it is a part of; NULL = it stands for itself.
ALTER TABLE referral ADD COLUMN part_of BLOB;
-- When its last link was made: what is older than a backup need not be told again.
ALTER TABLE referral ADD COLUMN linked_at INTEGER NOT NULL DEFAULT 0;

-- Every list is read off an index in its order: by who acts next and until when, or (0, 0) the newest first.
DROP INDEX referral_next;
CREATE INDEX referral_turn ON referral(ours, next_who, next_by, row);
CREATE INDEX referral_owner ON referral(owner, ours, next_who, next_by, row);
CREATE INDEX referral_owner_changed ON referral(owner, changed);
CREATE INDEX referral_state ON referral(state, ours, next_who, next_by, row);
CREATE INDEX referral_person ON referral(person, ours, next_who, next_by, row) WHERE person <> '';
CREATE INDEX referral_part ON referral(part_of) WHERE part_of IS NOT NULL;
CREATE INDEX referral_peer ON referral(peer, ours);

-- An order of this node that several organisations answer, each with a referral of its own. Where it
-- stands follows from them (domain/referral/split).
CREATE TABLE split_order(
  row INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  need BLOB NOT NULL,
  person TEXT NOT NULL,
  domain TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX split_order_person ON split_order(person);

-- On which node an organisation acts that has none: this one, or an enrolled peer.
CREATE TABLE hosted_organisation(
  organisation TEXT NOT NULL PRIMARY KEY,  -- URI.
  node TEXT NOT NULL,                      -- URI.
  added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The latest word on who can take people on.
CREATE TABLE capacity(
  organisation TEXT NOT NULL,
  domain TEXT NOT NULL,
  status INTEGER NOT NULL,
  said_by TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (organisation, domain)
) STRICT, WITHOUT ROWID;

-- Questions about capacity: ours to another node ('' as who asks), and another node's to us.
CREATE TABLE capacity_question(
  asker TEXT NOT NULL,
  organisation TEXT NOT NULL,
  domain TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  answered_at INTEGER,                     -- NULL while open; ours only.
  PRIMARY KEY (asker, organisation, domain)
) STRICT, WITHOUT ROWID;

-- The recipient of a revocation was not enrolled any more when it should have been told. NULL = it
-- was told, or needs not be.
ALTER TABLE disclosure ADD COLUMN revoked_lost INTEGER;
CREATE INDEX disclosure_referral ON disclosure(referral);
CREATE INDEX disclosure_revoked ON disclosure(row) WHERE revoked_told IS NOT NULL;
