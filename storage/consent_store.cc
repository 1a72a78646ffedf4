#include "storage/consent_store.h"

#include <limits>
#include <utility>

#include "base/field_bytes.h"
#include "storage/exchange_rows.h"

namespace equinode {
namespace {

using consent::Consent;
using consent::Direction;
using consent::Purpose;
using rows::Ms;
using rows::View;

std::uint64_t Wire(Instant at) { return static_cast<std::uint64_t>(Ms(at)); }
Instant AtWire(std::uint64_t value) { return Instant(Millis(static_cast<std::int64_t>(value))); }

Bytes BytesOf(const Consent& each) {
  FieldWriter out;
  out.Number(each.given ? 1 : 0, 1);
  out.Number(static_cast<std::uint64_t>(each.direction), 1);
  out.Text(each.recipient);
  out.Number(each.purposes.size(), 1);
  for (const Purpose purpose : each.purposes) out.Number(static_cast<std::uint64_t>(purpose), 1);
  out.Number(each.categories.size(), 1);
  for (const std::string& category : each.categories) out.Text(category);
  out.Number(Wire(each.from));
  out.Number(each.until ? 1 : 0, 1);
  if (each.until) out.Number(Wire(*each.until));
  out.Number(Wire(each.signed_at));
  out.Raw(each.document);
  return std::move(out).bytes();
}

Result<StoredConsent> ConsentAt(const Statement& row) {
  StoredConsent stored;
  Consent& each = stored.consent;
  EQN_TRY(each.id, rows::IdAt(row, 0));
  each.person = row.Text(1);
  FieldReader in(row.BlobView(2));
  each.given = in.Number(1) != 0;
  each.direction = static_cast<Direction>(in.Number(1));
  each.recipient = in.Text();
  const std::uint64_t purposes = in.Number(1);
  for (std::uint64_t i = 0; i < purposes; ++i) {
    each.purposes.push_back(static_cast<Purpose>(in.Number(1)));
  }
  const std::uint64_t categories = in.Number(1);
  for (std::uint64_t i = 0; i < categories; ++i) each.categories.push_back(in.Text());
  each.from = AtWire(in.Number());
  if (in.Number(1) != 0) each.until = AtWire(in.Number());
  each.signed_at = AtWire(in.Number());
  std::ranges::copy(in.Raw(each.document.size()), each.document.begin());
  if (!in.done()) return rows::BadRow("a consent cannot be read");
  if (!row.IsNull(3)) stored.revoked_at = rows::At(row, 3);
  return stored;
}

}  // namespace

Status ConsentStore::Add(Tx& tx, const Consent& consent) {
  Statement known = tx.Prepare("SELECT 1 FROM consent WHERE id=?");
  known.BindAll(View(consent.id));
  EQN_TRY(const bool found, known.Step());
  if (found) return Error{Code::kAlreadyExists, "CONSENT_EXISTS", "a consent has this id already"};
  return tx.Prepare("INSERT INTO consent(id, person, consent) VALUES(?,?,?)")
      .BindAll(View(consent.id), std::string_view(consent.person), ByteView(BytesOf(consent)))
      .Run();
}

Result<StoredConsent> ConsentStore::Get(ReadTx& tx, const Uuid& id) {
  Statement read = tx.Prepare("SELECT id, person, consent, revoked_at FROM consent WHERE id=?");
  read.BindAll(View(id));
  EQN_TRY(const bool found, read.Step());
  if (found) return ConsentAt(read);
  return Error{Code::kNotFound, "NO_SUCH_CONSENT", "no such consent is kept here"};
}

Status ConsentStore::Revoke(Tx& tx, const consent::Revocation& revocation) {
  return tx.Prepare("UPDATE consent SET revoked_at=?, revocation_document=? WHERE id=?")
      .BindAll(Ms(revocation.at), View(revocation.document), View(revocation.consent))
      .Run();
}

Result<std::vector<StoredConsent>> ConsentStore::Of(ReadTx& tx, std::string_view person) {
  Statement read = tx.Prepare("SELECT id, person, consent, revoked_at FROM consent WHERE person=?");
  read.BindAll(person);
  std::vector<StoredConsent> all;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) break;
    EQN_TRY(StoredConsent each, ConsentAt(read));
    all.push_back(std::move(each));
  }
  std::ranges::sort(all, [](const StoredConsent& a, const StoredConsent& b) {
    return a.consent.signed_at != b.consent.signed_at ? a.consent.signed_at > b.consent.signed_at
                                                      : a.consent.id < b.consent.id;
  });
  return all;
}

Status ConsentStore::NoteRevokedElsewhere(Tx& tx, std::string_view peer, const Uuid& consent,
                                          Instant at) {
  return tx
      .Prepare(
          "INSERT INTO revoked_elsewhere(peer, consent_id, revoked_at) VALUES(?,?,?) "
          "ON CONFLICT DO NOTHING")
      .BindAll(peer, View(consent), Ms(at))
      .Run();
}

Result<bool> ConsentStore::IsRevokedElsewhere(ReadTx& tx, std::string_view peer,
                                              const Uuid& consent) {
  Statement read = tx.Prepare("SELECT 1 FROM revoked_elsewhere WHERE peer=? AND consent_id=?");
  read.BindAll(peer, View(consent));
  return read.Step();
}

Status ConsentStore::AddDisclosure(Tx& tx, const consent::Disclosure& disclosure) {
  std::string categories;
  for (const std::string& each : disclosure.categories) categories += each + "\n";
  return tx
      .Prepare(
          "INSERT INTO disclosure(referral, person, recipient, told_at, purpose, categories, "
          "description, consents, notice) VALUES(?,?,?,?,?,?,?,?,?)")
      .BindAll(View(disclosure.id), std::string_view(disclosure.person),
               std::string_view(disclosure.recipient), Ms(disclosure.at),
               static_cast<std::int64_t>(disclosure.purpose), std::string_view(categories),
               std::string_view(disclosure.description),
               ByteView(rows::BytesOf(disclosure.consents)), std::string_view(disclosure.notice))
      .Run();
}

Status ConsentStore::DropDisclosure(Tx& tx, const Uuid& referral) {
  return tx.Prepare("DELETE FROM disclosure WHERE referral=?").BindAll(View(referral)).Run();
}

Result<std::vector<StoredDisclosure>> ConsentStore::Disclosures(
    ReadTx& tx, std::string_view person, Instant since, const std::optional<DisclosurePlace>& after,
    std::size_t most) {
  Statement read = tx.Prepare(
      "SELECT referral, person, recipient, told_at, purpose, categories, description, consents, "
      "notice, revoked_told, revoked_heard, revoked_lost, row FROM disclosure WHERE person=? AND "
      "told_at>=? AND (told_at, row) < (?, ?) ORDER BY told_at DESC, row DESC LIMIT ?");
  constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
  read.BindAll(person, Ms(since), after ? Ms(after->told_at) : kEnd, after ? after->row : kEnd,
               static_cast<std::int64_t>(most));
  std::vector<StoredDisclosure> all;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return all;
    StoredDisclosure stored;
    consent::Disclosure& each = stored.disclosure;
    EQN_TRY(each.id, rows::IdAt(read, 0));
    each.person = read.Text(1);
    each.recipient = read.Text(2);
    each.at = rows::At(read, 3);
    each.purpose = static_cast<Purpose>(read.Int(4));
    std::string categories = read.Text(5);
    for (std::size_t end; (end = categories.find('\n')) != std::string::npos;) {
      each.categories.push_back(categories.substr(0, end));
      categories.erase(0, end + 1);
    }
    each.description = read.Text(6);
    const ByteView consents = read.BlobView(7);
    for (std::size_t at = 0; at + 16 <= consents.size(); at += 16) {
      EQN_TRY(const Uuid id, Uuid::FromBytes(consents.subspan(at, 16)));
      each.consents.push_back(id);
    }
    each.notice = read.Text(8);
    each.sent = true;
    if (!read.IsNull(9)) stored.revoked_told = rows::At(read, 9);
    if (!read.IsNull(10)) stored.revoked_heard = rows::At(read, 10);
    if (!read.IsNull(11)) stored.revoked_lost = rows::At(read, 11);
    stored.row = read.Int(12);
    all.push_back(std::move(stored));
  }
}

Result<std::vector<Uuid>> ConsentStore::ReferralsTold(ReadTx& tx, std::string_view person) {
  Statement read = tx.Prepare(
      "SELECT referral FROM disclosure WHERE person=? GROUP BY referral ORDER BY min(row)");
  read.BindAll(person);
  std::vector<Uuid> all;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return all;
    EQN_TRY(const Uuid id, rows::IdAt(read, 0));
    all.push_back(id);
  }
}

Status ConsentStore::NoteRevocationTold(Tx& tx, const Uuid& consent, const Uuid& referral,
                                        Instant at) {
  return tx
      .Prepare(
          "UPDATE disclosure SET revoked_told=coalesce(revoked_told, ?), revoked_lost=NULL "
          "WHERE referral=? AND instr(consents, ?)>0")
      .BindAll(Ms(at), View(referral), View(consent))
      .Run();
}

Status ConsentStore::NoteRevocationHeard(Tx& tx, const Uuid& consent, const Uuid& referral,
                                         Instant at) {
  return tx
      .Prepare(
          "UPDATE disclosure SET revoked_heard=?, revoked_lost=NULL WHERE referral=? AND "
          "instr(consents, ?)>0 AND revoked_told IS NOT NULL AND revoked_heard IS NULL")
      .BindAll(Ms(at), View(referral), View(consent))
      .Run();
}

Result<std::vector<RevokedDisclosure>> ConsentStore::RevocationsTold(ReadTx& tx,
                                                                     bool unheard_only) {
  Statement read = tx.Prepare(
      "SELECT referral, consents FROM disclosure WHERE revoked_told IS NOT NULL AND "
      "(?=0 OR revoked_heard IS NULL) ORDER BY row");
  read.BindAll(std::int64_t{unheard_only ? 1 : 0});
  std::vector<RevokedDisclosure> all;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return all;
    EQN_TRY(const Uuid referral, rows::IdAt(read, 0));
    const ByteView consents = read.BlobView(1);
    for (std::size_t at = 0; at + 16 <= consents.size(); at += 16) {
      EQN_TRY(const Uuid consent, Uuid::FromBytes(consents.subspan(at, 16)));
      all.push_back({referral, consent});
    }
  }
}

Status ConsentStore::NoteRevocationLost(Tx& tx, const Uuid& consent, const Uuid& referral,
                                        Instant at) {
  return tx
      .Prepare(
          "UPDATE disclosure SET revoked_lost=? WHERE referral=? AND instr(consents, ?)>0 AND "
          "revoked_heard IS NULL")
      .BindAll(Ms(at), View(referral), View(consent))
      .Run();
}

}  // namespace equinode
