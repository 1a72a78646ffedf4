// Report definitions, the requests that came for them, and what was released.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "domain/report/release_of_period.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct StoredDefinition {
  std::int64_t row = 0;
  std::string payer{};
  std::string name{};
  std::uint32_t version = 1;
  Bytes definition{};  // The signed bytes.
  Bytes signature{};
};

struct OpenReportRequest {
  std::int64_t row = 0;
  std::string payer{};
  Uuid collect_id{};
  std::int64_t definition = 0;  // StoredDefinition::row.
};

struct ReleasedFamilyRow {
  ReleasedBefore family{};
  Bytes answer{};
};

class ReportStore {
 public:
  // Keeps a definition, or finds the same bytes, and returns its row. `row` of `definition` is not
  // read; a signature that is there already stays. ALREADY_EXISTS / DEFINITION_CHANGED when that
  // version of the payer's report has other bytes.
  static Result<std::int64_t> Put(Tx& tx, const StoredDefinition& definition, Instant now);
  // `version` 0 = the newest. Nothing when there is none.
  static Result<std::optional<StoredDefinition>> Find(ReadTx& tx, std::string_view payer,
                                                      std::string_view name, std::uint32_t version);
  // DATA_LOSS / BAD_ROW when there is none.
  static Result<StoredDefinition> At(ReadTx& tx, std::int64_t row);
  // In the order in which they came, those after row `after`, at most `most`.
  static Result<std::vector<StoredDefinition>> List(ReadTx& tx, std::int64_t after,
                                                    std::size_t most);
  static Status SetSignature(Tx& tx, std::int64_t row, ByteView signature);

  // False when this collection of the payer has asked before: then nothing happens. `outcome` is
  // empty for a request that waits for its answer.
  static Result<bool> AddRequest(Tx& tx, std::string_view payer, const Uuid& collect_id,
                                 std::int64_t definition, std::string_view outcome, Instant now);
  // The oldest, those after row `after`, at most `most`.
  static Result<std::vector<OpenReportRequest>> OpenRequests(ReadTx& tx, std::int64_t after,
                                                             std::size_t most);
  // OK or a refusal's reason. False when the request is not open any more: then nothing happens.
  static Result<bool> CloseRequest(Tx& tx, std::int64_t row, std::string_view outcome);
  // "" while open; nothing when it never came.
  static Result<std::optional<std::string>> OutcomeOf(ReadTx& tx, std::string_view payer,
                                                      const Uuid& collect_id);

  // Everything that was ever released to `payer`.
  static Result<std::vector<ReleasedFamilyRow>> Released(ReadTx& tx, std::string_view payer);
  static Status AddReleased(Tx& tx, const ReleasedFamilyRow& row, Instant now);
};

}  // namespace equinode
