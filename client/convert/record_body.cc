#include "client/convert/record_body.h"

#include "client/convert/body_writer.h"

namespace equinode {
namespace {

using wire::WireWriter;
using wire::Write;

void Write(WireWriter& out, std::uint32_t field, const Assertion& assertion) {
  out.Message(field, [&] {
    out.Number(1, static_cast<std::uint64_t>(assertion.field));
    for (const Coded& value : assertion.values) Write(out, 2, value);
    out.Number(3, static_cast<std::uint64_t>(assertion.state));
    out.Text(4, assertion.instrument);
    out.Number(5, static_cast<std::uint64_t>(assertion.method));
    out.Text(6, assertion.asserter);
    Write(out, 7, assertion.collected_on);
    for (const std::string& label : assertion.labels) out.Element(8, label);
    out.Text(9, assertion.conflict);
    out.Numbers(10, assertion.supersedes);
    out.Numbers(11, assertion.retracts);
  });
}

void Write(WireWriter& out, std::uint32_t field, const HumanName& name) {
  out.Message(field, [&] {
    out.Text(1, name.use);
    out.Text(2, name.family);
    for (const std::string& given : name.given) out.Element(3, given);
    out.Text(4, name.text);
    out.Text(5, name.prefix);
    out.Text(6, name.suffix);
  });
}

void Write(WireWriter& out, std::uint32_t field, const Identifier& identifier) {
  out.Message(field, [&] {
    out.Text(1, identifier.system);
    out.Text(2, identifier.value);
    out.Text(3, identifier.type);
  });
}

void Write(WireWriter& out, std::uint32_t field, const PostalAddress& address) {
  out.Message(field, [&] {
    out.Text(1, address.use);
    for (const std::string& line : address.lines) out.Element(2, line);
    out.Text(3, address.city);
    out.Text(4, address.district);
    out.Text(5, address.state);
    out.Text(6, address.postal_code);
    out.Text(7, address.country);
  });
}

void Write(WireWriter& out, std::uint32_t field, const ContactPoint& telecom) {
  out.Message(field, [&] {
    out.Text(1, telecom.system);
    out.Text(2, telecom.value);
    out.Text(3, telecom.use);
  });
}

}  // namespace

Bytes BodyFrom(const PersonRecord& record) {
  Bytes body;
  body.reserve(2048);
  WireWriter out(body);
  for (const HumanName& name : record.names) Write(out, 1, name);
  Write(out, 2, record.birth_date);
  for (const Identifier& identifier : record.identifiers) Write(out, 3, identifier);
  for (const PostalAddress& address : record.addresses) Write(out, 4, address);
  for (const ContactPoint& telecom : record.telecoms) Write(out, 5, telecom);
  for (const Assertion& assertion : record.assertions) Write(out, 6, assertion);
  out.Number(7, record.deceased ? 1 : 0);
  out.Number(8, record.active ? 1 : 0);
  out.Text(9, record.managing_organization);
  body.shrink_to_fit();
  return body;
}

Bytes BodyFrom(const CoverageRecord& record) {
  Bytes body;
  WireWriter out(body);
  out.Text(1, record.payer);
  out.Text(2, record.line_of_business);
  out.Text(3, record.payor);
  out.Text(4, record.member_id);
  Write(out, 5, record.start);
  Write(out, 6, record.end);
  out.Text(7, record.status);
  return body;
}

Bytes BodyFrom(const MeasureResultRecord& record) {
  Bytes body;
  WireWriter out(body);
  out.Text(1, record.measure);
  out.Text(2, record.period);
  out.Number(3, record.in_denominator ? 1 : 0);
  out.Number(4, record.in_numerator ? 1 : 0);
  return body;
}

Bytes BodyFrom(const OrganizationRecord& record) {
  Bytes body;
  WireWriter out(body);
  out.Text(1, record.name);
  for (const Identifier& identifier : record.identifiers) Write(out, 2, identifier);
  return body;
}

}  // namespace equinode
