#include "storage/incoming_store.h"

#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {

using exchange::Lane;
using exchange::Seen;
using rows::Ms;
using rows::Num;
using rows::Sql;
using rows::View;

namespace {

constexpr std::string_view kIncomingLinks =
    "SELECT link, peer, lane, applied, chain, reported, owed, owed_since, audit_count, audit_hash "
    "FROM incoming_link ";
constexpr std::string_view kSeen =
    "SELECT number, id, digest, replaced_id, replaced_digest FROM seen ";

Result<StoredIncoming> IncomingFrom(const Statement& row) {
  StoredIncoming stored;
  exchange::IncomingLink& link = stored.state;
  stored.link = row.Int(0);
  stored.peer = row.Text(1);
  EQN_TRY(stored.lane, rows::LaneAt(row, 2));
  link.applied.through = rows::U64(row, 3);
  EQN_TRY(link.applied.chain, rows::DigestAt(row, 4));
  link.reported = rows::U64(row, 5);
  link.owed = rows::U64(row, 6);
  link.owed_since = rows::At(row, 7);
  link.audit.count = rows::U64(row, 8);
  EQN_TRY(link.audit.hash, rows::DigestAt(row, 9));
  return stored;
}

Result<std::optional<Seen>> SeenFrom(Statement read) {
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<Seen>();
  Seen seen;
  seen.number = rows::U64(read, 0);
  EQN_TRY(seen.id, rows::IdAt(read, 1));
  EQN_TRY(seen.digest, rows::DigestAt(read, 2));
  if (!read.IsNull(3)) {
    exchange::Replaced replaced;
    EQN_TRY(replaced.id, rows::IdAt(read, 3));
    EQN_TRY(replaced.digest, rows::DigestAt(read, 4));
    seen.replaced = replaced;
  }
  return std::optional<Seen>(seen);
}

}  // namespace

Result<StoredIncoming> IncomingStore::Find(ReadTx& tx, std::string_view peer, Lane lane) {
  Statement read = tx.Prepare(Sql(kIncomingLinks, "WHERE peer=? AND lane=?"));
  read.BindAll(peer, Num(lane));
  EQN_TRY(const bool found, read.Step());
  if (found) return IncomingFrom(read);
  StoredIncoming fresh;
  fresh.peer = std::string(peer);
  fresh.lane = lane;
  return fresh;
}

Result<std::vector<StoredIncoming>> IncomingStore::OfPeer(ReadTx& tx, std::string_view peer) {
  Statement read = tx.Prepare(Sql(kIncomingLinks, "WHERE peer=? ORDER BY lane"));
  read.BindAll(peer);
  return rows::All(std::move(read), &IncomingFrom);
}

Result<std::vector<StoredIncoming>> IncomingStore::List(ReadTx& tx) {
  return rows::All(tx.Prepare(Sql(kIncomingLinks, "ORDER BY peer, lane")), &IncomingFrom);
}

Status IncomingStore::Save(Tx& tx, StoredIncoming& stored) {
  const exchange::IncomingLink& link = stored.state;
  Statement save = tx.Prepare(
      "INSERT INTO incoming_link(peer, lane, applied, chain, reported, owed, owed_since, "
      "audit_count, audit_hash) VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(peer, lane) DO UPDATE SET "
      "applied=excluded.applied, chain=excluded.chain, reported=excluded.reported, "
      "owed=excluded.owed, owed_since=excluded.owed_since, audit_count=excluded.audit_count, "
      "audit_hash=excluded.audit_hash RETURNING link");
  save.BindAll(std::string_view(stored.peer), Num(stored.lane), Num(link.applied.through),
               View(link.applied.chain), Num(link.reported), Num(link.owed), Ms(link.owed_since),
               Num(link.audit.count), View(link.audit.hash));
  EQN_CHECK(save.Step());
  stored.link = save.Int(0);
  return save.Run();
}

Result<std::optional<Seen>> IncomingStore::AtNumber(ReadTx& tx, std::int64_t link,
                                                    std::uint64_t number) {
  Statement read = tx.Prepare(Sql(kSeen, "WHERE link=? AND number=?"));
  read.BindAll(link, Num(number));
  return SeenFrom(std::move(read));
}

Result<std::optional<Seen>> IncomingStore::WithId(ReadTx& tx, std::string_view peer,
                                                  const Uuid& id) {
  Statement read = tx.Prepare(Sql(kSeen, "JOIN incoming_link USING(link) WHERE id=? AND peer=?"));
  read.BindAll(View(id), peer);
  return SeenFrom(std::move(read));
}

Status IncomingStore::Keep(Tx& tx, std::int64_t link, const Seen& seen, Instant forget_at) {
  Statement keep = tx.Prepare(
      "INSERT INTO seen(link, number, id, digest, replaced_id, replaced_digest, forget_at) "
      "VALUES(?,?,?,?,?,?,?)");
  keep.BindAll(link, Num(seen.number), View(seen.id), View(seen.digest));
  if (seen.replaced) {
    keep.Bind(5, View(seen.replaced->id)).Bind(6, View(seen.replaced->digest));
  } else {
    keep.BindNull(5).BindNull(6);
  }
  keep.Bind(7, Ms(forget_at));
  return keep.Run();
}

Result<std::uint64_t> IncomingStore::Forget(Tx& tx, Instant now) {
  EQN_TRY(const std::vector<StoredIncoming> links, List(tx));
  std::uint64_t count = 0;
  for (const StoredIncoming& stored : links) {
    // From the lowest number up, as far as all are old: a walk over the key, not over the table.
    Statement read =
        tx.Prepare("SELECT number, forget_at FROM seen WHERE link=? AND number<? ORDER BY number");
    read.BindAll(stored.link, Num(stored.state.applied.through));
    std::int64_t through = 0;
    for (;;) {
      EQN_TRY(const bool found, read.Step());
      if (!found || read.Int(1) > Ms(now)) break;
      through = read.Int(0);
      ++count;
    }
    if (through == 0) continue;
    EQN_CHECK(tx.Prepare("DELETE FROM seen WHERE link=? AND number<=?")
                  .BindAll(stored.link, through)
                  .Run());
  }
  return count;
}

Status IncomingStore::Refuse(Tx& tx, std::string_view peer, const StoredRefusal& stored) {
  const exchange::Refusal& refusal = stored.refusal;
  Statement count = tx.Prepare("SELECT count(*) FROM refusal WHERE peer=?");
  count.BindAll(peer);
  EQN_CHECK(count.Step());
  if (!stored.dead && rows::U64(count, 0) >= kMostRefusals) return Ok();
  return tx
      .Prepare(
          "INSERT INTO refusal(peer, lane, number, id, reason, expected, permanent, dead, "
          "since) VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(peer, lane, number) DO UPDATE SET "
          "id=excluded.id, reason=excluded.reason, expected=excluded.expected, "
          "permanent=excluded.permanent, dead=excluded.dead WHERE dead=0")
      .BindAll(peer, Num(refusal.lane), Num(refusal.number), View(refusal.id),
               std::string_view(refusal.reason), Num(refusal.expected),
               std::int64_t{refusal.permanent}, std::int64_t{stored.dead}, Ms(stored.since))
      .Run();
}

Result<std::vector<StoredRefusal>> IncomingStore::Refusals(ReadTx& tx, std::string_view peer) {
  Statement read = tx.Prepare(
      "SELECT lane, number, id, reason, expected, permanent, dead, since FROM refusal WHERE peer=? "
      "ORDER BY lane, number LIMIT ?");
  read.BindAll(peer, Num(kMostRefusals));
  std::vector<StoredRefusal> refusals;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return refusals;
    StoredRefusal stored;
    EQN_TRY(stored.refusal.lane, rows::LaneAt(read, 0));
    stored.refusal.number = rows::U64(read, 1);
    EQN_TRY(stored.refusal.id, rows::IdAt(read, 2));
    stored.refusal.reason = read.Text(3);
    stored.refusal.expected = rows::U64(read, 4);
    stored.refusal.permanent = read.Int(5) != 0;
    stored.dead = read.Int(6) != 0;
    stored.since = rows::At(read, 7);
    refusals.push_back(std::move(stored));
  }
}

Status IncomingStore::Told(Tx& tx, std::string_view peer, Lane lane, std::uint64_t number) {
  return tx.Prepare("DELETE FROM refusal WHERE peer=? AND lane=? AND number=?")
      .BindAll(peer, Num(lane), Num(number))
      .Run();
}

Status IncomingStore::ForgetRefusals(Tx& tx, std::string_view peer) {
  return tx.Prepare("DELETE FROM refusal WHERE peer=?").BindAll(peer).Run();
}

}  // namespace equinode
