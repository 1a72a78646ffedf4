// equinode privacy suppress and audit: what of a release family may be printed, and what a reader
// could work out. Offline; the files hold true counts and are for the publisher alone.
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/talk.h"
#include "client/privacy/family_file.h"
#include "domain/privacy/audit/audit.h"
#include "domain/privacy/protect/protect.h"

namespace equinode::cli {
namespace {

using privacy::AuditReport;
using privacy::Cell;
using privacy::CellState;
using privacy::FamilyCase;
using privacy::FamilyFile;
using privacy::Finding;
using privacy::Level;
using privacy::Pattern;
using privacy::Protected;
using privacy::RateMark;
using privacy::Verdict;

struct PrivacyFamilyOptions {
  std::filesystem::path input{};
  std::filesystem::path pattern{};
  std::string level = "label";
  std::int64_t least_denominator = 30;
};

Level LevelOf(const PrivacyFamilyOptions& options) {
  return options.level == "exact" ? Level::kExact : Level::kLabel;
}

Result<FamilyFile> ReadFamilies(const PrivacyFamilyOptions& options) {
  EQN_TRY(const std::string text, ReadText(options.input, privacy::kMostFamilyBytes));
  EQN_TRY(FamilyFile file, privacy::ParseFamilies(text));
  for (const FamilyCase& one : file.cases) {
    for (const std::string& key : one.unread) {
      Say((one.id.empty() ? "" : one.id + ": ") + "note: \"" + Harmless(key) + "\" is not read");
    }
    for (const std::size_t rate : one.rates_without_complement) {
      Say((one.id.empty() ? "" : one.id + ": ") + "note: the complement of rates[" +
          std::to_string(rate) +
          "] (denominator less numerator) is no cell of the family, so nothing protects it");
    }
  }
  return file;
}

std::string NameOf(const FamilyCase& one, std::size_t at) {
  return one.id.empty() ? std::to_string(at + 1) : one.id;
}

// The names of the cells for which `which` holds.
template <typename Which>
Json Names(const FamilyCase& one, Which which) {
  Json names = Json::array();
  for (Cell cell = 0; cell < one.family.cells.size(); ++cell) {
    if (which(cell)) names.push_back(one.family.cells[cell].name);
  }
  return names;
}

Json SuppressedJson(const FamilyCase& one, const Protected& outcome,
                    const PrivacyFamilyOptions& options) {
  const auto& cells = outcome.pattern.cells;
  const auto small = [&](Cell cell) { return one.small.Has(one.family.cells[cell].count); };
  const auto hidden = [&](Cell cell) { return cells[cell] == CellState::kHidden; };
  Json json = Json::object();
  if (!one.id.empty()) json["id"] = one.id;
  if (!one.title.empty()) json["title"] = one.title;
  json["level"] = options.level;
  json["safe"] = outcome.safe;
  // What may be printed: a hidden count is null, whatever it is hidden for.
  Json published = Json::object();
  for (Cell cell = 0; cell < cells.size(); ++cell) {
    const privacy::FamilyCell& each = one.family.cells[cell];
    if (cells[cell] == CellState::kDropped) continue;
    published[each.name] = hidden(cell) ? Json() : Json(each.count);
  }
  json["published"] = std::move(published);
  Json rates = Json::array();
  for (std::size_t i = 0; i < outcome.rates.size(); ++i) {
    const privacy::Rate& rate = one.family.rates[i];
    const bool shown = outcome.rates[i] == RateMark::kShown;
    rates.push_back({{"num", one.family.cells[rate.numerator].name},
                     {"den", one.family.cells[rate.denominator].name},
                     {"percent", shown ? Json(privacy::PercentText(rate)) : Json()},
                     {"mark", shown                                ? "shown"
                              : outcome.rates[i] == RateMark::kFew ? "few"
                                                                   : "hidden"}});
  }
  if (!rates.empty()) json["rates"] = std::move(rates);
  // For the publisher alone: the pattern, and why.
  json["suppressed"] = Names(one, hidden);
  json["dropped"] = Names(one, [&](Cell cell) { return cells[cell] == CellState::kDropped; });
  json["shown"] = Names(one, [&](Cell cell) {
    return one.family.cells[cell].kind == privacy::CellKind::kUnprinted &&
           cells[cell] == CellState::kShown;
  });
  Json withheld = Json::array();
  for (std::size_t i = 0; i < outcome.pattern.rates_shown.size(); ++i) {
    if (!outcome.pattern.rates_shown[i]) withheld.push_back(i);
  }
  json["withheld_rates"] = std::move(withheld);
  json["primary"] = Names(one, small);
  json["complementary"] = Names(one, [&](Cell cell) { return hidden(cell) && !small(cell); });
  Json coarsened = Json::array(), tables = Json::array();
  for (const std::size_t step : outcome.coarsened) {
    coarsened.push_back(one.family.coarsenings[step].name);
  }
  for (const std::size_t table : outcome.withheld) tables.push_back(one.family.tables[table].name);
  json["coarsened"] = std::move(coarsened);
  json["withheld_tables"] = std::move(tables);
  return json;
}

void AddSuppressedRows(Sheet& sheet, const std::string& name, const FamilyCase& one,
                       const Protected& outcome) {
  for (Cell cell = 0; cell < one.family.cells.size(); ++cell) {
    const privacy::FamilyCell& each = one.family.cells[cell];
    const bool small = one.small.Has(each.count);
    const CellState state = outcome.pattern.cells[cell];
    const char* why = state == CellState::kShown     ? ""
                      : state == CellState::kDropped ? "withheld"
                      : small                        ? "small"
                                                     : "protects another";
    const Json printed = state == CellState::kShown    ? Json(each.count)
                         : state == CellState::kHidden ? Json("hidden")
                                                       : Json("");
    sheet.Add({name, each.name, printed, why});
  }
  for (std::size_t i = 0; i < outcome.rates.size(); ++i) {
    const privacy::Rate& rate = one.family.rates[i];
    const RateMark mark = outcome.rates[i];
    sheet.Add(
        {name,
         one.family.cells[rate.numerator].name + " / " + one.family.cells[rate.denominator].name,
         mark == RateMark::kShown ? privacy::PercentText(rate) + " %"
         : mark == RateMark::kFew ? "few"
                                  : "hidden",
         mark == RateMark::kFew ? "denominator too small" : ""});
  }
}

void SayOutcome(const std::string& name, const FamilyCase& one, const Protected& outcome) {
  std::uint64_t small = 0, beside = 0, dropped = 0;
  for (Cell cell = 0; cell < one.family.cells.size(); ++cell) {
    const bool is_small = one.small.Has(one.family.cells[cell].count);
    small += is_small;
    beside += outcome.pattern.cells[cell] == CellState::kHidden && !is_small;
    dropped += outcome.pattern.cells[cell] == CellState::kDropped &&
               one.family.cells[cell].kind != privacy::CellKind::kUnprinted;
  }
  std::string text = name + ": " + CountText(one.family.cells.size()) + " cells, " +
                     CountText(small) + " small, " + CountText(beside) + " hidden beside them";
  if (dropped != 0) text += ", " + CountText(dropped) + " withheld";
  for (const std::size_t step : outcome.coarsened) {
    text += "; given up: " + Harmless(one.family.coarsenings[step].name);
  }
  for (const std::size_t table : outcome.withheld) {
    text += "; table withheld: " + Harmless(one.family.tables[table].name);
  }
  if (outcome.detail_withheld) text += "; the parts of small totals are not printed";
  if (!outcome.safe) {
    text += "; NOT SAFE: what was printed before gives a small count away; print nothing of this";
  }
  Say(text);
}

Result<int> RunSuppress(const Shared& shared, const PrivacyFamilyOptions& options) {
  EQN_TRY(const FamilyFile file, ReadFamilies(options));
  Sheet sheet({"family", "cell", "printed", "why"});
  Json list = Json::array();
  bool safe = true;
  for (std::size_t i = 0; i < file.cases.size(); ++i) {
    const FamilyCase& one = file.cases[i];
    privacy::ProtectOptions protect;
    protect.rules = {one.small, LevelOf(options), options.least_denominator};
    EQN_TRY(const Protected outcome, privacy::Protect(one.family, protect));
    safe &= outcome.safe;
    SayOutcome(NameOf(one, i), one, outcome);
    if (shared.format == Format::kJson) {
      list.push_back(SuppressedJson(one, outcome, options));
    } else {
      AddSuppressedRows(sheet, NameOf(one, i), one, outcome);
    }
  }
  if (shared.format == Format::kJson) {
    const Json json = file.list ? Json{{"cases", list}} : list.at(0);
    EQN_CHECK(Print(json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"));
  } else {
    EQN_CHECK(Print(sheet.Text(shared.format)));
  }
  return safe ? kExitOk : kExitFailed;
}

const char* VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSafe:
      return "safe";
    case Verdict::kUnsafe:
      return "unsafe";
    case Verdict::kUndecided:
      return "undecided";
  }
  return "undecided";
}

// The keys of suppression_cases.json, so that the two can be laid side by side.
Json AuditedJson(const FamilyCase& one, const std::string& name, const AuditReport& report) {
  Json intervals = Json::object(), recovered = Json::object(), unproven = Json::array();
  bool exact = true, label = true;
  for (const Finding& finding : report.findings) {
    const std::string& cell = one.family.cells[finding.cell].name;
    intervals[cell] = {finding.low, finding.open ? Json() : Json(finding.high)};
    const bool proven = finding.low_proven && finding.high_proven;
    if (!proven) unproven.push_back(cell);
    if (proven && !finding.open && finding.low == finding.high) recovered[cell] = finding.low;
    if (!finding.small) continue;
    exact &= WideEnough(finding, Level::kExact, one.small);
    label &= WideEnough(finding, Level::kLabel, one.small);
  }
  return {{"name", name},
          {"verdict", VerdictName(report.verdict)},
          {"safe_exact", exact},
          {"safe_label", label},
          {"feasible_integer", std::move(intervals)},
          {"recovered", std::move(recovered)},
          {"unproven", std::move(unproven)}};
}

void AddAuditedRows(Sheet& sheet, const std::string& family, const FamilyCase& one,
                    const std::string& pattern, const AuditReport& report) {
  for (const Finding& finding : report.findings) {
    const bool proven = finding.low_proven && finding.high_proven;
    sheet.Add({family, pattern, one.family.cells[finding.cell].name, finding.low,
               finding.open ? Json("no end") : Json(finding.high), finding.small,
               finding.safe ? ""
               : proven     ? "NARROWED"
                            : "UNDECIDED"});
  }
}

Result<int> RunAudit(const Shared& shared, const PrivacyFamilyOptions& options) {
  EQN_TRY(FamilyFile file, ReadFamilies(options));
  if (!options.pattern.empty()) {
    if (file.list) return Usage("--pattern goes with a file of one family");
    EQN_TRY(const std::string text, ReadText(options.pattern, privacy::kMostFamilyBytes));
    EQN_TRY(Pattern pattern, privacy::ParsePattern(file.cases[0], text));
    file.cases[0].patterns = {{options.pattern.filename().string(), std::move(pattern)}};
  }
  Sheet sheet({"family", "pattern", "cell", "low", "high", "small", "verdict"});
  Json list = Json::array();
  bool safe = true;
  std::size_t patterns = 0;
  for (std::size_t i = 0; i < file.cases.size(); ++i) {
    const FamilyCase& one = file.cases[i];
    Json audited = Json::array();
    for (const privacy::NamedPattern& each : one.patterns) {
      privacy::AuditOptions audit;
      audit.small = one.small;
      audit.level = LevelOf(options);
      audit.intervals = true;
      EQN_TRY(const AuditReport report, privacy::Audit(one.family, each.pattern, audit));
      safe &= report.verdict == Verdict::kSafe;
      ++patterns;
      const std::string name = NameOf(one, i);
      Say(name + ", " + Harmless(each.name) + ": " + VerdictName(report.verdict));
      if (shared.format == Format::kJson) {
        audited.push_back(AuditedJson(one, each.name, report));
      } else {
        AddAuditedRows(sheet, name, one, each.name, report);
      }
    }
    Json json = Json::object();
    if (!one.id.empty()) json["id"] = one.id;
    json["level"] = options.level;
    json["patterns"] = std::move(audited);
    list.push_back(std::move(json));
  }
  if (patterns == 0) {
    return Usage(
        "there is no pattern to audit: name one with --pattern, or put \"patterns\" in the "
        "family's file");
  }
  if (shared.format == Format::kJson) {
    const Json json = file.list ? Json{{"cases", list}} : list.at(0);
    EQN_CHECK(Print(json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"));
  } else {
    EQN_CHECK(Print(sheet.Text(shared.format)));
  }
  return safe ? kExitOk : kExitFailed;
}

void DeclareFamily(Command command, PrivacyFamilyOptions& options) {
  command.AddOption("--input", options.input, "the release family, as docs/suppression.md has it")
      .Required()
      .TypeName("FAMILY.json");
  command
      .AddOption("--level", options.level,
                 "label: nothing is learnt beyond \"small\"; exact: only not the very count")
      .OneOf({"label", "exact"})
      .TypeName("LEVEL");
}

}  // namespace

void AddPrivacyFamily(Program program, Command privacy) {
  AddCommand<PrivacyFamilyOptions>(
      program, privacy, "suppress", "what of a release family may be printed",
      [](Command command, PrivacyFamilyOptions& options) {
        DeclareFamily(command, options);
        command
            .AddOption("--least-denominator", options.least_denominator,
                       "a rate over fewer is not printed")
            .Between(1, 1'000'000)
            .TypeName("N");
      },
      RunSuppress);
  AddCommand<PrivacyFamilyOptions>(
      program, privacy, "audit", "what a reader can work out of what is printed",
      [](Command command, PrivacyFamilyOptions& options) {
        DeclareFamily(command, options);
        command
            .AddOption("--pattern", options.pattern,
                       "what is hidden: a list of cells, or the output of suppress -o json")
            .TypeName("FILE");
      },
      RunAudit);
}

}  // namespace equinode::cli
