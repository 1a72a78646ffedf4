// A person's needs and consents go out as FHIR, and `equinode import` reads the same facts.
#include "client/fhir_out/person_facts.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "client/convert/need_body.h"
#include "client/convert/record_body.h"
#include "tests/client/fhir_out/profiles.h"
#include "tests/client/import/collecting_sink.h"
#include "tests/support/temp_folder.h"

namespace equinode {
namespace {

using std::chrono::sys_days;

const sys_days kToday = Day(2026, 6, 30);
constexpr char kPerson[] = "feed/Patient/p-1";

template <typename T>
T OneOf(const std::vector<T>& values) {
  return *rc::gen::elementOf(values);
}
bool Maybe(int in = 2) { return *rc::gen::inRange(0, in) == 0; }

PartialDate AnyDay() {
  return {2026, static_cast<std::uint8_t>(*rc::gen::inRange(1, 6)),
          static_cast<std::uint8_t>(*rc::gen::inRange(1, 5))};
}
// Sources know less at times.
PartialDate AnyDate() {
  PartialDate date = AnyDay();
  const int known = *rc::gen::inRange(0, 8);
  if (known < 3) date.day = 0;
  if (known < 2) date.month = 0;
  if (known < 1) date.year = 0;
  return date;
}

const std::vector<AnswerRule>& Rules() {
  static const std::vector<AnswerRule> rules = [] {
    std::vector<AnswerRule> all;
    EachAnswerRule([&](const AnswerRule& rule) { all.push_back(rule); });
    return all;
  }();
  return rules;
}

ScreenedAnswer AnyAnswer(const AnswerRule& rule, bool response) {
  ScreenedAnswer answer;
  answer.question = rule.question;
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      answer.given = AnswerGiven::kDeclined;
      return answer;
    case 1:
      answer.given = AnswerGiven::kUnable;
      return answer;
    case 2:
      answer.given = AnswerGiven::kNotAsked;
      return answer;
    case 3:
      answer.given = AnswerGiven::kNothing;
      return answer;
    case 4:
      answer.milli = *rc::gen::inRange<std::int64_t>(-5000, 5'000'000);
      if (Maybe()) answer.text = AnyText();
      return answer;
    case 5:
      answer.text = AnyText();
      return answer;
    case 6:
      answer.answers = {"http://snomed.info/sct|1" + std::to_string(*rc::gen::inRange(1, 9))};
      return answer;
    default:
      break;
  }
  answer.answers = {rule.answer};
  for (const AnswerRule& other : RulesOfQuestion(rule.question)) {
    if (!ChooseAll(rule.question) || !Maybe(3)) continue;
    if (std::ranges::find(answer.answers, other.answer) == answer.answers.end()) {
      answer.answers.push_back(other.answer);
    }
  }
  if (Maybe(6)) answer.text = AnyText();
  if (response && Maybe(6)) answer.milli = 1500;
  return answer;
}

Kept<ScreeningRecord> AnyScreening(int number) {
  Kept<ScreeningRecord> kept;
  ScreeningRecord& record = kept.record;
  const int type = *rc::gen::inRange(0, 3);
  const std::string n = std::to_string(number);
  kept.source_id = type == 0   ? "feed/QuestionnaireResponse/q" + n
                   : type == 1 ? "local/Screening/0197-" + n
                               : "feed/Observation/o" + n;
  record.on = Maybe(12) ? PartialDate{} : AnyDay();
  record.by = OneOf<std::string>({"", "self", "proxy", "staff", "device"});
  if (Maybe(3)) record.encounter = "feed/Encounter/e1";
  const AnswerRule first = OneOf(Rules());
  const bool whole = type != 2 || Maybe();
  if (whole) record.instrument = first.instrument;
  std::set<std::string> asked;
  const int wanted = whole ? *rc::gen::inRange(1, 5) : 1;
  for (int i = 0; i < wanted; ++i) {
    AnswerRule rule = i == 0 ? first : OneOf(Rules());
    if (rule.instrument != first.instrument || !asked.insert(rule.question).second) continue;
    record.answers.push_back(AnyAnswer(rule, type == 0));
  }
  if (type == 2 && whole && Maybe(3)) {
    record.members = {"feed/Observation/o1", "feed/Observation/o2"};
    if (Maybe()) record.answers.clear();
  }
  if (type == 2 && Maybe(4)) record.part_of = "feed/QuestionnaireResponse/q1";
  // Taken back at the source.
  if (type == 0 && Maybe(5)) record.answers.clear();
  return kept;
}

const std::vector<Coded>& Codes() {
  static const std::vector<Coded> codes = {
      {"http://hl7.org/fhir/sid/icd-10-cm", "Z59.41", "Food insecurity", ""},
      {"http://hl7.org/fhir/sid/icd-10-cm", "Z59.00", "", ""},
      {"http://hl7.org/fhir/sid/icd-10-cm", "Z59.4", "", ""},
      {"http://hl7.org/fhir/sid/icd-10-cm", "Z60.2", "", ""},
      {"http://snomed.info/sct", "733423003", "Food insecurity", ""},
      {"http://snomed.info/sct", "32911000", "Homeless", ""}};
  return codes;
}

Kept<ConditionRecord> AnyCondition(int number) {
  Kept<ConditionRecord> kept;
  ConditionRecord& record = kept.record;
  kept.source_id = (Maybe(6) ? "feed/Observation/c" : "feed/Condition/c") + std::to_string(number);
  record.codes.push_back(OneOf(Codes()));
  if (Maybe(3)) record.codes.push_back(Codes()[4]);
  record.verification = OneOf<std::string>(
      {"", "confirmed", "confirmed", "unconfirmed", "refuted", "entered-in-error", "provisional"});
  record.clinical = OneOf<std::string>({"", "active", "active", "resolved", "inactive"});
  record.category =
      OneOf<std::string>({"", "encounter-diagnosis", "problem-list-item", "health-concern"});
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    const auto domains = NeedDomains();
    record.domains.push_back(domains[static_cast<std::size_t>(*rc::gen::inRange<int>(
                                         0, static_cast<int>(domains.size())))]
                                 .code);
  }
  if (Maybe()) record.encounter = OneOf<std::string>({"feed/Encounter/e1", "feed/Encounter/e9"});
  record.recorded_on = AnyDate();
  if (record.recorded_on.day != 0 && Maybe()) {
    // Any clock on earth may have shown that day.
    record.recorded_at = Instant{*FirstDayOf(record.recorded_on)} +
                         std::chrono::minutes{*rc::gen::inRange(-13 * 60, 36 * 60)};
  }
  if (Maybe(4)) record.asserted_on = AnyDate();
  if (Maybe(3)) record.onset = AnyDate();
  record.abated = Maybe(4);
  if (record.abated && Maybe()) record.abated_on = AnyDate();
  if (Maybe()) record.signed_by = OneOf<std::string>({"Jan Water MD", "Practitioner/7"});
  record.asserted_by = OneOf<std::string>({"", "patient", "related", "device"});
  if (!record.signed_by.empty() && Maybe()) record.asserted_by = "practitioner";
  if (Maybe(4)) record.evidence = {"feed/Observation/o1", "feed/QuestionnaireResponse/q1"};
  return kept;
}

Kept<EncounterRecord> AnyEncounter(int number) {
  Kept<EncounterRecord> kept;
  EncounterRecord& record = kept.record;
  kept.source_id = "feed/Encounter/e" + std::to_string(number);
  record.status =
      OneOf<std::string>({"finished", "finished", "in-progress", "cancelled", "unknown"});
  record.on = AnyDate();
  if (Maybe()) record.clinician = "Pat Williams MSW";
  if (Maybe())
    record.diagnoses.push_back({"", {OneOf<Coded>({Codes()[0], Codes()[3]})}, "reason", 0});
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    record.diagnoses.push_back({"feed/Condition/c" + std::to_string(*rc::gen::inRange(1, 5)),
                                {},
                                OneOf<std::string>({"", "billing"}),
                                static_cast<std::uint32_t>(*rc::gen::inRange(0, 4))});
  }
  if (record.diagnoses.empty()) record.diagnoses.push_back({"feed/Condition/c1", {}, "", 2});
  return kept;
}

// What a staff may have tried about two codes; what may not be takes no effect.
std::vector<Kept<NeedRecord>> AnySteps() {
  NeedRecord record;
  record.domain = "food-insecurity";
  std::int64_t hours = 24 * 20'454;  // From 2026-01-01 on, as written down.
  for (int i = *rc::gen::inRange(0, 7); i > 0; --i) {
    hours += *rc::gen::inRange(1, 700);
    CodeStep code;
    code.event = OneOf<CodeEvent>({CodeEvent::kConfirm, CodeEvent::kConfirm, CodeEvent::kCode,
                                   CodeEvent::kResolve, CodeEvent::kRefute});
    code.code = OneOf<std::string>({"Z59.41", "Z59.48"});
    if (code.event == CodeEvent::kConfirm) code.clinician = OneOf<std::string>({"Ann MD", "Bo MD"});
    if (code.event == CodeEvent::kCode) {
      code.encounter = OneOf<std::string>({"feed/Encounter/e1", "visit-1"});
      code.position = 2;
    }
    code.reason = "because";
    NeedStep step;
    step.at = Instant{std::chrono::hours{hours}};
    step.actor = "spiffe://net/practice/elm/operator/ann";
    const sys_days written = std::chrono::floor<std::chrono::days>(step.at);
    // Told on the day, or of a day before.
    step.on = written - std::chrono::days{Maybe(3) ? *rc::gen::inRange(0, 40) : 0};
    code.on = step.on;
    code.told_at = step.at;
    step.code = std::move(code);
    record.steps.push_back(std::move(step));
  }
  if (record.steps.empty()) return {};
  return {{"need/x", std::move(record)}};
}

PersonRecords AnyRecords() {
  PersonRecords records;
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) records.screenings.push_back(AnyScreening(i));
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) records.conditions.push_back(AnyCondition(i));
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) records.encounters.push_back(AnyEncounter(i));
  return records;
}

PersonFacts FactsOf(const PersonRecords& records) {
  PersonFacts facts;
  facts.person = kPerson;
  facts.organisation = "spiffe://net/practice/elm";
  facts.screenings = records.screenings;
  facts.conditions = records.conditions;
  facts.encounters = records.encounters;
  for (const CodeView& code : NeedsOf(records, *ZCodeTable::BuiltIn(), kToday).codes) {
    AddStaffSteps(code, facts.steps);
  }
  return facts;
}

// As `equinode import --feed feed` has it.
struct Imported {
  PersonRecords records{};
  std::map<std::string, RecordKind> kinds{};
  std::vector<RejectedLine> rejected{};
  std::optional<PersonRecord> patient{};
};
Imported Read(const std::string& bundle) {
  testing::TempFolder folder;
  WriteFile(folder.path() / "bundle.json", bundle);
  ImportOptions options;
  options.paths = {folder.path() / "bundle.json"};
  options.feed = "feed";
  options.today = kToday;
  CollectingSink sink;
  const auto report = Import(options, sink.sink());
  Imported out;
  if (!report.ok()) return out;
  for (const ImportedRecord& each : sink.records) {
    out.kinds[each.source_id] = each.kind;
    if (each.kind == RecordKind::kScreening) {
      out.records.screenings.push_back({each.source_id, *ScreeningFromBody(each.body)});
    } else if (each.kind == RecordKind::kCondition) {
      out.records.conditions.push_back({each.source_id, *ConditionFromBody(each.body)});
    } else if (each.kind == RecordKind::kEncounter) {
      out.records.encounters.push_back({each.source_id, *EncounterFromBody(each.body)});
    } else if (each.kind == RecordKind::kPerson) {
      out.patient = *PersonFromBody(each.body);
    }
  }
  out.rejected = sink.rejected;
  return out;
}

template <typename T>
const T* Find(const std::vector<Kept<T>>& kept, const std::string& id) {
  const auto at = std::ranges::find(kept, id, &Kept<T>::source_id);
  return at == kept.end() ? nullptr : &at->record;
}

// What the day's answers say, in words that can be compared.
std::vector<std::string> Outcomes(const PersonNeeds& needs) {
  std::vector<std::string> out;
  for (const AskingView& asking : needs.askings) {
    for (const DomainOutcome& each : asking.result.domains) {
      out.push_back(std::to_string(asking.on.time_since_epoch().count()) + " " + each.domain + " " +
                    std::string(OutcomeName(each.outcome)) + " " +
                    std::string(HelpWantedName(each.help)));
    }
  }
  return out;
}
std::vector<std::string> Stages(const PersonNeeds& needs, bool suggested = true) {
  std::vector<std::string> out;
  for (const CodeView& code : needs.codes) {
    if (!suggested && code.stage == CodeStage::kSuggested) continue;
    std::vector<std::string> domains = code.domains;
    std::ranges::sort(domains);
    std::string line = code.code + " " + std::string(CodeStageName(code.stage));
    for (const std::string& each : domains) line += " " + each;
    out.push_back(line);
  }
  return out;
}
std::vector<std::string> States(const PersonNeeds& needs, const std::set<std::string>& but) {
  std::vector<std::string> out;
  for (const NeedView& need : needs.needs) {
    if (but.contains(need.domain)) continue;
    out.push_back(need.domain + " " + std::string(NeedStateName(need.state)) + " " +
                  std::to_string(need.found_on.time_since_epoch().count()) + " " +
                  std::to_string(need.since.time_since_epoch().count()));
  }
  return out;
}

RC_GTEST_PROP(PersonFacts, ComeBackAsTheSameRecords, ()) {
  const PersonRecords records = AnyRecords();
  const Imported read = Read(BundleOf(FactsOf(records)));
  if (!read.rejected.empty()) {
    RC_FAIL(read.rejected.front().reason + " " + read.rejected.front().what_to_do);
  }
  for (const auto& kept : records.screenings) {
    if (kept.source_id.starts_with("local/")) continue;  // Written as a panel with members.
    if (kept.record.answers.empty() && kept.record.members.empty()) continue;  // Not written.
    const ScreeningRecord* back = Find(read.records.screenings, kept.source_id);
    RC_ASSERT(back != nullptr);
    ScreeningRecord expected = kept.record;
    const ScreeningRecord* whole = Find(records.screenings, expected.part_of);
    if (whole != nullptr && whole->answers.empty() && expected.instrument.empty()) {
      expected.instrument = whole->instrument;  // Which is not written, and told it.
    }
    RC_ASSERT(*back == expected);
  }
  for (const auto& kept : records.conditions) {
    if (kept.source_id.starts_with("feed/Observation/")) continue;  // Written as a Condition.
    const ConditionRecord* back = Find(read.records.conditions, kept.source_id);
    RC_ASSERT(back != nullptr);
    ConditionRecord expected = kept.record;
    if (expected.signed_by.empty() && expected.asserted_by == "practitioner") {
      expected.asserted_by.clear();
    }
    // Its evidence comes back too, under the name that it was written by.
    RC_ASSERT(*back == expected);
  }
  for (const auto& kept : records.encounters) {
    const EncounterRecord* back = Find(read.records.encounters, kept.source_id);
    RC_ASSERT(back != nullptr);
    RC_ASSERT(*back == kept.record);
  }
}

RC_GTEST_PROP(PersonFacts, ComeBackAsTheSameNeedsAndStages, ()) {
  PersonRecords records = AnyRecords();
  records.needs = AnySteps();
  const PersonFacts facts = FactsOf(records);
  const Imported read = Read(BundleOf(facts, true));
  RC_ASSERT(read.rejected.empty());
  const auto table = ZCodeTable::BuiltIn();
  const PersonNeeds before = NeedsOf(records, *table, kToday);
  const PersonNeeds after = NeedsOf(read.records, *table, kToday);
  RC_ASSERT(Outcomes(after) == Outcomes(before));
  // Of equal answers of a day the first one suggests, and what was kept by hand has another name.
  const bool by_hand = std::ranges::any_of(
      records.screenings, [](const auto& kept) { return kept.source_id.starts_with("local/"); });
  RC_ASSERT(Stages(after, !by_hand) == Stages(before, !by_hand));
  // What the staff did about a code is a sign of the need where it is read.
  std::set<std::string> touched;
  for (const StaffStep& step : facts.steps)
    touched.insert(step.domains.begin(), step.domains.end());
  RC_ASSERT(States(after, touched) == States(before, touched));
  // And once more: what was read says the same again.
  const Imported again = Read(BundleOf(FactsOf(read.records)));
  const PersonNeeds third = NeedsOf(again.records, *table, kToday);
  RC_ASSERT(Outcomes(third) == Outcomes(after));
  RC_ASSERT(Stages(third) == Stages(after));
  RC_ASSERT(States(third, {}) == States(after, {}));
}

RC_GTEST_PROP(PersonFacts, HaveEveryElementThatTheProfilesRequire, ()) {
  PersonRecords records = AnyRecords();
  records.needs = AnySteps();
  PersonFacts facts = FactsOf(records);
  facts.consents.push_back(AnyConsent());
  PersonRecord who;
  if (Maybe()) {
    who.names.push_back({"official", "Lopez", {"Maria"}, "", "", ""});
    who.identifiers.push_back({"urn:mrn", "7", "MR"});
    who.assertions.emplace_back();
    who.assertions.back().field = AssertionField::kAdministrativeGender;
    who.assertions.back().values.push_back(
        {"http://hl7.org/fhir/administrative-gender", "female", "", ""});
  }
  facts.patient = who;
  const Json bundle = Json::parse(BundleOf(facts));
  CheckProfiles(bundle);
  std::set<std::string> ids;
  for (const Json& entry : bundle.at("entry")) {
    const Json& resource = entry.at("resource");
    const std::string id =
        resource.at("resourceType").get<std::string>() + "/" + resource.at("id").get<std::string>();
    if (!ids.insert(id).second) RC_FAIL(id + " stands twice");
    // Gravity's us-core-2 and obs-6: a value, or why there is none, and not both.
    if (resource.at("resourceType") != "Observation") continue;
    const bool value = resource.contains("valueCodeableConcept") ||
                       resource.contains("valueQuantity") || resource.contains("valueString");
    const bool parts = resource.contains("component") || resource.contains("hasMember");
    const bool absent = resource.contains("dataAbsentReason");
    RC_ASSERT(!(value && absent));
    RC_ASSERT(value || absent || parts);
  }
}

// Where the files of two people are read, nothing of one becomes the other's.
TEST(PersonFacts, TwoPeopleShareNoResource) {
  std::map<std::string, std::string> whose;  // "Condition/id" to the person.
  std::size_t steps = 0;
  for (const std::string person : {"feed/Patient/p-1", "feed/Patient/p-2", "other/Patient/p-1"}) {
    PersonFacts facts;
    facts.person = person;
    facts.organisation = "spiffe://net/practice/elm";
    const Instant told{Day(2026, 3, 1)};
    for (const char* encounter : {"", "visit-1", "visit-1", "visit-2"}) {
      facts.steps.push_back({*encounter ? CodeEvent::kCode : CodeEvent::kConfirm,
                             "Z59.41",
                             {"food-insecurity"},
                             Day(2026, 3, 1),
                             told,
                             "Ann MD",
                             encounter,
                             2});
    }
    const Json bundle = Json::parse(BundleOf(facts));
    for (const Json& entry : bundle.at("entry")) {
      const Json& resource = entry.at("resource");
      const std::string id = resource.at("resourceType").get<std::string>() + "/" +
                             resource.at("id").get<std::string>();
      EXPECT_TRUE(whose.emplace(id, person).second) << id << " is " << whose[id] << "'s too";
      ++steps;
    }
  }
  EXPECT_EQ(steps, 3u * (4 + 2));  // Four steps, and two visits.
}

TEST(PersonFacts, WhoItIsGoesAlongWhereItIsAskedFor) {
  PersonFacts facts;
  facts.person = kPerson;
  PersonRecord who;
  who.names.push_back({"official", "Lopez", {"Maria", "Ana"}, "", "Dr", "Jr"});
  who.identifiers.push_back({"urn:mrn", "7", "MR"});
  who.birth_date = {1980, 2, 3};
  who.telecoms.push_back({"phone", "555-0101", "home"});
  who.addresses.push_back({"home", {"1 Elm St"}, "Oakland", "Alameda", "CA", "94601", "US"});
  who.deceased = true;
  facts.patient = who;
  EXPECT_TRUE(Empty(facts));
  const Imported read = Read(BundleOf(facts));
  ASSERT_TRUE(read.patient.has_value());
  PersonRecord back = *read.patient;
  back.assertions.clear();  // What is not said is an answer of its own there.
  EXPECT_EQ(back, who);
  facts.patient.reset();
  EXPECT_EQ(Json::parse(BundleOf(facts))["entry"].size(), 0u);
}

}  // namespace
}  // namespace equinode
