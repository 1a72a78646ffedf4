#include "client/import/importer.h"

#include <utility>

#include "client/import/file_import.h"
#include "client/import/file_list.h"
#include "client/import/frame_maker.h"

namespace equinode {

Result<ImportReport> Import(const ImportOptions& options, const ImportSink& sink) {
  const std::string& feed = options.feed.empty() ? options.profile.feed : options.feed;
  if (feed.empty()) {
    return Error{Code::kInvalidArgument, "NO_FEED",
                 "name the feed, in the source profile or on the command line: ids are kept under "
                 "it"};
  }
  if (!IsFeedName(feed)) {
    return Error{Code::kInvalidArgument, "BAD_FEED",
                 "a feed's name is 1 to 64 of letters, digits, '.', '_' and '-'"};
  }
  if (!options.dry_run && !sink.frame) {
    return Error{Code::kInvalidArgument, "NO_SINK", "an import needs a sink, or is a dry run"};
  }
  EQN_TRY(const std::vector<FoundFile> files, FindFiles(options.paths));
  std::uint64_t all = 0;
  for (const FoundFile& file : files) all += file.size;
  ImportReport report;
  FrameMaker frames(options, sink, report);
  FileImport import(options, sink, feed, frames, report);
  std::uint64_t before = 0;
  for (const FoundFile& file : files) {
    EQN_CHECK(import.Read(file, before, all));
    if (import.stopped()) break;
    before += file.size;
  }
  report.stopped = import.stopped();
  EQN_CHECK(frames.Finish(feed));
  return report;
}

}  // namespace equinode
