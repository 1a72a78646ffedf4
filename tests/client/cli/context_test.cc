#include "client/cli/context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "client/cli/files.h"

namespace equinode::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ContextTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "equinode-context-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    ::unsetenv("EQUINODE_CONTEXT");
    ::setenv("XDG_CONFIG_HOME", (folder_ / "config").c_str(), 1);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Put(const fs::path& name, const std::string& text, unsigned mode = 0600) {
    fs::create_directories((folder_ / name).parent_path());
    ASSERT_TRUE(WriteText(folder_ / name, text, mode).ok());
  }
  NodeOptions From(const fs::path& name) {
    NodeOptions options;
    options.context = folder_ / name;
    return options;
  }
  std::string Refusal(const NodeOptions& options) {
    const auto context = ResolveContext(options);
    return context.ok() ? "" : context.error().reason + ": " + context.error().message;
  }

  fs::path folder_{};
};

constexpr const char* kGood =
    "node = \"127.0.0.1:8440\"\nnode_uri = \"spiffe://n.test/practice/a\"\n"
    "trust = \"ca.pem\"\ncertificate = \"ann.pem\"\nkey = \"/keys/ann.key\"\n";

TEST_F(ContextTest, TakesFilesFromWhereTheContextLies) {
  Put("c.toml", kGood);
  const auto context = ResolveContext(From("c.toml"));
  ASSERT_TRUE(context.ok()) << context.error().message;
  EXPECT_EQ(context->node, "127.0.0.1:8440");
  EXPECT_EQ(context->certificate, folder_ / "ann.pem");
  EXPECT_EQ(context->key, "/keys/ann.key");
}

TEST_F(ContextTest, LetsTheCommandLineWin) {
  Put("c.toml", kGood);
  NodeOptions options = From("c.toml");
  options.node = "[::1]:9";
  const auto context = ResolveContext(options);
  ASSERT_TRUE(context.ok());
  EXPECT_EQ(context->node, "[::1]:9");
  EXPECT_EQ(context->node_uri, "spiffe://n.test/practice/a");
}

TEST_F(ContextTest, IsFoundInTheConfigurationFolder) {
  Put("config/equinode/context.toml", kGood);
  const auto context = ResolveContext(NodeOptions{});
  ASSERT_TRUE(context.ok()) << context.error().message;
  EXPECT_EQ(context->trust, folder_ / "config/equinode/ca.pem");
}

TEST_F(ContextTest, RefusesAFileThatOthersMayRead) {
  Put("c.toml", kGood, 0644);
  EXPECT_THAT(Refusal(From("c.toml")), HasSubstr("BAD_CONTEXT"));
  EXPECT_THAT(Refusal(From("c.toml")), HasSubstr("0600"));
}

TEST_F(ContextTest, NamesTheLineOfWhatItDoesNotKnow) {
  Put("c.toml", "node = \"a:1\"\nnodeuri = \"x\"\n");
  EXPECT_THAT(Refusal(From("c.toml")), HasSubstr("line 2: unknown key \"nodeuri\""));
  Put("c.toml", "node = 5\n");
  EXPECT_THAT(Refusal(From("c.toml")), HasSubstr("line 1: \"node\" is a text"));
  Put("c.toml", "node = \n");
  EXPECT_THAT(Refusal(From("c.toml")), HasSubstr("line 1"));
}

TEST_F(ContextTest, LettersBeyondAsciiStandInDoubleQuotes) {
  Put("c.toml",
      "trust = \"ñ.pem\"\ncertificate = \"a.pem\"\nkey = \"a.key\"\nnode = \"h:1\"  # é\n");
  const auto context = ResolveContext(From("c.toml"));
  ASSERT_TRUE(context.ok()) << context.error().message;
  EXPECT_EQ(context->trust, folder_ / "ñ.pem");
  Put("d.toml", "node = \"a:1\"\né = 2\"\xC3\xA9 \\\" x");
  EXPECT_NE(Refusal(From("d.toml")).find("d.toml, line 2: a letter beyond ASCII"),
            std::string::npos);
}

TEST_F(ContextTest, SaysWhatIsMissing) {
  EXPECT_THAT(Refusal(NodeOptions{}), HasSubstr("NO_CONTEXT: no node is named"));
  NodeOptions options;
  options.node = "127.0.0.1:1";
  EXPECT_THAT(Refusal(options), HasSubstr("NO_CONTEXT: nobody is named"));
  EXPECT_THAT(Refusal(From("nowhere.toml")), HasSubstr("there is no context file"));
}

TEST_F(ContextTest, FindsTheOneIdentityOfAFolder) {
  Put("id/ca.pem", "x");
  Put("id/ann.pem", "x");
  Put("id/ann.key", "x");
  Put("id/ann.1.pem", "x");  // The pair before a renewal.
  Put("id/ann.1.key", "x");
  Context context;
  ASSERT_TRUE(FindIdentity(folder_ / "id", &context).ok());
  EXPECT_EQ(context.key, folder_ / "id/ann.key");
  EXPECT_EQ(context.trust, folder_ / "id/ca.pem");
  Put("id/bob.pem", "x");
  Put("id/bob.key", "x");
  EXPECT_EQ(FindIdentity(folder_ / "id", &context).error().reason, "BAD_IDENTITY_FILES");
  EXPECT_EQ(FindIdentity(folder_ / "none", &context).error().reason, "NO_IDENTITY");
}

TEST_F(ContextTest, RefusesAKeyThatOthersMayRead) {
  Put("ca.pem", "x");
  Put("a.pem", "x");
  Put("a.key", "x", 0640);
  Context context;
  context.trust = folder_ / "ca.pem";
  context.certificate = folder_ / "a.pem";
  context.key = folder_ / "a.key";
  EXPECT_EQ(ReadIdentity(context).error().reason, "KEY_READABLE");
}

TEST_F(ContextTest, WritesWhatItReads) {
  Context context;
  context.node = "127.0.0.1:7";
  context.node_uri = "spiffe://n.test/payer/b";
  context.trust = folder_ / "with \"quotes\"/ca.pem";
  context.certificate = folder_ / "b.pem";
  context.key = folder_ / "b.key";
  Put("d.toml", ContextText(context));
  const auto read = ResolveContext(From("d.toml"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->trust, context.trust);
  EXPECT_EQ(read->node_uri, context.node_uri);
}

}  // namespace
}  // namespace equinode::cli
