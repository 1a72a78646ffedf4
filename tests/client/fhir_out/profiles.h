// What the tests of FHIR's resources share: values out of the air, and the list of elements that
// the profiles require (required_elements.csv).
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/csv_rows.h"
#include "client/fhir_out/consent_resource.h"
#include "domain/zcodes/domains.h"

namespace equinode {

namespace fs = std::filesystem;
using Json = nlohmann::json;

inline std::string FileText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline Uuid AnyId() {
  Bytes bytes;
  for (int i = 0; i < 16; ++i) bytes.push_back(*rc::gen::arbitrary<std::uint8_t>());
  bytes[0] |= 1;  // No id is all zeros.
  return *Uuid::FromBytes(bytes);
}
inline Instant AnyMoment() {
  return Instant{std::chrono::milliseconds{
      *rc::gen::inRange<std::int64_t>(1'500'000'000'000, 2'000'000'000'000)}};
}
inline Digest AnyDigest() {
  Digest digest{};
  for (auto& byte : digest) byte = *rc::gen::arbitrary<std::uint8_t>();
  return digest;
}
inline std::string AnyText() {
  return *rc::gen::elementOf(std::vector<std::string>{"a food box", "call \"after\" six\\seven",
                                                      "línea ñ", "<b>&amp;</b>", "x"});
}
template <typename T>
std::optional<T> Perhaps(T value) {
  return *rc::gen::arbitrary<bool>() ? std::optional<T>(value) : std::nullopt;
}

inline ConsentOnPaper AnyConsent() {
  ConsentOnPaper paper;
  consent::Consent& consent = paper.consent;
  consent.id = AnyId();
  consent.person = "feed/Patient/p-" + std::to_string(*rc::gen::inRange(1, 99));
  consent.given = *rc::gen::arbitrary<bool>();
  consent.direction =
      *rc::gen::elementOf(std::vector{consent::Direction::kToRecipient, consent::Direction::kBack});
  consent.recipient = *rc::gen::elementOf(
      std::vector<std::string>{"spiffe://net/cbo/harvest", "class:cbo", "class:qhio", "*"});
  for (const consent::Purpose each :
       {consent::Purpose::kReferral, consent::Purpose::kTreatment, consent::Purpose::kPayment,
        consent::Purpose::kOperations, consent::Purpose::kResearch}) {
    if (*rc::gen::arbitrary<bool>()) consent.purposes.push_back(each);
  }
  if (consent.given && consent.purposes.empty()) {
    consent.purposes.push_back(consent::Purpose::kReferral);
  }
  std::vector<std::string> categories{"PART2", "SOGI", "TRIBAL", "*"};
  for (const NeedDomain& domain : NeedDomains()) categories.push_back(domain.code);
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
    consent.categories.push_back(*rc::gen::elementOf(categories));
  }
  consent.signed_at = AnyMoment();
  consent.from = *rc::gen::arbitrary<bool>() ? consent.signed_at : AnyMoment();
  if (*rc::gen::arbitrary<bool>()) {
    consent.until = consent.from + Millis{*rc::gen::inRange<std::int64_t>(1, 100'000'000'000)};
  }
  consent.document = AnyDigest();
  consent.document[0] |= 1;
  if (consent.given) paper.revoked_at = Perhaps(AnyMoment());
  return paper;
}

// Every value at a path; "?" after a part: where it is there at all. False when a part is missing.
inline bool Values(const Json& at, std::vector<std::string> path, std::vector<Json>& out) {
  if (path.empty()) {
    out.push_back(at);
    return !at.is_null() && !(at.is_structured() && at.empty());
  }
  std::string part = path.front();
  const bool perhaps = part.ends_with('?');
  if (perhaps) part.pop_back();
  path.erase(path.begin());
  if (!at.contains(part)) return perhaps;
  const Json& next = at.at(part);
  if (!next.is_array()) return Values(next, path, out);
  bool any = false;
  bool all = true;
  for (const Json& each : next) {
    const bool good = Values(each, path, out);
    any = any || good;
    all = all && good;
  }
  return perhaps ? all : any;
}

// Whether it says that it is of that profile.
inline bool Claims(const Json& resource, const std::string& profile) {
  for (const Json& each : resource.value(Json::json_pointer("/meta/profile"), Json::array())) {
    if (each.get<std::string>().ends_with("/" + profile)) return true;
  }
  return false;
}

// What a resource lacks of its profile.
inline std::vector<std::string> Missing(const Json& resource) {
  std::vector<std::string> missing;
  ForEachRow(FileText("tests/client/fhir_out/required_elements.csv"),
             [&](const std::vector<std::string>& row) {
               if (row[1] != resource.at("resourceType") || !Claims(resource, row[0])) return;
               std::vector<std::string> path;
               std::stringstream parts(row[2]);
               for (std::string part; std::getline(parts, part, '.');) path.push_back(part);
               std::vector<Json> values;
               bool good = Values(resource, path, values);
               if (good && !row[3].empty()) {
                 good = std::ranges::find(values, Json(row[3])) != values.end();
               }
               if (!good) missing.push_back(row[0] + " " + row[2] + " " + row[3]);
             });
  return missing;
}

// Every resource of a Bundle has what its profile requires.
inline void CheckProfiles(const Json& bundle) {
  for (const Json& entry : bundle.at("entry")) {
    const auto missing = Missing(entry.at("resource"));
    if (!missing.empty()) RC_FAIL(missing.front());
    const Json& profiles = entry.at("resource").at("meta").at("profile");
    RC_ASSERT(profiles.size() == 1u);
    const std::string profile = profiles[0];
    const std::string row = "\n" + profile.substr(profile.rfind('/') + 1) + ",";
    if (FileText("tests/client/fhir_out/required_elements.csv").find(row) == std::string::npos) {
      RC_FAIL(profile + " is not in the list");
    }
  }
}

}  // namespace equinode
