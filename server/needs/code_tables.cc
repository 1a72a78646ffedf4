#include "server/needs/code_tables.h"

#include <utility>

#include "domain/zcodes/code_changes.h"

namespace equinode {

Status CodeTables::Load() {
  EQN_TRY(const auto stored,
          database_.Read([](ReadTx& tx) { return NeedStore::NewestCodeTable(tx); }));
  if (!stored) return Ok();
  auto parsed = ZCodeTable::Parse(AsText(stored->text));
  if (!parsed.ok()) {
    return Error{Code::kDataLoss, "BAD_ROW", "the stored code table cannot be read"};
  }
  // A program that came with a newer one than was ever put in place uses its own.
  if (parsed->version() > Get()->version()) {
    Set(std::make_shared<const ZCodeTable>(*std::move(parsed)));
  }
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

Status CodeTables::Install(Tx& tx, std::shared_ptr<const ZCodeTable> table,
                           const StoredCodeTable& stored, bool past) {
  EQN_CHECK(MayReplace(*Get(), *table, past));
  EQN_CHECK(NeedStore::AddCodeTable(tx, stored));
  tx.OnCommit([this, table = std::move(table)] { Set(table); });
  return Ok();
}

}  // namespace equinode
