// The sink of an import: frames go to the node over one stream, some of them under way at a time;
// the node's answers come back in order.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "base/result.h"
#include "client/channel/channel.h"
#include "client/import/importer.h"

namespace equinode::cli {

// Used on the import's thread only.
class ImportStream {
 public:
  // The stream is opened with the first frame. `channel` must outlive this.
  explicit ImportStream(Channel& channel) : channel_(channel) {}

  Result<std::vector<FrameAnswer>> Send(ImportFrame&& frame);
  // Waits for the answers to all frames under way.
  Result<std::vector<FrameAnswer>> Settle();
  Result<std::optional<ImportCursor>> CursorOf(const std::string& file);
  // Ends the stream in good order, so that the node knows that nothing more comes.
  Status Finish();

 private:
  static constexpr std::size_t kUnderWay = 16;
  // One answer; waits for it.
  Status ReadOne(std::vector<FrameAnswer>* answers);
  Error Broken();

  Channel& channel_;
  std::unique_ptr<MessageStream> stream_{};
  std::deque<std::uint64_t> under_way_{};  // Numbers of frames without an answer.
};

}  // namespace equinode::cli
