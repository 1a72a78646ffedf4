#include "domain/privacy/vdaf/turboshake.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "domain/privacy/vdaf/xof.h"

namespace equinode::vdaf {
namespace {

Bytes RandomBytes(SeededRandom& random, std::size_t size) {
  Bytes bytes(size);
  random.Fill(bytes);
  return bytes;
}

Bytes Squeezed(std::uint8_t domain, ByteView message, std::size_t size) {
  TurboShake128 sponge(domain);
  sponge.Absorb(message);
  Bytes out(size);
  sponge.Squeeze(out);
  return out;
}

TEST(TurboShake, PiecesMakeNoDifference) {
  SeededRandom random(1);
  for (int round = 0; round < 200; ++round) {
    const Bytes message = RandomBytes(random, random.Below(700));
    const Bytes whole = Squeezed(1, message, 600);
    TurboShake128 sponge(1);
    for (ByteView rest(message); !rest.empty();) {
      const std::size_t count = 1 + random.Below(rest.size());
      sponge.Absorb(rest.first(count));
      rest = rest.subspan(count);
    }
    Bytes out(whole.size());
    for (std::span<std::uint8_t> rest(out); !rest.empty();) {
      const std::size_t count = 1 + random.Below(rest.size());
      sponge.Squeeze(rest.first(count));
      rest = rest.subspan(count);
    }
    EXPECT_EQ(out, whole) << "message of " << message.size();
  }
}

TEST(TurboShake, TheEndOfAMessageCounts) {
  // Around the edges of a block a wrong padding would make two of these alike.
  std::vector<Bytes> seen;
  for (std::size_t size = 0; size <= 2 * TurboShake128::kRate + 1; ++size) {
    seen.push_back(Squeezed(1, Bytes(size, 0), 16));
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

TEST(TurboShake, DomainsAreApart) {
  EXPECT_NE(Squeezed(1, {}, 32), Squeezed(2, {}, 32));
  EXPECT_NE(Squeezed(1, {}, 32), Squeezed(0x7f, {}, 32));
}

TEST(Xof, TagSeedAndBinderDoNotRunTogether) {
  const Bytes a = {1, 2};
  const Bytes b = {1};
  const Bytes c = {2};
  const auto seed = [](ByteView s, ByteView t, ByteView i) {
    return XofTurboShake128::DeriveSeed(s, t, i);
  };
  EXPECT_FALSE(seed(a, {}, {}) == seed(b, {}, c));
  EXPECT_FALSE(seed({}, a, {}) == seed({}, b, c));
  EXPECT_FALSE(seed(c, b, {}) == seed({}, a, {}));
}

TEST(Xof, ABinderInPiecesIsTheBinder) {
  const Bytes binder = {1, 2, 3, 4, 5};
  XofTurboShake128 pieces(Bytes(32), binder, ByteView(binder).first(2));
  pieces.Bind(ByteView(binder).subspan(2));
  EXPECT_EQ(pieces.NextSeed(), XofTurboShake128::DeriveSeed(Bytes(32), binder, binder));
}

TEST(Xof, ElementsAreTheBytesOfTheStream) {
  // In every length, so that pieces and blocks end everywhere.
  for (std::size_t count = 0; count < 50; ++count) {
    WipedBytes bytes;
    EncodeVec<Field128>(XofTurboShake128::ExpandIntoVec<Field128>(Bytes(32), {}, {}, count), bytes);
    Bytes stream(bytes.size());
    XofTurboShake128(Bytes(32), {}, {}).Next(stream);
    EXPECT_EQ(ToHex(bytes), ToHex(stream));
  }
}

}  // namespace
}  // namespace equinode::vdaf
