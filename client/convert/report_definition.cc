// Definitions, requests and local counts.
#include <utility>

#include "client/convert/report.h"
#include "client/convert/report_parts.h"
#include "domain/access/identity.h"
#include "domain/people/measure_period.h"

namespace equinode {
namespace {

constexpr std::size_t kMaxDefinition = 64 * 1024;
constexpr std::size_t kMaxSignature = 64 * 1024;
constexpr const char* kBadDefinition = "BAD_DEFINITION";
constexpr const char* kBadRequest = "BAD_REPORT_REQUEST";
constexpr const char* kBadQuery = "BAD_QUERY";

Result<TableDefinition> TableFrom(const v1::TableDefinition& message) {
  TableDefinition table{message.id(), {message.measures().begin(), message.measures().end()}, {}};
  for (const int number : message.stratifiers()) {
    EQN_TRY(const Stratifier stratifier, wire::StratifierFrom(number, kBadDefinition));
    table.stratifiers.push_back(stratifier);
  }
  return table;
}

}  // namespace

void SetDefinition(const ReportDefinition& definition, v1::ReportDefinition* out) {
  out->set_name(definition.name);
  out->set_version(definition.version);
  out->set_payer(definition.payer);
  wire::SetDay(definition.period_start, out->mutable_period_start());
  wire::SetDay(definition.period_end, out->mutable_period_end());
  out->set_measure_period(definition.measure_period);
  for (const TableDefinition& table : definition.tables) {
    v1::TableDefinition* to = out->add_tables();
    to->set_id(table.id);
    for (const std::string& measure : table.measures) to->add_measures(measure);
    for (const Stratifier stratifier : table.stratifiers) {
      to->add_stratifiers(wire::ToWire(stratifier));
    }
  }
  out->set_suppress_from(definition.suppress_from);
  out->set_suppress_to(definition.suppress_to);
  for (const std::uint32_t start : definition.age_band_starts) out->add_age_band_starts(start);
  out->set_title(definition.title);
}

Result<ReportDefinition> DefinitionFrom(const v1::ReportDefinition& message) {
  ReportDefinition definition;
  definition.name = message.name();
  definition.version = message.version();
  definition.payer = message.payer();
  EQN_TRY(definition.period_start, wire::DayFrom(message.period_start(), kBadDefinition));
  EQN_TRY(definition.period_end, wire::DayFrom(message.period_end(), kBadDefinition));
  definition.measure_period = message.measure_period();
  for (const v1::TableDefinition& table : message.tables()) {
    EQN_TRY(TableDefinition read, TableFrom(table));
    definition.tables.push_back(std::move(read));
  }
  // Both left out: the rule of every node.
  if (message.suppress_from() != 0 || message.suppress_to() != 0) {
    definition.suppress_from = message.suppress_from();
    definition.suppress_to = message.suppress_to();
  }
  if (message.age_band_starts_size() > 0) {
    definition.age_band_starts.assign(message.age_band_starts().begin(),
                                      message.age_band_starts().end());
  }
  definition.title = message.title();
  return definition;
}

Bytes BytesFromDefinition(const ReportDefinition& definition) {
  v1::ReportDefinition message;
  SetDefinition(definition, &message);
  return wire::Serialised(message);
}

Result<ReportDefinition> DefinitionFromBytes(ByteView bytes) {
  EQN_TRY(const v1::ReportDefinition message,
          wire::Parsed<v1::ReportDefinition>(bytes, kMaxDefinition, kBadDefinition));
  return DefinitionFrom(message);
}

Bytes BytesFromReportRequest(const ReportAsked& asked) {
  v1::ReportRequest message;
  message.set_collect_id(asked.collect_id.bytes().data(), asked.collect_id.bytes().size());
  message.mutable_definition()->set_definition(asked.definition.data(), asked.definition.size());
  message.mutable_definition()->set_signature(asked.signature.data(), asked.signature.size());
  return wire::Serialised(message);
}

Result<ReportAsked> ReportRequestFromBytes(ByteView bytes) {
  EQN_TRY(
      const v1::ReportRequest message,
      wire::Parsed<v1::ReportRequest>(bytes, kMaxDefinition + kMaxSignature + 1024, kBadRequest));
  ReportAsked asked;
  const auto id = Uuid::FromBytes(AsBytes(message.collect_id()));
  const v1::SignedReportDefinition& definition = message.definition();
  if (!id.ok() || definition.definition().empty() ||
      definition.definition().size() > kMaxDefinition || definition.signature().empty() ||
      definition.signature().size() > kMaxSignature) {
    return Error{Code::kInvalidArgument, kBadRequest,
                 "a report request has a collection's id and a signed definition"};
  }
  asked.collect_id = *id;
  asked.definition.assign(definition.definition().begin(), definition.definition().end());
  asked.signature.assign(definition.signature().begin(), definition.signature().end());
  return asked;
}

Result<TableQuery> TableQueryFrom(const v1::GetLocalCountsRequest& message, std::string_view own) {
  TableQuery query;
  EQN_TRY(query.stratifier, wire::StratifierFrom(message.stratifier(), kBadQuery));
  EQN_TRY(query.scope.day, wire::DayFrom(message.period_end(), kBadQuery));
  query.measures.assign(message.measures().begin(), message.measures().end());
  for (const std::string& measure : query.measures) {
    if (IsMeasureId(measure)) continue;
    return Error{Code::kInvalidArgument, "UNKNOWN_MEASURE",
                 "a measure is built in or 1 to 64 letters, digits, '.', '_' and '-'"};
  }
  if (!message.payer().empty()) {
    const auto payer = ParseIdentity(message.payer());
    if (!payer.ok() || payer->role != Role::kPayer || payer->is_operator()) {
      return Error{Code::kInvalidArgument, "BAD_PAYER",
                   "payer must be the URI of a payer's node, spiffe://NETWORK/payer/ORGANISATION"};
    }
  }
  if (!message.measure_period().empty() && !IsMeasurePeriod(message.measure_period())) {
    return Error{Code::kInvalidArgument, "BAD_PERIOD",
                 "measure_period is none of 2025, 2025-Q1, 2025-03 and 2025-01-01/2025-12-31"};
  }
  query.scope.payer = message.payer();
  query.scope.measure_period = message.measure_period();
  query.scope.age_band_starts.assign(message.age_band_starts().begin(),
                                     message.age_band_starts().end());
  if (message.own_only()) query.scope.owner = own;
  return query;
}

Result<CountPeriod> LocalPeriodFrom(const v1::GetLocalCountsRequest& message) {
  CountPeriod period;
  EQN_TRY(period.first, wire::DayFrom(message.period_start(), kBadQuery));
  EQN_TRY(period.last, wire::DayFrom(message.period_end(), kBadQuery));
  if (period.first <= period.last) return period;
  return Error{Code::kInvalidArgument, "BAD_QUERY", "the period ends before it begins"};
}

void SetLocalCounts(const RawCounts& counts, v1::GetLocalCountsResponse* out) {
  for (const RawTable& table : counts) {
    v1::LocalTable* to = out->add_tables();
    to->set_measure(table.measure);
    to->set_stratifier(wire::ToWire(table.stratifier));
    const auto add = [&](const RawCell& cell) {
      v1::LocalCell* one = to->add_cells();
      one->set_stratum(cell.stratum);
      one->set_denominator(cell.denominator);
      one->set_numerator(cell.numerator);
    };
    for (const RawCell& cell : table.cells) add(cell);
    add(table.total);
  }
}

Result<RawCounts> LocalCountsFrom(const v1::GetLocalCountsResponse& message) {
  RawCounts counts;
  for (const v1::LocalTable& from : message.tables()) {
    RawTable table{.measure = from.measure()};
    EQN_TRY(table.stratifier, wire::StratifierFrom(from.stratifier(), kBadQuery));
    for (const v1::LocalCell& cell : from.cells()) {
      RawCell read{cell.stratum(), cell.denominator(), cell.numerator()};
      if (read.stratum == kStratumOtherValues) table.other_values = true;
      if (read.stratum.empty()) {
        table.total = read;
      } else {
        table.cells.push_back(std::move(read));
      }
    }
    counts.push_back(std::move(table));
  }
  return counts;
}

}  // namespace equinode
