#include "client/import/file_import.h"

#include <array>
#include <utility>

#include "base/crypto/hash.h"
#include "client/convert/record_body.h"
#include "client/import/csv_row.h"
#include "client/import/document.h"
#include "client/import/fhir/json_text.h"
#include "client/import/fhir/refuse.h"
#include "client/import/file_kind.h"
#include "client/import/measure_table.h"
#include "client/import/social_records.h"

namespace equinode {
namespace {

// Smaller files are read again rather than asked about: that changes nothing and costs less.
constexpr std::uint64_t kAskCursorFrom = 64 * 1024;
constexpr std::uint64_t kTellEvery = 2 * 1024 * 1024;

// The words of `equinode record delete` for what an import makes of a resource.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kKindsOfTypes = {{
    {"Patient", "person"},
    {"Coverage", "coverage"},
    {"Organization", "organization"},
    {"Observation", "screening"},
    {"QuestionnaireResponse", "screening"},
    {"Condition", "condition"},
    {"Encounter", "encounter"},
}};

std::string DigestOf(const std::string& text) { return ToHex(Sha256(AsBytes(text))); }

// The file's own troubles end its reading, not the import's.
bool IsOfTheFile(const Error& error) {
  return error.code == Code::kInvalidArgument || error.code == Code::kDataLoss ||
         error.code == Code::kOutOfRange || error.reason == "CANNOT_READ";
}

struct Head {
  std::string text{};
  bool whole = false;
  bool packed = false;
};

Result<Head> ReadHead(const std::filesystem::path& path) {
  EQN_TRY(const auto source, OpenSource(path));
  Head head;
  head.packed = source->packed();
  head.text.resize(kHeadSize);
  std::size_t size = 0;
  while (size < kHeadSize) {
    const auto got = source->Read(head.text.data() + size, kHeadSize - size);
    if (!got.ok() && size == 0) return got.error();
    if (!got.ok()) break;  // Damage behind the head is told when it is reached.
    if (*got == 0) {
      head.whole = true;
      break;
    }
    size += *got;
  }
  head.text.resize(size);
  return head;
}

bool FirstLineIsWhole(const std::filesystem::path& path) {
  const auto source = OpenSource(path);
  if (!source.ok()) return false;
  LineReader reader(**source);
  Line line;
  const auto more = reader.Next(line);
  if (!more.ok() || !*more || line.too_long) return false;
  const std::size_t end = fhir::EndOfValue(line.text, fhir::SkipSpace(line.text, 0));
  return end != fhir::kNoEnd && fhir::SkipSpace(line.text, end) == line.text.size();
}

// The person in a measure result's source id: a record number only as a digest.
std::string PersonPart(const MeasureRow& row, std::string_view feed) {
  if (!row.person_id.empty()) return row.person_id;
  return "mrn-" + DigestOf(std::string(feed) + "\n" + row.mrn).substr(0, 32);
}

std::string_view WithoutMark(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  return text;
}

}  // namespace

FileImport::FileImport(const ImportOptions& options, const ImportSink& sink, std::string feed,
                       FrameMaker& frames, ImportReport& report)
    : options_(options),
      sink_(sink),
      feed_(std::move(feed)),
      frames_(frames),
      report_(report),
      stamp_(feed_ + "\n" + StampOf(options.profile)),
      payers_(options.profile.payers) {}

Status FileImport::Read(const FoundFile& file, std::uint64_t before, std::uint64_t all) {
  before_ = told_ = before;
  all_ = all;
  name_ = file.path.string();
  cursor_ = ImportCursor{};
  place_ = 0;
  frames_.BeginFile(name_);
  Status read = ReadKnown(file);
  if (!read.ok() && !frames_.failed() && IsOfTheFile(read.error())) {
    read = frames_.Reject(place_, {}, Placed(std::move(read).error()));
  }
  EQN_CHECK(read);
  // A cursor is of one file: a large one ends its frame.
  if (!cursor_.file.empty()) EQN_CHECK(frames_.Flush());
  Tell(before + file.size);
  return Ok();
}

Error FileImport::Placed(Error error) const {
  if (error.code != Code::kDataLoss) return error;
  error.message += place_ == 0   ? "; nothing of it was taken in"
                   : place_ == 1 ? "; no line of it is whole"
                                 : "; lines 1 to " + std::to_string(place_ - 1) + " are taken in";
  return error;
}

Status FileImport::ReadKnown(const FoundFile& file) {
  EQN_TRY(const Head head, ReadHead(file.path));
  EQN_TRY(const FileKind kind, KindOf(head.text, head.whole, file.path));
  if (kind == FileKind::kEmpty) {
    return fhir::Refuse("EMPTY_FILE",
                        "the file has nothing in it; export it again or leave it out");
  }
  EQN_CHECK(Resume(file));
  // A document's only cursor is at its end; where a packed one of lines ends is not known.
  const bool done = cursor_.offset > 0 &&
                    (kind == FileKind::kDocument || (!head.packed && cursor_.offset >= file.size));
  if (done) {
    ++report_.files_done_before;
    return Ok();
  }
  ++report_.files;
  const bool resumed = cursor_.offset > 0;
  const std::uint64_t lines = report_.lines;
  if (kind == FileKind::kDocument) return ReadWhole(file);
  EQN_CHECK(kind == FileKind::kLines ? ReadLines(file) : ReadTable(file));
  if (resumed && lines == report_.lines) {
    --report_.files;
    ++report_.files_done_before;
  }
  return Ok();
}

Status FileImport::Resume(const FoundFile& file) {
  if (file.size < kAskCursorFrom) return Ok();
  const std::string id = DigestOf(file.stamp + "\n" + stamp_);
  if (sink_.cursor_of && !options_.from_start && !options_.dry_run) {
    auto cursor = sink_.cursor_of(id);
    if (!cursor.ok()) return Error{Code::kAborted, cursor.error().reason, cursor.error().message};
    if (cursor->has_value()) cursor_ = **cursor;
  }
  cursor_.file = id;
  return Ok();
}

Status FileImport::ReadLines(const FoundFile& file) {
  EQN_TRY(const auto source, OpenSource(file.path));
  LineReader reader(*source);
  place_ = cursor_.line + 1;
  EQN_CHECK(reader.Skip(cursor_.offset, cursor_.line));
  Line line;
  while (true) {
    EQN_TRY(const bool more, reader.Next(line));
    if (!more) return Ok();
    place_ = line.number + 1;
    if (line.too_long) {
      ++report_.lines;
      EQN_CHECK(frames_.Reject(line.number, {},
                               fhir::Refuse("LINE_TOO_LONG",
                                            "the line is over 4 MiB; leave attachments out of the "
                                            "export, or split it")));
    } else {
      EQN_CHECK(ReadLine(line.text, line.number));
    }
    EQN_TRY(const bool go_on, Step(line.end, line.number, *source));
    if (!go_on) return Ok();
  }
}

Status FileImport::ReadLine(std::string_view text, std::uint64_t line) {
  if (fhir::SkipSpace(text, 0) == text.size()) return Ok();
  ++report_.lines;
  const auto root = parser_.Parse(text);
  if (!root.ok()) return frames_.Reject(line, {}, root.error());
  EQN_CHECK(TakeResource(*root, {}, nullptr, line));
  if (resource_.kind == fhir::ResourceKind::kBundle) return ReadBundle(text, line, false);
  return Ok();
}

Status FileImport::ReadWhole(const FoundFile& file) {
  EQN_TRY(const auto source, OpenSource(file.path));
  const auto read = ReadDocument(*source);
  if (!read.ok()) {
    // Lines without a name that says so, of which the first is a long one.
    const bool lines = read.error().reason == "DOCUMENT_TOO_LARGE" && FirstLineIsWhole(file.path);
    return lines ? ReadLines(file) : Status(read.error());
  }
  const std::string& document = *read;
  const std::string_view text = WithoutMark(document);
  const std::size_t begin = fhir::SkipSpace(text, 0);
  const std::size_t end = fhir::EndOfValue(text, begin);
  if (end != fhir::kNoEnd && fhir::SkipSpace(text, end) < text.size()) {
    if (text.substr(begin, end - begin).find('\n') == std::string_view::npos) {
      return ReadLines(file);  // One long line, and more behind.
    }
    return fhir::Refuse("SEVERAL_DOCUMENTS",
                        "text stands behind the JSON document; one file holds one document, or "
                        "one resource a line (NDJSON)");
  }
  ++report_.lines;
  if (text.size() <= fhir::kMaxResource) {
    const auto root = parser_.Parse(text);
    if (!root.ok()) return frames_.Reject(1, {}, root.error());
    EQN_CHECK(TakeResource(*root, {}, nullptr, 1));
  }
  if (text.size() > fhir::kMaxResource || resource_.kind == fhir::ResourceKind::kBundle) {
    EQN_CHECK(ReadBundle(text, 1, true));
  }
  EQN_TRY(const bool go_on, Step(document.size(), 1, *source));
  (void)go_on;
  return Ok();
}

Status FileImport::ReadBundle(std::string_view text, std::uint64_t line, bool number_entries) {
  const auto bundle = fhir::OpenBundle(text, parser_);
  if (!bundle.ok()) return frames_.Reject(line, "Bundle", bundle.error());
  return fhir::ReadEntries(text, *bundle, parser_,
                           [&](std::uint64_t number, std::string_view full_url,
                               const Result<fhir::dom::element>& resource) -> Status {
                             const std::uint64_t place = number_entries ? number : line;
                             ++report_.lines;
                             if (!resource.ok()) return RejectEntry(place, full_url, resource);
                             EQN_CHECK(TakeResource(*resource, full_url, &bundle->urls, place));
                             if (resource_.kind != fhir::ResourceKind::kBundle) return Ok();
                             return frames_.Reject(
                                 place, "Bundle",
                                 fhir::Refuse("NESTED_BUNDLE",
                                              "a Bundle inside a Bundle is not read; export its "
                                              "entries by themselves"));
                           });
}

Status FileImport::RejectEntry(std::uint64_t place, std::string_view url,
                               const Result<fhir::dom::element>& entry) {
  Error why = entry.error();
  if (why.reason != "DELETE_NOT_TAKEN") return frames_.Reject(place, {}, why);
  std::string named = fhir::TypeAndIdIn(url);
  for (const auto& [type, kind] : kKindsOfTypes) {
    if (named.substr(0, named.find('/')) != type) continue;
    why.message += ": equinode record delete " + std::string(kind) + " " + feed_ + "/" + named;
  }
  return frames_.Reject(place, std::move(named), why);
}

Status FileImport::TakeResource(const fhir::dom::element& root, std::string_view full_url,
                                const fhir::FullUrls* urls, std::uint64_t line) {
  const fhir::Surroundings around{options_.profile, feed_, options_.today, urls,
                                  options_.codes.get()};
  const Status read = fhir::ReadFhirResource(root, full_url, around, payers_, resource_);
  if (!read.ok()) return frames_.Reject(line, fhir::Label(resource_), read.error());
  switch (resource_.kind) {
    case fhir::ResourceKind::kPassedOver:
      frames_.PassOver(resource_.type);
      return Ok();
    case fhir::ResourceKind::kPerson:
      return TakePerson(line);
    case fhir::ResourceKind::kCoverage:
      return TakeCoverage(line);
    case fhir::ResourceKind::kOrganization:
      return TakeOrganization(line);
    case fhir::ResourceKind::kSocial:
      return TakeSocial(frames_, options_, feed_, resource_, line, report_);
    case fhir::ResourceKind::kBundle:
      return Ok();
  }
  return Ok();
}

Status FileImport::TakePerson(std::uint64_t line) {
  ImportedRecord record;
  record.kind = RecordKind::kPerson;
  record.source_id = fhir::SourceId(feed_, "Patient", resource_.id);
  record.person = record.source_id;
  record.body = BodyFrom(resource_.patient.person);
  record.stamp = resource_.stamp;
  report_.conflicts += resource_.patient.conflicts;
  std::vector<ImportAlias> aliases;
  for (const std::size_t i : resource_.patient.mrns) {
    aliases.push_back({"mrn:" + resource_.patient.person.identifiers[i].value, record.source_id});
  }
  return frames_.Add(std::move(record), std::move(aliases), line, fhir::Label(resource_));
}

Status FileImport::TakeCoverage(std::uint64_t line) {
  const fhir::ReadCoverage& read = resource_.coverage;
  if (!read.mapped) frames_.Unmapped(read.coverage.payor);
  ImportedRecord record;
  record.kind = RecordKind::kCoverage;
  record.source_id = fhir::SourceId(feed_, "Coverage", resource_.id);
  record.person = fhir::SourceId(feed_, "Patient", read.patient_id);
  record.body = BodyFrom(read.coverage);
  record.stamp = resource_.stamp;
  return frames_.Add(std::move(record), {}, line, fhir::Label(resource_));
}

Status FileImport::TakeOrganization(std::uint64_t line) {
  ImportedRecord record;
  record.kind = RecordKind::kOrganization;
  record.source_id = fhir::SourceId(feed_, "Organization", resource_.id);
  record.body = BodyFrom(resource_.organization);
  record.stamp = resource_.stamp;
  return frames_.Add(std::move(record), {}, line, fhir::Label(resource_));
}

Status FileImport::ReadTable(const FoundFile& file) {
  EQN_TRY(const auto first, OpenSource(file.path));
  LineReader header_reader(*first);
  Line line;
  place_ = 1;
  EQN_TRY(const bool has_header, header_reader.Next(line));
  if (!has_header || line.too_long) {
    return fhir::Refuse("CSV_HEADER",
                        "the first line is no header; write the names of the columns there, as in "
                        "mrn,measure,period,denominator,numerator");
  }
  if (ObservationTable::IsHeader(line.text)) return ReadObservations(file, line);
  if (ConditionTable::IsHeader(line.text)) return ReadConditions(file, line);
  EQN_TRY(MeasureTable table, MeasureTable::FromHeader(line.text, options_.profile.columns));
  EQN_TRY(const auto source, OpenSource(file.path));
  LineReader reader(*source);
  if (cursor_.offset == 0) {
    EQN_CHECK(reader.Skip(line.end, line.number));
  } else {
    EQN_CHECK(reader.Skip(cursor_.offset, cursor_.line));
  }
  MeasureRow row;
  while (true) {
    EQN_TRY(const bool more, reader.Next(line));
    if (!more) return Ok();
    place_ = line.number + 1;
    EQN_CHECK(ReadRow(line, table, row));
    EQN_TRY(const bool go_on, Step(line.end, line.number, *source));
    if (!go_on) return Ok();
  }
}

Status FileImport::ReadRows(const FoundFile& file, const Line& header,
                            const std::function<Status(const Line& line)>& take) {
  EQN_TRY(const auto source, OpenSource(file.path));
  LineReader reader(*source);
  const bool fresh = cursor_.offset == 0;
  EQN_CHECK(reader.Skip(fresh ? header.end : cursor_.offset, fresh ? header.number : cursor_.line));
  Line line;
  while (true) {
    EQN_TRY(const bool more, reader.Next(line));
    if (!more) return Ok();
    place_ = line.number + 1;
    if (line.too_long || fhir::SkipSpace(line.text, 0) < line.text.size()) {
      ++report_.lines;
      EQN_CHECK(take(line));
    }
    EQN_TRY(const bool go_on, Step(line.end, line.number, *source));
    if (!go_on) return Ok();
  }
}

Status FileImport::ReadObservations(const FoundFile& file, const Line& header) {
  EQN_TRY(ObservationTable table, ObservationTable::FromHeader(header.text));
  ObservationRow row;
  return ReadRows(file, header, [&](const Line& line) {
    return TakeObservation(frames_, table, feed_, line, row);
  });
}

Status FileImport::ReadConditions(const FoundFile& file, const Line& header) {
  EQN_TRY(ConditionTable table, ConditionTable::FromHeader(header.text));
  ConditionRow row;
  return ReadRows(file, header, [&](const Line& line) {
    return TakeCondition(frames_, options_, table, feed_, line, row, report_);
  });
}

Status FileImport::ReadRow(const Line& line, MeasureTable& table, MeasureRow& row) {
  if (!line.too_long && fhir::SkipSpace(line.text, 0) == line.text.size()) return Ok();
  ++report_.lines;
  const Status read = line.too_long ? RowTooLong() : table.Read(line.text, row);
  if (!read.ok()) return frames_.Reject(line.number, "MeasureResult", read.error());
  ImportedRecord record;
  record.kind = RecordKind::kMeasureResult;
  const std::string person = PersonPart(row, feed_);
  record.source_id = fhir::SourceId(feed_, "MeasureResult",
                                    person + "|" + row.result.measure + "|" + row.result.period);
  record.person =
      row.person_id.empty() ? "mrn:" + row.mrn : fhir::SourceId(feed_, "Patient", row.person_id);
  record.body = BodyFrom(row.result);
  std::string label = "MeasureResult/" + person;
  return frames_.Add(std::move(record), {}, line.number, std::move(label));
}

Result<bool> FileImport::Step(std::uint64_t offset, std::uint64_t line, const ByteSource& source) {
  if (!cursor_.file.empty()) {
    cursor_.offset = offset;
    cursor_.line = line;
    frames_.EndLine(cursor_);
  }
  EQN_CHECK(frames_.Cut());
  const std::uint64_t done = before_ + source.done();
  if (done - told_ >= kTellEvery) Tell(done);
  if (sink_.stopped && sink_.stopped()) stopped_ = true;
  return !stopped_;
}

void FileImport::Tell(std::uint64_t done) {
  told_ = done;
  if (sink_.progress) {
    sink_.progress({done, all_, frames_.records(), report_.refused, name_});
  }
}

}  // namespace equinode
