// Clocks, capacity, orders, evidence.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "domain/referral/capacity.h"
#include "domain/referral/clocks.h"
#include "domain/referral/evidence.h"
#include "domain/referral/order.h"
#include "tests/domain/referral/referrals.h"

namespace equinode::referral {
namespace {

using testing::Accepted;
using testing::Day;
using testing::Story;

TEST(Clocks, DayThirtyIsInAndDayThirtyOneIsOut) {
  EXPECT_TRUE(WithinIntervention(Day(0, 23), Day(30, 23)));
  EXPECT_TRUE(WithinIntervention(Day(0, 1), Day(30, 23)));
  EXPECT_FALSE(WithinIntervention(Day(0, 23), Day(31, 0)));
  EXPECT_TRUE(WithinIntervention(Day(0, 12), Day(0, 1))) << "the same day counts";
  EXPECT_FALSE(WithinIntervention(Day(1), Day(0)));

  Story story;
  ASSERT_TRUE(story.Add(EventKind::kCreate, Role::kRequester, Day(0)).ok());
  ASSERT_TRUE(story.Add(EventKind::kReceive, Role::kTargetNode, Day(0)).ok());
  Event expire = testing::Whole(EventKind::kExpire, Role::kTargetNode, Day(30, 23));
  EXPECT_EQ(story.Add(expire, Day(30, 23)).error().reason, "NOT_EXPIRED");
  Story in_time = story;
  EXPECT_TRUE(in_time.Add(EventKind::kAccept, Role::kTarget, Day(30, 23)).ok());
  EXPECT_TRUE(story.Add(expire, Day(31, 0)).ok());
  EXPECT_EQ(GradeOf(story.chain.view), Grade::kLost);
}

TEST(Clocks, EveryClockHasARowForEveryPriority) {
  for (const Priority priority :
       {Priority::kRoutine, Priority::kUrgent, Priority::kAsap, Priority::kStat}) {
    for (int clock = 1; clock <= 12; ++clock) {
      const auto kind = static_cast<ClockKind>(clock);
      EXPECT_NE(Name(kind), "?");
      if (kind != ClockKind::kReview) {
        EXPECT_GT(DueAt(kind, priority, Day(0)), Day(0)) << Name(kind);
      }
    }
  }
  EXPECT_LT(DueAt(ClockKind::kRespond, Priority::kStat, Day(0)),
            DueAt(ClockKind::kRespond, Priority::kAsap, Day(0)));
}

TEST(Clocks, SomebodyActsNextUntilTheLoopIsClosed) {
  Story story;
  const auto next = [&](Instant now) { return NextActionOf(story.chain.view, now); };
  ASSERT_TRUE(story.Add(EventKind::kCreate, Role::kRequester, Day(0)).ok());
  EXPECT_EQ(next(Day(1))->clock, ClockKind::kRespond);
  EXPECT_EQ(next(Day(1))->who, Role::kTarget);
  EXPECT_FALSE(next(Day(7))->overdue);
  EXPECT_TRUE(next(Day(8, 0))->overdue);
  EXPECT_EQ(next(Day(40))->who, Role::kRequester);
  ASSERT_TRUE(story.Add(EventKind::kReceive, Role::kTargetNode, Day(1)).ok());
  ASSERT_TRUE(story.Add(EventKind::kAccept, Role::kTarget, Day(2)).ok());
  EXPECT_EQ(next(Day(3))->clock, ClockKind::kContact);
  ASSERT_TRUE(story.Add(EventKind::kSchedule, Role::kTarget, Day(3)).ok());
  EXPECT_EQ(next(Day(4))->clock, ClockKind::kAppointment);
  ASSERT_TRUE(story.Add(EventKind::kNoShow, Role::kTarget, Day(7)).ok());
  EXPECT_EQ(next(Day(8))->clock, ClockKind::kUpdate);
  ASSERT_TRUE(story.Add(EventKind::kHold, Role::kTarget, Day(8)).ok());
  EXPECT_EQ(next(Day(8))->clock, ClockKind::kReview);
  ASSERT_TRUE(story.Add(EventKind::kCancel, Role::kRequester, Day(9)).ok());
  EXPECT_EQ(next(Day(9))->clock, ClockKind::kCancel);
  EXPECT_EQ(next(Day(120))->clock, ClockKind::kSilence);
  EXPECT_EQ(next(Day(120))->who, Role::kRequester);
  Event confirm = testing::Whole(EventKind::kConfirmCancel, Role::kTarget, Day(10), 30);
  ASSERT_TRUE(story.Add(confirm, Day(10)).ok());
  EXPECT_EQ(next(Day(10))->clock, ClockKind::kAcknowledge);
  ASSERT_TRUE(story.Add(EventKind::kAcknowledge, Role::kRequester, Day(11)).ok());
  EXPECT_FALSE(next(Day(12)).has_value());
  EXPECT_TRUE(IsLoopClosed(story.chain.view));
}

TEST(Capacity, WhatIsOldIsNotKnown) {
  Capacity capacity{"spiffe://net/cbo/a",
                    "food-insecurity",
                    CapacityStatus::kCapacity,
                    "spiffe://net/cbo/a/operator/b",
                    Day(1),
                    Day(3)};
  EXPECT_TRUE(CheckCapacity(capacity).ok());
  EXPECT_EQ(StatusAt(capacity, Day(0)), CapacityStatus::kUnknown);
  EXPECT_EQ(StatusAt(capacity, Day(1)), CapacityStatus::kCapacity);
  EXPECT_EQ(StatusAt(capacity, Day(3)), CapacityStatus::kUnknown);
  Capacity full = capacity;
  full.status = CapacityStatus::kNoCapacity;
  EXPECT_EQ(Newer(capacity, full).status, CapacityStatus::kNoCapacity);
  EXPECT_EQ(Newer(full, capacity).status, CapacityStatus::kNoCapacity);
  capacity.said_at = Day(2);
  EXPECT_EQ(Newer(full, capacity).status, CapacityStatus::kCapacity);
  capacity.until = Day(40);
  EXPECT_EQ(CheckCapacity(capacity).error().reason, "BAD_CAPACITY");
}

Order EverythingKnown() {
  Order order;
  for (const std::string_view field : OrderFields()) {
    order[std::string(field)] = "canary-" + std::string(field);
  }
  // Two say how the rest is to be treated, in words of their own.
  order["label"] = "PART2";
  order["tell_back"] = "status-only";
  return order;
}

TEST(Order, WhatIsNotOnTheDomainsListCannotLeave) {
  const std::set<std::string> domains = {"food-insecurity",
                                         "homelessness",
                                         "elder-abuse",
                                         "intimate-partner-violence",
                                         "transportation-insecurity",
                                         "a-domain-that-no-row-names"};
  for (const std::string& domain : domains) {
    const Result<TargetOrder> target = ForTarget(EverythingKnown(), domain);
    ASSERT_TRUE(target.ok()) << target.error().message;
    const Bytes bytes = target->Serialise();
    const std::string_view wire = AsText(bytes);
    std::size_t kept = 0;
    for (const std::string_view field : OrderFields()) {
      const std::string canary = "canary-" + std::string(field);
      // A canary may be the beginning of another (service, service_text): look for its field.
      EXPECT_EQ(target->fields().contains(field), MayHave(domain, field)) << domain << field;
      if (!MayHave(domain, field)) {
        EXPECT_EQ(wire.find(canary), std::string_view::npos) << domain << " " << field;
      }
      kept += MayHave(domain, field);
    }
    EXPECT_EQ(target->fields().size(), kept);
    const Result<TargetOrder> back = TargetOrderFrom(bytes);
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_EQ(back->fields(), target->fields());
  }
  EXPECT_FALSE(MayHave("intimate-partner-violence", "address"));
  EXPECT_FALSE(MayHave("intimate-partner-violence", "email"));
  EXPECT_FALSE(MayHave("food-insecurity", "diagnosis"));
}

TEST(Order, ASensitiveNeedSaysHowContactIsSafe) {
  Order order{{"service_text", "shelter"}, {"client_name", "A"}};
  EXPECT_EQ(ForTarget(order, "intimate-partner-violence").error().reason, "SAFE_CONTACT_NEEDED");
  order["safe_contact"] = "only by phone, mornings";
  EXPECT_TRUE(ForTarget(order, "intimate-partner-violence").ok());
  order["blood_type"] = "0";
  EXPECT_EQ(ForTarget(order, "food-insecurity").error().reason, "NO_SUCH_FIELD");
  EXPECT_EQ(ForTarget({{"client_name", "A"}}, "food-insecurity").error().reason, "SERVICE_NEEDED");
}

TEST(Order, BytesThatNobodyMayHaveSentAreNotTaken) {
  Order order{{"service_text", "food"}, {"diet", "halal"}};
  Bytes bytes = ForTarget(order, "food-insecurity")->Serialise();
  // The same bytes under a domain that may not have the diet.
  std::string text(AsText(bytes));
  const std::size_t at = text.find("food-insecurity");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 15, "veteran-status!");
  EXPECT_EQ(TargetOrderFrom(AsBytes(text)).error().reason, "BAD_ORDER");
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_FALSE(TargetOrderFrom(ByteView(bytes).first(cut)).ok());
  }
}

TEST(Evidence, IsOfAKnownSystemOfItsTimeOrOfADocument) {
  const auto check = [](Evidence::Kind kind, std::string system, std::string code, Instant at,
                        std::uint8_t document = 0) {
    Evidence evidence{kind, std::move(system), std::move(code), at, {}};
    evidence.document.fill(document);
    const Status done = CheckEvidence(evidence, Day(10), Day(20));
    return done.ok() ? std::string("OK") : done.error().message;
  };
  using enum Evidence::Kind;
  const char* snomed = "http://snomed.info/sct";
  EXPECT_EQ(check(kProcedure, snomed, "467771000124109", Day(15)), "OK");
  EXPECT_EQ(check(kProcedure, snomed, "467771000124109", Day(9, 0)), "OK") << "their same day";
  EXPECT_NE(check(kProcedure, snomed, "467771000124109", Day(9, 0) - Millis(1)), "OK");
  EXPECT_EQ(check(kProcedure, snomed, "467771000124109", Day(21)), "OK");
  EXPECT_NE(check(kProcedure, snomed, "467771000124109", Day(21) + Millis(1)), "OK");
  for (const char* wrong : {"", "12345", "bar", "0123456", "1234567890123456789", "46777 1000"}) {
    EXPECT_EQ(check(kProcedure, snomed, wrong, Day(15)), "that is no code of SNOMED CT") << wrong;
  }
  EXPECT_NE(check(kProcedure, "foo", "bar", Day(15)).find("--reported-by"), std::string::npos);
  EXPECT_EQ(check(kProcedure, "http://www.ama-assn.org/go/cpt", "96156", Day(15)), "OK");
  EXPECT_EQ(check(kProcedure, "http://www.ama-assn.org/go/cpt", "0591T", Day(15)), "OK");
  EXPECT_EQ(check(kProcedure, "urn:oid:2.16.840.1.113883.6.285", "G0019", Day(15)), "OK");
  EXPECT_NE(check(kProcedure, "urn:oid:2.16.840.1.113883.6.285", "g0019", Day(15)), "OK");
  EXPECT_EQ(check(kProcedure, "http://loinc.org", "96777-8", Day(15)), "OK");
  EXPECT_NE(check(kProcedure, "http://loinc.org", "967778", Day(15)), "OK");
  EXPECT_EQ(check(kServiceRecord, "https://foodbank.example/visits", "17", Day(15), 1), "OK");
  EXPECT_NE(check(kServiceRecord, "https://foodbank.example/visits", "17", Day(15), 0), "OK");
  EXPECT_NE(check(kServiceRecord, "foodbank visits", "17", Day(15), 1), "OK");
  EXPECT_NE(check(kServiceRecord, "https://foodbank.example/visits", "17", Day(0), 1), "OK");
}

// A node of another make may link what is no evidence: at both ends it is somebody's word.
TEST(Evidence, WhatIsNoneIsGradedAsReported) {
  View view = Accepted(Role::kTarget);
  view.owner = view.opening.owner;
  Event complete = testing::Whole(EventKind::kComplete, Role::kTarget, Day(5));
  complete.referral = view.id;
  complete.evidence = {{Evidence::Kind::kProcedure, "foo", "bar", Day(-49000), {}}};
  EXPECT_EQ(GradeOf(*Apply(view, complete, Day(5))), Grade::kServedAsReported);
  EXPECT_EQ(CheckSaid(view, complete).error().reason, "BAD_EVIDENCE");
  complete.evidence.push_back(
      {Evidence::Kind::kProcedure, "http://snomed.info/sct", "467771000124109", Day(5), {}});
  EXPECT_EQ(GradeOf(*Apply(view, complete, Day(5))), Grade::kServedWithEvidence);
  Event hold = testing::Whole(EventKind::kHold, Role::kTarget, Day(5));
  hold.when = Day(4);
  EXPECT_TRUE(CheckSaid(view, hold).ok());
  hold.when = Day(4) - Millis(1);
  EXPECT_EQ(CheckSaid(view, hold).error().reason, "BAD_TIME");
}

}  // namespace
}  // namespace equinode::referral
