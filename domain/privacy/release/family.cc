#include "domain/privacy/release/family.h"

#include <algorithm>
#include <set>
#include <utility>

#include "domain/needs/measures/count_ties.h"

namespace equinode {
namespace {

const Error kInconsistent{Code::kInternal, "COUNTS_INCONSISTENT",
                          "the counts of the report contradict each other; nothing is released"};

// Strata of people whose answer is not known, in every list.
bool IsNoAnswer(std::string_view stratum) {
  return stratum == kStratumDeclined || stratum == kStratumUnknown || stratum == kStratumNotAsked;
}

// An availability measure counts the people of the answered strata of its own question.
struct Question {
  std::string_view measure;
  std::string_view self_reported;
  std::vector<Stratifier> stratifiers;
};
const std::vector<Question>& Questions() {
  static const std::vector<Question> questions = {
      {"available.race",
       "selfreported.race",
       {Stratifier::kRaceOmb1997, Stratifier::kRaceEthnicityOmb2024}},
      {"available.ethnicity", "selfreported.ethnicity", {Stratifier::kEthnicityOmb1997}},
      {"available.language", "selfreported.language", {Stratifier::kLanguage}}};
  return questions;
}

}  // namespace

// Collects the values by key first, so that the numbering does not depend on the order of tables.
class FamilyBuilder {
 public:
  explicit FamilyBuilder(const RawFamily& raw) : raw_(raw) {}

  Result<ReleaseFamily> Run() {
    for (const RawFamily::Table& table : raw_.tables) EQN_CHECK(TakeTable(table.counts));
    EQN_CHECK(TakeExcluded());
    EQN_CHECK(TakeNotSelf());
    EQN_CHECK(TakeTies());
    Number();
    AddRowEquations();
    AddTies();
    AddSums();
    AddAvailability();
    EQN_CHECK(Verify());
    NameTables();
    return std::move(family_);
  }

 private:
  Status Put(const CellKey& key, std::uint64_t value) {
    const auto [entry, first] = known_.try_emplace(key, value);
    if (entry->second != value) return kInconsistent;
    return Ok();
  }

  static CellKey DenominatorKey(const RawTable& table, const RawCell& cell, bool total) {
    CellKey key;
    if (!CountsPopulation(table.measure)) {
      key.role = CellRole::kDenominator;
      key.measure = table.measure;
    }
    if (!total) {
      key.stratifier = table.stratifier;
      key.stratum = cell.stratum;
    }
    return key;
  }
  static CellKey As(CellKey key, CellRole role, std::string_view measure) {
    key.role = role;
    key.measure = measure;
    return key;
  }

  Status TakeCell(const RawTable& table, const RawCell& cell, bool total) {
    if (cell.numerator > cell.denominator) return kInconsistent;
    const CellKey key = DenominatorKey(table, cell, total);
    EQN_CHECK(Put(key, cell.denominator));
    if (table.measure == kMeasurePopulation) return Ok();
    EQN_CHECK(Put(As(key, CellRole::kNumerator, table.measure), cell.numerator));
    return Put(As(key, CellRole::kComplement, table.measure), cell.denominator - cell.numerator);
  }

  Status TakeTable(const RawTable& table) {
    for (const RawCell& cell : table.cells) EQN_CHECK(TakeCell(table, cell, false));
    return TakeCell(table, table.total, true);
  }

  // A further cell `role` = `whole` - `part`, wherever both are known.
  Status TakeDifference(CellRole role, std::string_view measure, CellRole whole,
                        std::string_view whole_measure, CellRole part,
                        std::string_view part_measure) {
    const std::map<CellKey, std::uint64_t> before = known_;
    for (const auto& [key, value] : before) {
      if (key.role != part || key.measure != part_measure) continue;
      const auto found = before.find(As(key, whole, whole_measure));
      if (found == before.end()) continue;
      if (value > found->second) return kInconsistent;
      EQN_CHECK(Put(As(key, role, measure), found->second - value));
    }
    return Ok();
  }

  Status TakeExcluded() {
    std::set<std::string> imported;
    for (const auto& [key, value] : known_) {
      if (key.role == CellRole::kDenominator) imported.insert(key.measure);
    }
    for (const std::string& measure : imported) {
      EQN_CHECK(TakeDifference(CellRole::kExcluded, measure, CellRole::kPopulation, "",
                               CellRole::kDenominator, measure));
    }
    return Ok();
  }

  Status TakeNotSelf() {
    for (const Question& question : Questions()) {
      EQN_CHECK(TakeDifference(CellRole::kNotSelf, question.measure, CellRole::kNumerator,
                               question.measure, CellRole::kNumerator, question.self_reported));
    }
    return Ok();
  }

  // What a tie is about, wherever that is.
  static CellKey KeyOf(const CountName& name) {
    CellKey key;
    if (name.measure.starts_with('=')) {
      key.role = CellRole::kMade;
    } else if (name.numerator) {
      key.role = CellRole::kNumerator;
    } else if (!CountsPopulation(name.measure)) {
      key.role = CellRole::kDenominator;
    }
    if (key.role != CellRole::kPopulation) key.measure = name.measure;
    return key;
  }
  static CellKey At(CellKey key, const CellKey& place) {
    key.stratifier = place.stratifier;
    key.stratum = place.stratum;
    return key;
  }

  Status TakeTies() {
    std::set<std::string> measures;
    for (const RawFamily::Table& table : raw_.tables) measures.insert(table.counts.measure);
    const std::vector<std::string> names(measures.begin(), measures.end());
    for (const CountTie& tie : TiesOf(names)) EQN_CHECK(TakeTie(tie));
    return Ok();
  }

  // In each cell where any part is counted. Tables by other stratifiers may count only some.
  Status TakeTie(const CountTie& tie) {
    std::map<std::pair<std::optional<Stratifier>, std::string>, std::vector<CellKey>> places;
    for (const CountName& part : tie.parts) {
      const CellKey wanted = KeyOf(part);
      for (auto at = known_.lower_bound(wanted);
           at != known_.end() && at->first.role == wanted.role &&
           at->first.measure == wanted.measure;
           ++at) {
        places[{at->first.stratifier, at->first.stratum}].push_back(at->first);
      }
    }
    for (const auto& [place, parts] : places) EQN_CHECK(TakeTieAt(tie, parts));
    return Ok();
  }

  Status TakeTieAt(const CountTie& tie, std::vector<CellKey> parts) {
    std::uint64_t sum = 0;
    for (const CellKey& part : parts) sum += known_.at(part);
    const bool complete = tie.rest.empty() && parts.size() == tie.parts.size();
    const CellKey whole = At(KeyOf(tie.whole), parts.front());
    if (whole.role == CellRole::kMade && complete) EQN_CHECK(Put(whole, sum));
    const auto found = known_.find(whole);
    if (found == known_.end()) return Ok();
    const std::uint64_t all = found->second;
    if (sum > all || (complete && sum != all)) return kInconsistent;
    if (!complete) {
      CellKey rest = As(parts.front(), CellRole::kRest, tie.rest);
      if (tie.rest.empty()) rest.measure = "not all of " + tie.whole.measure;
      EQN_CHECK(Put(rest, all - sum));
      parts.push_back(std::move(rest));
    }
    ties_.emplace_back(whole, std::move(parts));
    return Ok();
  }

  void AddTies() {
    for (const auto& [whole, parts] : ties_) {
      std::vector<CellIndex> cells;
      for (const CellKey& part : parts) cells.push_back(family_.keys_.at(part));
      // Where all of them are hidden, no number of it is printed.
      AddEquation(family_.keys_.at(whole), std::move(cells), true);
    }
  }

  void Number() {
    for (const auto& [key, value] : known_) {
      family_.keys_.emplace(key, static_cast<CellIndex>(family_.cells_.values.size()));
      family_.cells_.values.push_back(value);
    }
  }

  std::optional<CellIndex> Find(const CellKey& key) const {
    const auto found = family_.keys_.find(key);
    if (found == family_.keys_.end()) return std::nullopt;
    return found->second;
  }

  void AddEquation(CellIndex total, std::vector<CellIndex> parts, bool within_stratum = false) {
    family_.cells_.equations.push_back({total, std::move(parts), within_stratum});
  }

  // whole = part + rest, in each stratum and in the total.
  void AddSplit(CellRole whole, const CellKey& part, CellRole rest, std::string_view whole_measure,
                std::string_view rest_measure) {
    const auto total = Find(As(part, whole, whole_measure));
    const auto other = Find(As(part, rest, rest_measure));
    if (!total || !other) return;
    AddEquation(*total, {family_.keys_.at(part), *other}, part.stratifier.has_value());
  }

  void AddRowEquations() {
    for (const auto& [key, cell] : family_.keys_) {
      if (key.role == CellRole::kNumerator) {
        const bool built_in = CountsPopulation(key.measure);
        AddSplit(built_in ? CellRole::kPopulation : CellRole::kDenominator, key,
                 CellRole::kComplement, built_in ? "" : key.measure, key.measure);
        for (const Question& question : Questions()) {
          if (key.measure != question.self_reported) continue;
          AddSplit(CellRole::kNumerator, key, CellRole::kNotSelf, question.measure,
                   question.measure);
        }
      }
      if (key.role == CellRole::kDenominator) {
        AddSplit(CellRole::kPopulation, key, CellRole::kExcluded, "", key.measure);
      }
    }
  }

  // A total is the sum of the strata of each stratifier.
  void AddSums() {
    std::map<std::tuple<CellRole, std::string, Stratifier>, std::vector<CellIndex>> parts;
    for (const auto& [key, cell] : family_.keys_) {
      if (key.stratifier) parts[{key.role, key.measure, *key.stratifier}].push_back(cell);
    }
    for (auto& [which, cells] : parts) {
      const auto& [role, measure, stratifier] = which;
      const auto total = Find({role, measure, std::nullopt, ""});
      const bool in_no_table = role == CellRole::kRest || role == CellRole::kMade;
      if (total) AddEquation(*total, std::move(cells), in_no_table);
    }
  }

  // Who is available is who is in an answered stratum, and who is not is not. That is so in OMB
  // 1997 and for languages (domain/people/facts); in OMB 2024, where one half of the question may
  // be answered alone, only where the numbers say so.
  void AddAvailability() {
    for (const Question& question : Questions()) {
      for (const Stratifier stratifier : question.stratifiers) {
        AddAvailabilityOf(question, stratifier);
      }
    }
  }

  void AddAvailabilityOf(const Question& question, Stratifier stratifier) {
    const std::string measure(question.measure);
    const auto known = Find({CellRole::kNumerator, measure, std::nullopt, ""});
    const auto not_known = Find({CellRole::kComplement, measure, std::nullopt, ""});
    if (!known || !not_known) return;
    std::vector<CellIndex> answered;
    std::vector<CellIndex> unanswered;
    std::uint64_t sum = 0;
    for (const auto& [key, cell] : family_.keys_) {
      if (key.role != CellRole::kPopulation || key.stratifier != stratifier) continue;
      const bool answer = !IsNoAnswer(key.stratum);
      (answer ? answered : unanswered).push_back(cell);
      if (answer) sum += family_.cells_.values[cell];
    }
    if (answered.empty() || sum != family_.cells_.values[*known]) return;
    AddEquation(*known, std::move(answered));
    AddEquation(*not_known, std::move(unanswered));
  }

  Status Verify() const {
    for (const CellEquation& equation : family_.cells_.equations) {
      std::uint64_t sum = 0;
      for (const CellIndex part : equation.parts) sum += family_.cells_.values[part];
      if (sum != family_.cells_.values[equation.total]) return kInconsistent;
    }
    return Ok();
  }

  void NameTables() {
    for (const RawFamily::Table& named : raw_.tables) {
      const RawTable& table = named.counts;
      TableCells cells;
      const auto add = [&](const RawCell& cell, bool total) {
        const CellKey key = DenominatorKey(table, cell, total);
        TableCells::Pair pair{family_.keys_.at(key), std::nullopt};
        if (table.measure != kMeasurePopulation) {
          pair.numerator = family_.keys_.at(As(key, CellRole::kNumerator, table.measure));
        }
        cells.cells.push_back(pair);
      };
      for (const RawCell& cell : table.cells) add(cell, false);
      add(table.total, true);
      family_.tables_.push_back(std::move(cells));
    }
  }

  const RawFamily& raw_;
  std::map<CellKey, std::uint64_t> known_{};
  std::vector<std::pair<CellKey, std::vector<CellKey>>> ties_{};  // A whole and its parts.
  ReleaseFamily family_{};
};

Result<ReleaseFamily> ReleaseFamily::Build(const RawFamily& raw) {
  return FamilyBuilder(raw).Run();
}

}  // namespace equinode
