#include "domain/referral/words_told.h"

#include <gtest/gtest.h>

#include "domain/referral/order.h"
#include "domain/zcodes/domains.h"

namespace equinode::referral {
namespace {

using Labels = std::vector<std::string>;

Event Said(EventKind kind, Role role) {
  Event event;
  event.kind = kind;
  event.role = role;
  event.actor = "spiffe://net/cbo/a/operator/pat";
  return event;
}

TEST(WordsTold, Table) {
  const struct {
    const char* what;
    EventKind kind;
    Role role;
    bool note, evidence, reported;
    const char* domain;
    bool status_only;
    const char* reason;
  } cases[] = {
      {"no words", EventKind::kCancel, Role::kRequester, false, false, false, "elder-abuse", true,
       ""},
      {"a note", EventKind::kCancel, Role::kRequester, true, false, false, "food-insecurity", false,
       ""},
      {"a note where contact may endanger", EventKind::kCancel, Role::kRequester, true, false,
       false, "intimate-partner-violence", false, "SENSITIVE_NOTE"},
      {"the target's note there", EventKind::kInterimNote, Role::kTarget, true, false, false,
       "intimate-partner-violence", false, ""},
      {"a note when the consent has ended", EventKind::kCancel, Role::kRequester, true, false,
       false, "food-insecurity", true, "STATUS_ONLY"},
      {"the target's note then", EventKind::kInterimNote, Role::kTarget, true, false, false,
       "food-insecurity", true, "STATUS_ONLY"},
      {"what was done", EventKind::kComplete, Role::kTarget, false, true, false, "food-insecurity",
       false, ""},
      {"what was done, then", EventKind::kComplete, Role::kTarget, false, true, false,
       "food-insecurity", true, "STATUS_ONLY"},
      {"on whose word, then", EventKind::kComplete, Role::kTarget, false, false, true,
       "food-insecurity", true, ""},
      {"evidence beside another verb", EventKind::kCancel, Role::kRequester, false, true, false,
       "food-insecurity", false, "BAD_EVENT"},
      {"a name beside another verb", EventKind::kCancel, Role::kRequester, false, false, true,
       "food-insecurity", false, "BAD_EVENT"},
  };
  for (const auto& each : cases) {
    Event event = Said(each.kind, each.role);
    if (each.note) event.note = "husband home at 5 Elm St";
    if (each.evidence) event.evidence.push_back({});
    if (each.reported) event.reported_by = "Tim";
    const Status checked = CheckWords(event, each.domain, each.status_only);
    EXPECT_EQ(checked.ok() ? "" : checked.error().reason, each.reason) << each.what;
  }
}

TEST(WordsTold, WhereTheStateAloneMayBeToldAnEndStandsOnTheWordOfItsActor) {
  Event event = Said(EventKind::kComplete, Role::kTarget);
  event.reported_by = "Tim, her neighbour";
  EXPECT_EQ(WithStatusOnly(event).reported_by, event.actor);
  const Event started = Said(EventKind::kStart, Role::kTarget);
  EXPECT_EQ(WithStatusOnly(started), started);
}

TEST(OrderLabels, ComeFromTheDomainTheFieldsAndTheRequester) {
  Order order{{"service_text", "food"}, {"safe_contact", "by day"}};
  EXPECT_EQ(ForTarget(order, "food-insecurity")->labels(), Labels{});
  EXPECT_EQ(ForTarget(order, "substance-use")->labels(), Labels{"PART2"});
  order["pronouns"] = "they/them";
  EXPECT_EQ(ForTarget(order, "food-insecurity")->labels(), Labels{"SOGI"});
  EXPECT_EQ(ForTarget(order, "substance-use")->labels(), (Labels{"PART2", "SOGI"}));
  order["label"] = "TRIBAL  PART2";
  EXPECT_EQ(ForTarget(order, "food-insecurity")->labels(), (Labels{"PART2", "SOGI", "TRIBAL"}));
  // They go with the order: its recipient reads the same.
  const Bytes bytes = ForTarget(order, "food-insecurity")->Serialise();
  EXPECT_EQ(TargetOrderFrom(bytes)->labels(), (Labels{"PART2", "SOGI", "TRIBAL"}));
  order["label"] = "SECRET";
  EXPECT_EQ(ForTarget(order, "food-insecurity").error().reason, "BAD_LABEL");
  order["label"] = "";
  order["tell_back"] = "everything";
  EXPECT_EQ(ForTarget(order, "food-insecurity").error().reason, "BAD_LABEL");
  order["tell_back"] = "";
  const TargetOrder open = *ForTarget(order, "food-insecurity");
  EXPECT_FALSE(open.status_only());
  EXPECT_TRUE(TargetOrderFrom(open.StatusOnly().Serialise())->status_only());
  EXPECT_NE(open.StatusOnly().digest(), open.digest());
}

TEST(OrderLabels, WhatMayNotLeaveIsNamed) {
  const Order order{
      {"service_text", "food"}, {"mobility", "lift"}, {"trip", ""}, {"address", "5 Elm St"}};
  EXPECT_EQ(HeldBack(order, "food-insecurity"), Labels{"mobility"});
  EXPECT_EQ(HeldBack(order, "intimate-partner-violence"), (Labels{"address", "mobility"}));
  const auto said = [](std::string field) {
    return ForTarget({{std::move(field), "x"}}, "food-insecurity").error().message;
  };
  EXPECT_NE(said("diagnosis").find("diagnosis"), std::string::npos);
  EXPECT_NE(said("diagnosis").find("equinode referral fields"), std::string::npos);
  EXPECT_EQ(said("Maria Lopez").find("Maria"), std::string::npos) << "a name is not repeated";
}

// One table says which domains are sensitive: none of them is sent without how contact is safe, and
// none with a mailbox.
TEST(OrderLabels, EverySensitiveDomainIsTreatedSo) {
  std::size_t sensitive = 0;
  for (const NeedDomain& each : NeedDomains()) {
    EXPECT_EQ(IsSensitive(each.code), each.sensitive) << each.code;
    EXPECT_EQ(MayHave(each.code, "email"), !each.sensitive) << each.code;
    const auto without = ForTarget({{"service_text", "help"}}, each.code);
    EXPECT_EQ(without.ok(), !each.sensitive) << each.code;
    sensitive += each.sensitive;
  }
  EXPECT_GT(sensitive, 4u);
}

}  // namespace
}  // namespace equinode::referral
