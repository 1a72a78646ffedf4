#include "client/import/frame_maker.h"

#include <algorithm>
#include <utility>

#include "client/import/fhir/refuse.h"

namespace equinode {
namespace {

constexpr std::size_t kMaxTypes = 200;
constexpr std::size_t kMaxReasons = 200;
constexpr std::size_t kMaxUnmapped = 1000;

void Count(std::map<std::string, std::uint64_t>& counts, std::string_view word, std::size_t most) {
  std::string key(word);
  if (counts.size() >= most && counts.count(key) == 0) key = "(others)";
  ++counts[key];
}

std::uint64_t& OfKind(ImportReport& report, RecordKind kind) {
  switch (kind) {
    case RecordKind::kPerson:
      return report.persons;
    case RecordKind::kCoverage:
      return report.coverages;
    case RecordKind::kMeasureResult:
      return report.measure_results;
    case RecordKind::kOrganization:
      return report.organizations;
    case RecordKind::kScreening:
      return report.screenings;
    case RecordKind::kCondition:
      return report.conditions;
    case RecordKind::kEncounter:
      return report.encounters;
    case RecordKind::kNeed:
      return report.needs;
  }
  return report.persons;
}

// The newest cursor of a file takes the place of the one before.
void Note(const ImportCursor& cursor, std::vector<ImportCursor>& cursors) {
  for (ImportCursor& known : cursors) {
    if (known.file != cursor.file) continue;
    known = cursor;
    return;
  }
  cursors.push_back(cursor);
}

}  // namespace

FrameMaker::FrameMaker(const ImportOptions& options, const ImportSink& sink, ImportReport& report)
    : options_(options), sink_(sink), report_(report) {}

void FrameMaker::BeginFile(std::string name) {
  files_.push_back(std::move(name));
  safe_ = ImportCursor{};
}

Status FrameMaker::Add(ImportedRecord record, std::vector<ImportAlias> aliases, std::uint64_t line,
                       std::string label) {
  if (record.body.size() > kMaxBody) {
    return Reject(line, std::move(label),
                  fhir::Refuse("RECORD_TOO_LARGE",
                               "the record is over 256 KiB; leave out what is not needed"));
  }
  EQN_CHECK(Cut());
  ++OfKind(report_, record.kind);
  ++records_;
  if (options_.dry_run) return Ok();
  bytes_ += record.body.size() + record.source_id.size() + record.person.size();
  frame_.records.push_back(std::move(record));
  std::move(aliases.begin(), aliases.end(), std::back_inserter(frame_.aliases));
  places_.push_back(
      {static_cast<std::uint32_t>(files_.empty() ? 0 : files_.size() - 1), line, std::move(label)});
  return Ok();
}

Status FrameMaker::Reject(std::uint64_t line, std::string label, const Error& why) {
  return Write({files_.empty() ? std::string() : files_.back(), line, std::move(label), why.reason,
                why.message});
}

Status FrameMaker::Write(RejectedLine line) {
  ++report_.refused;
  Count(report_.refused_by_reason, line.reason, kMaxReasons);
  const Status written = sink_.rejected ? sink_.rejected(line) : Ok();
  failed_ = failed_ || !written.ok();
  return written;
}

void FrameMaker::PassOver(std::string_view type) { Count(report_.passed_over, type, kMaxTypes); }

void FrameMaker::Unmapped(const std::string& payor) {
  ++report_.unmapped_coverages;
  if (unmapped_.size() < kMaxUnmapped || unmapped_.count(payor) > 0) ++unmapped_[payor];
}

Status FrameMaker::Cut() {
  const bool full = frame_.records.size() >= kMaxRecords || bytes_ >= kFullBytes;
  return full ? Flush() : Ok();
}

Status FrameMaker::Flush() {
  std::vector<ImportCursor> cursors;
  if (!safe_.file.empty()) cursors.push_back(std::exchange(safe_, ImportCursor{}));
  if (!frame_.records.empty()) {
    bytes_ = 0;
    return Send(std::exchange(frame_, ImportFrame{}),
                {0, std::exchange(places_, {}), std::move(cursors), false});
  }
  // Lines without a record: done with what is under way.
  for (const ImportCursor& cursor : cursors) {
    Note(cursor, under_way_.empty() ? answered_ : under_way_.back().cursors);
  }
  return Ok();
}

Status FrameMaker::Send(ImportFrame frame, UnderWay under_way) {
  frame.number = under_way.number = ++frames_;
  if (!answered_.empty()) {
    frame.cursor = std::move(answered_.front());
    answered_.erase(answered_.begin());
  }
  under_way_.push_back(std::move(under_way));
  return Take(sink_.frame(std::move(frame)));
}

Status FrameMaker::Settle() {
  if (sink_.settle && !under_way_.empty()) EQN_CHECK(Take(sink_.settle()));
  if (under_way_.empty()) return Ok();
  return Error{Code::kInternal, "FRAMES_WITHOUT_ANSWER",
               "the node did not answer every frame; import again: it goes on where it stood"};
}

Status FrameMaker::SendEnd(const std::string& feed) {
  do {
    ImportFrame frame;
    frame.end = ImportEnd{feed, options_.restate};
    EQN_CHECK(Send(std::move(frame), {0, {}, {}, true}));
    EQN_CHECK(Settle());
  } while (more_);
  return Ok();
}

Status FrameMaker::Finish(const std::string& feed) {
  if (!options_.dry_run) {
    EQN_CHECK(Flush());
    EQN_CHECK(Settle());
    // The end takes a cursor with it; others need frames of their own.
    while (answered_.size() > (report_.stopped ? 0U : 1U)) EQN_CHECK(Send({}, {}));
    EQN_CHECK(Settle());
    if (!report_.stopped) EQN_CHECK(SendEnd(feed));
  }
  for (const auto& [payor, count] : unmapped_) report_.unmapped_payors.push_back({payor, count});
  std::sort(report_.unmapped_payors.begin(), report_.unmapped_payors.end(),
            [](const UnmappedPayor& a, const UnmappedPayor& b) {
              return a.coverages != b.coverages ? a.coverages > b.coverages : a.payor < b.payor;
            });
  return Ok();
}

Status FrameMaker::Take(Result<std::vector<FrameAnswer>> answers) {
  failed_ = true;  // Until all is well.
  if (!answers.ok()) return std::move(answers).error();
  for (const FrameAnswer& answer : *answers) EQN_CHECK(TakeOne(answer));
  failed_ = false;
  return Ok();
}

Status FrameMaker::TakeOne(const FrameAnswer& answer) {
  // An answer stands for its frame and those before it.
  while (!under_way_.empty() && under_way_.front().number < answer.frame) {
    for (const ImportCursor& cursor : under_way_.front().cursors) Note(cursor, answered_);
    under_way_.pop_front();
  }
  if (under_way_.empty() || under_way_.front().number != answer.frame) {
    return Error{Code::kInternal, "BAD_ANSWER", "the node answered a frame that is not under way"};
  }
  const UnderWay done = std::move(under_way_.front());
  under_way_.pop_front();
  report_.created += answer.created;
  report_.changed += answer.changed;
  report_.unchanged += answer.unchanged;
  (done.end ? report_.not_restated : report_.older) += answer.older;
  if (done.end) more_ = answer.more;
  for (const FrameRefusal& refusal : answer.refused) {
    if (refusal.index >= done.places.size()) {
      return Error{Code::kInternal, "BAD_ANSWER", "the node refused a record that was not sent"};
    }
    const Place& place = done.places[refusal.index];
    EQN_CHECK(
        Write({files_[place.file], place.line, place.label, refusal.reason, refusal.message}));
  }
  // Only now: what the node refused of it is on the list.
  for (const ImportCursor& cursor : done.cursors) Note(cursor, answered_);
  return Ok();
}

}  // namespace equinode
