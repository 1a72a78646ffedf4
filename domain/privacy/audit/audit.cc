#include "domain/privacy/audit/audit.h"

#include <algorithm>

#include "domain/privacy/audit/fits.h"
#include "domain/privacy/audit/search.h"

namespace equinode::privacy {
namespace {

class Auditor {
 public:
  Auditor(const Family& family, const Pattern& pattern, const AuditOptions& options)
      : family_(family), pattern_(pattern), options_(options), effort_{options.max_effort} {
    for (const FamilyCell& cell : family.cells) truth_.push_back(cell.count);
  }

  Result<AuditReport> Run() {
    System system = SystemOf(family_, pattern_);
    Tighten(system);
    for (Cell cell = 0; cell < family_.cells.size(); ++cell) {
      if (Small(cell) && ReaderHas(family_, pattern_, cell)) AddSettled(cell);
    }
    for (const Unknown& unknown : system.unknowns) {
      if (unknown.cell && unknown.low == unknown.high) AddSettled(*unknown.cell);
    }
    for (const System& block : Blocks(system)) EQN_CHECK(RunBlock(block));
    std::sort(report_.findings.begin(), report_.findings.end(),
              [](const Finding& a, const Finding& b) { return a.cell < b.cell; });
    for (Finding& finding : report_.findings) Judge(finding);
    report_.effort = options_.max_effort - effort_.left;
    return std::move(report_);
  }

 private:
  bool Small(Cell cell) const { return options_.small.Has(family_.cells[cell].count); }

  void AddSettled(Cell cell) {
    if (!options_.intervals && !Small(cell)) return;
    Finding finding;
    finding.cell = cell;
    finding.small = Small(cell);
    finding.low = finding.high = family_.cells[cell].count;
    finding.low_proven = finding.high_proven = true;
    report_.findings.push_back(finding);
  }

  Status RunBlock(const System& block) {
    const auto wanted = [&](const Unknown& unknown) {
      return unknown.cell && (options_.intervals || Small(*unknown.cell));
    };
    if (std::none_of(block.unknowns.begin(), block.unknowns.end(), wanted)) return Ok();
    BlockSearch search(block, effort_);
    for (std::uint32_t i = 0; i < block.unknowns.size(); ++i) {
      const Unknown& unknown = block.unknowns[i];
      if (!unknown.cell || !Small(*unknown.cell)) continue;
      // At level exact any other value will do, on either side.
      const bool label = options_.level == Level::kLabel;
      search.Want(i, label ? options_.small.from : unknown.truth - 1,
                  label ? options_.small.to : unknown.truth + 1);
    }
    for (std::uint32_t i = 0; i < block.unknowns.size(); ++i) {
      if (!wanted(block.unknowns[i])) continue;
      Settle(search, i);
      Finding finding = Found(block, search, i);
      EQN_CHECK(CheckTables(finding));
      report_.findings.push_back(std::move(finding));
    }
    return Ok();
  }

  void Settle(BlockSearch& search, std::uint32_t i) {
    if (options_.intervals) {
      search.Search(i, 1, std::nullopt);
      search.Search(i, -1, std::nullopt);
      return;
    }
    const Reach& reach = search.reach(i);
    const auto enough = [&]() {
      return options_.level == Level::kExact && (reach.low_met() || reach.high_met());
    };
    if (!enough()) search.Search(i, 1, reach.high_wanted);
    if (!enough()) search.Search(i, -1, reach.low_wanted);
  }

  Finding Found(const System& block, const BlockSearch& search, std::uint32_t i) {
    const Reach& reach = search.reach(i);
    Finding finding;
    finding.cell = *block.unknowns[i].cell;
    finding.small = Small(finding.cell);
    finding.low = reach.low;
    finding.high = reach.high;
    finding.open = reach.open;
    finding.low_proven = reach.low_proven;
    finding.high_proven = reach.high_proven;
    if (finding.small) {
      finding.low_table = Table(block, reach.low_point);
      finding.high_table = Table(block, reach.high_point);
    }
    return finding;
  }

  OtherTable Table(const System& block, const Point& point) {
    OtherTable table;
    if (!point) return table;
    for (std::size_t i = 0; i < block.unknowns.size(); ++i) {
      const Unknown& unknown = block.unknowns[i];
      if (unknown.cell && (*point)[i] != unknown.truth) {
        table.emplace_back(*unknown.cell, (*point)[i]);
      }
    }
    return table;
  }

  // Takes the search at its word for nothing: the tables are held against the family.
  Status CheckTables(const Finding& finding) {
    for (const OtherTable* table : {&finding.low_table, &finding.high_table}) {
      if (table->empty()) continue;
      std::vector<std::int64_t> counts = truth_;
      for (const auto& [cell, count] : *table) counts[cell] = count;
      effort_.Spend(counts.size());
      if (!Fits(family_, pattern_, counts)) {
        return Error{Code::kInternal, "TABLE_DOES_NOT_FIT",
                     "the audit found a table that does not fit what is printed"};
      }
    }
    return Ok();
  }

  // A small count is safe by its tables alone.
  void Judge(Finding& finding) {
    if (!finding.small) return;
    Finding shown = finding;
    shown.low = shown.high = family_.cells[finding.cell].count;
    shown.open = false;
    for (const OtherTable* table : {&finding.low_table, &finding.high_table}) {
      for (const auto& [cell, count] : *table) {
        if (cell != finding.cell) continue;
        shown.low = std::min(shown.low, count);
        shown.high = std::max(shown.high, count);
      }
    }
    finding.safe = WideEnough(shown, options_.level, options_.small);
    if (finding.safe || report_.verdict == Verdict::kUnsafe) return;
    const bool proven = finding.low_proven && finding.high_proven;
    report_.verdict = proven || ProvenShort(finding) ? Verdict::kUnsafe : Verdict::kUndecided;
  }

  // One end that is proven and falls short is proof enough at level label.
  bool ProvenShort(const Finding& finding) const {
    return options_.level == Level::kLabel &&
           ((finding.low_proven && finding.low > options_.small.from) ||
            (finding.high_proven && !finding.open && finding.high < options_.small.to));
  }

  const Family& family_;
  const Pattern& pattern_;
  const AuditOptions& options_;
  Effort effort_;
  std::vector<std::int64_t> truth_{};
  AuditReport report_{};
};

}  // namespace

bool WideEnough(const Finding& finding, Level level, const SmallCounts& small) {
  if (level == Level::kExact) return finding.open || finding.low < finding.high;
  return finding.low <= small.from && (finding.open || finding.high >= small.to);
}

Result<AuditReport> Audit(const Family& family, const Pattern& pattern,
                          const AuditOptions& options) {
  EQN_CHECK(Check(family));
  EQN_CHECK(CheckPattern(family, pattern));
  return Auditor(family, pattern, options).Run();
}

}  // namespace equinode::privacy
