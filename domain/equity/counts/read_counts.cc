#include "domain/equity/counts/read_counts.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/equity/counts/csv_fields.h"
#include "domain/equity/counts/read_number.h"

namespace equinode::equity {
namespace {

enum Column : std::size_t {
  kMeasure,
  kPeriod,
  kOrganisation,
  kDimension,
  kStratum,
  kNumerator,
  kDenominator,
  kNumeratorLower,
  kNumeratorUpper,
  kDenominatorLower,
  kDenominatorUpper,
  kNumeratorNoise,
  kDenominatorNoise,
  kFrame,
  kSource,
  kOrder,
  kKind,
  kBetter,
  kColumns,
};
constexpr std::size_t kNeeded = kDenominator + 1;

constexpr std::array<std::string_view, kColumns> kNames = {
    "measure",
    "period",
    "organisation",
    "dimension",
    "stratum",
    "numerator",
    "denominator",
    "numerator_lower",
    "numerator_upper",
    "denominator_lower",
    "denominator_upper",
    "numerator_noise_variance",
    "denominator_noise_variance",
    "frame",
    "source",
    "order",
    "kind",
    "better",
};

constexpr std::array<std::string_view, 4> kKinds = {"proportion", "observed_expected",
                                                    "per_member_months", "mean"};
// Dimensions whose groups differ from frame to frame.
constexpr std::array<std::string_view, 4> kFramed = {"race", "ethnicity", "race_and_ethnicity",
                                                     "race_ethnicity"};
constexpr std::size_t kMostText = 200;  // Bytes.

Error Fail(std::string reason, std::string message) {
  return Error{Code::kInvalidArgument, std::move(reason), std::move(message)};
}

std::string Lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Whole UTF-8 without control characters.
bool IsPlainText(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x20 || lead == 0x7F) return false;
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    if (lead == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0) return false;
    i += length;
  }
  return true;
}

std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t swap = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({swap, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string NearestColumn(std::string_view word) {
  const auto nearest = std::ranges::min_element(
      kNames, {}, [&](std::string_view name) { return Distance(word, name); });
  if (Distance(word, *nearest) * 3 > word.size()) {
    std::string needed;
    for (std::size_t i = 0; i < kNeeded; ++i) needed.append(i == 0 ? "" : ", ").append(kNames[i]);
    return "; needed are " + needed;
  }
  return "; did you mean " + std::string(*nearest) + "?";
}

struct Reader {
  const ReadCountsOptions& options;
  std::array<std::size_t, kColumns> places{};  // Of each column in the file, from 1; 0 = not there.
  std::vector<CsvField> fields{};
  std::size_t line = 0;
  std::size_t columns = 0;
  CountTable table{};
  std::map<Series, std::uint32_t> series{};
  std::unordered_map<std::string, std::uint32_t> organisations{};
  std::unordered_map<std::uint64_t, std::size_t> lines{};  // Of each series and organisation.
  struct MeasureSeen {
    KnownMeasure what{};
    std::size_t line = 0;
  };
  std::unordered_map<std::string, MeasureSeen> measures{};

  Error Fault(Column column, std::string reason, std::string_view what) const {
    return Fail(std::move(reason), "line " + std::to_string(line) + ", column " +
                                       std::to_string(places[column]) + " (" +
                                       std::string(kNames[column]) + "): " + std::string(what));
  }
  // "" for a column that the file does not have.
  std::string_view Text(Column column) const {
    return places[column] == 0 ? std::string_view{} : fields[places[column] - 1].text;
  }

  Status Header(std::string_view text, char separator);
  Status Row();
  Result<Series> SeriesOf() const;
  Status Kinds(Series& one);
  Result<Count> CountOf(Column value, Column lower, Column upper, Column noise, bool decimal) const;
  Status Narrow(CellCounts& counts) const;
};

Status Reader::Header(std::string_view text, char separator) {
  if (auto split = SplitCsvLine(text, separator, fields); !split.ok()) {
    return Fail("BAD_CSV", "line " + std::to_string(line) + ", " + split.error().message);
  }
  columns = fields.size();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    std::string word = Lowered(fields[i].text);
    if (word == "organization") word = kNames[kOrganisation];
    const auto name = std::ranges::find(kNames, word);
    const std::string where =
        "line " + std::to_string(line) + ", column " + std::to_string(i + 1) + ": ";
    if (name == kNames.end()) {
      if (!IsPlainText(word)) return Fail("BAD_TEXT", where + "the column's name is no plain text");
      return Fail("BAD_COLUMN", where + "there is no column \"" + fields[i].text.substr(0, 60) +
                                    "\"" + NearestColumn(word) +
                                    (word.empty() ? "; is there a separator too many?" : ""));
    }
    std::size_t& place = places[static_cast<std::size_t>(name - kNames.begin())];
    if (place != 0) return Fail("BAD_COLUMN", where + "column " + word + " comes twice");
    place = i + 1;
  }
  for (std::size_t i = 0; i < kNeeded; ++i) {
    if (places[i] == 0) {
      return Fail("BAD_COLUMN", "line " + std::to_string(line) + ": the column " +
                                    std::string(kNames[i]) + " is missing from the header");
    }
  }
  return Ok();
}

Result<Series> Reader::SeriesOf() const {
  for (const Column column : {kMeasure, kPeriod, kOrganisation, kDimension, kStratum}) {
    const std::string_view text = Text(column);
    if (text.size() > kMostText) return Fault(column, "BAD_TEXT", "longer than 200 bytes");
    if (!IsPlainText(text)) return Fault(column, "BAD_TEXT", "control characters or broken UTF-8");
  }
  for (const Column column : {kMeasure, kPeriod, kOrganisation}) {
    if (Text(column).empty()) return Fault(column, "BAD_TEXT", "may not be blank");
  }
  Series one;
  one.measure = Text(kMeasure);
  one.period = Text(kPeriod);
  one.dimension = Lowered(Text(kDimension));
  one.stratum = Text(kStratum);
  if (one.dimension.empty() && !one.stratum.empty()) {
    return Fault(kDimension, "BAD_TEXT", "a stratum is of a dimension, such as race");
  }
  one.frame = Lowered(Text(kFrame));
  for (const char c : one.frame) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) {
      return Fault(kFrame, "BAD_TEXT", "a frame is a word such as omb_1997, omb_2024 or minnesota");
    }
  }
  if (one.frame.empty() && std::ranges::find(kFramed, one.dimension) != kFramed.end()) {
    const std::string what = "counts by " + one.dimension +
                             " say whose groups they are of: omb_1997, omb_2024, ncqa_hedis or a "
                             "state such as minnesota; groups of two frames are never mixed";
    if (places[kFrame] == 0) {
      return Fail("FRAME_MISSING",
                  "line " + std::to_string(line) + ": there is no column frame, but " + what);
    }
    return Fault(kFrame, "FRAME_MISSING", what);
  }
  if (!one.frame.empty() && one.dimension.empty()) {
    return Fault(kFrame, "BAD_TEXT", "a row of all people has no frame");
  }
  one.source = Lowered(Text(kSource));
  if (!one.source.empty() && one.source != "direct" && one.source != "indirect" &&
      one.source != "unknown") {
    return Fault(kSource, "BAD_TEXT", "is direct, indirect, unknown or blank");
  }
  if (const std::string_view order = Text(kOrder); !order.empty()) {
    const ReadNumber number = ReadInteger(order);
    if (number.fault || number.value < 1 || number.value > 1000) {
      return Fault(kOrder, "BAD_COUNT", "is a number from 1 (least advantaged) to 1000, or blank");
    }
    one.order = static_cast<std::uint32_t>(number.value);
  }
  return one;
}

// Kind and direction: of the file, or else as the measure is known; the same on all its lines.
Status Reader::Kinds(Series& one) {
  const auto [seen, is_new] = measures.try_emplace(one.measure);
  if (is_new) {
    seen->second.line = line;
    if (options.measure) seen->second.what = options.measure(one.measure).value_or(KnownMeasure{});
  }
  KnownMeasure& known = seen->second.what;
  const auto differs = [&](Column column) {
    return Fault(
        column, "MEASURE_DIFFERS",
        "not what line " + std::to_string(seen->second.line) + " says of the same measure");
  };
  if (const std::string kind = Lowered(Text(kKind)); !kind.empty()) {
    const auto found = std::ranges::find(kKinds, kind);
    if (found == kKinds.end()) {
      return Fault(kKind, "BAD_TEXT",
                   "is proportion, observed_expected, per_member_months or mean");
    }
    const auto value = static_cast<MeasureKind>(found - kKinds.begin());
    if (!is_new && value != known.kind) return differs(kKind);
    known.kind = value;
  }
  if (const std::string better = Lowered(Text(kBetter)); !better.empty()) {
    if (better != "higher" && better != "lower") {
      return Fault(kBetter, "BAD_TEXT", "is higher or lower");
    }
    const Better value = better == "higher" ? Better::kHigher : Better::kLower;
    if (!is_new && value != known.better) return differs(kBetter);
    known.better = value;
  }
  one.kind = known.kind;
  one.better = known.better;
  return Ok();
}

Result<Count> Reader::CountOf(Column value, Column lower, Column upper, Column noise,
                              bool decimal) const {
  const auto read = [&](Column column) -> Result<std::int64_t> {
    const ReadNumber number = decimal ? ReadMillionths(Text(column)) : ReadInteger(Text(column));
    if (number.fault) return Fault(column, "BAD_COUNT", number.fault->what);
    return number.value;
  };
  Count count;
  if (const std::string_view text = Text(noise); !text.empty()) {
    const ReadNumber variance = ReadMillionthsUp(text);
    if (variance.fault) return Fault(noise, "BAD_COUNT", variance.fault->what);
    if (variance.value < 0) return Fault(noise, "BAD_COUNT", "a variance is not negative");
    count.noise_variance = variance.value;
  }
  const bool bounds = !Text(lower).empty() || !Text(upper).empty();
  if (!Text(value).empty()) {
    if (bounds) return Fault(value, "BAD_COUNT", "either a number or its bounds, not both");
    EQN_TRY(count.lower, read(value));
    count.upper = count.lower;
    if (count.lower < 0 && !count.noised()) {
      return Fault(value, "BAD_COUNT", "a count without noise is not negative");
    }
    return count;
  }
  if (!bounds) {
    return Fault(value, "BAD_COUNT",
                 "is blank: a hidden number needs its bounds, in the columns " +
                     std::string(kNames[lower]) + " and " + std::string(kNames[upper]));
  }
  if (Text(lower).empty())
    return Fault(lower, "BAD_COUNT", "a lower bound without its upper, or none");
  if (Text(upper).empty()) return Fault(upper, "BAD_COUNT", "an upper bound is missing");
  if (count.noised()) return Fault(noise, "BAD_COUNT", "a hidden number has bounds, not noise");
  EQN_TRY(count.lower, read(lower));
  EQN_TRY(count.upper, read(upper));
  if (count.lower < 0) return Fault(lower, "BAD_COUNT", "a count is not negative");
  if (count.upper < count.lower) return Fault(upper, "BAD_COUNT", "is below the lower bound");
  return count;
}

// Of a proportion without noise: a numerator is part of its denominator.
Status Reader::Narrow(CellCounts& counts) const {
  Count& part = counts.numerator;
  Count& whole = counts.denominator;
  if (part.noised() || whole.noised()) return Ok();
  if (part.lower > whole.upper) {
    return Fault(kNumerator, "BAD_COUNT", "is over the denominator: a proportion is at most all");
  }
  part.upper = std::min(part.upper, whole.upper);
  whole.lower = std::max(whole.lower, part.lower);
  return Ok();
}

Status Reader::Row() {
  if (fields.size() != columns) {
    return Fail("BAD_CSV", "line " + std::to_string(line) + ": " + std::to_string(fields.size()) +
                               " fields where the header has " + std::to_string(columns));
  }
  EQN_TRY(Series one, SeriesOf());
  EQN_CHECK(Kinds(one));
  const MeasureKind kind = one.kind;
  Cell cell;
  EQN_TRY(cell.counts.numerator, CountOf(kNumerator, kNumeratorLower, kNumeratorUpper,
                                         kNumeratorNoise, kind == MeasureKind::kMean));
  EQN_TRY(cell.counts.denominator,
          CountOf(kDenominator, kDenominatorLower, kDenominatorUpper, kDenominatorNoise,
                  kind == MeasureKind::kObservedExpected));
  if (kind == MeasureKind::kProportion) EQN_CHECK(Narrow(cell.counts));
  const auto [found, is_new] =
      series.try_emplace(one, static_cast<std::uint32_t>(table.series.size()));
  if (is_new) table.series.push_back(std::move(one));
  cell.series = found->second;
  const auto [organisation, first] = organisations.try_emplace(
      std::string(Text(kOrganisation)), static_cast<std::uint32_t>(table.organisations.size()));
  if (first) table.organisations.push_back(organisation->first);
  cell.organisation = organisation->second;
  const std::uint64_t key = (std::uint64_t{cell.series} << 32) | cell.organisation;
  const auto [before, unique] = lines.try_emplace(key, line);
  if (!unique) {
    return Fault(kStratum, "REPEATED_ROW",
                 "the same measure, period, organisation and stratum as line " +
                     std::to_string(before->second));
  }
  table.cells.push_back(cell);
  return Ok();
}

}  // namespace

Result<CountTable> ReadCounts(std::string_view csv, const ReadCountsOptions& options) {
  if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
  Reader reader{options};
  char separator = ',';
  while (!csv.empty()) {
    ++reader.line;
    const std::size_t end = csv.find('\n');
    std::string_view text = csv.substr(0, end);
    csv.remove_prefix(end == std::string_view::npos ? csv.size() : end + 1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (reader.columns == 0) {
      separator = SeparatorOfHeader(text);
      EQN_CHECK(reader.Header(text, separator));
      continue;
    }
    if (auto split = SplitCsvLine(text, separator, reader.fields); !split.ok()) {
      return Fail("BAD_CSV", "line " + std::to_string(reader.line) + ", " + split.error().message);
    }
    EQN_CHECK(reader.Row());
  }
  if (reader.columns == 0)
    return Fail("NO_ROWS", "the file is empty: its first line is the header");
  if (reader.table.cells.empty()) return Fail("NO_ROWS", "the file has a header and no counts");
  return std::move(reader.table);
}

}  // namespace equinode::equity
