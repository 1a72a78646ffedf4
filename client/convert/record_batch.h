// RecordBatch (proto/equinode/v1/record.proto) without a message object per record: stored bodies
// are copied once into the payload, and read from it in place.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace equinode {

// One version of one record; all views belong to somebody else.
struct RecordView {
  std::string_view origin{};
  std::uint32_t kind = 0;  // RecordKind.
  std::string_view source_id{};
  std::string_view person{};
  std::uint32_t version = 0;
  Instant recorded_at{};
  bool deleted = false;
  ByteView body{};
};

inline constexpr std::size_t kMaxRecordBody = 256 * 1024;
inline constexpr std::size_t kMaxRecordId = 256;

// Writes the very bytes that protobuf would.
class RecordBatchWriter {
 public:
  void Add(const RecordView& record);
  std::size_t count() const { return count_; }
  std::size_t bytes() const { return payload_.size(); }
  Bytes Take();

 private:
  Bytes payload_{};
  std::size_t count_ = 0;
};

// Calls `each` for every record in order, until it returns an error. INVALID_ARGUMENT / BAD_PAYLOAD
// for a batch that is empty, over 300 records, damaged or with a field out of bounds; records
// before the damage may have been handed out, so `each` works inside a transaction.
Status ReadRecordBatch(ByteView payload, const std::function<Status(const RecordView&)>& each);

}  // namespace equinode
