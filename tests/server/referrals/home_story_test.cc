// What the home of a referral lets happen, whatever a client or the other node sends: in every
// state every verb by either end's people, and every event in every part proposed by the other
// node.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "base/crypto/cms.h"
#include "domain/referral/moves.h"
#include "tests/server/referrals/referral_town.h"

namespace equinode::testing {
namespace {

using referral::Event;
using referral::EventKind;
using ReferralRole = referral::Role;
using referral::State;
using referral::SubState;

// How a referral gets into each state in which it can be at the target's home. A draft cannot be
// there: it has left nobody's node, and no door makes one (BAD_VERB below).
struct Step {
  const char* verb;
  const char* reason;
  bool by_clinic = false;
};
struct Way {
  State state = State::kRequested;
  SubState sub = SubState::kReceived;
  std::vector<Step> steps{};
  bool cancel_asked = false;
};
const std::vector<Way>& Ways() {
  static const std::vector<Way> ways = [] {
    const Step accept{"accept", ""}, start{"start", ""}, note{"interim-note", ""};
    const Step schedule{"schedule", ""}, hold{"hold", "waiting-list"};
    const Step ask{"cancel", "requester-withdrew", true};
    using enum State;
    std::vector<Way> all = {
        {kRequested, SubState::kReceived, {}},
        {kAccepted, SubState::kNone, {accept}},
        {kAccepted, SubState::kNoted, {accept, note}},
        {kInProgress, SubState::kNone, {accept, start}},
        {kInProgress, SubState::kNoted, {accept, start, note}},
        {kInProgress, SubState::kScheduled, {accept, schedule}},
        {kInProgress, SubState::kUnattended, {accept, schedule, {"no-show", ""}}},
        {kInProgress,
         SubState::kAppointmentCancelled,
         {accept, schedule, {"cancel-appointment", ""}}},
        {kOnHold, SubState::kNone, {accept, hold}},
        {kOnHold, SubState::kNoted, {accept, hold, note}},
        {kAccepted, SubState::kNone, {accept, ask}, true},
        {kRejected, SubState::kNone, {{"reject", "no-capacity"}}},
        {kCompleted, SubState::kNone, {accept, {"complete", ""}}},
        {kFailed, SubState::kNone, {accept, {"fail", "unreachable"}}},
        {kCancelled, SubState::kNone, {{"cancel", "not-eligible"}}},
        {kEnteredInError, SubState::kNone, {{"mark-error", "wrong-person", true}}},
    };
    if (std::getenv("EQUINODE_LONG") != nullptr) {
      all.push_back({kInProgress, SubState::kScheduled, {accept, schedule, ask}, true});
      all.push_back({kOnHold, SubState::kNone, {accept, hold, ask}, true});
    }
    return all;
  }();
  return ways;
}

// A reason that this verb may give.
std::string ReasonFor(EventKind kind) {
  for (const referral::Reason& reason : referral::Reasons()) {
    if (std::ranges::find(reason.events, kind) != reason.events.end()) {
      return std::string(reason.code);
    }
  }
  return "";
}

// The rows of the table from there for that event by that role.
const referral::Move* RowFor(const Way& way, EventKind kind, ReferralRole role) {
  const referral::Move* found = nullptr;
  for (const referral::Move& move : referral::Moves()) {
    if (move.from != way.state || (move.from_sub && *move.from_sub != way.sub)) continue;
    if (move.event != kind) continue;
    if (std::ranges::find(move.actors, role) != move.actors.end()) found = &move;
  }
  return found;
}

// What the home says to that event by that role: OK, or the one reason of the refusal.
std::string Verdict(const Way& way, EventKind kind, ReferralRole role) {
  if (RowFor(way, kind, role) == nullptr) {
    for (const ReferralRole other : referral::kRoles) {
      if (RowFor(way, kind, other) != nullptr) return "NOT_YOUR_MOVE";
    }
    return "NO_SUCH_MOVE";
  }
  if (kind == EventKind::kClaim) return "ALREADY_CLAIMED";  // It was asked of the bank itself.
  if (kind == EventKind::kConfirmCancel && !way.cancel_asked) return "NO_CANCEL_ASKED";
  const bool asks = kind == EventKind::kCancel && role != ReferralRole::kTarget;
  if (asks && way.cancel_asked) return "CANCEL_ASKED_BEFORE";
  if (kind == EventKind::kExpire) return "NOT_EXPIRED";
  return "OK";
}

class Home : public ReferralTown {
 protected:
  std::string At(const Way& way) {
    const std::string id = Create();
    Settle();
    for (const Step& step : way.steps) {
      ReferralNode& node = step.by_clinic ? clinic_ : bank_;
      EXPECT_EQ(node.Do(id, step.verb, step.reason, "as agreed"),
                step.by_clinic ? "PROPOSED" : "OK")
          << step.verb;
      Settle();
    }
    EXPECT_EQ(bank_.StateOf(id), referral::Name(way.state));
    EXPECT_EQ(bank_.Get(id).referral().sub_state(), referral::Name(way.sub));
    return id;
  }
};

TEST_F(Home, TakesEveryVerbOfTheTableAndNoOtherFromEitherEndsPeople) {
  Consent();
  std::size_t taken = 0, refused = 0;
  for (const Way& way : Ways()) {
    std::string id = At(way);
    for (const EventKind kind : referral::kEventKinds) {
      const std::string verb(referral::Name(kind));
      for (const bool by_bank : {true, false}) {
        SCOPED_TRACE(std::string(referral::Name(way.state)) + "/" +
                     std::string(referral::Name(way.sub)) + " " + verb +
                     (by_bank ? " by the target" : " by the requester"));
        const std::size_t before = bank_.Chain(id).size();
        ReferralNode& node = by_bank ? bank_ : clinic_;
        const std::string outcome = node.Do(id, verb, ReasonFor(kind), "as agreed");
        const ReferralRole role = by_bank ? ReferralRole::kTarget : ReferralRole::kRequester;
        const bool by_people = kind != EventKind::kCreate && kind != EventKind::kCreateDraft &&
                               kind != EventKind::kReceive && kind != EventKind::kExpire;
        const std::string verdict = by_people ? Verdict(way, kind, role) : "BAD_VERB";
        EXPECT_EQ(outcome, verdict == "OK" && !by_bank ? "PROPOSED" : verdict);
        if (verdict == "OK") {
          const referral::Move* row = RowFor(way, kind, role);
          Settle();
          EXPECT_EQ(bank_.StateOf(id), referral::Name(row->to));
          EXPECT_EQ(bank_.Get(id).referral().sub_state(),
                    referral::Name(row->to_sub.value_or(way.sub)));
          ExpectSame(id);
          ++taken;
          id = At(way);
          continue;
        }
        Settle();
        EXPECT_EQ(bank_.Chain(id).size(), before) << "a refusal leaves no link";
        ++refused;
      }
    }
  }
  std::cout << taken << " verbs taken, " << refused << " refused at the home\n";
  EXPECT_GT(taken, 60u);
  EXPECT_GT(refused, 300u);
}

// A node with a client of its own making signs whatever it likes in whatever part: all that it can
// bring about is what the table gives the requester and its node.
TEST_F(Home, LinksOfWhatANodeProposesWhatTheTableGivesThatNodeAndNothingElse) {
  Consent();
  const auto signed_by_clinic = [&](const Event& event) {
    ReferralNews news;
    news.referral = event.referral;
    news.proposal.emplace();
    news.proposal->event = referral::CanonicalBytes(event);
    const auto ring = clinic_.keys.Get();
    news.proposal->actor_signature =
        *SignDetached(news.proposal->event, ring->current.certificate, ring->current.key);
    return BytesFromReferralNews(news);
  };
  std::size_t linked = 0, refused = 0;
  for (const Way& way : Ways()) {
    std::string id = At(way);
    for (const EventKind kind : referral::kEventKinds) {
      for (const ReferralRole role : referral::kRoles) {
        SCOPED_TRACE(std::string(referral::Name(way.state)) + " " +
                     std::string(referral::Name(kind)) + " as " +
                     std::string(referral::Name(role)));
        const auto links = bank_.Chain(id);
        Event event;
        event.id = Uuid::MakeV7(clinic_.now(), clinic_.random);
        event.referral = *Uuid::Parse(id);
        event.kind = kind;
        event.role = role;
        event.actor = role == ReferralRole::kRequester       ? clinic_.uri + "/operator/eve"
                      : role == ReferralRole::kRequesterNode ? clinic_.uri
                      : role == ReferralRole::kTarget        ? bank_.uri + "/operator/tim"
                                                             : bank_.uri;
        event.at = clinic_.now();
        event.reason = ReasonFor(kind);
        event.note = "as agreed";
        event.when = clinic_.now() + std::chrono::days(3);
        if (kind == EventKind::kComplete) event.reported_by = "Tim";
        if (kind == EventKind::kClaim) event.owner = bank_.uri;
        if (kind == EventKind::kConfirmCancel) event.reason.clear();
        event.seen_number = links.size();
        event.seen_hash = referral::HashOf(links.back());
        if (!referral::CheckShape(event).ok()) {
          // Cannot even be said: an opening where none belongs.
          event.opening.emplace(referral::EventFrom(links.front().event)->opening.value());
        }
        ASSERT_EQ(bank_.Take(clinic_.uri, kReferral, signed_by_clinic(event)), "OK");
        const bool own = role == ReferralRole::kRequester || role == ReferralRole::kRequesterNode;
        const std::string verdict = Verdict(way, kind, role);
        if (own && verdict == "OK") {
          const referral::Move* row = RowFor(way, kind, role);
          EXPECT_EQ(bank_.Chain(id).size(), links.size() + 1) << bank_.last_purpose;
          EXPECT_EQ(bank_.StateOf(id), referral::Name(row->to));
          ++linked;
          id = At(way);
        } else {
          EXPECT_EQ(bank_.Chain(id).size(), links.size());
          // Whoever is not of its own people it may not speak for, before the table is asked.
          if (own) {
            EXPECT_EQ(bank_.last_purpose, "referral, refused: " + verdict);
          } else {
            EXPECT_TRUE(bank_.last_purpose.starts_with("referral, refused: "));
          }
          EXPECT_EQ(bank_.Get(id).referral().fault(), "");
          ++refused;
        }
      }
    }
  }
  std::cout << linked << " proposals linked, " << refused << " refused at the home\n";
  EXPECT_GT(linked, 20u);
  EXPECT_GT(refused, 800u);
}

}  // namespace
}  // namespace equinode::testing
