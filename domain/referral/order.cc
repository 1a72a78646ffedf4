#include "domain/referral/order.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/csv_rows.h"
#include "base/field_bytes.h"
#include "domain/referral/referral_tables.h"
#include "domain/zcodes/domains.h"

namespace equinode::referral {
namespace {

constexpr std::string_view kOrderFormat = "equinode order 1";
constexpr std::array<std::string_view, 3> kLabels = {"PART2", "SOGI", "TRIBAL"};
constexpr std::size_t kMostRepeated = 40;

struct FieldRow {
  std::string field{};
  std::string domains{};
  std::string not_domains{};  // "sensitive": every domain that is.
  std::string label{};
};
const std::vector<FieldRow>& OrderRows() {
  static const std::vector<FieldRow> rows = [] {
    std::vector<FieldRow> all;
    ForEachRow(kOrderFieldsCsv, [&](const auto& row) {
      all.push_back({row[0], row[1], row[2], row[3]});
    });
    return all;
  }();
  return rows;
}

struct LabelRow {
  std::string domain{};
  std::string label{};
};
const std::vector<LabelRow>& DomainLabels() {
  static const std::vector<LabelRow> rows = [] {
    std::vector<LabelRow> all;
    ForEachRow(kDomainLabelsCsv, [&](const auto& row) { all.push_back({row[0], row[1]}); });
    return all;
  }();
  return rows;
}

bool Lists(std::string_view list, std::string_view domain) {
  if (list == "*") return true;
  if (list == "sensitive") return IsSensitive(domain);
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

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// The caller's word is repeated only where it can be nothing but a name.
Error NoSuchField(std::string_view field) {
  const bool plain =
      !field.empty() && field.size() <= kMostRepeated && std::ranges::all_of(field, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      });
  return Bad("NO_SUCH_FIELD", (plain ? "an order has no field " + std::string(field)
                                     : std::string("an order has no field of that name")) +
                                  ": `equinode referral fields` lists them");
}

Status CheckWord(std::string_view field, std::string_view text) {
  if (field == kTellBackField && !text.empty() && text != kStatusOnly) {
    return Bad("BAD_LABEL", "tell_back is status-only, or is left out");
  }
  if (field != kLabelField) return Ok();
  for (const std::string& each : Words(text)) {
    if (std::ranges::find(kLabels, each) == kLabels.end()) {
      return Bad("BAD_LABEL", "label is PART2, SOGI or TRIBAL, several with a blank between");
    }
  }
  return Ok();
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

std::string_view LabelOfField(std::string_view field) {
  for (const FieldRow& row : OrderRows()) {
    if (row.field == field) return row.label;
  }
  return "";
}

std::string_view LabelOfDomain(std::string_view domain) {
  for (const LabelRow& row : DomainLabels()) {
    if (row.domain == domain) return row.label;
  }
  return "";
}

std::vector<std::string> HeldBack(const Order& order, std::string_view domain) {
  std::vector<std::string> held;
  for (const auto& [field, text] : order) {
    if (!text.empty() && !MayHave(domain, field)) held.push_back(field);
  }
  return held;
}

bool IsSensitive(std::string_view domain) {
  const NeedDomain* known = FindNeedDomain(domain);
  return known != nullptr && known->sensitive;
}

Result<TargetOrder> ForTarget(const Order& order, std::string_view domain) {
  const std::vector<std::string_view> known = OrderFields();
  for (const auto& [field, text] : order) {
    if (std::find(known.begin(), known.end(), field) == known.end()) {
      return NoSuchField(field);
    }
    EQN_CHECK(CheckWord(field, text));
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
               "a need of this domain is only sent with how it is safe to reach the client: the "
               "field safe_contact");
  }
  if (!target.fields_.contains("service") && !target.fields_.contains("service_text")) {
    return Bad("SERVICE_NEEDED",
               "an order says which service is asked for: the field service (a code) or "
               "service_text");
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

std::vector<std::string> TargetOrder::labels() const {
  std::vector<std::string> all;
  const auto add = [&](std::string_view label) {
    if (!label.empty()) all.emplace_back(label);
  };
  add(LabelOfDomain(domain_));
  for (const auto& [field, text] : fields_) {
    add(LabelOfField(field));
    if (field != kLabelField) continue;
    for (const std::string& each : Words(text)) add(each);
  }
  std::ranges::sort(all);
  const auto same = std::ranges::unique(all);
  all.erase(same.begin(), same.end());
  return all;
}

TargetOrder TargetOrder::StatusOnly() const {
  TargetOrder narrowed = *this;
  narrowed.fields_.insert_or_assign(std::string(kTellBackField), std::string(kStatusOnly));
  return narrowed;
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

}  // namespace equinode::referral
