#include "client/import/fhir/date.h"

#include <gtest/gtest.h>

namespace equinode::fhir {
namespace {

Result<PartialDate> Read(std::string_view text) { return ReadDate(text, "BAD_DATE", "here"); }

TEST(FhirDate, ReadsAYearAMonthADayAndTheDayOfATime) {
  EXPECT_EQ(Read("1987").value(), (PartialDate{1987, 0, 0}));
  EXPECT_EQ(Read("1987-02").value(), (PartialDate{1987, 2, 0}));
  EXPECT_EQ(Read("1987-02-20").value(), (PartialDate{1987, 2, 20}));
  EXPECT_EQ(Read("2024-02-29").value(), (PartialDate{2024, 2, 29}));
  EXPECT_EQ(Read("1951-02-20T08:15:54-05:00").value(), (PartialDate{1951, 2, 20}));
  EXPECT_EQ(Read("2020-01-01T00:00:00.123Z").value(), (PartialDate{2020, 1, 1}));
}

TEST(FhirDate, RefusesWhatTheCalendarDoesNotHave) {
  for (const std::string_view text : {"",
                                      "87",
                                      "0000",
                                      "1987-13",
                                      "1987-00",
                                      "1987-2-20",
                                      "1987-02-30",
                                      "2023-02-29",
                                      "1987-02-00",
                                      "1987/02/20",
                                      "20/02/1987",
                                      "1987-02-20Z",
                                      "1987-02-20T",
                                      "1987-02-20T25:00",
                                      "1987-02-20T10:61:00Z",
                                      "1987-02-20 10:00",
                                      "-987-02-20",
                                      "1987-02-2a",
                                      "1987-0220",
                                      "1987-02-20T10:00:00<script>"}) {
    const auto date = Read(text);
    ASSERT_FALSE(date.ok()) << text;
    EXPECT_EQ(date.error().reason, "BAD_DATE");
    EXPECT_EQ(date.error().message.find("1987"), std::string::npos) << "a date is of a person";
  }
}

TEST(FhirDate, AShortDateMeansAllItsDays) {
  using std::chrono::sys_days;
  const auto day = [](int y, unsigned m, unsigned d) {
    return sys_days{std::chrono::year{y} / std::chrono::month{m} / std::chrono::day{d}};
  };
  EXPECT_EQ(FirstDay({2024, 0, 0}), day(2024, 1, 1));
  EXPECT_EQ(LastDay({2024, 0, 0}), day(2024, 12, 31));
  EXPECT_EQ(LastDay({2024, 2, 0}), day(2024, 2, 29));
  EXPECT_EQ(LastDay({2024, 2, 3}), day(2024, 2, 3));
}

TEST(FhirInstant, IsMicrosecondsOfUniversalTime) {
  EXPECT_EQ(ReadInstant("1970-01-01T00:00:01Z"), 1'000'000);
  EXPECT_EQ(ReadInstant("2025-03-04T10:11:12.5Z"), 1'741'083'072'500'000);
  EXPECT_EQ(ReadInstant("2025-03-04T10:11:12.000000001+00:00"), 1'741'083'072'000'000);
  EXPECT_EQ(ReadInstant("2025-03-04T12:11:12.000+02:00"), ReadInstant("2025-03-04T10:11:12Z"));
  EXPECT_EQ(ReadInstant("2025-03-04T02:41:12-07:30"), ReadInstant("2025-03-04T10:11:12Z"));
  EXPECT_EQ(ReadInstant("2024-02-29T23:59:60Z"), ReadInstant("2024-03-01T00:00:00Z"));
  EXPECT_LT(ReadInstant("1969-12-31T23:59:59Z"), 0);
}

TEST(FhirInstant, WhatIsNoneSaysNothing) {
  for (const char* text :
       {"", "2025", "2025-03-04", "2025-03-04T10:11:12", "2025-03-04T10:11Z",
        "2025-02-29T10:11:12Z", "2025-03-04T24:11:12Z", "2025-03-04T10:60:12Z",
        "2025-03-04T10:11:61Z", "2025-03-04T10:11:12.5", "2025-03-04T10:11:12+2:00",
        "2025-03-04T10:11:12+15:00", "2025-03-04T10:11:12Zx", "2025-03-04 10:11:12Z",
        "##-03-04T10:11:12Z0"}) {
    EXPECT_EQ(ReadInstant(text), 0) << text;
  }
}

}  // namespace
}  // namespace equinode::fhir
