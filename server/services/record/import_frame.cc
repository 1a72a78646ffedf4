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

Status CheckStamps(const v1::ImportRecordsRequest& request) {
  if (request.stamps_size() != 0 && request.stamps_size() != request.records_size()) {
    return BadFrame("a frame has a stamp for each of its records, or none");
  }
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  for (const v1::SourceStamp& stamp : request.stamps()) {
    if (stamp.version() > kMost) return BadFrame("a stamp's version is below 2^63");
  }
  return Ok();
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
  const bool something =
      request.records_size() > 0 || !request.cursor().file().empty() || request.has_end();
  if (!something || request.records_size() > kMostRecords ||
      request.aliases_size() > kMostAliases) {
    return BadFrame(
        "a frame holds a record, a cursor or an end; at most 300 records and 3000 aliases");
  }
  if (request.has_end() && (request.end().feed().empty() || request.end().feed().size() > 64)) {
    return BadFrame("an end names its feed, in at most 64 bytes");
  }
  EQN_CHECK(CheckCursor(request.cursor()));
  EQN_CHECK(CheckStamps(request));
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
    SourceStamp stamp;
    if (request.stamps_size() > 0) {
      stamp = {request.stamps(i).updated_us(), request.stamps(i).version()};
    }
    (person ? frame.people_ : frame.others_).push_back({index, *std::move(prepared), stamp});
  }
  for (const v1::PersonAlias& alias : request.aliases()) {
    EQN_TRY(const PreparedAlias prepared, keeper.PrepareAlias(alias.alias(), alias.person()));
    frame.aliases_.push_back(prepared);
  }
  frame.file_ = request.cursor().file();
  frame.cursor_ = {request.cursor().offset(), request.cursor().line()};
  if (request.has_end()) frame.end_ = request.end();
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
  EQN_TRY(const PutOutcome outcome, keeper.Take(tx, *resolved, item.stamp));
  switch (outcome) {
    case PutOutcome::kCreated:
      answer_.set_created(answer_.created() + 1);
      break;
    case PutOutcome::kChanged:
      answer_.set_changed(answer_.changed() + 1);
      break;
    case PutOutcome::kUnchanged:
    case PutOutcome::kHeld:
      answer_.set_unchanged(answer_.unchanged() + 1);
      return Ok();
    case PutOutcome::kOlder:
      answer_.set_older(answer_.older() + 1);
      return Ok();
  }
  touched.Add(item.record->source_id());
  return Ok();
}

Status ImportFrame::End(Tx& tx, RecordKeeper& keeper, TouchedIds& touched) {
  EQN_TRY(const SourceEnd end, keeper.EndSource(tx, end_->feed(), end_->restate(), kMostDecided));
  answer_.set_changed(answer_.changed() + static_cast<std::uint32_t>(end.changed.size()));
  answer_.set_older(answer_.older() + static_cast<std::uint32_t>(end.left));
  answer_.set_more(end.more);
  for (const std::string& source_id : end.changed) touched.Add(source_id);
  return Ok();
}

Status ImportFrame::Apply(Tx& tx, RecordKeeper& keeper, AuditLog& audit, const Call& call,
                          Instant now) {
  TouchedIds touched;
  for (const Item& item : people_) EQN_CHECK(Put(tx, keeper, item, touched));
  for (const PreparedAlias& alias : aliases_) EQN_CHECK(keeper.PutAlias(tx, alias));
  for (const Item& item : others_) EQN_CHECK(Put(tx, keeper, item, touched));
  if (!file_.empty()) EQN_CHECK(ImportCursorStore::Move(tx, file_, cursor_, now));
  if (end_) EQN_CHECK(End(tx, keeper, touched));
  if (touched.empty()) return Ok();
  EQN_CHECK(audit.Append(tx, EntryFor(call), touched));
  return Ok();
}

}  // namespace equinode
