#include "storage/outgoing_store.h"

#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {

using exchange::Lane;
using exchange::LinkFault;
using exchange::SentNumber;
using rows::Ms;
using rows::Num;
using rows::Sql;
using rows::View;

namespace {

// Of links, and of the numbers of one.
constexpr std::string_view kOutgoingLinks =
    "SELECT link, peer, lane, given, given_chain, receipted, receipted_chain, hop_acked, "
    "waiting_since, silences, rounds, fault, kept_bytes FROM outgoing_link ";
constexpr std::string_view kNumbers =
    "SELECT number, first_id, first_digest, previous_chain, expires, voided, void_reason, kind, "
    "first_row, last_row, payload FROM sent WHERE link=? ";

Result<StoredOutgoing> OutgoingFrom(const Statement& row) {
  StoredOutgoing stored;
  exchange::OutgoingLink& link = stored.state;
  stored.link = row.Int(0);
  stored.peer = row.Text(1);
  EQN_TRY(stored.lane, rows::LaneAt(row, 2));
  link.given.through = rows::U64(row, 3);
  EQN_TRY(link.given.chain, rows::DigestAt(row, 4));
  link.receipted.through = rows::U64(row, 5);
  EQN_TRY(link.receipted.chain, rows::DigestAt(row, 6));
  link.hop_acked = rows::U64(row, 7);
  link.waiting_since = rows::At(row, 8);
  link.silences = static_cast<std::uint32_t>(row.Int(9));
  link.rounds = static_cast<std::uint32_t>(row.Int(10));
  if (row.Int(11) < 0 || row.Int(11) > 4) return rows::BadRow("a link's fault is not known");
  link.fault = static_cast<LinkFault>(row.Int(11));
  stored.kept_bytes = rows::U64(row, 12);
  return stored;
}

Result<StoredSent> SentFrom(const Statement& row) {
  StoredSent stored;
  stored.sent.number = rows::U64(row, 0);
  EQN_TRY(stored.sent.first.id, rows::IdAt(row, 1));
  EQN_TRY(stored.sent.first.digest, rows::DigestAt(row, 2));
  EQN_TRY(stored.sent.previous_chain, rows::DigestAt(row, 3));
  stored.sent.expires = rows::At(row, 4);
  stored.sent.voided = row.Int(5) != 0;
  stored.void_reason = row.Text(6);
  EQN_TRY(stored.made_of.kind, rows::KindAt(row, 7));
  stored.made_of.first_row = row.Int(8);
  stored.made_of.last_row = row.Int(9);
  stored.made_of.payload = row.Blob(10);
  return stored;
}

}  // namespace

Result<StoredOutgoing> OutgoingStore::Find(ReadTx& tx, std::string_view peer, Lane lane) {
  Statement read = tx.Prepare(Sql(kOutgoingLinks, "WHERE peer=? AND lane=?"));
  read.BindAll(peer, Num(lane));
  EQN_TRY(const bool found, read.Step());
  if (found) return OutgoingFrom(read);
  StoredOutgoing fresh;
  fresh.peer = std::string(peer);
  fresh.lane = lane;
  return fresh;
}

Result<std::vector<StoredOutgoing>> OutgoingStore::OfPeer(ReadTx& tx, std::string_view peer) {
  Statement read = tx.Prepare(Sql(kOutgoingLinks, "WHERE peer=? ORDER BY lane"));
  read.BindAll(peer);
  return rows::All(std::move(read), &OutgoingFrom);
}

Result<std::vector<StoredOutgoing>> OutgoingStore::List(ReadTx& tx) {
  return rows::All(tx.Prepare(Sql(kOutgoingLinks, "ORDER BY peer, lane")), &OutgoingFrom);
}

Status OutgoingStore::Save(Tx& tx, StoredOutgoing& stored) {
  const exchange::OutgoingLink& link = stored.state;
  Statement save = tx.Prepare(
      "INSERT INTO outgoing_link(peer, lane, given, given_chain, receipted, receipted_chain, "
      "hop_acked, waiting_since, silences, rounds, fault, kept_bytes) "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(peer, lane) DO UPDATE SET given=excluded.given, "
      "given_chain=excluded.given_chain, receipted=excluded.receipted, "
      "receipted_chain=excluded.receipted_chain, hop_acked=excluded.hop_acked, "
      "waiting_since=excluded.waiting_since, silences=excluded.silences, rounds=excluded.rounds, "
      "fault=excluded.fault, kept_bytes=excluded.kept_bytes RETURNING link");
  save.BindAll(std::string_view(stored.peer), Num(stored.lane), Num(link.given.through),
               View(link.given.chain), Num(link.receipted.through), View(link.receipted.chain),
               Num(link.hop_acked), Ms(link.waiting_since), std::int64_t{link.silences},
               std::int64_t{link.rounds}, static_cast<std::int64_t>(link.fault),
               Num(stored.kept_bytes));
  EQN_CHECK(save.Step());
  stored.link = save.Int(0);
  return save.Run();
}

Status OutgoingStore::Keep(Tx& tx, StoredOutgoing& stored, const SentNumber& sent,
                           const SentPayload& made_of, const SealedNumber& sealed) {
  if (stored.link == 0) EQN_CHECK(Save(tx, stored));
  stored.kept_bytes += sealed.sealed.size();
  Statement keep = tx.Prepare(
      "INSERT INTO sent(link, number, id, created, expires, first_id, first_digest, "
      "previous_chain, kind, voided, void_reason, first_row, last_row, payload, sealed) "
      "VALUES(?,?,?,?,?,?,?,?,?,0,'',?,?,?,?)");
  keep.BindAll(stored.link, Num(sent.number), View(sealed.header.id), Ms(sealed.header.created),
               Ms(sealed.header.expires), View(sent.first.id), View(sent.first.digest),
               View(sent.previous_chain), Num(made_of.kind), made_of.first_row, made_of.last_row,
               ByteView(made_of.payload));
  keep.BindView(13, ByteView(sealed.sealed));
  return keep.Run();
}

Status OutgoingStore::PutVoid(Tx& tx, StoredOutgoing& stored, const SealedNumber& sealed) {
  Statement before = tx.Prepare("SELECT length(sealed) FROM sent WHERE link=? AND number=?");
  before.BindAll(stored.link, Num(sealed.header.number));
  EQN_TRY(const bool found, before.Step());
  if (!found) return Ok();  // Receipted in the meantime.
  stored.kept_bytes += sealed.sealed.size();
  stored.kept_bytes -= std::min(stored.kept_bytes, rows::U64(before, 0));
  return tx
      .Prepare(
          "UPDATE sent SET id=?, created=?, expires=?, voided=1, void_reason='', payload=x'', "
          "first_row=0, last_row=0, sealed=? WHERE link=? AND number=?")
      .BindAll(View(sealed.header.id), Ms(sealed.header.created), Ms(sealed.header.expires),
               ByteView(sealed.sealed), stored.link, Num(sealed.header.number))
      .Run();
}

Status OutgoingStore::MarkVoid(Tx& tx, std::int64_t link, std::uint64_t number,
                               std::string_view reason) {
  return tx
      .Prepare(
          "UPDATE sent SET void_reason=? WHERE link=? AND number=? AND void_reason='' "
          "AND voided=0")
      .BindAll(reason, link, Num(number))
      .Run();
}

Result<std::uint64_t> OutgoingStore::MarkAllVoid(Tx& tx, std::int64_t link,
                                                 std::string_view reason) {
  Statement mark = tx.Prepare(
      "UPDATE sent SET void_reason=? WHERE link=? AND void_reason='' AND voided=0 AND kind<>? "
      "RETURNING row");
  mark.BindAll(reason, link, Num(exchange::PayloadKind::kReceipt));
  for (std::uint64_t count = 0;; ++count) {
    EQN_TRY(const bool found, mark.Step());
    if (!found) return count;
  }
}

Result<std::uint64_t> OutgoingStore::MarkPayloadVoid(Tx& tx, std::string_view peer,
                                                     exchange::PayloadKind kind, ByteView payload,
                                                     std::string_view reason) {
  Statement mark = tx.Prepare(
      "UPDATE sent SET void_reason=? WHERE link IN (SELECT link FROM outgoing_link WHERE peer=?) "
      "AND kind=? AND payload=? AND void_reason='' AND voided=0 RETURNING row");
  mark.BindAll(reason, peer, Num(kind), payload);
  for (std::uint64_t count = 0;; ++count) {
    EQN_TRY(const bool found, mark.Step());
    if (!found) return count;
  }
}

Status OutgoingStore::Forget(Tx& tx, StoredOutgoing& stored, std::uint64_t through) {
  Statement size =
      tx.Prepare("SELECT coalesce(sum(length(sealed)), 0) FROM sent WHERE link=? AND number<=?");
  size.BindAll(stored.link, Num(through));
  EQN_CHECK(size.Step());
  stored.kept_bytes -= std::min(stored.kept_bytes, rows::U64(size, 0));
  return tx.Prepare("DELETE FROM sent WHERE link=? AND number<=?")
      .BindAll(stored.link, Num(through))
      .Run();
}

Result<std::optional<StoredSent>> OutgoingStore::At(ReadTx& tx, std::int64_t link,
                                                    std::uint64_t number) {
  Statement read = tx.Prepare(Sql(kNumbers, "AND number=?"));
  read.BindAll(link, Num(number));
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<StoredSent>();
  EQN_TRY(StoredSent stored, SentFrom(read));
  return std::optional<StoredSent>(std::move(stored));
}

Result<std::vector<StoredSent>> OutgoingStore::ToVoid(ReadTx& tx, std::int64_t link,
                                                      std::size_t most) {
  Statement read = tx.Prepare(Sql(kNumbers, "AND void_reason<>'' ORDER BY number LIMIT ?"));
  read.BindAll(link, Num(most));
  return rows::All(std::move(read), &SentFrom);
}

Result<bool> OutgoingStore::Holds(ReadTx& tx, std::string_view peer, Lane lane,
                                  exchange::PayloadKind kind) {
  Statement read = tx.Prepare(
      "SELECT 1 FROM sent JOIN outgoing_link USING(link) WHERE peer=? AND lane=? AND sent.kind=? "
      "AND voided=0 LIMIT 1");
  read.BindAll(peer, Num(lane), Num(kind));
  return read.Step();
}

Result<std::vector<StoredSent>> OutgoingStore::Kept(ReadTx& tx, std::int64_t link) {
  Statement read = tx.Prepare(Sql(kNumbers, "ORDER BY number"));
  read.BindAll(link);
  return rows::All(std::move(read), &SentFrom);
}

Result<std::vector<SealedNumber>> OutgoingStore::After(ReadTx& tx, const StoredOutgoing& stored,
                                                       std::uint64_t after, std::size_t most,
                                                       std::size_t max_bytes) {
  Statement read = tx.Prepare(
      "SELECT number, id, created, expires, sealed, void_reason FROM sent WHERE link=? AND "
      "number>? ORDER BY number LIMIT ?");
  read.BindAll(stored.link, Num(after), Num(most));
  std::vector<SealedNumber> numbers;
  std::size_t bytes = 0;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found || !read.TextView(5).empty()) return numbers;
    const std::size_t size = read.BlobView(4).size();
    if (!numbers.empty() && bytes + size > max_bytes) return numbers;
    bytes += size;
    SealedNumber number;
    number.header.number = rows::U64(read, 0);
    EQN_TRY(number.header.id, rows::IdAt(read, 1));
    number.header.to = stored.peer;
    number.header.lane = stored.lane;
    number.header.created = rows::At(read, 2);
    number.header.expires = rows::At(read, 3);
    number.sealed = read.Blob(4);
    numbers.push_back(std::move(number));
  }
}

Result<std::uint64_t> OutgoingStore::MarkExpired(Tx& tx, Instant now) {
  Statement mark = tx.Prepare(
      "UPDATE sent SET void_reason='EXPIRED' WHERE expires<=? AND void_reason='' RETURNING row");
  mark.BindAll(Ms(now));
  for (std::uint64_t count = 0;; ++count) {
    EQN_TRY(const bool found, mark.Step());
    if (!found) return count;
  }
}

Result<std::optional<Instant>> OutgoingStore::NextExpiry(ReadTx& tx) {
  Statement read = tx.Prepare("SELECT min(expires) FROM sent");
  EQN_TRY(const bool found, read.Step());
  if (!found || read.IsNull(0)) return std::optional<Instant>();
  return std::optional<Instant>(rows::At(read, 0));
}

Result<std::string> OutgoingStore::LinkCode(ReadTx& tx, std::string_view peer) {
  Statement read = tx.Prepare("SELECT code FROM link_code WHERE peer=?");
  read.BindAll(peer);
  EQN_TRY(const bool found, read.Step());
  return found ? read.Text(0) : std::string();
}

Status OutgoingStore::SetLinkCode(Tx& tx, std::string_view peer, std::string_view code,
                                  Instant now) {
  return tx
      .Prepare(
          "INSERT INTO link_code(peer, code, at) VALUES(?,?,?) ON CONFLICT(peer) DO UPDATE SET "
          "code=excluded.code, at=excluded.at")
      .BindAll(peer, code, Ms(now))
      .Run();
}

}  // namespace equinode
