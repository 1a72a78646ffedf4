#include "storage/audit_store.h"

#include <algorithm>
#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {

namespace {

Result<Digest> DigestFrom(ByteView bytes) {
  Digest digest{};
  if (bytes.size() != digest.size()) {
    return Error{Code::kDataLoss, "BAD_ROW", "a hash in the audit log has another length"};
  }
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

Result<StoredAuditEntry> EntryFrom(const Statement& row) {
  StoredAuditEntry stored;
  AuditEntry& entry = stored.entry;
  entry.number = static_cast<std::uint64_t>(row.Int(0));
  entry.at = Instant{Millis{row.Int(1)}};
  entry.actor = row.Text(2);
  entry.from = row.Text(3);
  entry.action = row.Text(4);
  entry.subject = row.Text(5);
  entry.purpose = row.Text(6);
  entry.outcome = row.Text(7);
  entry.disclosure = row.Int(8) != 0;
  entry.touched = static_cast<std::uint32_t>(row.Int(9));
  if (!row.BlobView(10).empty()) {
    EQN_TRY(entry.touched_digest, DigestFrom(row.BlobView(10)));
  }
  EQN_TRY(stored.hash, DigestFrom(row.BlobView(11)));
  stored.touched = row.Blob(12);
  return stored;
}

// One text for each question, so that statements are kept compiled.
constexpr std::string_view kListAll =
    "SELECT number, at, actor, origin, action, subject, purpose, outcome, disclosure, touched, "
    "touched_digest, hash, NULL FROM audit_entry WHERE number>? ORDER BY number LIMIT ?";
constexpr std::string_view kListDisclosures =
    "SELECT number, at, actor, origin, action, subject, purpose, outcome, disclosure, touched, "
    "touched_digest, hash, NULL FROM audit_entry WHERE number>? AND disclosure<>0 "
    "ORDER BY number LIMIT ?";
constexpr std::string_view kListWithTouched =
    "SELECT e.number, at, actor, origin, action, subject, purpose, outcome, disclosure, touched, "
    "touched_digest, hash, ids FROM audit_entry e LEFT JOIN audit_touched t ON t.number=e.number "
    "WHERE e.number>? ORDER BY e.number LIMIT ?";
constexpr std::string_view kListDisclosuresWithTouched =
    "SELECT e.number, at, actor, origin, action, subject, purpose, outcome, disclosure, touched, "
    "touched_digest, hash, ids FROM audit_entry e LEFT JOIN audit_touched t ON t.number=e.number "
    "WHERE e.number>? AND disclosure<>0 ORDER BY e.number LIMIT ?";

}  // namespace

Status AuditStore::Append(Tx& tx, const AuditEntry& entry, const Digest& hash,
                          const TouchedIds& touched) {
  const auto number = static_cast<std::int64_t>(entry.number);
  const ByteView digest = entry.touched == 0 ? ByteView() : ByteView(entry.touched_digest);
  EQN_CHECK(tx.Prepare("INSERT INTO audit_entry(number, at, actor, origin, action, subject, "
                       "purpose, outcome, disclosure, touched, touched_digest, hash) "
                       "VALUES(?,?,?,?,?,?,?,?,?,?,?,?)")
                .BindAll(number, rows::Ms(entry.at), std::string_view(entry.actor),
                         std::string_view(entry.from), std::string_view(entry.action),
                         std::string_view(entry.subject), std::string_view(entry.purpose),
                         std::string_view(entry.outcome), std::int64_t{entry.disclosure ? 1 : 0},
                         std::int64_t{entry.touched}, digest, ByteView(hash))
                .Run());
  if (touched.empty()) return Ok();
  return tx.Prepare("INSERT INTO audit_touched(number, ids) VALUES(?,?)")
      .BindAll(number, touched.bytes())
      .Run();
}

Result<AuditHead> AuditStore::Head(ReadTx& tx) {
  Statement row = tx.Prepare("SELECT number, hash FROM audit_entry ORDER BY number DESC LIMIT 1");
  EQN_TRY(const bool found, row.Step());
  if (!found) return AuditHead{};
  EQN_TRY(const Digest hash, DigestFrom(row.BlobView(1)));
  return AuditHead{static_cast<std::uint64_t>(row.Int(0)), hash};
}

Result<std::optional<Digest>> AuditStore::HashAt(ReadTx& tx, std::uint64_t number) {
  Statement row = tx.Prepare("SELECT hash FROM audit_entry WHERE number=?");
  row.BindAll(static_cast<std::int64_t>(number));
  EQN_TRY(const bool found, row.Step());
  if (!found) return std::optional<Digest>();
  EQN_TRY(const Digest hash, DigestFrom(row.BlobView(0)));
  return std::optional<Digest>(hash);
}

Result<std::vector<StoredAuditEntry>> AuditStore::List(ReadTx& tx, std::uint64_t after,
                                                       std::size_t most, bool disclosures_only,
                                                       bool with_touched) {
  Statement row =
      tx.Prepare(with_touched ? disclosures_only ? kListDisclosuresWithTouched : kListWithTouched
                 : disclosures_only ? kListDisclosures
                                    : kListAll);
  row.BindAll(static_cast<std::int64_t>(after), static_cast<std::int64_t>(most));
  std::vector<StoredAuditEntry> entries;
  for (;;) {
    EQN_TRY(const bool more, row.Step());
    if (!more) return entries;
    EQN_TRY(StoredAuditEntry stored, EntryFrom(row));
    entries.push_back(std::move(stored));
  }
}

Result<PeerHeadNews> AuditStore::NotePeerHead(Tx& tx, std::string_view peer, exchange::Lane lane,
                                              const exchange::AuditPoint& point, Instant now) {
  // Another lane may be ahead, never at the same count with another hash.
  Statement before =
      tx.Prepare("SELECT lane, count, hash FROM audit_peer_head WHERE peer=? ORDER BY lane");
  before.BindAll(peer);
  PeerHeadNews news = PeerHeadNews::kFirst;
  const auto count = static_cast<std::int64_t>(point.count);
  for (;;) {
    EQN_TRY(const bool more, before.Step());
    if (!more) break;
    const bool same_lane = before.Int(0) == static_cast<std::int64_t>(lane);
    if (before.Int(1) == count && AsText(before.BlobView(2)) != AsText(point.hash)) {
      news = PeerHeadNews::kDiffers;
      break;
    }
    if (!same_lane) continue;
    news = count < before.Int(1)    ? PeerHeadNews::kBack
           : count == before.Int(1) ? PeerHeadNews::kSame
                                    : PeerHeadNews::kForward;
  }
  before.Reset();
  const bool fault = news == PeerHeadNews::kBack || news == PeerHeadNews::kDiffers;
  EQN_CHECK(tx.Prepare("INSERT INTO audit_peer_head(peer, lane, count, hash, at, faults) "
                       "VALUES(?,?,?,?,?,?) ON CONFLICT(peer, lane) DO UPDATE SET "
                       "count=excluded.count, hash=excluded.hash, at=excluded.at, "
                       "faults=faults+excluded.faults")
                .BindAll(peer, static_cast<std::int64_t>(lane), count, ByteView(point.hash),
                         rows::Ms(now), std::int64_t{fault ? 1 : 0})
                .Run());
  return news;
}

Result<std::optional<PeerHead>> AuditStore::FindPeerHead(ReadTx& tx, std::string_view peer) {
  Statement row = tx.Prepare(
      "SELECT count, hash, at, (SELECT sum(faults) FROM audit_peer_head WHERE peer=?1) "
      "FROM audit_peer_head WHERE peer=?1 ORDER BY count DESC, at DESC LIMIT 1");
  row.BindAll(peer);
  EQN_TRY(const bool found, row.Step());
  if (!found) return std::optional<PeerHead>();
  EQN_TRY(const Digest hash, DigestFrom(row.BlobView(1)));
  return std::optional<PeerHead>(PeerHead{std::string(peer),
                                          {static_cast<std::uint64_t>(row.Int(0)), hash},
                                          Instant{Millis{row.Int(2)}},
                                          static_cast<std::uint64_t>(row.Int(3))});
}

}  // namespace equinode
