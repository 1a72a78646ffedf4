#include "server/services/record/import_frame.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "server/audit/call_entry.h"

namespace equinode {

namespace {

Error BadFrame(const char* why) { return {Code::kInvalidArgument, "BAD_FRAME", why}; }

Status CheckCursor(const v1::ImportCursor& cursor) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const std::string& file = cursor.file();
  const bool hex = file.size() == 64 && std::all_of(file.begin(), file.end(), [](char c) {
                     return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                   });
  if ((file.empty() || hex) && cursor.offset() <= kMost && cursor.line() <= kMost) return Ok();
  return Error{Code::kInvalidArgument, "BAD_CURSOR",
               "a cursor's file is a SHA-256 in lower-case hex, or empty"};
}

}  // namespace

Result<ImportFrame> ImportFrame::Read(std::string_view message, std::uint64_t expected,
                                      const RecordKeeper& keeper) {
  if (!keeper.ready()) {
    return Error{Code::kUnavailable, "NOT_READY",
                 "the node is still loading its records; try again later"};
  }
  v1::ImportRecordsRequest request;
  if (!request.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
    return BadFrame("the frame cannot be read");
  }
  if (request.frame() != expected) {
    return BadFrame("frames of a stream count from 1 and rise by one");
  }
  if (request.records_size() < 1 || request.records_size() > kMostRecords ||
      request.aliases_size() > kMostAliases) {
    return BadFrame("a frame holds 1 to 300 records, and at most 3000 aliases");
  }
  EQN_CHECK(CheckCursor(request.cursor()));
  ImportFrame frame;
  frame.answer_.set_frame(request.frame());
  for (int i = 0; i < request.records_size(); ++i) {
    const v1::Record& record = request.records(i);
    const auto index = static_cast<std::uint32_t>(i);
    if (!record.origin().empty() || record.version() != 0 || record.has_recorded_at() ||
        record.deleted()) {
      frame.Refuse(index, {Code::kInvalidArgument, "BAD_RECORD",
                           "origin, version, recorded_at and deleted are the node's to set"});
      continue;
    }
    auto prepared = keeper.Prepare({.kind = static_cast<std::uint32_t>(record.kind()),
                                    .source_id = record.source_id(),
                                    .person = record.person(),
                                    .body = AsBytes(record.body())});
    if (!prepared.ok()) {
      frame.Refuse(index, prepared.error());
      continue;
    }
    const bool person = record.kind() == v1::RECORD_KIND_PERSON;
    (person ? frame.people_ : frame.others_).push_back({index, *std::move(prepared)});
  }
  for (const v1::PersonAlias& alias : request.aliases()) {
    EQN_TRY(const PreparedAlias prepared, keeper.PrepareAlias(alias.alias(), alias.person()));
    frame.aliases_.push_back(prepared);
  }
  frame.file_ = request.cursor().file();
  frame.cursor_ = {request.cursor().offset(), request.cursor().line()};
  return frame;
}

void ImportFrame::Refuse(std::uint32_t index, const Error& why) {
  v1::RecordOutcome* out = answer_.add_refused();
  out->set_index(index);
  out->set_reason(why.reason);
  out->set_message(why.message);
}

Status ImportFrame::Put(Tx& tx, RecordKeeper& keeper, const Item& item, TouchedIds& touched) {
  auto resolved = keeper.Resolve(tx, item.record);
  if (!resolved.ok()) {
    if (resolved.error().code != Code::kNotFound) return std::move(resolved).error();
    Refuse(item.index, resolved.error());
    return Ok();
  }
  EQN_TRY(const PutOutcome outcome, keeper.Put(tx, *resolved));
  switch (outcome) {
    case PutOutcome::kCreated:
      answer_.set_created(answer_.created() + 1);
      break;
    case PutOutcome::kChanged:
      answer_.set_changed(answer_.changed() + 1);
      break;
    case PutOutcome::kUnchanged:
    case PutOutcome::kOlder:
      answer_.set_unchanged(answer_.unchanged() + 1);
      return Ok();
  }
  touched.Add(item.record->source_id());
  return Ok();
}

Status ImportFrame::Apply(Tx& tx, RecordKeeper& keeper, AuditLog& audit, const Call& call,
                          Instant now) {
  TouchedIds touched;
  for (const Item& item : people_) EQN_CHECK(Put(tx, keeper, item, touched));
  for (const PreparedAlias& alias : aliases_) EQN_CHECK(keeper.PutAlias(tx, alias));
  for (const Item& item : others_) EQN_CHECK(Put(tx, keeper, item, touched));
  if (!file_.empty()) EQN_CHECK(ImportCursorStore::Move(tx, file_, cursor_, now));
  if (touched.empty()) return Ok();
  EQN_CHECK(audit.Append(tx, EntryFor(call), touched));
  return Ok();
}

}  // namespace equinode
