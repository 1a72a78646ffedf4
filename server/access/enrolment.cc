#include "server/access/enrolment.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <unordered_set>
#include <utility>

#include "domain/access/enrolling.h"
#include "domain/access/policy.h"
#include "storage/host_store.h"
#include "storage/revocation_store.h"

namespace equinode {

namespace {

constexpr std::size_t kPage = 1000;

// Grows only. Shared by the books that know the same.
struct Revoked {
  std::int64_t through = 0;  // Number of the last that is in here.
  std::unordered_set<std::string> uris{};
  std::unordered_set<std::string> fingerprints{};
  std::set<std::pair<std::string, std::string>> serials{};  // Issuer, serial number.

  void Add(const Revocation& revocation) {
    through = revocation.number;
    switch (revocation.kind) {
      case RevokedKind::kUri:
        uris.insert(revocation.value);
        break;
      case RevokedKind::kFingerprint:
        fingerprints.insert(revocation.value);
        break;
      case RevokedKind::kSerial:
        serials.emplace(revocation.issuer, revocation.value);
        break;
    }
  }
};

// All that is known at one time. Never changed once it is shown.
struct Book {
  std::map<std::string, EnrolledPeer, std::less<>> peers{};
  std::map<std::string, std::string, std::less<>> hosts{};  // Organisation, node.
  std::shared_ptr<const Revoked> revoked{};

  bool IsRevoked(const std::string& uri, const Certificate& certificate) const {
    return revoked->uris.contains(uri) ||
           revoked->fingerprints.contains(certificate.fingerprint()) ||
           (!revoked->serials.empty() &&
            revoked->serials.contains({certificate.issuer(), certificate.serial_hex()}));
  }
  const EnrolledPeer* Find(std::string_view uri) const {
    const auto found = peers.find(uri);
    return found == peers.end() ? nullptr : &found->second;
  }
};

// Held certificates are good for nothing until an operator has accepted them.
const PeerCertificate* UsableOf(const EnrolledPeer& peer, const Certificate& certificate) {
  for (const PeerCertificate& known : peer.certificates) {
    if (known.state != PeerCertificate::State::kHeld && known.certificate == certificate) {
      return &known;
    }
  }
  return nullptr;
}

const PeerCertificate* InState(const EnrolledPeer& peer, PeerCertificate::State state) {
  for (const PeerCertificate& known : peer.certificates) {
    if (known.state == state) return &known;
  }
  return nullptr;
}

Error RevokedError() {
  return {Code::kUnauthenticated, "REVOKED", "the certificate or its owner has been revoked here"};
}

Result<EnrolledPeer> PeerFrom(const StoredPeer& stored, const Book* before) {
  EnrolledPeer peer;
  EQN_TRY(peer.identity, ParseIdentity(stored.uri));
  peer.address = stored.address;
  peer.relay = stored.relay;
  peer.take_over_renewals = stored.take_over;
  const EnrolledPeer* known = before == nullptr ? nullptr : before->Find(stored.uri);
  for (const StoredPeerCertificate& one : stored.certificates) {
    // Parsed before, most often.
    const PeerCertificate* same = nullptr;
    for (std::size_t i = 0; known != nullptr && i < known->certificates.size(); ++i) {
      if (known->certificates[i].certificate.fingerprint() == one.fingerprint) {
        same = &known->certificates[i];
      }
    }
    if (same != nullptr) {
      peer.certificates.push_back({same->certificate, one.state});
      continue;
    }
    EQN_TRY(Certificate certificate, Certificate::FromDer(one.der));
    peer.certificates.push_back({std::move(certificate), one.state});
  }
  return peer;
}

// What `before` knows and what was revoked since: a list may be long, and every change of a peer
// comes through here.
Result<std::shared_ptr<const Revoked>> ReadRevoked(ReadTx& tx,
                                                   const std::shared_ptr<const Revoked>& before) {
  std::shared_ptr<Revoked> grown;
  for (;;) {
    const std::int64_t after = grown ? grown->through : before ? before->through : 0;
    EQN_TRY(const std::vector<Revocation> page, RevocationStore::List(tx, after, kPage));
    if (!grown && (!page.empty() || !before)) {
      grown = before ? std::make_shared<Revoked>(*before) : std::make_shared<Revoked>();
    }
    for (const Revocation& revocation : page) grown->Add(revocation);
    if (page.size() < kPage) break;
  }
  return grown ? std::shared_ptr<const Revoked>(std::move(grown)) : before;
}

Result<std::shared_ptr<const Book>> ReadBook(ReadTx& tx, const Book* before) {
  auto book = std::make_shared<Book>();
  std::string after;
  for (;;) {
    EQN_TRY(const std::vector<StoredPeer> page, PeerStore::List(tx, after, kPage));
    for (const StoredPeer& stored : page) {
      EQN_TRY(EnrolledPeer peer, PeerFrom(stored, before));
      book->peers.emplace(stored.uri, std::move(peer));
    }
    if (page.size() < kPage) break;
    after = page.back().uri;
  }
  after.clear();
  for (;;) {
    EQN_TRY(const std::vector<HostedOrganisation> page, HostStore::List(tx, after, kPage));
    for (const HostedOrganisation& each : page) book->hosts.emplace(each.organisation, each.node);
    if (page.size() < kPage) break;
    after = page.back().organisation;
  }
  EQN_TRY(book->revoked, ReadRevoked(tx, before == nullptr ? nullptr : before->revoked));
  return std::shared_ptr<const Book>(std::move(book));
}

}  // namespace

struct Enrolment::Impl {
  Impl(Database& store, const CurrentKeyRing& ring) : database(store), keys(ring) {}

  Result<std::shared_ptr<const Book>> Current() const {
    const std::lock_guard lock(mutex);
    if (book != nullptr) return book;
    return Error{Code::kUnavailable, "ENROLMENT_UNREAD",
                 "the enrolments could not be read from the store; try again later"};
  }
  void Show(std::shared_ptr<const Book> next) {
    const std::lock_guard lock(mutex);
    book = std::move(next);
  }
  // A peer that shows its next certificate has it in use, and may be sealed to with it.
  void NoteUse(const PeerCertificate& shown) {
    if (shown.state != PeerCertificate::State::kNext) return;
    const std::lock_guard lock(mutex);
    next_in_use.insert(shown.certificate.fingerprint());
  }
  bool InUse(const PeerCertificate& next) const {
    const std::lock_guard lock(mutex);
    return next_in_use.contains(next.certificate.fingerprint());
  }

  Database& database;
  const CurrentKeyRing& keys;
  std::mutex reading{};  // One Reload at a time, so that the last to begin is the last shown.
  mutable std::mutex mutex{};
  std::shared_ptr<const Book> book{};             // Guarded by mutex. Null: nobody is admitted.
  std::unordered_set<std::string> next_in_use{};  // Guarded by mutex: fingerprints.
};

Enrolment::Enrolment(Database& database, const CurrentKeyRing& keys)
    : impl_(std::make_unique<Impl>(database, keys)) {}

Enrolment::~Enrolment() = default;

Status Enrolment::Reload() {
  const std::lock_guard one(impl_->reading);
  std::shared_ptr<const Book> before;
  {
    const std::lock_guard lock(impl_->mutex);
    before = impl_->book;
  }
  auto read = impl_->database.Read([&](ReadTx& tx) { return ReadBook(tx, before.get()); });
  if (!read.ok()) {
    // What was known may be what was just withdrawn.
    impl_->Show(nullptr);
    return std::move(read).error();
  }
  impl_->Show(*std::move(read));
  return Ok();
}

void Enrolment::ReloadAfter(Tx& tx) {
  tx.OnGroupCommit(this, [this] { (void)Reload(); });
}

Result<Caller> Enrolment::Admit(const Certificate& certificate, std::string_view address,
                                std::string_view method, Instant now) const {
  const std::shared_ptr<const KeyRing> ring = impl_->keys.Get();
  EQN_TRY(const std::shared_ptr<const Book> book, impl_->Current());
  EQN_CHECK(ring->trust.Verify(certificate, now, Usage::kNode));
  EQN_TRY(Identity identity, IdentityOf(certificate.uri_names(), ring->self));
  if (book->IsRevoked(identity.uri, certificate)) return RevokedError();
  // Operators of our own organisation are not enrolled one by one, nor are those of one that we
  // host; those of others are nobody.
  bool known = identity.is_operator() && identity.node_uri() == ring->self.uri;
  bool hosted = false;
  if (identity.is_operator() && !known) {
    const auto host = book->hosts.find(identity.node_uri());
    hosted = host != book->hosts.end() && host->second == ring->self.uri;
    // Who withdraws an organisation means its people too.
    if (hosted && book->revoked->uris.contains(identity.node_uri())) return RevokedError();
    known = hosted;
  }
  if (!identity.is_operator() && identity.uri != ring->self.uri) {
    const EnrolledPeer* peer = book->Find(identity.uri);
    const PeerCertificate* shown = peer == nullptr ? nullptr : UsableOf(*peer, certificate);
    known = shown != nullptr;
    if (known) impl_->NoteUse(*shown);
  }
  if (!known) {
    return Error{Code::kUnauthenticated, "NOT_ENROLLED",
                 "this certificate is not enrolled here; an operator enrols it with 'equinode peer "
                 "add'"};
  }
  EQN_CHECK(Allowed(method, identity, ring->self, hosted));
  return Caller{std::move(identity), certificate.fingerprint(), std::string(address)};
}

Status Enrolment::CheckSigner(std::string_view uri, const Certificate& certificate,
                              Instant now) const {
  const std::shared_ptr<const KeyRing> ring = impl_->keys.Get();
  EQN_TRY(const std::shared_ptr<const Book> book, impl_->Current());
  const EnrolledPeer* peer = book->Find(uri);
  const PeerCertificate* known = peer == nullptr ? nullptr : UsableOf(*peer, certificate);
  if (known == nullptr) {
    return Error{Code::kUnauthenticated, "UNKNOWN_SIGNER",
                 "the signing certificate is not enrolled for this peer"};
  }
  if (book->IsRevoked(peer->identity.uri, certificate)) return RevokedError();
  EQN_CHECK(ring->trust.Verify(certificate, now, Usage::kNode));
  impl_->NoteUse(*known);
  return Ok();
}

Result<Certificate> Enrolment::SealTo(std::string_view uri, Instant now) const {
  const std::shared_ptr<const KeyRing> ring = impl_->keys.Get();
  EQN_TRY(const std::shared_ptr<const Book> book, impl_->Current());
  const EnrolledPeer* peer = book->Find(uri);
  if (peer == nullptr) return Error{Code::kNotFound, "NO_SUCH_PEER", "no such peer is enrolled"};
  const PeerCertificate* current = InState(*peer, PeerCertificate::State::kCurrent);
  const PeerCertificate* next = InState(*peer, PeerCertificate::State::kNext);
  // A renewed node still opens what is sealed to its old key; one that has not renewed yet cannot
  // open what is sealed to the next.
  if (next != nullptr && impl_->InUse(*next)) std::swap(current, next);
  for (const PeerCertificate* one : {current, next}) {
    if (one != nullptr && !book->IsRevoked(peer->identity.uri, one->certificate) &&
        ring->trust.Verify(one->certificate, now, Usage::kNode).ok()) {
      return one->certificate;
    }
  }
  return Error{Code::kFailedPrecondition, "NO_GOOD_CERTIFICATE",
               "no certificate of this peer is valid now; enrol its renewed one"};
}

bool Enrolment::IsRevoked(std::string_view uri, const Certificate& certificate) const {
  const auto book = impl_->Current();
  return !book.ok() || (*book)->IsRevoked(std::string(uri), certificate);
}

std::optional<std::string> Enrolment::HostOf(std::string_view organisation) const {
  const auto book = impl_->Current();
  if (!book.ok()) return std::nullopt;
  const auto found = (*book)->hosts.find(organisation);
  if (found == (*book)->hosts.end()) return std::nullopt;
  return found->second;
}

std::optional<EnrolledPeer> Enrolment::Find(std::string_view uri) const {
  const auto book = impl_->Current();
  const EnrolledPeer* peer = book.ok() ? (*book)->Find(uri) : nullptr;
  return peer == nullptr ? std::nullopt : std::optional<EnrolledPeer>(*peer);
}

std::vector<EnrolledPeer> Enrolment::Peers() const {
  std::vector<EnrolledPeer> peers;
  const auto book = impl_->Current();
  if (!book.ok()) return peers;
  for (const auto& [uri, peer] : (*book)->peers) peers.push_back(peer);
  return peers;
}

}  // namespace equinode
