#include "server/access/revocations.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "storage/audit_store.h"
#include "tests/server/access/network.h"

namespace equinode {
namespace {

using std::chrono::days;
using testing::TestNode;

class CrlFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(node_.Enrol(a_).ok());
    ASSERT_TRUE(node_.Enrol(b_).ok());
  }
  // As the authority's script does: whole, by rename.
  void Put(const std::string& text) {
    std::ofstream(path_.string() + ".new") << text;
    std::filesystem::rename(path_.string() + ".new", path_);
  }
  void PutList(const std::vector<Certificate>& revoked, days from = days{-1}, days to = days{1}) {
    Put(node_.pki.RevocationList(revoked, node_.now() + from, node_.now() + to));
  }
  std::string Step() {
    const auto taken = file_.Step();
    return taken.ok() ? std::to_string(*taken) : taken.error().reason;
  }

  TestNode node_{};
  const Certificate a_ = node_.pki.Node("practice", "a").certificate();
  const Certificate b_ = node_.pki.Node("practice", "b").certificate();
  const std::filesystem::path path_ = node_.elsewhere.path() / "crl.pem";
  Log log_{-1, node_.store.clock()};
  CrlFile file_{path_,      node_.store.db(),    *node_.audit, *node_.enrolment,
                node_.keys, node_.store.clock(), log_};
};

TEST_F(CrlFileTest, TC11_WhatTheListRevokesIsRefusedFromTheNextCall) {
  EXPECT_EQ(file_.Begin().error().reason, "NO_REVOCATION_LIST");
  EXPECT_EQ(Step(), "0") << "told once";
  EXPECT_EQ(file_.fault(), "NO_REVOCATION_LIST") << "and as long as it is so";
  PutList({a_});
  EXPECT_EQ(node_.Admits(a_), "OK");
  EXPECT_EQ(Step(), "1");
  EXPECT_EQ(file_.fault(), "");
  EXPECT_EQ(node_.Admits(a_), "REVOKED");
  EXPECT_EQ(node_.Admits(b_), "OK");
  const auto entries = node_.store.db().Read(
      [](ReadTx& tx) { return AuditStore::List(tx, 0, 10, /*disclosures_only=*/false); });
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ(entries->front().entry.action, "REVOCATION_LIST_TAKEN");
  EXPECT_EQ(Step(), "0") << "unchanged";
}

TEST_F(CrlFileTest, WhatWasRevokedStaysSo) {
  PutList({a_});
  ASSERT_EQ(Step(), "1");
  PutList({b_});
  ASSERT_EQ(Step(), "1");
  EXPECT_EQ(node_.Admits(a_), "REVOKED") << "a list that forgot it does not bring it back";
  EXPECT_EQ(node_.Admits(b_), "REVOKED");
  std::filesystem::remove(path_);
  ASSERT_EQ(Step(), "NO_REVOCATION_LIST");
  EXPECT_EQ(node_.Admits(a_), "REVOKED");
}

TEST_F(CrlFileTest, ABadListChangesNothingAndIsToldOnce) {
  PutList({a_});
  ASSERT_EQ(Step(), "1");
  Put("-----BEGIN X509 CRL-----\nnonsense\n");
  EXPECT_EQ(Step(), "BAD_CRL");
  EXPECT_EQ(Step(), "0");
  Put(testing::TestPki().RevocationList({b_}, node_.now() - days{1}, node_.now() + days{1}));
  EXPECT_EQ(Step(), "CRL_UNTRUSTED");
  EXPECT_EQ(file_.fault(), "CRL_UNTRUSTED");
  EXPECT_EQ(node_.Admits(a_), "REVOKED");
  EXPECT_EQ(node_.Admits(b_), "OK");
}

// R8: the authority is late, or somebody keeps the next list away.
TEST_F(CrlFileTest, TC11_AListPastItsNextUpdateStillRevokesAndTheNodeSaysSo) {
  PutList({a_}, days{-9}, days{-8});
  EXPECT_TRUE(file_.Begin().ok());
  EXPECT_EQ(file_.fault(), "CRL_EXPIRED");
  EXPECT_EQ(node_.Admits(a_), "REVOKED");
  PutList({a_}, days{-1}, days{1});
  EXPECT_EQ(Step(), "0") << "nothing new in it";
  EXPECT_EQ(file_.fault(), "");
  node_.store.clock().Advance(days{2});
  EXPECT_EQ(Step(), "0");
  EXPECT_EQ(file_.fault(), "CRL_EXPIRED");
}

TEST_F(CrlFileTest, WhereNoneIsConfiguredNothingIsAmiss) {
  CrlFile none({}, node_.store.db(), *node_.audit, *node_.enrolment, node_.keys,
               node_.store.clock(), log_);
  EXPECT_TRUE(none.Begin().ok());
  EXPECT_TRUE(none.Step().ok());
  EXPECT_EQ(none.fault(), "");
}

}  // namespace
}  // namespace equinode
