// The dialler's and the loop's threads over streams in memory: what the thread sanitizer watches.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "server/exchange/methods.h"
#include "server/jobs/dialler.h"
#include "server/jobs/exchange_loop.h"
#include "tests/server/jobs/memory_stream.h"
#include "tests/story/town.h"

namespace equinode::testing {
namespace {

const std::vector<RecordKind> kPeople = {RecordKind::kPerson};

// A node's core with the threads of production around it.
class Runner {
 public:
  Runner(Town& town, Resident& resident)
      : town_(town),
        resident_(resident),
        log_(-1, town.clock()),
        methods_(ExchangeMethods(resident.engine(), town.clock())),
        loop_(resident.engine(), town.clock(), log_) {
    loop_.Start();
  }
  // Dials whoever has an address; each stream breaks after a few messages, always others.
  void Dial(std::map<std::string, Runner*> others) {
    DiallerOptions options;
    options.look_every = std::chrono::milliseconds{20};
    options.first_wait = std::chrono::milliseconds{1};
    options.longest_wait = std::chrono::milliseconds{20};
    options.silence = std::chrono::seconds{2};
    options.good_order = std::chrono::milliseconds{200};
    dialler_ = std::make_unique<Dialler>(
        resident_.engine(), resident_.enrolment(), resident_.keys(), town_.clock(), random_, log_,
        [this, others](const Endpoint& endpoint, std::string_view path) {
          return Open(*others.at(endpoint.expected_uri), path);
        },
        options);
    dialler_->Start();
  }
  void Stop() { dialler_.reset(); }
  std::uint64_t opened() const { return opened_; }

 private:
  Result<std::unique_ptr<MessageStream>> Open(Runner& other, std::string_view path) {
    for (const Method& method : other.methods_) {
      if (method.path != path) continue;
      ++opened_;
      return OpenInMemory(method, resident_.uri(), town_.now(), 3 + random_.Below(6));
    }
    return Error{Code::kUnimplemented, "NO_SUCH_METHOD", "no such method"};
  }

  Town& town_;
  Resident& resident_;
  Log log_;
  SystemRandom random_{};
  const std::vector<Method> methods_;
  std::atomic<std::uint64_t> opened_{0};
  ExchangeLoop loop_;
  std::unique_ptr<Dialler> dialler_{};
};

TEST(JobsInMemory, RecordsArriveOnceEachOverStreamsThatBreakAllTheTime) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.Share(payer, kPeople);
  payer.Share(practice, kPeople);
  Runner at_practice(town, practice);
  Runner at_payer(town, payer);
  at_practice.Dial({{payer.uri(), &at_payer}});
  std::atomic<bool> stop{false};
  std::thread time([&] {
    while (!stop) {
      town.clock().Advance(Millis{50});
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  });
  for (int i = 0; i < 40; ++i) {
    practice.TakeIn(10);
    payer.TakeIn(5);
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  for (int i = 0; i < 3000; ++i) {
    if (payer.RowsFrom(practice) >= 400 && practice.RowsFrom(payer) >= 200) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  at_practice.Stop();
  stop = true;
  time.join();
  EXPECT_GT(at_practice.opened(), 4u) << "streams broke and came back";
  EXPECT_EQ(payer.RowsFrom(practice), 400u);
  EXPECT_EQ(practice.RowsFrom(payer), 200u);
  EXPECT_EQ(payer.RecordsFrom(practice), 400u);
  EXPECT_EQ(practice.RecordsFrom(payer), 200u);
}

}  // namespace
}  // namespace equinode::testing
