#include "domain/zcodes/suggest.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/csv_rows.h"
#include "domain/zcodes/code_tables.h"

namespace equinode {
namespace {

std::vector<std::string> Listed(const std::string& text) {
  std::vector<std::string> list;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bar = std::min(text.find('|', at), text.size());
    list.push_back(text.substr(at, bar - at));
    at = bar + 1;
  }
  return list;
}

struct Row {
  std::string domain{};
  std::string question{};
  std::string answer{};
  std::vector<std::string> codes{};
};
const std::vector<Row>& Rows() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> made;
    ForEachRow(zcodes::kSuggestionsCsv, [&](const std::vector<std::string>& row) {
      made.push_back({row[0], row[1], row[2], Listed(row[3])});
    });
    return made;
  }();
  return rows;
}

std::string FirstGood(const std::vector<std::string>& codes, const ZCodeTable& table,
                      std::chrono::sys_days day) {
  for (const std::string& code : codes) {
    if (table.Judge(code, day).billable()) return code;
  }
  return {};
}

const std::map<std::string, SocialFinding, std::less<>>& Findings() {
  static const auto findings = [] {
    std::map<std::string, SocialFinding, std::less<>> made;
    ForEachRow(zcodes::kSnomedCsv, [&](const std::vector<std::string>& row) {
      const FindingMeaning meaning = row[2] == "need"    ? FindingMeaning::kNeed
                                     : row[2] == "trait" ? FindingMeaning::kTrait
                                                         : FindingMeaning::kProtective;
      made[row[0]] = {row[0], row[1], meaning, Listed(row[3]), Listed(row[4])};
    });
    return made;
  }();
  return findings;
}

}  // namespace

std::string SuggestedCode(const ZCodeTable& table, std::string_view domain,
                          std::string_view question, std::string_view answer,
                          std::chrono::sys_days day) {
  const auto of = [&](std::string_view asked, std::string_view said) {
    for (const Row& row : Rows()) {
      if (row.domain == domain && row.question == asked && row.answer == said) {
        return FirstGood(row.codes, table, day);
      }
    }
    return std::string();
  };
  std::string code;
  if (!question.empty()) code = of(question, answer);
  return code.empty() ? of({}, {}) : code;
}

bool IsSnomed(std::string_view system) {
  return system == "http://snomed.info/sct" || system == "urn:oid:2.16.840.1.113883.6.96" ||
         system == "SNOMED-CT";
}

const SocialFinding* FindSocialFinding(std::string_view system, std::string_view code) {
  if (!IsSnomed(system)) return nullptr;
  const auto at = Findings().find(code);
  return at == Findings().end() ? nullptr : &at->second;
}

std::vector<std::string> SuggestedBy(const SocialFinding& finding, const ZCodeTable& table,
                                     std::chrono::sys_days day) {
  std::vector<std::string> codes;
  if (finding.meaning != FindingMeaning::kNeed) return codes;
  std::string first = FirstGood(finding.codes, table, day);
  if (!first.empty()) {
    codes.push_back(std::move(first));
    return codes;
  }
  for (const std::string& domain : finding.domains) {
    std::string code = SuggestedCode(table, domain, {}, {}, day);
    if (!code.empty()) codes.push_back(std::move(code));
  }
  return codes;
}

}  // namespace equinode
