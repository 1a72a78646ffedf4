#include "client/report/release_page.h"

#include <cstdint>
#include <cstdio>
#include <optional>

#include "client/report/labels.h"
#include "client/report/medians.h"

namespace equinode {

namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--page:#fff;--line:#d0d7de;
--band:#f3f5f7;--bar:#2f6db5}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebee;--soft:#a9b3bd;--page:#14171a;--line:#3b424a;
--band:#1e2328;--bar:#6ea8e6}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:60rem;color:var(--ink);
background:var(--page);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.2rem;margin:2.5rem 0 .5rem}
a{color:inherit}a:focus-visible,.wide:focus-visible{outline:3px solid var(--bar);outline-offset:2px}
.skip{position:absolute;left:-999rem}.skip:focus{position:static}
.soft,dt{color:var(--soft)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:1rem 0}
dd{margin:0;overflow-wrap:anywhere}
.note{border-left:.3rem solid var(--bar);padding:.5rem 1rem;background:var(--band);margin:1rem 0}
nav ul{columns:2;padding-left:1.2rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:0 0 .5rem}
th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}
th:first-child{text-align:left;font-weight:400}
thead th,thead th:first-child{font-weight:600;border-bottom-width:2px}
tfoot th:first-child,tfoot td{font-weight:600;border-top:2px solid var(--line)}
.hidden{font-style:italic}
.part{display:block;color:var(--soft);font-size:.85rem;font-style:normal;font-weight:400}
.bar{display:block;height:.35rem;margin-top:.2rem;background:var(--band)}
.bar i{display:block;height:100%;background:var(--bar)}
@media(max-width:40rem){nav ul{columns:1}th,td{padding:.3rem;font-size:.9rem}}
@media print{nav,.skip{display:none}body{max-width:none;padding:0}section{break-inside:avoid}
.bar{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)";

std::string Escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\'') {
      out += "&#39;";
    } else {
      out += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
  }
  return out;
}

// 12,345,678
std::string Grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::optional<std::uint64_t> CountOf(const v1::PooledValue& pooled) {
  if (pooled.value().kind_case() != v1::ReleasedValue::kCount) return std::nullopt;
  return pooled.value().count();
}

std::string Nodes(std::uint32_t nodes) {
  return std::to_string(nodes) + (nodes == 1 ? " node" : " nodes");
}

std::string ValueCell(const v1::PooledValue& pooled) {
  if (const auto count = CountOf(pooled)) return "<td>" + Grouped(*count) + "</td>";
  if (pooled.value().kind_case() == v1::ReleasedValue::KIND_NOT_SET) {
    return "<td class=\"soft\">none</td>";
  }
  return "<td><span class=\"hidden\">hidden</span><span class=\"part\">by " +
         Nodes(pooled.nodes_hidden()) +
         (pooled.shown_sum() > 0 ? "; the others: " + Grouped(pooled.shown_sum()) : "") +
         "</span></td>";
}

// The rate is one of exact numbers or it is none.
std::string RateCell(const v1::PooledCell& cell) {
  const auto denominator = CountOf(cell.denominator());
  const auto numerator = CountOf(cell.numerator());
  if (!denominator || !numerator) return "<td class=\"soft\">not shown</td>";
  if (*denominator == 0 || *numerator > *denominator) return "<td class=\"soft\">none</td>";
  const double percent =
      100.0 * static_cast<double>(*numerator) / static_cast<double>(*denominator);
  char text[16];
  std::snprintf(text, sizeof text, "%.1f", percent);
  return std::string("<td>") + text +
         "%<span class=\"bar\" aria-hidden=\"true\"><i style=\"width:" + text +
         "%\"></i></span></td>";
}

void AddCell(std::string& out, const v1::PooledCell& cell, bool numerators) {
  out += "<tr><th scope=\"row\">" + Escaped(StratumLabel(cell.stratum())) + "</th>" +
         ValueCell(cell.denominator());
  if (numerators) out += ValueCell(cell.numerator()) + RateCell(cell);
  out += "</tr>\n";
}

std::string TitleOf(const v1::PooledTable& table) {
  return Escaped(MeasureLabel(table.measure())) + " by " +
         Escaped(StratifierLabel(table.stratifier()));
}

void AddTable(std::string& out, const v1::PooledTable& table, int number) {
  const MeasureMeaning meaning = MeaningOf(table.measure());
  const bool numerators = !meaning.numerator.empty();
  const std::string id = "table-" + std::to_string(number);
  out += "<section aria-labelledby=\"" + id + "\">\n<h2 id=\"" + id + "\">" + TitleOf(table) +
         "</h2>\n";
  if (table.cells_size() == 0) {
    out += "<p>No node showed this table.</p>\n";
  } else {
    out += "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-labelledby=\"" + id +
           "\">\n<table>\n<caption>" + (numerators ? "Denominator: " : "Counted: ") +
           Escaped(meaning.denominator) +
           (numerators ? ". Numerator: " + Escaped(meaning.numerator) : "") + ". By " +
           Escaped(StratifierMeaning(table.stratifier())) +
           ".</caption>\n<thead><tr><th scope=\"col\">" +
           Escaped(StratifierLabel(table.stratifier())) + "</th><th scope=\"col\">" +
           (numerators ? "Denominator" : "People") + "</th>" +
           (numerators ? "<th scope=\"col\">Numerator</th><th scope=\"col\">Rate</th>" : "") +
           "</tr></thead>\n<tbody>\n";
    const v1::PooledCell* total = nullptr;
    for (const v1::PooledCell& cell : table.cells()) {
      if (cell.stratum().empty()) {
        total = &cell;
      } else {
        AddCell(out, cell, numerators);
      }
    }
    out += "</tbody>\n";
    if (total != nullptr) {
      out += "<tfoot>\n";
      AddCell(out, *total, numerators);
      out += "</tfoot>\n";
    }
    out += "</table>\n</div>\n";
  }
  if (table.nodes_withheld() > 0) {
    out += "<p>" + Nodes(table.nodes_withheld()) + " withheld this table.</p>\n";
  }
  out += "</section>\n";
}

void AddMedians(std::string& out, const MedianTable& table, int number) {
  const std::string id = "median-" + std::to_string(number);
  out += "<section aria-labelledby=\"" + id + "\">\n<h2 id=\"" + id + "\">" + Escaped(table.label) +
         " by " + Escaped(StratifierLabel(table.stratifier)) +
         "</h2>\n<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-labelledby=\"" + id +
         "\">\n<table>\n<thead><tr><th scope=\"col\">" +
         Escaped(StratifierLabel(table.stratifier)) +
         "</th><th scope=\"col\">Median</th></tr></thead>\n<tbody>\n";
  for (const MedianTable::Row& row : table.rows) {
    out += "<tr><th scope=\"row\">" + Escaped(StratumLabel(row.stratum)) + "</th><td>" +
           Escaped(row.median) + "</td></tr>\n";
  }
  out += "</tbody>\n</table>\n</div>\n</section>\n";
}

void AddNodes(std::string& out, const v1::Release& release) {
  out += "<section aria-labelledby=\"nodes\">\n<h2 id=\"nodes\">Who answered</h2>\n<dl>\n";
  for (const std::string& node : release.answered()) {
    out += "<dt>answered</dt><dd>" + Escaped(node) + "</dd>\n";
  }
  for (const std::string& node : release.silent()) {
    out += "<dt>silent</dt><dd>" + Escaped(node) + "</dd>\n";
  }
  for (const v1::RefusedNode& one : release.refused()) {
    out += "<dt>refused</dt><dd>" + Escaped(one.node()) + ": " + Escaped(one.message()) + " (" +
           Escaped(one.reason()) + ")</dd>\n";
  }
  for (const std::string& node : release.relays()) {
    out += "<dt>only a relay</dt><dd>" + Escaped(node) + ": holds no records of its own</dd>\n";
  }
  out += "</dl>\n</section>\n";
}

// What is missing from the counts, in one sentence; empty when nothing is.
std::string Missing(const v1::Release& release) {
  const int missing = release.silent_size() + release.refused_size();
  if (missing == 0) return "";
  return std::to_string(missing) + " of " + std::to_string(missing + release.answered_size()) +
         " nodes did not answer or refused; their people are not in these counts.";
}

}  // namespace

std::string ReleasePage(const v1::Release& release, std::string_view released_at) {
  const std::string heading =
      Escaped(release.title().empty() ? release.definition_name() : release.title());
  const std::string period = PeriodText(release);
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">\n<title>" +
      heading + (period.empty() ? "" : ", " + period) + "</title>\n<style>" + std::string(kStyle) +
      "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#tables\">To the tables</a>\n"
      "<header>\n<h1>" +
      heading + "</h1>\n<dl>\n" +
      (period.empty() ? "" : "<dt>Period</dt><dd>" + period + "</dd>\n") + "<dt>Report</dt><dd>" +
      Escaped(release.definition_name()) + ", version " +
      std::to_string(release.definition_version()) + ", release " +
      std::to_string(release.number()) + "</dd>\n<dt>Released</dt><dd>" + Escaped(released_at) +
      "</dd>\n<dt>From</dt><dd>" + AnsweredText(release) + "</dd>\n</dl>\n";
  if (const std::string missing = Missing(release); !missing.empty()) {
    out += "<p class=\"note\"><strong>Not complete.</strong> " + missing + "</p>\n";
  }
  if (!release.note().empty()) {
    out += "<p class=\"note\"><strong>Note.</strong> " + Escaped(release.note()) + ".</p>\n";
  }
  out +=
      "<p><em>hidden</em> stands for a number that at least one node did not show, because it is "
      "small or because a small one could be worked out from it. It is not zero. A rate is given "
      "only where both of its numbers are exact.</p>\n</header>\n<nav "
      "aria-label=\"Tables\">\n<ul>\n";
  for (int i = 0; i < release.tables_size(); ++i) {
    out += "<li><a href=\"#table-" + std::to_string(i + 1) + "\">" + TitleOf(release.tables(i)) +
           "</a></li>\n";
  }
  out += "</ul>\n</nav>\n<main id=\"tables\">\n";
  if (release.tables_size() == 0) out += "<p>No node answered, so there are no tables.</p>\n";
  for (int i = 0; i < release.tables_size(); ++i) AddTable(out, release.tables(i), i + 1);
  int medians = 0;
  for (const MedianTable& table : MediansOf(release)) AddMedians(out, table, ++medians);
  AddNodes(out, release);
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace equinode
