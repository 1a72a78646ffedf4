#include "client/cli/demo/referral_stories.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <thread>

#include "base/random.h"
#include "client/cli/demo/care.h"
#include "client/cli/talk.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::demo {
namespace {

constexpr std::chrono::seconds kPatience{60};
constexpr int kDigestBytes = 32;

// How one referral goes on after it was sent, step by step; each waits for the other end.
enum class Story : std::uint8_t {
  kKeptBack,     // The client takes the consent back while the letter is on its way.
  kServed,       // With evidence.
  kReported,     // On somebody's word.
  kNoShow,       // The client does not come; the second appointment is kept.
  kUnreachable,  // The client does not come and cannot be reached.
  kNoCapacity,   // Turned down.
  kCancelRace,   // Asked to cancel while it is being completed: the outcome wins.
  kCancelled,    // Asked to cancel before anything was done: the cancellation wins.
  kRevoked,      // The client takes the consent back after the acceptance.
  kInService,    // Still open.
  kScheduled,    // Still open: the appointment is to come.
  kUnanswered,
};
struct Plan {
  Story story = Story::kServed;
  bool hosted = false;  // To the organisation without a node; else to the food bank.
};

// Every story is told once at each practice; the others are dealt by these weights.
constexpr std::array<std::pair<Story, std::uint64_t>, 12> kDeck = {{{Story::kKeptBack, 1},
                                                                    {Story::kServed, 8},
                                                                    {Story::kReported, 4},
                                                                    {Story::kNoShow, 4},
                                                                    {Story::kUnreachable, 2},
                                                                    {Story::kNoCapacity, 2},
                                                                    {Story::kCancelRace, 1},
                                                                    {Story::kCancelled, 2},
                                                                    {Story::kRevoked, 1},
                                                                    {Story::kInService, 1},
                                                                    {Story::kUnanswered, 1},
                                                                    {Story::kScheduled, 1}}};
constexpr std::uint64_t kFewestMore = 2;
constexpr std::uint64_t kMostMore = 8;

// The stories of one practice, by the seed alone.
std::vector<Plan> Deal(std::uint64_t seed, std::size_t practice) {
  SeededRandom chance(seed * 31 + practice);
  std::vector<Story> stories;
  std::uint64_t weights = 0;
  for (const auto& [story, weight] : kDeck) {
    stories.push_back(story);
    weights += weight;
  }
  for (std::uint64_t more = kFewestMore + chance.Below(kMostMore - kFewestMore + 1); more > 0;
       --more) {
    std::uint64_t at = chance.Below(weights);
    for (const auto& [story, weight] : kDeck) {
      if (at < weight) {
        stories.push_back(story);
        break;
      }
      at -= weight;
    }
  }
  std::vector<Plan> plans;
  while (!stories.empty()) {
    const auto at = static_cast<std::ptrdiff_t>(chance.Below(stories.size()));
    const Story story = stories[static_cast<std::size_t>(at)];
    stories.erase(stories.begin() + at);
    // A letter that is kept back waits for a node that is down, and the QHIO's is not.
    plans.push_back({story, story != Story::kKeptBack && chance.Below(4) == 0});
  }
  return plans;
}

struct One {
  std::size_t practice = 0;
  Plan plan{};
  std::string person{};
  std::string id{};
  std::string consent{};
  // Days, as YYYY-MM-DD; empty = it did not come to that.
  std::string sent{};
  std::string accepted{};
  std::string ended{};
  std::string acknowledged{};
};

google::protobuf::Timestamp Now() { return google::protobuf::util::TimeUtil::GetCurrentTime(); }
std::string Today() {
  return google::protobuf::util::TimeUtil::ToString(Now()).substr(0, 10);  // RFC 3339, UTC.
}

std::string_view EndOf(Story story) {
  switch (story) {
    case Story::kServed:
    case Story::kNoShow:
    case Story::kCancelRace:
      return "evidence";
    case Story::kReported:
      return "reported";
    case Story::kUnreachable:
    case Story::kNoCapacity:
    case Story::kCancelled:
    case Story::kRevoked:
      return "unmet";
    case Story::kKeptBack:
    case Story::kInService:
    case Story::kScheduled:
    case Story::kUnanswered:
      return "";
  }
  return "";
}
bool StaysOpen(const One& one) {
  return one.plan.story == Story::kInService || one.plan.story == Story::kScheduled ||
         one.plan.story == Story::kUnanswered;
}

Status Act(cli::Session& session, const std::string& id, const std::string& verb,
           const std::function<void(v1::ActOnReferralRequest&)>& more = {}) {
  v1::ActOnReferralRequest request;
  request.set_referral_id(id);
  request.set_verb(verb);
  if (more) more(request);
  request.set_request_id(cli::NewRequestId());
  EQN_CHECK(session.Call<v1::ActOnReferralResponse>("ReferralService/ActOnReferral", request));
  return Ok();
}

void WithReason(v1::ActOnReferralRequest& request, const char* reason) {
  request.set_reason(reason);
}
void WithEvidence(v1::ActOnReferralRequest& request) {
  v1::ReferralEvidence& evidence = *request.add_evidence();
  evidence.set_system("http://snomed.info/sct");
  evidence.set_code("467771000124109");  // Assistance with application for food pantry program.
  *evidence.mutable_at() = Now();
  evidence.set_document(std::string(kDigestBytes, 'e'));
}
void AnHourFromNow(v1::ActOnReferralRequest& request) {
  *request.mutable_when() = Now() + google::protobuf::util::TimeUtil::SecondsToDuration(3600);
}

using Seen = std::map<std::string, v1::Referral>;  // By id.

Result<Seen> Look(cli::Session& session, const std::string& box) {
  Seen seen;
  v1::ListReferralsRequest request;
  request.set_box(box);
  EQN_CHECK(cli::ForEachPage<v1::ListReferralsResponse>(
      session, "ReferralService/ListReferrals", request,
      [&](const v1::ListReferralsResponse& page) {
        for (const v1::Referral& each : page.referrals()) seen[each.id()] = each;
        return true;
      }));
  return seen;
}

bool IsFinal(const v1::Referral& referral) {
  static const std::set<std::string> kFinal = {"completed", "failed", "rejected", "cancelled"};
  return kFinal.contains(referral.state());
}

using Whose = std::function<bool(const One&)>;
using Holds = std::function<bool(const v1::Referral&)>;

class Telling {
 public:
  Telling(Network& network, const std::vector<std::vector<std::string>>& people, std::uint64_t seed)
      : network_(network), people_(people), seed_(seed) {}

  Result<StoriesTold> Run() {
    EQN_CHECK(KeepBack());
    EQN_CHECK(Send());
    EQN_CHECK(AwaitTargets([](const One&) { return true; },
                           [](const v1::Referral&) { return true; },
                           "not all referrals have arrived"));
    for (One& one : all_) EQN_CHECK(First(one));
    // The requester knows that it was accepted; then a consent is taken back or a cancellation
    // asked for, and another at the moment at which the service is reported.
    EQN_CHECK(AwaitPractices([](const One& one) { return one.plan.story != Story::kUnanswered; },
                             [](const v1::Referral& one) { return one.state() != "requested"; },
                             "the practices have not heard of the answers"));
    for (const One& one : all_) {
      if (one.plan.story == Story::kRevoked) EQN_CHECK(Revoke(one));
      if (one.plan.story == Story::kCancelled) EQN_CHECK(AskToCancel(one));
    }
    EQN_CHECK(AwaitTargets(
        [](const One& one) {
          return one.plan.story == Story::kRevoked || one.plan.story == Story::kCancelled;
        },
        [](const v1::Referral& one) { return one.cancel_asked(); },
        "the organisations have not heard of the revocations and cancellations"));
    for (One& one : all_) {
      if (one.plan.story == Story::kCancelRace) EQN_CHECK(AskToCancel(one));
      EQN_CHECK(Last(one));
    }
    EQN_CHECK(Close());
    EQN_CHECK(CheckKeptBack());
    return Account();
  }

 private:
  cli::Session& Practice(const One& one) { return *network_.node(one.practice).session; }
  cli::Session& Target(const One& one) {
    return one.plan.hosted ? network_.hosted() : *network_.node(kCbo).session;
  }
  std::string TargetUri(const One& one) const {
    return one.plan.hosted ? HostedUri() : Plans()[kCbo].uri();
  }

  v1::CreateReferralRequest ReferralFor(const One& one) const {
    v1::CreateReferralRequest request;
    request.set_person(one.person);
    request.set_domain(std::string(kFood));
    request.set_target_node(TargetUri(one));
    (*request.mutable_order())["service_text"] = "a food box each week";
    request.set_request_id(cli::NewRequestId());
    return request;
  }

  Status Consent(One& one) {
    v1::RecordConsentRequest request;
    v1::Consent& consent = *request.mutable_consent();
    consent.set_given(true);
    consent.set_person(one.person);
    consent.set_recipient(TargetUri(one));
    consent.add_purposes("referral");
    consent.add_categories(std::string(kFood));
    *consent.mutable_signed_at() = Now();
    consent.set_document(std::string(kDigestBytes, 'c'));
    request.set_request_id(cli::NewRequestId());
    EQN_TRY(const auto made,
            Practice(one).Call<v1::RecordConsentResponse>("ConsentService/RecordConsent", request));
    one.consent = made.consent().id();
    return Ok();
  }
  Status Revoke(const One& one) {
    v1::RevokeConsentRequest request;
    request.set_consent_id(one.consent);
    request.set_request_id(cli::NewRequestId());
    EQN_CHECK(
        Practice(one).Call<v1::RevokeConsentResponse>("ConsentService/RevokeConsent", request));
    return Ok();
  }
  Status AskToCancel(const One& one) {
    return Act(Practice(one), one.id, "cancel",
               [](auto& r) { WithReason(r, "requester-withdrew"); });
  }
  Status Create(One& one) {
    EQN_CHECK(Consent(one));
    EQN_TRY(const auto made, Practice(one).Call<v1::CreateReferralResponse>(
                                 "ReferralService/CreateReferral", ReferralFor(one)));
    one.id = made.referral().id();
    return Ok();
  }
  Status MustBeRefused(const One& one) {
    const auto without = Practice(one).Call<v1::CreateReferralResponse>(
        "ReferralService/CreateReferral", ReferralFor(one));
    if (without.ok() || without.error().reason != "NO_CONSENT") {
      return Error{Code::kInternal, "CONSENT_NOT_ASKED",
                   "a referral without consent was not refused"};
    }
    ++told_.refused;
    return Ok();
  }

  // Each practice's people by the plans; a practice with fewer people has fewer stories.
  std::vector<One> Ones(bool kept_back) const {
    std::vector<One> ones;
    for (std::size_t i = 0; i < people_.size(); ++i) {
      const std::vector<Plan> plans = Deal(seed_, i);
      for (std::size_t at = 0; at < std::min(people_[i].size(), plans.size()); ++at) {
        One one{i, plans[at], people_[i][at], {}, {}, {}, {}, {}, {}};
        if ((one.plan.story == Story::kKeptBack) != kept_back) continue;
        ones.push_back(std::move(one));
      }
    }
    return ones;
  }

  // While the food bank's node is down the letters are on their way, in the outbox or at the QHIO.
  Status KeepBack() {
    EQN_CHECK(network_.Pause(kCbo));
    kept_back_ = Ones(true);
    for (One& one : kept_back_) {
      EQN_CHECK(MustBeRefused(one));
      EQN_CHECK(Create(one));
    }
    for (const One& one : kept_back_) EQN_CHECK(Revoke(one));
    return network_.Resume(kCbo);
  }

  Status Send() {
    all_ = Ones(false);
    for (One& one : all_) {
      EQN_CHECK(Create(one));
      one.sent = Today();
    }
    return Ok();
  }

  // What the organisation does first, and what it does last.
  Status First(One& one) {
    cli::Session& at = Target(one);
    const Story story = one.plan.story;
    if (story == Story::kUnanswered) return Ok();
    if (story == Story::kNoCapacity) {
      one.ended = Today();
      return Act(at, one.id, "reject", [](auto& r) { WithReason(r, "no-capacity"); });
    }
    EQN_CHECK(Act(at, one.id, "accept"));
    one.accepted = Today();
    if (story == Story::kInService) return Act(at, one.id, "start");
    if (story != Story::kNoShow && story != Story::kUnreachable && story != Story::kScheduled) {
      return Ok();
    }
    EQN_CHECK(Act(at, one.id, "schedule", AnHourFromNow));
    if (story == Story::kScheduled) return Ok();
    ++told_.no_shows;
    return Act(at, one.id, "no-show");
  }
  Status Last(One& one) {
    cli::Session& at = Target(one);
    const Story story = one.plan.story;
    if (StaysOpen(one) || story == Story::kNoCapacity) return Ok();
    one.ended = Today();
    if (story == Story::kReported) {
      return Act(at, one.id, "complete",
                 [](auto& r) { r.set_reported_by("the pantry's volunteer"); });
    }
    if (story == Story::kUnreachable) {
      return Act(at, one.id, "fail", [](auto& r) { WithReason(r, "unreachable"); });
    }
    if (story == Story::kRevoked) {
      ++told_.revoked;
      return Act(at, one.id, "confirm-cancel");
    }
    if (story == Story::kCancelled) {
      ++told_.cancelled;
      return Act(at, one.id, "confirm-cancel");
    }
    if (story == Story::kCancelRace) ++told_.cancel_races;
    if (story == Story::kNoShow) EQN_CHECK(Act(at, one.id, "reschedule", AnHourFromNow));
    return Act(at, one.id, "complete", WithEvidence);
  }

  Status Close() {
    const Whose ended = [](const One& one) { return !StaysOpen(one); };
    EQN_CHECK(AwaitPractices(ended, IsFinal, "the practices have not heard of the ends"));
    for (One& one : all_) {
      if (!ended(one)) continue;
      EQN_CHECK(Act(Practice(one), one.id, "acknowledge"));
      one.acknowledged = Today();
      ++told_.closed;
    }
    const Holds closed = [](const v1::Referral& one) { return one.loop_closed(); };
    EQN_CHECK(AwaitPractices(ended, closed, "the loops are not closed"));
    return AwaitTargets(ended, closed, "the organisations do not know that the loops are closed");
  }

  // Cancelled at the practice, and never heard of at the food bank.
  Status CheckKeptBack() {
    for (std::size_t i = 0; i < people_.size(); ++i) {
      EQN_CHECK(AwaitAt(
          *network_.node(i).session, "outbox", kept_back_,
          [&](const One& one) { return one.practice == i; }, IsFinal,
          "a referral that was kept back is still open"));
    }
    EQN_TRY(const Seen seen, Look(*network_.node(kCbo).session, "inbox"));
    for (const One& one : kept_back_) {
      if (!seen.contains(one.id)) continue;
      return Error{Code::kInternal, "REVOKED_AND_TOLD",
                   "a referral arrived whose consent had been taken back"};
    }
    return Ok();
  }

  // Until `done` holds of each of `ones` that `whose` is about, as that node sees it.
  Status AwaitAt(cli::Session& session, const std::string& box, const std::vector<One>& ones,
                 const Whose& whose, const Holds& done, const std::string& what) {
    if (std::ranges::none_of(ones, whose)) return Ok();
    const auto end = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
      EQN_TRY(const Seen seen, Look(session, box));
      const bool ready = std::ranges::all_of(ones, [&](const One& one) {
        if (!whose(one)) return true;
        const auto found = seen.find(one.id);
        return found != seen.end() && done(found->second);
      });
      if (ready || cli::Interrupted()) return Ok();
      EQN_CHECK(network_.CheckAlive());
      if (std::chrono::steady_clock::now() > end) {
        return Error{Code::kDeadlineExceeded, "REFERRALS_SLOW", what + " in a minute"};
      }
      std::this_thread::sleep_for(Millis{30});
    }
  }
  Status AwaitTargets(const Whose& whose, const Holds& done, const std::string& what) {
    for (const bool hosted : {false, true}) {
      const Whose here = [&](const One& one) { return one.plan.hosted == hosted && whose(one); };
      EQN_CHECK(AwaitAt(hosted ? network_.hosted() : *network_.node(kCbo).session, "inbox", all_,
                        here, done, what));
    }
    return Ok();
  }
  Status AwaitPractices(const Whose& whose, const Holds& done, const std::string& what) {
    for (std::size_t i = 0; i < people_.size(); ++i) {
      const Whose here = [&](const One& one) { return one.practice == i && whose(one); };
      EQN_CHECK(AwaitAt(*network_.node(i).session, "outbox", all_, here, done, what));
    }
    return Ok();
  }

  StoriesTold Account() {
    told_.referrals = all_.size();
    told_.kept_back = kept_back_.size();
    told_.table = "practice,person,domain,organisation,sent,accepted,ended,acknowledged,end,id\n";
    for (const std::vector<One>* list : {&kept_back_, &all_}) {
      for (const One& one : *list) {
        told_.hosted += one.plan.hosted ? 1 : 0;
        const std::string uri = TargetUri(one);
        told_.table += network_.node(one.practice).plan.organisation + "," + one.person + "," +
                       std::string(kFood) + "," + uri.substr(uri.rfind('/') + 1) + "," + one.sent +
                       "," + one.accepted + "," + one.ended + "," + one.acknowledged + ",";
        told_.table.append(EndOf(one.plan.story)).append("," + one.id + "\n");
      }
    }
    return std::move(told_);
  }

  Network& network_;
  const std::vector<std::vector<std::string>>& people_;
  const std::uint64_t seed_;
  std::vector<One> kept_back_{};
  std::vector<One> all_{};
  StoriesTold told_{};
};

}  // namespace

std::size_t StoriesOfAPractice() { return kDeck.size() + kMostMore; }

Result<StoriesTold> TellStories(Network& network,
                                const std::vector<std::vector<std::string>>& people,
                                std::uint64_t seed) {
  return Telling(network, people, seed).Run();
}

}  // namespace equinode::demo
