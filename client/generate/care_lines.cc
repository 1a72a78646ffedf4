#include "client/generate/care_lines.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <span>
#include <string_view>
#include <vector>

namespace equinode::made {
namespace {

using std::chrono::sys_days;

struct Choice {
  std::string_view answer{};  // LOINC.
  std::string_view text{};
  std::string_view need{};  // An ICD-10-CM code of the need that it tells; empty = none.
  std::uint32_t weight = 0;
};
struct Question {
  std::string_view code{};
  std::string_view text{};
  std::span<const Choice> choices{};
};

constexpr std::string_view kFood = "Z59.41";
constexpr std::string_view kRide = "Z59.82";

constexpr std::array<Choice, 4> kHunger = {{{"LA28397-0", "Often true", kFood, 6},
                                            {"LA6729-3", "Sometimes true", kFood, 12},
                                            {"LA28398-8", "Never true", "", 78},
                                            {"LA15775-2", "Don't know/refused", "", 4}}};
constexpr std::array<Choice, 3> kHungerAhc = {{{"LA28397-0", "Often true", kFood, 6},
                                               {"LA6729-3", "Sometimes true", kFood, 14},
                                               {"LA28398-8", "Never true", "", 80}}};
constexpr std::array<Choice, 3> kLivingAhc = {
    {{"LA31993-1", "I have a steady place to live", "", 86},
     {"LA31994-9", "I have a place to live today, but I am worried about losing it in the future",
      "Z59.811", 9},
     {"LA31995-6", "I do not have a steady place to live", "Z59.00", 5}}};
constexpr std::array<Choice, 2> kRideAhc = {
    {{"LA33-6", "Yes", kRide, 12}, {"LA32-8", "No", "", 88}}};
constexpr std::array<Choice, 3> kLivingPrapare = {
    {{"LA30189-7", "I have housing", "", 88},
     {"LA30190-5", "I do not have housing", "Z59.00", 6},
     {"LA30122-8", "I choose not to answer this question", "", 6}}};
constexpr std::array<Choice, 4> kRidePrapare = {
    {{"LA30133-5", "Yes, from medical appointments or medications", kRide, 8},
     {"LA30134-3", "Yes, from non-medical meetings, work or things needed", kRide, 5},
     {"LA32-8", "No", "", 83},
     {"LA30257-2", "Patient unable to respond", "", 4}}};

constexpr std::array<Question, 4> kAhc = {{{"88122-7", "Worried food would run out", kHungerAhc},
                                           {"88123-5", "Food did not last", kHungerAhc},
                                           {"71802-3", "Living situation today", kLivingAhc},
                                           {"93030-5", "Lack of transportation", kRideAhc}}};
constexpr std::array<Question, 4> kOthers = {{{"88122-7", "Worried food would run out", kHunger},
                                              {"88123-5", "Food did not last", kHunger},
                                              {"71802-3", "Housing status", kLivingPrapare},
                                              {"93030-5", "Lack of transportation", kRidePrapare}}};

template <typename... Parts>
void Put(std::string& out, const Parts&... parts) {
  (out.append(parts), ...);
}

std::string DayText(sys_days day) {
  const std::chrono::year_month_day date{day};
  return Text({static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
               static_cast<int>(static_cast<unsigned>(date.day()))});
}

// Mostly of the report's year; now and then an edge of it, or of SNS-E's window.
sys_days DayOfScreen(Chance& chance) {
  const std::chrono::year year{kReportYear};
  const std::uint32_t lot = chance.Below(100);
  if (lot < 2) return sys_days{year / 12 / 1};
  if (lot < 4) return sys_days{year / 12 / 2};
  if (lot < 5) return sys_days{year / 1 / 1};
  if (lot < 6) return sys_days{year / 12 / 31};
  const sys_days first =
      lot < 14 ? sys_days{(year - std::chrono::years{1}) / 7 / 1} : sys_days{year / 1 / 1};
  return first + std::chrono::days{chance.Below(lot < 14 ? 184 : 365)};
}

void PutAnswer(CareLines& out, const MadePerson& person, const Question& question,
               const Choice& choice, sys_days day, Chance& chance) {
  Put(out.observations, R"({"resourceType":"Observation","id":")", MakeUuid(chance),
      R"(","status":"final","category":[{"coding":[{"system":)",
      R"("http://terminology.hl7.org/CodeSystem/observation-category","code":"survey"}]}],)",
      R"("code":{"coding":[{"system":"http://loinc.org","code":")", question.code,
      R"("}],"text":")", question.text, R"("},"subject":{"reference":"Patient/)", person.id,
      R"("},"effectiveDateTime":")", DayText(day),
      R"(","valueCodeableConcept":{"coding":[{"system":"http://loinc.org","code":")", choice.answer,
      R"(","display":")", choice.text, "\"}]}}\n");
  ++out.lines;
}

// How a code came to stand on an encounter.
enum class Coding : std::uint8_t { kGood, kUnsigned, kFirst, kHeader };

void PutCode(CareLines& out, const MadePerson& person, std::string_view code, sys_days day,
             Coding how, Chance& chance) {
  const std::string condition = MakeUuid(chance);
  const std::string encounter = MakeUuid(chance);
  const bool is_signed = how != Coding::kUnsigned;
  const std::string_view word = how == Coding::kHeader ? code.substr(0, 5) : code;
  Put(out.conditions, R"({"resourceType":"Condition","id":")", condition,
      R"(","clinicalStatus":{"coding":[{"system":)",
      R"("http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},)",
      R"("verificationStatus":{"coding":[{"system":)",
      R"("http://terminology.hl7.org/CodeSystem/condition-ver-status","code":")",
      is_signed ? "confirmed" : "unconfirmed", R"("}]},"category":[{"coding":[{"system":)",
      R"("http://terminology.hl7.org/CodeSystem/condition-category","code":)",
      R"("encounter-diagnosis"}]}],"code":{"coding":[{"system":)",
      R"("http://hl7.org/fhir/sid/icd-10-cm","code":")", word,
      R"("}]},"subject":{"reference":"Patient/)", person.id,
      R"("},"encounter":{"reference":"Encounter/)", encounter, R"("},"recordedDate":")",
      DayText(day), "\"");
  if (is_signed) {
    Put(out.conditions,
        R"(,"recorder":{"reference":"Practitioner/water","display":"Jan Water MD"})");
  }
  Put(out.conditions, "}\n");
  Put(out.encounters, R"({"resourceType":"Encounter","id":")", encounter,
      R"(","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/)", person.id,
      R"("},"period":{"start":")", DayText(day),
      R"("},"diagnosis":[{"condition":{"reference":"Condition/)", condition, R"("},"rank":)",
      how == Coding::kFirst ? "1" : "2", "}]}\n");
  out.lines += 2;
}

}  // namespace

CareLines CareOf(const MadePerson& person, std::uint64_t seed, std::uint32_t practice,
                 std::uint32_t number) {
  CareLines out;
  Chance chance(seed ^ 0xCA2E, std::uint64_t{practice} << 40 | number);
  if (!chance.PerMille(600)) return out;
  const std::span<const Question> questions =
      practice % 2 == 0 ? std::span<const Question>(kAhc) : std::span<const Question>(kOthers);
  const int times = chance.PerMille(120) ? 2 : 1;
  for (int i = 0; i < times; ++i) {
    const sys_days day = DayOfScreen(chance);
    std::string_view need;  // The first that is told.
    for (const Question& question : questions) {
      if (chance.PerMille(30)) continue;  // Left out.
      const Choice& choice = chance.Weighted(question.choices);
      PutAnswer(out, person, question, choice, day, chance);
      if (need.empty()) need = choice.need;
    }
    if (need.empty() || !chance.PerMille(330)) continue;
    const std::uint32_t lot = chance.Below(100);
    const Coding how = lot < 70   ? Coding::kGood
                       : lot < 80 ? Coding::kUnsigned
                       : lot < 90 ? Coding::kFirst
                                  : Coding::kHeader;
    PutCode(out, person, need, day + std::chrono::days{chance.Below(60)}, how, chance);
  }
  return out;
}

}  // namespace equinode::made
