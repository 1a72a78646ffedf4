// Records into frames, and the node's answers back to the lines that they came from.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "client/import/importer.h"

namespace equinode {

// One thread.
class FrameMaker {
 public:
  static constexpr std::size_t kMaxRecords = 300;
  static constexpr std::size_t kFullBytes = 512 * 1024;
  static constexpr std::size_t kMaxBody = 256 * 1024;

  // All must outlive the maker.
  FrameMaker(const ImportOptions& options, const ImportSink& sink, ImportReport& report);

  // What follows comes from this file.
  void BeginFile(std::string name);
  // The line ends here, and what was wrong with it is on the list: once the frames with what came
  // before it are answered, the cursor may stand here.
  void EndLine(const ImportCursor& cursor) { safe_ = cursor; }

  // `label` is for rejected.csv. A body over 256 KiB is refused.
  Status Add(ImportedRecord record, std::vector<ImportAlias> aliases, std::uint64_t line,
             std::string label);
  Status Reject(std::uint64_t line, std::string label, const Error& why);
  void PassOver(std::string_view type);
  void Unmapped(const std::string& payor);

  // Hands over a frame that is full.
  Status Cut();
  // Hands over what there is. A file that has cursors ends its frame so: a frame is of one of them.
  Status Flush();
  // Flush, wait for every answer, tell the last cursors and, unless the import was stopped, the end
  // of the feed, and fill the report.
  Status Finish(const std::string& feed);

  std::uint64_t records() const { return records_; }
  // The sink returned an error: the import is over, whatever the file is like.
  bool failed() const { return failed_; }

 private:
  // Where a record of a frame came from.
  struct Place {
    std::uint32_t file = 0;
    std::uint64_t line = 0;
    std::string label{};
  };
  struct UnderWay {
    std::uint64_t number = 0;
    std::vector<Place> places{};
    std::vector<ImportCursor> cursors{};  // Where the files stand once this is answered.
    bool end = false;
  };
  Status Send(ImportFrame frame, UnderWay under_way);
  Status Settle();
  Status SendEnd(const std::string& feed);
  Status Take(Result<std::vector<FrameAnswer>> answers);
  Status TakeOne(const FrameAnswer& answer);
  Status Write(RejectedLine line);

  const ImportOptions& options_;
  const ImportSink& sink_;
  ImportReport& report_;
  ImportFrame frame_{};
  std::size_t bytes_ = 0;
  std::vector<Place> places_{};
  std::deque<UnderWay> under_way_{};
  std::vector<std::string> files_{};
  ImportCursor safe_{};
  std::vector<ImportCursor> answered_{};  // To be told with the next frames, one a file.
  bool more_ = false;                     // Of the last end.
  std::uint64_t frames_ = 0;
  std::uint64_t records_ = 0;
  bool failed_ = false;
  std::unordered_map<std::string, std::uint64_t> unmapped_{};
};

}  // namespace equinode
