#include "client/report/release_table.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "client/report/labels.h"
#include "client/report/medians.h"
#include "domain/counts/stratifier.h"

namespace equinode {

namespace {

constexpr std::string_view kMark = "*";

using Row = std::array<std::string, 5>;  // Group, denominator, numerator, rate, remark.

bool IsCount(const v1::PooledValue& value) {
  return value.value().kind_case() == v1::ReleasedValue::kCount;
}
bool IsHidden(const v1::PooledValue& value) {
  return value.value().kind_case() == v1::ReleasedValue::kSuppressed;
}

// Control characters of ASCII and of Latin-1 (0xC2 and 0x80 to 0x9F in UTF-8) steer a terminal.
std::string Plain(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
      out += ' ';
      ++i;
    } else {
      out += byte < 0x20 || byte == 0x7F ? ' ' : text[i];
    }
  }
  return out;
}

// Columns of a terminal, near enough: bytes that do not continue a character.
std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string Grouped(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t i = text.size(); i > 3;) {
    i -= 3;
    text.insert(i, 1, ',');
  }
  return text;
}

std::string Nodes(std::uint32_t count) {
  return std::to_string(count) + (count == 1 ? " node" : " nodes");
}

std::string ValueText(const v1::PooledValue& value) {
  if (IsCount(value)) return Grouped(value.value().count());
  return IsHidden(value) ? std::string(kMark) : "";
}

// In tenths of a percent, rounded half up.
std::string RateText(const v1::PooledCell& cell) {
  if (!IsCount(cell.denominator()) || !IsCount(cell.numerator())) return "";
  const std::uint64_t part = cell.numerator().value().count();
  const std::uint64_t whole = cell.denominator().value().count();
  constexpr std::uint64_t kMost = std::uint64_t{1} << 53;
  if (whole == 0 || part >= kMost || whole >= kMost) return "";
  const std::uint64_t tenths = (part * 2000 + whole) / (whole * 2);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "%";
}

std::string HiddenText(const v1::PooledValue& value) {
  if (!IsHidden(value)) return "";
  return "hidden at " + Nodes(value.nodes_hidden()) + ", the others show " +
         Grouped(value.shown_sum());
}

std::string Remark(const v1::PooledCell& cell) {
  const std::string denominator = HiddenText(cell.denominator());
  const std::string numerator = HiddenText(cell.numerator());
  if (numerator.empty()) return denominator;
  if (denominator.empty()) return "number " + numerator;
  if (denominator == numerator) return denominator;
  return "of people " + denominator + "; number " + numerator;
}

void AddRows(const std::vector<Row>& rows, std::string& out) {
  std::array<std::size_t, 5> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  for (const Row& row : rows) {
    std::string line = "  " + row[0] + std::string(widths[0] - Width(row[0]), ' ');
    for (std::size_t i = 1; i + 1 < row.size(); ++i) {
      if (widths[i] == 0) continue;
      line.append(2 + widths[i] - Width(row[i]), ' ').append(row[i]);
    }
    line.append("  ").append(row.back());
    line.erase(line.find_last_not_of(' ') + 1);
    out.append(line).append("\n");
  }
}

void AddTable(const v1::PooledTable& table, std::string& out) {
  const bool population = table.measure() == kMeasurePopulation;
  out.append("\n").append(Plain(MeasureLabel(table.measure()))).append(" by ");
  out.append(StratifierLabel(table.stratifier())).append("\n");
  std::vector<Row> rows;
  rows.push_back({"", population ? "people" : "of people", population ? "" : "number",
                  population ? "" : "rate", ""});
  for (const v1::PooledCell& cell : table.cells()) {
    rows.push_back({Plain(StratumLabel(cell.stratum())), ValueText(cell.denominator()),
                    ValueText(cell.numerator()), RateText(cell), Remark(cell)});
  }
  AddRows(rows, out);
  if (table.nodes_withheld() > 0) {
    out.append("  withheld whole by ").append(Nodes(table.nodes_withheld())).append("\n");
  }
}

void AddMedians(const MedianTable& table, std::string& out) {
  out.append("\n").append(Plain(table.label)).append(" by ");
  out.append(StratifierLabel(table.stratifier)).append("\n");
  std::vector<Row> rows;
  for (const MedianTable::Row& row : table.rows) {
    rows.push_back({Plain(StratumLabel(row.stratum)), "", "", "", row.median});
  }
  AddRows(rows, out);
}

bool AnythingHidden(const v1::Release& release) {
  return std::ranges::any_of(release.tables(), [](const v1::PooledTable& table) {
    return std::ranges::any_of(table.cells(), [](const v1::PooledCell& cell) {
      return IsHidden(cell.denominator()) || IsHidden(cell.numerator());
    });
  });
}

}  // namespace

std::string ReleaseTable(const v1::Release& release, std::string_view released_at) {
  std::string out;
  if (!release.title().empty()) out.append(Plain(release.title())).append("\n");
  out += Plain(release.definition_name()) + " version " +
         std::to_string(release.definition_version()) + ", release " +
         std::to_string(release.number()) + ", " + Plain(released_at) + "\n";
  if (const std::string period = PeriodText(release); !period.empty()) {
    out += "period " + period + "\n";
  }
  for (const v1::PooledTable& table : release.tables()) AddTable(table, out);
  for (const MedianTable& table : MediansOf(release)) AddMedians(table, out);
  out.append("\n").append(AnsweredText(release)).append("\n");
  for (const std::string& node : release.silent()) {
    out.append("silent: ").append(Plain(node)).append("\n");
  }
  for (const v1::RefusedNode& node : release.refused()) {
    out.append("refused: ");
    out.append(Plain(node.node() + " (" + node.reason() + ") " + node.message())).append("\n");
  }
  for (const std::string& node : release.relays()) {
    out.append("only a relay, without records of its own: ").append(Plain(node)).append("\n");
  }
  if (AnythingHidden(release)) {
    out.append(
        "* is not zero: the count is small at some node, or hidden there so that a small one "
        "cannot be worked out\n");
  }
  if (!release.note().empty()) out.append("note: ").append(Plain(release.note())).append("\n");
  return out;
}

}  // namespace equinode
