#include "client/generate/fhir_lines.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace equinode::made {
namespace {

constexpr std::string_view kCdcrec = "urn:oid:2.16.840.1.113883.6.238";
constexpr std::string_view kNullFlavor = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";
constexpr std::string_view kAbsent = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
constexpr std::string_view kUsCore = "http://hl7.org/fhir/us/core/StructureDefinition/";

// Texts of the generator hold nothing that JSON would have to escape.
template <typename... Parts>
void Put(std::string& out, const Parts&... parts) {
  (out.append(parts), ...);
}

void PutCoding(std::string& out, std::string_view system, std::string_view code,
               std::string_view display) {
  Put(out, R"({"system":")", system, R"(","code":")", code, R"(","display":")", display, R"("})");
}

void PutPart(std::string& out, std::string_view url, std::string_view system, const Term& term) {
  Put(out, R"({"url":")", url, R"(","valueCoding":)");
  PutCoding(out, system, term.code, term.display);
  Put(out, "},");
}

struct NullWord {
  std::string_view system{};
  Term term{};
};
NullWord NullOf(Answer answer) {
  switch (answer) {
    case Answer::kDeclined:
    case Answer::kDeclinedAll:
      return {kAbsent, {"asked-declined", "Asked But Declined"}};
    case Answer::kUnknown:
      return {kNullFlavor, {"UNK", "Unknown"}};
    case Answer::kAskedUnknown:
      return {kNullFlavor, {"ASKU", "Asked but no answer"}};
    case Answer::kNotAsked:
      return {kNullFlavor, {"NASK", "not asked"}};
    case Answer::kOtherText:
      return {kNullFlavor, {"OTH", "other"}};
    case Answer::kGiven:
    case Answer::kTextOnly:
    case Answer::kAbsent:
      break;
  }
  return {};
}

void BeginAnswer(std::string& out, std::string_view name) {
  Put(out, R"({"url":")", kUsCore, name, R"(","extension":[)");
}
void EndAnswer(std::string& out, std::string_view text) {
  Put(out, R"({"url":"text","valueString":")", text, R"("}]},)");
}

// False when nothing but a reason or words was to be written.
void PutNull(std::string& out, std::string_view name, Answer answer, std::string_view words) {
  BeginAnswer(out, name);
  if (answer == Answer::kDeclinedAll) {
    Put(out, R"({"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason",)",
        R"("valueCode":"asked-declined"},)");
    EndAnswer(out, "Declined");
    return;
  }
  if (answer == Answer::kTextOnly) {
    EndAnswer(out, words);
    return;
  }
  const NullWord null = NullOf(answer);
  PutPart(out, "ombCategory", null.system, null.term);
  EndAnswer(out, answer == Answer::kOtherText ? words : null.term.display);
}

void PutRace(std::string& out, const MadePerson& person, PatientFault fault) {
  if (fault == PatientFault::kEthnicityInRace) {
    BeginAnswer(out, "us-core-race");
    PutPart(out, "ombCategory", kCdcrec, {"2186-5", "Nonhispanic"});
    return EndAnswer(out, "Nonhispanic");
  }
  if (fault == PatientFault::kNullBesideRace) {
    BeginAnswer(out, "us-core-race");
    PutPart(out, "ombCategory", kCdcrec, {"2106-3", "White"});
    PutPart(out, "ombCategory", kNullFlavor, {"ASKU", "Asked but no answer"});
    return EndAnswer(out, "White");
  }
  if (person.race_answer == Answer::kAbsent) return;
  if (person.race_answer != Answer::kGiven) {
    return PutNull(out, "us-core-race", person.race_answer, "Mestizo");
  }
  BeginAnswer(out, "us-core-race");
  for (const Term& race : person.races) {
    if (!race.code.empty()) PutPart(out, "ombCategory", kCdcrec, race);
  }
  if (!person.race_detail.code.empty()) PutPart(out, "detailed", kCdcrec, person.race_detail);
  EndAnswer(out, person.races[1].code.empty() ? person.races[0].display : "Mixed");
}

void PutEthnicity(std::string& out, const MadePerson& person) {
  if (person.ethnicity_answer == Answer::kAbsent) return;
  if (person.ethnicity_answer != Answer::kGiven) {
    return PutNull(out, "us-core-ethnicity", person.ethnicity_answer, "");
  }
  BeginAnswer(out, "us-core-ethnicity");
  const Term said = person.heritage->hispanic ? Term{"2135-2", "Hispanic or Latino"}
                                              : Term{"2186-5", "Not Hispanic or Latino"};
  PutPart(out, "ombCategory", kCdcrec, said);
  const Term& detail = person.heritage->ethnicity_detail;
  if (!detail.code.empty()) PutPart(out, "detailed", kCdcrec, detail);
  EndAnswer(out, said.display);
}

void PutSex(std::string& out, const MadePerson& person, SexStyle style) {
  switch (style) {
    case SexStyle::kBirthSex:
      Put(out, R"({"url":")", kUsCore, R"(us-core-birthsex","valueCode":")",
          person.female ? "F" : "M", R"("},)");
      return;
    case SexStyle::kIndividualSex:
      Put(out, R"({"url":")", kUsCore, R"(us-core-individual-sex","valueCoding":)");
      PutCoding(out, "http://snomed.info/sct", person.female ? "248152002" : "248153007",
                person.female ? "Female" : "Male");
      Put(out, "},");
      return;
    case SexStyle::kGenderOnly:
      return;
  }
}

// Now and then as other systems write it: no draw of chance, so that the people stay who they are.
void PutAddress(std::string& out, std::string_view use, const Place& place, int house,
                std::string_view street, bool county) {
  const std::string_view kind = house % 12 == 7 ? " County" : "";
  const std::string_view state = house % 12 == 5 ? "California" : "CA";
  Put(out, R"({"use":")", use, R"(","line":[")", std::to_string(house), " ", street, R"("],)",
      R"("city":")", place.city, R"(",)");
  if (county) Put(out, R"("district":")", place.county, kind, R"(",)");
  Put(out, R"("state":")", state, R"(","postalCode":")", place.zip, R"(","country":"US"})");
}

// Some systems write ISO 639-2 where BCP 47 has two letters.
std::string_view TagOf(const MadePerson& person) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kLong = {
      {{"en", "eng"}, {"es", "spa"}, {"vi", "vie"}, {"zh", "chi"}}};
  const std::string_view tag = person.language->tag;
  if (person.house % 16 != 3) return tag;
  for (const auto& [two, three] : kLong) {
    if (tag == two) return three;
  }
  return tag;
}

void PutLanguage(std::string& out, const MadePerson& person) {
  if (person.language_answer == Answer::kAbsent) return;
  Put(out, R"("communication":[{"language":{"coding":[)");
  if (person.language_answer == Answer::kGiven) {
    PutCoding(out, "urn:ietf:bcp:47", TagOf(person), person.language->display);
    Put(out, R"(],"text":")", person.language->display, R"("})");
  } else {
    const NullWord null = NullOf(person.language_answer);
    PutCoding(out, null.system, null.term.code, null.term.display);
    Put(out, "]}");
  }
  if (person.second_language) {
    Put(out, R"(},{"language":{"coding":[)");
    PutCoding(out, "urn:ietf:bcp:47", "fr", "French");
    Put(out, "]}}],");
    return;
  }
  Put(out, person.language_preferred ? R"(,"preferred":true}],)" : "}],");
}

void PutGender(std::string& out, const MadePerson& person) {
  if (person.gender_absent) {
    Put(out, R"("gender":"unknown",)");
    return;
  }
  Put(out, R"("gender":")", person.female != person.gender_differs ? "female" : "male", R"(",)");
}

void PutBirth(std::string& out, const MadePerson& person, PatientFault fault) {
  if (fault == PatientFault::kBadBirthDate) {
    Put(out, R"("birthDate":"1987-13-45",)");
  } else if (fault == PatientFault::kFutureBirthDate) {
    Put(out, R"("birthDate":"2199-01-01",)");
  } else if (person.birth.year == 0) {
    Put(out, R"("_birthDate":{"extension":[{"url":)",
        R"("http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]},)");
  } else {
    Put(out, R"("birthDate":")", Text(person.birth), R"(",)");
  }
}

}  // namespace

void AppendPatient(const MadePerson& person, const Practice& practice, PatientFault fault,
                   std::string& out) {
  Put(out, R"({"resourceType":"Patient",)");
  if (fault != PatientFault::kMissingId) Put(out, R"("id":")", person.id, R"(",)");
  Put(out, R"("meta":{"profile":[")", kUsCore, R"(us-core-patient"]},"extension":[)");
  PutRace(out, person, fault);
  PutEthnicity(out, person);
  PutSex(out, person, practice.sex_style);
  if (person.interpreter) {
    Put(out, R"({"url":")", kUsCore, R"(us-core-interpreter-needed","valueCoding":)");
    PutCoding(out, "http://snomed.info/sct", "373066001", "Yes");
    Put(out, "},");
  }
  if (out.back() == ',') out.pop_back();
  Put(out, R"(],"identifier":[{"use":"usual","type":{"coding":[{"system":)",
      R"("http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR","display":"Medical Record )",
      R"(Number"}]},"system":"https://)", practice.name, R"(.example/mrn","value":")", person.mrn,
      R"("}],"active":true,"name":[{"use":"official","family":")", person.family, R"(","given":[")",
      person.given, R"("]}],"telecom":[{"system":"phone","value":"(555) 555-01)",
      person.mrn.substr(person.mrn.size() - 2), R"(","use":"home"}],)");
  PutGender(out, person);
  PutBirth(out, person, fault);
  if (person.deceased) Put(out, R"("deceasedBoolean":true,)");
  Put(out, R"("address":[)");
  if (person.old_address) {
    PutAddress(out, "old", *person.old_place, 12, "Former Street", true);
    Put(out, ",");
  }
  PutAddress(out, "home", *person.place, person.house, person.street, person.county_given);
  Put(out, "],");
  PutLanguage(out, person);
  Put(out, R"("managingOrganization":{"reference":"Organization/)", practice.name, R"("}})");
}

void AppendCondition(const MadePerson& person, Chance& chance, std::string& out) {
  Put(out, R"({"resourceType":"Condition","id":")", MakeUuid(chance),
      R"(","subject":{"reference":)", R"("Patient/)", person.id,
      R"("},"code":{"coding":[{"system":"http://snomed.info/sct",)",
      R"("code":"733423003","display":"Food insecurity"}]}})");
}

void AppendEncounter(const MadePerson& person, Chance& chance, std::string& out) {
  Put(out, R"({"resourceType":"Encounter","id":")", MakeUuid(chance),
      R"(","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/)", person.id,
      R"("}})");
}

}  // namespace equinode::made
