// The way back. Everything here may come from another node: numbers, sizes and dates are checked.
#include <google/protobuf/repeated_field.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "client/convert/record_body.h"
#include "domain/people/measure_period.h"
#include "equinode/v1/record.pb.h"

namespace equinode {
namespace {

constexpr std::size_t kMaxBody = 256 * 1024;
constexpr std::size_t kMaxText = 1024;
constexpr int kMaxList = 64;
constexpr int kMaxValues = 32;

Error Bad(const char* why) { return Error{Code::kInvalidArgument, "BAD_RECORD", why}; }

// Copies of texts and lists, with their bounds; the first that is over one is remembered.
class Taker {
 public:
  std::string Text(const std::string& text) {
    if (text.size() > kMaxText) bad_ = true;
    return text;
  }
  template <typename Out>
  void Texts(const google::protobuf::RepeatedPtrField<std::string>& list, Out& out) {
    if (!Bounded(list.size(), kMaxList)) return;
    for (const std::string& text : list) out.push_back(Text(text));
  }
  // Of earlier elements of a list, each once, rising or not.
  void Positions(const google::protobuf::RepeatedField<std::uint32_t>& list, std::uint32_t before,
                 std::vector<std::uint32_t>& out) {
    if (!Bounded(list.size(), kMaxList)) return;
    for (const std::uint32_t at : list) {
      if (at >= before || std::find(out.begin(), out.end(), at) != out.end()) bad_ = true;
      out.push_back(at);
    }
  }
  bool Bounded(int size, int most) {
    if (size > most) bad_ = true;
    return size <= most;
  }
  PartialDate Date(const v1::Date& date) {
    const bool whole = date.year() >= 1 && date.year() <= 9999 && date.month() <= 12 &&
                       date.day() <= 31 && (date.month() > 0 || date.day() == 0);
    if (!whole) {
      bad_ = true;
      return {};
    }
    if (date.day() > 0 &&
        !std::chrono::year_month_day{std::chrono::year(static_cast<int>(date.year())),
                                     std::chrono::month(date.month()), std::chrono::day(date.day())}
             .ok()) {
      bad_ = true;
    }
    return {static_cast<std::uint16_t>(date.year()), static_cast<std::uint8_t>(date.month()),
            static_cast<std::uint8_t>(date.day())};
  }
  template <typename Enum>
  Enum Number(int number, int most) {
    if (number < 1 || number > most) bad_ = true;
    return static_cast<Enum>(number);
  }
  Identifier Id(const v1::Identifier& identifier) {
    return {Text(identifier.system()), Text(identifier.value()), Text(identifier.type())};
  }
  bool bad() const { return bad_; }

 private:
  bool bad_ = false;
};

// One message of a kind a thread, read into again and again: its texts and lists keep their memory,
// which is most of what reading costs.
template <typename Message>
Message& Reused() {
  thread_local Message message;
  return message;
}

template <typename Message>
Status Parse(ByteView body, Message& message) {
  if (body.size() > kMaxBody) return Bad("a record's body is over 256 KiB");
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return Bad("a record's body is not what its kind says");
  }
  return Ok();
}

// `before` is how many assertions stand before this one.
void Take(Taker& taker, const v1::Assertion& from, std::uint32_t before, Assertion& to) {
  to.field = taker.Number<AssertionField>(from.field(), 9);
  if (taker.Bounded(from.values_size(), kMaxValues)) {
    for (const v1::Coded& value : from.values()) {
      to.values.push_back({taker.Text(value.system()), taker.Text(value.code()),
                           taker.Text(value.display()), taker.Text(value.text())});
    }
  }
  to.state = taker.Number<AnswerState>(from.state(), 14);
  to.instrument = taker.Text(from.instrument());
  to.method = taker.Number<CollectionMethod>(from.method(), 7);
  to.asserter = taker.Text(from.asserter());
  if (from.has_collected_on()) to.collected_on = taker.Date(from.collected_on());
  taker.Texts(from.labels(), to.labels);
  to.conflict = taker.Text(from.conflict());
  taker.Positions(from.supersedes(), before, to.supersedes);
  taker.Positions(from.retracts(), before, to.retracts);
}

void Take(Taker& taker, const v1::HumanName& from, HumanName& to) {
  to.use = taker.Text(from.use());
  to.family = taker.Text(from.family());
  taker.Texts(from.given(), to.given);
  to.text = taker.Text(from.text());
  to.prefix = taker.Text(from.prefix());
  to.suffix = taker.Text(from.suffix());
}

void Take(Taker& taker, const v1::Address& from, PostalAddress& to) {
  to.use = taker.Text(from.use());
  taker.Texts(from.lines(), to.lines);
  to.city = taker.Text(from.city());
  to.district = taker.Text(from.district());
  to.state = taker.Text(from.state());
  to.postal_code = taker.Text(from.postal_code());
  to.country = taker.Text(from.country());
}

Error OutOfBounds() { return Bad("a record has a number, a date or a text that is out of bounds"); }

}  // namespace

Result<PersonRecord> PersonFromBody(ByteView body) {
  auto& message = Reused<v1::Person>();
  EQN_CHECK(Parse(body, message));
  PersonRecord person;
  Taker taker;
  const bool bounded = taker.Bounded(message.names_size(), kMaxList) &&
                       taker.Bounded(message.identifiers_size(), kMaxList) &&
                       taker.Bounded(message.addresses_size(), kMaxList) &&
                       taker.Bounded(message.telecoms_size(), kMaxList) &&
                       taker.Bounded(message.assertions_size(), kMaxList);
  if (!bounded) return OutOfBounds();
  person.names.reserve(static_cast<std::size_t>(message.names_size()));
  person.identifiers.reserve(static_cast<std::size_t>(message.identifiers_size()));
  person.assertions.reserve(static_cast<std::size_t>(message.assertions_size()));
  for (const v1::HumanName& name : message.names()) Take(taker, name, person.names.emplace_back());
  if (message.has_birth_date()) person.birth_date = taker.Date(message.birth_date());
  for (const v1::Identifier& id : message.identifiers()) person.identifiers.push_back(taker.Id(id));
  for (const v1::Address& address : message.addresses()) {
    Take(taker, address, person.addresses.emplace_back());
  }
  for (const v1::ContactPoint& telecom : message.telecoms()) {
    person.telecoms.push_back(
        {taker.Text(telecom.system()), taker.Text(telecom.value()), taker.Text(telecom.use())});
  }
  for (const v1::Assertion& assertion : message.assertions()) {
    const auto before = static_cast<std::uint32_t>(person.assertions.size());
    Take(taker, assertion, before, person.assertions.emplace_back());
  }
  person.deceased = message.deceased();
  person.active = message.active();
  person.managing_organization = taker.Text(message.managing_organization());
  if (taker.bad()) return OutOfBounds();
  return person;
}

Result<CoverageRecord> CoverageFromBody(ByteView body) {
  auto& message = Reused<v1::Coverage>();
  EQN_CHECK(Parse(body, message));
  CoverageRecord coverage;
  Taker taker;
  coverage.payer = taker.Text(message.payer());
  coverage.line_of_business = taker.Text(message.line_of_business());
  coverage.payor = taker.Text(message.payor());
  coverage.member_id = taker.Text(message.member_id());
  if (message.has_start()) coverage.start = taker.Date(message.start());
  if (message.has_end()) coverage.end = taker.Date(message.end());
  coverage.status = taker.Text(message.status());
  if (taker.bad()) return OutOfBounds();
  return coverage;
}

Result<MeasureResultRecord> MeasureResultFromBody(ByteView body) {
  auto& message = Reused<v1::MeasureResult>();
  EQN_CHECK(Parse(body, message));
  const auto is_measure = [](const std::string& text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '.' || c == '_' || c == '-';
    });
  };
  if (!is_measure(message.measure()) || !IsMeasurePeriod(message.period()) ||
      (message.in_numerator() && !message.in_denominator())) {
    return Bad("a measure result has no measure or period, or a numerator without denominator");
  }
  return MeasureResultRecord{message.measure(), message.period(), message.in_denominator(),
                             message.in_numerator()};
}

Result<OrganizationRecord> OrganizationFromBody(ByteView body) {
  auto& message = Reused<v1::Organization>();
  EQN_CHECK(Parse(body, message));
  OrganizationRecord organization;
  Taker taker;
  organization.name = taker.Text(message.name());
  if (!taker.Bounded(message.identifiers_size(), kMaxList)) return OutOfBounds();
  for (const v1::Identifier& id : message.identifiers()) {
    organization.identifiers.push_back(taker.Id(id));
  }
  if (taker.bad()) return OutOfBounds();
  return organization;
}

}  // namespace equinode
