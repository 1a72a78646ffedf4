// What a node looks at once a second: its keys, the revocation list, its snapshot, its clock.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace equinode {

class Housekeeping {
 public:
  explicit Housekeeping(Millis every) : every_(every) {}
  ~Housekeeping() { Stop(); }

  // Before Start. Chores run one after the other on one thread.
  void Add(std::function<void()> chore) { chores_.push_back(std::move(chore)); }
  void Start();
  // Returns when the chore under way is done.
  void Stop();

 private:
  void Run();

  const Millis every_;
  std::vector<std::function<void()>> chores_{};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // Guarded by mutex_.
  std::thread thread_{};
};

}  // namespace equinode
