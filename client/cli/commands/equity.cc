// equinode equity: figures from a file of counts, without a node.
#include <filesystem>

#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/inequality_text.h"
#include "client/cli/talk.h"
#include "domain/equity/analysis/frame_remarks.h"
#include "domain/equity/counts/pool.h"
#include "domain/equity/counts/read_counts.h"
#include "domain/equity/measures/measures.h"

namespace equinode::cli {
namespace {

constexpr std::size_t kEquityMostInput = std::size_t{1} << 30;

struct InequalityCommand {
  std::filesystem::path input{};
  std::string better{};
  std::string reference{};
  std::string interval = "wilson";
  double level = 0.95;
  std::string from{};
  std::string to{};
  bool apart = false;
};

Result<int> RunInequality(const Shared& shared, const InequalityCommand& options) {
  equity::AnalysisOptions analysis;
  analysis.reference = options.reference;
  analysis.from = options.from;
  analysis.to = options.to;
  if (options.from.empty() != options.to.empty()) return Usage("--from and --to go together");
  EQN_TRY(analysis.level, equity::Level::Of(options.level));
  const auto method = equity::IntervalMethodNamed(options.interval);
  if (!method) {
    std::string names;
    for (const auto name : equity::kIntervalMethodNames) names.append(" ").append(name);
    return Usage("--interval is one of" + names);
  }
  analysis.interval = *method;
  equity::ReadCountsOptions reading;
  reading.measure = [&](std::string_view id) -> std::optional<equity::KnownMeasure> {
    equity::KnownMeasure known;
    const equity::MeasureRate* rate = equity::FindMeasureRate(id);
    if (rate != nullptr) known = {rate->kind, rate->better};
    if (known.better == equity::Better::kUnknown && !options.better.empty()) {
      known.better = options.better == "higher" ? equity::Better::kHigher : equity::Better::kLower;
    }
    return known;
  };
  EQN_TRY(const std::string csv, ReadText(options.input, kEquityMostInput));
  EQN_TRY(equity::CountTable table, equity::ReadCounts(csv, reading));
  for (const std::string& remark : equity::FrameRemarks(table))
    Say("equinode: " + Harmless(remark));
  const std::size_t organisations = options.apart ? 0 : table.organisations.size();
  if (!options.apart) {
    EQN_TRY(table, equity::PoolOrganisations(table));
  }
  const auto stratifications = equity::Stratify(table);
  EQN_TRY(const auto analyses, equity::Analyse(stratifications, analysis));
  if (analyses.empty()) {
    return Error{Code::kInvalidArgument, "NO_STRATA",
                 "the file has totals only: an inequality is between strata"};
  }
  EQN_CHECK(Print(InequalityText(analyses, analysis, organisations, shared.format)));
  return kExitOk;
}

}  // namespace

void AddEquity(Program program) {
  Command group =
      AddGroup(program, "equity", "figures of health equity from a file of counts; needs no node");
  AddEquityProgrammes(program, group);
  AddCommand<InequalityCommand>(
      program, group, "inequality",
      "rates, gaps, tests and every inequality measure of each stratification",
      [](Command command, InequalityCommand& options) {
        command.AddOption("--input", options.input, "the counts: CSV, see docs/equity.md")
            .TypeName("COUNTS.csv")
            .Required();
        command
            .AddOption("--reference", options.reference,
                       "group to compare with: its name, best (the default) or overall")
            .TypeName("GROUP");
        command
            .AddOption("--better", options.better,
                       "higher or lower, for measures that neither the file nor equinode knows")
            .OneOf({"higher", "lower"})
            .TypeName("WAY");
        command
            .AddOption("--interval", options.interval,
                       "of the rates: wilson, clopper_pearson, ncqa_wald_cc_z196, ...")
            .TypeName("METHOD");
        command.AddOption("--level", options.level, "of the intervals, such as 0.95")
            .TypeName("LEVEL");
        command.AddOption("--from", options.from, "the period that --to is compared with")
            .TypeName("PERIOD");
        command.AddOption("--to", options.to, "the later period").TypeName("PERIOD");
        command.AddFlag("--apart", options.apart,
                        "each organisation by itself, instead of all pooled");
      },
      RunInequality);
}

}  // namespace equinode::cli
