-- Referrals with their chains, consents, and what was told to whom (domain/referral, domain/consent).

-- One referral as this end keeps it. What can be read off its chain stands here only so that lists
-- need not read chains.
CREATE TABLE referral(
  row INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  need BLOB NOT NULL,
  ours INTEGER NOT NULL,        -- 1 = this node asked.
  person TEXT NOT NULL,         -- source_id at the end that asked; '' at the other.
  peer TEXT NOT NULL,           -- The other end's node.
  state TEXT NOT NULL,          -- FHIR Task.status.
  asked BLOB NOT NULL,          -- The order as the target may see it; empty once its consent is revoked.
  consents BLOB NOT NULL,       -- Ids under which it was told, 16 bytes each.
  next_who INTEGER NOT NULL,    -- 0 nobody, 1 the requester, 2 the target.
  next_by INTEGER NOT NULL,     -- First moment that is too late.
  changed INTEGER NOT NULL,     -- Rising over all referrals: the cursor of who follows them.
  fault TEXT NOT NULL           -- '' or why the two ends' chains do not agree.
) STRICT;
CREATE UNIQUE INDEX referral_changed ON referral(changed);
CREATE INDEX referral_need ON referral(need);
-- The worklist: where somebody has to act, the most urgent first.
CREATE INDEX referral_next ON referral(next_by, row) WHERE next_who <> 0;

CREATE TABLE referral_link(
  referral INTEGER NOT NULL REFERENCES referral(row),
  number INTEGER NOT NULL,
  event_id BLOB NOT NULL UNIQUE,
  link BLOB NOT NULL,           -- As it was signed.
  PRIMARY KEY (referral, number)
) STRICT, WITHOUT ROWID;

-- Events of ours that ask the other end for their place.
CREATE TABLE referral_proposal(
  event_id BLOB PRIMARY KEY,
  referral INTEGER NOT NULL REFERENCES referral(row),
  verb TEXT NOT NULL,
  outcome TEXT NOT NULL         -- '' while open, OK, or the reason of the refusal.
) STRICT, WITHOUT ROWID;
CREATE INDEX referral_proposal_open ON referral_proposal(referral) WHERE outcome = '';

CREATE TABLE consent(
  row INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  person TEXT NOT NULL,
  consent BLOB NOT NULL,        -- Its fields in order.
  revoked_at INTEGER,           -- NULL = not revoked.
  revocation_document BLOB
) STRICT;
CREATE INDEX consent_person ON consent(person);

-- Consents of other nodes that were revoked: what was told under them is not taken any more.
CREATE TABLE revoked_elsewhere(
  peer TEXT NOT NULL,
  consent_id BLOB NOT NULL,
  revoked_at INTEGER NOT NULL,
  PRIMARY KEY (peer, consent_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE disclosure(
  row INTEGER PRIMARY KEY,
  referral BLOB NOT NULL,       -- Id of the referral that told it.
  person TEXT NOT NULL,
  recipient TEXT NOT NULL,
  told_at INTEGER NOT NULL,
  purpose INTEGER NOT NULL,
  categories TEXT NOT NULL,     -- One a line.
  description TEXT NOT NULL,
  consents BLOB NOT NULL,
  notice TEXT NOT NULL,
  revoked_told INTEGER,         -- When the recipient was told of a revocation.
  revoked_heard INTEGER         -- When it said that it had heard.
) STRICT;
CREATE INDEX disclosure_person ON disclosure(person, told_at);
