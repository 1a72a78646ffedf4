// One file: what it is, then line by line, row by row or entry by entry into the frame maker.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "client/import/byte_source.h"
#include "client/import/fhir/bundle.h"
#include "client/import/fhir/resource.h"
#include "client/import/file_list.h"
#include "client/import/frame_maker.h"
#include "client/import/line_reader.h"
#include "client/import/measure_table.h"

namespace equinode {

// Reused from file to file. One thread.
class FileImport {
 public:
  // All must outlive it. `feed` is the name that counts.
  FileImport(const ImportOptions& options, const ImportSink& sink, std::string feed,
             FrameMaker& frames, ImportReport& report);

  // What is wrong with the file goes to rejected; an error is the sink's. `before` are the bytes of
  // the files before this one and `all` those of all, for progress.
  Status Read(const FoundFile& file, std::uint64_t before, std::uint64_t all);
  // The sink asked to stop, and it was.
  bool stopped() const { return stopped_; }

 private:
  Status ReadKnown(const FoundFile& file);
  // A damaged file's error, with how much of it was whole.
  Error Placed(Error error) const;
  Status ReadLines(const FoundFile& file);
  Status ReadTable(const FoundFile& file);
  // Of a table of observations or conditions, each row by `take`.
  Status ReadRows(const FoundFile& file, const Line& header,
                  const std::function<Status(const Line& line)>& take);
  Status ReadObservations(const FoundFile& file, const Line& header);
  Status ReadConditions(const FoundFile& file, const Line& header);
  Status ReadWhole(const FoundFile& file);
  Status ReadLine(std::string_view text, std::uint64_t line);
  Status ReadRow(const Line& line, MeasureTable& table, MeasureRow& row);
  Status ReadBundle(std::string_view text, std::uint64_t line, bool number_entries);
  // An entry that has no resource to take. `url`: what a DELETE would have deleted.
  Status RejectEntry(std::uint64_t place, std::string_view url,
                     const Result<fhir::dom::element>& entry);
  Status TakeResource(const fhir::dom::element& root, std::string_view full_url,
                      const fhir::FullUrls* urls, std::uint64_t line);
  Status TakePerson(std::uint64_t line);
  Status TakeCoverage(std::uint64_t line);
  Status TakeOrganization(std::uint64_t line);

  // Where an earlier import of this file stood; sets the cursor.
  Status Resume(const FoundFile& file);
  // Notes where the file stands, cuts a full frame, tells how far it is. False = stop.
  Result<bool> Step(std::uint64_t offset, std::uint64_t line, const ByteSource& source);
  void Tell(std::uint64_t done);

  const ImportOptions& options_;
  const ImportSink& sink_;
  const std::string feed_;
  FrameMaker& frames_;
  ImportReport& report_;
  const std::string stamp_;  // Of feed and profile.
  const fhir::PayerMap payers_;
  fhir::Parser parser_{};
  fhir::ReadResource resource_{};
  ImportCursor cursor_{};  // Of the file at hand; no file = it is too small for one.
  std::string name_{};
  std::uint64_t place_ = 0;  // Of the fault that ends the file's reading; 0 = the whole of it.
  std::uint64_t before_ = 0;
  std::uint64_t all_ = 0;
  std::uint64_t told_ = 0;
  bool stopped_ = false;
};

}  // namespace equinode
