// equinode equity list, explain, score: the programmes, offline.
#include <algorithm>
#include <filesystem>

#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/score_text.h"
#include "client/cli/talk.h"
#include "domain/equity/counts/pool.h"
#include "domain/equity/counts/read_counts.h"
#include "domain/equity/measures/measures.h"
#include "domain/equity/programs/catalogue.h"
#include "domain/equity/programs/read_values.h"
#include "domain/equity/programs/what_if.h"

namespace equinode::cli {
namespace {

using namespace equity::programs;  // NOLINT: this file speaks of nothing else.

constexpr std::size_t kEquityProgrammesMostInput = std::size_t{1} << 30;

struct ScoreCommand {
  std::string programme{};
  std::filesystem::path input{};
  std::filesystem::path benchmarks{};
  std::filesystem::path facts{};
  std::vector<std::string> readings{};
  std::vector<std::string> periods{};
  std::vector<std::string> what_if{};
  std::string dimension{};
  bool pool = false;
  bool all = false;
  bool wide = false;
  bool spread = false;
  bool no_change = false;
  int draws = 2000;
  std::uint64_t seed = 1;
};

Result<const Programme*> Named(const std::string& id) {
  const Programme* programme = FindProgramme(id);
  if (programme != nullptr) return programme;
  std::string close;
  for (const Programme& each : AllProgrammes()) {
    if (each.id.find(id) != std::string::npos)
      close.append(close.empty() ? "" : ", ").append(each.id);
  }
  return Error{Code::kNotFound, "NO_SUCH_PROGRAMME",
               "there is no programme '" + id + "'" +
                   (close.empty() ? "; equinode equity list names them" : "; perhaps " + close)};
}

// "name=value" of an option that may come several times.
Result<std::map<std::string, std::string>> Pairs(const std::vector<std::string>& words,
                                                 std::string_view option) {
  std::map<std::string, std::string> out;
  for (const std::string& word : words) {
    const std::size_t at = word.find('=');
    if (at == std::string::npos || at == 0 || at + 1 == word.size()) {
      return Usage(std::string(option) + " is NAME=VALUE, not '" + word + "'");
    }
    out[word.substr(0, at)] = word.substr(at + 1);
  }
  return out;
}

// "COL/Black=p50", "COL=412".
Result<WhatIf> ParseWhatIf(const std::string& word) {
  const std::size_t at = word.rfind('=');
  if (at == std::string::npos || at == 0 || at + 1 == word.size()) {
    return Usage("--what-if is MEASURE/GROUP=BENCHMARK or MEASURE/GROUP=NUMERATOR");
  }
  WhatIf out;
  const std::string who = word.substr(0, at);
  const std::string what = word.substr(at + 1);
  const std::size_t slash = who.find('/');
  out.measure = who.substr(0, slash);
  if (slash != std::string::npos) out.group = who.substr(slash + 1);
  if (what.find_first_not_of("0123456789") == std::string::npos) {
    EQN_TRY(const equity::Rational number, equity::Rational::Parse(what));
    EQN_TRY(out.numerator, number.ToInt64());
  } else {
    out.benchmark = what;
  }
  return out;
}

std::optional<equity::KnownMeasure> KnownOf(std::string_view id) {
  const equity::MeasureRate* rate = equity::FindMeasureRate(id);
  if (rate == nullptr) return std::nullopt;
  return equity::KnownMeasure{rate->kind, rate->better};
}

Result<Evidence> Gather(const Programme& programme, const ScoreCommand& options) {
  Evidence evidence;
  if (!options.input.empty()) {
    EQN_TRY(const std::string csv, ReadText(options.input, kEquityProgrammesMostInput));
    EQN_TRY(equity::CountTable table, equity::ReadCounts(csv, {KnownOf}));
    if (options.pool) {
      EQN_TRY(table, equity::PoolOrganisations(table));
    }
    EvidenceOptions laying;
    EQN_TRY(laying.periods, Pairs(options.periods, "--period"));
    laying.dimension = options.dimension;
    EQN_TRY(evidence, EvidenceOf(programme, table, laying));
  } else if (options.facts.empty() && programme.kind != ProgrammeKind::kNoFormula) {
    return Usage(
        "score needs counts (--input COUNTS.csv) or facts (--facts FACTS.csv); equinode "
        "equity explain " +
        programme.id + " tells which");
  }
  if (!options.benchmarks.empty()) {
    EQN_TRY(const std::string csv, ReadText(options.benchmarks, kEquityProgrammesMostInput));
    EQN_CHECK(ReadValues(csv, ValueFile::kBenchmarks, programme, evidence));
  }
  if (!options.facts.empty()) {
    EQN_TRY(const std::string csv, ReadText(options.facts, kEquityProgrammesMostInput));
    EQN_CHECK(ReadValues(csv, ValueFile::kFacts, programme, evidence));
  }
  return evidence;
}

// Which benchmarks and facts were missed, and where.
void SayMissing(const Score& score) {
  std::map<std::string, std::set<std::string>> missing;
  for (const ScoreRow& row : score.rows) {
    for (const ScoreRow::Shown& shown : row.figures) {
      const std::string& reason = shown.value.reason;
      if (!shown.value.known() && reason.starts_with("no_benchmark_")) {
        missing["benchmark '" + reason.substr(13) + "' is missing for:"].insert(row.measure);
      }
    }
  }
  for (const auto& [what, measures] : missing) {
    std::string text = what;
    for (const std::string& measure : measures) text.append(" ").append(measure);
    Say(text + " (a file with measure,name,value: --benchmarks FILE)");
  }
}

Result<int> RunScore(const Shared& shared, const ScoreCommand& options) {
  EQN_TRY(const Programme* programme, Named(options.programme));
  EQN_TRY(const Evidence evidence, Gather(*programme, options));
  EQN_TRY(const Choices choices, Pairs(options.readings, "--reading"));
  if (options.draws < 1 || options.draws > 1'000'000) return Usage("--draws is 1 to 1000000");
  SeededRandom random(options.seed);
  std::optional<Chance> chance;
  if (options.spread || options.no_change) {
    chance = Chance{
        {options.no_change ? Supposing::kNoChange : Supposing::kSameRates, options.draws}, &random};
  }
  EQN_TRY(Score score, ScoreProgramme(*programme, evidence, choices, chance));
  for (const std::string& word : options.what_if) {
    EQN_TRY(const WhatIf what_if, ParseWhatIf(word));
    EQN_TRY(const Evidence supposed, Supposed(*programme, evidence, what_if));
    EQN_TRY(const Score scenario, ScoreProgramme(*programme, supposed, choices));
    AddScenario(score, scenario, "if", word);
  }
  EQN_CHECK(Print(ScoreText(*programme, score, shared.format, {options.all, options.wide})));
  for (const std::string& note : score.notes) Say(note);
  SayMissing(score);
  const bool nothing = std::ranges::none_of(score.rows, [](const ScoreRow& row) {
    return !row.counts.empty() ||
           std::ranges::any_of(row.figures, [](const auto& shown) { return shown.value.known(); });
  });
  if (nothing && programme->kind != ProgrammeKind::kNoFormula) {
    Say("nothing in the files is of this programme: equinode equity explain " + programme->id +
        " tells what it wants");
  }
  return kExitOk;
}

struct ExplainCommand {
  std::string id{};
  bool rules = false;
};

Result<int> RunExplain(const Shared& shared, const ExplainCommand& options) {
  EQN_TRY(const Programme* programme, Named(options.id));
  EQN_CHECK(Print(ExplainText(*programme, shared.format, options.rules)));
  return kExitOk;
}

Result<int> RunProgrammeList(const Shared& shared) {
  EQN_CHECK(Print(ProgrammesText(shared.format)));
  int kinds[3] = {0, 0, 0};
  for (const Programme& each : AllProgrammes()) ++kinds[static_cast<int>(each.kind)];
  Say(std::to_string(AllProgrammes().size()) + " of 40 systems of the two source papers: " +
      std::to_string(kinds[0]) + " computed, " + std::to_string(kinds[1]) + " checklists, " +
      std::to_string(kinds[2]) + " without a formula in the source");
  return kExitOk;
}

void DeclareScore(Command command, ScoreCommand& options) {
  command.AddOption("programme", options.programme, "its id, as equity list has it")
      .Required()
      .TypeName("PROGRAMME");
  command.AddOption("--input", options.input, "the counts: CSV, see docs/equity.md")
      .TypeName("COUNTS.csv");
  command.AddOption("--benchmarks", options.benchmarks, "CSV of measure,name,value")
      .TypeName("FILE");
  command.AddOption("--facts", options.facts, "CSV of organisation,measure,name,value")
      .TypeName("FILE");
  command.AddOption("--reading", options.readings, "where the text is unclear; may come again")
      .TypeName("NAME=OPTION");
  command
      .AddOption("--period", options.periods,
                 "which period of the counts is which, such as previous=MY2023")
      .TypeName("ROLE=PERIOD");
  command
      .AddOption("--dimension", options.dimension,
                 "groups of this one alone, such as language, where several were counted")
      .TypeName("NAME");
  command
      .AddOption("--what-if", options.what_if,
                 "a scenario: a group reaches a benchmark, or a numerator; may come again")
      .TypeName("MEASURE/GROUP=BENCHMARK|N");
  command.AddFlag("--pool", options.pool, "all organisations as one");
  command.AddFlag("--all", options.all, "rows for which nothing came, too");
  command.AddFlag("--wide", options.wide,
                  "one line a row with all there is to say of it, however long");
  command.AddFlag("--spread", options.spread, "the chance of each outcome, at the rates seen");
  command.AddFlag("--no-change", options.no_change,
                  "the chance of each outcome if nothing had changed between the periods");
  command.AddOption("--draws", options.draws, "of the spread, where it is not exact (2000)")
      .TypeName("N");
  command.AddOption("--seed", options.seed, "of the draws: the same seed, the same chances (1)")
      .TypeName("S");
}

}  // namespace

void AddEquityProgrammes(Program program, Command group) {
  AddCommand<NoOptions>(
      program, group, "list", "all systems of the field's two source papers", Nothing,
      [](const Shared& shared, const NoOptions&) { return RunProgrammeList(shared); });
  AddCommand<ExplainCommand>(
      program, group, "explain", "a programme's rule in words, with its clauses and boundaries",
      [](Command command, ExplainCommand& options) {
        command.AddOption("programme", options.id, "its id").Required().TypeName("PROGRAMME");
        command.AddFlag("--rules", options.rules, "the arithmetic of every figure, too");
      },
      RunExplain);
  AddCommand<ScoreCommand>(program, group, "score",
                           "points, tiers, flags and money of a programme, exactly", DeclareScore,
                           RunScore);
}

}  // namespace equinode::cli
