-- Links that began anew with a peer (domain/exchange/anew).

-- The code by which they did so last.
CREATE TABLE link_code(
  peer TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Records of an owner from up to this row may be replaced by what it recorded later, whatever the
-- versions say: a node whose data was put back counts them from where the backup stood. 0 = never.
ALTER TABLE record_owner ADD COLUMN anew_row INTEGER NOT NULL DEFAULT 0;
