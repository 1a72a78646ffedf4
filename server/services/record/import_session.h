// Private to server/services/record: the node's end of one import.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "server/rpc/method.h"
#include "server/services/record/record.h"

namespace equinode {

// Frames are read here, on the pool, while those before them wait for the writer and share its
// commits. They take effect in their order or not at all: once one has failed, none after it does,
// so a cursor never stands beyond what is in the store.
class ImportSession final : public StreamSession {
 public:
  // So many frames may wait for the writer; the next waits for one of them.
  static constexpr std::size_t kUnderWay = 16;

  ImportSession(std::shared_ptr<const RecordDeps> deps, Call call,
                std::shared_ptr<OpenStream> stream);

  Status OnMessage(std::string message) override;
  Status OnHalfClose() override;

 private:
  // Shared with the writes that are under way, which may outlive the session.
  struct State {
    std::shared_ptr<OpenStream> stream{};
    bool failed = false;  // Writer thread only: inside bodies and their hooks.

    std::mutex mutex{};
    std::condition_variable room{};
    std::size_t under_way = 0;     // Guarded by mutex.
    std::optional<Error> error{};  // Guarded by mutex: of the first frame that failed.
    bool half_closed = false;      // Guarded by mutex.

    void Done(const Status& done, std::string answer);
  };

  const std::shared_ptr<const RecordDeps> deps_;
  const Call call_;
  const std::shared_ptr<State> state_;
  std::uint64_t frames_ = 0;
};

}  // namespace equinode
