// Rule R7: what arrives is bounded. Rates, counts, sizes, time, connections, streams.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <future>
#include <thread>

#include "tests/server/rpc/gate_node.h"

namespace equinode::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Limits, ACallerOverItsRateIsToldWhenToComeBackAndOthersAreNot) {
  RpcOptions options = GateNode::Quick();
  options.calls = {2, 3};
  GateNode node(options);
  const TestCert other = node.pki().Node("qhio", "exchange");
  node.enrolment().Enrol(other);
  node.Start();
  const auto channel = node.Dial(node.peer());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(channel->CallBytes(kEcho, "", seconds{5}).ok());
  const auto refused = channel->CallBytes(kEcho, "", seconds{5});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::kResourceExhausted);
  EXPECT_EQ(refused.error().reason, "TOO_MANY_CALLS");
  EXPECT_TRUE(node.Dial(other)->CallBytes(kEcho, "", seconds{5}).ok());
  node.clock().Advance(milliseconds{500});
  EXPECT_TRUE(channel->CallBytes(kEcho, "", seconds{5}).ok());
  EXPECT_FALSE(channel->CallBytes(kEcho, "", seconds{5}).ok());
  node.clock().Advance(-minutes{60});  // A clock put back neither fills nor blocks for ever.
  EXPECT_FALSE(channel->CallBytes(kEcho, "", seconds{5}).ok());
  node.clock().Advance(minutes{61});
  EXPECT_TRUE(channel->CallBytes(kEcho, "", seconds{5}).ok());
}

TEST(Limits, ManyCallsAtOnceOfOneCallerAreRefusedAndTheSlotsComeBack) {
  RpcOptions options = GateNode::Quick();
  options.calls_at_once = 2;
  GateNode node(options);
  Latch latch;
  node.Add(Waiting(latch));
  node.Start();
  const auto channel = node.Dial(node.peer());
  std::vector<std::future<Result<std::string>>> held;
  for (int i = 0; i < 2; ++i) {
    held.push_back(
        std::async(std::launch::async, [&] { return channel->CallBytes(kWait, "", seconds{20}); }));
  }
  latch.WaitForWaiters(2);
  EXPECT_EQ(channel->CallBytes(kEcho, "", seconds{5}).error().reason, "TOO_MANY_CALLS_AT_ONCE");
  latch.Open();
  for (auto& call : held) EXPECT_TRUE(call.get().ok());
  EXPECT_TRUE(node.ThreeGoodCalls());
}

// The slot is free before the answer arrives, or a quick caller would be refused at random.
TEST(Limits, ACallerMayCallAgainAsSoonAsItHasItsAnswer) {
  RpcOptions options = GateNode::Quick();
  options.calls_at_once = 1;
  GateNode node(options);
  node.Start();
  const auto channel = node.Dial(node.peer());
  for (int i = 0; i < 500; ++i) {
    const auto answer = channel->CallBytes(kEcho, "", seconds{5});
    ASSERT_TRUE(answer.ok()) << i << " " << answer.error().reason;
  }
}

TEST(Limits, WhenAllWorkersAreBusyAndTheQueueIsFullTheNextCallIsToldToWait) {
  RpcOptions options = GateNode::Quick();
  options.workers = 1;
  options.most_waiting = 1;
  GateNode node(options);
  Latch latch;
  node.Add(Waiting(latch));
  node.Start();
  const auto channel = node.Dial(node.peer());
  const auto call = [&](const char* path) {
    return std::async(std::launch::async,
                      [&channel, path] { return channel->CallBytes(path, "", seconds{30}); });
  };
  auto running = call(kWait);
  latch.WaitForWaiters(1);
  // Of five more one waits for the worker; the others hear at once.
  std::vector<std::future<Result<std::string>>> more;
  for (int i = 0; i < 5; ++i) more.push_back(call(kEcho));
  const auto waits = [](const auto& one) {
    return one.wait_for(seconds{0}) == std::future_status::timeout;
  };
  while (std::count_if(more.begin(), more.end(), waits) > 1) std::this_thread::yield();
  latch.Open();
  EXPECT_TRUE(running.get().ok());
  int answered = 0;
  for (auto& one : more) {
    const auto result = one.get();
    answered += result.ok() ? 1 : 0;
    if (!result.ok()) {
      EXPECT_EQ(result.error().code, Code::kResourceExhausted);
      EXPECT_EQ(result.error().reason, "BUSY");
    }
  }
  EXPECT_EQ(answered, 1);
}

TEST(Limits, AMessageAtTheLimitIsTakenAndOneByteMoreIsNot) {
  GateNode node;
  Method small = GateNode::Unary("/equinode.test.Gate/Small", [](Call&, std::string_view request) {
    return Result<std::string>(std::to_string(request.size()));
  });
  small.max_request_bytes = 1000;
  node.Add(small);
  Method large = GateNode::Unary("/equinode.test.Gate/Large", [](Call&, std::string_view request) {
    return Result<std::string>(std::to_string(request.size()));
  });
  large.max_request_bytes = 1024 * 1024;
  node.Add(large);
  node.Start();
  const auto channel = node.Dial(node.peer());
  const auto call = [&](const std::string& path, std::size_t size) {
    return channel->CallBytes(path, std::string(size, 'x'), seconds{10});
  };
  EXPECT_TRUE(call(small.path, 0).ok());
  EXPECT_TRUE(call(small.path, 1000).ok());
  EXPECT_EQ(call(small.path, 1001).error().reason, "MESSAGE_TOO_LARGE");
  EXPECT_TRUE(call(large.path, 1024 * 1024).ok());
  EXPECT_EQ(call(large.path, 1024 * 1024 + 1).error().reason, "MESSAGE_TOO_LARGE");
  // Larger than any message may be: the transport itself refuses, on a connection by hand because
  // our own channel would not send it.
  RawHttp2 client(node.port(), node.Raw(node.peer()));
  ASSERT_TRUE(client.Open());
  client.SendHeaders(1, large.path);
  client.SendMessage(1, std::string(1200 * 1024, 'x'));
  EXPECT_EQ(client.WaitStatus(1), kResourceExhausted);
  EXPECT_TRUE(node.ThreeGoodCalls());
}

std::size_t ResidentMegabytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  file >> size >> resident;
  return resident * 4096 / (1024 * 1024);
}

// The address sanitizer keeps what was freed.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kSlack = 600;
#else
constexpr std::size_t kSlack = 100;
#endif

// gRPC would take in all of it and measure then.
TEST(Limits, TI06AMessageThatIsAnnouncedAsTwoGigabytesCostsNoMoreThanTheBound) {
  for (const char* path : {kEcho, kStream}) {
    RpcOptions options = GateNode::Quick();
    options.transport_memory = 48u * 1024 * 1024;
    GateNode node(options);
    node.Start();
    ASSERT_TRUE(node.GoodCall().ok());
    const std::size_t before = ResidentMegabytes();
    RawHttp2 client(node.port(), node.Raw(node.peer()));
    ASSERT_TRUE(client.Open());
    client.SendHeaders(1, path);
    client.SendData(1, std::string("\0\x7f\xff\xff\xff", 5));
    const std::string chunk(4 * 1024 * 1024, 'x');
    int sent = 0;
    while (sent < 100 && client.SendData(1, chunk)) ++sent;
    EXPECT_LT(sent, 50) << "nothing ended it";
    EXPECT_LT(ResidentMegabytes(), before + kSlack);
    EXPECT_TRUE(node.ThreeGoodCalls());
  }
}

TEST(Limits, TI05HeadersAndThenNothingEndAtTheMethodsOwnDeadline) {
  GateNode node;
  Method quick = GateNode::Unary("/equinode.test.Gate/Quick", [](Call&, std::string_view) {
    return Result<std::string>("done");
  });
  quick.deadline = milliseconds{300};
  node.Add(quick);
  node.Start();
  RawHttp2 client(node.port(), node.Raw(node.peer()));
  ASSERT_TRUE(client.Open());
  client.SendHeaders(1, quick.path);
  EXPECT_EQ(client.WaitStatus(1), kDeadlineExceeded);
  // A timeout that cannot be read does not mean "for ever".
  for (const char* timeout : {"-1S", "x", "999999999S", ""}) {
    RawHttp2 odd(node.port(), node.Raw(node.peer()));
    ASSERT_TRUE(odd.Open());
    odd.SendHeaders(1, quick.path, {{"grpc-timeout", timeout}});
    EXPECT_NE(odd.WaitStatus(1, seconds{5}), RawHttp2::kSilence) << timeout;
  }
  EXPECT_TRUE(node.ThreeGoodCalls());
}

TEST(Limits, ACallerGetsNoMoreStreamsThanItsShareAndOldOnesAreEnded) {
  RpcOptions options = GateNode::Quick();
  options.streams_at_once = 2;
  options.max_stream_age = milliseconds{2500};
  GateNode node(options);
  node.Start();
  const auto channel = node.Dial(node.peer());
  std::vector<std::unique_ptr<MessageStream>> streams;
  for (int i = 0; i < 2; ++i) {
    streams.push_back(std::move(channel->OpenStream(kStream)).value());
    ASSERT_TRUE(streams.back()->Write("x").ok());
    ASSERT_TRUE((*streams.back()->Read(seconds{5})).has_value());
  }
  const auto third = std::move(channel->OpenStream(kStream)).value();
  EXPECT_EQ(third->Read(seconds{5}).error().reason, "TOO_MANY_STREAMS");
  for (const auto& stream : streams) {
    EXPECT_EQ(stream->Read(seconds{5}).error().reason, "STREAM_TOO_OLD");
  }
  const auto again = std::move(channel->OpenStream(kStream)).value();
  ASSERT_TRUE(again->Write("x").ok());
  EXPECT_TRUE(again->Read(seconds{5}).ok());
}

TEST(Limits, WhoLeavesAStreamMakesRoomAndNobodyTakesAnothersShare) {
  RpcOptions options = GateNode::Quick();
  options.streams_at_once = 1;
  GateNode node(options);
  node.Start();
  const auto open = [](Channel& channel) {
    auto stream = std::move(channel.OpenStream(kStream)).value();
    static_cast<void>(stream->Write("x"));  // One that is refused may be gone already.
    return stream;
  };
  const auto mine = node.Dial(node.peer());
  const TestCert neighbour = node.pki().Node("practice", "neighbour");
  node.enrolment().Enrol(neighbour);
  const auto theirs = node.Dial(neighbour);
  auto first = open(*mine);
  ASSERT_TRUE((*first->Read(seconds{5})).has_value());
  EXPECT_EQ(open(*mine)->Read(seconds{5}).error().reason, "TOO_MANY_STREAMS");
  // From another connection too: a share is of a caller.
  const auto mine_again = node.Dial(node.peer());
  EXPECT_EQ(open(*mine_again)->Read(seconds{5}).error().reason, "TOO_MANY_STREAMS");
  const auto other = open(*theirs);
  EXPECT_TRUE((*other->Read(seconds{5})).has_value());
  first->Cancel();
  first.reset();
  const auto until = std::chrono::steady_clock::now() + seconds{10};
  bool let_in = false;
  while (!let_in && std::chrono::steady_clock::now() < until) {
    const auto read = open(*mine)->Read(seconds{5});
    let_in = read.ok() && read->has_value();
    if (!let_in) std::this_thread::sleep_for(milliseconds{20});
  }
  EXPECT_TRUE(let_in);
}

// The session's pace is the sender's pace: nothing is read that nobody has room for.
TEST(Limits, AStreamWhoseSessionIsSlowHoldsItsSenderBack) {
  GateNode node;
  Latch latch;
  std::atomic<int> seen = 0;
  class Slow final : public StreamSession {
   public:
    Slow(Latch& latch, std::atomic<int>& seen) : latch_(latch), seen_(seen) {}
    Status OnMessage(std::string) override {
      ++seen_;
      latch_.Wait();
      return Ok();
    }
    Status OnHalfClose() override { return Ok(); }

   private:
    Latch& latch_;
    std::atomic<int>& seen_;
  };
  Method slow;
  slow.path = "/equinode.test.Gate/Slow";
  slow.max_request_bytes = 1024 * 1024;
  slow.stream = [&](Call&, std::shared_ptr<OpenStream>) {
    return Result<std::unique_ptr<StreamSession>>(std::make_unique<Slow>(latch, seen));
  };
  node.Add(slow);
  node.Start();
  const auto channel = node.Dial(node.peer());
  const auto stream = std::move(channel->OpenStream(slow.path)).value();
  std::atomic<int> written = 0;
  auto writer = std::async(std::launch::async, [&] {
    for (int i = 0; i < 100; ++i) {
      if (!stream->Write(std::string(500 * 1024, 'x')).ok()) return;
      ++written;
    }
  });
  latch.WaitForWaiters(1);
  EXPECT_EQ(writer.wait_for(seconds{1}), std::future_status::timeout);
  EXPECT_LT(written, 30);
  EXPECT_EQ(seen, 1);
  latch.Open();
  writer.get();
  EXPECT_EQ(written, 100);
}

TEST(Limits, ACallerThatDoesNotReadIsDroppedBeforeItFillsTheMemory) {
  GateNode node;
  std::shared_ptr<OpenStream> kept;
  std::mutex mutex;
  Method flood;
  flood.path = "/equinode.test.Gate/Flood";
  flood.stream = [&](Call&,
                     std::shared_ptr<OpenStream> open) -> Result<std::unique_ptr<StreamSession>> {
    const std::lock_guard lock(mutex);
    kept = open;
    return std::unique_ptr<StreamSession>(std::make_unique<EchoSession>(open));
  };
  node.Add(flood);
  node.Start();
  RawHttp2 deaf(node.port(), node.Raw(node.peer()));
  ASSERT_TRUE(deaf.Open());
  deaf.SendHeaders(1, flood.path);
  std::shared_ptr<OpenStream> open;
  while (open == nullptr) {
    std::this_thread::yield();
    const std::lock_guard lock(mutex);
    open = kept;
  }
  std::size_t most = 0;
  for (int i = 0; i < 100; ++i) {
    open->Send(std::string(1000 * 1024, 'x'));
    most = std::max(most, open->waiting_bytes());
  }
  EXPECT_LT(most, 20u * 1024 * 1024);
  EXPECT_LT(open->waiting_bytes(), 2u * 1024 * 1024);
  EXPECT_TRUE(node.ThreeGoodCalls());
  // A handle that is kept longer than the port itself does nothing.
  kept.reset();
  node.Stop();
  open->Send("x");
  open->Wake();
  open->Finish(Ok());
  EXPECT_EQ(open->waiting_bytes(), 0u);
}

// Sockets that say nothing.
class Crowd {
 public:
  ~Crowd() { Leave(); }
  int Add(std::uint16_t port) {
    const int fd = ConnectTcp(port);
    if (fd >= 0) fds_.push_back(fd);
    return fd;
  }
  void Leave() {
    for (const int fd : fds_) close(fd);
    fds_.clear();
  }

 private:
  std::vector<int> fds_;
};

TEST(Limits, TI01SilentConnectionsOfOneAddressAreBoundedAndEndInTime) {
  RpcOptions options = GateNode::Quick();
  options.max_connections_per_address = 10;
  options.handshake_timeout = milliseconds{3000};
  GateNode node(options);
  node.Start();
  Crowd crowd;
  for (int i = 0; i < 30; ++i) crowd.Add(node.port());
  EXPECT_FALSE(node.GoodCall().ok()) << "the address has its ten";
  // After the time for a handshake they are gone without our doing, and there is room again.
  const auto until = std::chrono::steady_clock::now() + seconds{15};
  while (!node.GoodCall().ok() && std::chrono::steady_clock::now() < until) {
  }
  EXPECT_TRUE(node.ThreeGoodCalls());
}

TEST(Limits, TI01DescriptorsThatRunOutComeBack) {
  GateNode node;
  node.Start();
  ASSERT_TRUE(node.GoodCall().ok());
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const int lowest = dup(0);
  close(lowest);
  const rlimit tight{static_cast<rlim_t>(lowest) + 40, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);
  {
    Crowd crowd;
    int refused = 0;
    for (int i = 0; i < 200 && refused < 20; ++i) refused += crowd.Add(node.port()) < 0 ? 1 : 0;
    EXPECT_GE(refused, 20) << "the descriptors did not run out";
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(node.ThreeGoodCalls());
}

}  // namespace
}  // namespace equinode::testing
