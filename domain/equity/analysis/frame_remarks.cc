#include "domain/equity/analysis/frame_remarks.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "domain/people/frames/reporting_frames.h"

namespace equinode::equity {
namespace {

constexpr std::size_t kMost = 20;

// Of the nodes' tables (docs/counting.md).
constexpr std::array<std::string_view, 10> kNodeWords = {
    "AIAN", "ASIAN", "BLACK",       "NHPI",     "WHITE",
    "MENA", "OTHER", "TWO_OR_MORE", "HISPANIC", "NOT_HISPANIC"};

bool IsGroup(std::string_view frame, std::string_view stratum) {
  if (std::ranges::find(kNodeWords, stratum) != kNodeWords.end()) return true;
  return std::ranges::any_of(ReportingFrames(), [&](const FrameDimension& one) {
    return one.frame == frame && std::ranges::find(one.groups, stratum) != one.groups.end();
  });
}

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

}  // namespace

std::vector<std::string> FrameRemarks(const CountTable& table) {
  std::set<std::string> remarks;
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>,
           std::set<std::string_view>>
      frames;
  for (const Cell& cell : table.cells) {
    const Series& series = table.series[cell.series];
    if (series.frame.empty()) continue;
    frames[{series.measure, series.period, series.dimension}].insert(series.frame);
    if (!IsFrame(series.frame)) {
      remarks.insert("the frame " + Quoted(series.frame) +
                     " is not known: its groups are taken as they are");
    } else if (!series.stratum.empty() && !IsNoAnswer(series.stratum) &&
               !IsGroup(series.frame, series.stratum)) {
      remarks.insert(Quoted(series.stratum) + " is no group of the frame " + series.frame);
    }
  }
  for (const auto& [key, names] : frames) {
    if (names.size() < 2) continue;
    std::string list;
    for (const std::string_view name : names) list.append(list.empty() ? "" : ", ").append(name);
    remarks.insert(std::string(std::get<0>(key)) + ", " + std::string(std::get<1>(key)) + ", by " +
                   std::string(std::get<2>(key)) + " comes in several frames (" + list +
                   "): they are never added up, each is shown by itself");
  }
  std::vector<std::string> list(remarks.begin(), remarks.end());
  if (list.size() > kMost) {
    list.resize(kMost);
    list.emplace_back("... and more of the same kind");
  }
  return list;
}

}  // namespace equinode::equity
