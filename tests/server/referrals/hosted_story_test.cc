// Organisations without a node, orders for several organisations, capacity.
#include <gtest/gtest.h>

#include <barrier>
#include <iostream>
#include <map>
#include <thread>

#include "storage/audit_store.h"
#include "tests/server/referrals/referral_town.h"

namespace equinode::testing {
namespace {

using namespace std::chrono_literals;

class HostedTown : public ReferralTown {
 protected:
  HostedTown() {
    for (ReferralNode* node : {&clinic_, &bank_}) {
      node->Enrol(qhio_);
      qhio_.Enrol(*node);
    }
    for (const std::string& each : {pantry_, shelter_}) {
      qhio_.Host(each, qhio_);
      clinic_.Host(each, qhio_);
    }
  }
  // Until nothing waits between any two.
  void SettleAll() {
    while (Carry(clinic_, bank_) + Carry(bank_, clinic_) + Carry(clinic_, qhio_) +
               Carry(qhio_, clinic_) >
           0) {
    }
  }
  void Later(Millis by) {
    ReferralTown::Later(by);
    qhio_.store.clock().Advance(by);
  }
  // From now on that organisation's person is at the QHIO's node.
  ReferralNode& As(const std::string& organisation, const std::string& name = "pat") {
    qhio_.caller = organisation + "/operator/" + name;
    return qhio_;
  }
  std::string ToPantry() {
    auto request = Request();
    request.set_target_node(pantry_);
    return Create(request);
  }
  std::size_t Listed(ReferralNode& node) {
    const auto list = node.Ask<v1::ListReferralsResponse>("ReferralService/ListReferrals",
                                                          v1::ListReferralsRequest{});
    EXPECT_TRUE(list.ok()) << list.error().message;
    return list.ok() ? static_cast<std::size_t>(list->referrals_size()) : 0;
  }
  std::size_t Changes(ReferralNode& node) {
    const auto list = node.Ask<v1::ListReferralChangesResponse>(
        "ReferralService/ListReferralChanges", v1::ListReferralChangesRequest{});
    EXPECT_TRUE(list.ok()) << list.error().message;
    return list.ok() ? static_cast<std::size_t>(list->referrals_size()) : 0;
  }
  std::string Seen(ReferralNode& node, const std::string& id) {
    v1::GetReferralRequest request;
    request.set_referral_id(id);
    const auto got = node.Ask<v1::GetReferralResponse>("ReferralService/GetReferral", request);
    if (!got.ok()) return got.error().reason;
    return got->order().empty() ? "without the order" : got->order().at("client_name");
  }
  std::string Exported(ReferralNode& node, const std::string& id) {
    v1::ExportReferralRequest request;
    request.set_referral_id(id);
    const auto got =
        node.Ask<v1::ExportReferralResponse>("ReferralService/ExportReferral", request);
    if (!got.ok()) return got.error().reason;
    // Who the person is at the requester, and by which consents, is the requester's.
    EXPECT_EQ(got->person(), "");
    EXPECT_EQ(got->consents_size(), 0);
    return got->order().empty() ? "without the order" : got->order().at("client_name");
  }
  std::vector<std::string> Recipients() {
    v1::ListDisclosuresRequest request;
    request.set_person(kPerson);
    const auto list =
        clinic_.Ask<v1::ListDisclosuresResponse>("ConsentService/ListDisclosures", request);
    std::vector<std::string> all;
    for (const auto& each : list->disclosures()) all.push_back(each.recipient());
    return all;
  }

  ReferralNode qhio_{pki_, "qhio", "bay", 3};
  const std::string pantry_ = pki_.Uri("cbo", "pantry");
  const std::string shelter_ = pki_.Uri("cbo", "shelter");
};

TEST_F(HostedTown, AnOrganisationWithoutANodeClosesALoopOnItsHostsNode) {
  Consent();
  const std::string id = ToPantry();
  ASSERT_EQ(id.size(), 36u) << id;
  SettleAll();
  EXPECT_EQ(clinic_.Get(id).referral().target_node(), qhio_.uri);
  EXPECT_EQ(clinic_.Get(id).referral().owner(), pantry_);
  EXPECT_EQ(Listed(As(pantry_)), 1u);
  EXPECT_EQ(Changes(As(pantry_)), 1u);
  EXPECT_EQ(Seen(As(pantry_), id), "Maria");
  EXPECT_TRUE(qhio_.last_call.audit.disclosure);
  EXPECT_EQ(As(pantry_).Do(id, "accept"), "OK");
  EXPECT_EQ(As(pantry_, "tim").Do(id, "schedule"), "OK");
  EXPECT_EQ(As(pantry_).Do(id, "complete"), "OK");
  SettleAll();
  EXPECT_EQ(clinic_.Do(id, "acknowledge"), "PROPOSED");
  SettleAll();
  EXPECT_TRUE(clinic_.Get(id).referral().loop_closed());
  qhio_.caller.clear();
  EXPECT_EQ(clinic_.Chain(id), qhio_.Chain(id));
  // Its people are the actors; the host's node signs for them.
  const auto history = clinic_.Get(id).history();
  EXPECT_EQ(history[2].actor(), pantry_ + "/operator/pat");
  EXPECT_EQ(history[3].actor(), pantry_ + "/operator/tim");
  EXPECT_EQ(clinic_.Chain(id)[2].home, qhio_.uri);
  EXPECT_EQ(Recipients(), std::vector<std::string>{pantry_});
  // Each act is an entry that names who acted and what it was about.
  std::size_t acts = 0;
  const auto entries =
      qhio_.store.db().Read([](ReadTx& tx) { return AuditStore::List(tx, 0, 1000, false); });
  ASSERT_TRUE(entries.ok());
  for (const StoredAuditEntry& each : *entries) {
    if (!each.entry.actor.starts_with(pantry_) || !each.entry.action.ends_with("ActOnReferral")) {
      continue;
    }
    ++acts;
    EXPECT_EQ(each.entry.touched, 1u);
  }
  EXPECT_EQ(acts, 3u);
}

TEST_F(HostedTown, ALoopGoesOnWhenItsHostRestartsAtAnyStep) {
  Consent();
  const std::string id = ToPantry();
  qhio_.Restart();  // Before it arrives.
  SettleAll();
  for (const char* verb : {"accept", "schedule", "no-show", "reschedule", "complete"}) {
    qhio_.Restart();
    ASSERT_EQ(As(pantry_).Do(id, verb), "OK") << verb;
    qhio_.Restart();  // Before anybody else has heard of it.
    SettleAll();
  }
  EXPECT_EQ(clinic_.Do(id, "acknowledge"), "PROPOSED");
  qhio_.Restart();
  SettleAll();
  EXPECT_TRUE(clinic_.Get(id).referral().loop_closed());
  EXPECT_EQ(clinic_.Get(id).history_size(), 8);
  EXPECT_EQ(Listed(As(pantry_)), 1u);
  EXPECT_EQ(Seen(As(shelter_), id), "NO_SUCH_REFERRAL");
  qhio_.caller.clear();
  EXPECT_EQ(clinic_.Chain(id), qhio_.Chain(id));
}

TEST_F(HostedTown, AnotherOrganisationAtTheSameHostSeesNothingOfIt) {
  Consent();
  const std::string id = ToPantry();
  SettleAll();
  EXPECT_EQ(Listed(As(shelter_)), 0u);
  EXPECT_EQ(Changes(As(shelter_)), 0u);
  EXPECT_EQ(Seen(As(shelter_), id), "NO_SUCH_REFERRAL");
  EXPECT_EQ(As(shelter_).Do(id, "accept"), "NO_SUCH_REFERRAL");
  EXPECT_EQ(As(shelter_).Do(id, "claim"), "NO_SUCH_REFERRAL");
  // What another's referral looks like is what no referral looks like.
  EXPECT_EQ(Seen(As(shelter_), clinic_.RequestId()), "NO_SUCH_REFERRAL");
  v1::ListReferralsRequest list;
  list.set_box("outbox");
  EXPECT_EQ(As(shelter_)
                .Ask<v1::ListReferralsResponse>("ReferralService/ListReferrals", list)
                .error()
                .reason,
            "BAD_BOX");
  qhio_.caller.clear();
  EXPECT_EQ(qhio_.StateOf(id), "requested");
  // What the host itself asked of others is not theirs either.
  EXPECT_EQ(Listed(qhio_), 1u);
}

TEST_F(HostedTown, AnotherSystemsWordIsTakenInByWhoseReferralItIs) {
  Consent();
  const std::string id = ToPantry();
  SettleAll();
  const auto say = [&](const std::string& organisation) {
    v1::TakeInStatusRequest request;
    request.set_referral_id(id);
    request.set_system("findhelp");
    request.set_word("Got help");
    request.set_request_id(qhio_.RequestId());
    const auto taken =
        As(organisation).Ask<v1::TakeInStatusResponse>("ReferralService/TakeInStatus", request);
    return taken.ok() ? taken->referral().state() : taken.error().reason;
  };
  EXPECT_EQ(say(shelter_), "NO_SUCH_REFERRAL");
  EXPECT_EQ(say(pantry_), "completed");
  EXPECT_EQ(As(pantry_).Get(id).history(2).actor(), pantry_ + "/operator/pat");
}

TEST_F(HostedTown, WhoIsNotHostedIsNobodyAndTheHostedMayDoNothingElse) {
  const std::string stranger = pki_.Uri("cbo", "stranger");
  EXPECT_EQ(As(stranger)
                .Ask<v1::ListReferralsResponse>("ReferralService/ListReferrals",
                                                v1::ListReferralsRequest{})
                .error()
                .reason,
            "METHOD_NOT_ALLOWED");
  std::size_t open = 0, shut = 0;
  for (const PolicyRow& row : PolicyTable()) {
    const Identity pat = *ParseIdentity(pantry_ + "/operator/pat");
    const bool may = Allowed(row.path, pat, qhio_.keys.Get()->self, true).ok();
    const bool should =
        row.path.ends_with("/ActOnReferral") || row.path.ends_with("/GetReferral") ||
        row.path.ends_with("/ExportReferral") || row.path.ends_with("/ListReferrals") ||
        row.path.ends_with("/ListReferralChanges") || row.path.ends_with("/WatchReferrals") ||
        row.path.ends_with("/SetCapacity") || row.path.ends_with("/ListCapacity") ||
        row.path.ends_with("/TakeInStatus");
    EXPECT_EQ(may, should) << row.path;
    // Neither on a node that is no QHIO's, nor with a node's certificate.
    EXPECT_FALSE(Allowed(row.path, pat, bank_.keys.Get()->self, true).ok()) << row.path;
    (may ? open : shut) += 1;
  }
  EXPECT_EQ(open, 9u);
  EXPECT_GT(shut, 40u);
}

TEST_F(HostedTown, TheHostWithdrawsAnOrganisationAndItsPeopleAreOut) {
  Consent();
  const std::string id = ToPantry();
  SettleAll();
  v1::UnhostOrganisationRequest request;
  request.set_organisation(pantry_);
  request.set_request_id(qhio_.RequestId());
  ASSERT_TRUE(
      qhio_.Ask<v1::UnhostOrganisationResponse>("ReferralService/UnhostOrganisation", request)
          .ok());
  EXPECT_EQ(Seen(As(pantry_), id), "METHOD_NOT_ALLOWED");
  // The next one is refused by the node that would have hosted it, and comes to its end here.
  const std::string late = ToPantry();
  qhio_.caller.clear();
  SettleAll();
  EXPECT_EQ(qhio_.last_purpose, "referral, refused: NOT_HOSTED");
  EXPECT_EQ(clinic_.StateOf(late), "cancelled");
  EXPECT_EQ(Seen(qhio_, late), "NO_SUCH_REFERRAL");
}

TEST_F(HostedTown, WhatCannotBeHostedIsRefused) {
  const auto host = [&](ReferralNode& node, const std::string& organisation,
                        const std::string& at) {
    v1::HostOrganisationRequest request;
    request.set_organisation(organisation);
    request.set_node(at);
    request.set_request_id(node.RequestId());
    const auto made =
        node.Ask<v1::HostOrganisationResponse>("ReferralService/HostOrganisation", request);
    return made.ok() ? "OK" : made.error().reason;
  };
  EXPECT_EQ(host(clinic_, "pantry", qhio_.uri), "BAD_IDENTITY");
  EXPECT_EQ(host(clinic_, pantry_, ""), "BAD_HOST");           // A practice hosts nobody.
  EXPECT_EQ(host(clinic_, pantry_, bank_.uri), "BAD_HOST");    // Nor does an organisation.
  EXPECT_EQ(host(clinic_, bank_.uri, qhio_.uri), "BAD_HOST");  // It has a node.
  EXPECT_EQ(host(clinic_, pki_.Uri("practice", "other"), qhio_.uri), "BAD_HOST");
  EXPECT_EQ(host(clinic_, pantry_ + "/operator/pat", qhio_.uri), "BAD_HOST");
  EXPECT_EQ(host(clinic_, "spiffe://elsewhere/cbo/pantry", qhio_.uri), "BAD_HOST");
  EXPECT_EQ(host(clinic_, pantry_, pki_.Uri("qhio", "unknown")), "NO_SUCH_PEER");
  Consent();
  auto request = Request();
  request.set_owner(pki_.Uri("cbo", "stranger"));
  request.set_target_node(qhio_.uri);
  EXPECT_EQ(Create(request), "NOT_HOSTED");
  request = Request();
  request.set_target_node(pantry_);
  request.set_open(true);
  EXPECT_EQ(Create(request), "BAD_OWNER");
}

TEST_F(HostedTown, WhoeverClaimsFirstHasItAndOnlyThenSeesTheOrder) {
  auto request = Request();
  request.set_target_node(qhio_.uri);
  request.set_open(true);
  Consent();  // For community organisations: the host is not one of them.
  EXPECT_EQ(Create(request), "NO_CONSENT");
  Consent(true, "food-insecurity", "class:qhio");
  request.set_request_id(clinic_.RequestId());
  const std::string id = Create(request);
  ASSERT_EQ(id.size(), 36u) << id;
  SettleAll();
  for (const std::string& each : {pantry_, shelter_}) {
    EXPECT_EQ(Listed(As(each)), 1u);
    EXPECT_EQ(Seen(As(each), id), "without the order");
    EXPECT_EQ(Exported(As(each), id), "NOT_CLAIMED");
    EXPECT_EQ(As(each).Do(id, "accept"), "WRONG_ACTOR");
    const auto may = As(each).Get(id).may();
    EXPECT_EQ((std::vector<std::string>{may.begin(), may.end()}),
              std::vector<std::string>{"claim"});
  }
  EXPECT_EQ(As(pantry_, "pat").Do(id, "claim"), "OK");
  EXPECT_EQ(As(pantry_, "tim").Do(id, "claim"), "ALREADY_CLAIMED");
  EXPECT_EQ(As(shelter_).Do(id, "claim"), "NO_SUCH_REFERRAL");
  EXPECT_EQ(Seen(As(pantry_), id), "Maria");
  EXPECT_EQ(Exported(As(pantry_), id), "Maria");
  EXPECT_EQ(Exported(As(shelter_), id), "NO_SUCH_REFERRAL");
  EXPECT_EQ(Listed(As(shelter_)), 0u);
  qhio_.caller.clear();
  Later(1h);
  SettleAll();
  // Who claimed it is on the list of who was told.
  EXPECT_EQ(Recipients(), (std::vector<std::string>{pantry_, qhio_.uri}));
}

// Two of an organisation's staff, or of two organisations, at the same moment.
TEST_F(HostedTown, OfTwoWhoClaimAtOnceOneHasIt) {
  Consent();
  Consent(true, "food-insecurity", "class:qhio");
  std::map<std::string, int> winners;
  for (int round = 0; round < 24; ++round) {
    auto request = Request();
    request.set_target_node(qhio_.uri);
    request.set_open(true);
    request.set_request_id(clinic_.RequestId());
    const std::string id = Create(request);
    ASSERT_EQ(id.size(), 36u) << id;
    SettleAll();
    const std::string second = round % 2 == 0 ? pantry_ : shelter_;
    const std::vector<std::string> who = {pantry_ + "/operator/pat", second + "/operator/tim"};
    std::vector<std::string> outcomes(who.size());
    std::vector<std::string> requests;
    for (std::size_t i = 0; i < who.size(); ++i) requests.push_back(qhio_.RequestId());
    std::barrier start(static_cast<std::ptrdiff_t>(who.size()));
    const auto claim = [&](std::size_t i) {
      Call call;
      call.caller = {*ParseIdentity(who[i]), std::string(64, 'a'), "[::1]:9"};
      call.method = "/equinode.v1.ReferralService/ActOnReferral";
      call.now = kReferralDay;
      v1::ActOnReferralRequest act;
      act.set_referral_id(id);
      act.set_verb("claim");
      act.set_request_id(requests[i]);
      const auto method = std::ranges::find(qhio_.methods, call.method, &Method::path);
      start.arrive_and_wait();
      const auto done = method->unary(call, act.SerializeAsString());
      outcomes[i] = done.ok() ? "OK" : done.error().reason;
    };
    std::thread first([&] { claim(0); });
    std::thread other([&] { claim(1); });
    first.join();
    other.join();
    ASSERT_EQ(std::ranges::count(outcomes, "OK"), 1) << outcomes[0] << " " << outcomes[1];
    const std::size_t won = outcomes[0] == "OK" ? 0 : 1;
    // To another organisation it looks as if it had never been.
    EXPECT_EQ(outcomes[1 - won], round % 2 == 0 ? "ALREADY_CLAIMED" : "NO_SUCH_REFERRAL");
    ++winners[who[won]];
    qhio_.caller.clear();
    SettleAll();
    EXPECT_EQ(clinic_.Chain(id), qhio_.Chain(id));
    const auto history = clinic_.Get(id).history();
    ASSERT_EQ(history.size(), 3) << "created, received, claimed once";
    EXPECT_EQ(history[2].actor(), who[won]);
  }
  for (const auto& [name, count] : winners) std::cout << name << " won " << count << "\n";
}

TEST_F(HostedTown, ARevocationReachesTheHostAndTheOrganisationLosesTheOrder) {
  const std::string consent = Consent();
  const std::string id = ToPantry();
  SettleAll();
  ASSERT_EQ(As(pantry_).Do(id, "accept"), "OK");
  const auto revoked = Revoke(consent);
  ASSERT_TRUE(revoked.ok());
  ASSERT_EQ(revoked->told_size(), 1);
  EXPECT_EQ(revoked->told(0), qhio_.uri);
  SettleAll();
  EXPECT_EQ(Seen(As(pantry_), id), "without the order");
  v1::ListDisclosuresRequest list;
  list.set_person(kPerson);
  const auto told =
      clinic_.Ask<v1::ListDisclosuresResponse>("ConsentService/ListDisclosures", list);
  EXPECT_EQ(told->disclosures(0).recipient(), pantry_);
  EXPECT_TRUE(told->disclosures(0).revocation_acknowledged());
}

// ---- Orders for several.

class SplitTown : public HostedTown {
 protected:
  v1::SplitOrderRequest Order(const std::vector<std::string>& targets) {
    v1::SplitOrderRequest request;
    request.set_person(kPerson);
    request.set_domain("food-insecurity");
    (*request.mutable_order())["client_name"] = "Maria";
    (*request.mutable_order())["service_text"] = "food box";
    for (const std::string& each : targets) request.add_parts()->set_target_node(each);
    request.set_request_id(clinic_.RequestId());
    return request;
  }
  v1::SplitOrder Get(const std::string& id) {
    v1::GetSplitOrderRequest request;
    request.set_order_id(id);
    const auto got =
        clinic_.Ask<v1::GetSplitOrderResponse>("ReferralService/GetSplitOrder", request);
    EXPECT_TRUE(got.ok()) << got.error().message;
    return got.ok() ? got->order() : v1::SplitOrder{};
  }
  std::string Part(const v1::SplitOrder& order, const std::string& owner) {
    for (const auto& each : order.parts()) {
      if (each.owner() == owner) return each.id();
    }
    ADD_FAILURE() << "no part of " << owner;
    return "";
  }
};

TEST_F(SplitTown, TheWholeStandsWhereItsPartsStand) {
  Consent();
  auto request = Order({bank_.uri, pantry_});
  (*request.mutable_parts(1)->mutable_order())["service_text"] = "milk for a child";
  const auto made = clinic_.Ask<v1::SplitOrderResponse>("ReferralService/SplitOrder", request);
  ASSERT_TRUE(made.ok()) << made.error().message;
  const std::string id = made->order().id();
  const std::string at_bank = Part(made->order(), bank_.uri);
  const std::string at_pantry = Part(made->order(), pantry_);
  EXPECT_EQ(Get(id).state(), "requested") << "nobody has accepted by being asked";
  EXPECT_EQ(Get(id).open(), 2u);
  SettleAll();
  EXPECT_EQ(bank_.Get(at_bank).order().at("service_text"), "food box");
  EXPECT_EQ(As(pantry_).Get(at_pantry).order().at("service_text"), "milk for a child");
  // Each knows that it is a part of something, and nothing of the others.
  EXPECT_EQ(bank_.Get(at_bank).referral().part_of(), id);
  EXPECT_EQ(Seen(bank_, at_pantry), "NO_SUCH_REFERRAL");
  ASSERT_EQ(bank_.Do(at_bank, "accept"), "OK");
  ASSERT_EQ(bank_.Do(at_bank, "hold", "waiting-list"), "OK");
  SettleAll();
  EXPECT_EQ(Get(id).state(), "in-progress");
  ASSERT_EQ(As(pantry_).Do(at_pantry, "reject", "no-capacity"), "OK");
  SettleAll();
  EXPECT_EQ(Get(id).state(), "on-hold");
  ASSERT_EQ(bank_.Do(at_bank, "complete"), "OK");
  SettleAll();
  v1::SplitOrder order = Get(id);
  EXPECT_EQ(order.state(), "completed");
  EXPECT_EQ(order.grade(), "served-as-reported");
  EXPECT_TRUE(order.partial());
  EXPECT_FALSE(order.loop_closed());
  ASSERT_EQ(clinic_.Do(at_bank, "acknowledge"), "PROPOSED");
  ASSERT_EQ(clinic_.Do(at_pantry, "acknowledge"), "PROPOSED");
  SettleAll();
  EXPECT_TRUE(Get(id).loop_closed());

  // What one of them did not do another is asked for, as one more part: the whole is open again.
  auto again = Request();
  again.set_target_node(shelter_);
  again.set_need(order.need());
  again.set_part_of(id);
  const std::string third = Create(again);
  ASSERT_EQ(third.size(), 36u) << third;
  EXPECT_EQ(Get(id).state(), "in-progress");
  EXPECT_EQ(Get(id).parts_size(), 3);
  // A part is of the same need.
  again.set_need(clinic_.RequestId());
  again.set_request_id(clinic_.RequestId());
  EXPECT_EQ(Create(again), "OTHER_NEED");

  v1::ListSplitOrdersRequest list;
  const auto orders =
      clinic_.Ask<v1::ListSplitOrdersResponse>("ReferralService/ListSplitOrders", list);
  ASSERT_EQ(orders->orders_size(), 1);
  EXPECT_EQ(orders->orders(0).id(), id);
}

TEST_F(SplitTown, APartThatCannotBeReadHidesNoOrder) {
  Consent();
  const auto made = clinic_.Ask<v1::SplitOrderResponse>("ReferralService/SplitOrder",
                                                        Order({bank_.uri, pantry_}));
  ASSERT_TRUE(made.ok()) << made.error().message;
  SettleAll();
  const std::string broken = Part(made->order(), bank_.uri);
  ASSERT_TRUE(clinic_.store.db()
                  .Write("break",
                         [&](Tx& tx) -> Status {
                           EQN_TRY(const StoredReferral stored,
                                   ReferralStore::Get(tx, *Uuid::Parse(broken)));
                           return tx
                               .Prepare("DELETE FROM referral_link WHERE referral=? AND number=1")
                               .BindAll(stored.row)
                               .Run();
                         })
                  .ok());
  v1::ListSplitOrdersRequest list;
  const auto orders =
      clinic_.Ask<v1::ListSplitOrdersResponse>("ReferralService/ListSplitOrders", list);
  ASSERT_TRUE(orders.ok()) << orders.error().message;
  ASSERT_EQ(orders->orders_size(), 1);
  EXPECT_EQ(orders->orders(0).state(), "requested");
  EXPECT_EQ(orders->orders(0).open(), 2u);
  ASSERT_EQ(orders->orders(0).parts_size(), 2);
  EXPECT_EQ(orders->orders(0).parts(1).id(), broken);
  EXPECT_TRUE(orders->orders(0).parts(1).fault().starts_with("BAD_ROW"));
}

TEST_F(SplitTown, AllPartsAreSentOrNone) {
  Consent();
  const auto split = [&](const std::vector<std::string>& targets) {
    const auto made =
        clinic_.Ask<v1::SplitOrderResponse>("ReferralService/SplitOrder", Order(targets));
    return made.ok() ? "OK" : made.error().reason;
  };
  EXPECT_EQ(split({bank_.uri}), "BAD_SPLIT");
  EXPECT_EQ(split({bank_.uri, bank_.uri}), "STILL_OPEN");
  EXPECT_EQ(split({bank_.uri, pki_.Uri("cbo", "nobody")}), "NO_SUCH_PEER");
  EXPECT_EQ(split({bank_.uri, qhio_.uri}), "NO_CONSENT");
  EXPECT_EQ(Listed(clinic_), 0u);
  EXPECT_EQ(Carry(clinic_, bank_), 0u);
  v1::ListSplitOrdersRequest list;
  EXPECT_EQ(clinic_.Ask<v1::ListSplitOrdersResponse>("ReferralService/ListSplitOrders", list)
                ->orders_size(),
            0);
  EXPECT_EQ(split({bank_.uri, pantry_}), "OK");
  v1::GetSplitOrderRequest get;
  get.set_order_id(clinic_.RequestId());
  EXPECT_EQ(
      clinic_.Ask<v1::GetSplitOrderResponse>("ReferralService/GetSplitOrder", get).error().reason,
      "NO_SUCH_ORDER");
}

// ---- Capacity.

class CapacityTown : public HostedTown {
 protected:
  std::string Set(ReferralNode& node, const std::string& status, Millis for_so_long,
                  const std::string& organisation = "") {
    v1::SetCapacityRequest request;
    request.set_organisation(organisation);
    request.set_domain("food-insecurity");
    request.set_status(status);
    wire::SetTimestamp(node.now() + for_so_long, request.mutable_until());
    request.set_request_id(node.RequestId());
    const auto set = node.Ask<v1::SetCapacityResponse>("ReferralService/SetCapacity", request);
    return set.ok() ? std::to_string(set->told()) : set.error().reason;
  }
  std::string AskFor(const std::string& organisation) {
    v1::AskCapacityRequest request;
    request.set_organisation(organisation);
    request.set_domain("food-insecurity");
    request.set_request_id(clinic_.RequestId());
    const auto asked = clinic_.Ask<v1::AskCapacityResponse>("ReferralService/AskCapacity", request);
    return asked.ok() ? asked->capacity().status() : asked.error().reason;
  }
  v1::Capacity Known(const std::string& organisation) {
    v1::ListCapacityRequest request;
    request.set_organisation(organisation);
    const auto list =
        clinic_.Ask<v1::ListCapacityResponse>("ReferralService/ListCapacity", request);
    EXPECT_TRUE(list.ok());
    return list->capacities_size() == 1 ? list->capacities(0) : v1::Capacity{};
  }
};

TEST_F(CapacityTown, IsAskedWithoutAWordAboutAPersonAndIsUnknownWhenStale) {
  ASSERT_EQ(Set(bank_, "waitlist", 10 * 24h), "0");
  EXPECT_EQ(AskFor(bank_.uri), "unknown");
  EXPECT_TRUE(Known(bank_.uri).waiting());
  const auto question = clinic_.Waiting(bank_, kCapacity);
  ASSERT_EQ(question.size(), 1u);
  EXPECT_EQ(question[0].kind, kCapacity);
  EXPECT_EQ(AsText(question[0].payload).find("Patient"), std::string_view::npos);
  // A question that is open is not put twice.
  EXPECT_EQ(AskFor(bank_.uri), "unknown");
  EXPECT_EQ(clinic_.Waiting(bank_, kCapacity).size(), 1u);
  SettleAll();
  v1::Capacity known = Known(bank_.uri);
  EXPECT_EQ(known.status(), "waitlist");
  EXPECT_EQ(known.said_by(), bank_.uri + "/operator/ann");
  EXPECT_FALSE(known.waiting());
  // Who asked hears of a change without asking again.
  Later(1h);
  EXPECT_EQ(Set(bank_, "capacity", 24h), "1");
  SettleAll();
  EXPECT_EQ(Known(bank_.uri).status(), "capacity");
  Later(24h - 1ms);
  EXPECT_EQ(Known(bank_.uri).status(), "capacity");
  Later(1ms);
  EXPECT_EQ(Known(bank_.uri).status(), "unknown");
  EXPECT_EQ(Known(bank_.uri).said(), "capacity") << "what was said last is shown as that";
}

TEST_F(CapacityTown, NobodyIsSentToWhoHasSaidNo) {
  Consent();
  EXPECT_EQ(AskFor(pantry_), "unknown");
  SettleAll();
  EXPECT_FALSE(Known(pantry_).waiting());
  EXPECT_EQ(Known(pantry_).status(), "unknown") << "nobody there has said anything";
  ASSERT_EQ(Set(As(pantry_), "no-capacity", 24h), "1");
  qhio_.caller.clear();
  SettleAll();
  EXPECT_EQ(Known(pantry_).said_by(), pantry_ + "/operator/pat");
  EXPECT_EQ(ToPantry(), "NO_CAPACITY");
  auto request = Request();
  request.set_target_node(pantry_);
  request.set_despite_capacity(true);
  EXPECT_EQ(Create(request).size(), 36u);
  Later(25h);
  EXPECT_EQ(ToPantry().size(), 36u) << "what is stale is unknown";
}

TEST_F(CapacityTown, NobodySpeaksForAnother) {
  EXPECT_EQ(Set(clinic_, "capacity", 24h, bank_.uri), "NOT_YOUR_CAPACITY");
  EXPECT_EQ(Set(As(pantry_), "capacity", 24h, shelter_), "NOT_YOUR_CAPACITY");
  EXPECT_EQ(Set(As(pantry_), "capacity", 24h, qhio_.uri), "NOT_YOUR_CAPACITY");
  qhio_.caller.clear();
  EXPECT_EQ(Set(qhio_, "capacity", 24h, pantry_), "0")
      << "the host's own people may, and are named";
  EXPECT_EQ(Set(bank_, "plenty", 24h), "BAD_CAPACITY");
  EXPECT_EQ(Set(bank_, "capacity", 32 * 24h), "BAD_CAPACITY");
  EXPECT_EQ(Set(bank_, "capacity", -1h), "BAD_CAPACITY");
  EXPECT_EQ(AskFor(pki_.Uri("cbo", "nobody")), "NO_SUCH_PEER");
  // The bank says something of the pantry: the clinic knows who hosts it.
  CapacityNews lie{pantry_, "food-insecurity", false, {}};
  lie.said = referral::Capacity{pantry_,   "food-insecurity", referral::CapacityStatus::kCapacity,
                                bank_.uri, bank_.now(),       bank_.now() + 24h};
  EXPECT_EQ(clinic_.Take(bank_.uri, kCapacity, BytesFromCapacityNews(lie)), "OK");
  EXPECT_EQ(clinic_.last_purpose, "capacity, refused: of another node");
  EXPECT_EQ(Known(pantry_).organisation(), "");
  lie.organisation = lie.said->organisation = bank_.uri;
  lie.said->said_at = bank_.now() + 10 * 24h;
  lie.said->until = bank_.now() + 20 * 24h;
  EXPECT_EQ(clinic_.Take(bank_.uri, kCapacity, BytesFromCapacityNews(lie)), "OK");
  EXPECT_EQ(clinic_.last_purpose, "capacity, refused: said in the future");
  EXPECT_EQ(clinic_.Take(bank_.uri, kCapacity, AsBytes("nonsense")), "BAD_CAPACITY");
}

}  // namespace
}  // namespace equinode::testing
