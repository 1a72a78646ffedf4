#include "client/cli/demo/care.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "client/cli/demo/referral_stories.h"
#include "client/cli/files.h"
#include "client/report/labels.h"
#include "equinode/v1/admin_service.pb.h"
#include "equinode/v1/count_service.pb.h"
#include "equinode/v1/need_service.pb.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::demo {
namespace {

using cli::Json;

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

// `node` is empty at the QHIO itself.
Status Host(Node& at, const std::string& node) {
  v1::HostOrganisationRequest request;
  request.set_organisation(HostedUri());
  request.set_node(node);
  request.set_request_id(cli::NewRequestId());
  EQN_CHECK(
      at.session->Call<v1::HostOrganisationResponse>("ReferralService/HostOrganisation", request));
  return Ok();
}

}  // namespace

Status Care::Enrol() {
  EQN_CHECK(Host(network_.node(kQhio), ""));
  for (std::size_t i = 0; i < kPractices; ++i) {
    EQN_CHECK(AddPeer(network_.node(i), network_.node(kCbo), network_.node(kQhio)));
    EQN_CHECK(AddPeer(network_.node(kCbo), network_.node(i), network_.node(kQhio)));
    EQN_CHECK(Host(network_.node(i), Plans()[kQhio].uri()));
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
    const std::size_t first = StoriesOfAPractice();
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

Result<std::string> Care::Refer(const std::filesystem::path& referrals) {
  std::vector<std::vector<std::string>> people(kPractices);
  for (std::size_t i = 0; i < kPractices; ++i) {
    EQN_TRY(const auto gaps, Gaps(*network_.node(i).session));
    for (const v1::ZCodeGap& gap : gaps) people[i].push_back(gap.person());
  }
  EQN_TRY(const StoriesTold told, TellStories(network_, people, seed_));
  EQN_CHECK(cli::WriteText(referrals, told.table));
  account_["referrals"] = told.referrals;
  account_["to_an_organisation_without_a_node"] = told.hosted;
  account_["refused_without_consent"] = told.refused;
  account_["kept_back_on_the_way"] = told.kept_back;
  account_["no_shows"] = told.no_shows;
  account_["cancellations_that_an_outcome_beat"] = told.cancel_races;
  account_["cancellations_that_came_first"] = told.cancelled;
  account_["consents_taken_back_later"] = told.revoked;
  account_["loops_closed"] = told.closed;
  const auto line = [](std::size_t count, const char* what) {
    return "\n             " + std::to_string(count) + " " + what;
  };
  return "referred " + std::to_string(told.referrals) + " people under their consent, " +
         std::to_string(told.hosted) +
         " of them to a pantry without a node, whose staff work on the QHIO's" +
         line(told.refused, "refused: no consent on file") +
         line(
             told.kept_back,
             "stopped on the way: the consent was taken back while the food bank's node was down") +
         line(told.no_shows, "appointments that the client did not come to") +
         line(told.cancel_races,
              "cancellations that came while the service was being reported: it won") +
         line(told.cancelled, "cancellations that came first: the organisation agreed") +
         line(told.revoked,
              "consents taken back after the acceptance; the organisation gave the order up") +
         line(told.closed, "loops closed: the practice has seen how it ended");
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
