#include "base/id.h"

#include <gtest/gtest.h>

namespace equinode {
namespace {

TEST(Uuid, CarriesVersionVariantAndTime) {
  SeededRandom random(1);
  const Uuid id = Uuid::MakeV7(Instant{Millis{0x0123456789ab}}, random);
  const std::string text = id.ToString();
  EXPECT_EQ(text.substr(0, 13), "01234567-89ab");
  EXPECT_EQ(text[14], '7');
  EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
  EXPECT_EQ(*Uuid::Parse(text), id);
}

TEST(Uuid, LaterIsGreater) {
  SeededRandom random(1);
  EXPECT_LT(Uuid::MakeV7(Instant{Millis{1}}, random), Uuid::MakeV7(Instant{Millis{2}}, random));
}

TEST(Uuid, RefusesOtherShapes) {
  EXPECT_FALSE(Uuid::Parse("").ok());
  EXPECT_FALSE(Uuid::Parse("0123456789abcdef0123456789abcdef").ok());
  EXPECT_FALSE(Uuid::Parse("01234567-89AB-7000-8000-000000000000").ok());
  EXPECT_FALSE(Uuid::Parse("01234567-89ab-7000-8000-00000000000g").ok());
  EXPECT_FALSE(Uuid::FromBytes(Bytes(15)).ok());
}

}  // namespace
}  // namespace equinode
