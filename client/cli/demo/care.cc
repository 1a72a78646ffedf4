#include "client/cli/demo/care.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <thread>
#include <vector>

#include "client/cli/files.h"
#include "client/cli/talk.h"
#include "client/report/labels.h"
#include "equinode/v1/admin_service.pb.h"
#include "equinode/v1/count_service.pb.h"
#include "equinode/v1/need_service.pb.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::demo {
namespace {

using cli::Json;
using Millis = std::chrono::milliseconds;

constexpr std::string_view kFood = "food-insecurity";
constexpr std::chrono::seconds kPatience{60};
constexpr int kDigestBytes = 32;

// How one referral goes on after it has arrived, step by step; each waits for the other end.
enum class Story : std::uint8_t {
  kServed,       // With evidence.
  kReported,     // On somebody's word.
  kNoShow,       // The client does not come; the second appointment is kept.
  kUnreachable,  // The client does not come and cannot be reached.
  kNoCapacity,   // Turned down.
  kCancelRace,   // Asked to cancel while it is being completed: the outcome wins.
  kRevoked,      // The client takes the consent back.
  kInService,    // Still open.
  kUnanswered,
};
constexpr std::array<Story, 12> kStories = {
    Story::kServed,     Story::kServed,     Story::kServed,   Story::kNoShow,
    Story::kNoShow,     Story::kReported,   Story::kReported, Story::kUnreachable,
    Story::kNoCapacity, Story::kCancelRace, Story::kRevoked,  Story::kInService};

struct One {
  std::size_t practice = 0;
  Story story = Story::kServed;
  std::string person{};
  std::string id{};
  std::string consent{};
};

google::protobuf::Timestamp Now() { return google::protobuf::util::TimeUtil::GetCurrentTime(); }

Result<std::string> Act(cli::Session& session, const std::string& id, const std::string& verb,
                        const std::function<void(v1::ActOnReferralRequest&)>& more = {}) {
  v1::ActOnReferralRequest request;
  request.set_referral_id(id);
  request.set_verb(verb);
  if (more) more(request);
  request.set_request_id(cli::NewRequestId());
  EQN_TRY(const auto done,
          session.Call<v1::ActOnReferralResponse>("ReferralService/ActOnReferral", request));
  return done.referral().state();
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

// Until `done` holds of every referral of the list that `whose` is about, as that node sees it.
Status Await(Network& network, std::size_t at, const std::string& box, const std::vector<One>& all,
             const std::function<bool(const One&)>& whose,
             const std::function<bool(const v1::Referral&)>& done, const std::string& what) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    EQN_TRY(const Seen seen, Look(*network.node(at).session, box));
    const bool ready = std::ranges::all_of(all, [&](const One& one) {
      if (!whose(one)) return true;
      const auto found = seen.find(one.id);
      return found != seen.end() && done(found->second);
    });
    if (ready || cli::Interrupted()) return Ok();
    EQN_CHECK(network.CheckAlive());
    if (std::chrono::steady_clock::now() > end) {
      return Error{Code::kDeadlineExceeded, "REFERRALS_SLOW", what + " in a minute"};
    }
    std::this_thread::sleep_for(Millis{30});
  }
}

bool IsFinal(const v1::Referral& referral) {
  static const std::set<std::string> kFinal = {"completed", "failed", "rejected", "cancelled"};
  return kFinal.contains(referral.state());
}

// Those whose answer was positive in the report's year and who have no code yet, in the order of
// their ids: the same for the same people.
Result<std::vector<v1::ZCodeGap>> Gaps(cli::Session& session) {
  v1::ListZCodeGapsRequest request;
  request.set_domain(std::string(kFood));
  request.mutable_from()->set_year(2025);
  request.mutable_from()->set_month(1);
  request.mutable_from()->set_day(1);
  *request.mutable_until() = request.from();
  request.mutable_until()->set_month(12);
  request.mutable_until()->set_day(31);
  std::vector<v1::ZCodeGap> gaps;
  EQN_CHECK(cli::ForEachPage<v1::ListZCodeGapsResponse>(
      session, "NeedService/ListZCodeGaps", request, [&](const v1::ListZCodeGapsResponse& page) {
        for (const v1::ZCodeGap& gap : page.gaps()) {
          if (!gap.person().empty()) gaps.push_back(gap);
        }
        return true;
      }));
  std::ranges::sort(gaps, {}, [](const v1::ZCodeGap& gap) { return gap.person(); });
  return gaps;
}

Status AddPeer(Node& at, const Node& peer, const Node& relay) {
  v1::AddPeerRequest request;
  EQN_TRY(*request.mutable_certificate_pem(),
          cli::ReadText(peer.folder / "certificates" / "node.pem", 64 * 1024));
  request.set_relay(relay.plan.uri());
  request.set_take_over_renewals(true);
  request.set_request_id(cli::NewRequestId());
  EQN_CHECK(at.session->Call<v1::AddPeerResponse>("AdminService/AddPeer", request));
  return Ok();
}

v1::CreateReferralRequest ReferralFor(const One& one, const NodePlan& cbo) {
  v1::CreateReferralRequest request;
  request.set_person(one.person);
  request.set_domain(std::string(kFood));
  request.set_target_node(cbo.uri());
  (*request.mutable_order())["service_text"] = "a food box each week";
  request.set_request_id(cli::NewRequestId());
  return request;
}

Result<std::string> Consent(cli::Session& session, const std::string& person, const NodePlan& cbo) {
  v1::RecordConsentRequest request;
  v1::Consent& consent = *request.mutable_consent();
  consent.set_given(true);
  consent.set_person(person);
  consent.set_recipient(cbo.uri());
  consent.add_purposes("referral");
  consent.add_categories(std::string(kFood));
  *consent.mutable_signed_at() = Now();
  consent.set_document(std::string(kDigestBytes, 'c'));
  request.set_request_id(cli::NewRequestId());
  EQN_TRY(const auto made,
          session.Call<v1::RecordConsentResponse>("ConsentService/RecordConsent", request));
  return made.consent().id();
}

// Answers came in, but the line of the person was refused: there is nobody to refer.
template <typename T>
bool IsNobody(const Result<T>& result) {
  return !result.ok() && result.error().reason == "NO_SUCH_PERSON";
}

// What the organisation does first, and what it does last.
Status First(cli::Session& cbo, const One& one) {
  if (one.story == Story::kUnanswered) return Ok();
  if (one.story == Story::kNoCapacity) {
    EQN_CHECK(Act(cbo, one.id, "reject", [](auto& r) { WithReason(r, "no-capacity"); }));
    return Ok();
  }
  EQN_CHECK(Act(cbo, one.id, "accept"));
  if (one.story == Story::kInService) {
    EQN_CHECK(Act(cbo, one.id, "start"));
  }
  if (one.story == Story::kNoShow || one.story == Story::kUnreachable) {
    EQN_CHECK(Act(cbo, one.id, "schedule", AnHourFromNow));
    EQN_CHECK(Act(cbo, one.id, "no-show"));
  }
  return Ok();
}

Status Last(cli::Session& cbo, const One& one) {
  switch (one.story) {
    case Story::kServed:
    case Story::kCancelRace:
      EQN_CHECK(Act(cbo, one.id, "complete", WithEvidence));
      break;
    case Story::kReported:
      EQN_CHECK(Act(cbo, one.id, "complete",
                    [](auto& r) { r.set_reported_by("the pantry's volunteer"); }));
      break;
    case Story::kNoShow:
      EQN_CHECK(Act(cbo, one.id, "reschedule", AnHourFromNow));
      EQN_CHECK(Act(cbo, one.id, "complete", WithEvidence));
      break;
    case Story::kUnreachable:
      EQN_CHECK(Act(cbo, one.id, "fail", [](auto& r) { WithReason(r, "unreachable"); }));
      break;
    case Story::kRevoked:
      EQN_CHECK(Act(cbo, one.id, "confirm-cancel"));
      break;
    case Story::kNoCapacity:
    case Story::kInService:
    case Story::kUnanswered:
      break;
  }
  return Ok();
}

bool StaysOpen(const One& one) {
  return one.story == Story::kInService || one.story == Story::kUnanswered;
}

}  // namespace

Status Care::Enrol() {
  for (std::size_t i = 0; i < kPractices; ++i) {
    EQN_CHECK(AddPeer(network_.node(i), network_.node(kCbo), network_.node(kQhio)));
    EQN_CHECK(AddPeer(network_.node(kCbo), network_.node(i), network_.node(kQhio)));
  }
  return Ok();
}

Result<std::string> Care::Serve(const std::filesystem::path& services) {
  constexpr std::array<int, 5> kDaysLater = {0, 12, 30, 31, 40};
  constexpr std::size_t kServed = 40;
  std::string rows = "practice,person,domain,day\n";
  std::size_t count = 0;
  for (std::size_t i = 0; i < kPractices; ++i) {
    Node& node = network_.node(i);
    EQN_TRY(const auto gaps, Gaps(*node.session));
    const std::size_t first = kStories.size();
    for (std::size_t at = first; at < std::min(gaps.size(), first + kServed); ++at) {
      const v1::Date& found = gaps[at].found_on();
      const std::chrono::sys_days day =
          std::chrono::sys_days{std::chrono::year{static_cast<int>(found.year())} /
                                std::chrono::month{found.month()} / std::chrono::day{found.day()}} +
          std::chrono::days{kDaysLater[at % kDaysLater.size()]};
      const std::chrono::year_month_day date{day};
      v1::RecordNeedStepRequest request;
      request.set_person(gaps[at].person());
      request.set_domain(std::string(kFood));
      request.mutable_step()->set_need(v1::NEED_EVENT_START);
      v1::Date& on = *request.mutable_step()->mutable_on();
      on.set_year(static_cast<std::uint32_t>(static_cast<int>(date.year())));
      on.set_month(static_cast<unsigned>(date.month()));
      on.set_day(static_cast<unsigned>(date.day()));
      request.set_request_id(cli::NewRequestId());
      EQN_CHECK(
          node.session->Call<v1::RecordNeedStepResponse>("NeedService/RecordNeedStep", request));
      rows += node.plan.organisation + "," + gaps[at].person() + "," + std::string(kFood) + "," +
              DayText(on) + "\n";
      ++count;
    }
  }
  EQN_CHECK(cli::WriteText(services, rows));
  account_["services"] = count;
  return "the practices' staff noted " + std::to_string(count) +
         " services that began, some on day 30 after the answer and some on day 31";
}

Result<std::string> Care::Refer() {
  std::vector<One> all;
  const NodePlan& cbo_plan = network_.node(kCbo).plan;
  cli::Session& cbo = *network_.node(kCbo).session;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < kPractices; ++i) {
    cli::Session& session = *network_.node(i).session;
    EQN_TRY(const auto gaps, Gaps(session));
    std::size_t told = 0;
    for (const v1::ZCodeGap& gap : gaps) {
      if (told == kStories.size()) break;
      One one{i, kStories[told], gap.person(), {}, {}};
      // The last of the first practice is left without an answer.
      if (i == 0 && one.story == Story::kInService) one.story = Story::kUnanswered;
      if (told == 0) {
        const auto without = session.Call<v1::CreateReferralResponse>(
            "ReferralService/CreateReferral", ReferralFor(one, cbo_plan));
        if (IsNobody(without)) continue;
        if (without.ok() || without.error().reason != "NO_CONSENT") {
          return Error{Code::kInternal, "CONSENT_NOT_ASKED",
                       "a referral without consent was not refused"};
        }
        ++refused;
      }
      auto consent = Consent(session, one.person, cbo_plan);
      if (IsNobody(consent)) continue;
      EQN_TRY(one.consent, std::move(consent));
      EQN_TRY(const auto made, session.Call<v1::CreateReferralResponse>(
                                   "ReferralService/CreateReferral", ReferralFor(one, cbo_plan)));
      one.id = made.referral().id();
      all.push_back(std::move(one));
      ++told;
    }
  }
  const auto every = [](const One&) { return true; };
  EQN_CHECK(Await(
      network_, kCbo, "inbox", all, every, [](const v1::Referral&) { return true; },
      "not all referrals have arrived"));
  for (const One& one : all) EQN_CHECK(First(cbo, one));

  const auto is = [](Story story) {
    return [story](const One& one) { return one.story == story; };
  };
  const auto each = [&](const std::function<bool(const One&)>& whose,
                        const std::function<bool(const v1::Referral&)>& done,
                        const std::string& what) -> Status {
    for (std::size_t i = 0; i < kPractices; ++i) {
      const auto here = [&](const One& one) { return one.practice == i && whose(one); };
      EQN_CHECK(Await(network_, i, "outbox", all, here, done, what));
    }
    return Ok();
  };
  // The requester knows that it was accepted; then a consent is taken back, and a cancellation is
  // asked for at the moment at which the service is reported.
  EQN_CHECK(each([](const One& one) { return one.story != Story::kUnanswered; },
                 [](const v1::Referral& one) { return one.state() != "requested"; },
                 "the practices have not heard of the answers"));
  for (const One& one : all) {
    cli::Session& session = *network_.node(one.practice).session;
    if (one.story == Story::kRevoked) {
      v1::RevokeConsentRequest request;
      request.set_consent_id(one.consent);
      request.set_request_id(cli::NewRequestId());
      EQN_CHECK(session.Call<v1::RevokeConsentResponse>("ConsentService/RevokeConsent", request));
    }
  }
  EQN_CHECK(Await(
      network_, kCbo, "inbox", all, is(Story::kRevoked),
      [](const v1::Referral& one) { return one.cancel_asked(); },
      "the organisation has not heard of the revocations"));
  for (const One& one : all) {
    if (one.story == Story::kCancelRace) {
      EQN_CHECK(Act(*network_.node(one.practice).session, one.id, "cancel",
                    [](auto& r) { WithReason(r, "requester-withdrew"); }));
    }
    EQN_CHECK(Last(cbo, one));
  }
  const auto ended = [](const One& one) { return !StaysOpen(one); };
  EQN_CHECK(each(ended, IsFinal, "the practices have not heard of the ends"));
  for (const One& one : all) {
    if (StaysOpen(one)) continue;
    EQN_CHECK(Act(*network_.node(one.practice).session, one.id, "acknowledge"));
  }
  EQN_CHECK(each(
      ended, [](const v1::Referral& one) { return one.loop_closed(); },
      "the loops are not closed"));
  EQN_CHECK(Await(
      network_, kCbo, "inbox", all, ended,
      [](const v1::Referral& one) { return one.loop_closed(); },
      "the organisation does not know that the loops are closed"));
  account_["referrals"] = all.size();
  account_["refused_without_consent"] = refused;
  return "referred " + std::to_string(all.size()) +
         " people to the food bank under their consent: acceptances, no-shows, a full house, "
         "cancellations that an outcome beat, consents taken back; one without consent was refused";
}

Result<std::string> Care::Funnel() {
  struct Line {
    const char* measure;
    const char* words;
    bool numerator;
  };
  constexpr std::array<Line, 10> kLines = {
      {{"screened.food-insecurity", "people", false},
       {"screened.food-insecurity", "screened", true},
       {"positive.food-insecurity", "positive", true},
       {"coded.food-insecurity", "with a signed-off Z code on an encounter", true},
       {"referred.food-insecurity", "referred", true},
       {"accepted.food-insecurity", "accepted", true},
       {"closed.food-insecurity.evidence", "closed: served, with evidence", true},
       {"closed.food-insecurity.reported", "closed: served, as reported", true},
       {"closed.food-insecurity.unmet", "closed: not served, with a reason", true},
       {"closed.food-insecurity.lost", "closed: lost", true}}};
  v1::GetLocalCountsRequest request;
  request.set_stratifier(v1::STRATIFIER_SEX);
  request.set_own_only(true);
  request.mutable_period_start()->set_year(2025);
  request.mutable_period_start()->set_month(1);
  request.mutable_period_start()->set_day(1);
  // Referrals are of today, which the clock of a node may already have left behind.
  const std::chrono::year_month_day last{
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) +
      std::chrono::days{1}};
  v1::Date& day = *request.mutable_period_end();
  day.set_year(static_cast<std::uint32_t>(static_cast<int>(last.year())));
  day.set_month(static_cast<unsigned>(last.month()));
  day.set_day(static_cast<unsigned>(last.day()));
  std::set<std::string> measures;
  for (const Line& line : kLines) measures.insert(line.measure);
  for (const std::string& measure : measures) request.add_measures(measure);
  std::map<std::pair<std::string, bool>, std::uint64_t> sums;
  for (std::size_t i = 0; i < kPractices; ++i) {
    EQN_TRY(const auto counts, network_.node(i).session->Call<v1::GetLocalCountsResponse>(
                                   "CountService/GetLocalCounts", request));
    for (const v1::LocalTable& table : counts.tables()) {
      for (const v1::LocalCell& cell : table.cells()) {
        if (!cell.stratum().empty()) continue;
        sums[{table.measure(), false}] += cell.denominator();
        sums[{table.measure(), true}] += cell.numerator();
      }
    }
  }
  std::string text = "food insecurity at the three practices, in their own exact counts:";
  Json funnel = Json::array();
  for (const Line& line : kLines) {
    const std::uint64_t count = sums[{line.measure, line.numerator}];
    text += "\n             " + std::to_string(count) + " " + line.words;
    funnel.push_back({{"step", line.words}, {"people", count}});
  }
  const std::uint64_t positive = sums[{"positive.food-insecurity", true}];
  const std::uint64_t coded = sums[{"coded.food-insecurity", true}];
  text += "\n             the gap in Z codes: " + std::to_string(positive - coded) + " of " +
          std::to_string(positive) + " positive have none";
  account_["funnel"] = std::move(funnel);
  account_["z_code_gap"] = {{"positive", positive}, {"coded", coded}, {"gap", positive - coded}};
  return text;
}

}  // namespace equinode::demo
