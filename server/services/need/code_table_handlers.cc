#include <memory>
#include <utility>

#include "base/crypto/hash.h"
#include "client/convert/proto_parts.h"
#include "domain/zcodes/code_changes.h"
#include "domain/zcodes/day.h"
#include "server/audit/call_entry.h"
#include "server/services/need/handlers.h"

namespace equinode {
namespace {

constexpr std::size_t kMostBytes = 512 * 1024;

void SetTable(const ZCodeTable& table, std::string_view text, const std::string& by,
              v1::CodeTableInfo* out) {
  SetDayIn(table.version(), out->mutable_version());
  out->set_codes(static_cast<std::uint32_t>(table.codes().size()));
  const Digest digest = Sha256(AsBytes(text));
  out->set_sha256(digest.data(), digest.size());
  out->set_installed_by(by);
}

void SetChanges(const ZCodeTable& before, const ZCodeTable& after,
                google::protobuf::RepeatedPtrField<v1::CodeTableChange>* changes) {
  for (const CodeChange& change : ChangesOf(before, after)) {
    v1::CodeTableChange* out = changes->Add();
    out->set_kind(std::string(CodeChangeName(change.kind)));
    out->set_code(change.code);
    out->set_detail(change.detail);
  }
}

}  // namespace

Result<v1::UpdateCodeTableResponse> UpdateCodeTable(const NeedDeps& deps, Call& call,
                                                    const v1::UpdateCodeTableRequest& request) {
  call.audit.subject = "code table";
  EQN_CHECK(RequestId(request.request_id()));
  if (request.table().size() > kMostBytes) {
    return Error{Code::kInvalidArgument, "BAD_CODE_TABLE", "a code table has at most 512 KiB"};
  }
  EQN_TRY(ZCodeTable parsed, ZCodeTable::Parse(request.table()));
  const auto table = std::make_shared<const ZCodeTable>(std::move(parsed));
  call.audit.subject = "code table " + DayText(table->version());
  using Response = v1::UpdateCodeTableResponse;
  Response response;
  SetDayIn(table->version(), response.mutable_version());
  SetChanges(*deps.codes.Get(), *table, response.mutable_changes());
  if (request.check_only()) {
    EQN_CHECK(MayReplace(*deps.codes.Get(), *table, request.allow_past(), TodayOf(call)));
    return response;
  }
  StoredCodeTable stored;
  stored.version = table->version();
  const ByteView bytes = AsBytes(request.table());
  stored.text.assign(bytes.begin(), bytes.end());
  stored.sha256 = Sha256(bytes);
  stored.codes = static_cast<std::uint32_t>(table->codes().size());
  stored.installed_by = call.caller.identity.uri;
  stored.installed_at = call.now;
  return WriteAudited(
      deps.database, deps.audit, "update_code_table", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_CHECK(deps.codes.Install(tx, table, stored, request.allow_past()));
          return response;
        });
      });
}

Result<v1::RestoreCodeTableResponse> RestoreCodeTable(const NeedDeps& deps, Call& call,
                                                      const v1::RestoreCodeTableRequest& request) {
  call.audit.subject = "code table";
  EQN_TRY(const auto version, DayIn(request.has_version(), request.version()));
  if (!version) {
    return Error{Code::kInvalidArgument, "BAD_DAY", "name the version of the table: YYYY-MM-DD"};
  }
  call.audit.subject = "code table, back to " + DayText(*version);
  using Response = v1::RestoreCodeTableResponse;
  return WriteAudited(
      deps.database, deps.audit, "restore_code_table", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          const auto before = deps.codes.Get();
          EQN_TRY(const auto table,
                  deps.codes.Restore(tx, *version, call.caller.identity.uri, call.now));
          Response response;
          SetChanges(*before, *table, response.mutable_changes());
          return response;
        });
      });
}

Result<v1::ListCodeTablesResponse> ListCodeTables(const NeedDeps& deps, Call& call,
                                                  const v1::ListCodeTablesRequest&) {
  call.audit.subject = "code tables";
  EQN_TRY(const auto stored,
          deps.database.Read([](ReadTx& tx) { return NeedStore::CodeTables(tx); }));
  const auto in_use = deps.codes.Get()->version();
  v1::ListCodeTablesResponse response;
  for (const StoredCodeTable& table : stored) {
    v1::CodeTableInfo* out = response.add_tables();
    SetDayIn(table.version, out->mutable_version());
    out->set_codes(table.codes);
    out->set_sha256(table.sha256.data(), table.sha256.size());
    out->set_installed_by(table.installed_by);
    // Of two of one version the program's own is used.
    out->set_in_use(table.version == in_use && table.version != ZCodeTable::BuiltIn()->version());
    wire::SetTimestamp(table.installed_at, out->mutable_installed_at());
  }
  v1::CodeTableInfo* built_in = response.add_tables();
  SetTable(*ZCodeTable::BuiltIn(), ZCodeTable::BuiltInText(), "", built_in);
  built_in->set_in_use(ZCodeTable::BuiltIn()->version() == in_use);
  return response;
}

Result<v1::GetCodeTableResponse> GetCodeTable(const NeedDeps& deps, Call& call,
                                              const v1::GetCodeTableRequest&) {
  call.audit.subject = "code table";
  const auto in_use = deps.codes.Get();
  EQN_TRY(const auto stored, deps.database.Read([&](ReadTx& tx) {
    return NeedStore::CodeTableOf(tx, in_use->version());
  }));
  v1::GetCodeTableResponse response;
  SetDayIn(in_use->version(), response.mutable_version());
  if (stored && in_use->version() != ZCodeTable::BuiltIn()->version()) {
    response.set_table(stored->text.data(), stored->text.size());
  } else {
    response.set_table(std::string(ZCodeTable::BuiltInText()));
  }
  return response;
}

}  // namespace equinode
