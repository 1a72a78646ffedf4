// The records behind one person's needs, for an export.
#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "server/services/need/handlers.h"
#include "storage/need_store.h"
#include "storage/record_store.h"

namespace equinode {
namespace {

constexpr std::size_t kMostRecordBytes = 512 * 1024;

// Of the last record of a page: its kind and key.
std::string RecordToken(const StoredRecord& last) {
  return std::to_string(static_cast<int>(last.kind)) + "." + last.source_id;
}

bool IsAfterToken(const StoredRecord& record, const std::string& token) {
  const std::string own = RecordToken(record);
  return std::tuple(own[0], std::string_view(own).substr(2)) >
         std::tuple(token[0], std::string_view(token).substr(2));
}

}  // namespace

Result<v1::ListNeedRecordsResponse> ListNeedRecords(const NeedDeps& deps, Call& call,
                                                    const v1::ListNeedRecordsRequest& request) {
  call.audit.subject = "need records exported";
  call.audit.purpose = "operations";
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  const std::string& token = request.page_token();
  const bool good =
      token.empty() || (token.size() > 2 && token[1] == '.' && token[0] >= '5' && token[0] <= '8');
  if (!good) return BadPageToken();
  EQN_TRY(const PersonNo number, NumberOfPerson(deps, request.person()));
  EQN_TRY(std::vector<StoredRecord> records,
          deps.database.Read([&](ReadTx& tx) -> Result<std::vector<StoredRecord>> {
            EQN_TRY(const NeedRows rows, NeedStore::RowsOf(tx, number));
            std::vector<StoredRecord> read;
            for (const std::int64_t row : rows.rows) {
              EQN_TRY(StoredRecord record, RecordStore::At(tx, row));
              if (token.empty() || IsAfterToken(record, token)) read.push_back(std::move(record));
            }
            return read;
          }));
  std::ranges::sort(records, [](const StoredRecord& a, const StoredRecord& b) {
    return std::tie(a.kind, a.source_id) < std::tie(b.kind, b.source_id);
  });
  call.audit.disclosure = true;
  call.audit.touched.Add(request.person());
  v1::ListNeedRecordsResponse response;
  std::size_t bytes = 0;
  const StoredRecord* last = nullptr;
  for (const StoredRecord& record : records) {
    bytes += record.body.size();
    const auto taken = static_cast<std::size_t>(response.records_size());
    if (taken == page || (taken > 0 && bytes > kMostRecordBytes)) {
      response.set_next_page_token(RecordToken(*last));
      break;
    }
    v1::NeedSourceRecord* out = response.add_records();
    out->set_kind(static_cast<v1::RecordKind>(static_cast<int>(record.kind)));
    out->set_source_id(record.source_id);
    out->set_body(record.body.data(), record.body.size());
    last = &record;
  }
  return response;
}

}  // namespace equinode
