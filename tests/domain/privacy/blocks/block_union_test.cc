#include "domain/privacy/blocks/block_union.h"

#include <gtest/gtest.h>

namespace equinode::blocks {
namespace {

class BlockUnionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::vector<DeclaredBlock> declared = {{"a", {}, ""}, {"b", {}, ""}, {"c", {}, ""}};
    std::vector<Panel> panels;
    for (DeclaredBlock& block : declared) {
      for (int i = 1; i <= (block.id == "c" ? 3 : 5); ++i) {
        block.practices.push_back(block.id + std::to_string(i));
        panels.push_back({block.practices.back(), 100});
      }
    }
    declared[0].practices.push_back("silent");
    partition_ = Partition::Form(declared, panels, {}).value();
  }
  std::string Blocks(const std::vector<std::string>& ids) {
    return Said(BlockUnion::OfBlocks(*partition_, ids));
  }
  std::string Practices(const std::vector<std::string>& practices) {
    return Said(BlockUnion::OfPractices(*partition_, practices));
  }
  static std::string Said(const Result<BlockUnion>& chosen) {
    if (!chosen.ok()) return chosen.error().reason;
    std::string said;
    for (const std::string& id : chosen->blocks()) said += id + " ";
    return said + std::to_string(chosen->practices().size()) + " " +
           std::to_string(chosen->people());
  }
  std::optional<Partition> partition_;
};

TEST_F(BlockUnionTest, IsOfWholeBlocks) {
  EXPECT_EQ(Blocks({"a"}), "a 5 500");
  EXPECT_EQ(Blocks({"b", "a"}), "a b 10 1000");
  EXPECT_EQ(Practices({"b1", "b2", "b3", "b5", "b4"}), "b 5 500");
  EXPECT_EQ(Practices({"b1", "b2", "b3", "b5", "b4", "a1", "a2", "a3", "a4", "a5"}), "a b 10 1000");
}

TEST_F(BlockUnionTest, RefusesAPartOfABlock) {
  EXPECT_EQ(Practices({"a1", "a2", "a3", "a4"}), "NOT_WHOLE_BLOCKS");
  EXPECT_EQ(Practices({"a1"}), "NOT_WHOLE_BLOCKS");
  EXPECT_EQ(Practices({"a1", "a2", "a3", "a4", "a5", "b1"}), "NOT_WHOLE_BLOCKS");
}

TEST_F(BlockUnionTest, RefusesWhatIsWithheldUnknownTwiceOrNothing) {
  EXPECT_EQ(Blocks({}), "NO_BLOCKS");
  EXPECT_EQ(Practices({}), "NO_BLOCKS");
  EXPECT_EQ(Blocks({"a", "a"}), "BLOCK_TWICE");
  EXPECT_EQ(Practices({"a1", "a1"}), "PRACTICE_TWICE");
  EXPECT_EQ(Blocks({"z"}), "NO_SUCH_BLOCK");
  EXPECT_EQ(Blocks({"a", "c"}), "BLOCK_WITHHELD");
  EXPECT_EQ(Practices({"c1", "c2", "c3"}), "BLOCK_WITHHELD");
  EXPECT_EQ(Practices({"silent"}), "NO_SUCH_PRACTICE");
  EXPECT_EQ(Practices({"a1", "a2", "a3", "a4", "a5", "silent"}), "NO_SUCH_PRACTICE");
}

}  // namespace
}  // namespace equinode::blocks
