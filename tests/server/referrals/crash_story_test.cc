// Crashes at every point of a step, at both ends: before the act is durable, after it and before
// its envelope leaves, before what arrived is durable, after it and before the sender hears of it.
#include <gtest/gtest.h>

#include "tests/server/referrals/referral_town.h"

namespace equinode::testing {
namespace {

struct Deed {
  bool by_clinic = false;
  const char* verb = "";
  const char* reason = "";
  const char* note = "as agreed";
};
struct Course {
  const char* name = "";
  std::vector<Deed> deeds{};
  const char* end = "";
  std::size_t links = 0;
};

class Crash : public ReferralTown {
 protected:
  // The process dies while this is being done, before it is durable: nothing of it is left.
  template <typename Body>
  static void DieWithin(ReferralNode& node, const Body& body) {
    const Status died = node.store.db().Write("dies", [&](Tx& tx) -> Status {
      EQN_CHECK(body(tx));
      return Error{Code::kUnavailable, "DIED", "the process ends here"};
    });
    EXPECT_EQ(died.error().reason, "DIED");
    node.Restart();
  }

  void Act(const std::string& id, const Deed& deed) {
    ReferralNode& node = deed.by_clinic ? clinic_ : bank_;
    const auto before = node.Chain(id);
    ReferralDeed attempt;
    attempt.verb = *referral::EventKindNamed(deed.verb);
    attempt.reason = deed.reason;
    attempt.note = deed.note;
    if (attempt.verb == referral::EventKind::kComplete) attempt.reported_by = "Tim";
    attempt.when = node.now() + std::chrono::days(2);
    const std::size_t waiting = Waiting(node);
    DieWithin(node, [&](Tx& tx) -> Status {
      EQN_CHECK(node.desk->Act(tx, node.uri + "/operator/ann", *Uuid::Parse(id), attempt));
      return Ok();
    });
    EXPECT_EQ(node.Chain(id), before);
    EXPECT_EQ(Waiting(node), waiting);
    ASSERT_EQ(node.Do(id, deed.verb, deed.reason, deed.note), deed.by_clinic ? "PROPOSED" : "OK")
        << deed.verb;
    node.Restart();  // Durable, and nothing has left.
    EXPECT_EQ(Waiting(node), waiting + 1);
  }

  std::size_t Waiting(ReferralNode& node) {
    ReferralNode& other = &node == &clinic_ ? bank_ : clinic_;
    return node.Waiting(other, kReferral).size() + node.Waiting(other, kRevocation).size();
  }

  std::size_t CarryThroughCrashes(ReferralNode& from, ReferralNode& to) {
    std::size_t carried = 0;
    for (const auto kind : {kRevocation, kReferral}) {
      for (const QueuedPayload& waiting : from.Waiting(to, kind)) {
        // It arrives, and the process there dies before it is durable.
        const std::string dump = to.Dump();
        const PayloadApplier applier =
            kind == kReferral ? to.desk->NewsApplier() : to.desk->RevocationApplier();
        const auto apply =
            applier({from.uri, Uuid{}, exchange::LaneOf(kind), waiting.kind, waiting.payload});
        if (!apply.ok()) {
          ADD_FAILURE() << apply.error().reason;
          return carried;
        }
        AuditNote note;
        DieWithin(to, [&](Tx& tx) { return (*apply)(tx, note); });
        EXPECT_EQ(to.Dump(), dump) << "nothing of what was not durable is left";
        // It comes again and is durable; both die before the sender hears of it: it comes once
        // more.
        for (int time = 0; time < 2; ++time) {
          EXPECT_EQ(to.Take(from.uri, waiting.kind, waiting.payload), "OK");
          to.Restart();
          from.Restart();
        }
        EXPECT_TRUE(from.store.db()
                        .Write("take", [&](Tx& tx) { return OutboxStore::Take(tx, waiting.row); })
                        .ok());
        ++carried;
      }
    }
    return carried;
  }
  void SettleThroughCrashes() {
    while (CarryThroughCrashes(clinic_, bank_) + CarryThroughCrashes(bank_, clinic_) > 0) {
    }
  }
};

TEST_F(Crash, AtEveryPointOfEveryStepLosesNothingAndDoesNothingTwice) {
  const Course courses[] = {
      {"served",
       {{false, "accept"},
        {false, "start"},
        {false, "schedule"},
        {false, "no-show"},
        {false, "reschedule"},
        {false, "complete"},
        {true, "acknowledge"}},
       "completed",
       9},
      {"rejected", {{false, "reject", "no-capacity"}, {true, "acknowledge"}}, "rejected", 4},
      {"held",
       {{false, "accept"},
        {false, "hold", "waiting-list"},
        {false, "interim-note"},
        {false, "resume"},
        {false, "fail", "unreachable"}},
       "failed",
       7},
      {"cancelled",
       {{false, "accept"}, {true, "cancel", "requester-withdrew"}, {false, "confirm-cancel"}},
       "cancelled",
       5},
      {"in error", {{true, "mark-error", "wrong-person"}}, "entered-in-error", 3},
  };
  for (const Course& course : courses) {
    SCOPED_TRACE(course.name);
    Consent();
    const std::string id = Create();
    ASSERT_EQ(id.size(), 36u) << id;
    clinic_.Restart();
    SettleThroughCrashes();
    for (const Deed& deed : course.deeds) {
      Act(id, deed);
      SettleThroughCrashes();
      ExpectSame(id);
    }
    EXPECT_EQ(clinic_.StateOf(id), course.end);
    EXPECT_EQ(clinic_.Chain(id).size(), course.links);
    EXPECT_EQ(clinic_.Get(id).referral().proposed(), "");
  }
}

TEST_F(Crash, ARevocationIsHeardOnceAndAsksForTheEndOnce) {
  const std::string consent = Consent();
  const std::string id = Create();
  SettleThroughCrashes();
  Act(id, {false, "accept"});
  SettleThroughCrashes();
  DieWithin(clinic_, [&](Tx& tx) -> Status {
    EQN_CHECK(clinic_.desk->Revoke(tx, *Uuid::Parse(consent), Digest{}));
    return Ok();
  });
  EXPECT_EQ(Waiting(clinic_), 0u);
  ASSERT_TRUE(Revoke(consent).ok());
  clinic_.Restart();
  SettleThroughCrashes();
  ExpectSame(id);
  EXPECT_EQ(bank_.Get(id).order_size(), 0) << "what was told is gone";
  EXPECT_TRUE(bank_.Get(id).referral().cancel_asked());
  // From here on in its state alone: without a note.
  Act(id, {false, "confirm-cancel", "", ""});
  SettleThroughCrashes();
  ExpectSame(id);
  EXPECT_EQ(clinic_.Chain(id).size(), 5u);
  EXPECT_EQ(clinic_.Get(id).referral().reason(), "consent-revoked");
}

}  // namespace
}  // namespace equinode::testing
