#include "storage/report_store.h"

#include <chrono>
#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {

namespace {

using rows::BadRow;
using rows::Ms;

std::int64_t Days(std::chrono::sys_days day) { return day.time_since_epoch().count(); }
std::chrono::sys_days DayAt(const Statement& row, int column) {
  return std::chrono::sys_days{std::chrono::days{row.Int(column)}};
}

// row, payer, name, version, definition, signature
StoredDefinition DefinitionAt(const Statement& row) {
  return {row.Int(0),  row.Text(1), row.Text(2), static_cast<std::uint32_t>(row.Int(3)),
          row.Blob(4), row.Blob(5)};
}

}  // namespace

Result<std::int64_t> ReportStore::Put(Tx& tx, const StoredDefinition& definition, Instant now) {
  EQN_TRY(const auto there, Find(tx, definition.payer, definition.name, definition.version));
  if (there) {
    if (there->definition == definition.definition) return there->row;
    return Error{Code::kAlreadyExists, "DEFINITION_CHANGED",
                 "this version of the report has another content already; give the changed report "
                 "a new version"};
  }
  Statement add = tx.Prepare(
      "INSERT INTO report_definition(payer, name, version, definition, signature, added_at) "
      "VALUES(?,?,?,?,?,?) RETURNING row");
  add.BindAll(definition.payer, definition.name, std::int64_t{definition.version},
              ByteView(definition.definition), ByteView(definition.signature), Ms(now));
  EQN_CHECK(add.Step());
  const std::int64_t row = add.Int(0);
  EQN_CHECK(add.Run());
  return row;
}

Result<std::optional<StoredDefinition>> ReportStore::Find(ReadTx& tx, std::string_view payer,
                                                          std::string_view name,
                                                          std::uint32_t version) {
  Statement read = tx.Prepare(
      "SELECT row, payer, name, version, definition, signature FROM report_definition "
      "WHERE payer=?1 AND name=?2 AND (?3=0 OR version=?3) ORDER BY version DESC LIMIT 1");
  read.BindAll(payer, name, std::int64_t{version});
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<StoredDefinition>();
  return std::optional(DefinitionAt(read));
}

Result<StoredDefinition> ReportStore::At(ReadTx& tx, std::int64_t row) {
  Statement read = tx.Prepare(
      "SELECT row, payer, name, version, definition, signature FROM report_definition "
      "WHERE row=?");
  read.BindAll(row);
  EQN_TRY(const bool found, read.Step());
  if (!found) return BadRow("a report definition is not there");
  return DefinitionAt(read);
}

Result<std::vector<StoredDefinition>> ReportStore::List(ReadTx& tx, std::int64_t after,
                                                        std::size_t most) {
  Statement read = tx.Prepare(
      "SELECT row, payer, name, version, definition, signature FROM report_definition "
      "WHERE row>? ORDER BY row LIMIT ?");
  read.BindAll(after, static_cast<std::int64_t>(most));
  std::vector<StoredDefinition> all;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return all;
    all.push_back(DefinitionAt(read));
  }
}

Status ReportStore::SetSignature(Tx& tx, std::int64_t row, ByteView signature) {
  return tx.Prepare("UPDATE report_definition SET signature=? WHERE row=?")
      .BindAll(signature, row)
      .Run();
}

Result<bool> ReportStore::AddRequest(Tx& tx, std::string_view payer, const Uuid& collect_id,
                                     std::int64_t definition, std::string_view outcome,
                                     Instant now) {
  Statement add = tx.Prepare(
      "INSERT INTO report_request(payer, collect_id, definition, received_at, outcome) "
      "VALUES(?,?,?,?,?) ON CONFLICT(payer, collect_id) DO NOTHING RETURNING row");
  add.BindAll(payer, ByteView(collect_id.bytes()), definition, Ms(now), outcome);
  EQN_TRY(const bool added, add.Step());
  EQN_CHECK(add.Run());
  return added;
}

Result<std::vector<OpenReportRequest>> ReportStore::OpenRequests(ReadTx& tx, std::int64_t after,
                                                                 std::size_t most) {
  Statement read = tx.Prepare(
      "SELECT row, payer, collect_id, definition FROM report_request "
      "WHERE outcome='' AND row>? ORDER BY row LIMIT ?");
  read.BindAll(after, static_cast<std::int64_t>(most));
  std::vector<OpenReportRequest> open;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return open;
    const auto id = Uuid::FromBytes(read.BlobView(2));
    if (!id.ok()) return BadRow("a collection's id has another length");
    open.push_back({read.Int(0), read.Text(1), *id, read.Int(3)});
  }
}

Result<bool> ReportStore::CloseRequest(Tx& tx, std::int64_t row, std::string_view outcome) {
  Statement close =
      tx.Prepare("UPDATE report_request SET outcome=? WHERE row=? AND outcome='' RETURNING row");
  close.BindAll(outcome, row);
  EQN_TRY(const bool closed, close.Step());
  EQN_CHECK(close.Run());
  return closed;
}

Result<std::optional<std::string>> ReportStore::OutcomeOf(ReadTx& tx, std::string_view payer,
                                                          const Uuid& collect_id) {
  Statement read = tx.Prepare("SELECT outcome FROM report_request WHERE payer=? AND collect_id=?");
  read.BindAll(payer, ByteView(collect_id.bytes()));
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<std::string>();
  return std::optional(read.Text(0));
}

Result<std::vector<ReleasedFamilyRow>> ReportStore::Released(ReadTx& tx, std::string_view payer) {
  Statement read = tx.Prepare(
      "SELECT period_start, period_end, fingerprint, answer FROM released_family "
      "WHERE payer=? ORDER BY period_start");
  read.BindAll(payer);
  std::vector<ReleasedFamilyRow> all;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return all;
    all.push_back(
        {{std::string(payer), DayAt(read, 0), DayAt(read, 1), read.Text(2)}, read.Blob(3)});
  }
}

Status ReportStore::AddReleased(Tx& tx, const ReleasedFamilyRow& row, Instant now) {
  return tx
      .Prepare(
          "INSERT INTO released_family(payer, period_start, period_end, fingerprint, answer, "
          "released_at) VALUES(?,?,?,?,?,?)")
      .BindAll(row.family.payer, Days(row.family.period_start), Days(row.family.period_end),
               row.family.fingerprint, ByteView(row.answer), Ms(now))
      .Run();
}

}  // namespace equinode
