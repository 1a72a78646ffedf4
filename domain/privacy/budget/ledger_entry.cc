#include "domain/privacy/budget/ledger_entry.h"

#include <algorithm>

#include "domain/privacy/budget/canonical.h"

namespace equinode::budget {
namespace {

constexpr std::string_view kLedgerEntryKind = "equinode ledger entry 1";

void Write(CanonicalWriter& out, const BudgetSet& set) {
  out.Number(static_cast<std::uint64_t>(std::int64_t{set.year}));
  out.Number(static_cast<std::uint64_t>(set.rho.value()));
}

void Write(CanonicalWriter& out, const Charged& charged) {
  out.Hash(charged.request);
  out.Day(charged.period.first);
  out.Day(charged.period.last);
  out.Hash(charged.partition);
  out.Number(charged.parts.size());
  for (const std::string& part : charged.parts) out.Text(part);
  out.Number(static_cast<std::uint64_t>(charged.rho.value()));
}

void Write(CanonicalWriter& out, const Answered& answered) {
  out.Hash(answered.request);
  out.Hash(answered.answer);
}

Error BadLedgerEntry() {
  return Error{Code::kDataLoss, "BAD_LEDGER_ENTRY", "an entry of the ledger cannot be read"};
}

Result<NanoRho> ReadRho(CanonicalReader& in) {
  return NanoRho::Make(static_cast<std::int64_t>(in.Number()));
}

Result<LedgerEntry> Read(CanonicalReader& in) {
  LedgerEntry entry;
  entry.number = in.Number();
  entry.peer.count = in.Number();
  entry.peer.hash = in.Hash();
  switch (in.Number()) {
    case 0: {
      BudgetSet set;
      set.year = static_cast<int>(in.Number());
      EQN_TRY(set.rho, ReadRho(in));
      entry.what = set;
      return entry;
    }
    case 1: {
      Charged charged;
      charged.request = in.Hash();
      charged.period.first = in.Day();
      charged.period.last = in.Day();
      charged.partition = in.Hash();
      const std::uint64_t parts = in.Number();
      for (std::uint64_t i = 0; i < parts && in.ok(); ++i) charged.parts.push_back(in.Text());
      EQN_TRY(charged.rho, ReadRho(in));
      entry.what = std::move(charged);
      return entry;
    }
    case 2: {
      Answered answered;
      answered.request = in.Hash();
      answered.answer = in.Hash();
      entry.what = answered;
      return entry;
    }
    default:
      return BadLedgerEntry();
  }
}

}  // namespace

Bytes EncodeEntry(const LedgerEntry& entry) {
  CanonicalWriter out(kLedgerEntryKind);
  out.Number(entry.number);
  out.Number(entry.peer.count);
  out.Hash(entry.peer.hash);
  out.Number(entry.what.index());
  std::visit([&](const auto& what) { Write(out, what); }, entry.what);
  return out.Take();
}

Result<LedgerEntry> DecodeEntry(ByteView bytes) {
  CanonicalReader in(bytes, kLedgerEntryKind);
  if (!in.ok()) return BadLedgerEntry();
  auto entry = Read(in);
  // What reads but would be written otherwise (a year past its width) is not ours either.
  if (!entry.ok() || !in.Finished() || !std::ranges::equal(EncodeEntry(*entry), bytes)) {
    return BadLedgerEntry();
  }
  return entry;
}

Digest NextLedgerHash(const Digest& before, const LedgerEntry& entry) {
  Sha256Hasher hasher;
  hasher.Update(before);
  hasher.Update(EncodeEntry(entry));
  return hasher.Finish();
}

}  // namespace equinode::budget
