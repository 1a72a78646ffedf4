#include "domain/people/tables.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/csv_rows.h"
#include "domain/people/code_tables.h"

namespace equinode {
namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};
template <typename T>
using ByText = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

constexpr std::array<std::pair<AnswerState, std::string_view>, 14> kStates = {{
    {AnswerState::kKnown, "KNOWN"},
    {AnswerState::kOther, "OTHER"},
    {AnswerState::kDeclined, "DECLINED"},
    {AnswerState::kAskedUnknown, "ASKED_UNKNOWN"},
    {AnswerState::kUnknown, "UNKNOWN"},
    {AnswerState::kNotAsked, "NOT_ASKED"},
    {AnswerState::kPending, "PENDING"},
    {AnswerState::kMasked, "MASKED"},
    {AnswerState::kAbsent, "ABSENT"},
    {AnswerState::kUnmapped, "UNMAPPED"},
    {AnswerState::kInvalid, "INVALID"},
    {AnswerState::kNotApplicable, "NOT_APPLICABLE"},
    {AnswerState::kUnsupported, "UNSUPPORTED"},
    {AnswerState::kError, "ERROR"},
}};

// Our word, and the table's.
struct MethodWords {
  CollectionMethod method;
  std::string_view word;
  std::string_view canonical;
};
constexpr std::array<MethodWords, 7> kMethods = {{
    {CollectionMethod::kSelfReported, "self-reported", "SELF_REPORTED"},
    {CollectionMethod::kProxyReported, "proxy-reported", "PROXY_REPORTED"},
    {CollectionMethod::kAdministrative, "administrative", "ADMINISTRATIVE"},
    {CollectionMethod::kObserved, "observed", "OBSERVED"},
    {CollectionMethod::kDerived, "derived", "DERIVED"},
    {CollectionMethod::kOther, "other", "OTHER"},
    {CollectionMethod::kUnknown, "unknown", "UNKNOWN"},
}};

constexpr std::array<std::pair<std::string_view, OmbCategory>, 9> kCategories = {{
    {"AIAN", OmbCategory::kAian},
    {"ASIAN", OmbCategory::kAsian},
    {"BLACK", OmbCategory::kBlack},
    {"NHPI", OmbCategory::kNhpi},
    {"WHITE", OmbCategory::kWhite},
    {"MENA", OmbCategory::kMena},
    {"OTHER", OmbCategory::kOther},
    {"HISPANIC", OmbCategory::kHispanic},
    {"NOT_HISPANIC", OmbCategory::kNotHispanic},
}};

OmbCategory CategoryNamed(std::string_view name) {
  for (const auto& [word, category] : kCategories) {
    if (word == name) return category;
  }
  return OmbCategory::kNone;
}

// Older and shorter names that sources use for the same systems.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSystemNames = {{
    {"http://hl7.org/fhir/v3/NullFlavor", kNullFlavorSystem},
    {"urn:oid:2.16.840.1.113883.5.1008", kNullFlavorSystem},
    {"http://hl7.org/fhir/data-absent-reason", kDataAbsentSystem},
    {"http://terminology.hl7.org/CodeSystem/v3-Race", kCdcrecSystem},
    {"http://terminology.hl7.org/CodeSystem/v3-Ethnicity", kCdcrecSystem},
    {"http://terminology.hl7.org/CodeSystem/CDCREC", kCdcrecSystem},
    {"2.16.840.1.113883.6.238", kCdcrecSystem},
}};
std::string_view SystemOf(std::string_view system) {
  for (const auto& [name, canonical] : kSystemNames) {
    if (name == system) return canonical;
  }
  return system;
}

// By code, then by whatever else must agree: a look-up takes no memory, and there is one for every
// code of an import.
struct Entry {
  std::string element{};  // Of sogi.csv; else empty.
  std::string system{};
  std::string meaning{};
};
using Entries = ByText<std::vector<Entry>>;

const std::string* Look(const Entries& entries, std::string_view element, std::string_view system,
                        std::string_view code) {
  const auto found = entries.find(code);
  if (found == entries.end()) return nullptr;
  for (const Entry& entry : found->second) {
    if (entry.system == system && entry.element == element) return &entry.meaning;
  }
  return nullptr;
}

ByText<CdcrecCode> ReadCdcrec() {
  ByText<CdcrecCode> all;
  const auto read = [&all](std::string_view csv, bool ethnicity) {
    ForEachRow(csv, [&](const std::vector<std::string>& row) {
      CdcrecCode code{
          row[0], row[1], ethnicity, row[2] == "1", CategoryNamed(row[6]), CategoryNamed(row[7])};
      // CDCREC keeps 2118-8 below White; under OMB 2024 it is a minimum category of its own.
      if (code.code == "2118-8") code.minimum = true;
      // Where the table keeps CDC's parent and OMB 2024 says otherwise (docs/adr/0005).
      if (code.code == "2129-5") code.in2024 = OmbCategory::kMena;
      if (code.code == "2126-1") code.in2024 = OmbCategory::kAsian;
      if (code.in1997 == OmbCategory::kOther) code.in2024 = OmbCategory::kOther;
      if (code.in1997 == OmbCategory::kNotHispanic) code.in2024 = OmbCategory::kNotHispanic;
      all.emplace(row[0], std::move(code));
    });
  };
  read(people::kCdcrecRaceCsv, false);
  read(people::kCdcrecEthnicityCsv, true);
  return all;
}

struct NullEntry {
  std::string system{};
  AnswerState state = AnswerState::kUnknown;
};
ByText<std::vector<NullEntry>> ReadNulls() {
  ByText<std::vector<NullEntry>> all;
  ForEachRow(people::kNullFlavorsCsv, [&](const std::vector<std::string>& row) {
    for (const auto& [state, name] : kStates) {
      if (name == row[0] && !row[2].empty()) all[row[2]].push_back({row[1], state});
    }
  });
  return all;
}

Entries ReadMethods() {
  Entries all;
  ForEachRow(people::kCollectionMethodsCsv, [&](const std::vector<std::string>& row) {
    for (const MethodWords& each : kMethods) {
      if (each.canonical == row[1]) all[row[3]].push_back({{}, row[2], std::string(each.word)});
    }
  });
  return all;
}

std::string_view ElementOf(AssertionField field) {
  switch (field) {
    case AssertionField::kSex:
      return "sex_us_core";
    case AssertionField::kBirthSex:
      return "birth_sex";
    case AssertionField::kAdministrativeGender:
      return "administrative_gender";
    case AssertionField::kGenderIdentity:
      return "gender_identity";
    case AssertionField::kRace:
    case AssertionField::kEthnicity:
    case AssertionField::kLanguage:
    case AssertionField::kInterpreterNeeded:
    case AssertionField::kTribalAffiliation:
      return "";
  }
  return "";
}

Entries ReadSex() {
  Entries all;
  ForEachRow(people::kSogiCsv, [&](const std::vector<std::string>& row) {
    if (StateOfNull(row[3], row[4])) return;
    all[row[4]].push_back({row[0], row[3], row[2]});
  });
  return all;
}

Entries ReadYesNo() {
  Entries all;
  ForEachRow(people::kYesNoAnswersCsv, [&](const std::vector<std::string>& row) {
    all[row[2]].push_back({{}, row[1], row[0]});
  });
  return all;
}
const Entries& YesNoTable() {
  static const Entries kAll = ReadYesNo();
  return kAll;
}

// Three-letter codes (ISO 639-3, 639-2B) of languages that BCP 47 writes with two letters.
ByText<std::string> ReadShortLanguages() {
  ByText<std::string> all;
  ForEachRow(people::kLanguagesCsv, [&](const std::vector<std::string>& row) {
    if (row[2].empty()) return;
    all.emplace(row[1], row[2]);
    if (!row[3].empty()) all.emplace(row[3], row[2]);
  });
  return all;
}

}  // namespace

std::optional<AnswerState> StateOfNull(std::string_view system, std::string_view code) {
  static const auto kAll = ReadNulls();
  const std::string_view canonical = SystemOf(system);
  if (canonical != kNullFlavorSystem && canonical != kDataAbsentSystem) return std::nullopt;
  if (const auto found = kAll.find(code); found != kAll.end()) {
    for (const NullEntry& entry : found->second) {
      if (entry.system == canonical) return entry.state;
    }
  }
  // A null flavour that the table does not know still says that there is no value.
  return AnswerState::kUnknown;
}

std::string_view AnswerStateName(AnswerState state) {
  for (const auto& [each, name] : kStates) {
    if (each == state) return name;
  }
  return "UNKNOWN";
}

bool CountsAsAnswered(AnswerState state) {
  return state == AnswerState::kKnown || state == AnswerState::kOther;
}

std::optional<CollectionMethod> MethodOf(std::string_view system, std::string_view code) {
  static const Entries kAll = ReadMethods();
  const std::string* word = Look(kAll, {}, SystemOf(system), code);
  if (word == nullptr) return std::nullopt;
  return MethodNamed(*word);
}

std::optional<CollectionMethod> MethodNamed(std::string_view word) {
  for (const MethodWords& each : kMethods) {
    if (each.word == word) return each.method;
  }
  return std::nullopt;
}

std::string_view MethodName(CollectionMethod method) {
  for (const MethodWords& each : kMethods) {
    if (each.method == method) return each.word;
  }
  return "unknown";
}

bool CountsAsDirect(CollectionMethod method) {
  return method == CollectionMethod::kSelfReported || method == CollectionMethod::kProxyReported;
}

bool IsCdcrecSystem(std::string_view system) { return SystemOf(system) == kCdcrecSystem; }

const CdcrecCode* FindCdcrec(std::string_view system, std::string_view code) {
  static const ByText<CdcrecCode> kAll = ReadCdcrec();
  if (!system.empty() && !IsCdcrecSystem(system)) return nullptr;
  const auto found = kAll.find(code);
  return found == kAll.end() ? nullptr : &found->second;
}

std::optional<std::string_view> SexMeaning(AssertionField field, std::string_view system,
                                           std::string_view code) {
  static const Entries kAll = ReadSex();
  const std::string_view element = ElementOf(field);
  if (element.empty()) return std::nullopt;
  const std::string* meaning = Look(kAll, element, system, code);
  if (meaning == nullptr) return std::nullopt;
  return std::string_view(*meaning);
}

std::optional<bool> YesNo(std::string_view system, std::string_view code) {
  const std::string* answer = Look(YesNoTable(), {}, system, code);
  if (answer == nullptr || *answer == "DECLINED") return std::nullopt;
  return *answer == "YES";
}

bool IsDeclinedCode(std::string_view system, std::string_view code) {
  const std::string* answer = Look(YesNoTable(), {}, system, code);
  return answer != nullptr && *answer == "DECLINED";
}

bool IsTribe(std::string_view code) {
  static const auto kAll = [] {
    std::unordered_set<std::string, TextHash, std::equal_to<>> all;
    ForEachRow(people::kTribalEntitiesCsv, [&](const std::vector<std::string>& row) {
      if (!row[1].empty() && row[1][0] != '_') all.insert(row[1]);
    });
    return all;
  }();
  return kAll.contains(code);
}

std::optional<std::string> LanguageSubtag(std::string_view tag) {
  const std::string_view primary = tag.substr(0, tag.find_first_of("-_"));
  if (primary.size() < 2 || primary.size() > 3) return std::nullopt;
  std::string subtag;
  for (const char c : primary) {
    if (c >= 'A' && c <= 'Z') {
      subtag += static_cast<char>(c - 'A' + 'a');
    } else if (c >= 'a' && c <= 'z') {
      subtag += c;
    } else {
      return std::nullopt;
    }
  }
  static const ByText<std::string> kShort = ReadShortLanguages();
  if (const auto found = kShort.find(subtag); found != kShort.end()) return found->second;
  constexpr std::array<std::string_view, 5> kNoLanguage = {"und", "mis", "mul", "zxx", "mix"};
  if (std::find(kNoLanguage.begin(), kNoLanguage.end(), subtag) != kNoLanguage.end()) {
    return std::nullopt;
  }
  return subtag;
}

}  // namespace equinode
