#include "domain/people/tables.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/csv_rows.h"
#include "domain/people/code_tables.h"

namespace equinode {
namespace {

struct WordHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

constexpr std::array<std::pair<AnswerState, std::string_view>, 14> kStateWords = {{
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

// The systems whose codes have tables of their own, with the older and shorter names that sources
// use for them.
enum class System : std::uint8_t { kOther, kNone, kCdcrec, kNullFlavor, kDataAbsent, kTribe };
constexpr std::array<std::pair<std::string_view, System>, 14> kSystems = {{
    {"", System::kNone},
    {kCdcrecSystem, System::kCdcrec},
    {kNullFlavorSystem, System::kNullFlavor},
    {kDataAbsentSystem, System::kDataAbsent},
    {"http://hl7.org/fhir/v3/NullFlavor", System::kNullFlavor},
    {"urn:oid:2.16.840.1.113883.5.1008", System::kNullFlavor},
    {"http://hl7.org/fhir/data-absent-reason", System::kDataAbsent},
    {"http://terminology.hl7.org/CodeSystem/v3-Race", System::kCdcrec},
    {"http://terminology.hl7.org/CodeSystem/v3-Ethnicity", System::kCdcrec},
    {"http://terminology.hl7.org/CodeSystem/CDCREC", System::kCdcrec},
    {"2.16.840.1.113883.6.238", System::kCdcrec},
    {"http://terminology.hl7.org/CodeSystem/v3-TribalEntityUS", System::kTribe},
    {"http://hl7.org/fhir/v3/TribalEntityUS", System::kTribe},
    {"urn:oid:2.16.840.1.113883.5.140", System::kTribe},
}};
System SystemOf(std::string_view system) {
  for (const auto& [name, which] : kSystems) {
    if (name == system) return which;
  }
  return System::kOther;
}

// A few codes of one question each: going through them costs less than any index.
struct TableEntry {
  std::string system{};
  std::string code{};
  std::string meaning{};
};
using Entries = std::vector<TableEntry>;

const std::string* Look(const Entries& entries, std::string_view system, std::string_view code) {
  for (const TableEntry& entry : entries) {
    if (entry.code == code && entry.system == system) return &entry.meaning;
  }
  return nullptr;
}

// CDCREC's codes are four digits, a dash and a check digit: the four are their place.
struct Cdcrec {
  std::vector<CdcrecCode> codes{};
  std::array<std::uint16_t, 10'000> at{};  // The code's number from 1; 0 = none.
};

// The place of a code that is shaped like those of CDCREC; nothing for others.
std::optional<std::size_t> PlaceOf(std::string_view code) {
  if (code.size() != 6 || code[4] != '-') return std::nullopt;
  std::size_t place = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    if (code[i] < '0' || code[i] > '9') return std::nullopt;
    place = place * 10 + static_cast<std::size_t>(code[i] - '0');
  }
  return place;
}

Cdcrec ReadCdcrec() {
  Cdcrec all;
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
      const auto place = PlaceOf(code.code);
      if (!place) return;
      all.codes.push_back(std::move(code));
      all.at[*place] = static_cast<std::uint16_t>(all.codes.size());
    });
  };
  read(people::kCdcrecRaceCsv, false);
  read(people::kCdcrecEthnicityCsv, true);
  return all;
}

struct NullEntry {
  System system = System::kNone;
  std::string code{};
  AnswerState state = AnswerState::kUnknown;
};
std::vector<NullEntry> ReadNulls() {
  std::vector<NullEntry> all;
  ForEachRow(people::kNullFlavorsCsv, [&](const std::vector<std::string>& row) {
    for (const auto& [state, name] : kStateWords) {
      if (name == row[0] && !row[2].empty()) all.push_back({SystemOf(row[1]), row[2], state});
    }
  });
  return all;
}

Entries ReadMethods() {
  Entries all;
  ForEachRow(people::kCollectionMethodsCsv, [&](const std::vector<std::string>& row) {
    for (const MethodWords& each : kMethods) {
      if (each.canonical == row[1]) all.push_back({row[2], row[3], std::string(each.word)});
    }
  });
  return all;
}

// The element of sogi.csv that a field is; empty for none.
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

using ByField = std::array<Entries, 10>;
ByField ReadSex() {
  ByField all;
  ForEachRow(people::kSogiCsv, [&](const std::vector<std::string>& row) {
    if (StateOfNull(row[3], row[4])) return;
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (row[0] == ElementOf(static_cast<AssertionField>(i))) {
        all[i].push_back({row[3], row[4], row[2]});
      }
    }
  });
  return all;
}

Entries ReadYesNo() {
  Entries all;
  ForEachRow(people::kYesNoAnswersCsv, [&](const std::vector<std::string>& row) {
    all.push_back({row[1], row[2], row[0]});
  });
  return all;
}
const Entries& YesNoTable() {
  static const Entries kAll = ReadYesNo();
  return kAll;
}

}  // namespace

std::optional<AnswerState> StateOfNull(std::string_view system, std::string_view code) {
  static const auto kAll = ReadNulls();
  const System which = SystemOf(system);
  if (which != System::kNullFlavor && which != System::kDataAbsent) return std::nullopt;
  for (const NullEntry& entry : kAll) {
    if (entry.system == which && entry.code == code) return entry.state;
  }
  // A null flavour that the table does not know still says that there is no value.
  return AnswerState::kUnknown;
}

std::string_view AnswerStateName(AnswerState state) {
  for (const auto& [each, name] : kStateWords) {
    if (each == state) return name;
  }
  return "UNKNOWN";
}

bool CountsAsAnswered(AnswerState state) {
  return state == AnswerState::kKnown || state == AnswerState::kOther;
}

std::optional<CollectionMethod> MethodOf(std::string_view system, std::string_view code) {
  static const Entries kAll = ReadMethods();
  const std::string* word = Look(kAll, system, code);
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

bool IsCdcrecSystem(std::string_view system) { return SystemOf(system) == System::kCdcrec; }

const CdcrecCode* FindCdcrec(std::string_view system, std::string_view code) {
  static const Cdcrec kAll = ReadCdcrec();
  const auto place = PlaceOf(code);
  if (!place || kAll.at[*place] == 0) return nullptr;
  if (!system.empty() && !IsCdcrecSystem(system)) return nullptr;
  const CdcrecCode& found = kAll.codes[kAll.at[*place] - 1u];
  return found.code == code ? &found : nullptr;  // The check digit.
}

std::optional<std::string_view> SexMeaning(AssertionField field, std::string_view system,
                                           std::string_view code) {
  static const ByField kAll = ReadSex();
  const std::string* meaning = Look(kAll[static_cast<std::size_t>(field)], system, code);
  if (meaning == nullptr) return std::nullopt;
  return std::string_view(*meaning);
}

std::optional<bool> YesNo(std::string_view system, std::string_view code) {
  const std::string* answer = Look(YesNoTable(), system, code);
  if (answer == nullptr || *answer == "DECLINED") return std::nullopt;
  return *answer == "YES";
}

bool IsDeclinedCode(std::string_view system, std::string_view code) {
  const std::string* answer = Look(YesNoTable(), system, code);
  return answer != nullptr && *answer == "DECLINED";
}

bool IsTribe(std::string_view system, std::string_view code) {
  static const auto kAll = [] {
    std::unordered_set<std::string, WordHash, std::equal_to<>> all;
    ForEachRow(people::kTribalEntitiesCsv, [&](const std::vector<std::string>& row) {
      if (!row[1].empty() && row[1][0] != '_') all.insert(row[1]);
    });
    return all;
  }();
  return SystemOf(system) == System::kTribe && kAll.contains(code);
}

}  // namespace equinode
