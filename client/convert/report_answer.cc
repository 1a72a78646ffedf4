// Answers of nodes and releases of hubs.
#include <algorithm>
#include <utility>

#include "client/convert/proto_parts.h"
#include "client/convert/report.h"
#include "client/convert/report_parts.h"

namespace equinode {
namespace {

constexpr std::size_t kMaxAnswer = 8 * 1024 * 1024;
constexpr std::size_t kMaxRelease = 64 * 1024 * 1024;
constexpr std::size_t kMaxReason = 64;
constexpr std::size_t kMaxMessage = 512;
constexpr const char* kBadAnswer = "BAD_ANSWER";
constexpr const char* kBadRelease = "BAD_RELEASE";

v1::ReportAnswer Head(const AnswerHead& head) {
  v1::ReportAnswer message;
  message.set_collect_id(head.collect_id.bytes().data(), head.collect_id.bytes().size());
  message.set_definition_name(head.definition_name);
  message.set_definition_version(head.definition_version);
  message.set_definition_sha256(head.definition_sha256.data(), head.definition_sha256.size());
  wire::SetTimestamp(head.counted_at, message.mutable_counted_at());
  return message;
}

void SetTable(const AnswerTable& table, v1::ReleasedTable* out) {
  out->set_table_id(table.table_id);
  out->set_measure(table.measure);
  out->set_stratifier(wire::ToWire(table.stratifier));
  out->set_withheld(table.withheld);
  out->set_reason(table.reason);
  for (const AnswerCell& cell : table.cells) {
    v1::ReleasedCell* to = out->add_cells();
    to->set_stratum(cell.stratum);
    if (cell.denominator.kind != ShownKind::kNone) {
      wire::FillValue(cell.denominator, to->mutable_denominator());
    }
    if (cell.numerator.kind != ShownKind::kNone) {
      wire::FillValue(cell.numerator, to->mutable_numerator());
    }
  }
}

Result<AnswerTable> TableFrom(const v1::ReleasedTable& message) {
  AnswerTable table;
  table.table_id = message.table_id();
  table.measure = message.measure();
  EQN_TRY(table.stratifier, wire::StratifierFrom(message.stratifier(), kBadAnswer));
  table.withheld = message.withheld();
  if (message.reason().size() > kMaxReason) {
    return Error{Code::kInvalidArgument, kBadAnswer, "a reason is one word"};
  }
  table.reason = message.reason();
  table.cells.reserve(static_cast<std::size_t>(message.cells_size()));
  for (const v1::ReleasedCell& from : message.cells()) {
    AnswerCell cell{from.stratum(), {}, {}};
    EQN_TRY(cell.denominator,
            wire::ValueFrom(from.has_denominator(), from.denominator(), kBadAnswer));
    EQN_TRY(cell.numerator, wire::ValueFrom(from.has_numerator(), from.numerator(), kBadAnswer));
    table.cells.push_back(std::move(cell));
  }
  return table;
}

void SetPooled(const PooledValue& value, v1::PooledValue* out) {
  wire::FillValue(value.value, out->mutable_value());
  out->set_shown_sum(value.shown_sum);
  out->set_nodes_hidden(value.nodes_hidden);
}

Result<PooledValue> PooledFrom(bool present, const v1::PooledValue& message) {
  PooledValue value;
  if (!present) return value;
  EQN_TRY(value.value, wire::ValueFrom(true, message.value(), kBadRelease));
  value.shown_sum = message.shown_sum();
  value.nodes_hidden = message.nodes_hidden();
  return value;
}

Result<PooledTable> PooledTableFrom(const v1::PooledTable& message) {
  PooledTable table{message.table_id(), message.measure(), {}, {}, message.nodes_withheld()};
  EQN_TRY(table.stratifier, wire::StratifierFrom(message.stratifier(), kBadRelease));
  for (const v1::PooledCell& from : message.cells()) {
    PooledCell cell{from.stratum(), {}, {}};
    if (!from.has_denominator()) {
      return Error{Code::kInvalidArgument, kBadRelease, "a cell has a denominator"};
    }
    EQN_TRY(cell.denominator, PooledFrom(from.has_denominator(), from.denominator()));
    EQN_TRY(cell.numerator, PooledFrom(from.has_numerator(), from.numerator()));
    table.cells.push_back(std::move(cell));
  }
  return table;
}

}  // namespace

Bytes BytesFromAnswer(const AnswerHead& head, const ReleasedFamily& released) {
  v1::ReportAnswer message = Head(head);
  for (const AnswerTable& table : released.tables()) SetTable(table, message.add_tables());
  return wire::Serialised(message);
}

Bytes BytesFromRefusal(const AnswerHead& head, const Error& why) {
  v1::ReportAnswer message = Head(head);
  message.set_refused_reason(why.reason);
  message.set_refused_message(why.message.substr(0, kMaxMessage));
  return wire::Serialised(message);
}

Result<ReceivedAnswer> AnswerFromBytes(ByteView bytes) {
  EQN_TRY(const v1::ReportAnswer message,
          wire::Parsed<v1::ReportAnswer>(bytes, kMaxAnswer, kBadAnswer));
  ReceivedAnswer answer;
  EQN_TRY(answer.head.collect_id, Uuid::FromBytes(AsBytes(message.collect_id())));
  answer.head.definition_name = message.definition_name();
  answer.head.definition_version = message.definition_version();
  EQN_TRY(answer.head.definition_sha256, wire::DigestFrom(message.definition_sha256(), kBadAnswer));
  EQN_TRY(answer.head.counted_at, wire::InstantFrom(message.counted_at(), kBadAnswer));
  if (message.refused_reason().size() > kMaxReason ||
      message.refused_message().size() > kMaxMessage ||
      (!message.refused_reason().empty() && message.tables_size() > 0)) {
    return Error{Code::kInvalidArgument, kBadAnswer, "an answer has tables or a short refusal"};
  }
  answer.refused_reason = message.refused_reason();
  answer.refused_message = message.refused_message();
  for (const v1::ReleasedTable& table : message.tables()) {
    EQN_TRY(AnswerTable read, TableFrom(table));
    answer.tables.push_back(std::move(read));
  }
  return answer;
}

Result<Bytes> AnswerAgain(ByteView stored, const AnswerHead& head,
                          const ReportDefinition& definition) {
  EQN_TRY(const v1::ReportAnswer before,
          wire::Parsed<v1::ReportAnswer>(stored, kMaxAnswer, kBadAnswer));
  v1::ReportAnswer message = Head(head);
  *message.mutable_counted_at() = before.counted_at();
  for (const AskedTable& asked : AskedTables(definition)) {
    const auto at = std::ranges::find_if(before.tables(), [&](const v1::ReleasedTable& table) {
      return table.table_id() == asked.table_id && table.measure() == asked.measure &&
             table.stratifier() == wire::ToWire(asked.stratifier);
    });
    if (at == before.tables().end()) {
      return Error{Code::kInternal, "OTHER_FAMILY", "the stored answer has other tables"};
    }
    *message.add_tables() = *at;
  }
  return wire::Serialised(message);
}

void SetRelease(const HubRelease& release, v1::Release* out) {
  out->set_definition_name(release.definition_name);
  out->set_definition_version(release.definition_version);
  out->set_title(release.title);
  wire::SetDay(release.period_start, out->mutable_period_start());
  wire::SetDay(release.period_end, out->mutable_period_end());
  out->set_number(release.number);
  wire::SetTimestamp(release.released_at, out->mutable_released_at());
  for (const PooledTable& table : release.tables) {
    v1::PooledTable* to = out->add_tables();
    to->set_table_id(table.table_id);
    to->set_measure(table.measure);
    to->set_stratifier(wire::ToWire(table.stratifier));
    to->set_nodes_withheld(table.nodes_withheld);
    for (const PooledCell& cell : table.cells) {
      v1::PooledCell* one = to->add_cells();
      one->set_stratum(cell.stratum);
      SetPooled(cell.denominator, one->mutable_denominator());
      if (cell.numerator.value.kind != ShownKind::kNone) {
        SetPooled(cell.numerator, one->mutable_numerator());
      }
    }
  }
  for (const std::string& node : release.answered) out->add_answered(node);
  for (const std::string& node : release.silent) out->add_silent(node);
  for (const RefusedNode& node : release.refused) {
    v1::RefusedNode* to = out->add_refused();
    to->set_node(node.node);
    to->set_reason(node.reason);
    to->set_message(node.message);
  }
  for (const std::string& node : release.relays) out->add_relays(node);
  out->set_note(release.note);
}

Result<HubRelease> ReleaseFrom(const v1::Release& message) {
  HubRelease release;
  release.definition_name = message.definition_name();
  release.definition_version = message.definition_version();
  release.title = message.title();
  EQN_TRY(release.period_start, wire::DayFrom(message.period_start(), kBadRelease));
  EQN_TRY(release.period_end, wire::DayFrom(message.period_end(), kBadRelease));
  release.number = message.number();
  EQN_TRY(release.released_at, wire::InstantFrom(message.released_at(), kBadRelease));
  for (const v1::PooledTable& table : message.tables()) {
    EQN_TRY(PooledTable read, PooledTableFrom(table));
    release.tables.push_back(std::move(read));
  }
  release.answered.assign(message.answered().begin(), message.answered().end());
  release.silent.assign(message.silent().begin(), message.silent().end());
  for (const v1::RefusedNode& node : message.refused()) {
    release.refused.push_back({node.node(), node.reason(), node.message()});
  }
  release.relays.assign(message.relays().begin(), message.relays().end());
  release.note = message.note();
  return release;
}

Bytes BytesFromRelease(const HubRelease& release) {
  v1::Release message;
  SetRelease(release, &message);
  return wire::Serialised(message);
}

Result<HubRelease> ReleaseFromBytes(ByteView bytes) {
  EQN_TRY(const v1::Release message, wire::Parsed<v1::Release>(bytes, kMaxRelease, kBadRelease));
  return ReleaseFrom(message);
}

}  // namespace equinode
