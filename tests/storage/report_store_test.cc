#include "storage/report_store.h"

#include <gtest/gtest.h>

#include "storage/hub_store.h"
#include "tests/support/test_store.h"

namespace equinode {
namespace {

using std::chrono::sys_days;

class ReportStoreTest : public ::testing::Test {
 protected:
  static constexpr std::string_view kPlan = "spiffe://n/payer/plan";
  static constexpr std::string_view kElm = "spiffe://n/practice/elm";
  static constexpr std::string_view kOak = "spiffe://n/practice/oak";

  // In a transaction of its own; fails the test when that fails.
  template <typename F>
  auto Do(F body) {
    auto done = store_.db().Write("test", body);
    EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error().message);
    return *std::move(done);
  }
  Result<std::int64_t> TryPut(std::string_view name, std::uint32_t version, Bytes bytes) {
    return store_.db().Write("put", [&](Tx& tx) {
      return ReportStore::Put(
          tx, {0, std::string(kPlan), std::string(name), version, std::move(bytes), {9}}, Now());
    });
  }
  std::int64_t Put(std::string_view name, std::uint32_t version, Bytes bytes) {
    const auto row = TryPut(name, version, std::move(bytes));
    EXPECT_TRUE(row.ok());
    return row.ok() ? *row : 0;
  }
  Instant Now() { return store_.clock().Now(); }
  Uuid Id() { return Uuid::MakeV7(Now(), random_); }

  testing::TestStore store_;
  SeededRandom random_{1};
};

TEST_F(ReportStoreTest, AVersionKeepsItsBytesForGood) {
  const std::int64_t row = Put("r", 1, {1, 2, 3});
  EXPECT_EQ(Put("r", 1, {1, 2, 3}), row);
  EXPECT_EQ(TryPut("r", 1, {1, 2, 4}).error().reason, "DEFINITION_CHANGED");
  EXPECT_EQ(TryPut("r", 1, {1, 2, 4}).error().code, Code::kAlreadyExists);
  Put("r", 10, {4});
  Put("r", 9, {5});
  store_.Reopen();
  const auto found = Do([&](Tx& tx) { return ReportStore::Find(tx, kPlan, "r", 1); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found.value().definition, (Bytes{1, 2, 3}));
  EXPECT_EQ(found.value().signature, (Bytes{9}));
  const auto newest = Do([&](Tx& tx) { return ReportStore::Find(tx, kPlan, "r", 0); });
  EXPECT_EQ(newest.value().version, 10u);
  EXPECT_FALSE(Do([&](Tx& tx) { return ReportStore::Find(tx, kElm, "r", 0); }).has_value());
  EXPECT_FALSE(Do([&](Tx& tx) { return ReportStore::Find(tx, kPlan, "r", 2); }).has_value());
}

TEST_F(ReportStoreTest, ACollectionAsksOnceAndIsClosedOnce) {
  const std::int64_t definition = Put("r", 1, {1});
  const Uuid id = Id();
  const auto add = [&](std::string_view payer) {
    return Do(
        [&](Tx& tx) { return ReportStore::AddRequest(tx, payer, id, definition, "", Now()); });
  };
  EXPECT_TRUE(add(kPlan));
  EXPECT_FALSE(add(kPlan));
  EXPECT_TRUE(add("spiffe://n/payer/other")) << "another payer may use the same id";
  const auto open = Do([&](Tx& tx) { return ReportStore::OpenRequests(tx, 0, 10); });
  ASSERT_EQ(open.size(), 2u);
  EXPECT_EQ(open[0].collect_id, id);
  const auto close = [&](std::string_view outcome) {
    return Do([&](Tx& tx) { return ReportStore::CloseRequest(tx, open[0].row, outcome); });
  };
  EXPECT_TRUE(close("OK"));
  EXPECT_FALSE(close("NOT_SHARED")) << "what was answered stays answered";
  const auto outcome = Do([&](Tx& tx) { return ReportStore::OutcomeOf(tx, kPlan, id); });
  EXPECT_EQ(outcome.value(), "OK");
  EXPECT_EQ(Do([&](Tx& tx) { return ReportStore::OpenRequests(tx, 0, 10); }).size(), 1u);
}

TEST_F(ReportStoreTest, APeriodIsReleasedOnceToAPayer) {
  const sys_days first{std::chrono::year{2025} / 1 / 1};
  const sys_days last{std::chrono::year{2025} / 12 / 31};
  const ReleasedFamilyRow row{{std::string(kPlan), first, last, "family"}, {1, 2}};
  const auto add = [&] {
    return store_.db().Write("add",
                             [&](Tx& tx) { return ReportStore::AddReleased(tx, row, Now()); });
  };
  EXPECT_TRUE(add().ok());
  EXPECT_FALSE(add().ok());
  store_.Reopen();
  const auto released = Do([&](Tx& tx) { return ReportStore::Released(tx, kPlan); });
  ASSERT_EQ(released.size(), 1u);
  EXPECT_EQ(released[0].family.period_start, first);
  EXPECT_EQ(released[0].family.period_end, last);
  EXPECT_EQ(released[0].family.fingerprint, "family");
  EXPECT_EQ(released[0].answer, (Bytes{1, 2}));
  EXPECT_TRUE(Do([&](Tx& tx) { return ReportStore::Released(tx, kElm); }).empty());
}

TEST_F(ReportStoreTest, ACollectionKeepsTheFirstAnswerOfEachNodeItAsked) {
  const std::int64_t definition = Put("r", 1, {1});
  const StoredCollection collection =
      Do([&](Tx& tx) { return HubStore::Start(tx, Id(), definition, Now()); });
  Do([&](Tx& tx) { return HubStore::Ask(tx, collection.row, kElm, {}, Now()); });
  const auto answer = [&](std::string_view node, const Bytes& bytes) {
    return store_.db().Write(
        "answer", [&](Tx& tx) { return HubStore::Answer(tx, collection.row, node, bytes, Now()); });
  };
  EXPECT_EQ(answer(kOak, {1}).error().reason, "NOT_ASKED");
  EXPECT_EQ(*answer(kElm, {1}), AnswerOutcome::kKept);
  EXPECT_EQ(*answer(kElm, {1}), AnswerOutcome::kSame);
  EXPECT_EQ(*answer(kElm, {2}), AnswerOutcome::kOther);
  EXPECT_EQ(Do([&](Tx& tx) { return HubStore::NewestAnswer(tx, definition, kElm); }), (Bytes{1}));
  EXPECT_TRUE(Do([&](Tx& tx) { return HubStore::NewestAnswer(tx, definition, kOak); }).empty());
}

TEST_F(ReportStoreTest, OneCollectionOfADefinitionIsOpenAndEachHasOneRelease) {
  const std::int64_t definition = Put("r", 1, {1});
  const auto start = [&] {
    return store_.db().Write("start",
                             [&](Tx& tx) { return HubStore::Start(tx, Id(), definition, Now()); });
  };
  const auto first = start();
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(start().ok()) << "a second open one";
  const auto finish = [&](const StoredCollection& collection, std::uint32_t number) {
    return store_.db().Write("finish", [&](Tx& tx) {
      return HubStore::Finish(tx, collection, number, Bytes{7}, Bytes{8, 8});
    });
  };
  EXPECT_EQ(Do([&](Tx& tx) { return HubStore::NextNumber(tx, definition); }), 1u);
  EXPECT_TRUE(finish(*first, 1).ok());
  EXPECT_FALSE(finish(*first, 2).ok()) << "a release is written once";
  EXPECT_FALSE(Do([&](Tx& tx) { return HubStore::Open(tx, definition); }).has_value());
  const auto second = start();
  ASSERT_TRUE(second.ok());
  EXPECT_FALSE(finish(*second, 1).ok()) << "a number is given once";
  EXPECT_EQ(Do([&](Tx& tx) { return HubStore::NextNumber(tx, definition); }), 2u);
  EXPECT_TRUE(finish(*second, 2).ok());
  const auto newest = Do([&](Tx& tx) { return HubStore::Release(tx, definition, 0); });
  EXPECT_EQ(newest.value().number, 2u);
  EXPECT_EQ(newest.value().bytes, (Bytes{8, 8}));
  EXPECT_EQ(Do([&](Tx& tx) { return HubStore::CollectionOf(tx, definition, 1); }),
            first->collect_id);
  const auto heads = Do([&](Tx& tx) { return HubStore::Heads(tx, kPlan, "", 0, 10); });
  ASSERT_EQ(heads.size(), 2u);
  EXPECT_EQ(heads[0].bytes, (Bytes{7}));
  EXPECT_TRUE(Do([&](Tx& tx) { return HubStore::Heads(tx, kElm, "", 0, 10); }).empty());
}

}  // namespace
}  // namespace equinode
