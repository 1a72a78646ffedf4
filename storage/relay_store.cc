#include "storage/relay_store.h"

#include <algorithm>
#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {

using exchange::Header;
using exchange::Lane;
using rows::Ms;
using rows::Num;
using rows::View;

namespace {

constexpr std::string_view kFind =
    "SELECT link, sender, recipient, lane, through, collected, rounds, bytes FROM relay_link "
    "WHERE recipient=? AND lane=? AND sender=?";
constexpr std::string_view kForRecipient =
    "SELECT link, sender, recipient, lane, through, collected, rounds, bytes FROM relay_link "
    "WHERE recipient=? ORDER BY lane, sender";

Result<RelayLink> RelayLinkFrom(const Statement& row) {
  RelayLink link;
  link.link = row.Int(0);
  link.sender = row.Text(1);
  link.recipient = row.Text(2);
  EQN_TRY(link.lane, rows::LaneAt(row, 3));
  link.through = rows::U64(row, 4);
  link.collected = rows::U64(row, 5);
  link.rounds = static_cast<std::uint32_t>(row.Int(6));
  link.bytes = rows::U64(row, 7);
  return link;
}

Status Save(Tx& tx, RelayLink& link) {
  Statement save = tx.Prepare(
      "INSERT INTO relay_link(sender, recipient, lane, through, collected, rounds, bytes) "
      "VALUES(?,?,?,?,?,?,?) ON CONFLICT(recipient, lane, sender) DO UPDATE SET "
      "through=excluded.through, collected=excluded.collected, rounds=excluded.rounds, "
      "bytes=excluded.bytes RETURNING link");
  save.BindAll(std::string_view(link.sender), std::string_view(link.recipient), Num(link.lane),
               Num(link.through), Num(link.collected), std::int64_t{link.rounds}, Num(link.bytes));
  EQN_CHECK(save.Step());
  link.link = save.Int(0);
  return save.Run();
}

}  // namespace

Result<RelayLink> RelayStore::Find(ReadTx& tx, std::string_view sender, std::string_view recipient,
                                   Lane lane) {
  Statement read = tx.Prepare(kFind);
  read.BindAll(recipient, Num(lane), sender);
  EQN_TRY(const bool found, read.Step());
  if (found) return RelayLinkFrom(read);
  RelayLink fresh;
  fresh.sender = std::string(sender);
  fresh.recipient = std::string(recipient);
  fresh.lane = lane;
  return fresh;
}

Result<std::vector<RelayLink>> RelayStore::ForRecipient(ReadTx& tx, std::string_view recipient) {
  Statement read = tx.Prepare(kForRecipient);
  read.BindAll(recipient);
  std::vector<RelayLink> links;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return links;
    EQN_TRY(RelayLink link, RelayLinkFrom(read));
    links.push_back(std::move(link));
  }
}

Result<std::vector<std::string>> RelayStore::Recipients(ReadTx& tx) {
  Statement read = tx.Prepare("SELECT DISTINCT recipient FROM relay_link WHERE bytes>0");
  std::vector<std::string> recipients;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return recipients;
    recipients.push_back(read.Text(0));
  }
}

Status RelayStore::Keep(Tx& tx, RelayLink& link, const Header& header, ByteView sealed) {
  if (link.link == 0) EQN_CHECK(Save(tx, link));
  if (header.number <= link.through) {
    Statement before = tx.Prepare("SELECT length(sealed) FROM relayed WHERE link=? AND number=?");
    before.BindAll(link.link, Num(header.number));
    EQN_TRY(const bool found, before.Step());
    if (found) link.bytes -= std::min(link.bytes, rows::U64(before, 0));
    // The pushing side goes back to it.
    link.collected = std::min(link.collected, header.number - 1);
    link.rounds += 1;
  }
  link.through = std::max(link.through, header.number);
  link.bytes += sealed.size();
  EQN_CHECK(tx.Prepare("INSERT INTO relayed(link, number, id, created, expires, sealed) "
                       "VALUES(?,?,?,?,?,?) ON CONFLICT(link, number) DO UPDATE SET "
                       "id=excluded.id, created=excluded.created, expires=excluded.expires, "
                       "sealed=excluded.sealed")
                .BindAll(link.link, Num(header.number), View(header.id), Ms(header.created),
                         Ms(header.expires), sealed)
                .Run());
  return Save(tx, link);
}

Status RelayStore::Collected(Tx& tx, RelayLink& link, std::uint64_t through) {
  through = std::min(through, link.through);
  if (link.link == 0 || through <= link.collected) return Ok();
  Statement size =
      tx.Prepare("SELECT coalesce(sum(length(sealed)), 0) FROM relayed WHERE link=? AND number<=?");
  size.BindAll(link.link, Num(through));
  EQN_CHECK(size.Step());
  link.bytes -= std::min(link.bytes, rows::U64(size, 0));
  link.collected = through;
  EQN_CHECK(tx.Prepare("DELETE FROM relayed WHERE link=? AND number<=?")
                .BindAll(link.link, Num(through))
                .Run());
  return Save(tx, link);
}

Result<std::vector<RelayedEnvelope>> RelayStore::After(ReadTx& tx, const RelayLink& link,
                                                       std::uint64_t after, std::size_t most,
                                                       std::size_t max_bytes) {
  Statement read = tx.Prepare(
      "SELECT number, id, created, expires, sealed FROM relayed WHERE link=? AND number>? "
      "ORDER BY number LIMIT ?");
  read.BindAll(link.link, Num(after), Num(most));
  std::vector<RelayedEnvelope> envelopes;
  std::size_t bytes = 0;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return envelopes;
    const std::size_t size = read.BlobView(4).size();
    if (!envelopes.empty() && bytes + size > max_bytes) return envelopes;
    bytes += size;
    RelayedEnvelope envelope;
    Header& header = envelope.header;
    header.number = rows::U64(read, 0);
    EQN_TRY(header.id, rows::IdAt(read, 1));
    header.from = link.sender;
    header.to = link.recipient;
    header.lane = link.lane;
    header.created = rows::At(read, 2);
    header.expires = rows::At(read, 3);
    envelope.sealed = read.Blob(4);
    envelopes.push_back(std::move(envelope));
  }
}

Result<std::uint64_t> RelayStore::DropExpired(Tx& tx, Instant now) {
  EQN_CHECK(
      tx.Prepare("UPDATE relay_link SET bytes=max(0, bytes-(SELECT coalesce(sum(length(sealed)),0) "
                 "FROM relayed WHERE relayed.link=relay_link.link AND expires<=?1)) "
                 "WHERE link IN (SELECT link FROM relayed WHERE expires<=?1)")
          .BindAll(Ms(now))
          .Run());
  Statement drop = tx.Prepare("DELETE FROM relayed WHERE expires<=? RETURNING row");
  drop.BindAll(Ms(now));
  for (std::uint64_t count = 0;; ++count) {
    EQN_TRY(const bool found, drop.Step());
    if (!found) return count;
  }
}

Result<RelayTotals> RelayStore::Totals(ReadTx& tx) {
  Statement count = tx.Prepare("SELECT count(*) FROM relayed");
  EQN_CHECK(count.Step());
  Statement bytes = tx.Prepare("SELECT coalesce(sum(bytes), 0) FROM relay_link");
  EQN_CHECK(bytes.Step());
  return RelayTotals{rows::U64(count, 0), rows::U64(bytes, 0)};
}

Result<std::uint64_t> RelayStore::BytesFor(ReadTx& tx, std::string_view recipient) {
  Statement read = tx.Prepare("SELECT coalesce(sum(bytes), 0) FROM relay_link WHERE recipient=?");
  read.BindAll(recipient);
  EQN_CHECK(read.Step());
  return rows::U64(read, 0);
}

}  // namespace equinode
