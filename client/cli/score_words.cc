#include "client/cli/score_words.h"

#include <algorithm>

namespace equinode::cli {

using namespace equity::programs;  // NOLINT: this file speaks of nothing else.
using equity::programs::Unit;      // Not the value-less success.

namespace {

std::string OneCount(const equity::Count& count) {
  std::string text = std::to_string(count.lower);
  if (count.bounded()) text.append("..").append(std::to_string(count.upper));
  if (count.noised()) text.append("~");
  return text;
}

Unit UnitOf(const Programme& programme, const std::string& figure) {
  for (const Figure& each : programme.figures) {
    if (each.name == figure) return each.unit;
  }
  return Unit::kNumber;
}

// "3 more numerator hits: points 1.25"
std::string DistanceText(const Programme& programme, const Distance& distance) {
  const std::int64_t members = distance.members < 0 ? -distance.members : distance.members;
  return std::to_string(members) + (distance.members < 0 ? " fewer" : " more") +
         (members == 1 ? " numerator hit: " : " numerator hits: ") + distance.figure + " " +
         Text(distance.next, UnitOf(programme, distance.figure));
}

// "1.25", "0..2" where it is a range, "-1..1" of places in words.
std::string RangeText(const Value& low, const std::optional<Value>& high, Unit unit) {
  std::string text = Text(low, unit);
  if (!high) return text;
  const std::string other = Text(*high, unit);
  return other == text ? text : text.append("..").append(other);
}

std::string OtherText(const Programme& programme, const OtherReading& other) {
  const std::string value = RangeText(other.value, other.upper, UnitOf(programme, other.figure));
  return other.reading + "=" + other.option + ": " + other.figure + " " +
         (value.empty() ? other.value.reason : value);
}

std::string PercentText(double chance) {
  return equity::Rational::FromDouble(chance * 100).Text(1) + "%";
}

// The chances, or the quantiles where there are many values.
std::string SpreadText(const Programme& programme, const std::string& figure,
                       const Spread& spread) {
  const Unit unit = UnitOf(programme, figure);
  std::string text = figure + (spread.exact ? " (exact):" : " (drawn):");
  if (spread.chances.size() <= 12) {
    for (const auto& [value, chance] : spread.chances) {
      text.append(" ")
          .append(Text(value, unit))
          .append(" ")
          .append(PercentText(chance))
          .append(",");
    }
  } else {
    double passed = 0;
    std::size_t at = 0;
    for (const double quantile : {0.05, 0.5, 0.95}) {
      while (at + 1 < spread.chances.size() && passed + spread.chances[at].second < quantile) {
        passed += spread.chances[at++].second;
      }
      text.append(quantile < 0.1 ? " 5% " : quantile < 0.6 ? " 50% " : " 95% ");
      text.append(Text(spread.chances[at].first, unit)).append(",");
    }
  }
  if (spread.undecided > 0)
    text.append(" undecided ").append(PercentText(spread.undecided)).append(",");
  text.pop_back();
  return text;
}

template <typename List, typename Say>
std::string Joined(const List& list, Say say) {
  std::string text;
  for (const auto& each : list) text.append(text.empty() ? "" : "; ").append(say(each));
  return text;
}

std::string Percent(double share) {
  return equity::Rational::FromDouble(share * 100).Text(1) + "%";
}

}  // namespace

std::string ReadingsText(const Choices& readings) {
  std::string text;
  for (const auto& [name, option] : readings) {
    text.append(text.empty() ? "" : " ").append(name).append("=").append(option);
  }
  return text;
}

std::string CountsText(const ScoreRow& row) {
  std::string text;
  for (const ScoreRow::Counts& counts : row.counts) {
    text.append(text.empty() ? "" : ", ").append(counts.who).append(" ").append(counts.period);
    if (counts.standing.counts) {
      text.append(" ").append(OneCount(counts.standing.counts->numerator));
      text.append("/").append(OneCount(counts.standing.counts->denominator));
    } else if (counts.standing.rate) {
      text.append(" ").append(counts.standing.rate->Exact());
    }
  }
  return text;
}

std::string NextText(const Programme& p, const ScoreRow& row) {
  return Joined(row.distances, [&](const Distance& each) { return DistanceText(p, each); });
}

std::string OtherwiseText(const Programme& p, const ScoreRow& row) {
  return Joined(row.otherwise, [&](const OtherReading& each) { return OtherText(p, each); });
}

std::string SpreadsText(const Programme& p, const ScoreRow& row) {
  return Joined(row.spreads,
                [&](const auto& each) { return SpreadText(p, each.first, each.second); });
}

std::string ShownText(const ScoreRow::Shown& shown) {
  return RangeText(shown.value, shown.upper, shown.figure->unit);
}

std::string IfUnknownsText(const ScoreRow& row) {
  std::string text;
  if (!row.gates.empty() && row.gates.back().if_unknowns) {
    text.append("rate ").append(PercentRange(*row.gates.back().if_unknowns));
  }
  for (const ScoreRow::Shown& shown : row.figures) {
    if (!shown.if_unknowns) continue;
    const auto& [low, high] = *shown.if_unknowns;
    text.append(text.empty() ? "" : "; ").append(shown.figure->name).append(" ");
    text.append(RangeText(low, high, shown.figure->unit));
  }
  return text;
}

void Wrap(std::string& text, const std::string& start, std::string_view words,
          std::size_t columns) {
  text.append(start);
  if (words.empty()) text.append(" ");
  std::size_t column = start.size();
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (column + end > columns && column > start.size()) {
      text.back() = '\n';
      text.append(start.size(), ' ');
      column = start.size();
    }
    text.append(words.substr(0, end)).append(" ");
    column += end + 1;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  text.back() = '\n';
}

std::string PercentRange(const equity::Interval& range) {
  const std::string low = Percent(range.lower), high = Percent(range.upper);
  return low == high ? low : low + ".." + high;
}

std::string ShareText(const equity::Figure& share) {
  if (share.value) return Percent(*share.value);
  if (share.bounds) return PercentRange(*share.bounds);
  return share.interval ? PercentRange(*share.interval) : "-";
}

const ScoreRow::Gate* PoorestGate(const ScoreRow& row) {
  const auto least = [](const ScoreRow::Gate& gate) {
    const equity::Figure& share = gate.in_groups;
    return share.value ? *share.value : share.bounds ? share.bounds->lower : 0.0;
  };
  const auto found = std::ranges::min_element(row.gates, {}, least);
  return found == row.gates.end() ? nullptr : &*found;
}

std::string GroupText(const ScoreRow& row) {
  std::string text = row.group.group;
  if (!row.group.source.empty()) text.append(" (").append(row.group.source).append(")");
  return text;
}

bool IsEmpty(const ScoreRow& row) {
  return row.counts.empty() && std::ranges::none_of(row.figures, [](const ScoreRow::Shown& shown) {
           return shown.value.known();
         });
}

}  // namespace equinode::cli
