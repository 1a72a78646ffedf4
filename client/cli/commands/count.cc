// equinode count: the node's own raw counts, for its own operators.
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "domain/counts/stratifier.h"
#include "domain/needs/measures/measure_name.h"
#include "equinode/v1/count_service.pb.h"

namespace equinode::cli {
namespace {

struct CountOptions {
  std::string stratifier{};
  std::vector<std::string> measures{};
  std::string payer{};
  std::string from{};
  std::string day{};
  std::string measure_period{};
  std::vector<std::uint32_t> ages{};
  bool own = false;
};

// Zeros everywhere are true and tell nothing: said for each such table, with what may be the cause.
void SayNothingFound(const v1::LocalTable& table, const CountOptions& options) {
  std::string text = "nobody at this node ";
  if (!CountsPopulation(table.measure())) {
    text += "is in the denominator of " + Harmless(table.measure()) +
            (IsComputedMeasure(table.measure()) ? " from " + Harmless(options.from)
             : options.measure_period.empty()   ? " without a --measure-period"
                                                : " for " + Harmless(options.measure_period));
    if (!options.payer.empty()) text += " and ";
  }
  if (!options.payer.empty()) {
    text += "is covered by " + Harmless(options.payer) + " on " + Harmless(options.day);
  } else if (CountsPopulation(table.measure())) {
    text += "has a record";
  }
  Say(text + ": see what was imported, and which payer the source profile names");
}

Result<int> RunCount(const Shared& shared, const CountOptions& options) {
  v1::GetLocalCountsRequest request;
  const auto stratifier = StratifierNamed(options.stratifier);
  if (!stratifier) {
    std::string known;
    for (const Stratifier each : kAllStratifiers) {
      known.append(known.empty() ? "" : ", ").append(StratifierName(each));
    }
    return Usage("there is no such stratifier; there are: " + known);
  }
  request.set_stratifier(static_cast<v1::Stratifier>(*stratifier));
  for (const std::string& measure : options.measures) {
    std::vector<std::string> meant = MeasuresMeant(measure);
    if (meant.empty()) meant.push_back(measure);
    for (std::string& each : meant) request.add_measures(std::move(each));
  }
  if (options.measures.empty()) request.add_measures(std::string(kMeasurePopulation));
  request.set_payer(options.payer);
  EQN_TRY(*request.mutable_period_end(), DateOf(options.day));
  if (!options.from.empty()) {
    EQN_TRY(*request.mutable_period_start(), DateOf(options.from));
  }
  request.set_measure_period(options.measure_period);
  for (const std::uint32_t age : options.ages) request.add_age_band_starts(age);
  request.set_own_only(options.own);
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto counts,
          session.Call<v1::GetLocalCountsResponse>("CountService/GetLocalCounts", request));
  Sheet sheet({"measure", "stratum", "denominator", "numerator"});
  int empty = 0;
  bool narrowed =
      !options.payer.empty();  // An empty node is no mistake; a name that nobody has is.
  for (const v1::LocalTable& table : counts.tables()) {
    const bool population = table.measure() == kMeasurePopulation;
    bool found = false;
    for (const v1::LocalCell& cell : table.cells()) {
      found = found || cell.denominator() > 0;
      const bool total = cell.stratum().empty() && shared.format == Format::kTable;
      sheet.Add({table.measure(), total ? "(all)" : cell.stratum(), cell.denominator(),
                 population ? Json() : Json(cell.numerator())});
    }
    narrowed = narrowed || !CountsPopulation(table.measure());
    if (found) continue;
    ++empty;
    SayNothingFound(table, options);
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  Say("raw counts of this node: not for others");
  return narrowed && empty == counts.tables_size() ? kExitFailed : kExitOk;
}

}  // namespace

void AddCount(Program program) {
  AddCommand<CountOptions>(
      program, program.app, "count",
      "count the people of this node, exactly, for its own operators",
      [](Command command, CountOptions& options) {
        command
            .AddOption("stratifier", options.stratifier,
                       "race_omb1997, ethnicity_omb1997, race_ethnicity_omb2024, language, "
                       "age_band, sex, line_of_business, county, zip3 or practice")
            .Required()
            .TypeName("STRATIFIER");
        command
            .AddOption("--measure", options.measures,
                       "population, available.race, BCS-E, positive.food-insecurity, ...")
            .TypeName("MEASURE");
        command
            .AddOption("--from", options.from,
                       "first day of the period, for measures of needs and referrals")
            .TypeName("YYYY-MM-DD");
        command.AddOption("--day", options.day, "last day of the period: of ages and attribution")
            .Required()
            .TypeName("YYYY-MM-DD");
        command.AddOption("--payer", options.payer, "only people whom it covers on the day")
            .TypeName("URI");
        command.AddOption("--measure-period", options.measure_period, "of imported measures")
            .TypeName("PERIOD");
        command.AddOption("--ages", options.ages, "where age bands begin: 0,18,45,65")
            .Delimiter(',')
            .TypeName("AGE,...");
        command.AddFlag("--own", options.own, "only records that this node made");
      },
      RunCount);
}

}  // namespace equinode::cli
