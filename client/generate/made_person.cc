#include "client/generate/made_person.h"

#include <array>
#include <cstdio>

namespace equinode::made {
namespace {

struct AnswerShare {
  std::uint32_t weight = 0;
  Answer answer = Answer::kGiven;
};
constexpr AnswerShare kRaceAnswers[] = {
    {862, Answer::kGiven},   {30, Answer::kDeclined},     {12, Answer::kDeclinedAll},
    {30, Answer::kUnknown},  {14, Answer::kAskedUnknown}, {4, Answer::kNotAsked},
    {8, Answer::kOtherText}, {6, Answer::kTextOnly},      {34, Answer::kAbsent},
};
constexpr AnswerShare kEthnicityAnswers[] = {
    {895, Answer::kGiven},  {25, Answer::kDeclined},     {6, Answer::kDeclinedAll},
    {20, Answer::kUnknown}, {10, Answer::kAskedUnknown}, {4, Answer::kNotAsked},
    {40, Answer::kAbsent},
};
constexpr AnswerShare kLanguageAnswers[] = {
    {930, Answer::kGiven}, {10, Answer::kDeclined}, {12, Answer::kUnknown}, {48, Answer::kAbsent}};

struct AgeShare {
  std::uint32_t weight = 0;
  int from = 0;
  int to = 0;
};
constexpr AgeShare kAges[] = {{60, 0, 4},    {160, 5, 17},  {190, 18, 29},
                              {190, 30, 44}, {160, 45, 54}, {120, 55, 64},
                              {80, 65, 74},  {32, 75, 84},  {8, 85, 99}};

struct Measure {
  std::string_view id{};
  int from = 0;  // Ages at the end of the report's year.
  int to = 0;
  bool women_only = false;
  std::uint32_t in_denominator = 1000;  // Per mille of those.
  std::int32_t good = 500;              // Per mille, before the heritage's `care`.
};
constexpr Measure kMeasures[] = {
    {"BCS-E", 50, 74, true, 900, 690},   // Breast cancer screening
    {"COL-E", 45, 75, false, 940, 580},  // Colorectal cancer screening
    {"CBP", 18, 85, false, 260, 640},    // Controlling high blood pressure
    {"HBD", 18, 75, false, 110, 560},    // Diabetes: HbA1c at most 9
    {"WCV", 3, 21, false, 960, 510},     // Child and adolescent well-care visits
};

int DaysOf(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

Day AnyDay(int year, Chance& chance) {
  Day day{year, chance.Between(1, 12), 0};
  day.day = chance.Between(1, DaysOf(year, day.month));
  return day;
}

// What the person is, whoever asks.
void DrawPerson(Chance& chance, MadePerson& out) {
  out.heritage = &chance.Weighted(Heritages());
  const Names& names = *out.heritage->names;
  out.female = chance.PerMille(512);
  out.given = chance.OneOf(out.female ? names.female : names.male);
  out.family = chance.OneOf(names.family);
  const AgeShare& age = chance.Weighted(kAges);
  out.birth = AnyDay(kReportYear - chance.Between(age.from, age.to), chance);
  if (out.birth.year == kReportYear && out.birth.month > 10) out.birth.month = 10;
  if (out.birth.month == 10 && out.birth.day > 31) out.birth.day = 31;
  out.place = &chance.Weighted(Places());
  out.old_place = &chance.Weighted(Places());
  out.street = chance.OneOf(Streets());
  out.house = chance.Between(1, 9899);
  if (out.heritage->hispanic) {
    const RaceShare& share = chance.Weighted(RacesOfHispanics());
    out.races[0] = share.race;
    out.races[1] = share.second;
  } else {
    out.races[0] = out.heritage->race;
    out.races[1] = out.heritage->second_race;
    out.race_detail = out.heritage->race_detail;
  }
  out.language = &chance.Weighted(out.heritage->languages);
}

// What this practice came to know of it.
void DrawAnswers(Chance& chance, MadePerson& out) {
  out.gender_differs = chance.PerMille(6);
  out.gender_absent = chance.PerMille(4);
  if (chance.PerMille(3)) {
    out.birth = Day{};
  } else if (chance.PerMille(3)) {
    out.birth.day = 0;
    if (chance.PerMille(500)) out.birth.month = 0;
  }
  out.deceased = out.birth.year != 0 && out.birth.year < 1960 && chance.PerMille(20);
  out.race_answer = chance.Weighted(kRaceAnswers).answer;
  if (out.races[0].code.empty() && out.race_answer == Answer::kGiven) {
    out.race_answer = chance.PerMille(500) ? Answer::kAbsent : Answer::kUnknown;
  }
  out.ethnicity_answer = chance.Weighted(kEthnicityAnswers).answer;
  out.language_answer = chance.Weighted(kLanguageAnswers).answer;
  out.language_preferred = !chance.PerMille(100);
  out.second_language = chance.PerMille(15);
  out.interpreter = out.language->tag.substr(0, 2) != "en" && chance.PerMille(550);
  out.county_given = !chance.PerMille(80);
  out.old_address = chance.PerMille(60);
}

LineOfBusiness LineFor(int age, Chance& chance) {
  if (age >= 65)
    return chance.PerMille(850) ? LineOfBusiness::kMedicare : LineOfBusiness::kCommercial;
  if (chance.PerMille(15)) return LineOfBusiness::kNotSaid;
  const std::uint32_t medicaid = age < 18 ? 560 : 340;
  return chance.PerMille(medicaid) ? LineOfBusiness::kMedicaid : LineOfBusiness::kCommercial;
}

MadeCoverage& AddCoverage(Chance& chance, MadePerson& out, Payer payer, LineOfBusiness line) {
  MadeCoverage& coverage = out.coverages.emplace_back();
  coverage.id = MakeUuid(chance);
  coverage.payer = payer;
  coverage.unmapped = chance.Below(3);
  const auto form = chance.Below(10);
  coverage.form = form < 5   ? PayorForm::kReference
                  : form < 7 ? PayorForm::kIdentifier
                  : form < 9 ? PayorForm::kName
                             : PayorForm::kUrl;
  coverage.line = line;
  coverage.start = AnyDay(chance.Between(2018, kReportYear - 1), chance);
  return coverage;
}

void DrawCoverages(int age, Chance& chance, MadePerson& out) {
  const std::uint32_t who = chance.Below(1000);
  if (who >= 940) return;  // Nobody pays.
  const Payer payer = who < 700 ? Payer::kOurs : who < 860 ? Payer::kOther : Payer::kUnmapped;
  MadeCoverage& first = AddCoverage(chance, out, payer, LineFor(age, chance));
  const std::uint32_t fate = chance.Below(1000);
  if (fate < 30) {  // Ended before the report's last day, nothing after it.
    first.end = AnyDay(kReportYear, chance);
    if (first.end.month == 12) first.end.month = 11;
    if (first.end.day > 30) first.end.day = 30;
  } else if (fate < 70) {  // Ended, and another went on.
    first.end = Day{kReportYear, 6, 30};
    MadeCoverage& next = AddCoverage(
        chance, out, chance.PerMille(500) ? Payer::kOurs : Payer::kOther, LineFor(age, chance));
    next.start = Day{kReportYear, 7, 1};
  } else if (fate < 85) {  // Two lines of business of one payer at once.
    const auto other = first.line == LineOfBusiness::kMedicaid ? LineOfBusiness::kMedicare
                                                               : LineOfBusiness::kMedicaid;
    AddCoverage(chance, out, first.payer, other);
  } else if (fate < 95) {  // Begins after the report's period.
    first.start = Day{kReportYear + 1, 1, 1};
  } else if (fate < 105) {
    first.status = "entered-in-error";
  } else if (fate < 115) {
    first.status = "cancelled";
    first.end = Day{kReportYear, 9, 30};
  } else if (fate < 121) {
    first.status = "draft";
  } else if (fate < 150) {  // Days not said.
    first.start = Day{first.start.year, fate % 2 == 0 ? first.start.month : 0, 0};
  } else if (fate < 180) {
    first.start = Day{};
  } else if (fate < 210) {  // To the end of the year and further, as payers write it.
    first.end = fate % 2 == 0 ? Day{9999, 12, 31} : Day{kReportYear, 12, 31};
  }
}

void DrawResults(int age, std::uint32_t practice, Chance& chance, MadePerson& out) {
  // The practices differ a little, too.
  const std::int32_t house_style = static_cast<std::int32_t>(practice % 3) * 20 - 20;
  for (const Measure& measure : kMeasures) {
    if (age < measure.from || age > measure.to || (measure.women_only && !out.female)) continue;
    for (const std::string_view period : {std::string_view("2025"), std::string_view("2024")}) {
      if (period == "2024" && !chance.PerMille(300)) continue;
      const bool in = chance.PerMille(measure.in_denominator);
      if (!in && !chance.PerMille(30)) continue;  // Most of those outside are not listed at all.
      const std::int32_t good = measure.good + out.heritage->care + house_style;
      out.results.push_back(
          {measure.id, period, in, in && chance.PerMille(static_cast<std::uint32_t>(good))});
    }
  }
}

}  // namespace

std::string Text(const Day& day) {
  std::array<char, 16> text{};
  if (day.month == 0) {
    std::snprintf(text.data(), text.size(), "%04d", day.year);
  } else if (day.day == 0) {
    std::snprintf(text.data(), text.size(), "%04d-%02d", day.year, day.month);
  } else {
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", day.year, day.month, day.day);
  }
  return text.data();
}

std::string MakeUuid(Chance& chance) {
  const std::uint64_t high = (chance.Next() & ~std::uint64_t{0xF000}) | 0x4000U;
  const std::uint64_t low = (chance.Next() >> 2) | (std::uint64_t{1} << 63);
  constexpr char kHex[] = "0123456789abcdef";
  std::string text(36, '-');
  std::size_t at = 0;
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (at == 8 || at == 13 || at == 18 || at == 23) ++at;
    const std::uint64_t word = nibble < 16 ? high : low;
    text[at++] = kHex[word >> (60 - 4 * (nibble % 16)) & 0xF];
  }
  return text;
}

MadePerson MakePerson(std::uint64_t seed, std::uint32_t practice, std::uint32_t number) {
  MadePerson out;
  const auto stream = [](std::uint32_t of, std::uint32_t n) { return std::uint64_t{of} << 40 | n; };
  // One in fifty is also at the practice before: the same person, asked again there.
  const bool shared = practice > 0 && number % 50 == 7;
  Chance self(seed, stream(shared ? practice - 1 : practice, number));
  DrawPerson(self, out);
  const int age = kReportYear - out.birth.year;
  Chance here(seed ^ 0x5EED, stream(practice, number));
  out.id = MakeUuid(here);
  out.mrn = "MRN-" + std::to_string(practice + 1) + "-" + std::to_string(100000 + number);
  DrawAnswers(here, out);
  DrawCoverages(age, here, out);
  DrawResults(age, practice, here, out);
  return out;
}

MadePerson Changed(const MadePerson& person, Chance& chance) {
  MadePerson out = person;
  out.place = &chance.Weighted(Places());
  out.house = chance.Between(1, 9899);
  out.old_place = person.place;
  out.old_address = true;
  if (!out.races[0].code.empty()) out.race_answer = Answer::kGiven;
  return out;
}

}  // namespace equinode::made
