#include "domain/access/identity.h"

#include <gtest/gtest.h>

namespace equinode {
namespace {

TEST(Identity, ReadsANodeAndAnOperator) {
  const auto node = ParseIdentity("spiffe://net.example/practice/oak-street");
  ASSERT_TRUE(node.ok());
  EXPECT_EQ(node->role, Role::kPractice);
  EXPECT_EQ(node->organisation, "oak-street");
  EXPECT_FALSE(node->is_operator());
  const auto person = ParseIdentity("spiffe://net.example/practice/oak-street/operator/ana");
  ASSERT_TRUE(person.ok());
  EXPECT_TRUE(person->is_operator());
  EXPECT_EQ(person->node_uri(), node->uri);
}

struct Case {
  const char* name;
  std::string uri;
};
class BadIdentity : public ::testing::TestWithParam<Case> {};
TEST_P(BadIdentity, IsRefused) { EXPECT_FALSE(ParseIdentity(GetParam().uri).ok()); }
INSTANTIATE_TEST_SUITE_P(
    All, BadIdentity,
    ::testing::Values(
        Case{"Empty", ""}, Case{"Https", "https://n/practice/a"},
        Case{"NoOrganisation", "spiffe://n/practice"},
        Case{"TrailingSlash", "spiffe://n/practice/a/"}, Case{"DotDot", "spiffe://n/practice/../a"},
        Case{"Percent", "spiffe://n/practice/%61"}, Case{"Capital", "spiffe://n/practice/A"},
        Case{"Query", "spiffe://n/practice/a?x=1"}, Case{"User", "spiffe://u@n/practice/a"},
        Case{"Space", "spiffe://n/practice/a "},
        Case{"Nul", std::string("spiffe://n/practice/a\0b", 23)},
        Case{"Newline", "spiffe://n/practice/a\n"}, Case{"OtherRole", "spiffe://n/hub/a"},
        Case{"NotOperator", "spiffe://n/practice/a/user/b"},
        Case{"Deeper", "spiffe://n/practice/a/operator/b/c"},
        Case{"LongPart", "spiffe://n/practice/" + std::string(65, 'a')}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace equinode
