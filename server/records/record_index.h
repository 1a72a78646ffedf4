// Where the current row of each record is, and the number of each person: a hash table by keyed
// 128-bit fingerprints, 24 bytes a slot and no names. Grows a segment at a time, so that no single
// change waits for the whole table to move.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/siphash.h"
#include "domain/people/facts.h"

namespace equinode {

// All zero = nothing is known of the key.
struct IndexEntry {
  std::int64_t row = 0;  // Of the current version, below 2^37; 0 = only spoken of so far.
  PersonNo person = 0;   // Of a record: whom it is about. Below 2^26; 0 = nobody.
  bool flag = false;     // Of a record: deleted. Of a second name: two people bear it.
  bool none() const { return row == 0 && person == 0 && !flag; }
  friend bool operator==(const IndexEntry&, const IndexEntry&) = default;
};

// Not thread-safe: guarded by its owner.
class RecordIndex {
 public:
  static constexpr std::int64_t kMaxRow = (std::int64_t{1} << 37) - 1;
  static constexpr PersonNo kMaxPerson = (PersonNo{1} << 26) - 1;

  // 2^segment_bits segments.
  explicit RecordIndex(unsigned segment_bits = 8);

  IndexEntry Find(const Hash128& key) const;
  // An entry that is none() forgets the key.
  void Set(const Hash128& key, const IndexEntry& entry);
  // Empty again, with about the memory that it used of late.
  void Clear();

  std::size_t size() const { return size_; }  // Keys that are not none().
  std::size_t bytes() const;
  std::size_t segments() const { return segments_.size(); }

  // In no particular order.
  void ForEach(const std::function<void(const Hash128&, const IndexEntry&)>& each) const;

  // A copy of the table a segment at a time, and back: whoever copies may let changes in between
  // segments and repeat them after the restore.
  void CopySegment(std::size_t segment, Bytes& out) const;
  // Adds what CopySegment wrote. DATA_LOSS / BAD_SNAPSHOT.
  Status Restore(ByteView copy);
  // Makes room, so that so many keys go in without moving.
  void Reserve(std::size_t keys);

 private:
  struct Slot {
    Hash128 key{};
    std::uint64_t packed = 0;
    bool empty() const { return key.high == 0 && key.low == 0; }
  };
  static_assert(sizeof(Slot) == 24);
  struct Segment {
    std::vector<Slot> slots{};
    std::size_t used = 0;
  };

  static std::uint64_t Pack(const IndexEntry& entry);
  static IndexEntry Unpack(std::uint64_t packed);
  Segment& Of(const Hash128& key) { return segments_[NumberOf(key)]; }
  const Segment& Of(const Hash128& key) const { return segments_[NumberOf(key)]; }
  std::size_t NumberOf(const Hash128& key) const {
    return segment_bits_ == 0 ? 0 : static_cast<std::size_t>(key.high >> (64 - segment_bits_));
  }
  // The slot of `key`, or the empty one where it would be.
  static std::size_t Place(const std::vector<Slot>& slots, const Hash128& key);
  static void Grow(Segment& segment, std::size_t capacity);

  unsigned segment_bits_;
  std::vector<Segment> segments_;
  std::size_t size_ = 0;
};

}  // namespace equinode
