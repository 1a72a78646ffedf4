-- What the sources of our own records say about their versions (docs/adr/0008). Keyed by rows of
-- record_log, which rise, so that an import appends here too. Never sent to a peer.

-- When the source made the version in that row. Only of current versions.
CREATE TABLE source_stamp(
  row INTEGER PRIMARY KEY,
  updated_us INTEGER NOT NULL,  -- Microseconds since 1970-01-01; 0 = not said.
  version INTEGER NOT NULL      -- 0 = not said.
) STRICT;

-- A source said again what the version in `row` had replaced: `held` is the row of that older
-- content. It waits for the end of the feed's import, or for the content of `row` to come behind it.
CREATE TABLE source_held(
  row INTEGER PRIMARY KEY,
  held INTEGER NOT NULL,
  feed TEXT NOT NULL
) STRICT;
