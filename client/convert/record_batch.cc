#include "client/convert/record_batch.h"

#include <simdjson.h>

#include <string>
#include <utility>

#include "domain/exchange/envelope.h"

namespace equinode {
namespace {

// Field numbers of Record; RecordBatch.records is 1. The wire type stands in the low three bits.
enum Tag : std::uint64_t {
  kRecords = (1 << 3) | 2,
  kOrigin = (1 << 3) | 2,
  kKind = (2 << 3) | 0,
  kSourceId = (3 << 3) | 2,
  kPerson = (4 << 3) | 2,
  kVersion = (5 << 3) | 0,
  kRecordedAt = (6 << 3) | 2,
  kDeleted = (7 << 3) | 0,
  kBody = (8 << 3) | 2,
  kSeconds = (1 << 3) | 0,
  kNanos = (2 << 3) | 0,
};

Error Bad(const char* why) { return Error{Code::kInvalidArgument, "BAD_PAYLOAD", why}; }

std::size_t VarintSize(std::uint64_t value) {
  std::size_t size = 1;
  while (value >= 0x80) {
    value >>= 7;
    ++size;
  }
  return size;
}

std::size_t BytesSize(std::size_t size) { return size == 0 ? 0 : 1 + VarintSize(size) + size; }
std::size_t NumberSize(std::uint64_t value) { return value == 0 ? 0 : 1 + VarintSize(value); }

class Writer {
 public:
  explicit Writer(Bytes& out) : out_(out) {}
  void Varint(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<std::uint8_t>(value));
  }
  void Number(Tag tag, std::uint64_t value) {
    if (value == 0) return;
    Varint(tag);
    Varint(value);
  }
  void Field(Tag tag, ByteView value) {
    if (value.empty()) return;
    Varint(tag);
    Varint(value.size());
    out_.insert(out_.end(), value.begin(), value.end());
  }

 private:
  Bytes& out_;
};

// Reads one level of a message in place. Fields that it does not know are stepped over.
class Reader {
 public:
  explicit Reader(ByteView in) : in_(in) {}
  bool done() const { return in_.empty(); }

  bool Varint(std::uint64_t* value) {
    *value = 0;
    for (int shift = 0; shift < 64 && !in_.empty(); shift += 7) {
      const std::uint8_t byte = in_.front();
      in_ = in_.subspan(1);
      if (shift == 63 && byte > 1) return false;
      *value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool Field(ByteView* value) {
    std::uint64_t size = 0;
    if (!Varint(&size) || size > in_.size()) return false;
    *value = in_.first(size);
    in_ = in_.subspan(size);
    return true;
  }
  bool Skip(std::uint64_t tag) {
    std::uint64_t number = 0;
    ByteView value;
    switch (tag & 7) {
      case 0:
        return Varint(&number);
      case 1:
        return Fixed(8);
      case 2:
        return Field(&value);
      case 5:
        return Fixed(4);
      default:
        return false;  // Groups are not of this contract.
    }
  }

 private:
  bool Fixed(std::size_t size) {
    if (in_.size() < size) return false;
    in_ = in_.subspan(size);
    return true;
  }
  ByteView in_;
};

struct WireTime {
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
};

bool ReadTime(ByteView bytes, WireTime* out) {
  Reader reader(bytes);
  std::uint64_t value = 0;
  while (!reader.done()) {
    std::uint64_t tag = 0;
    if (!reader.Varint(&tag)) return false;
    if (tag == kSeconds || tag == kNanos) {
      if (!reader.Varint(&value)) return false;
      (tag == kSeconds ? out->seconds : out->nanos) = static_cast<std::int64_t>(value);
    } else if (!reader.Skip(tag)) {
      return false;
    }
  }
  return true;
}

bool ReadRecord(ByteView bytes, RecordView* out, WireTime* at) {
  Reader reader(bytes);
  while (!reader.done()) {
    std::uint64_t tag = 0;
    std::uint64_t number = 0;
    ByteView field;
    if (!reader.Varint(&tag)) return false;
    switch (tag) {
      case kOrigin:
      case kSourceId:
      case kPerson:
        if (!reader.Field(&field)) return false;
        (tag == kOrigin     ? out->origin
         : tag == kSourceId ? out->source_id
                            : out->person) = AsText(field);
        break;
      case kKind:
      case kVersion:
        if (!reader.Varint(&number) || number > 0xffff'ffff) return false;
        (tag == kKind ? out->kind : out->version) = static_cast<std::uint32_t>(number);
        break;
      case kDeleted:
        if (!reader.Varint(&number)) return false;
        out->deleted = number != 0;
        break;
      case kRecordedAt:
        if (!reader.Field(&field) || !ReadTime(field, at)) return false;
        break;
      case kBody:
        if (!reader.Field(&out->body)) return false;
        break;
      default:
        if (!reader.Skip(tag)) return false;
    }
  }
  return true;
}

bool IsText(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

Status CheckRecord(const RecordView& record, const WireTime& at) {
  if (record.origin.empty() || record.origin.size() > kMaxRecordId || record.source_id.empty() ||
      record.source_id.size() > kMaxRecordId || record.person.size() > kMaxRecordId) {
    return Bad("a record's names have at most 256 bytes");
  }
  if (!IsText(record.origin) || !IsText(record.source_id) || !IsText(record.person)) {
    return Bad("a record's names are UTF-8");
  }
  if (record.version == 0) return Bad("a record's version counts from 1");
  if (record.body.size() > kMaxRecordBody) return Bad("a record's body has at most 256 KiB");
  if (record.deleted && !record.body.empty()) return Bad("a tombstone has no body");
  constexpr std::int64_t kLast = 253'402'300'799;
  if (at.seconds < 0 || at.seconds > kLast || at.nanos < 0 || at.nanos > 999'000'000 ||
      at.nanos % 1'000'000 != 0) {
    return Bad("a record's time is in whole milliseconds since 1970");
  }
  return Ok();
}

}  // namespace

void RecordBatchWriter::Add(const RecordView& record) {
  const auto millis = record.recorded_at.time_since_epoch().count();
  const auto seconds = static_cast<std::uint64_t>(millis / 1000);
  const auto nanos = static_cast<std::uint64_t>(millis % 1000) * 1'000'000;
  const std::size_t time_size = NumberSize(seconds) + NumberSize(nanos);
  const std::size_t size = BytesSize(record.origin.size()) + NumberSize(record.kind) +
                           BytesSize(record.source_id.size()) + BytesSize(record.person.size()) +
                           NumberSize(record.version) + 1 + VarintSize(time_size) + time_size +
                           NumberSize(record.deleted ? 1 : 0) + BytesSize(record.body.size());
  Writer out(payload_);
  out.Varint(kRecords);
  out.Varint(size);
  out.Field(kOrigin, AsBytes(record.origin));
  out.Number(kKind, record.kind);
  out.Field(kSourceId, AsBytes(record.source_id));
  out.Field(kPerson, AsBytes(record.person));
  out.Number(kVersion, record.version);
  out.Varint(kRecordedAt);
  out.Varint(time_size);
  out.Number(kSeconds, seconds);
  out.Number(kNanos, nanos);
  out.Number(kDeleted, record.deleted ? 1 : 0);
  out.Field(kBody, record.body);
  count_ += 1;
}

Bytes RecordBatchWriter::Take() {
  count_ = 0;
  return std::exchange(payload_, Bytes{});
}

Status ReadRecordBatch(ByteView payload, const std::function<Status(const RecordView&)>& each) {
  Reader reader(payload);
  std::size_t count = 0;
  while (!reader.done()) {
    std::uint64_t tag = 0;
    if (!reader.Varint(&tag)) return Bad("the batch is damaged");
    if (tag != kRecords) {
      if (!reader.Skip(tag)) return Bad("the batch is damaged");
      continue;
    }
    if (++count > exchange::kMaxBatchRecords) return Bad("a batch holds at most 300 records");
    ByteView bytes;
    RecordView record;
    WireTime at;
    if (!reader.Field(&bytes) || !ReadRecord(bytes, &record, &at)) {
      return Bad("the batch is damaged");
    }
    EQN_CHECK(CheckRecord(record, at));
    record.recorded_at = Instant{Millis{at.seconds * 1000 + at.nanos / 1'000'000}};
    EQN_CHECK(each(record));
  }
  if (count == 0) return Bad("the batch is empty");
  return Ok();
}

}  // namespace equinode
