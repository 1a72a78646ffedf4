// Files into frames of records, handed to a sink. Without network and without the node: the sink is
// a set of functions. FHIR R4 as NDJSON, single resources and Bundles, CSV with a header map; plain
// or gzip; told apart by content. Memory stays under 64 MiB whatever the size of a file.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "client/import/rejected_csv.h"
#include "client/import/source_profile.h"
#include "domain/people/record.h"
#include "domain/people/source_stamp.h"
#include "domain/zcodes/code_table.h"

namespace equinode {

// Where the import of a file stands (proto: ImportCursor). `file` is a digest (hex) over the file's
// name, size and modification time, the feed and the profile: a changed profile reads a file anew.
struct ImportCursor {
  std::string file{};        // Empty = the frame has none.
  std::uint64_t offset = 0;  // Bytes done, after gunzip.
  std::uint64_t line = 0;    // Lines done.
  friend bool operator==(const ImportCursor&, const ImportCursor&) = default;
};

struct ImportedRecord {
  RecordKind kind = RecordKind::kPerson;
  std::string source_id{};
  std::string person{};  // source_id of a person, or "mrn:<value>"; empty for an organisation.
  Bytes body{};          // BodyFrom(record).
  SourceStamp stamp{};   // Of the resource; none of a row of a table.
};

// The last frame of an import that read all it was to read (proto: ImportEnd).
struct ImportEnd {
  std::string feed{};
  bool restate = false;
};

// "mrn:<value>" as another name for a person.
struct ImportAlias {
  std::string alias{};
  std::string person{};
  friend bool operator==(const ImportAlias&, const ImportAlias&) = default;
};

// At most 300 records, about 512 KiB unless one record alone is larger; of several small files
// perhaps. None where there is only a cursor or the end to tell. The cursor is not of this frame:
// it says how far the answers have come, and what they refused has gone to `rejected`, so that an
// import that is killed goes on without having lost a refusal.
struct ImportFrame {
  std::uint64_t number = 0;  // From 1, rising by one.
  std::vector<ImportedRecord> records{};
  std::vector<ImportAlias> aliases{};
  ImportCursor cursor{};
  std::optional<ImportEnd> end{};
};

// The node's word on one record of a frame (proto: RecordOutcome).
struct FrameRefusal {
  std::uint32_t index = 0;  // In the frame, from 0.
  std::string reason{};
  std::string message{};
};
struct FrameAnswer {
  std::uint64_t frame = 0;  // Durable, with those before it.
  std::vector<FrameRefusal> refused{};
  std::uint32_t created = 0;
  std::uint32_t changed = 0;
  std::uint32_t unchanged = 0;
  std::uint32_t older = 0;
  bool more = false;  // Of an end: it is to be sent again.
};

struct ImportProgress {
  std::uint64_t bytes_done = 0;  // As on disk.
  std::uint64_t bytes_all = 0;
  std::uint64_t records = 0;  // Handed to the sink.
  std::uint64_t refused = 0;  // Lines and records, ours and the node's.
  std::string_view file{};    // The one that is being read.
};

// All are called on the thread that called Import. `frame` is required unless dry_run; others may
// be empty.
struct ImportSink {
  // Takes a frame and returns the answers that have come since the last call, in order, of this or
  // of earlier frames: it may keep some frames under way, at most 64. An error ends the import.
  std::function<Result<std::vector<FrameAnswer>>(ImportFrame&& frame)> frame{};
  // Waits for the answers to every frame that is under way.
  std::function<Result<std::vector<FrameAnswer>>()> settle{};
  // Where the file stood; nothing = from the start. Not called with `from_start`.
  std::function<Result<std::optional<ImportCursor>>(const std::string& file)> cursor_of{};
  std::function<Status(const RejectedLine& line)> rejected{};
  std::function<void(const ImportProgress& progress)> progress{};  // Every 2 MiB and file.
  // True ends the import in good order: what was read is handed over and settled.
  std::function<bool()> stopped{};
};

struct ImportOptions {
  std::vector<std::filesystem::path> paths{};  // Files, and folders with what is below them.
  SourceProfile profile{};
  std::string feed{};       // In place of profile.feed where not empty.
  bool dry_run = false;     // Everything but `frame`, `settle` and `cursor_of`.
  bool from_start = false;  // Reads files that were already taken in, or begun, from the start.
  // What the files say last holds, also where the node had it before, has another content now and
  // nothing says which of the two the source made later.
  bool restate = false;
  std::chrono::sys_days today{};              // A birth date after it is refused.
  std::shared_ptr<const ZCodeTable> codes{};  // By which Z codes are judged; null = the built-in.
};

// A Z code of a Condition that could not be reported: kept with its Condition, and refused as a
// code.
struct CodeRefused {
  std::string code{};
  std::string reason{};                   // HEADER_CODE, UNKNOWN_CODE, NO_SIGN_OFF, ...
  std::vector<std::string> successors{};  // What can be reported in its place.
  std::uint64_t conditions = 0;
};

// A payor that no rule maps, as the source had it.
struct UnmappedPayor {
  std::string payor{};
  std::uint64_t coverages = 0;
};

struct ImportReport {
  std::uint64_t files = 0;              // Read, in whole or in part.
  std::uint64_t files_done_before = 0;  // Passed by: their cursor stands at the end.
  std::uint64_t lines = 0;              // Lines, rows and entries read.
  std::uint64_t persons = 0;            // Records by kind, handed over (or that would be).
  std::uint64_t coverages = 0;
  std::uint64_t measure_results = 0;
  std::uint64_t organizations = 0;
  std::uint64_t screenings = 0;
  std::uint64_t conditions = 0;
  std::uint64_t encounters = 0;
  std::uint64_t needs = 0;
  std::uint64_t created = 0;  // By the node's answers.
  std::uint64_t changed = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t older = 0;         // The node has a version that the source made later.
  std::uint64_t not_restated = 0;  // Left as they are; see ImportOptions.restate.
  std::uint64_t refused = 0;       // Lines and records in rejected.csv.
  std::uint64_t conflicts = 0;     // People with an answer that contradicts itself, kept as such.
  bool stopped = false;
  std::map<std::string, std::uint64_t> refused_by_reason{};
  std::map<std::string, std::uint64_t> passed_over{};  // By resource type.
  std::vector<UnmappedPayor> unmapped_payors{};  // Most coverages first; at most 1,000 payors.
  std::uint64_t unmapped_coverages = 0;
  std::vector<CodeRefused> codes_refused{};  // By code and reason; at most 1,000.
};

// INVALID_ARGUMENT (NO_FEED, NO_SUCH_PATH, BAD_FEED) before anything is read; errors of the sink.
// What is wrong with a file or a line is not an error: it goes to `rejected`.
Result<ImportReport> Import(const ImportOptions& options, const ImportSink& sink);

}  // namespace equinode
