#include "server/records/record_index.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <utility>

namespace equinode {

namespace {

constexpr std::size_t kSmallest = 16;

// At most four fifths full: about three slots are looked at for a key that is there.
constexpr std::size_t Most(std::size_t capacity) { return capacity - capacity / 5; }

}  // namespace

RecordIndex::RecordIndex(unsigned segment_bits)
    : segment_bits_(segment_bits), segments_(std::size_t{1} << segment_bits) {}

std::uint64_t RecordIndex::Pack(const IndexEntry& entry) {
  assert(entry.row >= 0 && entry.row <= kMaxRow && entry.person <= kMaxPerson);
  return static_cast<std::uint64_t>(entry.row) << 27 |
         static_cast<std::uint64_t>(entry.flag ? 1 : 0) << 26 | entry.person;
}

IndexEntry RecordIndex::Unpack(std::uint64_t packed) {
  return {static_cast<std::int64_t>(packed >> 27), static_cast<PersonNo>(packed & kMaxPerson),
          ((packed >> 26) & 1) != 0};
}

std::size_t RecordIndex::Place(const std::vector<Slot>& slots, const Hash128& key) {
  // Multiplied instead of divided: spread over any capacity. The high half chose the segment.
  auto at = static_cast<std::size_t>(((key.low >> 32) * slots.size()) >> 32);
  while (!slots[at].empty() && slots[at].key != key) at = at + 1 == slots.size() ? 0 : at + 1;
  return at;
}

IndexEntry RecordIndex::Find(const Hash128& key) const {
  const Segment& segment = Of(key);
  if (segment.used == 0) return {};
  return Unpack(segment.slots[Place(segment.slots, key)].packed);
}

void RecordIndex::Set(const Hash128& key, const IndexEntry& entry) {
  Segment& segment = Of(key);
  if (segment.used >= Most(segment.slots.size())) {
    if (entry.none() && Find(key).none()) return;
    Grow(segment, std::max(kSmallest, segment.slots.size() + segment.slots.size() / 4));
  }
  Slot& slot = segment.slots[Place(segment.slots, key)];
  if (slot.empty()) {
    if (entry.none()) return;
    slot.key = key;
    ++segment.used;
  }
  const bool was = slot.packed != 0;
  slot.packed = Pack(entry);
  size_ += static_cast<std::size_t>(slot.packed != 0) - static_cast<std::size_t>(was);
}

void RecordIndex::Grow(Segment& segment, std::size_t capacity) {
  std::vector<Slot> slots(capacity);
  segment.used = 0;
  for (const Slot& slot : segment.slots) {
    if (slot.packed == 0) continue;  // Empty or forgotten.
    slots[Place(slots, slot.key)] = slot;
    ++segment.used;
  }
  segment.slots = std::move(slots);
}

void RecordIndex::Clear() {
  for (Segment& segment : segments_) {
    if (segment.slots.size() > 4 * kSmallest && segment.used < segment.slots.size() / 8) {
      segment.slots = std::vector<Slot>(segment.slots.size() / 4);
    } else if (segment.used > 0) {
      std::fill(segment.slots.begin(), segment.slots.end(), Slot{});
    }
    segment.used = 0;
  }
  size_ = 0;
}

std::size_t RecordIndex::bytes() const {
  std::size_t slots = 0;
  for (const Segment& segment : segments_) slots += segment.slots.capacity();
  return slots * sizeof(Slot) + segments_.size() * sizeof(Segment);
}

void RecordIndex::ForEach(
    const std::function<void(const Hash128&, const IndexEntry&)>& each) const {
  for (const Segment& segment : segments_) {
    for (const Slot& slot : segment.slots) {
      if (slot.packed != 0) each(slot.key, Unpack(slot.packed));
    }
  }
}

// As they lie in memory: a copy comes back into the same database on a machine of the same kind,
// and its reader checks that.
void RecordIndex::CopySegment(std::size_t segment, Bytes& out) const {
  for (const Slot& slot : segments_[segment].slots) {
    if (slot.packed == 0) continue;
    const std::size_t at = out.size();
    out.resize(at + sizeof(Slot));
    std::memcpy(out.data() + at, &slot, sizeof(Slot));
  }
}

Status RecordIndex::Restore(ByteView copy) {
  static_assert(std::endian::native == std::endian::little);
  if (copy.size() % sizeof(Slot) != 0) {
    return Error{Code::kDataLoss, "BAD_SNAPSHOT", "a copy of the index is damaged"};
  }
  Reserve(size_ + copy.size() / sizeof(Slot));
  for (std::size_t at = 0; at < copy.size(); at += sizeof(Slot)) {
    Slot slot;
    std::memcpy(&slot, copy.data() + at, sizeof(Slot));
    if (slot.empty()) return Error{Code::kDataLoss, "BAD_SNAPSHOT", "an index entry has no key"};
    Set(slot.key, Unpack(slot.packed));
  }
  return Ok();
}

void RecordIndex::Reserve(std::size_t keys) {
  // Segments differ a little in what falls to them.
  const std::size_t each = keys / segments_.size();
  const std::size_t capacity = (each + each / 16) * 5 / 4 + kSmallest;
  for (Segment& segment : segments_) {
    if (segment.slots.size() < capacity) Grow(segment, capacity);
  }
}

}  // namespace equinode
