#include "client/cli/demo/sample_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>

#include "client/cli/files.h"
#include "client/convert/record_body.h"
#include "equinode/v1/record_service.pb.h"
#include "tests/server/rpc/gate_node.h"
#include "tests/support/temp_folder.h"

namespace equinode::demo {
namespace {

using ::equinode::testing::GateNode;
using ::equinode::testing::TempFolder;

constexpr const char* kPayer = "spiffe://demo.test/payer/sunrise";

// What one practice's node was given.
struct Given {
  std::mutex mutex{};
  std::vector<v1::Record> records{};
  std::vector<std::string> aliases{};
  std::uint64_t last_frame = 0;
  bool in_order = true;
};

class Taking final : public StreamSession {
 public:
  Taking(Given& given, std::shared_ptr<OpenStream> open) : given_(given), open_(std::move(open)) {}
  Status OnMessage(std::string message) override {
    v1::ImportRecordsRequest frame;
    if (!frame.ParseFromString(message)) {
      return Error{Code::kInvalidArgument, "BAD_REQUEST", "the request cannot be read"};
    }
    v1::ImportRecordsResponse answer;
    answer.set_frame(frame.frame());
    const std::lock_guard lock(given_.mutex);
    given_.in_order = given_.in_order && frame.frame() == given_.last_frame + 1;
    given_.in_order =
        given_.in_order && (frame.records_size() > 0 || frame.has_cursor() || frame.has_end());
    given_.last_frame = frame.frame();
    for (const v1::Record& record : frame.records()) given_.records.push_back(record);
    for (const v1::PersonAlias& alias : frame.aliases()) given_.aliases.push_back(alias.alias());
    open_->Send(answer.SerializeAsString());
    return Ok();
  }
  Status OnHalfClose() override {
    open_->Finish(Ok());
    return Ok();
  }

 private:
  Given& given_;
  std::shared_ptr<OpenStream> open_;
};

class SampleDataTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Method import;
    import.path = "/equinode.v1.RecordService/ImportRecords";
    import.max_request_bytes = 1024 * 1024;
    import.stream = [this](Call&, std::shared_ptr<OpenStream> open)
                        ->Result<std::unique_ptr<StreamSession>> {
                          return std::unique_ptr<StreamSession>(
                              std::make_unique<Taking>(given_[practice_], std::move(open)));
  };
  gate_.Add(std::move(import));
  gate_.Start();
  channel_ = gate_.Dial(gate_.peer());

  std::filesystem::create_directories(data());
  std::string patients = "{\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":\"O\"}\n";
  std::string coverages;
  std::string rows = "mrn,measure,period,denominator,numerator\n";
  for (int i = 0; i < kPeople; ++i) {
    const std::string id = std::to_string(i);
    patients += R"({"resourceType":"Patient","id":"p)" + id +
                R"(","identifier":[{"type":{"coding":[{"code":"MR"}]},"value":"m)" + id +
                R"("}],"gender":"female"})" + "\n";
    rows += "m" + id + ",CBP,2025,1,0\n";
    if (i % 3 != 0) continue;
    coverages += R"({"resourceType":"Coverage","id":"c)" + id +
                 R"(","status":"active","beneficiary":{"reference":"Patient/p)" + id +
                 R"("},"payor":[{"display":"Somebody"}]})" + "\n";
  }
  patients += "not json\n";
  ASSERT_TRUE(cli::WriteText(data() / "Patient.ndjson", patients).ok());
  ASSERT_TRUE(cli::WriteText(data() / "Coverage.ndjson", coverages).ok());
  ASSERT_TRUE(cli::WriteText(data() / "measures.csv", rows).ok());
}

std::filesystem::path
data() const {
  return folder_.path() / "data";
}
std::filesystem::path rejected() const { return folder_.path() / "rejected.csv"; }

static constexpr int kPeople = 900;
TempFolder folder_{};
Given given_[3]{};
std::size_t practice_ = 0;  // Whose share is under way.
GateNode gate_{};
std::unique_ptr<Channel> channel_{};
};  // namespace

TEST_F(SampleDataTest, FindsWhoHasNoCoverage) {
  const auto read = ReadSampleData(data(), SourceProfile{}, rejected());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->people, kPeople);
  EXPECT_EQ(read->uncovered.size(), kPeople * 2U / 3);
  EXPECT_EQ(read->report.refused, 1U);
  const auto list = cli::ReadText(rejected(), 1 << 20);
  ASSERT_TRUE(list.ok());
  EXPECT_NE(list->find("BAD_JSON"), list->npos);
}

TEST_F(SampleDataTest, GivesEachPersonToOnePracticeWithAllThatIsTheirs) {
  const auto read = ReadSampleData(data(), SourceProfile{}, rejected());
  ASSERT_TRUE(read.ok());
  std::map<std::string, std::size_t> home;  // Person -> practice.
  std::uint64_t attributed = 0;
  for (practice_ = 0; practice_ < 3; ++practice_) {
    const auto share = ImportShare(*channel_, *read, practice_, 3, kPayer);
    ASSERT_TRUE(share.ok()) << share.error().message;
    EXPECT_GT(share->people, kPeople / 5U);  // The hash spreads them.
    EXPECT_EQ(share->refused, 0U);
    attributed += share->attributed;
    for (const v1::Record& record : given_[practice_].records) {
      if (record.kind() != v1::RECORD_KIND_PERSON) continue;
      EXPECT_TRUE(home.emplace(record.source_id(), practice_).second) << record.source_id();
    }
  }
  EXPECT_EQ(home.size(), kPeople);
  EXPECT_EQ(attributed, read->uncovered.size());

  std::map<v1::RecordKind, std::size_t> kinds;
  std::set<std::string> covered_by_the_demo;
  std::size_t aliases = 0;
  for (std::size_t practice = 0; practice < 3; ++practice) {
    EXPECT_TRUE(given_[practice].in_order);
    aliases += given_[practice].aliases.size();
    for (const v1::Record& record : given_[practice].records) {
      ++kinds[record.kind()];
      if (record.kind() == v1::RECORD_KIND_ORGANIZATION) continue;
      std::string person = record.person();
      if (person.rfind("mrn:m", 0) == 0) person = "demo/Patient/p" + person.substr(5);
      ASSERT_TRUE(home.contains(person)) << person;
      EXPECT_EQ(home.at(person), practice);
      if (record.kind() != v1::RECORD_KIND_COVERAGE) continue;
      const auto coverage = CoverageFromBody(AsBytes(record.body()));
      ASSERT_TRUE(coverage.ok());
      if (coverage->payer == kPayer) covered_by_the_demo.insert(person);
    }
  }
  EXPECT_EQ(kinds[v1::RECORD_KIND_ORGANIZATION], 3U);  // Every practice has it.
  EXPECT_EQ(kinds[v1::RECORD_KIND_COVERAGE], static_cast<std::size_t>(kPeople));
  EXPECT_EQ(kinds[v1::RECORD_KIND_MEASURE_RESULT], static_cast<std::size_t>(kPeople));
  EXPECT_EQ(aliases, static_cast<std::size_t>(kPeople));
  EXPECT_EQ(covered_by_the_demo,
            std::set<std::string>(read->uncovered.begin(), read->uncovered.end()));
}

}  // namespace equinode::demo
}  // namespace equinode::demo
