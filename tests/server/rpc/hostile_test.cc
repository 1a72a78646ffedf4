// THREATS section 6, what is cheap of it: TI01, TI03, TI04, TI13. After each case the same process
// answers three fresh good calls.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/server/rpc/gate_node.h"

namespace equinode::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Hostile : public ::testing::Test {
 protected:
  Hostile() { node_.Start(); }
  ~Hostile() override { EXPECT_TRUE(node_.ThreeGoodCalls()); }
  std::unique_ptr<RawHttp2> Open() {
    auto client = std::make_unique<RawHttp2>(node_.port(), node_.Raw(node_.peer()));
    EXPECT_TRUE(client->Open());
    return client;
  }
  GateNode node_;
};

// Sends without TLS and waits for the end; what came back.
std::string InTheClear(std::uint16_t port, std::string_view bytes) {
  const int fd = ConnectTcp(port);
  EXPECT_GE(fd, 0);
  const timeval patience{8, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  EXPECT_EQ(send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  std::string answer;
  char buffer[4096];
  while (true) {
    const ssize_t got = recv(fd, buffer, sizeof(buffer), 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) answer = "STILL OPEN";
    if (got <= 0) break;
    answer.append(buffer, static_cast<std::size_t>(got));
  }
  close(fd);
  return answer;
}

TEST_F(Hostile, TI01ClearTextIsNotAnswered) {
  for (const std::string& bytes :
       {std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33),
        std::string("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), std::string(4096, '\xa5'),
        std::string("\x16\x03\x01\xff\xff", 5) + std::string(70000, 'x')}) {
    const std::string answer = InTheClear(node_.port(), bytes);
    EXPECT_NE(answer, "STILL OPEN");
    // At most a TLS alert.
    EXPECT_TRUE(answer.empty() || answer.front() == '\x15') << answer.size();
  }
  EXPECT_TRUE(node_.entries().empty());
}

TEST_F(Hostile, TI01Http11AndNoAlpnInsideTlsAreCutOff) {
  RawTlsOptions options = node_.Raw(node_.peer());
  {
    RawHttp2 client(node_.port(), options);
    client.Write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_TRUE(client.WaitClosed(seconds{8}));
  }
  options.alpn = false;
  RawHttp2 client(node_.port(), options);
  EXPECT_FALSE(client.Open());
}

TEST_F(Hostile, TI03HeadersThatEndOtherServersDoNotEndThisOne) {
  const RawHttp2::Headers cases[] = {
      {{"grpclb_client_stats", "x"}},
      {{"te", "x"}},
      {{":scheme", "ftp"}},
      {{"grpc-status-details-bin", "!!!not base64!!!"}},
      {{"x-bin", "===="}},
      {{"x-nul", std::string("a\0b", 3)}},
      {{"x-newline", "a\r\nb: c"}},
      {{"grpc-encoding", "nonsense"}},
      {{"grpc-encoding", "gzip"}},
      {{"grpc-internal-encoding-request", "gzip"}},
      {{"x-large", std::string(9 * 1024, 'a')}},
      {{"grpclb_client_stats", "x"}, {"te", "x"}, {"x-large", std::string(9 * 1024, 'a')}},
      {{"content-type", "application/json"}},
      {{"x-huge", std::string(16 * 1024 - 400, 'a')}},
  };
  int number = 0;
  for (const auto& headers : cases) {
    SCOPED_TRACE(number++);
    RawHttp2 client(node_.port(), node_.Raw(node_.peer()));
    EXPECT_NE(client.Call(kEcho, "hello", headers), RawHttp2::kSilence);
    EXPECT_TRUE(node_.GoodCall().ok());
  }
}

TEST_F(Hostile, TI04CompressionIsRefusedUnread) {
  auto client = Open();
  client->SendHeaders(1, kEcho, {{"grpc-encoding", "gzip"}});
  client->SendMessage(1, std::string(200 * 1024, 'z'), true, '\1');
  EXPECT_EQ(client->WaitStatus(1), kUnimplemented);
  // The flag without an encoding, and with one that nobody knows: never inflated, never an answer
  // to what was not said.
  for (const char* encoding : {"", "identity", "br"}) {
    auto odd = Open();
    odd->SendHeaders(
        1, kEcho, *encoding ? RawHttp2::Headers{{"grpc-encoding", encoding}} : RawHttp2::Headers{});
    odd->SendMessage(1, "hello", true, '\1');
    EXPECT_NE(odd->WaitStatus(1), RawHttp2::kSilence) << encoding;
  }
}

TEST_F(Hostile, TI04NoMessageAndTwoMessagesAreRefused) {
  auto client = Open();
  client->SendHeaders(1, kEcho, {}, true);
  EXPECT_EQ(client->WaitStatus(1), kInvalidArgument);
  client = Open();
  client->SendHeaders(1, kEcho);
  client->SendMessage(1, "one", false);
  client->SendMessage(1, "two", true);
  EXPECT_EQ(client->WaitStatus(1), kInvalidArgument);
  EXPECT_TRUE(node_.entries().empty()) << "the handler never ran";
}

TEST_F(Hostile, TI04LengthsThatLieAreRefused) {
  for (const std::string& prefix : {std::string("\0\xff\xff\xff\xff", 5),
                                    std::string("\0\0\0\0\x64", 5), std::string("\0\0", 2)}) {
    auto client = Open();
    client->SendHeaders(1, kEcho);
    client->SendData(1, prefix + "x", true);
    EXPECT_NE(client->WaitStatus(1), 0);
  }
}

// Sessions count themselves, and each message they were given whole.
class Counting final : public StreamSession {
 public:
  Counting(std::shared_ptr<OpenStream> stream, std::atomic<int>& alive, std::atomic<int>& messages)
      : stream_(std::move(stream)), alive_(alive), messages_(messages) {
    ++alive_;
  }
  ~Counting() override { --alive_; }
  Status OnMessage(std::string message) override {
    if (message == "whole") ++messages_;
    stream_->Send("ack");
    return Ok();
  }
  Status OnHalfClose() override {
    stream_->Finish(Ok());
    return Ok();
  }

 private:
  std::shared_ptr<OpenStream> stream_;
  std::atomic<int>& alive_;
  std::atomic<int>& messages_;
};

TEST(HostileStreams, TI13AStreamCutAnywhereGivesWholeMessagesOnlyAndItsSessionGoes) {
  GateNode node;
  std::atomic<int> alive = 0;
  std::atomic<int> messages = 0;
  Method counting;
  counting.path = "/equinode.test.Gate/Count";
  counting.stream = [&](Call&, std::shared_ptr<OpenStream> open) {
    return Result<std::unique_ptr<StreamSession>>(
        std::make_unique<Counting>(std::move(open), alive, messages));
  };
  node.Add(counting);
  node.Start();
  enum class Cut { kInsideMessage, kAfterMessage, kAfterHalfClose, kReset };
  for (const Cut cut :
       {Cut::kInsideMessage, Cut::kAfterMessage, Cut::kAfterHalfClose, Cut::kReset}) {
    SCOPED_TRACE(static_cast<int>(cut));
    const int before = messages;
    {
      RawHttp2 client(node.port(), node.Raw(node.peer()));
      ASSERT_TRUE(client.Open());
      client.SendHeaders(1, counting.path);
      client.SendMessage(1, "whole", false);
      while (client.data(1).empty()) client.WaitStatus(1, milliseconds{20});
      if (cut == Cut::kInsideMessage) client.SendData(1, std::string("\0\0\0\0\5who", 8));
      if (cut == Cut::kAfterHalfClose) client.SendData(1, "", true);
      if (cut == Cut::kReset) client.SendReset(1);
      client.Cut();
    }
    const auto until = std::chrono::steady_clock::now() + seconds{5};
    while ((alive > 0 || node.server().open_calls() > 0) &&
           std::chrono::steady_clock::now() < until) {
      std::this_thread::yield();
    }
    EXPECT_EQ(alive, 0) << "the session outlives its stream";
    EXPECT_EQ(node.server().open_calls(), 0u);
    EXPECT_EQ(messages, before + 1);
    EXPECT_TRUE(node.ThreeGoodCalls());
  }
}

TEST(HostileStreams, ManyStreamsOpenedAndCutAtOnceLeaveNothingBehind) {
  GateNode node;
  node.Start();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&node, t] {
      for (int i = 0; i < 25; ++i) {
        const auto channel = node.Dial(node.peer());
        const auto stream = std::move(channel->OpenStream(kStream)).value();
        if ((i + t) % 3 != 0) {
          const auto ignored = stream->Write(std::string(static_cast<std::size_t>(i) * 1000, 'x'));
          (void)ignored;
        }
        if ((i + t) % 4 == 1) {
          const auto ignored = stream->Read(milliseconds{i});
          (void)ignored;
        }
        if ((i + t) % 5 == 2) stream->HalfClose();
        stream->Cancel();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto until = std::chrono::steady_clock::now() + seconds{10};
  while (node.server().open_calls() > 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::yield();
  }
  EXPECT_EQ(node.server().open_calls(), 0u);
  EXPECT_TRUE(node.ThreeGoodCalls());
}

}  // namespace
}  // namespace equinode::testing
