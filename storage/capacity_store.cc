#include "storage/capacity_store.h"

#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {
namespace {

using referral::Capacity;
using rows::Ms;

// Narrowed to an organisation and a domain where they are given.
constexpr std::string_view kNarrowed = "WHERE (?1='' OR organisation=?1) AND (?2='' OR domain=?2) ";

Result<Capacity> CapacityFrom(const Statement& row) {
  Capacity capacity;
  capacity.organisation = row.Text(0);
  capacity.domain = row.Text(1);
  const std::int64_t status = row.Int(2);
  if (status < 1 || status > 4) return rows::BadRow("a capacity has a status unknown here");
  capacity.status = static_cast<referral::CapacityStatus>(status);
  capacity.said_by = row.Text(3);
  capacity.said_at = rows::At(row, 4);
  capacity.until = rows::At(row, 5);
  return capacity;
}

Result<CapacityQuestion> QuestionFrom(const Statement& row) {
  CapacityQuestion question{row.Text(0), row.Text(1), rows::At(row, 2), {}};
  if (!row.IsNull(3)) question.answered = rows::At(row, 3);
  return question;
}

Result<std::string> AskerFrom(const Statement& row) { return row.Text(0); }

Status PutQuestion(Tx& tx, std::string_view asker, std::string_view organisation,
                   std::string_view domain, Instant now) {
  return tx
      .Prepare(
          "INSERT INTO capacity_question(asker, organisation, domain, asked_at) VALUES(?,?,?,?) "
          "ON CONFLICT(asker, organisation, domain) DO UPDATE SET asked_at=excluded.asked_at, "
          "answered_at=NULL")
      .BindAll(asker, organisation, domain, Ms(now))
      .Run();
}

}  // namespace

Result<bool> CapacityStore::Put(Tx& tx, const Capacity& capacity) {
  EQN_TRY(const auto known, Find(tx, capacity.organisation, capacity.domain));
  if (known && &referral::Newer(*known, capacity) == &*known) return false;
  EQN_CHECK(tx.Prepare("INSERT OR REPLACE INTO capacity(organisation, domain, status, said_by, "
                       "said_at, until) VALUES(?,?,?,?,?,?)")
                .BindAll(std::string_view(capacity.organisation), std::string_view(capacity.domain),
                         static_cast<std::int64_t>(capacity.status),
                         std::string_view(capacity.said_by), Ms(capacity.said_at),
                         Ms(capacity.until))
                .Run());
  return true;
}

Result<std::optional<Capacity>> CapacityStore::Find(ReadTx& tx, std::string_view organisation,
                                                    std::string_view domain) {
  Statement read = tx.Prepare(
      "SELECT organisation, domain, status, said_by, said_at, until FROM capacity "
      "WHERE organisation=? AND domain=?");
  read.BindAll(organisation, domain);
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<Capacity>();
  EQN_TRY(Capacity capacity, CapacityFrom(read));
  return std::optional<Capacity>(std::move(capacity));
}

Result<std::vector<Capacity>> CapacityStore::List(ReadTx& tx, std::string_view organisation,
                                                  std::string_view domain) {
  Statement read = tx.Prepare(
      rows::Sql("SELECT organisation, domain, status, said_by, said_at, until FROM capacity ",
                std::string(kNarrowed) + "ORDER BY domain, organisation LIMIT ?3"));
  read.BindAll(organisation, domain, rows::Num(kMostListed));
  return rows::All(std::move(read), &CapacityFrom);
}

Status CapacityStore::Ask(Tx& tx, std::string_view organisation, std::string_view domain,
                          Instant now) {
  return PutQuestion(tx, "", organisation, domain, now);
}

Status CapacityStore::Answered(Tx& tx, std::string_view organisation, std::string_view domain,
                               Instant now) {
  return tx
      .Prepare(
          "UPDATE capacity_question SET answered_at=? WHERE asker='' AND organisation=? AND "
          "domain=?")
      .BindAll(Ms(now), organisation, domain)
      .Run();
}

Result<std::vector<CapacityQuestion>> CapacityStore::Questions(ReadTx& tx,
                                                               std::string_view organisation,
                                                               std::string_view domain) {
  Statement read = tx.Prepare(
      rows::Sql("SELECT organisation, domain, asked_at, answered_at FROM capacity_question ",
                std::string(kNarrowed) + "AND asker='' ORDER BY domain, organisation LIMIT ?3"));
  read.BindAll(organisation, domain, rows::Num(kMostListed));
  return rows::All(std::move(read), &QuestionFrom);
}

Status CapacityStore::AskedBy(Tx& tx, std::string_view peer, std::string_view organisation,
                              std::string_view domain, Instant now) {
  return PutQuestion(tx, peer, organisation, domain, now);
}

Result<std::vector<std::string>> CapacityStore::Askers(ReadTx& tx, std::string_view organisation,
                                                       std::string_view domain, Instant since) {
  Statement read = tx.Prepare(
      "SELECT asker FROM capacity_question WHERE organisation=? AND domain=? AND asker<>'' AND "
      "asked_at>=? ORDER BY asker");
  read.BindAll(organisation, domain, Ms(since));
  return rows::All(std::move(read), &AskerFrom);
}

}  // namespace equinode
