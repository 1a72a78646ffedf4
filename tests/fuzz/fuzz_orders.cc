// What other systems order: of whatever is taken as an order everything that a referral here needs
// is known, and what may leave of it is decided without a fault; and their referrals as a whole.
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "client/fhir_out/order_reader.h"
#include "client/fhir_out/referral_bundle.h"
#include "domain/access/identity.h"
#include "domain/referral/order.h"
#include "domain/zcodes/domains.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode;
  const auto text = AsText(ByteView(data, size));
  if (const auto found = OrdersIn(text); found.ok()) {
    for (const OrderFound& each : *found) {
      if (each.entry == 0) std::abort();
      if (!each.order.ok()) continue;
      const ForeignOrder& order = *each.order;
      if (order.key.empty() || FindNeedDomain(order.domain) == nullptr) std::abort();
      if (!referral::StateNamed(order.status)) std::abort();
      if (order.active && order.status == "requested" && order.patient.empty()) std::abort();
      for (const std::string& uri : {order.target, order.owner}) {
        if (!uri.empty() && !ParseIdentity(uri).ok()) std::abort();
      }
      const auto target = referral::ForTarget(order.order, order.domain);
      if (!target.ok()) continue;
      for (const auto& [field, value] : target->fields()) {
        if (!referral::MayHave(order.domain, field)) std::abort();
      }
      const auto bytes = target->Serialise();
      const auto again = referral::TargetOrderFrom(bytes);
      if (!again.ok() || again->labels() != target->labels()) std::abort();
    }
  }
  if (const auto paper = PaperFrom(text); paper.ok()) (void)BundleOf(*paper);
  return 0;
}
