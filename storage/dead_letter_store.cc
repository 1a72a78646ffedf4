#include "storage/dead_letter_store.h"

#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {

using rows::Ms;
using rows::Num;
using rows::View;

namespace {

Result<DeadLetter> LetterFrom(const Statement& row, bool whole) {
  DeadLetter letter;
  letter.row = row.Int(0);
  EQN_TRY(letter.id, rows::IdAt(row, 1));
  letter.peer = row.Text(2);
  letter.outgoing = row.Int(3) != 0;
  EQN_TRY(letter.lane, rows::LaneAt(row, 4));
  letter.number = rows::U64(row, 5);
  if (row.Int(6) != 0) {
    EQN_TRY(letter.kind, rows::KindAt(row, 6));
  }
  letter.reason = row.Text(7);
  letter.at = rows::At(row, 8);
  letter.resolved = row.Text(9);
  letter.quarantined = row.Int(10) != 0;
  if (!whole) return letter;
  letter.digest = row.Blob(11);
  letter.first_row = row.Int(12);
  letter.last_row = row.Int(13);
  letter.payload = row.Blob(14);
  letter.sealed = row.Blob(15);
  return letter;
}

}  // namespace

Result<bool> DeadLetterStore::Add(Tx& tx, const DeadLetter& letter) {
  Statement same = tx.Prepare(
      "SELECT 1 FROM dead_letter WHERE id=? AND peer=? AND outgoing=? AND digest=? LIMIT 1");
  same.BindAll(View(letter.id), std::string_view(letter.peer), std::int64_t{letter.outgoing},
               ByteView(letter.digest));
  EQN_TRY(const bool known, same.Step());
  if (known) return false;
  if (letter.quarantined) {
    Statement count = tx.Prepare(
        "SELECT count(*) FROM dead_letter WHERE peer=? AND quarantined=1 AND resolved=''");
    count.BindAll(std::string_view(letter.peer));
    EQN_CHECK(count.Step());
    if (rows::U64(count, 0) >= kMostQuarantined) return false;
  }
  Statement open = tx.Prepare("SELECT count(*) FROM dead_letter WHERE peer=? AND resolved=''");
  open.BindAll(std::string_view(letter.peer));
  EQN_CHECK(open.Step());
  const bool whole = letter.outgoing || rows::U64(open, 0) < kMostWhole;
  EQN_CHECK(
      tx.Prepare("INSERT INTO dead_letter(id, peer, outgoing, lane, number, kind, reason, at, "
                 "resolved, quarantined, digest, first_row, last_row, payload, sealed) "
                 "VALUES(?,?,?,?,?,?,?,?,'',?,?,?,?,?,?)")
          .BindAll(View(letter.id), std::string_view(letter.peer), std::int64_t{letter.outgoing},
                   Num(letter.lane), Num(letter.number),
                   letter.kind ? Num(*letter.kind) : std::int64_t{0},
                   std::string_view(letter.reason), Ms(letter.at), std::int64_t{letter.quarantined},
                   ByteView(letter.digest), letter.first_row, letter.last_row,
                   whole ? ByteView(letter.payload) : ByteView(), ByteView(letter.sealed))
          .Run());
  return true;
}

Result<std::vector<DeadLetter>> DeadLetterStore::List(ReadTx& tx, std::int64_t before,
                                                      std::size_t most) {
  Statement read = tx.Prepare(
      "SELECT row, id, peer, outgoing, lane, number, kind, reason, at, resolved, quarantined "
      "FROM dead_letter WHERE ?1=0 OR row<?1 ORDER BY row DESC LIMIT ?2");
  read.BindAll(before, Num(most));
  std::vector<DeadLetter> letters;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return letters;
    EQN_TRY(DeadLetter letter, LetterFrom(read, false));
    letters.push_back(std::move(letter));
  }
}

Result<std::optional<DeadLetter>> DeadLetterStore::Find(ReadTx& tx, const Uuid& id) {
  Statement read = tx.Prepare(
      "SELECT row, id, peer, outgoing, lane, number, kind, reason, at, resolved, quarantined, "
      "digest, first_row, last_row, payload, sealed FROM dead_letter WHERE id=? "
      "ORDER BY resolved<>'', row LIMIT 1");
  read.BindAll(View(id));
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<DeadLetter>();
  EQN_TRY(DeadLetter letter, LetterFrom(read, true));
  return std::optional<DeadLetter>(std::move(letter));
}

Status DeadLetterStore::Resolve(Tx& tx, std::int64_t row, std::string_view how) {
  return tx.Prepare("UPDATE dead_letter SET resolved=?, payload=x'', sealed=x'' WHERE row=?")
      .BindAll(how, row)
      .Run();
}

Result<std::uint64_t> DeadLetterStore::CountOpen(ReadTx& tx) {
  Statement read = tx.Prepare("SELECT count(*) FROM dead_letter WHERE resolved=''");
  EQN_CHECK(read.Step());
  return rows::U64(read, 0);
}

}  // namespace equinode
