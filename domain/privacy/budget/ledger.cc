#include "domain/privacy/budget/ledger.h"

#include <algorithm>

namespace equinode::budget {
namespace {

Error RefusedEntry(std::string reason, std::string message) {
  return Error{Code::kFailedPrecondition, std::move(reason), std::move(message)};
}

Error Malformed(std::string message) {
  return Error{Code::kInvalidArgument, "BAD_LEDGER_ENTRY", std::move(message)};
}

Error NoBudget(int year) {
  return RefusedEntry("NO_BUDGET", "no privacy budget is set for the year " + std::to_string(year));
}

// Would `spent` be within `budget`?
Status CheckWithin(int year, NanoRho spent, NanoRho budget) {
  if (spent <= budget) return Ok();
  return Error{Code::kResourceExhausted, "BUDGET_SPENT",
               "the privacy budget of " + std::to_string(year) + " is rho " + budget.text() +
                   ", and with this answer rho " + spent.text() + " would be spent"};
}

}  // namespace

Result<Ledger> Ledger::FromStored(std::span<const StoredLedgerEntry> stored) {
  Ledger ledger;
  for (const StoredLedgerEntry& one : stored) {
    const Status appended = ledger.Append(one.entry);
    if (!appended.ok() || ledger.head_.hash != one.hash) {
      return Error{Code::kDataLoss, "LEDGER_ALTERED",
                   "entry " + std::to_string(ledger.head_.count + (appended.ok() ? 0 : 1)) +
                       " of the privacy ledger is not what it was"};
    }
  }
  return ledger;
}

Result<Judgement> Ledger::Judge(const CanonicalRequest& request, const LedgerHead& peer) const {
  if (const auto found = requests_.find(request.hash()); found != requests_.end()) {
    const auto& answer = found->second.answer;
    return Judgement{answer ? Next::kStored : Next::kDraw, std::nullopt, answer};
  }
  const NoisyRequest& asked = request.request();
  EQN_TRY(const int year, YearOf(asked.period));
  const auto open = years_.find(year);
  if (open == years_.end()) return NoBudget(year);
  EQN_TRY(const NanoRho spent,
          open->second.balance.After(asked.period, asked.partition, asked.parts, request.cost()));
  EQN_CHECK(CheckWithin(year, spent, open->second.budget));
  Charged charged{request.hash(), asked.period, asked.partition, asked.parts, request.cost()};
  return Judgement{Next::kCharge, LedgerEntry{head_.count + 1, std::move(charged), peer},
                   std::nullopt};
}

LedgerEntry Ledger::BudgetEntry(int year, NanoRho rho, const LedgerHead& peer) const {
  return {head_.count + 1, BudgetSet{year, rho}, peer};
}

LedgerEntry Ledger::AnswerEntry(const Digest& request, ByteView answer,
                                const LedgerHead& peer) const {
  return {head_.count + 1, Answered{request, Sha256(answer)}, peer};
}

Status Ledger::Append(const LedgerEntry& entry) {
  if (entry.number != head_.count + 1) {
    return Error{Code::kAborted, "LEDGER_MOVED", "another entry was appended to the ledger"};
  }
  const bool peer_stands = entry.peer == peer_;
  const bool peer_moved_on = entry.peer.count > peer_.count;
  if (!peer_stands && !peer_moved_on) {
    return RefusedEntry("PEER_WENT_BACK", "the other party's ledger is not the one known before");
  }
  EQN_CHECK(std::visit([&](const auto& what) { return Apply(what); }, entry.what));
  head_ = {entry.number, NextLedgerHash(head_.hash, entry)};
  hashes_.push_back(head_.hash);
  peer_ = entry.peer;
  return Ok();
}

Status Ledger::Apply(const BudgetSet& set) {
  if (set.year < 1900 || set.year > 9999) return Malformed("a year is from 1900 to 9999");
  if (set.rho == NanoRho()) return Malformed("a budget of nothing is no budget");
  const auto open = years_.find(set.year);
  if (open == years_.end()) {
    years_[set.year].budget = set.rho;
    return Ok();
  }
  if (set.rho > open->second.budget) {
    return RefusedEntry("BUDGET_RAISED",
                        "a year's privacy budget is set once and may only be lowered");
  }
  open->second.budget = set.rho;
  return Ok();
}

Status Ledger::Apply(const Charged& charged) {
  if (charged.rho == NanoRho()) return Malformed("a charge is more than 0");
  // Strictly rising: sorted and none twice.
  if (charged.parts.empty() ||
      std::ranges::adjacent_find(charged.parts, std::ranges::greater_equal{}) !=
          charged.parts.end()) {
    return Malformed("the parts of a charge are sorted, each once");
  }
  EQN_TRY(const int year, YearOf(charged.period));
  if (requests_.contains(charged.request)) {
    return RefusedEntry("ALREADY_CHARGED", "this request was charged before");
  }
  const auto open = years_.find(year);
  if (open == years_.end()) return NoBudget(year);
  Balance& balance = open->second.balance;
  EQN_TRY(const NanoRho spent,
          balance.After(charged.period, charged.partition, charged.parts, charged.rho));
  EQN_CHECK(CheckWithin(year, spent, open->second.budget));
  EQN_CHECK(balance.Charge(charged.period, charged.partition, charged.parts, charged.rho));
  requests_[charged.request].rho = charged.rho;
  return Ok();
}

Status Ledger::Apply(const Answered& answered) {
  const auto found = requests_.find(answered.request);
  if (found == requests_.end()) {
    return RefusedEntry("NOT_CHARGED", "an answer was not charged before it was given");
  }
  if (found->second.answer) {
    return RefusedEntry("ALREADY_ANSWERED",
                        "this request has its answer: a second one is never given");
  }
  found->second.answer = answered.answer;
  return Ok();
}

std::optional<LedgerHead> Ledger::HeadAt(std::uint64_t count) const {
  if (count > hashes_.size()) return std::nullopt;
  return count == 0 ? LedgerHead{} : LedgerHead{count, hashes_[count - 1]};
}

NanoRho Ledger::Budget(int year) const {
  const auto open = years_.find(year);
  return open == years_.end() ? NanoRho() : open->second.budget;
}

NanoRho Ledger::Spent(int year) const {
  const auto open = years_.find(year);
  return open == years_.end() ? NanoRho() : open->second.balance.spent();
}

std::optional<NanoRho> Ledger::ChargeFor(const Digest& request) const {
  const auto found = requests_.find(request);
  if (found == requests_.end()) return std::nullopt;
  return found->second.rho;
}

std::optional<Digest> Ledger::AnswerTo(const Digest& request) const {
  const auto found = requests_.find(request);
  return found == requests_.end() ? std::nullopt : found->second.answer;
}

}  // namespace equinode::budget
