#include "domain/referral/order.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/csv_rows.h"
#include "base/field_bytes.h"
#include "domain/referral/referral_tables.h"

namespace equinode::referral {
namespace {

constexpr std::string_view kOrderFormat = "equinode order 1";
constexpr std::array<std::string_view, 4> kSensitive = {"intimate-partner-violence", "elder-abuse",
                                                        "incarceration-status", "substance-use"};

struct FieldRow {
  std::string field{};
  std::string domains{};
  std::string not_domains{};
};
const std::vector<FieldRow>& OrderRows() {
  static const std::vector<FieldRow> rows = [] {
    std::vector<FieldRow> all;
    ForEachRow(kOrderFieldsCsv, [&](const auto& row) { all.push_back({row[0], row[1], row[2]}); });
    return all;
  }();
  return rows;
}

bool Lists(std::string_view list, std::string_view domain) {
  if (list == "*") return true;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find('|'), list.size());
    if (list.substr(0, end) == domain) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

bool IsPlain(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7f;
  });
}

Error Bad(std::string_view reason, std::string message) {
  return Error{Code::kInvalidArgument, std::string(reason), std::move(message)};
}

}  // namespace

std::vector<std::string_view> OrderFields() {
  std::vector<std::string_view> names;
  for (const FieldRow& row : OrderRows()) names.push_back(row.field);
  return names;
}

bool MayHave(std::string_view domain, std::string_view field) {
  for (const FieldRow& row : OrderRows()) {
    if (row.field == field) return Lists(row.domains, domain) && !Lists(row.not_domains, domain);
  }
  return false;
}

bool IsSensitive(std::string_view domain) {
  return std::find(kSensitive.begin(), kSensitive.end(), domain) != kSensitive.end();
}

Result<TargetOrder> ForTarget(const Order& order, std::string_view domain) {
  const std::vector<std::string_view> known = OrderFields();
  for (const auto& [field, text] : order) {
    if (std::find(known.begin(), known.end(), field) == known.end()) {
      return Bad("NO_SUCH_FIELD", "an order has no field of that name");
    }
    if (text.size() > kMaxOrderText || !IsPlain(text)) {
      return Bad("TEXT_TOO_LONG", field + " holds at most " + std::to_string(kMaxOrderText) +
                                      " bytes and no control characters");
    }
  }
  TargetOrder target;
  target.domain_ = domain;
  for (const auto& [field, text] : order) {
    if (!text.empty() && MayHave(domain, field)) target.fields_.emplace(field, text);
  }
  if (IsSensitive(domain) && !target.fields_.contains("safe_contact")) {
    return Bad("SAFE_CONTACT_NEEDED",
               "a need of this domain is only sent with how it is safe to reach the client");
  }
  if (!target.fields_.contains("service") && !target.fields_.contains("service_text")) {
    return Bad("SERVICE_NEEDED", "an order says which service is asked for");
  }
  return target;
}

Bytes TargetOrder::Serialise() const {
  FieldWriter out;
  out.Text(kOrderFormat);
  out.Text(domain_);
  out.Number(fields_.size(), 2);
  for (const auto& [field, text] : fields_) {
    out.Text(field);
    out.Text(text);
  }
  return std::move(out).bytes();
}

Digest TargetOrder::digest() const { return Sha256(Serialise()); }

Result<TargetOrder> TargetOrderFrom(ByteView bytes) {
  const auto bad = [](std::string message) { return Bad("BAD_ORDER", std::move(message)); };
  FieldReader in(bytes);
  if (in.Text() != kOrderFormat) return bad("these bytes are no order");
  const std::string domain = in.Text();
  const std::uint64_t count = in.Number(2);
  Order order;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    std::string field = in.Text();
    order[std::move(field)] = in.Text();
  }
  if (!in.done()) return bad("an order that is cut or has something behind it");
  Result<TargetOrder> target = ForTarget(order, domain);
  if (!target) return bad(target.error().message);
  const Bytes again = target->Serialise();
  if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) {
    return bad("an order with a field that its domain may not have");
  }
  return target;
}

std::string NotificationText(std::string_view referral_id) {
  return "Referral " + std::string(referral_id) + " has news.";
}

}  // namespace equinode::referral
