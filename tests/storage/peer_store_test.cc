#include "storage/peer_store.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "storage/revocation_store.h"
#include "storage/sharing_store.h"
#include "tests/support/pki.h"
#include "tests/support/test_store.h"

namespace equinode {
namespace {

using testing::TestStore;
using State = PeerCertificateState;

class PeerStoreTest : public ::testing::Test {
 protected:
  template <typename F>
  auto Write(F body) {
    return store_.db().Write("test", body);
  }
  Status Add(const std::string& uri) {
    return Write([&](Tx& tx) {
      return PeerStore::Put(tx, {.uri = uri, .address = "127.0.0.1:1"}, store_.clock().Now());
    });
  }
  Status Put(const std::string& uri, const Certificate& certificate, State state) {
    store_.clock().Advance(Millis{1});
    return Write([&](Tx& tx) {
      return PeerStore::PutCertificate(tx, uri, certificate, state, store_.clock().Now());
    });
  }
  std::map<std::string, State> States(const std::string& uri) {
    const auto peer = store_.db().Read([&](ReadTx& tx) { return PeerStore::Find(tx, uri); });
    std::map<std::string, State> states;
    for (const auto& one : (*peer)->certificates) states[one.fingerprint] = one.state;
    return states;
  }
  Certificate New() { return pki_.Node("practice", "a").certificate(); }

  testing::TestPki pki_{};
  TestStore store_{};
  const std::string a_ = pki_.Uri("practice", "a");
  const std::string b_ = pki_.Uri("practice", "b");
};

TEST_F(PeerStoreTest, OneCurrentOneNextOneHeldAndFourBefore) {
  ASSERT_TRUE(Add(a_).ok());
  const Certificate one = New();
  const Certificate two = New();
  const Certificate three = New();
  ASSERT_TRUE(Put(a_, one, State::kCurrent).ok());
  ASSERT_TRUE(Put(a_, two, State::kNext).ok());
  ASSERT_TRUE(Put(a_, three, State::kNext).ok());
  EXPECT_EQ(States(a_), (std::map<std::string, State>{{one.fingerprint(), State::kCurrent},
                                                      {three.fingerprint(), State::kNext}}));
  ASSERT_TRUE(Put(a_, three, State::kCurrent).ok());
  EXPECT_EQ(States(a_), (std::map<std::string, State>{{one.fingerprint(), State::kPrevious},
                                                      {three.fingerprint(), State::kCurrent}}));
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(Put(a_, New(), State::kCurrent).ok());
  const auto states = States(a_);
  EXPECT_EQ(states.size(), 5u);
  EXPECT_FALSE(states.contains(one.fingerprint())) << "the eldest goes first";
}

TEST_F(PeerStoreTest, ACertificateBelongsToOnePeer) {
  ASSERT_TRUE(Add(a_).ok());
  ASSERT_TRUE(Add(b_).ok());
  const Certificate one = New();
  ASSERT_TRUE(Put(a_, one, State::kCurrent).ok());
  const Status taken = Put(b_, one, State::kCurrent);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().reason, "CERTIFICATE_OF_ANOTHER_PEER");
  EXPECT_FALSE(Put("spiffe://n/practice/nobody", New(), State::kCurrent).ok());
}

TEST_F(PeerStoreTest, RemovingTakesCertificatesAndSharingAlong) {
  ASSERT_TRUE(Add(a_).ok());
  const Certificate one = New();
  ASSERT_TRUE(Put(a_, one, State::kCurrent).ok());
  ASSERT_TRUE(Write([&](Tx& tx) {
                return SharingStore::Set(tx, {.peer = a_, .counts = true}, store_.clock().Now());
              }).ok());
  ASSERT_TRUE(Write([&](Tx& tx) { return PeerStore::Remove(tx, a_); }).ok());
  EXPECT_EQ(Write([&](Tx& tx) { return PeerStore::Remove(tx, a_); }).error().reason,
            "NO_SUCH_PEER");
  ASSERT_TRUE(Add(a_).ok());
  EXPECT_TRUE(States(a_).empty());
  const auto rule = store_.db().Read([&](ReadTx& tx) { return SharingStore::Find(tx, a_); });
  ASSERT_TRUE(rule.ok());
  EXPECT_FALSE(rule->has_value()) << "an enrolment begins with nothing shared";
}

TEST_F(PeerStoreTest, ListsPageByUri) {
  ASSERT_TRUE(Add(b_).ok());
  ASSERT_TRUE(Add(a_).ok());
  const auto list = [&](std::string_view after, std::size_t most) {
    return *store_.db().Read([&](ReadTx& tx) { return PeerStore::List(tx, after, most); });
  };
  EXPECT_EQ(list("", 1).front().uri, a_);
  EXPECT_EQ(list(a_, 5).front().uri, b_);
  EXPECT_TRUE(list(b_, 5).empty());
}

TEST_F(PeerStoreTest, ASharingRuleBeginsAnewWhenItGrows) {
  ASSERT_TRUE(Add(a_).ok());
  const auto set = [&](std::vector<RecordKind> kinds, std::int64_t since) {
    return Write([&](Tx& tx) {
      return SharingStore::Set(tx, {.peer = a_, .kinds = std::move(kinds), .since_row = since},
                               store_.clock().Now());
    });
  };
  const auto first = set({RecordKind::kCoverage, RecordKind::kPerson, RecordKind::kPerson}, 10);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->kinds, (std::vector<RecordKind>{RecordKind::kPerson, RecordKind::kCoverage}));
  const auto fewer = set({RecordKind::kPerson}, 20);
  EXPECT_EQ(fewer->version, 1) << "fewer kinds: go on";
  EXPECT_EQ(fewer->since_row, 10);
  const auto more = set({RecordKind::kPerson, RecordKind::kOrganization}, 30);
  EXPECT_EQ(more->version, 2);
  EXPECT_EQ(more->since_row, 30);
  const auto rule = store_.db().Read([&](ReadTx& tx) { return SharingStore::Find(tx, a_); });
  ASSERT_TRUE(rule.ok() && rule->has_value());
  EXPECT_TRUE((*rule)->Sends(RecordKind::kOrganization));
  EXPECT_FALSE((*rule)->Sends(RecordKind::kCoverage));
  const auto stranger =
      Write([&](Tx& tx) { return SharingStore::Set(tx, {.peer = b_}, store_.clock().Now()); });
  EXPECT_EQ(stranger.error().reason, "NO_SUCH_PEER");
}

TEST_F(PeerStoreTest, TheFirstRevocationStays) {
  const auto revoke = [&](const std::string& value, const std::string& reason) {
    return Write([&](Tx& tx) {
      return RevocationStore::Add(tx, {.kind = RevokedKind::kSerial,
                                       .value = value,
                                       .issuer = "CN=ca",
                                       .reason = reason,
                                       .at = store_.clock().Now()});
    });
  };
  EXPECT_TRUE(*revoke("02", "lost"));
  EXPECT_TRUE(*revoke("01", "lost"));
  EXPECT_FALSE(*revoke("02", "other"));
  const auto all = store_.db().Read([](ReadTx& tx) { return RevocationStore::List(tx, 0, 10); });
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].value, "02");
  EXPECT_EQ((*all)[0].reason, "lost");
  const auto rest =
      store_.db().Read([&](ReadTx& tx) { return RevocationStore::List(tx, (*all)[0].number, 10); });
  EXPECT_EQ(*rest, std::vector<Revocation>{(*all)[1]});
}

}  // namespace
}  // namespace equinode
