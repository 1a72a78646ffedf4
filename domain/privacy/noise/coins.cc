#include "domain/privacy/noise/coins.h"

#include <string.h>

#include <cstring>
#include <limits>

#include "domain/privacy/noise/wide.h"

namespace equinode::noise {

Coins::~Coins() { explicit_bzero(block_.data(), block_.size()); }

template <typename Word>
Word Coins::Next() {
  if (block_.size() - used_ < sizeof(Word)) {
    source_.Fill(block_);
    used_ = 0;
  }
  Word word = 0;
  std::memcpy(&word, block_.data() + used_, sizeof word);
  std::memset(block_.data() + used_, 0, sizeof word);
  used_ += sizeof word;
  return word;
}

template <typename Word, typename Product>
std::uint64_t Coins::BelowBy(Product bound) {
  // The product's high half is uniform once the low halves that come up once too often are drawn
  // again.
  constexpr int kBits = 8 * sizeof(Word);
  for (;;) {
    const Product product = static_cast<Product>(Next<Word>() * bound);
    const auto low = static_cast<Word>(product);
    if (low >= bound || low >= (Product{1} << kBits) % bound) {
      return static_cast<std::uint64_t>(product >> kBits);
    }
  }
}

std::uint64_t Coins::Below(std::uint64_t bound) {
  // Most bounds are 2 or 3: short words save most of the random bytes.
  if (bound <= 16) return BelowBy<std::uint8_t, std::uint32_t>(static_cast<std::uint32_t>(bound));
  if (bound <= std::numeric_limits<std::uint32_t>::max()) {
    return BelowBy<std::uint32_t, std::uint64_t>(bound);
  }
  return BelowBy<std::uint64_t, WideUnsigned>(bound);
}

}  // namespace equinode::noise
