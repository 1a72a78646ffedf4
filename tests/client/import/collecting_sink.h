// A sink that keeps what it is given and answers as it is told.
#pragma once

#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "client/import/importer.h"

namespace equinode {

class CollectingSink {
 public:
  ImportSink sink() {
    ImportSink functions;
    functions.frame = [this](ImportFrame&& frame) { return Take(std::move(frame)); };
    functions.settle = [this] { return Settle(); };
    functions.cursor_of = [this](const std::string& file) -> Result<std::optional<ImportCursor>> {
      const auto found = cursors.find(file);
      if (found == cursors.end()) return std::optional<ImportCursor>{};
      return std::optional<ImportCursor>{found->second};
    };
    functions.rejected = [this](const RejectedLine& line) -> Status {
      rejected.push_back(line);
      return Ok();
    };
    functions.progress = [this](const ImportProgress& at) { progress.push_back(at); };
    functions.stopped = [this] { return stop_after > 0 && records.size() >= stop_after; };
    return functions;
  }

  std::size_t CountOf(RecordKind kind) const {
    std::size_t count = 0;
    for (const ImportedRecord& record : records) count += record.kind == kind;
    return count;
  }
  const ImportedRecord* Find(const std::string& source_id) const {
    for (const ImportedRecord& record : records) {
      if (record.source_id == source_id) return &record;
    }
    return nullptr;
  }
  std::set<std::string> Reasons() const {
    std::set<std::string> reasons;
    for (const RejectedLine& line : rejected) reasons.insert(line.reason);
    return reasons;
  }

  std::vector<ImportedRecord> records{};
  std::vector<ImportAlias> aliases{};
  std::vector<std::size_t> frame_sizes{};
  std::vector<std::size_t> frame_bytes{};
  std::vector<RejectedLine> rejected{};
  std::vector<ImportProgress> progress{};
  std::map<std::string, ImportCursor> cursors{};
  std::vector<ImportEnd> ends{};
  std::size_t end_parts = 0;       // So many ends are wanted.
  std::size_t under_way = 0;       // Frames to hold back before they are answered.
  std::size_t stop_after = 0;      // Records; 0 = never.
  std::size_t break_after = 0;     // Frames; 0 = never. Then an error, as of a lost connection.
  std::set<std::string> refuse{};  // Source ids.

 private:
  Result<std::vector<FrameAnswer>> Take(ImportFrame&& frame) {
    if (break_after > 0 && frame.number > break_after) {
      return Error{Code::kUnavailable, "PEER_UNREACHABLE", "the node is gone"};
    }
    FrameAnswer answer;
    answer.frame = frame.number;
    std::size_t bytes = 0;
    for (std::uint32_t i = 0; i < frame.records.size(); ++i) {
      ImportedRecord& record = frame.records[i];
      bytes += record.body.size();
      if (refuse.count(record.source_id) > 0) {
        answer.refused.push_back({i, "NO_SUCH_PERSON", "import the person first"});
      } else {
        auto& kept = bodies_[record.source_id];
        if (kept.empty()) ++answer.created;
        if (!kept.empty() && kept != record.body) ++answer.changed;
        if (kept == record.body) ++answer.unchanged;
        kept = record.body;
      }
      records.push_back(std::move(record));
    }
    if (!frame.records.empty()) {
      frame_sizes.push_back(frame.records.size());
      frame_bytes.push_back(bytes);
    }
    if (frame.end) ends.push_back(*frame.end);
    answer.more = frame.end && ends.size() < end_parts;
    for (ImportAlias& alias : frame.aliases) aliases.push_back(std::move(alias));
    if (!frame.cursor.file.empty()) cursors[frame.cursor.file] = frame.cursor;
    waiting_.push_back(std::move(answer));
    std::vector<FrameAnswer> answers;
    while (waiting_.size() > under_way) {
      answers.push_back(std::move(waiting_.front()));
      waiting_.erase(waiting_.begin());
    }
    return answers;
  }
  Result<std::vector<FrameAnswer>> Settle() {
    return std::exchange(waiting_, std::vector<FrameAnswer>{});
  }

  std::vector<FrameAnswer> waiting_{};
  std::map<std::string, Bytes> bodies_{};
};

inline std::chrono::sys_days Day(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days{std::chrono::year(year) / static_cast<int>(month) /
                               static_cast<int>(day)};
}

inline void WriteFile(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

}  // namespace equinode
