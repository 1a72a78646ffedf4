#include "client/import/fhir/demographics.h"

#include <algorithm>
#include <utility>

#include "client/import/fhir/datatypes.h"
#include "client/import/fhir/refuse.h"
#include "client/import/fhir/slots.h"
#include "domain/people/assertion_rules.h"
#include "domain/people/tables.h"

namespace equinode::fhir {
namespace {

constexpr std::size_t kMaxAnswers = 32;
constexpr std::string_view kSnomed = "http://snomed.info/sct";
constexpr std::string_view kBcp47 = "urn:ietf:bcp:47";
constexpr std::string_view kUsCore = "http://hl7.org/fhir/us/core/StructureDefinition/";
constexpr std::string_view kBase = "http://hl7.org/fhir/StructureDefinition/";

// What an extension holds, whatever the order of its keys.
struct Extension {
  std::string_view url{};
  std::string_view value_key{};  // "valueCoding", ...; empty = no value.
  dom::element value{};
  bool has_parts = false;
  dom::element parts{};  // Extensions inside it.
  bool has_absent = false;
  dom::element absent{};  // "_valueCode" and its like.
};

Status Read(const dom::object& object, std::string_view path, Extension& out) {
  for (const auto& [key, field] : object) {
    if (key == "url") {
      EQN_TRY(out.url, Text(field, path));
    } else if (key == "extension") {
      out.has_parts = true;
      out.parts = field;
    } else if (key.substr(0, 5) == "value" && !IsNull(field)) {
      out.value_key = key;
      out.value = field;
    } else if (key.substr(0, 6) == "_value") {
      out.has_absent = true;
      out.absent = field;
    }
  }
  return Ok();
}

// A value in whatever type it came, as one answer. `system` is of a bare code.
Status ReadAnswer(const Extension& extension, std::string_view path, std::string_view system,
                  Coded& out) {
  if (extension.value_key == "valueCoding") return ReadCoding(extension.value, path, out);
  if (extension.value_key == "valueCodeableConcept") {
    return ReadConcept(extension.value, path, system, out);
  }
  if (extension.value_key == "valueCode") {
    out.system.assign(system);
    return Keep(extension.value, path, out.code);
  }
  if (extension.value_key == "valueString") return Keep(extension.value, path, out.text);
  if (extension.value_key == "valueBoolean") {
    EQN_TRY(const bool truth, Bool(extension.value, path));
    out.text = truth ? "true" : "false";
    return Ok();
  }
  if (!extension.value_key.empty()) {
    return Refuse("WRONG_TYPE", std::string(path) + " has a value of a type that it cannot have");
  }
  if (extension.has_absent) return ReadAbsentElement(extension.absent, path, out);
  if (extension.has_parts) return ReadAbsentReason(extension.parts, path, out);
  return Ok();
}

bool StartsWith(std::string_view text, std::string_view head) {
  return text.substr(0, head.size()) == head;
}

// Null flavours that US Core allows in the place of a bare code.
bool IsNullFlavor(std::string_view code) {
  return code == "ASKU" || code == "UNK" || code == "OTH" || code == "NASK" || code == "NI" ||
         code == "MSK" || code == "NA" || code == "NAV";
}
bool IsAbsentReason(std::string_view code) {
  return code == "asked-declined" || code == "asked-unknown" || code == "unknown" ||
         code == "not-asked" || code == "masked" || code == "temp-unknown" ||
         code == "not-applicable" || code == "unsupported" || code == "error";
}

// Who spoke, as far as the method says.
std::string_view AsserterOf(CollectionMethod method) {
  if (method == CollectionMethod::kSelfReported) return "self";
  if (method == CollectionMethod::kProxyReported) return "proxy";
  if (method == CollectionMethod::kObserved) return "staff";
  return "";
}

bool IsReason(const Coded& coded) {
  if (coded.system == "http://hl7.org/fhir/administrative-gender") return coded.code == "unknown";
  if (coded.system == kBcp47) return coded.code == "und";
  const auto state = StateOfNull(coded.system, coded.code);
  return state && *state != AnswerState::kOther;
}

}  // namespace

template <typename Read>
Status Demographics::Add(AssertionField field, Read read) {
  auto& [values, count] = Of(field);
  if (count == kMaxAnswers) {
    return Refuse("TOO_MANY", "a demographic answer has more than 32 codes; a record holds 32");
  }
  if (count == values.size()) {
    values.emplace_back();
  } else {
    Empty(values[count]);
  }
  EQN_CHECK(read(values[count]));
  if (!IsEmpty(values[count])) ++count;
  return Ok();
}

Status Demographics::ReadExtensions(const dom::element& value) {
  return ForEachObject(value, "Patient.extension",
                       [&](const dom::object& object) { return ReadExtension(object); });
}

Status Demographics::ReadExtension(const dom::object& object) {
  Extension extension;
  EQN_CHECK(Read(object, "Patient.extension", extension));
  const std::string_view url = extension.url;
  std::string_view name;
  if (StartsWith(url, kUsCore)) {
    name = url.substr(kUsCore.size());
  } else if (StartsWith(url, kBase)) {
    name = url.substr(kBase.size());
  } else {
    return Ok();
  }
  if (name == "us-core-race" || name == "us-core-ethnicity") {
    const auto field = name == "us-core-race" ? AssertionField::kRace : AssertionField::kEthnicity;
    return extension.has_parts ? ReadCategories(field, extension.parts) : Ok();
  }
  if (name == "us-core-tribal-affiliation") {
    return extension.has_parts ? ReadTribe(extension.parts) : Ok();
  }
  if (name == "individual-genderIdentity") {
    return extension.has_parts ? ReadGenderIdentity(extension.parts) : Ok();
  }
  if (name == "us-core-birthsex") {
    return Add(AssertionField::kBirthSex, [&](Coded& coded) -> Status {
      EQN_CHECK(ReadAnswer(extension, "Patient.extension(us-core-birthsex)",
                           "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender", coded));
      if (extension.value_key == "valueCode" && IsNullFlavor(coded.code)) {
        coded.system.assign(kNullFlavor);
      }
      return Ok();
    });
  }
  if (name == "us-core-sex" || name == "us-core-individual-sex") {
    return Add(AssertionField::kSex, [&](Coded& coded) -> Status {
      EQN_CHECK(ReadAnswer(extension, "Patient.extension(us-core-sex)", kSnomed, coded));
      if (extension.value_key == "valueCode" && IsNullFlavor(coded.code)) {
        coded.system.assign(kNullFlavor);
      } else if (extension.value_key == "valueCode" && IsAbsentReason(coded.code)) {
        coded.system.assign(kDataAbsent);
      }
      return Ok();
    });
  }
  if (name == "us-core-genderIdentity") {
    return Add(AssertionField::kGenderIdentity, [&](Coded& coded) {
      return ReadAnswer(extension, "Patient.extension(us-core-genderIdentity)", kSnomed, coded);
    });
  }
  if (name == "us-core-interpreter-needed" || name == "patient-interpreterRequired") {
    return Add(AssertionField::kInterpreterNeeded, [&](Coded& coded) -> Status {
      EQN_CHECK(
          ReadAnswer(extension, "Patient.extension(us-core-interpreter-needed)", kSnomed, coded));
      if (extension.value_key == "valueBoolean") {  // As US Core writes yes and no.
        coded.system.assign(kSnomed);
        coded.code = coded.text == "true" ? "373066001" : "373067005";
      }
      return Ok();
    });
  }
  return Ok();
}

// ombCategory and detailed codes are one answer set; the text goes with it where it says more.
Status Demographics::ReadCategories(AssertionField field, const dom::element& parts) {
  const std::string_view path = field == AssertionField::kRace
                                    ? "Patient.extension(us-core-race)"
                                    : "Patient.extension(us-core-ethnicity)";
  Said& said = Of(field);
  const std::size_t first = said.count;
  dom::element text;
  bool has_text = false;
  EQN_CHECK(ForEachObject(parts, path, [&](const dom::object& object) -> Status {
    Extension part;
    EQN_CHECK(Read(object, path, part));
    if (part.url == "text" && part.value_key == "valueString") {
      text = part.value;
      has_text = true;
    }
    if (part.url != "ombCategory" && part.url != "detailed") return Ok();
    return Add(field, [&](Coded& coded) -> Status {
      EQN_CHECK(ReadAnswer(part, path, "urn:oid:2.16.840.1.113883.6.238", coded));
      if (part.url == "ombCategory" && field == AssertionField::kRace) {
        ++race_categories_;
        if (coded.code == "ASKU" || coded.code == "UNK") ++race_null_;
      }
      return Ok();
    });
  }));
  std::string_view words;
  if (has_text) {
    EQN_TRY(words, Text(text, path));
  }
  if (said.count == first) {
    return Add(field, [&](Coded& coded) -> Status {
      EQN_CHECK(ReadAbsentReason(parts, path, coded));
      return coded.code.empty() && has_text ? Keep(text, path, coded.text) : Ok();
    });
  }
  for (std::size_t i = first; i < said.count; ++i) {
    if (said.values[i].display == words) return Ok();
  }
  std::string& beside = said.values[first].text;
  return words.empty() || !beside.empty() ? Ok() : Keep(text, path, beside);
}

Status Demographics::ReadTribe(const dom::element& parts) {
  constexpr std::string_view kPath = "Patient.extension(us-core-tribal-affiliation)";
  Coded coded;
  EQN_CHECK(ForEachObject(parts, kPath, [&](const dom::object& object) -> Status {
    Extension part;
    EQN_CHECK(Read(object, kPath, part));
    if (part.url != "tribalAffiliation") return Ok();
    return ReadAnswer(part, kPath, "http://terminology.hl7.org/CodeSystem/v3-TribalEntityUS",
                      coded);
  }));
  if (IsEmpty(coded)) EQN_CHECK(ReadAbsentReason(parts, kPath, coded));
  return Add(AssertionField::kTribalAffiliation, [&](Coded& out) -> Status {
    out = std::move(coded);
    return Ok();
  });
}

// One that has ended is no longer how the person identifies.
Status Demographics::ReadGenderIdentity(const dom::element& parts) {
  constexpr std::string_view kPath = "Patient.extension(individual-genderIdentity)";
  Coded coded;
  bool ended = false;
  EQN_CHECK(ForEachObject(parts, kPath, [&](const dom::object& object) -> Status {
    Extension part;
    EQN_CHECK(Read(object, kPath, part));
    if (part.url == "value") return ReadAnswer(part, kPath, kSnomed, coded);
    if (part.url == "period" && part.value_key == "valuePeriod") {
      EQN_TRY(const dom::object period, Object(part.value, kPath));
      for (const auto& [key, field] : period) ended = ended || (key == "end" && !IsNull(field));
    }
    return Ok();
  }));
  if (ended) return Ok();
  if (IsEmpty(coded)) EQN_CHECK(ReadAbsentReason(parts, kPath, coded));
  return Add(AssertionField::kGenderIdentity, [&](Coded& out) -> Status {
    out = std::move(coded);
    return Ok();
  });
}

Status Demographics::ReadGender(const dom::element& value) {
  return Add(AssertionField::kAdministrativeGender, [&](Coded& coded) -> Status {
    EQN_CHECK(Keep(value, "Patient.gender", coded.code));
    coded.system = "http://hl7.org/fhir/administrative-gender";
    return Ok();
  });
}

Status Demographics::ReadGenderAbsent(const dom::element& value) {
  return Add(AssertionField::kAdministrativeGender,
             [&](Coded& coded) { return ReadAbsentElement(value, "Patient.gender", coded); });
}

Status Demographics::ReadCommunication(const dom::element& value) {
  constexpr std::string_view kPath = "Patient.communication.language";
  std::size_t others = 0;
  Coded other;
  EQN_CHECK(ForEachObject(value, "Patient.communication", [&](const dom::object& object) -> Status {
    bool preferred = false;
    for (const auto& [key, field] : object) {
      if (key != "preferred") continue;
      EQN_TRY(preferred, Bool(field, "Patient.communication.preferred"));
    }
    const auto read = [&](Coded& language) -> Status {
      for (const auto& [key, field] : object) {
        if (key == "language") {
          EQN_CHECK(ReadConcept(field, kPath, kBcp47, language));
        } else if (key == "extension" && IsEmpty(language)) {
          EQN_CHECK(ReadAbsentReason(field, kPath, language));
        }
      }
      return Ok();
    };
    if (preferred) return Add(AssertionField::kLanguage, read);
    Coded language;
    EQN_CHECK(read(language));
    if (IsEmpty(language)) return Ok();
    other = std::move(language);
    ++others;
    return Ok();
  }));
  // Of several languages without a mark none is known to be the preferred one.
  if (Of(AssertionField::kLanguage).count > 0 || others != 1) return Ok();
  return Add(AssertionField::kLanguage, [&](Coded& language) -> Status {
    language = std::move(other);
    return Ok();
  });
}

void Demographics::Finish(const SourceProfile& profile, const PartialDate& collected_on,
                          std::vector<Assertion>& out, std::vector<Assertion>& spare,
                          std::uint64_t& conflicts) {
  {
    Slots<Assertion> slots(out, spare);
    for (std::size_t i = 0; i < said_.size(); ++i) {
      auto& [values, count] = said_[i];
      if (count == 0) continue;
      Assertion& assertion = slots.Take();
      assertion.field = static_cast<AssertionField>(i);
      assertion.values.swap(values);
      assertion.values.resize(count);
      assertion.instrument = profile.instrument;
      assertion.method = profile.method;
      assertion.asserter = AsserterOf(profile.method);
      assertion.collected_on = collected_on;
    }
  }
  JudgeAll(out);
  bool conflict = false;
  for (Assertion& assertion : out) {
    conflict = conflict || !assertion.conflict.empty();
    // Why there is no value is the state now; OTH stays, it is an answer. Beside values a reason is
    // a contradiction, so a good answer has none.
    if (assertion.state == AnswerState::kKnown && assertion.conflict.empty()) continue;
    auto& values = assertion.values;
    values.erase(std::remove_if(values.begin(), values.end(), IsReason), values.end());
  }
  if (conflict) ++conflicts;
}

void Demographics::Begin() {
  for (Said& said : said_) said.count = 0;
  race_categories_ = 0;
  race_null_ = 0;
}

}  // namespace equinode::fhir
