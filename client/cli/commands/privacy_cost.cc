// equinode privacy cost: what a report would hide of this node's counts, before anybody asks for
// it, and what it would cost each person were it told with noise instead.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>
#include <set>

#include "client/cli/command.h"
#include "client/cli/definition_file.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/convert/report.h"
#include "domain/privacy/noise/accountant.h"
#include "domain/privacy/release/release.h"
#include "domain/report/raw_family.h"
#include "equinode/v1/count_service.pb.h"

namespace equinode::cli {
namespace {

struct PrivacyCostOptions {
  std::filesystem::path definition{};
  std::vector<std::string> counts{};  // STRATIFIER=FILE
  std::string rho = "0.05";           // A quarter's of a year of 0.2.
  std::uint32_t sources = 1;
};

constexpr std::size_t kPrivacyCostMostBytes = 64u << 20;
constexpr std::uint64_t kFewPeople = 30;  // Under which a rate means little.

Error BadCounts(const std::string& place, const std::string& what) {
  return Error{Code::kInvalidArgument, "BAD_COUNTS", place + ": " + what};
}

// One cell of `equinode count ... -o json`.
Result<RawCell> CellFrom(const Json& row, const std::string& place) {
  RawCell cell;
  if (!row.contains("stratum") || !row["stratum"].is_string()) {
    return BadCounts(place, "has no \"stratum\"");
  }
  cell.stratum = row["stratum"].get<std::string>();
  if (!row.contains("denominator") || !row["denominator"].is_number_unsigned()) {
    return BadCounts(place, "\"denominator\" is a whole number from 0");
  }
  cell.denominator = row["denominator"].get<std::uint64_t>();
  if (!row.contains("numerator") || row["numerator"].is_null()) return cell;
  if (!row["numerator"].is_number_unsigned()) {
    return BadCounts(place, "\"numerator\" is a whole number from 0, or null");
  }
  cell.numerator = row["numerator"].get<std::uint64_t>();
  return cell;
}

void Put(RawTable& table, RawCell cell) {
  if (cell.stratum.empty()) {
    table.total = std::move(cell);
  } else {
    table.cells.push_back(std::move(cell));
  }
}

// By stratifier and measure.
using Counted = std::map<std::pair<Stratifier, std::string>, RawTable>;

Status ReadCounts(const std::string& option, Counted* counted) {
  const std::size_t sign = option.find('=');
  const auto stratifier =
      sign == std::string::npos ? std::nullopt : StratifierNamed(option.substr(0, sign));
  if (!stratifier) {
    return Usage("--counts is STRATIFIER=FILE, such as race_omb1997=race.json");
  }
  const std::string file = option.substr(sign + 1);
  EQN_TRY(const std::string text, ReadText(file, kPrivacyCostMostBytes));
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_array()) {
    return BadCounts(file, "is what `equinode count STRATIFIER ... -o json` prints: a list");
  }
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string place = file + "[" + std::to_string(i) + "]";
    if (!json[i].is_object() || !json[i].contains("measure") || !json[i]["measure"].is_string()) {
      return BadCounts(place, "has no \"measure\"");
    }
    EQN_TRY(RawCell cell, CellFrom(json[i], place));
    const std::string measure = json[i]["measure"].get<std::string>();
    RawTable& table = (*counted)[{*stratifier, measure}];
    table.measure = measure;
    table.stratifier = *stratifier;
    Put(table, std::move(cell));
  }
  return Ok();
}

Status AskCounts(Session& session, const ReportDefinition& definition, Counted* counted) {
  v1::ReportDefinition dates;
  SetDefinition(definition, &dates);
  for (const TableDefinition& table : definition.tables) {
    v1::GetLocalCountsRequest request;
    request.set_stratifier(static_cast<v1::Stratifier>(table.stratifiers.front()));
    for (const std::string& measure : table.measures) request.add_measures(measure);
    request.set_payer(definition.payer);
    *request.mutable_period_end() = dates.period_end();
    request.set_measure_period(definition.measure_period);
    for (const std::uint32_t age : definition.age_band_starts) request.add_age_band_starts(age);
    request.set_own_only(true);
    EQN_TRY(const auto answer,
            session.Call<v1::GetLocalCountsResponse>("CountService/GetLocalCounts", request));
    for (const v1::LocalTable& counts : answer.tables()) {
      RawTable& raw = (*counted)[{table.stratifiers.front(), counts.measure()}];
      raw = {counts.measure(), table.stratifiers.front()};
      for (const v1::LocalCell& cell : counts.cells()) {
        Put(raw, {cell.stratum(), cell.denominator(), cell.numerator()});
      }
    }
  }
  return Ok();
}

Result<RawFamily> FamilyOf(const ReportDefinition& definition, const Counted& counted) {
  RawFamily family;
  for (const AskedTable& asked : AskedTables(definition)) {
    const auto found = counted.find({asked.stratifier, asked.measure});
    if (found == counted.end()) {
      return BadCounts(asked.table_id, "there are no counts of " + asked.measure + " by " +
                                           std::string(StratifierName(asked.stratifier)) +
                                           "; give them with --counts");
    }
    RawTable table = found->second;
    std::sort(table.cells.begin(), table.cells.end(),
              [](const RawCell& a, const RawCell& b) { return a.stratum < b.stratum; });
    family.tables.push_back({asked.table_id, std::move(table)});
  }
  return family;
}

// The noise that a whole report would be told with.
struct NoiseMode {
  noise::Noise noise;
  noise::NanoRho of_table, of_report;
  double deviation = 0;
  std::string parts{};  // How many tables it is made of, for readers.
};

// Of a table and measure each person is in one cell: with the measure met, not met, or not asked;
// the panel's size is public. The same table under two names is told once.
Result<NoiseMode> NoiseModeOf(const RawFamily& raw, const PrivacyCostOptions& options) {
  std::set<std::pair<Stratifier, std::string>> tables;
  for (const RawFamily::Table& table : raw.tables) {
    tables.emplace(table.counts.stratifier, table.counts.measure);
  }
  const auto rho = noise::Ratio::FromText(options.rho);
  if (!rho.ok()) return Usage("--rho " + rho.error().message);
  const auto all = static_cast<std::uint32_t>(tables.size());
  EQN_TRY(const noise::Sensitivity whole, noise::OfPartitions(all, noise::Neighbour::kSubstitute));
  EQN_TRY(const noise::Sensitivity one, noise::OfPartitions(1, noise::Neighbour::kSubstitute));
  EQN_TRY(const noise::Noise noise, noise::GaussianFor(noise::NanoRho::DownFrom(*rho), whole));
  EQN_TRY(const noise::NanoRho of_table, noise::CostOf(noise, one));
  EQN_TRY(const noise::NanoRho of_report, noise::CostOf(noise, whole));
  const double variance = static_cast<double>(noise.VarianceMicros()) * options.sources / 1e6;
  return NoiseMode{noise, of_table, of_report, std::sqrt(variance), CountText(all)};
}

std::string Hundredths(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

struct Cost {
  std::uint64_t values = 0, zeros = 0, small = 0, beside = 0;
  std::uint64_t people = 0, people_hidden = 0;  // In strata; hidden: whose stratum shows no number.
  std::uint64_t few = 0;                        // Rates shown, over fewer than kFewPeople.
  std::uint64_t rates_hidden = 0;
  std::uint64_t drowned = 0;  // By noise: not 0, and under two standard deviations.
};

Cost CostOf(const RawTable& raw, const AnswerTable& released, const SuppressionRule& rule,
            const NoiseMode& noise) {
  Cost cost;
  const auto take = [&](std::uint64_t value, bool hidden) {
    ++cost.values;
    cost.zeros += value == 0;
    const bool small = value >= rule.from && value <= rule.to;
    cost.small += small;
    cost.beside += hidden && !small;
    cost.drowned += value != 0 && static_cast<double>(value) < 2 * noise.deviation;
  };
  const bool rates = raw.measure != kMeasurePopulation;
  for (std::size_t i = 0; i <= raw.cells.size(); ++i) {
    const bool total = i == raw.cells.size();
    const RawCell& cell = total ? raw.total : raw.cells[i];
    const bool no_denominator =
        released.withheld || released.cells[i].denominator.kind == ShownKind::kHidden;
    const bool no_numerator =
        rates && (released.withheld || released.cells[i].numerator.kind == ShownKind::kHidden);
    take(cell.denominator, no_denominator);
    if (rates) take(cell.numerator, no_numerator);
    if (rates && cell.denominator != 0) {
      cost.rates_hidden += no_denominator || no_numerator;
      cost.few += !no_denominator && !no_numerator && cell.denominator < kFewPeople;
    }
    if (total) continue;
    cost.people += cell.denominator;
    if (no_denominator || no_numerator) cost.people_hidden += cell.denominator;
  }
  return cost;
}

std::string ShareText(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "0.0";
  const std::uint64_t tenths = (part * 2000 + whole) / (2 * whole);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

Status SayNoise(const NoiseMode& mode, const Cost& all, const PrivacyCostOptions& options) {
  std::string text = "with noise instead: the " + mode.parts + " tables cost each person rho " +
                     mode.of_report.text() + " together, " + mode.of_table.text() + " each";
  const auto epsilon = noise::MicroEpsilon(mode.of_report, noise::Delta{});
  if (epsilon.ok()) {
    text += "; that is epsilon " + noise::DecimalText(*epsilon, 6) + " at delta 1e-10";
  }
  Say(text);
  Say("sigma^2 " + mode.noise.parameter().text() + " on every count, standard deviation " +
      Hundredths(mode.deviation) +
      (options.sources > 1 ? " from " + CountText(options.sources) + " parties" : "") + ": " +
      CountText(all.drowned) + " of " + CountText(all.values) +
      " values are under two of it and cannot be told from 0");
  return Ok();
}

Result<int> RunCost(const Shared& shared, const PrivacyCostOptions& options) {
  if (options.sources < 1 || options.sources > 16) return Usage("--sources is from 1 to 16");
  EQN_TRY(const std::string text, ReadText(options.definition, 256u << 10));
  EQN_TRY(v1::ReportDefinition message, ParseDefinition(text));
  const bool offline = !options.counts.empty();
  // The counts given are of whomever they are of; the payer's name changes nothing about them.
  if (message.payer().empty() && offline) message.set_payer("spiffe://offline/payer/unnamed");
  EQN_TRY(const ReportDefinition definition, DefinitionFrom(message));
  EQN_CHECK(Validate(definition));
  Counted counted;
  for (const std::string& option : options.counts) EQN_CHECK(ReadCounts(option, &counted));
  if (!offline) {
    EQN_TRY(Session session, Session::Open(shared.node));
    EQN_CHECK(AskCounts(session, definition, &counted));
  }
  EQN_TRY(const RawFamily raw, FamilyOf(definition, counted));
  const SuppressionRule rule = RuleOf(definition);
  EQN_TRY(const ReleasedFamily released, Release(raw, rule));
  EQN_TRY(const NoiseMode noise, NoiseModeOf(raw, options));
  Sheet sheet({"table", "measure", "values", "zeros", "small", "hidden_beside", "rates_hidden",
               "rates_under_30", "people", "people_hidden", "percent_hidden", "withheld",
               "noise_rho", "noise_drowns"});
  Cost all;
  for (std::size_t i = 0; i < raw.tables.size(); ++i) {
    const AnswerTable& table = released.tables()[i];
    const Cost cost = CostOf(raw.tables[i].counts, table, rule, noise);
    sheet.Add({table.table_id, table.measure, cost.values, cost.zeros, cost.small, cost.beside,
               cost.rates_hidden, cost.few, cost.people, cost.people_hidden,
               ShareText(cost.people_hidden, cost.people), table.withheld, noise.of_table.text(),
               cost.drowned});
    all.values += cost.values;
    all.small += cost.small;
    all.beside += cost.beside;
    all.people += cost.people;
    all.people_hidden += cost.people_hidden;
    all.drowned += cost.drowned;
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  Say("of " + CountText(all.values) + " values " + CountText(all.small) +
      " are small and hidden, and " + CountText(all.beside) + " more are hidden to protect them; " +
      ShareText(all.people_hidden, all.people) +
      " % of the people counted, table by table, are in a stratum that shows less than all");
  EQN_CHECK(SayNoise(noise, all, options));
  Say("nothing was released; true counts are behind these figures: not for others");
  return kExitOk;
}

}  // namespace

void AddPrivacyCost(Program program, Command privacy) {
  AddCommand<PrivacyCostOptions>(
      program, privacy, "cost", "what a report would hide of this node's counts, or cost in noise",
      [](Command command, PrivacyCostOptions& options) {
        command.AddOption("definition", options.definition, "as docs/report-definition.md has it")
            .Required()
            .TypeName("DEFINITION.json");
        command
            .AddOption("--counts", options.counts,
                       "instead of asking the node: what `equinode count STRATIFIER -o json` "
                       "printed; once for each stratifier of the definition")
            .TypeName("STRATIFIER=FILE");
        command
            .AddOption("--rho", options.rho,
                       "what the report as a whole may cost each person in noise (0.05)")
            .TypeName("RHO");
        command.AddOption("--sources", options.sources, "parties that each add the noise (1)")
            .TypeName("N");
      },
      RunCost);
}

}  // namespace equinode::cli
