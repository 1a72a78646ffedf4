// What sources say about the versions of our own records: when they made them, and which of them
// came back. Rows are those of the record log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/people/source_stamp.h"
#include "storage/sqlite/tx.h"

namespace equinode {

// The content of row `held` was said again of the record whose current row is `row`.
struct HeldVersion {
  std::int64_t row = 0;
  std::int64_t held = 0;
  friend bool operator==(const HeldVersion&, const HeldVersion&) = default;
};

class SourceStore {
 public:
  // In place of what was said of that row before.
  static Status SetStamp(Tx& tx, std::int64_t row, const SourceStamp& stamp);
  // none() when nothing was said.
  static Result<SourceStamp> StampOf(ReadTx& tx, std::int64_t row);
  static Status DropStamp(Tx& tx, std::int64_t row);

  // In place of what was held against that row before. `feed` is whose import decides.
  static Status Hold(Tx& tx, const HeldVersion& version, std::string_view feed);
  // Nothing when none is held against it.
  static Status Release(Tx& tx, std::int64_t row);
  // The first of a feed, in the order of rows.
  static Result<std::vector<HeldVersion>> HeldOf(ReadTx& tx, std::string_view feed,
                                                 std::size_t most);
  static Result<bool> HoldsAny(ReadTx& tx);
};

}  // namespace equinode
