-- Other systems' words about referrals, and lists by domain and organisation (domain/referral/status_words).

-- The last status word that a system said of a referral at this node, and where the referral stood when it had been
-- brought there: while it stands there still, the same word goes out again.
CREATE TABLE referral_word(
  referral INTEGER NOT NULL REFERENCES referral(row),
  system TEXT NOT NULL,
  word TEXT NOT NULL,
  taken_in INTEGER NOT NULL,
  said_on INTEGER,              -- The day that the system named; NULL = none.
  state TEXT NOT NULL,          -- FHIR Task.status.
  since INTEGER NOT NULL,       -- Moment of the event that led to it.
  PRIMARY KEY (referral, system)
) STRICT, WITHOUT ROWID;

-- The need's domain, as the chain's first event says, which holds it as a text with its length before it.
ALTER TABLE referral ADD COLUMN domain TEXT NOT NULL DEFAULT '';
WITH known(word) AS (VALUES
  ('sdoh-category-unspecified'), ('food-insecurity'), ('housing-instability'), ('homelessness'), ('inadequate-housing'),
  ('transportation-insecurity'), ('financial-insecurity'), ('material-hardship'), ('educational-attainment'),
  ('employment-status'), ('veteran-status'), ('stress'), ('social-connection'), ('intimate-partner-violence'),
  ('elder-abuse'), ('personal-health-literacy'), ('health-insurance-coverage-status'), ('medical-cost-burden'),
  ('digital-literacy'), ('digital-access'), ('utility-insecurity'), ('incarceration-status'), ('language-access'),
  ('protective-factor'), ('interpersonal-safety'), ('education-help'), ('physical-activity'), ('substance-use'),
  ('mental-health'), ('disability'))
UPDATE referral SET domain = coalesce(
  (SELECT word FROM known, referral_link AS link
   WHERE link.referral = referral.row AND link.number = 1
     AND instr(link.link, x'000000' || CAST(char(length(word)) AS BLOB) || CAST(word AS BLOB)) > 0), '');

-- As in 0009: lists are read off an index in their order. What a filter may ask beside the first column stands at the end,
-- so that a row that is not wanted is passed over without being read.
CREATE INDEX referral_domain ON referral(domain, ours, next_who, next_by, row, owner, peer, state);
DROP INDEX referral_peer;
CREATE INDEX referral_peer ON referral(peer, ours, next_who, next_by, row, owner, domain, state);
DROP INDEX referral_owner;
CREATE INDEX referral_owner ON referral(owner, ours, next_who, next_by, row, peer, domain, state);
DROP INDEX referral_state;
CREATE INDEX referral_state ON referral(state, ours, next_who, next_by, row, owner, peer, domain);

-- Which code table was chosen, the last row counts: a table that was put in place by mistake is left again.
CREATE TABLE code_table_choice(
  row INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,     -- Of code_table, or of the program's own.
  own_version INTEGER NOT NULL, -- Of the program's own at that time: a newer one of a newer program goes before the choice.
  chosen_by TEXT NOT NULL,      -- URI of the operator.
  chosen_at INTEGER NOT NULL
) STRICT;
