// How good the data behind a programme's figures are.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "domain/equity/counts/count_table.h"
#include "domain/equity/quality/gate.h"

namespace equinode::equity::programs {

// Of one measure, period and dimension. Groups are the programme's: who answered and is in none of
// them is outside.
struct DataGate {
  std::string organisation{};
  std::string measure{};
  std::string period{};  // The role: "previous", "current".
  std::string dimension{};
  DataQuality quality{};
  // Share of all whose group they told themselves; with sources.
  std::optional<equity::Figure> direct{};
};

// Gathers the strata of a table as they are laid out for a programme.
class Gates {
 public:
  // A group's name is the programme's; "" = the stratum answered and is none of its groups.
  Status Take(const std::string& organisation, const Series& series, const std::string& role,
              const std::string& group, const CellCounts& counts);
  void TakeTotal(const std::string& organisation, const Series& series, const std::string& role,
                 const CellCounts& counts);
  // `everybody` answers for a dimension without a total of its own, or gives nothing.
  template <typename Everybody>
  Result<std::vector<DataGate>> All(Everybody everybody) const {
    std::vector<DataGate> out;
    for (const auto& [key, strata] : strata_) {
      const auto& [organisation, measure, role, dimension] = key;
      EQN_TRY(DataGate gate, One(strata, everybody(organisation, measure, role)));
      gate.organisation = organisation;
      gate.measure = measure;
      gate.period = role;
      gate.dimension = dimension;
      out.push_back(std::move(gate));
    }
    return out;
  }

 private:
  struct Sum {
    std::map<std::string, CellCounts> groups{};  // By name; people without an answer by theirs.
    std::vector<std::string> order{};
    CellCounts all{};
    bool any = false;
  };
  struct Strata {
    MeasureKind kind = MeasureKind::kProportion;
    std::optional<CellCounts> total{};
    Sum whole{};                // Of rows without a source,
    std::optional<Sum> each{};  // and of those with one, where they came.
    CellCounts direct{};
  };
  static Result<DataGate> One(const Strata& strata, const std::optional<CellCounts>& everybody);
  static Status Into(Sum& sum, const Series& series, const std::string& group,
                     const CellCounts& counts);

  // Organisation, measure, role, dimension.
  std::map<std::tuple<std::string, std::string, std::string, std::string>, Strata> strata_{};
};

}  // namespace equinode::equity::programs
