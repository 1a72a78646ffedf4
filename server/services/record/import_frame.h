// Private to server/services/record: one frame of an import, from its bytes to its effect.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "equinode/v1/record_service.pb.h"
#include "server/audit/audit_log.h"
#include "server/records/record_keeper.h"
#include "server/rpc/method.h"
#include "storage/import_cursor_store.h"

namespace equinode {

class ImportFrame {
 public:
  static constexpr int kMostRecords = 300;
  static constexpr int kMostAliases = 3000;
  static constexpr std::size_t kMostDecided = 300;

  // Reads and judges the frame outside of any transaction; what is wrong with one record is in its
  // answer. INVALID_ARGUMENT / BAD_FRAME, BAD_CURSOR; UNAVAILABLE / NOT_READY.
  static Result<ImportFrame> Read(std::string_view message, std::uint64_t expected,
                                  const RecordKeeper& keeper);

  // The frame's effect with its audit entry. People first, then their second names, then what is
  // said about people, then the end.
  Status Apply(Tx& tx, RecordKeeper& keeper, AuditLog& audit, const Call& call, Instant now);

  // After Apply: the answer's bytes.
  std::string Answer() const { return answer_.SerializeAsString(); }

 private:
  struct Item {
    std::uint32_t index = 0;  // In the frame.
    std::shared_ptr<const PreparedRecord> record{};
    SourceStamp stamp{};
  };

  void Refuse(std::uint32_t index, const Error& why);
  Status Put(Tx& tx, RecordKeeper& keeper, const Item& item, TouchedIds& touched);
  Status End(Tx& tx, RecordKeeper& keeper, TouchedIds& touched);

  std::vector<Item> people_{};
  std::vector<PreparedAlias> aliases_{};
  std::vector<Item> others_{};
  std::string file_{};  // Of the cursor; empty = it has none.
  StoredCursor cursor_{};
  std::optional<v1::ImportEnd> end_{};
  v1::ImportRecordsResponse answer_{};
};

}  // namespace equinode
