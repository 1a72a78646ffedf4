#include "storage/snapshot_store.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/test_store.h"

namespace equinode {
namespace {

Bytes Some(std::size_t size, std::uint64_t seed) {
  Bytes bytes(size);
  SeededRandom random(seed);
  random.Fill(bytes);
  return bytes;
}

TEST(SnapshotStore, GivesBackTheNewestOfEachName) {
  testing::TestStore store;
  EXPECT_FALSE((*SnapshotStore::Read(store.db(), "a")).has_value());
  // Around the bounds of pieces and transactions, each time over what was there.
  std::uint64_t seed = 1;
  const std::size_t chunk = SnapshotStore::kChunkBytes;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, chunk - 1, chunk, chunk + 1,
                                 9 * chunk, 2 * chunk + 5, std::size_t{7}}) {
    const Bytes bytes = Some(size, ++seed);
    ASSERT_TRUE(SnapshotStore::Write(store.db(), "a", static_cast<std::int64_t>(seed), bytes).ok());
    const auto read = *SnapshotStore::Read(store.db(), "a");
    ASSERT_TRUE(read.has_value()) << size;
    EXPECT_EQ(read->position, static_cast<std::int64_t>(seed));
    EXPECT_TRUE(read->bytes == bytes) << size;
  }
  EXPECT_FALSE((*SnapshotStore::Read(store.db(), "b")).has_value());
}

TEST(SnapshotStore, AHalfWrittenOneLeavesTheOneBefore) {
  testing::FaultyVfs vfs("snapshot-half");
  testing::TestStore store({.vfs = vfs.name()});
  const Bytes first = Some(20 * SnapshotStore::kChunkBytes, 1);
  ASSERT_TRUE(SnapshotStore::Write(store.db(), "a", 1, first).ok());
  ASSERT_TRUE(SnapshotStore::Write(store.db(), "a", 2, Some(first.size(), 2)).ok());
  vfs.FailSync(3);
  EXPECT_FALSE(SnapshotStore::Write(store.db(), "a", 3, Some(first.size(), 3)).ok());
  store.Reopen();
  const auto read = *SnapshotStore::Read(store.db(), "a");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->position, 2);
}

TEST(SnapshotStore, AnAlteredPieceIsNotTaken) {
  testing::TestStore store;
  const Bytes first = Some(1000, 1);
  ASSERT_TRUE(SnapshotStore::Write(store.db(), "a", 1, first).ok());
  ASSERT_TRUE(SnapshotStore::Write(store.db(), "a", 2, Some(1000, 2)).ok());
  ASSERT_TRUE(store.db()
                  .Write("alter",
                         [](Tx& tx) {
                           return tx
                               .Prepare(
                                   "UPDATE snapshot_chunk SET bytes=zeroblob(262144) "
                                   "WHERE slot=(SELECT slot FROM snapshot ORDER BY "
                                   "serial DESC LIMIT 1)")
                               .Run();
                         })
                  .ok());
  const auto read = *SnapshotStore::Read(store.db(), "a");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->position, 1) << "the older one is whole";
  EXPECT_TRUE(read->bytes == first);
}

}  // namespace
}  // namespace equinode
