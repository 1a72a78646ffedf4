#include "storage/referral_store.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "base/field_bytes.h"
#include "storage/exchange_rows.h"

namespace equinode {
namespace {

using rows::Ms;
using rows::View;

constexpr std::string_view kColumns =
    "row, id, need, ours, person, peer, state, asked, consents, next_who, next_by, changed, fault, "
    "owner, part_of, linked_at, turns_at, fault_at, end_here, domain";

Result<std::vector<Uuid>> IdsFrom(ByteView bytes) {
  std::vector<Uuid> ids;
  if (bytes.size() % 16 != 0) return rows::BadRow("a list of ids has another length");
  for (std::size_t at = 0; at < bytes.size(); at += 16) {
    EQN_TRY(const Uuid id, Uuid::FromBytes(bytes.subspan(at, 16)));
    ids.push_back(id);
  }
  return ids;
}

constexpr std::string_view kEndFormat = "equinode end here 1";

Bytes BytesOf(const std::optional<referral::EndHere>& end) {
  if (!end) return {};
  FieldWriter out;
  out.Text(kEndFormat);
  out.Text(referral::Name(end->grade));
  out.Text(end->reason);
  out.Text(end->actor);
  out.Text(end->note);
  out.Number(static_cast<std::uint64_t>(Ms(end->at)));
  out.Number(end->seen ? 1 : 0, 1);
  if (end->seen) out.Number(static_cast<std::uint64_t>(Ms(*end->seen)));
  return std::move(out).bytes();
}

Result<std::optional<referral::EndHere>> EndFrom(ByteView bytes) {
  if (bytes.empty()) return std::optional<referral::EndHere>();
  FieldReader in(bytes);
  const auto moment = [&] { return Instant(Millis(static_cast<std::int64_t>(in.Number()))); };
  const bool known = in.Text() == kEndFormat;
  referral::EndHere end;
  const std::string grade = in.Text();
  const auto named = std::ranges::find(referral::kGrades, grade,
                                       [](referral::Grade each) { return referral::Name(each); });
  end.reason = in.Text();
  end.actor = in.Text();
  end.note = in.Text();
  end.at = moment();
  if (in.Number(1) != 0) end.seen = moment();
  if (!known || named == referral::kGrades.end() || !in.done()) {
    return rows::BadRow("how this end closed a referral cannot be read");
  }
  end.grade = *named;
  return std::optional<referral::EndHere>(std::move(end));
}

// 0 in the row is no moment.
std::optional<Instant> MomentAt(const Statement& row, int column) {
  if (row.Int(column) == 0) return std::nullopt;
  return rows::At(row, column);
}
std::int64_t MsOrNone(const std::optional<Instant>& at) { return at ? Ms(*at) : 0; }

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
  referral.owner = row.Text(13);
  if (!row.IsNull(14)) {
    EQN_TRY(const Uuid part_of, rows::IdAt(row, 14));
    referral.part_of = part_of;
  }
  referral.linked_at = rows::At(row, 15);
  referral.turns_at = MomentAt(row, 16);
  referral.fault_at = MomentAt(row, 17);
  EQN_TRY(referral.end_here, EndFrom(row.BlobView(18)));
  referral.domain = row.Text(19);
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

// Empty for none; the statements make NULL of it.
ByteView PartOf(const StoredReferral& referral) {
  return referral.part_of ? View(*referral.part_of) : ByteView();
}

Result<std::int64_t> NextChange(Tx& tx) {
  EQN_TRY(const std::int64_t last, ReferralStore::LastChange(tx));
  return last + 1;
}

}  // namespace

referral::AtThisEnd HereOf(const StoredReferral& referral) {
  referral::AtThisEnd here;
  here.role = referral.ours ? referral::Role::kRequester : referral::Role::kTarget;
  if (!referral.fault.empty()) here.fault_since = referral.fault_at.value_or(referral.linked_at);
  here.end = referral.end_here;
  return here;
}

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
      "next_by, changed, fault, owner, part_of, linked_at, turns_at, fault_at, end_here, domain) "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,nullif(?,x''),?,?,?,?,?) RETURNING row");
  add.BindAll(View(referral.id), View(referral.need), std::int64_t{referral.ours ? 1 : 0},
              std::string_view(referral.person), std::string_view(referral.peer),
              std::string_view(referral.state), ByteView(referral.asked),
              ByteView(rows::BytesOf(referral.consents)), std::int64_t{referral.next_who},
              Ms(referral.next_by), referral.changed, std::string_view(referral.fault),
              std::string_view(referral.owner), PartOf(referral), Ms(referral.linked_at),
              MsOrNone(referral.turns_at), MsOrNone(referral.fault_at),
              ByteView(BytesOf(referral.end_here)), std::string_view(referral.domain));
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
          "UPDATE referral SET state=?, asked=?, next_who=?, next_by=?, changed=?, fault=?, "
          "owner=?, part_of=nullif(?,x''), linked_at=?, turns_at=?, fault_at=?, end_here=? "
          "WHERE row=?")
      .BindAll(std::string_view(referral.state), ByteView(referral.asked),
               std::int64_t{referral.next_who}, Ms(referral.next_by), referral.changed,
               std::string_view(referral.fault), std::string_view(referral.owner), PartOf(referral),
               Ms(referral.linked_at), MsOrNone(referral.turns_at), MsOrNone(referral.fault_at),
               ByteView(BytesOf(referral.end_here)), referral.row)
      .Run();
}

Result<std::vector<StoredReferral>> ReferralStore::DueToTurn(ReadTx& tx, Instant now,
                                                             std::size_t most) {
  Statement read =
      tx.Prepare(Select("WHERE turns_at<>0 AND turns_at<=? ORDER BY turns_at, row LIMIT ?"));
  read.BindAll(Ms(now), static_cast<std::int64_t>(most));
  return All(read);
}

Status ReferralStore::NoteTurn(Tx& tx, std::int64_t row, const std::optional<Instant>& turns_at) {
  return tx.Prepare("UPDATE referral SET turns_at=? WHERE row=?")
      .BindAll(MsOrNone(turns_at), row)
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
  return NoSuchReferral();
}

Error ReferralStore::NoSuchReferral() {
  return {Code::kNotFound, "NO_SUCH_REFERRAL",
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

Result<std::vector<StoredReferral>> ReferralStore::PartsOf(ReadTx& tx, const Uuid& order) {
  Statement read = tx.Prepare(Select("WHERE part_of=? ORDER BY row"));
  read.BindAll(View(order));
  return All(read);
}

Result<std::vector<StoredReferral>> ReferralStore::WithPeer(ReadTx& tx, std::string_view peer,
                                                            Instant since) {
  Statement read =
      tx.Prepare(Select("WHERE peer=? AND (next_who<>0 OR linked_at>=?) ORDER BY row"));
  read.BindAll(peer, Ms(since));
  return All(read);
}

namespace {

// One run of an index whose first columns are (lead, ours, next_who).
struct Run {
  std::string column{};  // Of the lead; empty = the index begins with `ours`.
  std::string value{};
  bool ours = false;
  int who = 0;
  bool overdue_only = false;
  std::string but_owner{};  // Rows of that owner are in another run.
};

// All runs that a filter touches, the settled ones apart.
std::vector<Run> RunsOf(const ReferralFilter& filter, bool settled) {
  std::vector<Run> runs;
  std::vector<std::pair<std::string, std::string>> leads;
  if (!filter.owner.empty()) {
    leads = {{"owner", filter.owner}, {"owner", ""}};
  } else if (!filter.person.empty()) {
    leads = {{"person", filter.person}};
  } else if (!filter.organisation.empty()) {
    leads = {{"owner", filter.organisation}, {"peer", filter.organisation}};
  } else if (!filter.domain.empty()) {
    leads = {{"domain", filter.domain}};
  } else if (!filter.state.empty()) {
    leads = {{"state", filter.state}};
  } else {
    leads = {{"", ""}};
  }
  for (const auto& [column, value] : leads) {
    for (const bool ours : {false, true}) {
      if (filter.ours && *filter.ours != ours) continue;
      // Who asked us; whom we ask is the owner, also where another node hosts it.
      if (column == "peer" && ours) continue;
      for (int who = settled ? 0 : 1; who <= (settled ? 0 : 2); ++who) {
        const bool mine = who == (ours ? 1 : 2);
        if (filter.mine_only && !mine && !ours) continue;
        const bool late = filter.overdue_only || (filter.mine_only && !mine);
        runs.push_back({column, value, ours, who, late, column == "peer" ? value : ""});
      }
    }
  }
  return runs;
}

// The next of one run after a place: by deadline, or the settled ones the newest first.
Result<std::vector<StoredReferral>> ReadRun(ReadTx& tx, const ReferralFilter& filter,
                                            const Run& run, const ReferralPlace& after,
                                            std::size_t most) {
  std::string where = "WHERE " + (run.column.empty() ? "" : run.column + "=?1 AND ") +
                      "ours=?2 AND next_who=?3 AND ";
  // Without a lead the value has no place: it is bound to something that is always true.
  if (run.column.empty()) where += "?1='' AND ";
  // What the lead's index does not hold is looked at row by row.
  if (!filter.state.empty() && run.column != "state") where += "+state=?7 AND ";
  if (!filter.person.empty() && run.column != "person") where += "+person=?8 AND ";
  if (!filter.domain.empty() && run.column != "domain") where += "+domain=?9 AND ";
  if (!run.but_owner.empty()) where += "+owner<>?10 AND ";
  if (!filter.organisation.empty() && run.column != "peer" &&
      (run.column != "owner" || run.value != filter.organisation)) {
    where += "(+owner=?11 OR (ours=0 AND +peer=?11)) AND ";
  }
  if (run.overdue_only && run.who != 0) where += "next_by<=?12 AND ";
  // An index over some rows is used only where the question says that it is about them.
  if (run.column == "person") where += "person<>'' AND ";
  where += run.who == 0 ? "next_by=0 AND row<?5 AND ?4=?4 ORDER BY row DESC LIMIT ?6"
                        : "(next_by, row)>(?4, ?5) ORDER BY next_by, row LIMIT ?6";
  Statement read = tx.Prepare(Select(where));
  read.Bind(1, std::string_view(run.value));
  read.Bind(2, std::int64_t{run.ours ? 1 : 0});
  read.Bind(3, std::int64_t{run.who});
  read.Bind(4, after.next_by);
  read.Bind(5, after.row);
  read.Bind(6, static_cast<std::int64_t>(most));
  if (where.find("?7") != std::string::npos) read.Bind(7, std::string_view(filter.state));
  if (where.find("?8") != std::string::npos) read.Bind(8, std::string_view(filter.person));
  if (where.find("?9") != std::string::npos) read.Bind(9, std::string_view(filter.domain));
  if (where.find("?10") != std::string::npos) read.Bind(10, std::string_view(run.but_owner));
  if (where.find("?11") != std::string::npos) read.Bind(11, std::string_view(filter.organisation));
  if (where.find("?12") != std::string::npos) read.Bind(12, Ms(filter.now));
  return All(read);
}

}  // namespace

Result<std::vector<StoredReferral>> ReferralStore::List(ReadTx& tx, const ReferralFilter& filter,
                                                        const std::optional<ReferralPlace>& after,
                                                        std::size_t most) {
  // Two lists one after the other: where somebody has to act, by deadline; then the settled ones,
  // newest first. Settled ones stand in a place with next_by = the end of time.
  constexpr std::int64_t kSettled = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
  const ReferralPlace from = after.value_or(ReferralPlace{kFirst, 0});
  const auto merged = [&](bool settled, const ReferralPlace& place,
                          std::size_t wanted) -> Result<std::vector<StoredReferral>> {
    std::vector<StoredReferral> all;
    for (const Run& run : RunsOf(filter, settled)) {
      EQN_TRY(std::vector<StoredReferral> some, ReadRun(tx, filter, run, place, wanted));
      std::ranges::move(some, std::back_inserter(all));
    }
    std::ranges::sort(all, [&](const StoredReferral& a, const StoredReferral& b) {
      if (settled) return a.row > b.row;
      return a.next_by != b.next_by ? a.next_by < b.next_by : a.row < b.row;
    });
    if (all.size() > wanted) all.resize(wanted);
    return all;
  };
  std::vector<StoredReferral> list;
  if (from.next_by != kSettled) {
    EQN_TRY(list, merged(false, from, most));
  }
  if (list.size() < most && !filter.open_only && !filter.mine_only && !filter.overdue_only) {
    const ReferralPlace place{0, from.next_by == kSettled ? from.row : kSettled};
    EQN_TRY(std::vector<StoredReferral> settled, merged(true, place, most - list.size()));
    std::ranges::move(settled, std::back_inserter(list));
  }
  return list;
}

Result<std::vector<StoredReferral>> ReferralStore::ChangedAfter(ReadTx& tx, std::string_view owner,
                                                                std::int64_t after,
                                                                std::size_t most) {
  if (owner.empty()) {
    Statement read = tx.Prepare(Select("WHERE changed>? ORDER BY changed LIMIT ?"));
    read.BindAll(after, static_cast<std::int64_t>(most));
    return All(read);
  }
  std::vector<StoredReferral> all;
  for (const std::string_view each : {owner, std::string_view()}) {
    Statement read =
        tx.Prepare(Select("WHERE owner=? AND changed>? AND ours=0 ORDER BY changed LIMIT ?"));
    read.BindAll(each, after, static_cast<std::int64_t>(most));
    EQN_TRY(std::vector<StoredReferral> some, All(read));
    std::ranges::move(some, std::back_inserter(all));
  }
  std::ranges::sort(all, {}, &StoredReferral::changed);
  if (all.size() > most) all.resize(most);
  return all;
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

Status ReferralStore::KeepWord(Tx& tx, std::int64_t referral, const referral::TakenWord& word) {
  return tx
      .Prepare(
          "INSERT OR REPLACE INTO referral_word(referral, system, word, taken_in, said_on, state, "
          "since) VALUES(?1,?2,?3,?4,CASE WHEN ?5 THEN ?6 END,?7,?8)")
      .BindAll(referral, std::string_view(word.system), std::string_view(word.word),
               Ms(word.taken_in), std::int64_t{word.said_on ? 1 : 0},
               Ms(word.said_on.value_or(Instant{})), referral::Name(word.state), Ms(word.since))
      .Run();
}

Result<std::vector<referral::TakenWord>> ReferralStore::Words(ReadTx& tx, std::int64_t referral) {
  Statement read = tx.Prepare(
      "SELECT system, word, taken_in, said_on, state, since FROM referral_word WHERE referral=? "
      "ORDER BY system");
  read.BindAll(referral);
  std::vector<referral::TakenWord> words;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return words;
    referral::TakenWord word;
    word.system = read.Text(0);
    word.word = read.Text(1);
    word.taken_in = rows::At(read, 2);
    if (!read.IsNull(3)) word.said_on = rows::At(read, 3);
    const auto state = referral::StateNamed(read.Text(4));
    if (!state) return rows::BadRow("a status word was taken in for a state that is none");
    word.state = *state;
    word.since = rows::At(read, 5);
    words.push_back(std::move(word));
  }
}

}  // namespace equinode
