// Where the current records of a person's needs are, and the code tables in use.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/result.h"
#include "domain/people/facts.h"
#include "domain/people/record.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct NeedRows {
  PersonNo person_no = 0;
  std::vector<std::int64_t> rows{};  // Of record_log, rising.
};

struct StoredCodeTable {
  std::chrono::sys_days version{};
  Bytes text{};  // Empty in lists.
  Digest sha256{};
  std::uint32_t codes = 0;
  std::string installed_by{};
  Instant installed_at{};
};

constexpr bool IsNeedKind(RecordKind kind) {
  return kind >= RecordKind::kScreening && kind <= RecordKind::kNeed;
}

// Which table is to be in use.
struct CodeTableChoice {
  std::chrono::sys_days version{};      // Of a stored one, or of the program's own.
  std::chrono::sys_days own_version{};  // Of the program's own when it was chosen.
  std::string by{};                     // URI of the operator.
  Instant at{};
};

class NeedStore {
 public:
  // `row` takes the place of `before` (0 = of nothing); 0 = nothing takes it, for a tombstone.
  static Status Replace(Tx& tx, PersonNo before_person, std::int64_t before, PersonNo person_no,
                        std::int64_t row);
  static Result<NeedRows> RowsOf(ReadTx& tx, PersonNo person_no);
  // People after `after`, in the order of their numbers, at most `most`.
  static Result<std::vector<NeedRows>> PeopleAfter(ReadTx& tx, PersonNo after, std::size_t most);

  // In place of one of the same version, which somebody had left for another.
  static Status AddCodeTable(Tx& tx, const StoredCodeTable& table);
  // The newest; nothing when none was put in place.
  static Result<std::optional<StoredCodeTable>> NewestCodeTable(ReadTx& tx);
  // With its text; nothing when none of that version was put in place.
  static Result<std::optional<StoredCodeTable>> CodeTableOf(ReadTx& tx,
                                                            std::chrono::sys_days version);
  // What was chosen last; nothing when nobody ever chose: then the newest counts.
  static Result<std::optional<CodeTableChoice>> LastCodeTableChoice(ReadTx& tx);
  static Status ChooseCodeTable(Tx& tx, const CodeTableChoice& choice);
  // Newest first, without their texts.
  static Result<std::vector<StoredCodeTable>> CodeTables(ReadTx& tx);
};

}  // namespace equinode
