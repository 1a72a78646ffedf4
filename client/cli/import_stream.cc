#include "client/cli/import_stream.h"

#include <algorithm>
#include <utility>

#include "client/cli/session.h"
#include "equinode/v1/record_service.pb.h"

namespace equinode::cli {
namespace {

// A node that makes 300 records durable in a minute is not working.
constexpr Millis kAnswerWithin = std::chrono::minutes{2};

std::string MessageOf(ImportFrame&& frame) {
  v1::ImportRecordsRequest request;
  request.set_frame(frame.number);
  const bool stamped = std::any_of(frame.records.begin(), frame.records.end(),
                                   [](const ImportedRecord& one) { return !one.stamp.none(); });
  for (ImportedRecord& imported : frame.records) {
    if (stamped) {
      v1::SourceStamp& stamp = *request.add_stamps();
      stamp.set_updated_us(imported.stamp.updated_us);
      stamp.set_version(imported.stamp.version);
    }
    v1::Record& record = *request.add_records();
    record.set_kind(static_cast<v1::RecordKind>(imported.kind));
    record.set_source_id(std::move(imported.source_id));
    record.set_person(std::move(imported.person));
    record.set_body(imported.body.data(), imported.body.size());
  }
  for (ImportAlias& imported : frame.aliases) {
    v1::PersonAlias& alias = *request.add_aliases();
    alias.set_alias(std::move(imported.alias));
    alias.set_person(std::move(imported.person));
  }
  if (!frame.cursor.file.empty()) {
    request.mutable_cursor()->set_file(std::move(frame.cursor.file));
    request.mutable_cursor()->set_offset(frame.cursor.offset);
    request.mutable_cursor()->set_line(frame.cursor.line);
  }
  if (frame.end) {
    request.mutable_end()->set_feed(std::move(frame.end->feed));
    request.mutable_end()->set_restate(frame.end->restate);
  }
  return request.SerializeAsString();
}

}  // namespace

// The stream has ended before it should; Finish says why.
Error ImportStream::Broken() {
  Status end = stream_->Finish();
  if (!end.ok()) return std::move(end).error();
  return Error{Code::kUnavailable, "STREAM_BROKEN", "the node has ended the import's stream"};
}

Status ImportStream::ReadOne(std::vector<FrameAnswer>* answers) {
  auto read = stream_->Read(kAnswerWithin);
  if (!read.ok()) return std::move(read).error();
  if (!read->has_value()) {
    if (stream_->ended()) return Broken();
    stream_->Cancel();
    return Error{Code::kUnavailable, "STREAM_BROKEN", "the node does not answer any more"};
  }
  v1::ImportRecordsResponse response;
  if (!response.ParseFromString(**read) || under_way_.empty() ||
      response.frame() != under_way_.front()) {
    return Error{Code::kInternal, "BAD_ANSWER", "the node's answer does not fit what was sent"};
  }
  under_way_.pop_front();
  FrameAnswer& answer = answers->emplace_back();
  answer.frame = response.frame();
  answer.created = response.created();
  answer.changed = response.changed();
  answer.unchanged = response.unchanged();
  answer.older = response.older();
  answer.more = response.more();
  for (const v1::RecordOutcome& refused : response.refused()) {
    answer.refused.push_back({refused.index(), refused.reason(), refused.message()});
  }
  return Ok();
}

Result<std::vector<FrameAnswer>> ImportStream::Send(ImportFrame&& frame) {
  if (stream_ == nullptr) {
    EQN_TRY(stream_, channel_.OpenStream(Session::Path("RecordService/ImportRecords"),
                                         std::chrono::hours{24}));
  }
  std::vector<FrameAnswer> answers;
  while (under_way_.size() >= kUnderWay) EQN_CHECK(ReadOne(&answers));
  const std::uint64_t number = frame.number;
  if (const Status wrote = stream_->Write(MessageOf(std::move(frame))); !wrote.ok()) {
    return Broken();
  }
  under_way_.push_back(number);
  return answers;
}

Result<std::vector<FrameAnswer>> ImportStream::Settle() {
  std::vector<FrameAnswer> answers;
  while (!under_way_.empty()) EQN_CHECK(ReadOne(&answers));
  return answers;
}

Result<std::optional<ImportCursor>> ImportStream::CursorOf(const std::string& file) {
  v1::GetImportCursorRequest request;
  request.set_file(file);
  auto found = channel_.Call<v1::GetImportCursorResponse>(
      Session::Path("RecordService/GetImportCursor"), request, kCallDeadline);
  if (!found.ok()) {
    if (found.error().code == Code::kNotFound) return std::optional<ImportCursor>{};
    return std::move(found).error();
  }
  const v1::ImportCursor& cursor = found->cursor();
  return std::optional<ImportCursor>{{cursor.file(), cursor.offset(), cursor.line()}};
}

Status ImportStream::Finish() {
  if (stream_ == nullptr) return Ok();
  stream_->HalfClose();
  return stream_->Finish();
}

}  // namespace equinode::cli
