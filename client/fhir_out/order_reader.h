// What a Bundle of another system asks for: each Task for referral management (code fulfill) with
// its ServiceRequest, as far as an order here can say the same. What became of it is not read: a
// referral's truth is its signed chain at its home (docs/adr/0009-fhir-in.md).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "domain/referral/event.h"

namespace equinode {

struct ForeignOrder {
  std::string key{};         // "system|value" of Task.identifier, else "Task/<id>".
  std::optional<Uuid> id{};  // Where the key is a UUID: perhaps a referral that is known here.
  std::string status{};      // FHIR Task.status, one of the guide's.
  bool active = false;       // ServiceRequest.status: the requester still wants it.
  std::string patient{};     // The id in Patient/<id>; may be empty where it is no open order.
  std::string domain{};
  referral::Priority priority = referral::Priority::kRoutine;
  std::string target{};  // URI of ServiceRequest.performer; empty = it names none of a network.
  std::string owner{};   // URI of Task.owner; likewise.
  std::optional<Uuid> need{};
  std::map<std::string, std::string, std::less<>> order{};  // Fields of domain/referral/order.h.
  friend bool operator==(const ForeignOrder&, const ForeignOrder&) = default;
};

struct OrderFound {
  std::size_t entry = 0;  // In the Bundle, from 1.
  Result<ForeignOrder> order;
};

// INVALID_ARGUMENT / BAD_FHIR when it is no Bundle, at most 1 MiB. Of each Task: BAD_FHIR with the
// element. A Task with another code, as one for a patient, is passed over.
Result<std::vector<OrderFound>> OrdersIn(std::string_view bundle);

}  // namespace equinode
