#include "server/records/record_index.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"

namespace equinode {
namespace {

Hash128 KeyAt(std::uint64_t n) { return SipHash128({1, 2}, AsBytes(std::to_string(n))); }

TEST(RecordIndex, KnowsNothingAtFirst) {
  const RecordIndex index;
  EXPECT_TRUE(index.Find(KeyAt(1)).none());
  EXPECT_EQ(index.size(), 0u);
}

TEST(RecordIndex, HoldsTheLargestValuesOfEachPart) {
  RecordIndex index;
  const IndexEntry rows{RecordIndex::kMaxRow, 0, false};
  const IndexEntry people{0, RecordIndex::kMaxPerson, false};
  const IndexEntry flags{0, 0, true};
  const IndexEntry all{RecordIndex::kMaxRow, RecordIndex::kMaxPerson, true};
  index.Set(KeyAt(1), rows);
  index.Set(KeyAt(2), people);
  index.Set(KeyAt(3), flags);
  index.Set(KeyAt(4), all);
  EXPECT_EQ(index.Find(KeyAt(1)), rows);
  EXPECT_EQ(index.Find(KeyAt(2)), people);
  EXPECT_EQ(index.Find(KeyAt(3)), flags);
  EXPECT_EQ(index.Find(KeyAt(4)), all);
}

// Every mix of new keys, changes and forgotten ones, against a map.
TEST(RecordIndex, AgreesWithAMap) {
  for (const unsigned bits : {0u, 8u}) {
    SeededRandom random(17 + bits);
    RecordIndex index(bits);
    std::map<std::uint64_t, IndexEntry> model;
    for (int step = 0; step < 60'000; ++step) {
      const std::uint64_t key = random.Below(9'000);
      IndexEntry entry{static_cast<std::int64_t>(random.Below(1000)),
                       static_cast<PersonNo>(random.Below(1000)), random.Below(2) == 0};
      if (random.Below(4) == 0) entry = {};
      index.Set(KeyAt(key), entry);
      if (entry.none()) {
        model.erase(key);
      } else {
        model[key] = entry;
      }
      if (step == 30'000 && bits == 0) {
        index.Clear();
        model.clear();
      }
    }
    EXPECT_EQ(index.size(), model.size());
    for (std::uint64_t key = 0; key < 9'000; ++key) {
      const auto found = model.find(key);
      ASSERT_EQ(index.Find(KeyAt(key)), found == model.end() ? IndexEntry{} : found->second);
    }
    std::size_t seen = 0;
    index.ForEach([&](const Hash128&, const IndexEntry&) { ++seen; });
    EXPECT_EQ(seen, model.size());
  }
}

TEST(RecordIndex, ComesBackFromACopyOfItsSegments) {
  RecordIndex index;
  for (std::uint64_t n = 1; n <= 20'000; ++n) {
    index.Set(KeyAt(n), {static_cast<std::int64_t>(n), static_cast<PersonNo>(n / 3), n % 7 == 0});
  }
  Bytes copy;
  for (std::size_t i = 0; i < index.segments(); ++i) index.CopySegment(i, copy);
  EXPECT_EQ(copy.size(), 20'000u * 24);
  RecordIndex back;
  ASSERT_TRUE(back.Restore(copy).ok());
  EXPECT_EQ(back.size(), 20'000u);
  for (std::uint64_t n = 1; n <= 20'000; ++n) ASSERT_EQ(back.Find(KeyAt(n)), index.Find(KeyAt(n)));
  copy.pop_back();
  RecordIndex damaged;
  EXPECT_EQ(damaged.Restore(copy).error().reason, "BAD_SNAPSHOT");
}

TEST(RecordIndex, StaysSmall) {
  RecordIndex index;
  for (std::uint64_t n = 1; n <= 300'000; ++n) index.Set(KeyAt(n), {1, 1, false});
  EXPECT_LE(index.bytes(), 300'000u * 40)
      << "bytes a key: " << static_cast<double>(index.bytes()) / 300'000;
}

}  // namespace
}  // namespace equinode
