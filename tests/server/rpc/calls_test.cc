// Calls and streams through the real port: mutual TLS over loopback.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/server/rpc/gate_node.h"

namespace equinode::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RpcCalls, AnEnrolledPeerIsAnsweredByItsUri) {
  GateNode node;
  node.Start();
  const auto answer = node.GoodCall();
  ASSERT_TRUE(answer.ok()) << answer.error().reason << " " << answer.error().message;
  EXPECT_EQ(*answer, node.peer_uri() + " hello");
  ASSERT_EQ(node.entries().size(), 1u);
  EXPECT_EQ(node.entries()[0].actor, node.peer_uri());
  EXPECT_EQ(node.entries()[0].action, kEcho);
  EXPECT_EQ(node.entries()[0].outcome, "OK");
}

TEST(RpcCalls, AStreamEchoesAndEndsInGoodOrder) {
  GateNode node;
  node.Start();
  const auto channel = node.Dial(node.peer());
  auto stream = channel->OpenStream(kStream);
  ASSERT_TRUE(stream.ok());
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE((*stream)->Write("m" + std::to_string(i)).ok());
    const auto read = (*stream)->Read(seconds{5});
    ASSERT_TRUE(read.ok());
    ASSERT_TRUE(read->has_value());
    EXPECT_EQ(**read, "m" + std::to_string(i));
  }
  (*stream)->HalfClose();
  const auto end = (*stream)->Read(seconds{5});
  ASSERT_TRUE(end.ok());
  EXPECT_FALSE(end->has_value());
  EXPECT_TRUE((*stream)->ended());
  EXPECT_TRUE((*stream)->Finish().ok());
}

TEST(RpcCalls, AnErrorTravelsWithItsReason) {
  GateNode node;
  node.Add(GateNode::Unary("/equinode.test.Gate/Fail", [](Call&, std::string_view) {
    return Result<std::string>(Error{Code::kFailedPrecondition, "NOT_TODAY", "come back tomorrow"});
  }));
  node.Start();
  const auto answer = node.Dial(node.peer())->CallBytes("/equinode.test.Gate/Fail", "", seconds{5});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error(), (Error{Code::kFailedPrecondition, "NOT_TODAY", "come back tomorrow"}));
  ASSERT_EQ(node.entries().size(), 1u);
  EXPECT_EQ(node.entries()[0].outcome, "NOT_TODAY");
}

}  // namespace
}  // namespace equinode::testing
