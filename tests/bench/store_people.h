// Made-up records for the benchmark of the store: a person with demographics, one coverage, one
// measure result; about 1.2 kB together.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "client/convert/record_body.h"
#include "domain/people/assertion_rules.h"
#include "domain/people/tables.h"

namespace equinode::bench {

struct MadePerson {
  std::string id{}, coverage_id{}, measure_id{};
  const Bytes* body = nullptr;
  const Bytes* coverage = nullptr;
  const Bytes* measure = nullptr;
};

// Bodies are made once, for 512 different people, and names anew for each: neither the store nor
// the cipher gains from bodies that are alike.
class MadePeople {
 public:
  explicit MadePeople(std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < 512; ++i) {
      people_.push_back(BodyFrom(AnyPerson()));
      CoverageRecord coverage;
      coverage.payer = "spiffe://net/payer/plan-" + std::to_string(random_.Below(5));
      coverage.line_of_business = random_.Below(2) == 0 ? "medicaid" : "commercial";
      coverage.payor = "Organization/" + std::to_string(random_.Below(40));
      coverage.member_id = "M" + std::to_string(random_.Next64() % 1'000'000'000);
      coverage.start = {2024, static_cast<std::uint8_t>(1 + random_.Below(12)), 1};
      coverage.status = "active";
      coverages_.push_back(BodyFrom(coverage));
      MeasureResultRecord measure;
      measure.measure = "M" + std::to_string(random_.Below(8));
      measure.period = "2025";
      measure.in_denominator = true;
      measure.in_numerator = random_.Below(2) == 0;
      measures_.push_back(BodyFrom(measure));
    }
  }

  MadePerson At(std::uint64_t n) const {
    MadePerson person;
    const std::string name = std::to_string(n * 0x9e3779b97f4a7c15ull);  // Random-looking.
    person.id = "feed/Patient/" + name;
    person.coverage_id = "feed/Coverage/" + name;
    person.measure_id = "feed/MeasureResult/" + name + "|M|2025";
    person.body = &people_[n % people_.size()];
    person.coverage = &coverages_[n % 509 % coverages_.size()];
    person.measure = &measures_[n % 503 % measures_.size()];
    return person;
  }

 private:
  PersonRecord AnyPerson() {
    PersonRecord person;
    person.names.push_back({"official",
                            "Ramirez-" + std::to_string(random_.Below(10'000)),
                            {"Guadalupe", "Maria"},
                            "",
                            "",
                            ""});
    person.birth_date = {static_cast<std::uint16_t>(1930 + random_.Below(90)),
                         static_cast<std::uint8_t>(1 + random_.Below(12)),
                         static_cast<std::uint8_t>(1 + random_.Below(28))};
    person.identifiers.push_back(
        {"https://hospital.example/mrn", std::to_string(random_.Next64() % 100'000'000), "MR"});
    person.identifiers.push_back(
        {"http://hl7.org/fhir/sid/us-ssn", std::to_string(random_.Below(1'000'000'000)), "SS"});
    person.addresses.push_back({"home",
                                {std::to_string(random_.Below(9999)) + " Mission Boulevard"},
                                "Hayward",
                                "Alameda",
                                "CA",
                                std::to_string(90'000 + random_.Below(6'000)),
                                "US"});
    person.telecoms.push_back({"phone", "510-555-" + std::to_string(random_.Below(9999)), "home"});
    static constexpr const char* kRaces[] = {"1002-5", "2028-9", "2054-5", "2076-8", "2106-3"};
    const std::string cdcrec(kCdcrecSystem);
    const bool female = random_.Below(2) == 0;
    const auto say = [&](AssertionField field, std::string system, const char* code) {
      Assertion assertion;
      assertion.field = field;
      assertion.instrument = "us-core";
      assertion.method = CollectionMethod::kSelfReported;
      assertion.values.push_back({std::move(system), code, "", ""});
      person.assertions.push_back(assertion);
    };
    say(AssertionField::kRace, cdcrec, kRaces[random_.Below(5)]);
    say(AssertionField::kEthnicity, cdcrec, random_.Below(3) == 0 ? "2135-2" : "2186-5");
    say(AssertionField::kLanguage, std::string(kLanguageSystem),
        random_.Below(3) == 0 ? "es" : "en");
    say(AssertionField::kBirthSex, "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender",
        female ? "F" : "M");
    say(AssertionField::kAdministrativeGender, "http://hl7.org/fhir/administrative-gender",
        female ? "female" : "male");
    JudgeAll(person.assertions);
    return person;
  }

  SeededRandom random_;
  std::vector<Bytes> people_{}, coverages_{}, measures_{};
};

}  // namespace equinode::bench
