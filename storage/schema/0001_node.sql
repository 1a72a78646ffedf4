-- What the node itself remembers, one value a word.
CREATE TABLE node_state(
  word TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
