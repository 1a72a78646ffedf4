// Every vector of the XOF and of the sponge below it, byte for byte.
#include <gtest/gtest.h>

#include <iostream>

#include "domain/privacy/vdaf/turboshake.h"
#include "domain/privacy/vdaf/xof.h"
#include "tests/domain/privacy/vdaf/vector_files.h"
#include "tests/support/reference.h"

namespace equinode::vdaf {
namespace {

using vectors::File;
using vectors::Hex;
using vectors::Json;

Bytes MessageOf(const Json& message) {
  if (message.is_string()) return Hex(message);
  EXPECT_EQ(message.at("pattern"), "i mod 251") << "a pattern that nobody knows";
  Bytes bytes(message.at("length").get<std::size_t>());
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i % 251);
  return bytes;
}

std::size_t CheckTurboShake(const Json& json) {
  std::size_t vectors = 0;
  for (const Json& vector : json.at("vectors")) {
    Bytes output(vector.at("output_length").get<std::size_t>());
    TurboShake128 sponge(vector.at("D").get<std::uint8_t>());
    sponge.Absorb(MessageOf(vector.at("message")));
    sponge.Squeeze(output);
    EXPECT_EQ(ToHex(output), vector.at("output").get<std::string>()) << "vector " << vectors;
    ++vectors;
  }
  EXPECT_GT(vectors, 0U);
  return vectors;
}

template <typename F>
std::size_t CheckExpanded(const Json& json, const char* key) {
  if (!json.contains(key)) return 0;
  const FieldVec<F> elements = XofTurboShake128::ExpandIntoVec<F>(
      Hex(json.at("seed")), Hex(json.at("dst")), Hex(json.at("binder")), json.at("length"));
  WipedBytes bytes;
  EncodeVec<F>(elements, bytes);
  EXPECT_EQ(ToHex(bytes), json.at(key).get<std::string>());
  return 1;
}

std::size_t CheckXof(const Json& json) {
  const Seed derived = XofTurboShake128::DeriveSeed(Hex(json.at("seed")), Hex(json.at("dst")),
                                                    Hex(json.at("binder")));
  EXPECT_EQ(ToHex(derived.view()), json.at("derived_seed").get<std::string>());
  const std::size_t expanded = CheckExpanded<Field64>(json, "expanded_vec_field64") +
                               CheckExpanded<Field128>(json, "expanded_vec_field128");
  EXPECT_GT(expanded, 0U);
  return 1 + expanded;
}

TEST(XofVectors, ByteForByte) {
  const std::vector<File> files = vectors::Read("xof");
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_FALSE(files.empty()) << "the folder has no such cases";
  for (const File& file : files) {
    SCOPED_TRACE(file.name);
    std::size_t checked = 0;
    if (file.json.contains("vectors")) {
      checked = CheckTurboShake(file.json);
    } else if (file.json.contains("derived_seed")) {
      checked = CheckXof(file.json);
    } else {
      ADD_FAILURE() << "nobody claims this file";
    }
    std::cout << "xof/" << file.name << ": " << checked << " vectors\n";
  }
}

}  // namespace
}  // namespace equinode::vdaf
