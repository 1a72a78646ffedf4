// Screening answers through the import and into the store, beside the spine's own records in the
// same run: Patients through the import, coverages into the store.
//   bench_needs [answers]   default 200,000; 1,000,000 is the target's size.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "client/convert/need_body.h"
#include "client/convert/record_body.h"
#include "client/import/importer.h"
#include "domain/needs/code_gaps.h"
#include "server/needs/need_reader.h"
#include "tests/bench/import_patient.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace equinode::bench {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::uint64_t kAnswersEach = 10;  // A person.
constexpr std::uint64_t kBatch = 300;

double Since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}
void Must(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "needs bench: %s failed\n", what);
  std::exit(1);
}

struct Question {
  const char* question;
  const char* answers[3];
};
constexpr Question kQuestions[kAnswersEach] = {
    {"71802-3", {"LA30189-7", "LA30190-5", "LA30122-8"}},
    {"93033-9", {"LA32-8", "LA33-6", "LA30122-8"}},
    {"67875-5", {"LA30136-8", "LA17956-6", "LA30138-4"}},
    {"93031-3", {"LA30125-1", "LA30124-4", "LA30122-8"}},
    {"93030-5", {"LA32-8", "LA30133-5", "LA30134-3"}},
    {"93029-7", {"LA30132-7", "LA27722-0", "LA30131-9"}},
    {"93038-8", {"LA6568-5", "LA13914-9", "LA13909-9"}},
    {"93026-3", {"LA33-6", "LA32-8", "LA30122-8"}},
    {"76501-6", {"LA32-8", "LA33-6", "LA30122-8"}},
    {"82589-3", {"LA30193-9", "LA30191-3", "LA30192-1"}},
};
const char* AnswerOf(std::uint64_t i) {
  const Question& question = kQuestions[i % kAnswersEach];
  return question.answers[(i * 2654435761u >> 7) % 10 < 7 ? 0 : 1 + i / 7 % 2];
}

// As Synthea and US Core export them.
void AppendObservation(std::uint64_t i, std::string& out) {
  const std::string person = std::to_string(i / kAnswersEach);
  const std::string n = std::to_string(i);
  out +=
      R"({"resourceType":"Observation","id":"o)" + n +
      R"(","meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-screening-assessment"]},)"
      R"("status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category",)"
      R"("code":"survey","display":"survey"}]},{"coding":[{"system":"http://hl7.org/fhir/us/core/CodeSystem/us-core-category",)"
      R"("code":"sdoh"}]}],"code":{"coding":[{"system":"http://loinc.org","code":")" +
      kQuestions[i % kAnswersEach].question +
      R"(","display":"a question with as many words as such questions have"}]},"subject":{"reference":"Patient/p)" +
      person + R"("},"encounter":{"reference":"Encounter/e)" + person +
      R"("},"effectiveDateTime":"2026-03-01T09:30:00-08:00","performer":[{"reference":"Patient/p)" +
      person + R"("}],"valueCodeableConcept":{"coding":[{"system":"http://loinc.org","code":")" +
      AnswerOf(i) +
      R"(","display":"an answer"}]},"derivedFrom":[{"reference":"QuestionnaireResponse/q)" +
      person + "\"}]}\n";
}

// Records a second of a whole import of a file.
double ImportRate(const std::filesystem::path& path, std::uint64_t expected) {
  ImportOptions options;
  options.paths = {path};
  options.feed = "clinic";
  options.today = std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};
  ImportSink sink;
  std::uint64_t records = 0;
  sink.frame = [&](ImportFrame&& frame) -> Result<std::vector<FrameAnswer>> {
    records += frame.records.size();
    return std::vector<FrameAnswer>{{frame.number, {}, 0, 0, 0}};
  };
  const auto start = Steady::now();
  const auto report = Import(options, sink);
  const double seconds = Since(start);
  Must(report.ok() && records == expected, "an import");
  return static_cast<double>(records) / seconds;
}

void Importing(std::uint64_t answers) {
  testing::TempFolder folder;
  const auto observations = folder.path() / "o.ndjson";
  const auto patients = folder.path() / "p.ndjson";
  const std::uint64_t people = answers / kAnswersEach;
  {
    std::ofstream out(observations, std::ios::binary);
    std::string text;
    for (std::uint64_t i = 0; i < answers; ++i) {
      AppendObservation(i, text);
      if (text.size() > 1 << 20 || i + 1 == answers) out << std::exchange(text, {});
    }
    std::ofstream also(patients, std::ios::binary);
    for (std::uint64_t i = 0; i < people; ++i) {
      AppendPatient(i, text);
      if (text.size() > 1 << 20 || i + 1 == people) also << std::exchange(text, {});
    }
  }
  double spine = 0;
  double needs = 0;
  for (int round = 0; round < 2; ++round) {
    spine = std::max(spine, ImportRate(patients, people));
    needs = std::max(needs, ImportRate(observations, answers));
  }
  std::printf(
      "import of %llu answers: %.0f/s; of %llu Patients: %.0f/s; ratio %.2f (wanted: 0.50)\n",
      static_cast<unsigned long long>(answers), needs, static_cast<unsigned long long>(people),
      spine, needs / spine);
}

class Node {
 public:
  Node()
      : keeper_(store_.db(), store_.clock(), log_, random_, "spiffe://net/practice/clinic",
                BodyFacts([](const PersonRecord&) { return PersonFacts{}; })) {
    Must(keeper_.Load(nullptr).ok(), "the start");
  }
  // Records a second, made ready and written, a frame a transaction.
  template <typename Make>
  double Load(RecordKind kind, std::uint64_t records, Make make) {
    const auto start = Steady::now();
    for (std::uint64_t at = 0; at < records; at += kBatch) {
      std::vector<std::shared_ptr<const PreparedRecord>> batch;
      for (std::uint64_t i = at; i < std::min(records, at + kBatch); ++i) {
        const Bytes body = make(i);
        const std::string id = "clinic/Record/" + std::to_string(i);
        const std::string person = "clinic/Patient/p" + std::to_string(i / kAnswersEach);
        auto prepared = keeper_.Prepare({.kind = static_cast<std::uint32_t>(kind),
                                         .source_id = id,
                                         .person = person,
                                         .body = body});
        Must(prepared.ok(), "a record");
        batch.push_back(*std::move(prepared));
      }
      const Status done = store_.db().Write("bench", [&](Tx& tx) -> Status {
        for (const auto& record : batch) EQN_CHECK(keeper_.Put(tx, record));
        return Ok();
      });
      Must(done.ok(), "a write");
    }
    return static_cast<double>(records) / Since(start);
  }
  void Gaps() {
    const NeedReader reader(store_.db(), keeper_);
    const auto table = ZCodeTable::BuiltIn();
    const auto today = std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};
    std::uint64_t people = 0;
    std::uint64_t gaps = 0;
    const auto start = Steady::now();
    const auto scanned = reader.Scan(
        0, static_cast<std::size_t>(-1),
        [&](PersonNo, const PersonOnRecord& person) -> Result<bool> {
          ++people;
          gaps += GapsOf(NeedsOf(person.records, *table, today), *table, {}, today).size();
          return true;
        });
    Must(scanned.ok(), "the scan");
    std::printf("needs of %llu people judged: %.0f people/s, %llu gaps\n",
                static_cast<unsigned long long>(people), static_cast<double>(people) / Since(start),
                static_cast<unsigned long long>(gaps));
  }

 private:
  testing::TestStore store_{};
  Log log_{-1, store_.clock()};
  SeededRandom random_{1};
  RecordKeeper keeper_;
};

Bytes ScreeningAt(std::uint64_t i) {
  ScreeningRecord record;
  record.on = {2026, 3, 1};
  record.by = "self";
  record.encounter = "clinic/Encounter/e" + std::to_string(i / kAnswersEach);
  record.part_of = "clinic/QuestionnaireResponse/q" + std::to_string(i / kAnswersEach);
  record.answers = {{kQuestions[i % kAnswersEach].question,
                     {AnswerOf(i)},
                     AnswerGiven::kAnswered,
                     std::nullopt,
                     ""}};
  return BodyFrom(record);
}

Bytes CoverageAt(std::uint64_t i) {
  CoverageRecord record;
  record.payer = "spiffe://net/payer/plan";
  record.line_of_business = "medicaid";
  record.payor = "Organization/plan";
  record.member_id = "M" + std::to_string(i);
  record.start = {2026, 1, 1};
  record.status = "active";
  return BodyFrom(record);
}

void Storing(std::uint64_t answers) {
  double spine = 0;
  double needs = 0;
  {
    Node node;
    spine = node.Load(RecordKind::kCoverage, answers, CoverageAt);
  }
  Node node;
  needs = node.Load(RecordKind::kScreening, answers, ScreeningAt);
  std::printf(
      "store of %llu answers: %.0f/s; of as many coverages: %.0f/s; ratio %.2f (wanted: 0.50)\n",
      static_cast<unsigned long long>(answers), needs, spine, needs / spine);
  node.Gaps();
}

}  // namespace
}  // namespace equinode::bench

int main(int argc, char** argv) {
  const std::uint64_t answers =
      std::max<std::uint64_t>(3000, argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000);
  equinode::bench::Importing(answers);
  equinode::bench::Storing(answers);
}
