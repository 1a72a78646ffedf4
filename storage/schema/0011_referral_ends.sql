-- What one end of a referral knows of its copy alone (domain/referral/here.h), and when its clock alone
-- changes whose turn it is.

-- When this node looks at it again without an event; 0 = never.
ALTER TABLE referral ADD COLUMN turns_at INTEGER NOT NULL DEFAULT 0;
-- Since when the two ends' chains do not agree; 0 = they do.
ALTER TABLE referral ADD COLUMN fault_at INTEGER NOT NULL DEFAULT 0;
-- How this end has closed its copy without the other; empty = it has not.
ALTER TABLE referral ADD COLUMN end_here BLOB NOT NULL DEFAULT x'';

-- What is there already is looked at once, at the next start.
UPDATE referral SET turns_at=1 WHERE next_who<>0;
UPDATE referral SET fault_at=max(linked_at, 1), turns_at=1 WHERE fault<>'';
CREATE INDEX referral_turns ON referral(turns_at, row) WHERE turns_at<>0;
