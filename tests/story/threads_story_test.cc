// The same exchange with its threads: steps, streams, opening and sealing at once, while records
// keep coming and sessions come and go. For the thread sanitizer, which gRPC would blind.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/story/town.h"

namespace equinode::testing {
namespace {

class Pool {
 public:
  explicit Pool(int threads) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
  }
  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (std::thread& each : threads_) each.join();
  }
  void Post(std::function<void()> task) {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
  }

 private:
  void Work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return stop_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      const std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    }
  }
  std::mutex mutex_{};
  std::condition_variable wake_{};
  std::deque<std::function<void()>> tasks_{};  // Guarded by mutex_.
  bool stop_ = false;                          // Guarded by mutex_.
  std::vector<std::thread> threads_{};
};

// One stream on a thread of its own, opened anew now and then.
void Carry(Town& town, Resident& from, Resident& to, const std::atomic<bool>& stop) {
  while (!stop) {
    const auto push = from.engine().OpenPush(to.uri(), [] {});
    const auto take = to.engine().OpenTake(from.uri(), [] {});
    for (int i = 0; i < 300 && !stop; ++i) {
      const auto next = push->Next(town.now());
      ASSERT_TRUE(next.ok());
      if (*next) take->Offer(**next);
      const exchange::Answer answer = take->TakeAnswers();
      if (!answer.empty()) {
        ASSERT_TRUE(push->Answered(answer, town.now()).ok());
      }
      if (!*next && answer.empty()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    take->Close();
  }
}

TEST(ThreadsStory, RecordsThatComeAllTheTimeArriveOnceEach) {
  Pool pool(2);
  Town town;
  town.run_aside = [&pool](std::function<void()> task) { pool.Post(std::move(task)); };
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.Share(payer, kPeople);
  payer.Share(practice, kPeople);
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  threads.emplace_back([&] { Carry(town, practice, payer, stop); });
  threads.emplace_back([&] { Carry(town, payer, practice, stop); });
  for (Resident* each : {&practice, &payer}) {
    threads.emplace_back([&town, &stop, each] {
      while (!stop) {
        ASSERT_TRUE(each->engine().Step(town.now()).ok());
        town.clock().Advance(Millis{50});
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
      }
    });
  }
  for (int i = 0; i < 40; ++i) {
    practice.TakeIn(10);
    payer.TakeIn(5);
    (void)practice.State();
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  for (int i = 0; i < 3000; ++i) {
    if (payer.RowsFrom(practice) == 400 && practice.RowsFrom(payer) == 200) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  stop = true;
  for (std::thread& each : threads) each.join();
  ASSERT_TRUE(town.Settle());
  town.ExpectSound(practice, payer);
  town.ExpectSound(payer, practice);
}

}  // namespace
}  // namespace equinode::testing
