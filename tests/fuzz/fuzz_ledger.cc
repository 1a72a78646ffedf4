// What a party reads of the other's privacy ledger, and of stored answers: what is read is written
// as the same bytes, and no sequence of entries brings a ledger past its budget.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "domain/privacy/budget/answer.h"
#include "domain/privacy/budget/peer_ledger.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode;
  using namespace equinode::budget;
  const ByteView bytes(data, size);
  if (const auto answer = NoisyAnswer::FromBytes(bytes); answer.ok()) {
    if (!std::ranges::equal(answer->bytes(), bytes)) std::abort();
  }
  // Entries one after another, each with two bytes of length before it.
  Ledger ledger;
  for (ByteView rest = bytes; rest.size() >= 2;) {
    const std::size_t length =
        std::min<std::size_t>(std::size_t{rest[0]} << 8 | rest[1], rest.size() - 2);
    const ByteView one = rest.subspan(2, length);
    rest = rest.subspan(2 + length);
    auto entry = DecodeEntry(one);
    if (!entry.ok()) continue;
    if (!std::ranges::equal(EncodeEntry(*entry), one)) std::abort();
    entry->number = ledger.head().count + 1;
    const LedgerHead before = ledger.head();
    const bool appended = ledger.Append(*entry).ok();
    if (!appended && ledger.head() != before) std::abort();
    if (!appended) continue;
    const auto* charged = std::get_if<Charged>(&entry->what);
    if (charged == nullptr) continue;
    const int year = YearOf(charged->period).value();
    if (ledger.Spent(year) > ledger.Budget(year)) std::abort();
    if (ledger.ChargeFor(charged->request) != charged->rho) std::abort();
  }
  return 0;
}
