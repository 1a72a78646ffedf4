#include "server/needs/code_tables.h"

#include <utility>

#include "domain/zcodes/code_changes.h"
#include "domain/zcodes/day.h"

namespace equinode {
namespace {

Result<std::shared_ptr<const ZCodeTable>> Parsed(const StoredCodeTable& stored) {
  auto parsed = ZCodeTable::Parse(AsText(stored.text));
  if (parsed.ok()) return std::make_shared<const ZCodeTable>(*std::move(parsed));
  return Error{Code::kDataLoss, "BAD_ROW", "the stored code table cannot be read"};
}

// Nothing when the program's own is to be used.
Result<std::optional<StoredCodeTable>> Chosen(ReadTx& tx) {
  const std::chrono::sys_days own = ZCodeTable::BuiltIn()->version();
  EQN_TRY(const auto choice, NeedStore::LastCodeTableChoice(tx));
  using Found = std::optional<StoredCodeTable>;
  Result<Found> stored =
      choice ? NeedStore::CodeTableOf(tx, choice->version) : NeedStore::NewestCodeTable(tx);
  if (!stored.ok() || !stored->has_value()) return stored;
  const std::chrono::sys_days version = (*stored)->version;
  // A newer program goes before what was chosen before it came.
  const bool newer = own > version && (!choice || own > choice->own_version);
  if (version == own || newer) return Found();
  return stored;
}

}  // namespace

Status CodeTables::Load() {
  EQN_TRY(const auto stored, database_.Read([](ReadTx& tx) { return Chosen(tx); }));
  if (!stored) return Ok();
  EQN_TRY(auto table, Parsed(*stored));
  Set(std::move(table));
  return Ok();
}

std::shared_ptr<const ZCodeTable> CodeTables::Get() const {
  const std::lock_guard lock(mutex_);
  return table_;
}

void CodeTables::Set(std::shared_ptr<const ZCodeTable> table) {
  const std::lock_guard lock(mutex_);
  table_ = std::move(table);
}

Status CodeTables::Choose(Tx& tx, std::shared_ptr<const ZCodeTable> table, const std::string& by,
                          Instant now) {
  EQN_CHECK(NeedStore::ChooseCodeTable(
      tx, {table->version(), ZCodeTable::BuiltIn()->version(), by, now}));
  tx.OnCommit([this, table = std::move(table)] { Set(table); });
  return Ok();
}

Status CodeTables::Install(Tx& tx, std::shared_ptr<const ZCodeTable> table,
                           const StoredCodeTable& stored, bool past) {
  EQN_CHECK(
      MayReplace(*Get(), *table, past, std::chrono::floor<std::chrono::days>(stored.installed_at)));
  if (table->version() == ZCodeTable::BuiltIn()->version()) {
    return Error{Code::kFailedPrecondition, "CODE_TABLE_EXISTS",
                 "the program came with a table of this version: equinode codes restore " +
                     DayText(table->version())};
  }
  EQN_CHECK(NeedStore::AddCodeTable(tx, stored));
  return Choose(tx, std::move(table), stored.installed_by, stored.installed_at);
}

Result<std::shared_ptr<const ZCodeTable>> CodeTables::Restore(Tx& tx, std::chrono::sys_days version,
                                                              const std::string& by, Instant now) {
  if (version == Get()->version()) {
    return Error{Code::kFailedPrecondition, "CODE_TABLE_IN_USE",
                 "the table of " + DayText(version) + " is in use"};
  }
  std::shared_ptr<const ZCodeTable> table = ZCodeTable::BuiltIn();
  if (version != table->version()) {
    EQN_TRY(const auto stored, NeedStore::CodeTableOf(tx, version));
    if (!stored) {
      return Error{Code::kNotFound, "NO_SUCH_CODE_TABLE",
                   "this node has had no table of " + DayText(version) +
                       ": equinode codes list shows which it had"};
    }
    EQN_TRY(table, Parsed(*stored));
  }
  EQN_CHECK(Choose(tx, table, by, now));
  return table;
}

}  // namespace equinode
