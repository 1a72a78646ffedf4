#include "domain/needs/measures/judge.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "base/csv_rows.h"
#include "domain/zcodes/day.h"
#include "tests/support/reference.h"

namespace equinode {
namespace {

using referral::Grade;
using std::chrono::sys_days;

constexpr const char* kFood = "food-insecurity";

sys_days Day(const char* text) { return *ReadDay(text); }
const CountPeriod kYear{Day("2025-01-01"), Day("2025-12-31")};

Uuid NeedNo(std::uint8_t number) {
  Bytes bytes(16, 0);
  bytes.back() = number;
  return *Uuid::FromBytes(bytes);
}

struct Person {
  CareFacts facts{};

  Person& Said(const char* domain, const char* on, ScreenOutcome outcome) {
    facts.domains[domain].outcomes.emplace_back(Day(on), outcome);
    return *this;
  }
  Person& Positive(const char* domain, const char* on) {
    return Said(domain, on, ScreenOutcome::kPositive);
  }
  Person& Coded(const char* domain, const char* on) {
    facts.domains[domain].coded.push_back({Day(on), {}});
    return *this;
  }
  Person& Served(const char* domain, const char* on) {
    facts.domains[domain].served.push_back(Day(on));
    return *this;
  }
  // Empty days: it has not come to that.
  Person& Referred(const char* domain, const char* sent, std::uint8_t need = 1,
                   Grade grade = Grade::kOpen, const std::string& ended = "",
                   const std::string& seen = "", const std::string& accepted = "",
                   const char* organisation = "harvest") {
    ReferralFact fact{domain, NeedNo(need), organisation, Day(sent), {}, {}, {}, grade};
    if (!accepted.empty()) fact.accepted = Day(accepted.c_str());
    if (!ended.empty()) fact.ended = Day(ended.c_str());
    if (!seen.empty()) fact.acknowledged = Day(seen.c_str());
    facts.referrals.push_back(fact);
    return *this;
  }
  // "-" out, "d" in the denominator, "n" in the numerator too.
  std::string In(const std::string& name, const CountPeriod& period = kYear) const {
    const auto measure = NeedMeasureNamed(name);
    if (!measure) return "no such measure " + name;
    constexpr const char* kWords[] = {"-", "d", "n"};
    return kWords[static_cast<std::size_t>(Judge(*measure, facts, period))];
  }
};

TEST(Judge, OneOutcomeAPersonAndPeriod) {
  struct Row {
    std::vector<std::pair<const char*, ScreenOutcome>> said;
    const char* screened;
    const char* positive;
    const char* outcome;
  };
  using enum ScreenOutcome;
  const Row rows[] = {
      {{}, "d", "-", ""},
      {{{"2025-03-01", kPositive}}, "n", "n", "positive"},
      {{{"2025-03-01", kNegative}}, "n", "d", "negative"},
      {{{"2025-03-01", kDeclined}}, "d", "-", "declined"},
      {{{"2025-03-01", kUnable}}, "d", "-", "unable"},
      {{{"2025-03-01", kNegative}, {"2025-06-01", kPositive}}, "n", "n", "positive"},
      {{{"2025-03-01", kPositive}, {"2025-06-01", kNegative}}, "n", "n", "positive"},
      {{{"2025-03-01", kDeclined}, {"2025-06-01", kNegative}}, "n", "d", "negative"},
      {{{"2025-03-01", kUnable}, {"2025-06-01", kDeclined}}, "d", "-", "declined"},
      {{{"2024-12-31", kPositive}}, "d", "-", ""},
      {{{"2025-01-01", kPositive}}, "n", "n", "positive"},
      {{{"2025-12-31", kPositive}}, "n", "n", "positive"},
      {{{"2026-01-01", kPositive}}, "d", "-", ""},
  };
  for (const Row& row : rows) {
    Person person;
    for (const auto& [on, outcome] : row.said) person.Said(kFood, on, outcome);
    EXPECT_EQ(person.In("screened.food-insecurity"), row.screened);
    EXPECT_EQ(person.In("positive.food-insecurity"), row.positive);
    for (const char* outcome : {"positive", "negative", "declined", "unable"}) {
      EXPECT_EQ(person.In(std::string("screened.food-insecurity.") + outcome),
                std::string(outcome) == row.outcome ? "n" : "d");
    }
    EXPECT_EQ(person.In("screened.stress"), "d") << "another domain's answers say nothing";
  }
}

TEST(Judge, CodedIsAnEncounterOfThePeriodAndOnlyOfThePositive) {
  EXPECT_EQ(Person().Coded(kFood, "2025-05-01").In("coded.food-insecurity"), "-");
  Person person;
  person.Positive(kFood, "2025-04-01");
  EXPECT_EQ(person.In("coded.food-insecurity"), "d");
  EXPECT_EQ(Person(person).Coded(kFood, "2024-12-31").In("coded.food-insecurity"), "d");
  EXPECT_EQ(Person(person).Coded(kFood, "2025-01-01").In("coded.food-insecurity"), "n");
  EXPECT_EQ(Person(person).Coded(kFood, "2025-12-31").In("coded.food-insecurity"), "n");
  EXPECT_EQ(Person(person).Coded(kFood, "2026-01-01").In("coded.food-insecurity"), "d");
  EXPECT_EQ(Person(person).Coded("stress", "2025-05-01").In("coded.food-insecurity"), "d");
}

TEST(Judge, SnsScreensUntilTheFirstOfDecember) {
  struct Row {
    const char* on;
    const char* screening;
    const char* intervention;
  };
  for (const Row& row : {Row{"2024-12-31", "d", "-"}, Row{"2025-01-01", "n", "d"},
                         Row{"2025-12-01", "n", "d"}, Row{"2025-12-02", "d", "-"}}) {
    const Person person = Person().Positive(kFood, row.on);
    EXPECT_EQ(person.In("screened.snse.food"), row.screening) << row.on;
    EXPECT_EQ(person.In("intervened.snse.food"), row.intervention) << row.on;
  }
  EXPECT_EQ(Person().Said(kFood, "2025-12-01", ScreenOutcome::kNegative).In("screened.snse.food"),
            "n");
  EXPECT_EQ(Person().Said(kFood, "2025-05-01", ScreenOutcome::kDeclined).In("screened.snse.food"),
            "d");
}

TEST(Judge, SnsInterventionOnDayThirtyCountsAndOnDayThirtyOneDoesNot) {
  struct Row {
    const char* on;
    const char* counts;
  };
  const Row rows[] = {{"2025-04-30", "d"},
                      {"2025-05-01", "n"},
                      {"2025-05-30", "n"},
                      {"2025-05-31", "n"},
                      {"2025-06-01", "d"}};
  for (const Row& row : rows) {
    const Person positive = Person().Positive(kFood, "2025-05-01").Positive(kFood, "2025-05-20");
    EXPECT_EQ(Person(positive).Referred(kFood, row.on).In("intervened.snse.food"), row.counts)
        << row.on << ": a referral; the first screen starts the clock";
    EXPECT_EQ(Person(positive).Served(kFood, row.on).In("intervened.snse.food"), row.counts)
        << row.on;
    EXPECT_EQ(Person(positive)
                  .Referred(kFood, "2025-03-01", 1, Grade::kServedAsReported, row.on)
                  .In("intervened.snse.food"),
              row.counts)
        << row.on << ": service for a need that was known before";
    EXPECT_EQ(Person(positive).Referred("stress", row.on).In("intervened.snse.food"), "d")
        << "of another domain";
  }
  // 1 December and thirty days are the year's last day.
  const Person late = Person().Positive(kFood, "2025-12-01");
  EXPECT_EQ(Person(late).Referred(kFood, "2025-12-31").In("intervened.snse.food"), "n");
  EXPECT_EQ(Person(late).Referred(kFood, "2026-01-01").In("intervened.snse.food"), "d");
  // What ended without service is none.
  EXPECT_EQ(Person()
                .Positive(kFood, "2025-05-01")
                .Referred(kFood, "2025-03-01", 1, Grade::kUnmet, "2025-05-05")
                .In("intervened.snse.food"),
            "d");
}

TEST(Judge, SnsHousingIsOfTheKindThatWasFoundFirst) {
  const Person both = Person()
                          .Positive("homelessness", "2025-05-01")
                          .Positive("inadequate-housing", "2025-05-01")
                          .Positive("housing-instability", "2025-05-10");
  EXPECT_EQ(Person(both).Referred("homelessness", "2025-05-31").In("intervened.snse.housing"), "n");
  EXPECT_EQ(Person(both).Referred("inadequate-housing", "2025-05-02").In("intervened.snse.housing"),
            "n");
  EXPECT_EQ(
      Person(both).Referred("housing-instability", "2025-05-12").In("intervened.snse.housing"), "d")
      << "found later: not the first screen's kind";
  EXPECT_EQ(Person()
                .Said("housing-instability", "2025-02-01", ScreenOutcome::kNegative)
                .In("screened.snse.housing"),
            "n")
      << "one of the three is enough";
}

TEST(Judge, SnsWindowIsThatOfTheReference) {
  const char* root = std::getenv("EQUINODE_REFERENCE_DIR");
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  if (root == nullptr) root = "../shared/reference";
  std::ifstream file(std::string(root) + "/sdoh/measures.csv");
  ASSERT_TRUE(file.is_open()) << "no sdoh/measures.csv there";
  std::stringstream text;
  text << file.rdbuf();
  int rates = 0;
  ForEachRow(text.str(), [&](const std::vector<std::string>& row) {
    if (row[0] != "HEDIS SNS-E") return;
    const std::string kind = row[2].substr(0, row[2].find(' '));
    const bool screening = row[2].ends_with(" screening");
    const std::string name = (screening ? "screened.snse." : "intervened.snse.") + kind;
    ASSERT_TRUE(NeedMeasureNamed(name)) << row[2];
    ++rates;
    if (row[5].empty()) return;
    const std::string& domain = DomainsOf(*NeedMeasureNamed(name)->sns).front();
    Person person;
    person.Positive(domain.c_str(), "2025-05-01");
    const sys_days last = Day("2025-05-01") + std::chrono::days{std::stoi(row[5])};
    Person in = person;
    in.facts.domains[domain].served.push_back(last);
    EXPECT_EQ(in.In(name), "n") << row[2];
    Person out = person;
    out.facts.domains[domain].served.push_back(last + std::chrono::days{1});
    EXPECT_EQ(out.In(name), "d") << row[2];
  });
  EXPECT_EQ(rates, 6);
}

TEST(Judge, ReferredIsAfterTheAnswer) {
  const Person positive = Person().Positive(kFood, "2025-05-01");
  EXPECT_EQ(positive.In("referred.food-insecurity"), "d");
  EXPECT_EQ(Person(positive).Referred(kFood, "2025-04-30").In("referred.food-insecurity"), "d");
  EXPECT_EQ(Person(positive).Referred(kFood, "2025-05-01").In("referred.food-insecurity"), "n");
  EXPECT_EQ(Person(positive).Referred(kFood, "2025-12-31").In("referred.food-insecurity"), "n");
  EXPECT_EQ(Person(positive).Referred(kFood, "2026-01-01").In("referred.food-insecurity"), "d");
  EXPECT_EQ(Person(positive).Referred("stress", "2025-05-02").In("referred.food-insecurity"), "d");
  EXPECT_EQ(Person().Referred(kFood, "2025-05-02").In("referred.food-insecurity"), "-");
}

TEST(Judge, ANeedCountsOnceThroughReReferral) {
  // Turned down at one, served at the next: one need, served, at the second, by the first's clock.
  Person person;
  person.Referred(kFood, "2025-03-01", 1, Grade::kUnmet, "2025-03-03", "2025-03-04", "", "full");
  EXPECT_EQ(person.In("closed.food-insecurity.unmet"), "n");
  EXPECT_EQ(person.In("closed.food-insecurity.d3-4"), "n");
  person.Referred(kFood, "2025-03-05", 1);
  EXPECT_EQ(person.In("closed.food-insecurity"), "d") << "open again";
  EXPECT_EQ(person.In("accepted.food-insecurity"), "d");
  person.facts.referrals.back().accepted = Day("2025-03-06");
  EXPECT_EQ(person.In("accepted.food-insecurity.d5-7"), "n") << "five days from the first";
  person.facts.referrals.back().grade = Grade::kServedWithEvidence;
  person.facts.referrals.back().ended = Day("2025-03-20");
  EXPECT_EQ(person.In("closed.food-insecurity"), "d") << "nobody has seen it";
  person.facts.referrals.back().acknowledged = Day("2025-03-31");
  EXPECT_EQ(person.In("closed.food-insecurity.evidence"), "n");
  EXPECT_EQ(person.In("closed.food-insecurity.unmet"), "d");
  EXPECT_EQ(person.In("closed.food-insecurity.d15-30"), "n");
  EXPECT_EQ(person.In("closed.food-insecurity.at.harvest.evidence"), "n");
  EXPECT_EQ(person.In("closed.food-insecurity.at.full"), "-");
  // A third that is still open changes nothing: it was served.
  person.Referred(kFood, "2025-04-02", 1);
  EXPECT_EQ(person.In("closed.food-insecurity.evidence"), "n");
}

TEST(Judge, WhatHappensAfterThePeriodIsNotInIt) {
  const Person person = Person().Referred(kFood, "2025-12-01", 1, Grade::kServedAsReported,
                                          "2025-12-31", "2026-01-01", "2025-12-31");
  EXPECT_EQ(person.In("accepted.food-insecurity"), "n");
  EXPECT_EQ(person.In("closed.food-insecurity"), "d");
  EXPECT_EQ(person.In("closed.food-insecurity", {Day("2025-01-01"), Day("2026-01-01")}), "n");
  EXPECT_EQ(person.In("closed.food-insecurity", {Day("2025-12-02"), Day("2026-12-31")}), "-")
      << "the need was first referred before";
}

TEST(Judge, OfSeveralNeedsTheLastOneBegunCounts) {
  Person person;
  person.Referred(kFood, "2025-02-01", 1, Grade::kLost, "2025-03-10", "2025-03-11");
  EXPECT_EQ(person.In("closed.food-insecurity.lost"), "n");
  person.Referred(kFood, "2025-08-01", 2);
  EXPECT_EQ(person.In("closed.food-insecurity.lost"), "d");
  EXPECT_EQ(person.In("accepted.food-insecurity"), "d");
}

TEST(Judge, SnsIsOfACalendarYear) {
  EXPECT_TRUE(CheckSnsPeriod(kYear).ok());
  EXPECT_EQ(CheckSnsPeriod({Day("2025-01-01"), Day("2025-12-30")}).error().reason, "NOT_A_YEAR");
  EXPECT_EQ(CheckSnsPeriod({Day("2024-01-01"), Day("2025-12-31")}).error().reason, "NOT_A_YEAR");
}

}  // namespace
}  // namespace equinode
