#include "storage/need_store.h"

#include <algorithm>
#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {

namespace {

using rows::BadRow;

// version, sha256, codes, installed_by, installed_at
std::int64_t NumberOf(std::chrono::sys_days day) { return day.time_since_epoch().count(); }
std::chrono::sys_days DayAt(const Statement& row, int column) {
  return std::chrono::sys_days{std::chrono::days{row.Int(column)}};
}

Result<StoredCodeTable> TableAt(const Statement& row) {
  StoredCodeTable table;
  table.version = DayAt(row, 0);
  const ByteView digest = row.BlobView(1);
  if (digest.size() != table.sha256.size()) return BadRow("a code table's digest has 32 bytes");
  std::copy(digest.begin(), digest.end(), table.sha256.begin());
  table.codes = static_cast<std::uint32_t>(row.Int(2));
  table.installed_by = row.Text(3);
  table.installed_at = Instant{Millis{row.Int(4)}};
  return table;
}

}  // namespace

Status NeedStore::Replace(Tx& tx, PersonNo before_person, std::int64_t before, PersonNo person_no,
                          std::int64_t row) {
  if (before != 0) {
    Statement remove = tx.Prepare("DELETE FROM need_row WHERE person_no=? AND row=?");
    remove.BindAll(std::int64_t{before_person}, before);
    EQN_CHECK(remove.Run());
  }
  if (row == 0) return Ok();
  Statement add = tx.Prepare("INSERT INTO need_row(person_no, row) VALUES(?,?)");
  add.BindAll(std::int64_t{person_no}, row);
  return add.Run();
}

Result<NeedRows> NeedStore::RowsOf(ReadTx& tx, PersonNo person_no) {
  NeedRows found{person_no, {}};
  Statement read = tx.Prepare("SELECT row FROM need_row WHERE person_no=? ORDER BY row");
  read.BindAll(std::int64_t{person_no});
  for (;;) {
    EQN_TRY(const bool more, read.Step());
    if (!more) return found;
    found.rows.push_back(read.Int(0));
  }
}

Result<std::vector<NeedRows>> NeedStore::PeopleAfter(ReadTx& tx, PersonNo after, std::size_t most) {
  std::vector<NeedRows> people;
  Statement read =
      tx.Prepare("SELECT person_no, row FROM need_row WHERE person_no>? ORDER BY person_no, row");
  read.BindAll(std::int64_t{after});
  for (;;) {
    EQN_TRY(const bool more, read.Step());
    if (!more) return people;
    const auto person_no = static_cast<PersonNo>(read.Int(0));
    if (people.empty() || people.back().person_no != person_no) {
      if (people.size() == most) return people;
      people.push_back({person_no, {}});
    }
    people.back().rows.push_back(read.Int(1));
  }
}

Status NeedStore::AddCodeTable(Tx& tx, const StoredCodeTable& table) {
  Statement add = tx.Prepare(
      "INSERT OR REPLACE INTO code_table(version, text, sha256, codes, installed_by, installed_at) "
      "VALUES(?,?,?,?,?,?)");
  add.BindAll(NumberOf(table.version), ByteView(table.text), ByteView(table.sha256),
              std::int64_t{table.codes}, table.installed_by,
              std::int64_t{table.installed_at.time_since_epoch().count()});
  return add.Run();
}

Result<std::optional<StoredCodeTable>> NeedStore::CodeTableOf(ReadTx& tx,
                                                              std::chrono::sys_days version) {
  Statement read = tx.Prepare(
      "SELECT version, sha256, codes, installed_by, installed_at, text FROM code_table "
      "WHERE version=?");
  read.BindAll(NumberOf(version));
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<StoredCodeTable>();
  EQN_TRY(StoredCodeTable table, TableAt(read));
  table.text = read.Blob(5);
  return std::optional<StoredCodeTable>(std::move(table));
}

Result<std::optional<CodeTableChoice>> NeedStore::LastCodeTableChoice(ReadTx& tx) {
  Statement read = tx.Prepare(
      "SELECT version, own_version, chosen_by, chosen_at FROM code_table_choice "
      "ORDER BY row DESC LIMIT 1");
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<CodeTableChoice>();
  CodeTableChoice choice;
  choice.version = DayAt(read, 0);
  choice.own_version = DayAt(read, 1);
  choice.by = read.Text(2);
  choice.at = Instant{Millis{read.Int(3)}};
  return std::optional<CodeTableChoice>(std::move(choice));
}

Status NeedStore::ChooseCodeTable(Tx& tx, const CodeTableChoice& choice) {
  return tx
      .Prepare(
          "INSERT INTO code_table_choice(version, own_version, chosen_by, chosen_at) "
          "VALUES(?,?,?,?)")
      .BindAll(NumberOf(choice.version), NumberOf(choice.own_version), std::string_view(choice.by),
               std::int64_t{choice.at.time_since_epoch().count()})
      .Run();
}

Result<std::optional<StoredCodeTable>> NeedStore::NewestCodeTable(ReadTx& tx) {
  Statement read = tx.Prepare(
      "SELECT version, sha256, codes, installed_by, installed_at, text FROM code_table "
      "ORDER BY version DESC LIMIT 1");
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<StoredCodeTable>();
  EQN_TRY(StoredCodeTable table, TableAt(read));
  table.text = read.Blob(5);
  return std::optional<StoredCodeTable>(std::move(table));
}

Result<std::vector<StoredCodeTable>> NeedStore::CodeTables(ReadTx& tx) {
  std::vector<StoredCodeTable> tables;
  Statement read = tx.Prepare(
      "SELECT version, sha256, codes, installed_by, installed_at FROM code_table "
      "ORDER BY version DESC");
  for (;;) {
    EQN_TRY(const bool more, read.Step());
    if (!more) return tables;
    EQN_TRY(StoredCodeTable table, TableAt(read));
    tables.push_back(std::move(table));
  }
}

}  // namespace equinode
