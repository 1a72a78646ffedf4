#include "domain/people/places.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/csv_rows.h"
#include "domain/people/code_tables.h"

namespace equinode {
namespace {

struct StateCase {
  const char* text;
  const char* state;  // "" = none.
};
class States : public ::testing::TestWithParam<StateCase> {};

TEST_P(States, AreTwoLettersHoweverTheyAreWritten) {
  const auto state = UsState(GetParam().text);
  EXPECT_EQ(state.value_or(""), GetParam().state) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, States,
    ::testing::Values(StateCase{"CA", "CA"}, StateCase{"ca", "CA"}, StateCase{" Ca ", "CA"},
                      StateCase{"California", "CA"}, StateCase{"CALIFORNIA", "CA"},
                      StateCase{"Calif.", "CA"}, StateCase{"06", "CA"}, StateCase{"US-CA", "CA"},
                      StateCase{"N. Carolina", "NC"}, StateCase{"north  carolina", "NC"},
                      StateCase{"Washington", "WA"}, StateCase{"Washington, D.C.", "DC"},
                      StateCase{"District of Columbia", "DC"}, StateCase{"Hawaiʻi", "HI"},
                      StateCase{"Hawai'i", "HI"}, StateCase{"Hawai’i", "HI"},
                      StateCase{"Puerto Rico", "PR"}, StateCase{"U.S. Virgin Islands", "VI"},
                      StateCase{"XX", ""}, StateCase{"6", ""}, StateCase{"", ""},
                      StateCase{"Baja California", ""}, StateCase{"Cal\xFF", ""}));

struct CountyCase {
  const char* state;
  const char* district;
  const char* county;  // "" = none.
};
class Counties : public ::testing::TestWithParam<CountyCase> {};

TEST_P(Counties, HaveOneNameHoweverTheyAreWritten) {
  const auto county = UsCounty(GetParam().state, GetParam().district);
  EXPECT_EQ(county.value_or(""), GetParam().county)
      << GetParam().state << " " << GetParam().district;
}

INSTANTIATE_TEST_SUITE_P(
    All, Counties,
    ::testing::Values(
        CountyCase{"CA", "Los Angeles", "Los Angeles"},
        CountyCase{"CA", "Los Angeles County", "Los Angeles"},
        CountyCase{"CA", "LOS ANGELES", "Los Angeles"},
        CountyCase{"CA", "los  angeles co.", "Los Angeles"},
        CountyCase{"CA", "County of Los Angeles", "Los Angeles"},
        CountyCase{"CA", "06037", "Los Angeles"}, CountyCase{"CA", "037", "Los Angeles"},
        CountyCase{"CA", "City and County of San Francisco", "San Francisco"},
        CountyCase{"CA", "Los Angelas", ""}, CountyCase{"CA", "Orleans Parish", ""},
        CountyCase{"CA", "", ""}, CountyCase{"CA", "County", ""}, CountyCase{"CA", "48201", ""},
        CountyCase{"XX", "Kern", ""}, CountyCase{"ca", "Kern", ""}, CountyCase{"", "Kern", ""},
        CountyCase{"LA", "Orleans", "Orleans"}, CountyCase{"LA", "Orleans Parish", "Orleans"},
        CountyCase{"LA", "orleans county", "Orleans"}, CountyCase{"AK", "Nome Census Area", "Nome"},
        CountyCase{"AK", "Juneau City and Borough", "Juneau"},
        CountyCase{"AK", "Wade Hampton Census Area", "Kusilvak"},
        CountyCase{"SD", "Shannon County", "Oglala Lakota"}, CountyCase{"FL", "Dade", "Miami-Dade"},
        CountyCase{"FL", "Miami Dade", "Miami-Dade"}, CountyCase{"IL", "La Salle", "LaSalle"},
        CountyCase{"TX", "LaSalle County", "La Salle"},
        CountyCase{"NM", "Dona Ana County", "Doña Ana"}, CountyCase{"NM", "Doña Ana", "Doña Ana"},
        CountyCase{"NM", "DOÑA ANA", "Doña Ana"}, CountyCase{"PR", "Anasco", "Añasco"},
        CountyCase{"PR", "Mayagüez Municipio", "Mayagüez"},
        CountyCase{"MO", "Saint Louis County", "St. Louis"},
        CountyCase{"MO", "St. Louis city", "St. Louis city"},
        CountyCase{"MO", "City of St. Louis", "St. Louis city"},
        CountyCase{"MD", "Baltimore", "Baltimore"},
        CountyCase{"MD", "Baltimore City", "Baltimore city"},
        CountyCase{"MI", "St Clair", "St. Clair"},
        CountyCase{"MO", "Sainte Genevieve", "Ste. Genevieve"},
        CountyCase{"VA", "Alexandria", "Alexandria city"}, CountyCase{"VA", "Fairfax", "Fairfax"},
        CountyCase{"VA", "Fairfax city", "Fairfax city"},
        CountyCase{"VA", "Bedford city", "Bedford"}, CountyCase{"VA", "James City", "James City"},
        CountyCase{"VA", "Charles City County", "Charles City"},
        CountyCase{"NV", "Carson City", "Carson City"},
        CountyCase{"MD", "Prince Georges", "Prince George's"},
        CountyCase{"MD", "Prince George’s County", "Prince George's"},
        CountyCase{"NY", "Manhattan", "New York"}, CountyCase{"NY", "Bronx", "Bronx"},
        CountyCase{"DC", "Washington", "District of Columbia"}, CountyCase{"CT", "Fairfax", ""},
        CountyCase{"CT", "Fairfield", "Fairfield"},
        CountyCase{"CT", "Western Connecticut Planning Region", "Western Connecticut"}));

// Each county of the list is found by its code, its name, and its name with its kind.
TEST(Counties, EveryOneOfTheListIsFound) {
  std::size_t counties = 0;
  ForEachRow(people::kUsCountiesCsv, [&](const std::vector<std::string>& row) {
    ++counties;
    const std::string whole = row[3].empty() || row[3] == "city" ? row[2] : row[2] + " " + row[3];
    for (std::string text : {row[1], row[2], whole}) {
      EXPECT_EQ(UsCounty(row[0], text).value_or("none"), row[2]) << row[0] << " " << text;
      std::transform(text.begin(), text.end(), text.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
      EXPECT_EQ(UsCounty(row[0], text).value_or("none"), row[2]) << row[0] << " " << text;
    }
    EXPECT_TRUE(UsState(row[0]).has_value()) << row[0];
  });
  EXPECT_EQ(counties, 3244u);
}

TEST(Places, TheCountryMayBeLeftOut) {
  for (const char* us :
       {"", "US", "us", "USA", "U.S.A.", "United States", "united states of america"}) {
    EXPECT_TRUE(IsUnitedStates(us)) << us;
  }
  for (const char* other : {"MX", "Mexico", "Estados Unidos Mexicanos", "CA"}) {
    EXPECT_FALSE(IsUnitedStates(other)) << other;
  }
}

}  // namespace
}  // namespace equinode
