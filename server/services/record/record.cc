#include "server/services/record/record.h"

#include <google/protobuf/util/time_util.h>

#include <charconv>
#include <memory>
#include <string>
#include <utility>

#include "server/audit/call_entry.h"
#include "server/services/record/import_session.h"
#include "storage/import_cursor_store.h"

namespace equinode {

namespace {

constexpr std::size_t kFrameBytes = 960 * 1024;

Error NoSuchRecord() { return {Code::kNotFound, "NO_SUCH_RECORD", "no such record is here"}; }

bool KnownKind(int kind) {
  return kind >= static_cast<int>(RecordKind::kPerson) && kind <= static_cast<int>(kLastRecordKind);
}

Result<v1::GetImportCursorResponse> GetImportCursor(const RecordDeps& deps, Call& call,
                                                    const v1::GetImportCursorRequest& request) {
  call.audit.subject = "import cursor";
  EQN_TRY(const auto cursor, deps.database.Read([&](ReadTx& tx) {
    return ImportCursorStore::Find(tx, request.file());
  }));
  if (!cursor) {
    return Error{Code::kNotFound, "NO_SUCH_CURSOR", "the import of this file never began"};
  }
  v1::GetImportCursorResponse response;
  response.mutable_cursor()->set_file(request.file());
  response.mutable_cursor()->set_offset(cursor->offset);
  response.mutable_cursor()->set_line(cursor->line);
  return response;
}

void SetRecord(const StoredRecord& stored, std::string_view origin, v1::Record* out) {
  out->set_origin(std::string(origin));
  out->set_kind(static_cast<v1::RecordKind>(stored.kind));
  out->set_source_id(stored.source_id);
  out->set_person(stored.person);
  out->set_version(stored.version);
  *out->mutable_recorded_at() = google::protobuf::util::TimeUtil::MillisecondsToTimestamp(
      stored.recorded_at.time_since_epoch().count());
  out->set_deleted(stored.deleted);
  out->set_body(stored.body.data(), stored.body.size());
}

Result<v1::GetPersonResponse> GetPerson(const RecordDeps& deps, Call& call,
                                        const v1::GetPersonRequest& request) {
  call.audit.subject = "person";
  call.audit.purpose = "operations";
  EQN_TRY(const auto found, deps.keeper.Find(RecordKind::kPerson, request.source_id()));
  if (!found) return NoSuchRecord();
  call.audit.disclosure = true;
  call.audit.touched.Add(found->source_id);
  v1::GetPersonResponse response;
  SetRecord(*found, deps.keeper.self(), response.mutable_record());
  if (deps.project) EQN_CHECK(deps.project(found->body, deps.clock.Now(), response));
  return response;
}

// The row after which a page begins.
Result<std::int64_t> RowFrom(const std::string& token) {
  std::int64_t after = 0;
  if (token.empty()) return after;
  const auto read = std::from_chars(token.data(), token.data() + token.size(), after);
  if (read.ec == std::errc() && read.ptr == token.data() + token.size() && after >= 1) return after;
  return BadPageToken();
}

Result<v1::ListPersonsResponse> ListPersons(const RecordDeps& deps, Call& call,
                                            const v1::ListPersonsRequest& request) {
  call.audit.subject = "persons";
  call.audit.purpose = "operations";
  EQN_TRY(const std::size_t most, PageSize(request.page_size()));
  EQN_TRY(const std::int64_t after, RowFrom(request.page_token()));
  EQN_TRY(const PersonPage page, deps.keeper.ListPersons(after, most));
  v1::ListPersonsResponse response;
  for (const std::string& id : page.source_ids) {
    response.add_source_ids(id);
    call.audit.touched.Add(id);
  }
  call.audit.disclosure = !page.source_ids.empty();
  if (page.next != 0) response.set_next_page_token(std::to_string(page.next));
  return response;
}

Result<v1::ListCoveragesResponse> ListCoverages(const RecordDeps& deps, Call& call,
                                                const v1::ListCoveragesRequest& request) {
  constexpr std::size_t kPageBytes = 512 * 1024;
  call.audit.subject = "coverages";
  call.audit.purpose = "operations";
  EQN_TRY(const std::size_t most, PageSize(request.page_size()));
  EQN_TRY(const std::int64_t after, RowFrom(request.page_token()));
  v1::ListCoveragesResponse response;
  EQN_TRY(const LogPosition position, deps.database.Read([&](ReadTx& tx) -> Result<LogPosition> {
    EQN_TRY(const auto owner, RecordStore::FindOwner(tx, deps.keeper.self()));
    if (!owner) return LogPosition{};
    return RecordStore::ReadAfter(tx, after, MaskOf(RecordKind::kCoverage), *owner, most,
                                  kPageBytes, [&](const RowView& row) -> Status {
                                    v1::Record* out = response.add_records();
                                    out->set_kind(v1::RECORD_KIND_COVERAGE);
                                    out->set_source_id(std::string(row.source_id));
                                    out->set_person(std::string(row.person));
                                    out->set_version(row.version);
                                    out->set_deleted(row.deleted);
                                    out->set_body(row.body.data(), row.body.size());
                                    call.audit.touched.Add(row.person);
                                    return Ok();
                                  });
  }));
  call.audit.disclosure = response.records_size() > 0;
  if (position.more) response.set_next_page_token(std::to_string(position.next));
  return response;
}

Result<v1::DeleteRecordResponse> DeleteRecord(const RecordDeps& deps, Call& call,
                                              const v1::DeleteRecordRequest& request) {
  call.audit.subject = "record";
  call.audit.purpose = "operations";
  if (!KnownKind(request.kind())) {
    return Error{Code::kInvalidArgument, "BAD_RECORD", "kind must be one that the contract names"};
  }
  EQN_TRY(const Uuid id, RequestId(request.request_id()));
  (void)id;
  return WriteAudited(
      deps.database, deps.audit, "delete_record", call,
      [&](Tx& tx) -> Result<v1::DeleteRecordResponse> {
        return Once<v1::DeleteRecordResponse>(
            tx, deps.requests, call, request, [&]() -> Result<v1::DeleteRecordResponse> {
              EQN_CHECK(deps.keeper.Delete(tx, static_cast<RecordKind>(request.kind()),
                                           request.source_id()));
              call.audit.touched.Add(request.source_id());
              return v1::DeleteRecordResponse();
            });
      });
}

template <typename Request, typename Response>
Method Bind(const std::shared_ptr<const RecordDeps>& deps, const char* name,
            Result<Response> (*handler)(const RecordDeps&, Call&, const Request&)) {
  Method method;
  method.path = std::string("/equinode.v1.RecordService/") + name;
  method.unary = BindUnary<Request, Response>([deps, handler](Call& call, const Request& request) {
    return handler(*deps, call, request);
  });
  return method;
}

}  // namespace

std::vector<Method> RecordMethods(RecordDeps deps) {
  const auto shared = std::make_shared<const RecordDeps>(std::move(deps));
  Method import;
  import.path = "/equinode.v1.RecordService/ImportRecords";
  import.max_request_bytes = kFrameBytes;
  import.stream = [shared](Call & call, std::shared_ptr<OpenStream> stream)
                      ->Result<std::unique_ptr<StreamSession>> {
                        call.audit.subject = "records";
  call.audit.purpose = "import";
  if (!shared->keeper.ready()) {
    return Error{Code::kUnavailable, "NOT_READY",
                 "the node is still loading its records; try again later"};
  }
  return std::unique_ptr<StreamSession>(
      std::make_unique<ImportSession>(shared, call, std::move(stream)));
};
return {std::move(import),
        Bind(shared, "GetImportCursor", GetImportCursor),
        Bind(shared, "GetPerson", GetPerson),
        Bind(shared, "ListCoverages", ListCoverages),
        Bind(shared, "ListPersons", ListPersons),
        Bind(shared, "DeleteRecord", DeleteRecord)};
}  // namespace equinode

}  // namespace equinode
