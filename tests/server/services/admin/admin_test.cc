#include "server/services/admin/admin.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "domain/access/policy.h"
#include "server/audit/verify.h"
#include "storage/audit_store.h"
#include "storage/sharing_store.h"
#include "tests/server/access/network.h"
#include "tests/support/faulty_vfs.h"

namespace equinode {
namespace {

using testing::TestNode;

class AdminTest : public ::testing::Test {
 protected:
  AdminTest() : AdminTest(OpenOptions{}) {}
  explicit AdminTest(OpenOptions options) : node_("payer", "p", options) {
    // What the store's request table does.
    AdminDeps deps{node_.store.db(), *node_.audit, *node_.enrolment, node_.keys};
    deps.requests.find = [this](Tx&, const RequestKey& key) -> Result<std::optional<std::string>> {
      const auto found = answers_.find(key.id.ToString());
      if (found == answers_.end()) return std::optional<std::string>();
      if (found->second.first != key.digest) {
        return Error{Code::kAlreadyExists, "REQUEST_ID_REUSED", "used for another request"};
      }
      return std::optional<std::string>(found->second.second);
    };
    deps.requests.keep = [this](Tx&, const RequestKey& key, std::string_view answer) -> Status {
      answers_[key.id.ToString()] = {key.digest, std::string(answer)};
      return Ok();
    };
    deps.status = []() -> Result<v1::GetStatusResponse> {
      v1::GetStatusResponse response;
      response.set_persons(5);
      return response;
    };
    deps.last_record_row = [](ReadTx&) -> Result<std::int64_t> { return 42; };
    deps.resolve_dead_letter = [](Tx&, const Uuid& id, bool, Instant) -> Status {
      if (id.bytes()[0] == 1) return Ok();
      return Error{Code::kNotFound, "NO_SUCH_DEAD_LETTER", "no such dead letter"};
    };
    deps.list_dead_letters = [](ReadTx&, std::size_t page,
                                const std::string&) -> Result<v1::ListDeadLettersResponse> {
      v1::ListDeadLettersResponse response;
      response.add_letters()->set_reason(std::to_string(page));
      return response;
    };
    deps.peer_removed = [this](Tx&, const std::string& uri) -> Status {
      removed_.push_back(uri);
      return Ok();
    };
    deps.begin_links_anew = [](Tx&, const std::string& uri, const std::string& code,
                               Instant) -> Result<v1::BeginLinksAnewResponse> {
      if (uri.empty()) return Error{Code::kNotFound, "NO_SUCH_PEER", "no such peer is enrolled"};
      v1::BeginLinksAnewResponse response;
      response.set_code(code.empty() ? "1-made" : code);
      return response;
    };
    methods_ = AdminMethods(std::move(deps));
  }

  std::string NewId() { return Uuid::MakeV7(node_.now(), random_).ToString(); }

  // As the gate calls it, by Ann of the node's organisation.
  template <typename Response, typename Request>
  Result<Response> Ask(const std::string& name, const Request& request) {
    call_ = Call{};
    call_.caller = {*ParseIdentity(node_.self() + "/operator/ann"), std::string(64, 'a'),
                    "[::1]:9"};
    call_.method = "/equinode.v1.AdminService/" + name;
    call_.now = node_.now();
    for (const Method& method : methods_) {
      if (method.path != call_.method) continue;
      EQN_TRY(const std::string bytes, method.unary(call_, request.SerializeAsString()));
      Response response;
      EXPECT_TRUE(response.ParseFromString(bytes));
      return response;
    }
    return Error{Code::kInternal, "NO_SUCH_TEST_METHOD", name};
  }
  template <typename T>
  static std::string Why(const Result<T>& result) {
    return result.ok() ? "OK" : result.error().reason;
  }

  Result<v1::AddPeerResponse> Add(const std::string& pem, const std::string& address = "",
                                  const std::string& relay = "", const std::string& id = "") {
    v1::AddPeerRequest request;
    request.set_certificate_pem(pem);
    request.set_address(address);
    request.set_relay(relay);
    request.set_request_id(id.empty() ? NewId() : id);
    return Ask<v1::AddPeerResponse>("AddPeer", request);
  }
  std::string Remove(const std::string& uri) {
    v1::RemovePeerRequest request;
    request.set_uri(uri);
    request.set_request_id(NewId());
    return Why(Ask<v1::RemovePeerResponse>("RemovePeer", request));
  }
  std::string Accept(const std::string& uri, const std::string& fingerprint) {
    v1::AcceptCertificateRequest request;
    request.set_uri(uri);
    request.set_fingerprint(fingerprint);
    request.set_request_id(NewId());
    return Why(Ask<v1::AcceptCertificateResponse>("AcceptCertificate", request));
  }
  std::string Share(const std::string& peer, std::vector<int> kinds, bool counts = false) {
    v1::SetSharingRequest request;
    request.mutable_rule()->set_peer(peer);
    for (const int kind : kinds) {
      request.mutable_rule()->add_kinds(static_cast<v1::RecordKind>(kind));
    }
    request.mutable_rule()->set_counts(counts);
    request.set_request_id(NewId());
    return Why(Ask<v1::SetSharingResponse>("SetSharing", request));
  }
  template <typename F>
  std::string Revoke(F fill) {
    v1::RevokeRequest request;
    fill(request);
    request.set_reason("lost");
    request.set_request_id(NewId());
    const auto response = Ask<v1::RevokeResponse>("Revoke", request);
    return response.ok() ? std::to_string(response->added()) : response.error().reason;
  }
  std::vector<StoredAuditEntry> Entries() {
    return *node_.store.db().Read(
        [](ReadTx& tx) { return AuditStore::List(tx, 0, 1000, /*disclosures_only=*/false); });
  }

  TestNode node_;
  SeededRandom random_{3};
  std::map<std::string, std::pair<Digest, std::string>> answers_{};
  std::vector<std::string> removed_{};
  std::vector<Method> methods_{};
  Call call_{};
  const testing::TestCert practice_ = node_.pki.Node("practice", "a");
  const testing::TestCert qhio_ = node_.pki.Node("qhio", "q");
  const std::string practice_uri_ = node_.pki.Uri("practice", "a");
  const std::string qhio_uri_ = node_.pki.Uri("qhio", "q");
};

TEST_F(AdminTest, EveryMethodOfTheServiceHasAHandler) {
  std::set<std::string> bound;
  for (const Method& method : methods_) {
    EXPECT_TRUE(bound.insert(method.path).second);
    EXPECT_NE(FindPolicy(method.path), nullptr) << method.path;
  }
  const auto* service = v1::GetStatusRequest::descriptor()->file()->service(0);
  EXPECT_EQ(bound.size(), static_cast<std::size_t>(service->method_count()));
  for (int i = 0; i < service->method_count(); ++i) {
    EXPECT_TRUE(bound.contains("/equinode.v1.AdminService/" + service->method(i)->name()));
  }
}

TEST_F(AdminTest, APeerIsEnrolledWithItsEntryAndAdmittedAtOnce) {
  const auto added = Add(practice_.pem, "clinic.example:8440");
  ASSERT_TRUE(added.ok()) << added.error().message;
  EXPECT_EQ(added->peer().uri(), practice_uri_);
  EXPECT_EQ(added->peer().address(), "clinic.example:8440");
  ASSERT_EQ(added->peer().certificates_size(), 1);
  EXPECT_EQ(added->peer().certificates(0).fingerprint(), practice_.certificate().fingerprint());
  EXPECT_EQ(added->peer().certificates(0).state(), "current");
  EXPECT_EQ(node_.Admits(practice_.certificate()), "OK");
  EXPECT_TRUE(call_.audit.recorded);
  const auto entries = Entries();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].entry.actor, node_.self() + "/operator/ann");
  EXPECT_EQ(entries[0].entry.action, "/equinode.v1.AdminService/AddPeer");
  EXPECT_EQ(entries[0].entry.subject, practice_uri_);
  EXPECT_EQ(entries[0].entry.outcome, "OK");
}

TEST_F(AdminTest, ARefusedEnrolmentLeavesNothing) {
  const auto pki = testing::TestPki();
  const auto& own = node_.pki;
  const auto expired = own.Issue({.uris = {practice_uri_},
                                  .not_before = own.now() - std::chrono::hours{48},
                                  .not_after = own.now() - std::chrono::hours{24}});
  EXPECT_EQ(Why(Add("")), "BAD_CERTIFICATE");
  EXPECT_EQ(Why(Add(practice_.pem + practice_.pem)), "BAD_CERTIFICATE");
  EXPECT_EQ(Why(Add(practice_.key_pem)), "BAD_CERTIFICATE");
  EXPECT_EQ(Why(Add(pki.Node("practice", "a").pem)), "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(Add(pki.Node("practice", "a").pem).error().code, Code::kInvalidArgument);
  EXPECT_EQ(Why(Add(expired.pem)), "CERTIFICATE_EXPIRED");
  EXPECT_EQ(Why(Add(own.Issue({.uris = {}}).pem)), "CERTIFICATE_NAME");
  EXPECT_EQ(Why(Add(own.Operator("practice", "a", "bob").pem)), "NOT_A_PEER");
  EXPECT_EQ(Why(Add(node_.cert.pem)), "NOT_A_PEER");
  EXPECT_EQ(Why(Add(practice_.pem, "nowhere")), "BAD_ADDRESS");
  EXPECT_EQ(Why(Add(practice_.pem, "a:1", qhio_uri_)), "BAD_ROUTE");
  EXPECT_EQ(Why(Add(practice_.pem, "", "q")), "BAD_RELAY");
  EXPECT_EQ(Why(Add(practice_.pem, "", qhio_uri_)), "NO_SUCH_RELAY");
  EXPECT_EQ(Why(Add(practice_.pem, "", "", "7")), "BAD_REQUEST_ID");
  EXPECT_TRUE(node_.enrolment->Peers().empty());
  EXPECT_TRUE(Entries().empty()) << "the gate writes those of refusals";
  EXPECT_FALSE(call_.audit.recorded);
}

TEST_F(AdminTest, APeerBehindARelay) {
  ASSERT_TRUE(Add(qhio_.pem, "q.example:1").ok());
  const auto added = Add(practice_.pem, "", qhio_uri_);
  ASSERT_TRUE(added.ok());
  EXPECT_EQ(added->peer().relay(), qhio_uri_);
  EXPECT_EQ(node_.enrolment->Find(practice_uri_)->relay, qhio_uri_);
}

TEST_F(AdminTest, TI11_TheSameRequestAgainGetsTheFirstAnswer) {
  const std::string id = NewId();
  const auto first = Add(practice_.pem, "a:1", "", id);
  ASSERT_TRUE(first.ok());
  ASSERT_EQ(Remove(practice_uri_), "OK");
  const auto again = Add(practice_.pem, "a:1", "", id);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_FALSE(node_.enrolment->Find(practice_uri_).has_value()) << "no second effect";
  EXPECT_EQ(Why(Add(practice_.pem, "a:2", "", id)), "REQUEST_ID_REUSED");
}

TEST_F(AdminTest, ASecondCertificateIsTheNextOne) {
  ASSERT_TRUE(Add(practice_.pem, "a:1").ok());
  const auto renewed = node_.pki.Node("practice", "a");
  const auto added = Add(renewed.pem);
  ASSERT_TRUE(added.ok());
  ASSERT_EQ(added->peer().certificates_size(), 2);
  EXPECT_EQ(added->peer().certificates(1).state(), "next");
  EXPECT_EQ(added->peer().address(), "a:1") << "the way to it stays";
  EXPECT_EQ(node_.Admits(renewed.certificate()), "OK");
  ASSERT_EQ(Accept(practice_uri_, renewed.certificate().fingerprint()), "OK");
  const auto third = Add(renewed.pem, "b:2");
  EXPECT_EQ(third->peer().certificates(0).fingerprint(), renewed.certificate().fingerprint());
  EXPECT_EQ(third->peer().certificates(0).state(), "current");
  EXPECT_EQ(third->peer().certificates(1).state(), "previous");
  EXPECT_EQ(third->peer().address(), "b:2");
}

TEST_F(AdminTest, AHeldCertificateWaitsForAnOperator) {
  ASSERT_TRUE(Add(practice_.pem).ok());
  const Certificate held = node_.pki.Node("practice", "a").certificate();
  ASSERT_TRUE(node_
                  .Change([&](Tx& tx) {
                    return PeerStore::PutCertificate(tx, practice_uri_, held,
                                                     PeerCertificateState::kHeld, node_.now());
                  })
                  .ok());
  EXPECT_EQ(node_.Admits(held), "NOT_ENROLLED");
  EXPECT_EQ(Accept(practice_uri_, std::string(64, '0')), "NO_SUCH_CERTIFICATE");
  EXPECT_EQ(Accept(qhio_uri_, held.fingerprint()), "NO_SUCH_PEER");
  EXPECT_EQ(Accept(practice_uri_, held.fingerprint()), "OK");
  EXPECT_EQ(node_.Admits(held), "OK");
  EXPECT_EQ(Accept(practice_uri_, practice_.certificate().fingerprint()), "NO_SUCH_CERTIFICATE")
      << "what was replaced does not come back";
}

TEST_F(AdminTest, TC23_ARemovedPeerIsOutAtOnce) {
  ASSERT_TRUE(Add(practice_.pem).ok());
  ASSERT_EQ(Share(practice_uri_, {1}), "OK");
  ASSERT_EQ(Remove(practice_uri_), "OK");
  EXPECT_EQ(node_.Admits(practice_.certificate()), "NOT_ENROLLED");
  EXPECT_EQ(Remove(practice_uri_), "NO_SUCH_PEER");
  ASSERT_TRUE(Add(practice_.pem).ok());
  v1::ListSharingRequest list;
  EXPECT_EQ(Ask<v1::ListSharingResponse>("ListSharing", list)->rules_size(), 0);
}

TEST_F(AdminTest, WhatWaitsForARemovedPeerIsSettledInTheSameTransaction) {
  ASSERT_TRUE(Add(practice_.pem).ok());
  EXPECT_EQ(Remove(practice_uri_), "OK");
  EXPECT_EQ(removed_, std::vector<std::string>{practice_uri_});
  EXPECT_EQ(Remove(practice_uri_), "NO_SUCH_PEER");
  EXPECT_EQ(removed_.size(), 1u);
}

TEST_F(AdminTest, BeginningLinksAnewIsOneAuditedActThatTheSameRequestRepeats) {
  v1::BeginLinksAnewRequest request;
  request.set_uri(practice_uri_);
  request.set_request_id(NewId());
  using Response = v1::BeginLinksAnewResponse;
  const std::size_t before = Entries().size();
  EXPECT_EQ(Ask<Response>("BeginLinksAnew", request)->code(), "1-made");
  const auto entries = Entries();
  ASSERT_EQ(entries.size(), before + 1);
  EXPECT_EQ(entries.back().entry.action, "/equinode.v1.AdminService/BeginLinksAnew");
  EXPECT_EQ(entries.back().entry.subject, practice_uri_);
  EXPECT_EQ(entries.back().entry.outcome, "OK");
  EXPECT_EQ(Ask<Response>("BeginLinksAnew", request)->code(), "1-made");
  request.set_code("1-other");
  EXPECT_EQ(Why(Ask<Response>("BeginLinksAnew", request)), "REQUEST_ID_REUSED");
}

TEST_F(AdminTest, TC11_RevocationsByUriFingerprintAndList) {
  const Certificate a = practice_.certificate();
  const Certificate q = qhio_.certificate();
  const testing::TestCert other = node_.pki.Node("practice", "b");
  for (const auto* cert : {&practice_, &qhio_, &other}) ASSERT_TRUE(Add(cert->pem).ok());
  EXPECT_EQ(Revoke([&](auto& r) { r.set_uri(practice_uri_); }), "1");
  EXPECT_EQ(Revoke([&](auto& r) { r.set_uri(practice_uri_); }), "0");
  std::string colons;  // As openssl prints it.
  for (std::size_t i = 0; i < 64; i += 2) {
    colons += (i == 0 ? "" : ":") + q.fingerprint().substr(i, 2);
  }
  std::ranges::transform(colons, colons.begin(), [](char c) { return std::toupper(c); });
  EXPECT_EQ(Revoke([&](auto& r) { r.set_fingerprint(colons); }), "1");
  const std::string list =
      node_.pki.RevocationList({other.certificate()}, node_.now() - std::chrono::hours{1},
                               node_.now() + std::chrono::hours{1});
  EXPECT_EQ(Revoke([&](auto& r) { r.set_crl_pem(list); }), "1");
  for (const Certificate& one : {a, q, other.certificate()})
    EXPECT_EQ(node_.Admits(one), "REVOKED");
  EXPECT_EQ(Why(Add(practice_.pem)), "REVOKED") << "and is not enrolled again";
  EXPECT_EQ(Why(Add(node_.pki.Node("practice", "a").pem)), "REVOKED") << "the URI was revoked";
  EXPECT_TRUE(Add(node_.pki.Node("qhio", "q").pem).ok()) << "only the certificate was";

  std::vector<std::string> listed;
  v1::ListRevocationsRequest page;
  page.set_page_size(1);
  for (;;) {
    const auto got = Ask<v1::ListRevocationsResponse>("ListRevocations", page);
    ASSERT_TRUE(got.ok()) << got.error().message;
    for (const auto& one : got->revocations()) listed.push_back(one.what());
    if (got->next_page_token().empty()) break;
    page.set_page_token(got->next_page_token());
  }
  EXPECT_EQ(listed,
            (std::vector<std::string>{"uri:" + practice_uri_, "fingerprint:" + q.fingerprint(),
                                      "serial:" + other.certificate().serial_hex()}));
}

TEST_F(AdminTest, RevocationsThatCannotBeMeant) {
  const auto pki = testing::TestPki();
  EXPECT_EQ(Revoke([](auto&) {}), "BAD_REVOCATION");
  EXPECT_EQ(Revoke([](auto& r) { r.set_uri("spiffe://elsewhere/practice/a"); }), "BAD_REVOCATION");
  EXPECT_EQ(Revoke([](auto& r) { r.set_uri("practice/a"); }), "BAD_REVOCATION");
  EXPECT_EQ(Revoke([](auto& r) { r.set_fingerprint("00ff"); }), "BAD_REVOCATION");
  EXPECT_EQ(Revoke([&](auto& r) { r.set_uri(node_.self()); }), "OWN_CERTIFICATE");
  EXPECT_EQ(Revoke([&](auto& r) { r.set_uri(node_.self() + "/operator/ann"); }), "OWN_CERTIFICATE");
  EXPECT_EQ(Revoke([](auto& r) { r.set_fingerprint(std::string(64, 'a')); }), "OWN_CERTIFICATE");
  EXPECT_EQ(Revoke([&](auto& r) { r.set_uri(node_.self() + "/operator/bob"); }), "1");
  EXPECT_EQ(Revoke([](auto& r) { r.set_crl_pem("x"); }), "BAD_CRL");
  EXPECT_EQ(Revoke([&](auto& r) {
              r.set_crl_pem(pki.RevocationList({}, node_.now() - std::chrono::hours{1},
                                               node_.now() + std::chrono::hours{1}));
            }),
            "CRL_UNTRUSTED");
}

TEST_F(AdminTest, WhatIsSharedIsWhatWasSaidAndNothingByDefault) {
  ASSERT_TRUE(Add(practice_.pem).ok());
  v1::ListSharingRequest list;
  EXPECT_EQ(Ask<v1::ListSharingResponse>("ListSharing", list)->rules_size(), 0);
  EXPECT_EQ(Share(practice_uri_, {1, 3}), "OK");
  EXPECT_EQ(Share(practice_uri_, {0}), "BAD_SHARING");
  EXPECT_EQ(Share(practice_uri_, {99}), "BAD_SHARING");
  EXPECT_EQ(Share(practice_uri_, {1}, true), "BAD_SHARING") << "counts are for payers";
  EXPECT_EQ(Share(qhio_uri_, {1}), "NO_SUCH_PEER");
  const auto rules = Ask<v1::ListSharingResponse>("ListSharing", list);
  ASSERT_EQ(rules->rules_size(), 1);
  EXPECT_EQ(rules->rules(0).kinds_size(), 2);
  const auto rule =
      node_.store.db().Read([&](ReadTx& tx) { return SharingStore::Find(tx, practice_uri_); });
  EXPECT_EQ((*rule)->since_row, 42);
  ASSERT_EQ(Share(practice_uri_, {}), "OK");
  EXPECT_EQ(Ask<v1::ListSharingResponse>("ListSharing", list)->rules(0).kinds_size(), 0);
}

TEST_F(AdminTest, ListsComeInPagesAndRefuseOtherTokens) {
  for (const char* name : {"c", "a", "b"})
    ASSERT_TRUE(Add(node_.pki.Node("practice", name).pem).ok());
  v1::ListPeersRequest page;
  page.set_page_size(2);
  const auto first = Ask<v1::ListPeersResponse>("ListPeers", page);
  ASSERT_EQ(first->peers_size(), 2);
  EXPECT_EQ(first->peers(0).uri(), node_.pki.Uri("practice", "a"));
  page.set_page_token(first->next_page_token());
  const auto second = Ask<v1::ListPeersResponse>("ListPeers", page);
  ASSERT_EQ(second->peers_size(), 1);
  EXPECT_EQ(second->peers(0).uri(), node_.pki.Uri("practice", "c"));
  EXPECT_EQ(second->next_page_token(), "");
  page.set_page_size(1001);
  EXPECT_EQ(Why(Ask<v1::ListPeersResponse>("ListPeers", page)), "BAD_PAGE_SIZE");
  for (const char* token : {"x", "-1", "1x", "99999999999999999999999"}) {
    v1::ListAuditEntriesRequest entries;
    entries.set_page_token(token);
    EXPECT_EQ(Why(Ask<v1::ListAuditEntriesResponse>("ListAuditEntries", entries)),
              "BAD_PAGE_TOKEN");
  }
  v1::ListRevocationsRequest revocations;
  revocations.set_page_token("zz");
  EXPECT_EQ(Why(Ask<v1::ListRevocationsResponse>("ListRevocations", revocations)),
            "BAD_PAGE_TOKEN");
}

TEST_F(AdminTest, TL04_EachChangeIsOneEntryThatCanBeRead) {
  ASSERT_TRUE(Add(practice_.pem).ok());
  ASSERT_EQ(Share(practice_uri_, {1}), "OK");
  ASSERT_EQ(Remove(practice_uri_), "OK");
  EXPECT_EQ(Revoke([&](auto& r) { r.set_uri(practice_uri_); }), "1");
  v1::ListAuditEntriesRequest request;
  request.set_page_size(3);
  std::vector<std::string> actions;
  for (;;) {
    const auto page = Ask<v1::ListAuditEntriesResponse>("ListAuditEntries", request);
    ASSERT_TRUE(page.ok());
    EXPECT_EQ(page->head().count(), 4u);
    for (const auto& entry : page->entries()) {
      EXPECT_EQ(entry.number(), actions.size() + 1);
      EXPECT_EQ(entry.subject(), practice_uri_);
      EXPECT_EQ(entry.hash().size(), 32u);
      actions.push_back(entry.action().substr(entry.action().rfind('/') + 1));
    }
    if (page->next_page_token().empty()) break;
    request.set_page_token(page->next_page_token());
  }
  EXPECT_EQ(actions, (std::vector<std::string>{"AddPeer", "SetSharing", "RemovePeer", "Revoke"}));
  v1::ListAuditEntriesRequest newest;
  newest.set_after(3);
  const auto page = Ask<v1::ListAuditEntriesResponse>("ListAuditEntries", newest);
  ASSERT_EQ(page->entries_size(), 1);
  EXPECT_EQ(page->entries(0).number(), 4u);
  newest.set_after(~std::uint64_t{0});
  EXPECT_EQ(Ask<v1::ListAuditEntriesResponse>("ListAuditEntries", newest)->entries_size(), 0);
}

TEST_F(AdminTest, TheStatusHasTheNodesOwnFigures) {
  const auto status = Ask<v1::GetStatusResponse>("GetStatus", v1::GetStatusRequest());
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->node(), node_.self());
  EXPECT_EQ(status->persons(), 5u);
  EXPECT_EQ(status->audit_head().count(), 0u);
  EXPECT_GT(status->certificate_expires().seconds(), 0);
}

TEST_F(AdminTest, DeadLettersAreTheExchanges) {
  const auto letters =
      Ask<v1::ListDeadLettersResponse>("ListDeadLetters", v1::ListDeadLettersRequest());
  EXPECT_EQ(letters->letters(0).reason(), "100");
  v1::ResolveDeadLetterRequest request;
  request.set_request_id(NewId());
  request.set_id("x");
  EXPECT_EQ(Why(Ask<v1::ResolveDeadLetterResponse>("ResolveDeadLetter", request)), "BAD_ID");
  request.set_id("ff000000-0000-7000-8000-000000000000");
  EXPECT_EQ(Why(Ask<v1::ResolveDeadLetterResponse>("ResolveDeadLetter", request)),
            "NO_SUCH_DEAD_LETTER");
  request.set_id("01000000-0000-7000-8000-000000000000");
  request.set_request_id(NewId());
  EXPECT_EQ(Why(Ask<v1::ResolveDeadLetterResponse>("ResolveDeadLetter", request)), "OK");
  EXPECT_EQ(Entries().back().entry.subject, "dead letter 01000000-0000-7000-8000-000000000000");
}

// The entry cannot be written: the change does not happen either, and nobody is told OK.
class AdminOnABadDisk : public AdminTest {
 protected:
  AdminOnABadDisk() : AdminTest({.vfs = Vfs().name()}) {}
  static testing::FaultyVfs& Vfs() {
    static auto* vfs = new testing::FaultyVfs("admin");
    return *vfs;
  }
};

TEST_F(AdminOnABadDisk, TL03_WithoutItsEntryNothingIsChanged) {
  ASSERT_TRUE(Add(practice_.pem).ok());
  Vfs().Full(true);
  const auto refused = Add(qhio_.pem);
  Vfs().Full(false);
  ASSERT_FALSE(refused.ok());
  EXPECT_FALSE(call_.audit.recorded);
  EXPECT_EQ(node_.Admits(qhio_.certificate()), "NOT_ENROLLED");
  EXPECT_EQ(Entries().size(), 1u);
  EXPECT_TRUE(Add(qhio_.pem).ok());
  EXPECT_EQ(Entries().size(), 2u);
}

}  // namespace
}  // namespace equinode
