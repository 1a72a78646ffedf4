#include "domain/zcodes/code_table.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "domain/zcodes/code_tables.h"
#include "domain/zcodes/day.h"
#include "domain/zcodes/domains.h"

namespace equinode {
namespace {

using std::chrono::sys_days;

constexpr std::size_t kMostField = 512;
constexpr std::array<std::string_view, 9> kColumns = {
    "code",    "title",        "billable_from", "billable_until", "predecessors",
    "domains", "domain_basis", "group",         "priority"};

Error Bad(std::size_t line, const std::string& why) {
  return Error{Code::kInvalidArgument, "BAD_CODE_TABLE",
               "line " + std::to_string(line) + ": " + why};
}

bool IsLetter(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::vector<std::string> ListedCodes(std::string_view text) {
  std::vector<std::string> list;
  while (!text.empty()) {
    const std::size_t bar = text.find('|');
    list.emplace_back(text.substr(0, bar));
    text = bar == std::string_view::npos ? std::string_view() : text.substr(bar + 1);
  }
  return list;
}

// One CSV record that may not span lines: a code table is edited by people, and one bad quote must
// not swallow the rest.
Result<std::vector<std::string>> Cells(std::string_view line, std::size_t number) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += '"';
      ++i;
    } else if (c == '"' && (quoted || cells.back().empty())) {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (static_cast<unsigned char>(c) < 0x20) {
      return Bad(number, "a control character; save the file as plain UTF-8 text");
    } else {
      cells.back() += c;
    }
    if (cells.back().size() > kMostField) return Bad(number, "a field is over 512 bytes");
  }
  if (quoted) return Bad(number, "a quote does not close on its line");
  return cells;
}

Result<std::optional<sys_days>> DayCell(const std::string& cell, std::size_t line) {
  if (cell.empty()) return std::optional<sys_days>();
  const auto day = ReadDay(cell);
  if (!day) return Bad(line, "\"" + cell + "\" is no day; write YYYY-MM-DD");
  return day;
}

// Lines one by one; the last needs no line end.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  bool Next(std::string_view& line) {
    if (text_.empty()) return false;
    const std::size_t end = text_.find('\n');
    line = text_.substr(0, end);
    text_ = end == std::string_view::npos ? std::string_view() : text_.substr(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    ++number_;
    return true;
  }
  std::size_t number() const { return number_; }

 private:
  std::string_view text_;
  std::size_t number_ = 0;
};

}  // namespace

bool IsSocialCategory(std::string_view code) {
  constexpr std::array<std::string_view, 7> kNeighbours = {"Z69", "Z71", "Z73", "Z74",
                                                           "Z75", "Z76", "Z91"};
  const std::string_view category = code.substr(0, 3);
  return (category >= "Z55" && category <= "Z65") ||
         std::ranges::find(kNeighbours, category) != kNeighbours.end();
}

bool IsIcd10Cm(std::string_view system) {
  return system == "http://hl7.org/fhir/sid/icd-10-cm" ||
         system == "urn:oid:2.16.840.1.113883.6.90" || system == "2.16.840.1.113883.6.90";
}

std::string NormalCode(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  std::string code;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.') {
      if (i != 3) return {};
      continue;
    }
    code += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  }
  if (code.size() < 3 || code.size() > 7 || !IsLetter(code[0]) || !IsDigit(code[1])) return {};
  for (std::size_t i = 2; i < code.size(); ++i) {
    if (!IsLetter(code[i]) && !IsDigit(code[i])) return {};
  }
  if (code.size() > 3) code.insert(3, 1, '.');
  return code;
}

std::string_view ZCodeTable::BuiltInText() { return zcodes::kZcodesCsv; }

std::shared_ptr<const ZCodeTable> ZCodeTable::BuiltIn() {
  static const std::shared_ptr<const ZCodeTable> table = [] {
    auto parsed = Parse(BuiltInText());  // A test holds that it can be read.
    return parsed.ok() ? std::make_shared<const ZCodeTable>(*std::move(parsed))
                       : std::shared_ptr<const ZCodeTable>(new ZCodeTable());
  }();
  return table;
}

Result<ZCodeTable> ZCodeTable::Parse(std::string_view text) {
  if (text.size() > kMostBytes) {
    return Error{Code::kInvalidArgument, "BAD_CODE_TABLE", "a code table has at most 4 MiB"};
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  Lines lines(text);
  std::string_view line;
  constexpr std::string_view kVersion = "# version ";
  ZCodeTable table;
  const auto version = lines.Next(line) && line.substr(0, kVersion.size()) == kVersion
                           ? ReadDay(line.substr(kVersion.size()))
                           : std::nullopt;
  if (!version) {
    return Bad(1,
               "the first line is \"# version YYYY-MM-DD\", the day from which the table is good");
  }
  table.version_ = *version;
  std::array<std::size_t, kColumns.size()> place{};
  std::size_t columns = 0;
  if (lines.Next(line)) {
    EQN_TRY(const std::vector<std::string> header, Cells(line, 2));
    columns = header.size();
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      const auto at = std::find(header.begin(), header.end(), kColumns[i]);
      if (at == header.end()) return Bad(2, "there is no column " + std::string(kColumns[i]));
      place[i] = static_cast<std::size_t>(at - header.begin());
    }
  }
  while (lines.Next(line)) {
    const std::size_t number = lines.number();
    if (line.empty() || line.front() == '#') continue;
    EQN_TRY(const std::vector<std::string> cells, Cells(line, number));
    if (cells.size() != columns) {
      return Bad(number, std::to_string(cells.size()) + " fields where the header has " +
                             std::to_string(columns));
    }
    ZCode code;
    code.code = cells[place[0]];
    code.title = cells[place[1]];
    if (code.code.empty() || NormalCode(code.code) != code.code) {
      return Bad(number, "\"" + code.code + "\" is no code as ICD-10-CM writes them (Z59.41)");
    }
    if (!IsSocialCategory(code.code)) {
      return Bad(number, code.code +
                             " is of no category that this table is about: Z55 to Z65 and their "
                             "neighbours Z69, Z71, Z73, Z74, Z75, Z76 and Z91");
    }
    if (code.title.empty()) return Bad(number, code.code + " has no title");
    EQN_TRY(code.from, DayCell(cells[place[2]], number));
    EQN_TRY(code.until, DayCell(cells[place[3]], number));
    if (code.until && (!code.from || *code.until < *code.from)) {
      return Bad(number, code.code + " ends before it begins, or never begins");
    }
    code.predecessors = ListedCodes(cells[place[4]]);
    code.domains = ListedCodes(cells[place[5]]);
    for (const std::string& domain : code.domains) {
      if (FindNeedDomain(domain) == nullptr)
        return Bad(number, "no need domain \"" + domain + "\"");
    }
    code.domain_basis = cells[place[6]];
    code.group = cells[place[7]];
    const std::string& priority = cells[place[8]];
    if (!priority.empty() && priority != "y" && priority != "m") {
      return Bad(number, "priority is y, m (from memory) or empty");
    }
    code.priority = !priority.empty();
    const std::string name = code.code;
    if (!table.codes_.emplace(name, std::move(code)).second)
      return Bad(number, name + " stands twice");
    table.lines_[name] = number;
    if (table.codes_.size() > kMostCodes) return Bad(number, "over 20,000 codes");
  }
  if (table.codes_.empty()) return Bad(lines.number(), "the table holds no code");
  EQN_CHECK(table.CheckFamilies());
  table.lines_.clear();
  return table;
}

Status ZCodeTable::CheckFamilies() const {
  for (const auto& [name, code] : codes_) {
    const std::size_t line = lines_.find(name)->second;
    for (const std::string& before : code.predecessors) {
      // Of neighbours the table holds some only.
      const bool here = codes_.find(before) != codes_.end();
      if (NormalCode(before) != before || (!here && before >= "Z55" && before < "Z66")) {
        return Bad(line, "the predecessor " + before + " of " + name + " is not in the table");
      }
    }
    bool any = false;
    for (auto at = codes_.upper_bound(name);
         at != codes_.end() && at->first.compare(0, name.size(), name) == 0; ++at) {
      any = true;
      const ZCode& below = at->second;
      const bool apart = !code.from || !below.from || (code.until && *code.until < *below.from) ||
                         (below.until && *below.until < *code.from);
      if (!apart) {
        return Bad(line,
                   name + " could be reported on a day on which " + below.code +
                       " could: a code with codes under it is a header; end it the day before");
      }
    }
    if (!code.from && !any) {
      return Bad(line, name + " can never be reported and has no code under it");
    }
  }
  return Ok();
}

const ZCode* ZCodeTable::Find(std::string_view code) const {
  const auto at = codes_.find(code);
  return at == codes_.end() ? nullptr : &at->second;
}

const std::vector<std::string>& ZCodeTable::DomainsOf(std::string_view code) const {
  static const std::vector<std::string> none;
  const ZCode* found = Find(code);
  return found == nullptr ? none : found->domains;
}

}  // namespace equinode
