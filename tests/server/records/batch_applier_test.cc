#include "server/records/batch_applier.h"

#include <gtest/gtest.h>

#include "tests/server/records/keeper_node.h"

namespace equinode {
namespace {

using testing::KeeperNode;
using testing::kPayer;
using testing::kPeer;
using testing::kSelf;

class BatchApplierTest : public ::testing::Test {
 protected:
  // What applying says, first half or second: OK or the reason.
  std::string Take(const Bytes& payload, const std::string& from = kPeer) {
    auto apply = RecordBatchApplier(*node_.keeper)({.from = from, .payload = payload});
    if (!apply.ok()) return apply.error().reason;
    note_ = {};
    const Status done =
        node_.store.db().Write("apply", [&](Tx& tx) { return (*apply)(tx, note_); });
    return done.ok() ? "OK" : done.error().reason;
  }
  static RecordView Person(std::uint32_t version, std::string_view body) {
    return KeeperNode::FromPeer(KeeperNode::View(RecordKind::kPerson, "p", "p", body), version);
  }
  static RecordView Coverage() {
    static const std::string body = "covered " + kPayer + " x";
    return KeeperNode::FromPeer(KeeperNode::View(RecordKind::kCoverage, "c", "p", body), 1);
  }
  static Bytes Batch(std::initializer_list<RecordView> records) {
    RecordBatchWriter writer;
    for (const RecordView& record : records) writer.Add(record);
    return writer.Take();
  }

  KeeperNode node_;
  AuditNote note_{};
};

TEST_F(BatchApplierTest, ABatchIsStoredAndCounted) {
  EXPECT_EQ(Take(Batch({Coverage(), Person(1, "race 1")})), "OK");
  EXPECT_EQ(node_.People("ASIAN"), 1u);
  EXPECT_EQ(note_.touched.count(), 2u);
  EXPECT_EQ(note_.subject, "records");
  // Again: nothing is touched. A newer version: only that.
  EXPECT_EQ(Take(Batch({Coverage(), Person(1, "race 1")})), "OK");
  EXPECT_TRUE(note_.touched.empty());
  EXPECT_EQ(Take(Batch({Coverage(), Person(2, "race 2")})), "OK");
  EXPECT_EQ(*TouchedFrom(note_.touched.bytes()), std::vector<std::string>{"p"});
  EXPECT_EQ(node_.People("BLACK"), 1u);
}

TEST_F(BatchApplierTest, OneBadRecordRefusesTheWholeBatch) {
  EXPECT_EQ(Take(Batch({Coverage(), Person(1, "bad")})), "BAD_RECORD");
  EXPECT_EQ(Take({1, 2, 3}), "BAD_PAYLOAD");
  EXPECT_EQ(Take({}), "BAD_PAYLOAD");
  EXPECT_EQ(node_.Rows(), 0);
}

TEST_F(BatchApplierTest, NobodySendsTheRecordsOfAnother) {
  EXPECT_EQ(Take(Batch({Person(1, "race 1")}), "spiffe://n/practice/c"), "FOREIGN_RECORD");
  RecordView ours = Person(1, "race 1");
  ours.origin = kSelf;
  EXPECT_EQ(Take(Batch({ours})), "FOREIGN_RECORD");
  EXPECT_EQ(Take(Batch({ours}), kSelf), "FOREIGN_RECORD");
}

TEST_F(BatchApplierTest, WaitsWhileTheRecordsAreLoaded) {
  RecordKeeper loading(node_.store.db(), node_.store.clock(), node_.log, node_.random, kSelf,
                       testing::ReadTextFacts);
  const Bytes batch = Batch({Person(1, "race 1")});
  const auto apply = RecordBatchApplier(loading)({.from = kPeer, .payload = batch});
  ASSERT_TRUE(apply.ok()) << "not the payload's fault";
  const Status done = node_.store.db().Write("apply", [&](Tx& tx) { return (*apply)(tx, note_); });
  EXPECT_EQ(done.error().reason, "NOT_READY");
}

}  // namespace
}  // namespace equinode
