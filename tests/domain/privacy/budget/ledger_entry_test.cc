#include "domain/privacy/budget/ledger_entry.h"

#include <gtest/gtest.h>

#include "tests/domain/privacy/budget/requests.h"

namespace equinode::budget {
namespace {

std::vector<LedgerEntry> OneOfEach() {
  const Digest one = Sha256(AsBytes("1"));
  const Digest two = Sha256(AsBytes("2"));
  return {
      {1, BudgetSet{2026, Rho(500'000'000)}, {}},
      {2, Charged{one, Quarter(2026, 1), two, {"east", "north+west"}, Rho(12'500'000)}, {7, two}},
      {3, Answered{one, two}, {9, one}}};
}

TEST(LedgerEntries, ReadAsTheyWereWritten) {
  for (const LedgerEntry& entry : OneOfEach()) {
    const Bytes bytes = EncodeEntry(entry);
    const auto read = DecodeEntry(bytes);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(*read, entry);
  }
}

TEST(LedgerEntries, AnythingElseIsRefusedOrAnotherEntry) {
  for (const LedgerEntry& entry : OneOfEach()) {
    const Bytes bytes = EncodeEntry(entry);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_EQ(Reason(DecodeEntry(ByteView(bytes).first(size))), "BAD_LEDGER_ENTRY");
    }
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_EQ(Reason(DecodeEntry(longer)), "BAD_LEDGER_ENTRY");
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      Bytes flipped = bytes;
      flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      const auto read = DecodeEntry(flipped);
      if (!read.ok()) continue;
      EXPECT_NE(*read, entry);
      EXPECT_NE(NextLedgerHash({}, *read), NextLedgerHash({}, entry));
    }
  }
}

}  // namespace
}  // namespace equinode::budget
