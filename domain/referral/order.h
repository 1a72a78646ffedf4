// What leaves for the organisation that is asked is minimal: by the domain of the need
// (data/order_fields.csv). TargetOrder is the only form that can become bytes, and only ForTarget()
// makes one, so that a field that is not on the domain's list cannot leave.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/crypto/hash.h"
#include "base/result.h"

namespace equinode::referral {

// What the requester knows and might send, by the field's name in the table. Has no bytes.
using Order = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t kMaxOrderText = 1000;  // Bytes of one field.

// All fields that any domain may have, in the table's order.
std::vector<std::string_view> OrderFields();
bool MayHave(std::string_view domain, std::string_view field);
// The label (PART2, SOGI, TRIBAL) that a field or a domain has of itself; empty for none. A yes to
// the domain does not cover it (domain/consent/consent.h, NeedsNaming).
std::string_view LabelOfField(std::string_view field);
std::string_view LabelOfDomain(std::string_view domain);  // data/domain_labels.csv
// What is filled in and may not leave for that domain, by name.
std::vector<std::string> HeldBack(const Order& order, std::string_view domain);
// Intimate-partner violence, elder abuse, incarceration, substance use and the like (the need
// domains' table says which): contact may endanger.
bool IsSensitive(std::string_view domain);

// Two fields that say how the rest is to be treated. `label`: labels with a blank between.
inline constexpr std::string_view kLabelField = "label";
inline constexpr std::string_view kTellBackField = "tell_back";
inline constexpr std::string_view kStatusOnly = "status-only";

class TargetOrder {
 public:
  const std::string& domain() const { return domain_; }
  const std::map<std::string, std::string, std::less<>>& fields() const { return fields_; }
  // Deterministic: the domain and the fields, sorted by name, each with its length.
  Bytes Serialise() const;
  Digest digest() const;
  // Of the domain, of each field that goes along, and what the requester has put on it. Sorted.
  std::vector<std::string> labels() const;
  // The target tells back where it stands and nothing else.
  bool status_only() const { return fields_.contains(kTellBackField); }
  // The same, so narrowed.
  TargetOrder StatusOnly() const;

 private:
  friend Result<TargetOrder> ForTarget(const Order& order, std::string_view domain);
  friend Result<TargetOrder> TargetOrderFrom(ByteView bytes);
  TargetOrder() = default;
  std::string domain_{};
  std::map<std::string, std::string, std::less<>> fields_{};
};

// The part of `order` that the target of a need of `domain` may see; the rest stays.
//   INVALID_ARGUMENT / NO_SUCH_FIELD        a name that the table does not have.
//                      BAD_LABEL            `label` or `tell_back` with another word than theirs.
//                      TEXT_TOO_LONG        over kMaxOrderText, or control characters.
//                      SAFE_CONTACT_NEEDED  a sensitive domain without `safe_contact`.
//                      SERVICE_NEEDED       neither service nor service_text.
Result<TargetOrder> ForTarget(const Order& order, std::string_view domain);
// What Serialise() made. INVALID_ARGUMENT / BAD_ORDER for other bytes, also for a field that the
// domain may not have: the recipient does not take what should not have been sent.
Result<TargetOrder> TargetOrderFrom(ByteView bytes);

}  // namespace equinode::referral
