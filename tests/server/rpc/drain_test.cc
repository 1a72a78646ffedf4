// TF12: the end of the port, with calls and streams under way. And keys that change meanwhile.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "server/rpc/health.h"
#include "tests/server/rpc/gate_node.h"

namespace equinode::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

TEST(Drain, TF12OpenStreamsAreToldAndTheEndComesSoon) {
  GateNode node;
  node.Start();
  const auto channel = node.Dial(node.peer());
  std::vector<std::unique_ptr<MessageStream>> streams;
  for (int i = 0; i < 10; ++i) {
    streams.push_back(std::move(channel->OpenStream(kStream)).value());
    ASSERT_TRUE(streams.back()->Write("x").ok());
    ASSERT_TRUE(streams.back()->Read(seconds{5}).ok());
  }
  const auto begun = SteadyClock::now();
  EXPECT_TRUE(node.server().Drain(seconds{10}).ok());
  EXPECT_LT(SteadyClock::now() - begun, seconds{5});
  for (const auto& stream : streams) {
    const auto end = stream->Read(seconds{5});
    ASSERT_FALSE(end.ok());
    EXPECT_EQ(end.error().code, Code::kUnavailable);
    EXPECT_EQ(end.error().reason, "DRAINING");
  }
  EXPECT_TRUE(node.server().Drain(seconds{10}).ok()) << "twice";
  EXPECT_EQ(node.GoodCall().error().code, Code::kUnavailable);
}

TEST(Drain, TF12ACallInFlightIsAnswered) {
  GateNode node;
  Latch latch;
  node.Add(Waiting(latch));
  node.Start();
  const auto channel = node.Dial(node.peer());
  auto answer =
      std::async(std::launch::async, [&] { return channel->CallBytes(kWait, "", seconds{20}); });
  latch.WaitForWaiters(1);
  auto drained = std::async(std::launch::async, [&] { return node.server().Drain(seconds{10}); });
  auto second = std::async(std::launch::async, [&] { return node.server().Drain(seconds{10}); });
  latch.Open();
  EXPECT_TRUE(drained.get().ok());
  EXPECT_TRUE(second.get().ok());
  const auto result = answer.get();
  ASSERT_TRUE(result.ok()) << result.error().reason;
  EXPECT_EQ(*result, "done");
}

TEST(Drain, TF12AHandlerThatHangsAndAReaderThatDoesNotReadDoNotHoldItUp) {
  GateNode node;
  Latch latch;
  Latch flooded;
  node.Add(Waiting(latch));
  Method flood;
  flood.path = "/equinode.test.Gate/Flood";
  flood.stream = [&](Call&,
                     std::shared_ptr<OpenStream> open) -> Result<std::unique_ptr<StreamSession>> {
    for (int i = 0; i < 8; ++i) open->Send(std::string(500 * 1024, 'x'));
    flooded.Open();
    return std::unique_ptr<StreamSession>(std::make_unique<EchoSession>(open));
  };
  node.Add(std::move(flood));
  node.Start();
  const auto channel = node.Dial(node.peer());
  auto answer =
      std::async(std::launch::async, [&] { return channel->CallBytes(kWait, "", seconds{20}); });
  latch.WaitForWaiters(1);
  // Never reads: what was sent fills its window, the rest waits in our memory.
  RawHttp2 deaf(node.port(), node.Raw(node.peer()));
  ASSERT_TRUE(deaf.Open());
  deaf.SendHeaders(1, "/equinode.test.Gate/Flood");
  flooded.Wait();
  const auto begun = SteadyClock::now();
  const auto drained = node.server().Drain(seconds{1});
  EXPECT_LT(SteadyClock::now() - begun, seconds{4});
  ASSERT_FALSE(drained.ok());
  EXPECT_EQ(drained.error().reason, "HANDLERS_RUNNING");
  EXPECT_FALSE(answer.get().ok());
  latch.Open();
}

TEST(Drain, TF12StartedAndStoppedAtOnce) {
  for (int i = 0; i < 5; ++i) {
    GateNode node;
    node.Start();
  }
}

TEST(Keys, ASwappedRingIsUsedByTheNextConnectionAndOldStreamsGoOn) {
  GateNode node;
  node.Start();
  const auto before = node.Dial(node.peer());
  auto stream = before->OpenStream(kStream);
  ASSERT_TRUE((*stream)->Write("x").ok());
  ASSERT_TRUE((*stream)->Read(seconds{5}).ok());
  // A node of another name stands for the new certificate: whoever dials sees which one is shown.
  const TestCert renewed = node.pki().Node("payer", "plan-renewed");
  const std::string renewed_uri = renewed.certificate().uri_names().at(0);
  EXPECT_FALSE(node.Dial(node.peer(), renewed_uri)->CallBytes(kEcho, "", seconds{5}).ok());
  const auto swapped = SteadyClock::now();
  node.keys().Swap(node.Ring(renewed));
  EXPECT_TRUE(node.Dial(node.peer(), renewed_uri)->CallBytes(kEcho, "", seconds{5}).ok());
  const auto took = std::chrono::duration_cast<milliseconds>(SteadyClock::now() - swapped);
  RecordProperty("swap_to_first_handshake_ms", static_cast<int>(took.count()));
  ASSERT_TRUE((*stream)->Write("y").ok());
  const auto read = (*stream)->Read(seconds{5});
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(**read, "y");
}

TEST(Keys, AnAuthorityThatIsDroppedLetsNoNewConnectionIn) {
  GateNode node;
  node.Start();
  ASSERT_TRUE(node.GoodCall().ok());
  const TestPki other(node.pki().network());
  KeyRing ring = *node.keys().Get();
  ring.trust = other.trust();
  node.keys().Swap(std::make_shared<KeyRing>(std::move(ring)));
  RawHttp2 client(node.port(), node.Raw(node.peer()));
  EXPECT_EQ(client.Call(kEcho, "hello"), RawHttp2::kClosed);
}

TEST(SelfCall, AnswersOnlyWhenThePortReallyDoes) {
  GateNode node;
  node.Add(HealthMethod([] { return true; }));
  node.Start();
  const auto good = SelfCall(*node.keys().Get(), node.address(), seconds{5});
  EXPECT_TRUE(good.ok());
  // Key and certificate of two pairs: the port is open and answers no one.
  KeyRing broken = *node.keys().Get();
  broken.current.key = node.peer().key();
  GateNode deaf(GateNode::Quick(), node.pki());
  deaf.keys().Swap(std::make_shared<KeyRing>(broken));
  deaf.Start();
  EXPECT_FALSE(SelfCall(*node.keys().Get(), deaf.address(), seconds{5}).ok());
  // Somebody else's port.
  GateNode other;
  other.Start();
  const auto foreign = SelfCall(*node.keys().Get(), other.address(), seconds{5});
  ASSERT_FALSE(foreign.ok());
  EXPECT_EQ(foreign.error().reason, "WRONG_PEER");
}

}  // namespace
}  // namespace equinode::testing
