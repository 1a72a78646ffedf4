// The engine: a programme's rows over some evidence, and the value of each figure on each row.
// Figures are computed when asked for and kept until the counts are changed; so the same engine
// answers what the figure is, how many members are missing to the next band, and how it spreads.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/equity/money/pool.h"
#include "domain/equity/programs/evidence.h"
#include "domain/equity/programs/programme.h"
#include "domain/equity/programs/programme_check.h"

namespace equinode::equity::programs {

// Reading -> option. What is not said is the default.
using Choices = std::map<std::string, std::string>;

class Scorer {
 public:
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

  struct Row {
    Level level = Level::kProgramme;
    std::string organisation{};  // Empty on the programme's own row.
    std::string measure{};
    GroupKey group{};
    std::size_t parent = kNowhere;
    std::vector<std::size_t> below{};
    const ProgrammeMeasure* listed = nullptr;  // The measure as the programme has it, if it does.
    Better better = Better::kUnknown;          // Of the measure.
  };
  // Counts that a figure is made from.
  struct Used {
    CellName::Who who = CellName::Who::kOwn;
    std::string period{};  // The role.
    std::size_t cell = kNowhere;
  };
  // A number of people among people, or a rate that was given. `num` and `den` are what is
  // supposed: in simulations other counts, for bounds ranges; `counts` is what came.
  struct Cell {
    Evidence::Key key{};
    std::optional<CellCounts> counts{};
    std::optional<Rational> given{};
    MeasureKind kind = MeasureKind::kProportion;
    std::int64_t num = 0, num_high = 0;
    std::int64_t den = 0, den_high = 0;
    // Of a proportion, where it is supposed how many are not in the numerator: `den` follows.
    std::optional<Count> misses{};
    bool hidden = false;  // Bounds or noised, and nobody has said what to suppose.
  };

  // `programme` and `evidence` outlive it. BAD_READING for a reading or an option that there is
  // not.
  static Result<Scorer> Make(const Programme& programme, const Evidence& evidence,
                             const Choices& choices);

  const Programme& programme() const { return *programme_; }
  const Choices& choices() const { return choices_; }  // Every reading with its option.
  const std::vector<Row>& rows() const { return rows_; }
  const std::vector<Cell>& cells() const { return cells_; }
  // The figures that hold under the choices, in their order.
  const std::vector<const Figure*>& figures() const { return figures_; }

  // The figure's place in figures() or kNowhere.
  std::size_t FigureAt(std::string_view name) const;
  Value Get(std::size_t row, std::size_t figure) const;
  // What the row's figures of its own level are made from, sums over rows below left out.
  std::vector<Used> UsedBy(std::size_t row) const;
  // All cells that figure needs on that row, rows below and beside included.
  std::set<std::size_t> CellsOf(std::size_t row, std::size_t figure) const;
  // The cell of a row's own counts in a period, or kNowhere.
  std::size_t CellAt(std::size_t row, CellName::Who who, std::string_view period) const;

  // Supposes other counts for what is asked next, and forgets every figure.
  void Suppose(std::size_t cell, std::int64_t num, std::int64_t den);
  // Supposes that both lie within these; figures become ranges.
  void SupposeWithin(std::size_t cell, const Count& num, const Count& den);
  // The same of a proportion by who is in the numerator and who is not: no range is lost.
  void SupposeParts(std::size_t cell, const Count& hits, const Count& misses);
  // Back to what came.
  void Restore();

  // Listed measures for which nothing came.
  const std::vector<std::string>& without_data() const { return without_data_; }

 private:
  friend class RowScope;
  Scorer(const Programme& programme, const Evidence& evidence)
      : programme_(&programme), evidence_(&evidence) {}
  // What a name of the rules stands for.
  struct Meaning {
    enum class Kind : std::uint8_t {
      kYes,
      kNo,
      kDirection,
      kWeight,
      kTag,
      kBenchmark,
      kFact,
      kCell,
      kFigure,
      kPool
    };
    Kind kind = Kind::kPool;
    std::string_view rest{};  // What comes after the point.
    CellName cell{};
    std::size_t at = kNowhere;  // Among the programme's benchmarks or facts, or in figures().
  };
  Status Choose(const Choices& choices);
  Meaning MeaningOf(std::string_view name) const;
  void ListUsed();
  void MakeRows();
  void MakePlaces();
  std::size_t AddRow(Row row);
  void AddGroups(std::size_t measure_row);
  Value Compute(std::size_t row, const Figure& figure) const;
  Value CellValue(std::size_t row, const CellName& name) const;
  Value MeanValue(std::size_t row, const CellName& name, const ProgrammeMeasure& measure) const;
  Value BenchmarkValue(std::size_t row, std::size_t benchmark) const;
  Value FactValue(std::size_t row, const NamedInput& fact) const;
  Value Over(std::size_t row, const Expression& call) const;
  Value Place(std::size_t row, const Expression& call) const;
  Level LevelBelow(std::size_t row, const Expression& rule) const;
  void MakePool() const;
  Value WhatOf(const Cell& cell, CellName::What what) const;
  Value PoolValue(std::size_t row, std::string_view name) const;
  const ProgrammeMeasure* MeasureOf(const std::string& id) const;
  std::size_t FindCell(const Evidence::Key& key) const;
  std::size_t LookUp(const Row& row, CellName::Who who, const std::string& period) const;
  std::vector<std::size_t> RowsBelow(std::size_t row, Level level) const;
  std::size_t Above(std::size_t row, Level level) const;
  void Collect(std::size_t row, const Expression& rule, std::set<std::size_t>& cells,
               std::set<std::pair<std::size_t, std::size_t>>& seen) const;

  const Programme* programme_;
  const Evidence* evidence_;
  Choices choices_{};
  std::vector<const Figure*> figures_{};
  const PoolRule* pool_ = nullptr;
  std::vector<Row> rows_{};
  std::vector<Cell> cells_{};
  std::vector<Cell> came_{};
  std::map<Evidence::Key, std::size_t> cell_of_{};
  // Said once, for they are asked for again and again: names by their text in the programme, cells
  // by row, whose and period, benchmarks by row (unset = not looked up yet).
  std::unordered_map<std::string_view, Meaning> meanings_{};
  std::array<std::vector<Used>, 4> used_{};  // By level.
  std::vector<std::size_t> places_{};
  mutable std::vector<std::optional<Value>> benchmarks_{};
  std::vector<std::string> without_data_{};
  struct Known {
    std::uint64_t at = 0;  // What was supposed when it was computed; 0 = never.
    Value value{};
  };
  mutable std::vector<Known> known_{};  // rows x figures
  std::uint64_t supposed_ = 1;          // Rises whenever something else is supposed.
  std::vector<std::size_t> changed_{};  // Cells that are not as they came.
  mutable std::optional<PoolMoney> pool_money_{};
  mutable std::string pool_fault_{};
};

}  // namespace equinode::equity::programs
