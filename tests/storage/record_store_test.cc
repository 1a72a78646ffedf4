#include "storage/record_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/test_store.h"

namespace equinode {
namespace {

class RecordStoreTest : public ::testing::Test {
 protected:
  // Appends a row with a body of `size` bytes.
  void Append(OwnerNo owner, RecordKind kind, const std::string& id, const std::string& person,
              std::size_t size = 10) {
    const Bytes body(size, 'b');
    const Status done = store_.db().Write("append", [&](Tx& tx) -> Status {
      EQN_TRY(const std::int64_t last, RecordStore::LastRow(tx));
      return RecordStore::Append(tx, {.row = last + 1,
                                      .owner = owner,
                                      .kind = kind,
                                      .version = 1,
                                      .before = last,
                                      .person_no = 7,
                                      .recorded_at = Instant{Millis{1234}},
                                      .source_id = id,
                                      .person = person,
                                      .body = body});
    });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  struct Page {
    std::vector<std::string> ids{};
    LogPosition position{};
  };
  Page Read(std::int64_t after, KindMask kinds, OwnerNo owner, std::size_t records,
            std::size_t bytes) {
    Page page;
    const Status done = store_.db().Read([&](ReadTx& tx) -> Status {
      EQN_TRY(page.position, RecordStore::ReadAfter(tx, after, kinds, owner, records, bytes,
                                                    [&](const RowView& row) -> Status {
                                                      page.ids.emplace_back(row.source_id);
                                                      return Ok();
                                                    }));
      return Ok();
    });
    EXPECT_TRUE(done.ok());
    return page;
  }

  testing::TestStore store_;
};

using Ids = std::vector<std::string>;

TEST_F(RecordStoreTest, KeepsWhatARowSays) {
  Append(3, RecordKind::kPerson, "feed/Patient/1", "feed/Patient/1", 5000);
  Append(3, RecordKind::kCoverage, "feed/Coverage/1", "feed/Patient/1");
  Append(4, RecordKind::kOrganization, "feed/Organization/1", "");
  const Status done = store_.db().Read([&](ReadTx& tx) -> Status {
    EQN_TRY(const StoredRecord person, RecordStore::At(tx, 1));
    EXPECT_EQ(person.person, "feed/Patient/1");
    EXPECT_EQ(person.body.size(), 5000u);
    EXPECT_EQ(person.before, 0);
    EXPECT_EQ(person.recorded_at, Instant{Millis{1234}});
    EQN_TRY(const StoredRecord coverage, RecordStore::At(tx, 2));
    EXPECT_EQ(coverage.kind, RecordKind::kCoverage);
    EXPECT_EQ(coverage.person, "feed/Patient/1");
    EXPECT_EQ(coverage.before, 1);
    EXPECT_EQ(coverage.person_no, 7u);
    EQN_TRY(const StoredRecord organization, RecordStore::At(tx, 3));
    EXPECT_EQ(organization.owner, 4u);
    EXPECT_EQ(organization.person, "");
    EXPECT_EQ(RecordStore::At(tx, 4).error().reason, "BAD_ROW");
    return Ok();
  });
  EXPECT_TRUE(done.ok());
}

TEST_F(RecordStoreTest, ReadsTheRowsOfOneOwnerAndOfTheKindsAskedFor) {
  Append(1, RecordKind::kPerson, "p1", "p1");
  Append(2, RecordKind::kPerson, "foreign", "foreign");
  Append(1, RecordKind::kCoverage, "c1", "p1");
  Append(1, RecordKind::kMeasureResult, "m1", "p1");
  EXPECT_EQ(Read(0, kAllKinds, 1, 300, 1000).ids, (Ids{"p1", "c1", "m1"}));
  EXPECT_EQ(Read(0, MaskOf(RecordKind::kCoverage), 1, 300, 1000).ids, (Ids{"c1"}));
  EXPECT_EQ(Read(1, kAllKinds, 1, 300, 1000).ids, (Ids{"c1", "m1"}));
  // What is passed over is not read again.
  const Page none = Read(0, MaskOf(RecordKind::kOrganization), 1, 300, 1000);
  EXPECT_TRUE(none.ids.empty());
  EXPECT_EQ(none.position.next, 4);
  EXPECT_FALSE(none.position.more);
}

TEST_F(RecordStoreTest, StopsAtTheBoundsAndGoesOnFromThere) {
  for (int i = 1; i <= 5; ++i) Append(1, RecordKind::kPerson, "p" + std::to_string(i), "", 100);
  const Page two = Read(0, kAllKinds, 1, 2, 100'000);
  EXPECT_EQ(two.ids, (Ids{"p1", "p2"}));
  EXPECT_TRUE(two.position.more);
  EXPECT_EQ(two.position.next, 2);
  const Page by_bytes = Read(two.position.next, kAllKinds, 1, 300, 250);
  EXPECT_EQ(by_bytes.ids, (Ids{"p3", "p4"}));
  const Page last = Read(by_bytes.position.next, kAllKinds, 1, 300, 1);
  EXPECT_EQ(last.ids, (Ids{"p5"})) << "one row alone goes, however long";
  EXPECT_FALSE(last.position.more);
}

TEST_F(RecordStoreTest, LooksAtABoundedNumberOfRows) {
  const Status done = store_.db().Write("append", [&](Tx& tx) -> Status {
    for (std::int64_t row = 1; row <= RecordStore::kMostLookedAt + 5; ++row) {
      EQN_CHECK(RecordStore::Append(tx, {.row = row, .owner = 9, .version = 1, .source_id = "x"}));
    }
    return RecordStore::Append(
        tx, {.row = RecordStore::kMostLookedAt + 6, .owner = 1, .version = 1, .source_id = "mine"});
  });
  ASSERT_TRUE(done.ok());
  const Page first = Read(0, kAllKinds, 1, 300, 1000);
  EXPECT_TRUE(first.ids.empty());
  EXPECT_TRUE(first.position.more);
  EXPECT_EQ(first.position.next, RecordStore::kMostLookedAt);
  EXPECT_EQ(Read(first.position.next, kAllKinds, 1, 300, 1000).ids, (Ids{"mine"}));
}

TEST_F(RecordStoreTest, ARowIsWrittenOnceOnly) {
  Append(1, RecordKind::kPerson, "p", "p");
  const Status again = store_.db().Write("append", [&](Tx& tx) {
    return RecordStore::Append(tx, {.row = 1, .owner = 1, .version = 1, .source_id = "q"});
  });
  EXPECT_FALSE(again.ok());
}

TEST_F(RecordStoreTest, OwnersKeepTheirNumbers) {
  const auto number = [&](const char* uri) {
    return *store_.db().Write("owner", [&](Tx& tx) { return RecordStore::OwnerFor(tx, uri); });
  };
  const OwnerNo a = number("spiffe://n/practice/a");
  const OwnerNo b = number("spiffe://n/practice/b");
  EXPECT_NE(a, b);
  store_.Reopen();
  EXPECT_EQ(number("spiffe://n/practice/a"), a);
  EXPECT_EQ(store_.db().Read([](ReadTx& tx) { return RecordStore::Owners(tx); })->size(), 2u);
}

TEST_F(RecordStoreTest, KeysAreMadeOnceAndStay) {
  SeededRandom random(1);
  const auto keys = [&] {
    return *store_.db().Write("keys", [&](Tx& tx) { return RecordStore::Keys(tx, random); });
  };
  const RecordKeys first = keys();
  EXPECT_EQ(first.fingerprint.size(), 16u);
  EXPECT_EQ(first.alias.size(), 32u);
  store_.Reopen();
  const RecordKeys second = keys();
  EXPECT_TRUE(std::ranges::equal(first.fingerprint.view(), second.fingerprint.view()));
  EXPECT_TRUE(std::ranges::equal(first.alias.view(), second.alias.view()));
}

}  // namespace
}  // namespace equinode
