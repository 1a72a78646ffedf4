#include "domain/consent/disclosures.h"

#include <algorithm>
#include <set>

namespace equinode::consent {

std::vector<Disclosure> ListFor(std::span<const Disclosure> all, std::string_view person,
                                Instant since) {
  std::vector<Disclosure> list;
  for (const Disclosure& each : all) {
    if (each.sent && each.person == person && each.at >= since) list.push_back(each);
  }
  std::sort(list.begin(), list.end(), [](const Disclosure& a, const Disclosure& b) {
    return a.at != b.at ? a.at > b.at : a.id < b.id;
  });
  return list;
}

RevocationWork WorkOf(const Revocation& revocation, std::span<const Disclosure> all) {
  RevocationWork work;
  std::set<std::string> tell;
  for (const Disclosure& each : all) {
    if (!RefusedByRevocation(revocation, each.consents)) continue;
    if (each.sent) {
      tell.insert(each.recipient);
    } else {
      work.destroy.push_back(each.id);
    }
  }
  std::sort(work.destroy.begin(), work.destroy.end());
  work.tell.assign(tell.begin(), tell.end());
  return work;
}

}  // namespace equinode::consent
