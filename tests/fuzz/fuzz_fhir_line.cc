// One line of an NDJSON file: any bytes to a record or a refusal. The record is the same whether
// its memory is new or that of the records before it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "client/import/fhir/date.h"
#include "client/import/fhir/json_text.h"
#include "client/import/fhir/parser.h"
#include "client/import/fhir/resource.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode;
  using namespace equinode::fhir;
  static Parser parser;
  static ReadResource reused;
  static const SourceProfile profile = [] {
    SourceProfile made;
    made.payers = {{.identifier = "s|v", .type = "T", .uri = "spiffe://n/payer/p"},
                   {.reference = "Organization/o", .uri = "spiffe://n/payer/q"},
                   {.name = "Acme", .uri = "spiffe://n/payer/r"}};
    return made;
  }();
  static const PayerMap payers(profile.payers);
  const Surroundings around{profile, "feed",
                            std::chrono::sys_days{std::chrono::year{2026} / 11 / 1}, nullptr};
  std::string text(reinterpret_cast<const char*>(data), size);
  text.reserve(size + kPadding);
  const auto root = parser.Parse(text);
  if (!root.ok()) {
    if (root.error().reason.empty() || root.error().message.size() < 10) std::abort();
    return 0;
  }
  if (FindJsonError(text) != kNoEnd) std::abort();  // Two readers of JSON must agree.
  ReadResource fresh;
  const auto first = ReadFhirResource(*root, "urn:uuid:u-1", around, payers, reused);
  const auto second = ReadFhirResource(*root, "urn:uuid:u-1", around, payers, fresh);
  if (first.ok() != second.ok()) std::abort();
  if (!first.ok()) {
    if (first.error() != second.error()) std::abort();
    return 0;
  }
  if (reused.kind != fresh.kind || reused.type != fresh.type || reused.id != fresh.id) std::abort();
  if (fresh.kind == ResourceKind::kPerson) {
    if (!IsId(fresh.id)) std::abort();
    const PersonRecord& person = fresh.patient.person;
    if (!(reused.patient.person == person)) std::abort();
    if (!person.birth_date.empty() && FirstDay(person.birth_date) > around.today) std::abort();
    if (person.names.size() > kMaxList || person.identifiers.size() > kMaxList) std::abort();
    for (const Assertion& assertion : person.assertions) {
      if (assertion.method != CollectionMethod::kUnknown) std::abort();  // The profile's default.
    }
  }
  if (fresh.kind == ResourceKind::kCoverage) {
    if (!IsId(fresh.coverage.patient_id) || fresh.coverage.coverage.payor.empty()) std::abort();
    if (!(reused.coverage.coverage == fresh.coverage.coverage)) std::abort();
  }
  if (fresh.kind == ResourceKind::kSocial) {
    const ReadSocial& social = fresh.social;
    if (reused.social.kind != social.kind) std::abort();
    if (social.kind != SocialKind::kPassedOver && !IsId(social.patient_id)) std::abort();
    const bool same =
        social.kind == SocialKind::kScreening   ? reused.social.screening == social.screening
        : social.kind == SocialKind::kCondition ? reused.social.condition == social.condition
        : social.kind == SocialKind::kEncounter ? reused.social.encounter == social.encounter
                                                : true;
    if (!same) std::abort();
  }
  return 0;
}
