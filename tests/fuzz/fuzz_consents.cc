// Other systems' consents: whatever is taken as one can be kept, and is written so that it reads as
// the same again: a limit that got lost on the way would make a yes wider.
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "client/fhir_out/consent_resource.h"
#include "client/fhir_out/person_facts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode;
  const auto found = ConsentsIn(AsText(ByteView(data, size)));
  if (!found.ok()) {
    if (found.error().reason.empty()) std::abort();
    return 0;
  }
  for (const ConsentFound& each : *found) {
    if (each.entry == 0) std::abort();
    if (!each.consent.ok()) continue;
    PersonFacts facts;
    facts.person = "feed/Patient/1";
    facts.organisation = "spiffe://net/practice/elm";
    facts.consents = {*each.consent};
    facts.consents[0].consent.person = facts.person;
    // Another system's id is none of ours.
    if (facts.consents[0].consent.id.nil()) {
      facts.consents[0].consent.id = *Uuid::FromBytes(Bytes(16, 1));
    }
    if (!consent::CheckConsent(facts.consents[0].consent).ok()) std::abort();
    const auto again = ConsentsIn(BundleOf(facts));
    if (!again.ok() || again->size() != 1 || !again->front().consent.ok()) std::abort();
    ConsentOnPaper read = *again->front().consent;
    read.consent.person = facts.person;
    if (!(read == facts.consents[0])) std::abort();
  }
  return 0;
}
