#include "storage/outbox_store.h"

#include "storage/exchange_rows.h"

namespace equinode {

using exchange::Lane;
using exchange::PayloadKind;
using rows::Ms;
using rows::Num;

Status OutboxStore::Queue(Tx& tx, std::string_view to, Lane lane, PayloadKind kind,
                          ByteView payload, Instant now) {
  return tx.Prepare("INSERT INTO outbox(peer, lane, kind, payload, queued_at) VALUES(?,?,?,?,?)")
      .BindAll(to, Num(lane), Num(kind), payload, Ms(now))
      .Run();
}

Result<std::vector<QueuedPayload>> OutboxStore::Waiting(ReadTx& tx, std::string_view to, Lane lane,
                                                        std::size_t most) {
  Statement read = tx.Prepare(
      "SELECT row, kind, payload FROM outbox WHERE peer=? AND lane=? ORDER BY row LIMIT ?");
  read.BindAll(to, Num(lane), Num(most));
  std::vector<QueuedPayload> waiting;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return waiting;
    EQN_TRY(const PayloadKind kind, rows::KindAt(read, 1));
    waiting.push_back(QueuedPayload{read.Int(0), kind, read.Blob(2)});
  }
}

Result<bool> OutboxStore::TakeBack(Tx& tx, std::string_view to, PayloadKind kind,
                                   ByteView payload) {
  Statement gone =
      tx.Prepare("DELETE FROM outbox WHERE peer=? AND kind=? AND payload=? RETURNING row");
  gone.BindAll(to, Num(kind), payload);
  EQN_TRY(const bool found, gone.Step());
  EQN_CHECK(gone.Run());
  return found;
}

Result<bool> OutboxStore::Take(Tx& tx, std::int64_t row) {
  Statement gone = tx.Prepare("DELETE FROM outbox WHERE row=? RETURNING row");
  gone.BindAll(row);
  EQN_TRY(const bool found, gone.Step());
  EQN_CHECK(gone.Run());
  return found;
}

Result<std::vector<LanePayload>> OutboxStore::TakeAll(Tx& tx, std::string_view to) {
  Statement read =
      tx.Prepare("SELECT row, kind, payload, lane FROM outbox WHERE peer=? ORDER BY lane, row");
  read.BindAll(to);
  std::vector<LanePayload> all;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) break;
    LanePayload one;
    EQN_TRY(const PayloadKind kind, rows::KindAt(read, 1));
    EQN_TRY(one.lane, rows::LaneAt(read, 3));
    one.queued = {read.Int(0), kind, read.Blob(2)};
    all.push_back(std::move(one));
  }
  read.Reset();
  EQN_CHECK(tx.Prepare("DELETE FROM outbox WHERE peer=?").BindAll(to).Run());
  return all;
}

Result<bool> OutboxStore::Holds(ReadTx& tx, std::string_view to, Lane lane, PayloadKind kind) {
  Statement read = tx.Prepare("SELECT 1 FROM outbox WHERE peer=? AND lane=? AND kind=? LIMIT 1");
  read.BindAll(to, Num(lane), Num(kind));
  return read.Step();
}

Result<std::uint64_t> OutboxStore::Count(ReadTx& tx, std::string_view to, Lane lane) {
  Statement read = tx.Prepare("SELECT count(*) FROM outbox WHERE peer=? AND lane=?");
  read.BindAll(to, Num(lane));
  EQN_CHECK(read.Step());
  return rows::U64(read, 0);
}

Result<std::vector<std::string>> OutboxStore::Peers(ReadTx& tx) {
  Statement read = tx.Prepare("SELECT DISTINCT peer FROM outbox");
  std::vector<std::string> peers;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return peers;
    peers.push_back(read.Text(0));
  }
}

Result<RecordFeed> OutboxStore::Feed(ReadTx& tx, std::string_view peer, Lane lane) {
  Statement read =
      tx.Prepare("SELECT rule_version, position FROM record_feed WHERE peer=? AND lane=?");
  read.BindAll(peer, Num(lane));
  EQN_TRY(const bool found, read.Step());
  if (!found) return RecordFeed{};
  return RecordFeed{read.Int(0), read.Int(1)};
}

Status OutboxStore::SetFeed(Tx& tx, std::string_view peer, Lane lane, const RecordFeed& feed) {
  return tx
      .Prepare(
          "INSERT INTO record_feed(peer, lane, rule_version, position) VALUES(?,?,?,?) "
          "ON CONFLICT(peer, lane) DO UPDATE SET rule_version=excluded.rule_version, "
          "position=excluded.position")
      .BindAll(peer, Num(lane), feed.rule_version, feed.position)
      .Run();
}

Status OutboxStore::ForgetFeed(Tx& tx, std::string_view peer) {
  return tx.Prepare("DELETE FROM record_feed WHERE peer=?").BindAll(peer).Run();
}

}  // namespace equinode
