#include "client/cli/demo/sample_data.h"

#include <chrono>
#include <deque>
#include <unordered_set>
#include <utility>

#include "base/clock.h"
#include "client/cli/import_stream.h"
#include "client/cli/talk.h"
#include "client/convert/record_body.h"
#include "client/import/rejected_csv.h"

namespace equinode::demo {
namespace {

ImportOptions OptionsFor(const SampleData& data) {
  ImportOptions options;
  options.paths = data.paths;
  options.profile = data.profile;
  options.from_start = true;
  options.today = std::chrono::floor<std::chrono::days>(SystemClock().Now());
  return options;
}

// Lets the records of one practice pass, and answers for the frames of which nothing is left. The
// importer's numbers and indexes are kept.
class ShareFilter {
 public:
  ShareFilter(cli::ImportStream& stream, const SampleData& data, std::size_t practice,
              std::size_t practices)
      : stream_(stream), data_(data), practice_(practice), practices_(practices) {}

  Result<std::vector<FrameAnswer>> Send(ImportFrame&& frame) {
    Waiting waiting{frame.number, {}, false};
    ImportFrame share;
    for (std::uint32_t i = 0; i < frame.records.size(); ++i) {
      if (!Ours(frame.records[i].person)) continue;
      people_ += frame.records[i].kind == RecordKind::kPerson;
      share.records.push_back(std::move(frame.records[i]));
      waiting.index.push_back(i);
    }
    for (ImportAlias& alias : frame.aliases) {
      if (Ours(alias.person)) share.aliases.push_back(std::move(alias));
    }
    share.end = std::move(frame.end);
    waiting.sent = !share.records.empty() || share.end;
    waiting_.push_back(std::move(waiting));
    std::vector<FrameAnswer> answers;
    if (waiting_.back().sent) {
      share.number = ++sent_;
      EQN_TRY(answers, stream_.Send(std::move(share)));
    }
    return Translate(std::move(answers));
  }
  Result<std::vector<FrameAnswer>> Settle() {
    EQN_TRY(std::vector<FrameAnswer> answers, stream_.Settle());
    return Translate(std::move(answers));
  }
  // After everything of the importer: the attributions that the demo adds.
  Result<std::uint64_t> Attribute(const std::vector<std::string>& people,
                                  const std::string& payer) {
    CoverageRecord coverage;
    coverage.payer = payer;
    coverage.payor = "attributed by the demo: no Coverage";
    coverage.status = "active";
    const Bytes body = BodyFrom(coverage);
    std::uint64_t count = 0;
    ImportFrame frame;
    const auto send = [&]() -> Status {
      if (frame.records.empty()) return Ok();
      frame.number = ++sent_;
      EQN_CHECK(stream_.Send(std::exchange(frame, ImportFrame{})));
      return Ok();
    };
    for (const std::string& person : people) {
      if (!Ours(person)) continue;
      ++count;
      frame.records.push_back(
          {RecordKind::kCoverage, "demo/Coverage/" + std::to_string(count), person, body});
      if (frame.records.size() == 300) EQN_CHECK(send());
    }
    EQN_CHECK(send());
    EQN_CHECK(stream_.Settle());
    return count;
  }
  std::uint64_t people() const { return people_; }

 private:
  struct Waiting {
    std::uint64_t number = 0;
    std::vector<std::uint32_t> index{};  // Of ours in the whole frame.
    bool sent = false;
  };

  // Organisations belong to nobody: every practice gets them.
  bool Ours(const std::string& person) const {
    if (person.empty()) return true;
    const auto alias = data_.aliases.find(person);
    const std::string& known = alias == data_.aliases.end() ? person : alias->second;
    return PracticeOf(known, practices_) == practice_;
  }

  std::vector<FrameAnswer> Translate(std::vector<FrameAnswer> answers) {
    std::vector<FrameAnswer> out;
    std::size_t next = 0;
    while (!waiting_.empty() && (!waiting_.front().sent || next < answers.size())) {
      Waiting& front = waiting_.front();
      FrameAnswer answer;
      if (front.sent) {
        answer = std::move(answers[next++]);
        for (FrameRefusal& refusal : answer.refused) {
          if (refusal.index < front.index.size()) refusal.index = front.index[refusal.index];
        }
      }
      answer.frame = front.number;
      out.push_back(std::move(answer));
      waiting_.pop_front();
    }
    return out;
  }

  cli::ImportStream& stream_;
  const SampleData& data_;
  std::size_t practice_;
  std::size_t practices_;
  std::uint64_t sent_ = 0;
  std::uint64_t people_ = 0;
  std::deque<Waiting> waiting_{};
};

}  // namespace

std::size_t PracticeOf(std::string_view person, std::size_t practices) {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  for (const char c : person) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return static_cast<std::size_t>((hash >> 16) % practices);
}

Result<SampleData> ReadSampleData(const std::filesystem::path& path, const SourceProfile& profile,
                                  const std::filesystem::path& rejected) {
  SampleData data;
  data.paths = {path};
  data.profile = profile;
  if (data.profile.feed.empty()) data.profile.feed = "demo";
  std::vector<std::string> people;
  std::unordered_set<std::string> covered;
  std::unordered_set<std::string> seen;
  RejectedCsv refused(rejected, {});
  ImportSink sink;
  sink.frame = [&](ImportFrame&& frame) -> Result<std::vector<FrameAnswer>> {
    for (ImportedRecord& record : frame.records) {
      if (record.kind == RecordKind::kCoverage) covered.insert(std::move(record.person));
      if (record.kind != RecordKind::kPerson) continue;
      if (seen.insert(record.source_id).second) people.push_back(std::move(record.source_id));
    }
    for (ImportAlias& alias : frame.aliases) {
      data.aliases.insert_or_assign(std::move(alias.alias), std::move(alias.person));
    }
    FrameAnswer answer;
    answer.frame = frame.number;
    return std::vector<FrameAnswer>{std::move(answer)};
  };
  sink.settle = []() -> Result<std::vector<FrameAnswer>> { return std::vector<FrameAnswer>{}; };
  sink.rejected = [&](const RejectedLine& line) { return refused.Add(line); };
  sink.stopped = []() { return cli::Interrupted(); };
  EQN_TRY(data.report, Import(OptionsFor(data), sink));
  EQN_CHECK(refused.Finish(false));
  data.people = people.size();
  for (std::string& person : people) {
    if (!covered.contains(person)) data.uncovered.push_back(std::move(person));
  }
  return data;
}

Result<ShareReport> ImportShare(Channel& channel, const SampleData& data, std::size_t practice,
                                std::size_t practices, const std::string& payer_uri) {
  cli::ImportStream stream(channel);
  ShareFilter filter(stream, data, practice, practices);
  ImportSink sink;
  sink.frame = [&](ImportFrame&& frame) { return filter.Send(std::move(frame)); };
  sink.settle = [&]() { return filter.Settle(); };
  sink.rejected = [](const RejectedLine&) { return Ok(); };
  sink.stopped = []() { return cli::Interrupted(); };
  EQN_TRY(const ImportReport report, Import(OptionsFor(data), sink));
  ShareReport out;
  EQN_TRY(out.attributed, filter.Attribute(data.uncovered, payer_uri));
  EQN_CHECK(stream.Finish());
  out.people = filter.people();
  out.refused = report.refused - data.report.refused;
  return out;
}

}  // namespace equinode::demo
