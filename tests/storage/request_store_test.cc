#include "storage/request_store.h"

#include <gtest/gtest.h>

#include "storage/import_cursor_store.h"
#include "tests/support/test_store.h"

namespace equinode {
namespace {

class RequestStoreTest : public ::testing::Test {
 protected:
  static constexpr std::string_view kAnn = "spiffe://n/practice/a/operator/ann";
  static constexpr std::string_view kBob = "spiffe://n/practice/a/operator/bob";
  static constexpr std::string_view kMethod = "/equinode.v1.RecordService/DeleteRecord";

  Result<std::optional<std::string>> Find(std::string_view caller, std::string_view method,
                                          std::string_view request) {
    return store_.db().Read([&](ReadTx& tx) {
      return RequestStore::Find(tx, caller, method, id_, Sha256(AsBytes(request)));
    });
  }
  Status Keep(std::string_view caller, std::string_view request, std::string_view answer) {
    return store_.db().Write("keep", [&](Tx& tx) {
      return RequestStore::Keep(tx, caller, kMethod, id_, Sha256(AsBytes(request)), answer,
                                store_.clock().Now());
    });
  }

  testing::TestStore store_;
  SeededRandom random_{1};
  const Uuid id_ = Uuid::MakeV7(store_.clock().Now(), random_);
};

// TI11: at once, after restart, after a year, from another caller, with another body.
TEST_F(RequestStoreTest, TI11TheSameRequestGetsTheFirstAnswersBytes) {
  const std::string answer("an\0swer", 7);
  EXPECT_FALSE((*Find(kAnn, kMethod, "r")).has_value());
  ASSERT_TRUE(Keep(kAnn, "r", answer).ok());
  EXPECT_EQ(**Find(kAnn, kMethod, "r"), answer);
  store_.clock().Advance(std::chrono::hours{24 * 366});
  store_.Reopen();
  EXPECT_EQ(**Find(kAnn, kMethod, "r"), answer);
  EXPECT_FALSE((*Find(kBob, kMethod, "r")).has_value()) << "another caller's is another request";
  EXPECT_EQ(Find(kAnn, kMethod, "other").error().reason, "REQUEST_ID_REUSED");
  EXPECT_EQ(Find(kAnn, kMethod, "other").error().code, Code::kAlreadyExists);
  EXPECT_EQ(Find(kAnn, "/equinode.v1.AdminService/AddPeer", "r").error().reason,
            "REQUEST_ID_REUSED");
  EXPECT_FALSE(Keep(kAnn, "r", "second").ok()) << "a first answer is never written over";
  ASSERT_TRUE(Keep(kBob, "r", "").ok());
  EXPECT_EQ(**Find(kBob, kMethod, "r"), "");
}

TEST_F(RequestStoreTest, AnImportsCursorMovesAndStays) {
  const auto move = [&](std::uint64_t offset, std::uint64_t line) {
    return store_.db().Write("move", [&](Tx& tx) {
      return ImportCursorStore::Move(tx, "f", {offset, line}, store_.clock().Now());
    });
  };
  const auto find = [&](const char* file) {
    return *store_.db().Read([&](ReadTx& tx) { return ImportCursorStore::Find(tx, file); });
  };
  EXPECT_FALSE(find("f").has_value());
  ASSERT_TRUE(move(10, 1).ok());
  ASSERT_TRUE(move(5'000'000'000, 20).ok());
  store_.Reopen();
  EXPECT_EQ(find("f"), (StoredCursor{5'000'000'000, 20}));
  EXPECT_FALSE(find("g").has_value());
}

}  // namespace
}  // namespace equinode
