#include "domain/equity/programs/evidence.h"

#include <algorithm>
#include <set>

namespace equinode::equity::programs {
namespace {

bool Contains(const std::vector<std::string>& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

bool Is(const NamedGroup& group, const std::string& name) {
  return group.name == name || Contains(group.also, name);
}

// How one series counts: as everybody, as a group, or not at all.
enum class Part : std::uint8_t { kEverybody, kTotal, kGroup, kNoGroup, kElsewhere };

class Laying {
 public:
  Laying(const Programme& programme, const CountTable& table, const EvidenceOptions& options)
      : programme_(programme), table_(table), options_(options) {}

  Result<Evidence> Lay() {
    EQN_CHECK(ChoosePeriods());
    EQN_CHECK(CheckDimensions());
    for (const Cell& cell : table_.cells) EQN_CHECK(Take(cell));
    for (const auto& [key, counts] : by_source_) {
      evidence_.standings.emplace(key, Standing{counts, {}});
    }
    FillEverybody();
    EQN_TRY(evidence_.gates, gates_.All([&](const std::string& organisation,
                                            const std::string& measure, const std::string& role) {
      const auto found = evidence_.standings.find({organisation, measure, role, {}});
      return found == evidence_.standings.end() ? std::nullopt : found->second.counts;
    }));
    Notes();
    return std::move(evidence_);
  }

 private:
  struct Sums {
    std::optional<CellCounts> total{};
    std::map<std::pair<std::string, std::string>, CellCounts> strata{};  // By dimension, source.
  };

  Status ChoosePeriods() {
    std::set<std::string> seen;
    for (const Series& series : table_.series) seen.insert(series.period);
    for (const auto& [role, name] : options_.periods) {
      if (!Contains(programme_.periods, role)) {
        return Error{Code::kInvalidArgument, "NO_SUCH_PERIOD",
                     programme_.id + " has no period " + role + ": " + Roles()};
      }
      if (!seen.contains(name)) {
        return Error{Code::kInvalidArgument, "NO_SUCH_PERIOD", "the counts have no period " + name};
      }
      roles_[name] = role;
      evidence_.period_names[role] = name;
      seen.erase(name);
    }
    std::vector<std::string> free(seen.begin(), seen.end());
    for (auto role = programme_.periods.rbegin(); role != programme_.periods.rend(); ++role) {
      if (evidence_.period_names.contains(*role) || free.empty()) continue;
      roles_[free.back()] = *role;
      evidence_.period_names[*role] = free.back();
      free.pop_back();
    }
    if (!free.empty()) {
      std::string text = "periods not used:";
      for (const std::string& name : free) text.append(" ").append(name);
      evidence_.notes.push_back(std::move(text));
    }
    return Ok();
  }
  std::string Roles() const {
    std::string text = "it has";
    for (const std::string& role : programme_.periods) text.append(" ").append(role);
    return text;
  }

  Status CheckDimensions() const {
    std::set<std::string> seen;
    for (const Series& series : table_.series) {
      if (PartOf(series) == Part::kGroup) seen.insert(series.dimension);
    }
    std::string names;
    for (const std::string& name : seen) names.append(names.empty() ? "" : ", ").append(name);
    if (!options_.dimension.empty() && !seen.contains(options_.dimension)) {
      return Error{Code::kInvalidArgument, "NO_SUCH_DIMENSION",
                   "the counts have no groups of " + programme_.id + " in the dimension " +
                       options_.dimension};
    }
    if (programme_.one_dimension && seen.size() > 1) {
      return Error{Code::kInvalidArgument, "MANY_DIMENSIONS",
                   programme_.id + " compares the groups of one dimension and there are " + names +
                       ": choose with --dimension"};
    }
    return Ok();
  }

  // Groups of people only make sense in the frame they were counted in.
  Status CheckFrame(const Series& series) {
    if (series.frame.empty()) return Ok();
    if (!programme_.frames.empty() && !Contains(programme_.frames, series.frame)) {
      std::string wanted;
      for (const std::string& frame : programme_.frames) {
        wanted.append(wanted.empty() ? "" : " or ").append(frame);
      }
      return Error{Code::kInvalidArgument, "FRAME_DIFFERS",
                   "the groups of dimension " + series.dimension + " are of the frame " +
                       series.frame + "; " + programme_.id + " is about " + wanted +
                       ". Count the people anew in that frame: a change of frame moves people " +
                       "between groups"};
    }
    if (frame_.empty()) frame_ = series.frame;
    if (frame_ != series.frame) {
      return Error{Code::kInvalidArgument, "FRAME_DIFFERS",
                   "the counts are of two frames, " + frame_ + " and " + series.frame +
                       "; groups of different frames are not compared"};
    }
    return Ok();
  }

  Part PartOf(const Series& series) const {
    if (series.dimension.empty()) return Part::kEverybody;
    if (!options_.dimension.empty() && series.dimension != options_.dimension) {
      return Part::kElsewhere;
    }
    if (!programme_.dimensions.empty() && !Contains(programme_.dimensions, series.dimension)) {
      return Part::kElsewhere;
    }
    if (series.stratum.empty()) return Part::kTotal;
    if (programme_.reference && Is(*programme_.reference, series.stratum)) return Part::kGroup;
    if (programme_.groups.empty()) {
      return IsNoAnswer(series.stratum) ? Part::kNoGroup : Part::kGroup;
    }
    for (const NamedGroup& group : programme_.groups) {
      if (Is(group, series.stratum)) return Part::kGroup;
    }
    return Part::kNoGroup;
  }

  std::string ProgrammesName(const std::string& stratum) const {
    if (programme_.reference && Is(*programme_.reference, stratum))
      return programme_.reference->name;
    for (const NamedGroup& group : programme_.groups) {
      if (Is(group, stratum)) return group.name;
    }
    return stratum;
  }

  Status Take(const Cell& cell) {
    const Series& series = table_.series[cell.series];
    const auto role = roles_.find(series.period);
    if (role == roles_.end()) return Ok();
    if (!Wanted(series.measure)) {
      ignored_.insert(series.measure);
      return Ok();
    }
    MeasureTraits& traits = evidence_.measures[series.measure];
    traits = {series.kind, series.better};
    Evidence::Key key{table_.organisations[cell.organisation], series.measure, role->second, {}};
    const Part part = PartOf(series);
    switch (part) {
      case Part::kElsewhere:
        other_dimensions_.insert(series.dimension);
        return Ok();
      case Part::kEverybody:
        if (series.source.empty()) evidence_.standings[key] = {cell.counts, {}};
        return Ok();
      case Part::kTotal:
        if (series.source.empty()) {
          sums_[key].total = cell.counts;
          gates_.TakeTotal(key.organisation, series, key.period, cell.counts);
        }
        return Ok();
      case Part::kGroup:
      case Part::kNoGroup:
        break;
    }
    EQN_CHECK(CheckFrame(series));
    for (const auto& [stratum, source] : programme_.sources_of) {
      if (series.stratum == stratum && !series.source.empty() && series.source != source) {
        odd_sources_.insert(stratum + " with source " + series.source + ", not " + source);
      }
    }
    CellCounts& sum = sums_[key].strata[{series.dimension, series.source.empty() ? "" : "each"}];
    EQN_TRY(sum, Add(sum, cell.counts));
    EQN_CHECK(gates_.Take(key.organisation, series, key.period,
                          part == Part::kGroup ? ProgrammesName(series.stratum) : "", cell.counts));
    if (part == Part::kNoGroup) {
      if (!IsNoAnswer(series.stratum)) outside_.insert(series.stratum);
      return Ok();
    }
    // Only a programme that keeps them apart has rows for each source; for others they add up.
    const bool summed = !series.source.empty() && !programme_.by_source;
    key.group = {programme_.groups.empty() ? series.dimension : "", ProgrammesName(series.stratum),
                 summed ? "" : series.source};
    if (summed) {
      CellCounts& each = by_source_[key];
      EQN_TRY(each, Add(each, cell.counts));
      return Ok();
    }
    if (!evidence_.standings.emplace(key, Standing{cell.counts, {}}).second) {
      return Error{Code::kInvalidArgument, "SAME_GROUP_TWICE",
                   "two rows of measure " + series.measure + ", period " + series.period +
                       " are the group " + key.group.group};
    }
    return Ok();
  }

  bool Wanted(const std::string& measure) const {
    if (programme_.any_measure) return true;
    for (const ProgrammeMeasure& each : programme_.measures) {
      if (each.id == measure || each.of_measure == measure || Contains(each.mean_of, measure)) {
        return true;
      }
    }
    return false;
  }

  void FillEverybody() {
    for (const auto& [key, sums] : sums_) {
      if (evidence_.standings.contains(key)) continue;
      if (sums.total) {
        evidence_.standings[key] = {*sums.total, {}};
      } else if (!sums.strata.empty()) {
        evidence_.standings[key] = {sums.strata.begin()->second, {}};
        summed_ = true;
      }
    }
  }

  void Note(std::string_view what, const std::set<std::string>& names) {
    if (names.empty()) return;
    std::string text(what);
    for (const std::string& name : names) {
      text.append(text.back() == ':' ? " " : ", ").append(name);
    }
    evidence_.notes.push_back(std::move(text));
  }
  void Notes() {
    Note("measures that the programme does not have:", ignored_);
    Note("dimensions that the programme does not look at:", other_dimensions_);
    Note("groups that the programme has no place for; they count in the overall rate:", outside_);
    Note("strata of another source than the programme has them:", odd_sources_);
    if (summed_) {
      evidence_.notes.push_back("no row for everybody: overall is the sum of the strata");
    }
  }

  const Programme& programme_;
  const CountTable& table_;
  const EvidenceOptions& options_;
  Evidence evidence_{};
  std::map<std::string, std::string> roles_{};  // The counts' period -> role.
  std::map<Evidence::Key, Sums> sums_{};
  Gates gates_{};
  std::map<Evidence::Key, CellCounts> by_source_{};  // Groups whose sources are added up.
  std::string frame_{};
  std::set<std::string> ignored_{}, other_dimensions_{}, outside_{}, odd_sources_{};
  bool summed_ = false;
};

}  // namespace

Result<Evidence> EvidenceOf(const Programme& programme, const CountTable& table,
                            const EvidenceOptions& options) {
  return Laying(programme, table, options).Lay();
}

}  // namespace equinode::equity::programs
