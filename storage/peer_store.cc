#include "storage/peer_store.h"

#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {

namespace {

constexpr std::int64_t kMostPrevious = 4;

std::int64_t NumberOf(PeerCertificateState state) { return static_cast<std::int64_t>(state); }

constexpr std::string_view kPeerColumns =
    "SELECT uri, address, relay, take_over, last_seen FROM peer ";

Result<StoredPeer> PeerFrom(ReadTx& tx, const Statement& row) {
  StoredPeer peer;
  peer.uri = row.Text(0);
  peer.address = row.Text(1);
  peer.relay = row.Text(2);
  peer.take_over = row.Int(3) != 0;
  peer.last_seen = Instant{Millis{row.Int(4)}};
  Statement certificate = tx.Prepare(
      "SELECT fingerprint, state, der FROM peer_certificate WHERE uri=? ORDER BY state, "
      "added_at DESC, fingerprint");
  certificate.BindAll(std::string_view(peer.uri));
  for (;;) {
    EQN_TRY(const bool more, certificate.Step());
    if (!more) return peer;
    const std::int64_t state = certificate.Int(1);
    if (state < 1 || state > 4) {
      return Error{Code::kDataLoss, "BAD_ROW", "a peer's certificate has a state unknown here"};
    }
    peer.certificates.push_back(
        {certificate.Text(0), static_cast<PeerCertificateState>(state), certificate.Blob(2)});
  }
}

}  // namespace

Status PeerStore::Put(Tx& tx, const StoredPeer& peer, Instant now) {
  return tx
      .Prepare(
          "INSERT INTO peer(uri, address, relay, take_over, added_at, last_seen) "
          "VALUES(?,?,?,?,?,0) "
          "ON CONFLICT(uri) DO UPDATE SET address=excluded.address, relay=excluded.relay, "
          "take_over=excluded.take_over")
      .BindAll(std::string_view(peer.uri), std::string_view(peer.address),
               std::string_view(peer.relay), std::int64_t{peer.take_over ? 1 : 0}, rows::Ms(now))
      .Run();
}

Status PeerStore::Remove(Tx& tx, std::string_view uri) {
  Statement gone = tx.Prepare("DELETE FROM peer WHERE uri=? RETURNING uri");
  gone.BindAll(uri);
  EQN_TRY(const bool was_there, gone.Step());
  if (!was_there) return Error{Code::kNotFound, "NO_SUCH_PEER", "no such peer is enrolled"};
  return gone.Run();
}

Status PeerStore::PutCertificate(Tx& tx, std::string_view uri, const Certificate& certificate,
                                 PeerCertificateState state, Instant now) {
  const std::string_view fingerprint = certificate.fingerprint();
  Statement owner = tx.Prepare("SELECT uri FROM peer_certificate WHERE fingerprint=?");
  owner.BindAll(fingerprint);
  EQN_TRY(const bool known, owner.Step());
  if (known && owner.TextView(0) != uri) {
    return Error{Code::kAlreadyExists, "CERTIFICATE_OF_ANOTHER_PEER",
                 "this certificate is enrolled for another peer"};
  }
  owner.Reset();
  // Whoever has the state now makes room, unless it is this one.
  if (state == PeerCertificateState::kCurrent) {
    EQN_CHECK(tx.Prepare("UPDATE peer_certificate SET state=?, added_at=? WHERE uri=? AND state=? "
                         "AND fingerprint<>?")
                  .BindAll(NumberOf(PeerCertificateState::kPrevious), rows::Ms(now), uri,
                           NumberOf(state), fingerprint)
                  .Run());
  } else if (state != PeerCertificateState::kPrevious) {
    EQN_CHECK(tx.Prepare("DELETE FROM peer_certificate WHERE uri=? AND state=? AND fingerprint<>?")
                  .BindAll(uri, NumberOf(state), fingerprint)
                  .Run());
  }
  EQN_CHECK(
      tx.Prepare("INSERT INTO peer_certificate(uri, fingerprint, state, der, added_at) "
                 "VALUES(?,?,?,?,?) ON CONFLICT(uri, fingerprint) DO UPDATE SET "
                 "state=excluded.state, added_at=excluded.added_at")
          .BindAll(uri, fingerprint, NumberOf(state), ByteView(certificate.der()), rows::Ms(now))
          .Run());
  return tx
      .Prepare(
          "DELETE FROM peer_certificate WHERE uri=?1 AND state=?2 AND fingerprint NOT IN (SELECT "
          "fingerprint FROM peer_certificate WHERE uri=?1 AND state=?2 ORDER BY added_at DESC, "
          "fingerprint LIMIT ?3)")
      .BindAll(uri, NumberOf(PeerCertificateState::kPrevious), kMostPrevious)
      .Run();
}

Status PeerStore::Seen(Tx& tx, std::string_view uri, Instant now) {
  return tx.Prepare("UPDATE peer SET last_seen=? WHERE uri=?").BindAll(rows::Ms(now), uri).Run();
}

Result<std::optional<StoredPeer>> PeerStore::Find(ReadTx& tx, std::string_view uri) {
  Statement row = tx.Prepare(std::string(kPeerColumns) + "WHERE uri=?");
  row.BindAll(uri);
  EQN_TRY(const bool found, row.Step());
  if (!found) return std::optional<StoredPeer>();
  EQN_TRY(StoredPeer peer, PeerFrom(tx, row));
  return std::optional<StoredPeer>(std::move(peer));
}

Result<std::vector<StoredPeer>> PeerStore::List(ReadTx& tx, std::string_view after,
                                                std::size_t most) {
  Statement row = tx.Prepare(std::string(kPeerColumns) + "WHERE uri>? ORDER BY uri LIMIT ?");
  row.BindAll(after, static_cast<std::int64_t>(most));
  std::vector<StoredPeer> peers;
  for (;;) {
    EQN_TRY(const bool more, row.Step());
    if (!more) return peers;
    EQN_TRY(StoredPeer peer, PeerFrom(tx, row));
    peers.push_back(std::move(peer));
  }
}

}  // namespace equinode
