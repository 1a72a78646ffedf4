// The way back. Everything here may come from another node.
#include <algorithm>
#include <string>
#include <vector>

#include "client/convert/body_reader.h"
#include "client/convert/record_body.h"
#include "domain/people/measure_period.h"

namespace equinode {
namespace {

constexpr int kMaxValues = 32;

using wire::BodyTaker;
using wire::kMostInList;

// Of earlier elements of a list, each once, rising or not.
void TakePositions(BodyTaker& taker, const google::protobuf::RepeatedField<std::uint32_t>& list,
                   std::uint32_t before, std::vector<std::uint32_t>& out) {
  if (!taker.Bounded(list.size(), kMostInList)) return;
  for (const std::uint32_t at : list) {
    if (at >= before || std::find(out.begin(), out.end(), at) != out.end()) taker.Fail();
    out.push_back(at);
  }
}

Identifier IdFrom(BodyTaker& taker, const v1::Identifier& identifier) {
  return {taker.Text(identifier.system()), taker.Text(identifier.value()),
          taker.Text(identifier.type())};
}

// `before` is how many assertions stand before this one.
void Take(BodyTaker& taker, const v1::Assertion& from, std::uint32_t before, Assertion& to) {
  to.field = taker.Number<AssertionField>(from.field(), 9);
  taker.Codes(from.values(), kMaxValues, to.values);
  to.state = taker.Number<AnswerState>(from.state(), 14);
  to.instrument = taker.Text(from.instrument());
  to.method = taker.Number<CollectionMethod>(from.method(), 7);
  to.asserter = taker.Text(from.asserter());
  to.collected_on = taker.Date(from.has_collected_on(), from.collected_on());
  taker.Texts(from.labels(), kMostInList, to.labels);
  to.conflict = taker.Text(from.conflict());
  TakePositions(taker, from.supersedes(), before, to.supersedes);
  TakePositions(taker, from.retracts(), before, to.retracts);
}

void Take(BodyTaker& taker, const v1::HumanName& from, HumanName& to) {
  to.use = taker.Text(from.use());
  to.family = taker.Text(from.family());
  taker.Texts(from.given(), kMostInList, to.given);
  to.text = taker.Text(from.text());
  to.prefix = taker.Text(from.prefix());
  to.suffix = taker.Text(from.suffix());
}

void Take(BodyTaker& taker, const v1::Address& from, PostalAddress& to) {
  to.use = taker.Text(from.use());
  taker.Texts(from.lines(), kMostInList, to.lines);
  to.city = taker.Text(from.city());
  to.district = taker.Text(from.district());
  to.state = taker.Text(from.state());
  to.postal_code = taker.Text(from.postal_code());
  to.country = taker.Text(from.country());
}

}  // namespace

Result<PersonRecord> PersonFromBody(ByteView body) {
  EQN_TRY(const v1::Person* parsed, wire::ParseBody<v1::Person>(body));
  const v1::Person& message = *parsed;
  PersonRecord person;
  BodyTaker taker;
  const bool bounded = taker.Bounded(message.names_size(), kMostInList) &&
                       taker.Bounded(message.identifiers_size(), kMostInList) &&
                       taker.Bounded(message.addresses_size(), kMostInList) &&
                       taker.Bounded(message.telecoms_size(), kMostInList) &&
                       taker.Bounded(message.assertions_size(), kMostInList);
  if (!bounded) return wire::BodyOutOfBounds();
  person.names.reserve(static_cast<std::size_t>(message.names_size()));
  person.identifiers.reserve(static_cast<std::size_t>(message.identifiers_size()));
  person.assertions.reserve(static_cast<std::size_t>(message.assertions_size()));
  for (const v1::HumanName& name : message.names()) Take(taker, name, person.names.emplace_back());
  person.birth_date = taker.Date(message.has_birth_date(), message.birth_date());
  for (const v1::Identifier& id : message.identifiers()) {
    person.identifiers.push_back(IdFrom(taker, id));
  }
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
  if (taker.bad()) return wire::BodyOutOfBounds();
  return person;
}

Result<CoverageRecord> CoverageFromBody(ByteView body) {
  EQN_TRY(const v1::Coverage* parsed, wire::ParseBody<v1::Coverage>(body));
  const v1::Coverage& message = *parsed;
  CoverageRecord coverage;
  BodyTaker taker;
  coverage.payer = taker.Text(message.payer());
  coverage.line_of_business = taker.Text(message.line_of_business());
  coverage.payor = taker.Text(message.payor());
  coverage.member_id = taker.Text(message.member_id());
  coverage.start = taker.Date(message.has_start(), message.start());
  coverage.end = taker.Date(message.has_end(), message.end());
  coverage.status = taker.Text(message.status());
  if (taker.bad()) return wire::BodyOutOfBounds();
  return coverage;
}

Result<MeasureResultRecord> MeasureResultFromBody(ByteView body) {
  EQN_TRY(const v1::MeasureResult* parsed, wire::ParseBody<v1::MeasureResult>(body));
  const v1::MeasureResult& message = *parsed;
  const auto is_measure = [](const std::string& text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '.' || c == '_' || c == '-';
    });
  };
  if (!is_measure(message.measure()) || !IsMeasurePeriod(message.period()) ||
      (message.in_numerator() && !message.in_denominator())) {
    return wire::BadBody(
        "a measure result has no measure or period, or a numerator without denominator");
  }
  return MeasureResultRecord{message.measure(), message.period(), message.in_denominator(),
                             message.in_numerator()};
}

Result<OrganizationRecord> OrganizationFromBody(ByteView body) {
  EQN_TRY(const v1::Organization* parsed, wire::ParseBody<v1::Organization>(body));
  const v1::Organization& message = *parsed;
  OrganizationRecord organization;
  BodyTaker taker;
  organization.name = taker.Text(message.name());
  if (!taker.Bounded(message.identifiers_size(), kMostInList)) return wire::BodyOutOfBounds();
  for (const v1::Identifier& id : message.identifiers()) {
    organization.identifiers.push_back(IdFrom(taker, id));
  }
  if (taker.bad()) return wire::BodyOutOfBounds();
  return organization;
}

}  // namespace equinode
