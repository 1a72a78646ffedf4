#include "storage/referral_store.h"

#include <utility>

#include "base/field_bytes.h"
#include "storage/exchange_rows.h"

namespace equinode {
namespace {

using rows::Ms;
using rows::View;

constexpr std::string_view kColumns =
    "row, id, need, ours, person, peer, state, asked, consents, next_who, next_by, changed, fault";

Bytes BytesOf(const std::vector<Uuid>& ids) {
  Bytes bytes;
  for (const Uuid& id : ids) bytes.insert(bytes.end(), id.bytes().begin(), id.bytes().end());
  return bytes;
}

Result<std::vector<Uuid>> IdsFrom(ByteView bytes) {
  std::vector<Uuid> ids;
  if (bytes.size() % 16 != 0) return rows::BadRow("a list of ids has another length");
  for (std::size_t at = 0; at < bytes.size(); at += 16) {
    EQN_TRY(const Uuid id, Uuid::FromBytes(bytes.subspan(at, 16)));
    ids.push_back(id);
  }
  return ids;
}

Result<StoredReferral> ReferralAt(const Statement& row) {
  StoredReferral referral;
  referral.row = row.Int(0);
  EQN_TRY(referral.id, rows::IdAt(row, 1));
  EQN_TRY(referral.need, rows::IdAt(row, 2));
  referral.ours = row.Int(3) != 0;
  referral.person = row.Text(4);
  referral.peer = row.Text(5);
  referral.state = row.Text(6);
  referral.asked = row.Blob(7);
  EQN_TRY(referral.consents, IdsFrom(row.BlobView(8)));
  referral.next_who = static_cast<int>(row.Int(9));
  referral.next_by = rows::At(row, 10);
  referral.changed = row.Int(11);
  referral.fault = row.Text(12);
  return referral;
}

Result<std::vector<StoredReferral>> All(Statement& read) {
  std::vector<StoredReferral> all;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return all;
    EQN_TRY(StoredReferral referral, ReferralAt(read));
    all.push_back(std::move(referral));
  }
}

std::string Select(std::string_view rest) {
  return "SELECT " + std::string(kColumns) + " FROM referral " + std::string(rest);
}

Bytes BytesOf(const referral::Link& link) {
  FieldWriter out;
  out.Number(link.number);
  out.Raw(link.before);
  out.Text(AsText(link.event));
  out.Text(AsText(link.actor_signature));
  out.Text(link.home);
  out.Number(static_cast<std::uint64_t>(Ms(link.linked_at)));
  out.Text(AsText(link.home_signature));
  return std::move(out).bytes();
}

Result<referral::Link> LinkFrom(ByteView bytes) {
  const auto blob = [](FieldReader& in) {
    const ByteView raw = in.Raw(static_cast<std::size_t>(in.Number(4)));
    return Bytes(raw.begin(), raw.end());
  };
  FieldReader in(bytes);
  referral::Link link;
  link.number = in.Number();
  const ByteView before = in.Raw(link.before.size());
  std::ranges::copy(before, link.before.begin());
  link.event = blob(in);
  link.actor_signature = blob(in);
  link.home = in.Text();
  link.linked_at = Instant(Millis(static_cast<std::int64_t>(in.Number())));
  link.home_signature = blob(in);
  if (!in.done()) return rows::BadRow("a link of a referral cannot be read");
  return link;
}

Result<std::int64_t> NextChange(Tx& tx) {
  EQN_TRY(const std::int64_t last, ReferralStore::LastChange(tx));
  return last + 1;
}

}  // namespace

Result<std::int64_t> ReferralStore::LastChange(ReadTx& tx) {
  Statement read = tx.Prepare("SELECT changed FROM referral ORDER BY changed DESC LIMIT 1");
  EQN_TRY(const bool found, read.Step());
  return found ? read.Int(0) : std::int64_t{0};
}

Result<StoredReferral> ReferralStore::Add(Tx& tx, StoredReferral referral) {
  EQN_TRY(const auto known, Find(tx, referral.id));
  if (known) {
    return Error{Code::kAlreadyExists, "REFERRAL_EXISTS", "a referral has this id already"};
  }
  EQN_TRY(referral.changed, NextChange(tx));
  Statement add = tx.Prepare(
      "INSERT INTO referral(id, need, ours, person, peer, state, asked, consents, next_who, "
      "next_by, changed, fault) VALUES(?,?,?,?,?,?,?,?,?,?,?,?) RETURNING row");
  add.BindAll(View(referral.id), View(referral.need), std::int64_t{referral.ours ? 1 : 0},
              std::string_view(referral.person), std::string_view(referral.peer),
              std::string_view(referral.state), ByteView(referral.asked),
              ByteView(BytesOf(referral.consents)), std::int64_t{referral.next_who},
              Ms(referral.next_by), referral.changed, std::string_view(referral.fault));
  EQN_TRY(const bool added, add.Step());
  if (!added) return rows::BadRow("a referral could not be kept");
  referral.row = add.Int(0);
  EQN_CHECK(add.Run());
  return referral;
}

Status ReferralStore::Save(Tx& tx, StoredReferral& referral) {
  EQN_TRY(referral.changed, NextChange(tx));
  return tx
      .Prepare(
          "UPDATE referral SET state=?, asked=?, next_who=?, next_by=?, changed=?, fault=? "
          "WHERE row=?")
      .BindAll(std::string_view(referral.state), ByteView(referral.asked),
               std::int64_t{referral.next_who}, Ms(referral.next_by), referral.changed,
               std::string_view(referral.fault), referral.row)
      .Run();
}

Result<std::optional<StoredReferral>> ReferralStore::Find(ReadTx& tx, const Uuid& id) {
  Statement read = tx.Prepare(Select("WHERE id=?"));
  read.BindAll(View(id));
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<StoredReferral>();
  EQN_TRY(StoredReferral referral, ReferralAt(read));
  return std::optional<StoredReferral>(std::move(referral));
}

Result<StoredReferral> ReferralStore::Get(ReadTx& tx, const Uuid& id) {
  EQN_TRY(std::optional<StoredReferral> found, Find(tx, id));
  if (found) return *std::move(found);
  return Error{Code::kNotFound, "NO_SUCH_REFERRAL",
               "no such referral here: `equinode referral inbox` and `outbox` list them"};
}

Result<std::vector<StoredReferral>> ReferralStore::OfNeed(ReadTx& tx, const Uuid& need) {
  Statement read = tx.Prepare(Select("WHERE need=? ORDER BY row"));
  read.BindAll(View(need));
  return All(read);
}

Result<std::vector<StoredReferral>> ReferralStore::UnderConsent(ReadTx& tx, bool ours,
                                                                std::string_view peer,
                                                                const Uuid& consent) {
  // A revocation is rare, and an index over a list of ids would cost every referral.
  Statement read =
      tx.Prepare(Select("WHERE ours=? AND (?='' OR peer=?) AND instr(consents, ?)>0 ORDER BY row"));
  read.BindAll(std::int64_t{ours ? 1 : 0}, peer, peer, View(consent));
  EQN_TRY(std::vector<StoredReferral> all, All(read));
  std::erase_if(all, [&](const StoredReferral& each) {
    return std::ranges::find(each.consents, consent) == each.consents.end();
  });
  return all;
}

Result<std::vector<StoredReferral>> ReferralStore::List(ReadTx& tx, const ReferralFilter& filter,
                                                        const std::optional<ReferralPlace>& after,
                                                        std::size_t most) {
  const bool urgent_only = filter.open_only || filter.mine_only;
  // Two lists one after the other: where somebody has to act, by deadline, read off its index; then
  // the settled ones, newest first. Settled ones stand in a place with next_by = the end of time.
  constexpr std::int64_t kSettled = std::numeric_limits<std::int64_t>::max();
  const std::string where =
      " AND (?1<0 OR ours=?1) AND (?2='' OR state=?2) AND (?3='' OR person=?3)"
      " AND (?4=0 OR next_who=CASE ours WHEN 1 THEN 1 ELSE 2 END)";
  const auto bind = [&](Statement& read) {
    read.Bind(1, std::int64_t{filter.ours ? (*filter.ours ? 1 : 0) : -1});
    read.Bind(2, std::string_view(filter.state));
    read.Bind(3, std::string_view(filter.person));
    read.Bind(4, std::int64_t{filter.mine_only ? 1 : 0});
  };
  std::vector<StoredReferral> list;
  const ReferralPlace from =
      after.value_or(ReferralPlace{std::numeric_limits<std::int64_t>::min(), 0});
  if (from.next_by != kSettled) {
    Statement read =
        tx.Prepare(Select("WHERE next_who<>0" + where +
                          " AND (next_by, row)>(?5, ?6) ORDER BY next_by, row LIMIT ?7"));
    bind(read);
    read.Bind(5, from.next_by);
    read.Bind(6, from.row);
    read.Bind(7, static_cast<std::int64_t>(most));
    EQN_TRY(list, All(read));
  }
  if (list.size() < most && !urgent_only) {
    Statement read =
        tx.Prepare(Select("WHERE next_who=0" + where + " AND row<?5 ORDER BY row DESC LIMIT ?6"));
    bind(read);
    read.Bind(5, from.next_by == kSettled ? from.row : kSettled);
    read.Bind(6, static_cast<std::int64_t>(most - list.size()));
    EQN_TRY(std::vector<StoredReferral> settled, All(read));
    for (StoredReferral& each : settled) list.push_back(std::move(each));
  }
  return list;
}

Result<std::vector<StoredReferral>> ReferralStore::ChangedAfter(ReadTx& tx, std::int64_t after,
                                                                std::size_t most) {
  Statement read = tx.Prepare(Select("WHERE changed>? ORDER BY changed LIMIT ?"));
  read.BindAll(after, static_cast<std::int64_t>(most));
  return All(read);
}

Status ReferralStore::AddLink(Tx& tx, std::int64_t referral, const referral::Link& link,
                              const Uuid& event) {
  return tx.Prepare("INSERT INTO referral_link(referral, number, event_id, link) VALUES(?,?,?,?)")
      .BindAll(referral, rows::Num(link.number), View(event), ByteView(BytesOf(link)))
      .Run();
}

Result<std::vector<referral::Link>> ReferralStore::Links(ReadTx& tx, std::int64_t referral) {
  Statement read = tx.Prepare("SELECT link FROM referral_link WHERE referral=? ORDER BY number");
  read.BindAll(referral);
  std::vector<referral::Link> links;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return links;
    EQN_TRY(referral::Link link, LinkFrom(read.BlobView(0)));
    links.push_back(std::move(link));
  }
}

Result<bool> ReferralStore::HasEvent(ReadTx& tx, const Uuid& event) {
  Statement read = tx.Prepare("SELECT 1 FROM referral_link WHERE event_id=?");
  read.BindAll(View(event));
  return read.Step();
}

Status ReferralStore::AddProposal(Tx& tx, std::int64_t referral, const Uuid& event,
                                  std::string_view verb) {
  return tx
      .Prepare("INSERT INTO referral_proposal(event_id, referral, verb, outcome) VALUES(?,?,?,'')")
      .BindAll(View(event), referral, verb)
      .Run();
}

Status ReferralStore::SettleProposal(Tx& tx, const Uuid& event, std::string_view outcome) {
  return tx.Prepare("UPDATE referral_proposal SET outcome=? WHERE event_id=? AND outcome=''")
      .BindAll(outcome, View(event))
      .Run();
}

Result<std::vector<StoredProposal>> ReferralStore::Proposals(ReadTx& tx, std::int64_t referral) {
  Statement read = tx.Prepare(
      "SELECT event_id, verb, outcome FROM referral_proposal WHERE referral=? ORDER BY event_id");
  read.BindAll(referral);
  std::vector<StoredProposal> all;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return all;
    EQN_TRY(const Uuid event, rows::IdAt(read, 0));
    all.push_back({event, read.Text(1), read.Text(2)});
  }
}

}  // namespace equinode
