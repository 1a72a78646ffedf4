#include "client/cli/import_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>

#include "equinode/v1/record_service.pb.h"
#include "tests/server/rpc/gate_node.h"

namespace equinode::cli {
namespace {

using ::equinode::testing::GateNode;

// What the node saw, and how it is to behave.
struct Node {
  std::size_t hold = 1;               // Answers come when so many frames wait.
  std::uint64_t fail_at = 0;          // This frame ends the stream with an error.
  std::uint64_t wrong_number_at = 0;  // This frame is answered with another number.
  std::mutex mutex{};
  std::vector<v1::ImportRecordsRequest> frames{};  // Guarded by mutex.
  bool half_closed = false;                        // Guarded by mutex.
};

// The node's side of ImportRecords: refuses records whose source id begins with "bad".
class ImportSession final : public StreamSession {
 public:
  ImportSession(Node& node, std::shared_ptr<OpenStream> open)
      : node_(node), open_(std::move(open)) {}

  Status OnMessage(std::string message) override {
    v1::ImportRecordsRequest frame;
    if (!frame.ParseFromString(message)) {
      return Error{Code::kInvalidArgument, "BAD_REQUEST", "the request cannot be read"};
    }
    if (frame.frame() == node_.fail_at) {
      return Error{Code::kFailedPrecondition, "STORE_FULL", "the disk is full"};
    }
    v1::ImportRecordsResponse answer;
    answer.set_frame(frame.frame() + (frame.frame() == node_.wrong_number_at ? 7 : 0));
    for (int i = 0; i < frame.records_size(); ++i) {
      if (frame.records(i).source_id().rfind("bad", 0) != 0) {
        answer.set_created(answer.created() + 1);
        continue;
      }
      v1::RecordOutcome& outcome = *answer.add_refused();
      outcome.set_index(static_cast<std::uint32_t>(i));
      outcome.set_reason("NO_SUCH_PERSON");
      outcome.set_message("import the person first");
    }
    waiting_.push_back(std::move(answer));
    {
      const std::lock_guard lock(node_.mutex);
      node_.frames.push_back(std::move(frame));
    }
    if (waiting_.size() >= node_.hold) Answer();
    return Ok();
  }
  Status OnHalfClose() override {
    Answer();
    {
      const std::lock_guard lock(node_.mutex);
      node_.half_closed = true;
    }
    open_->Finish(Ok());
    return Ok();
  }

 private:
  void Answer() {
    for (const auto& answer : waiting_) open_->Send(answer.SerializeAsString());
    waiting_.clear();
  }
  Node& node_;
  std::shared_ptr<OpenStream> open_;
  std::vector<v1::ImportRecordsResponse> waiting_{};
};

class ImportStreamTest : public ::testing::Test {
 protected:
  void Start() {
    Method import;
    import.path = "/equinode.v1.RecordService/ImportRecords";
    import.max_request_bytes = 1024 * 1024;
    import.stream = [this](Call&, std::shared_ptr<OpenStream> open)
                        ->Result<std::unique_ptr<StreamSession>> {
                          return std::unique_ptr<StreamSession>(
                              std::make_unique<ImportSession>(node_, std::move(open)));
  };
  gate_.Add(std::move(import));
  gate_.Add(GateNode::Unary(
      "/equinode.v1.RecordService/GetImportCursor",
      BindUnary<v1::GetImportCursorRequest, v1::GetImportCursorResponse>(
          [](Call&,
             const v1::GetImportCursorRequest& request) -> Result<v1::GetImportCursorResponse> {
            if (request.file() == "fresh") {
              return Error{Code::kNotFound, "NO_SUCH_IMPORT", "it never began"};
            }
            if (request.file() == "forbidden") {
              return Error{Code::kPermissionDenied, "METHOD_NOT_ALLOWED", "no"};
            }
            v1::GetImportCursorResponse response;
            response.mutable_cursor()->set_file(request.file());
            response.mutable_cursor()->set_offset(4096);
            response.mutable_cursor()->set_line(17);
            return response;
          })));
  gate_.Start();
  channel_ = gate_.Dial(gate_.peer());
}

static ImportFrame
Frame(std::uint64_t number, std::vector<std::string> ids) {
  ImportFrame frame;
  frame.number = number;
  for (std::string& id : ids) {
    frame.records.push_back({RecordKind::kCoverage, std::move(id), "f/Patient/1", {1, 2, 3}});
  }
  frame.aliases.push_back({"mrn:7", "f/Patient/1"});
  frame.cursor = {"digest", number * 100, number * 10};
  return frame;
}

Node node_{};
GateNode gate_{};
std::unique_ptr<Channel> channel_{};
};  // namespace

TEST_F(ImportStreamTest, CarriesEveryPartOfAFrame) {
  Start();
  ImportStream stream(*channel_);
  ASSERT_TRUE(stream.Send(Frame(1, {"f/Coverage/1"})).ok());
  ASSERT_TRUE(stream.Settle().ok());
  ASSERT_TRUE(stream.Finish().ok());
  const std::lock_guard lock(node_.mutex);
  ASSERT_EQ(node_.frames.size(), 1U);
  const v1::ImportRecordsRequest& frame = node_.frames.front();
  EXPECT_EQ(frame.frame(), 1U);
  EXPECT_EQ(frame.records(0).kind(), v1::RECORD_KIND_COVERAGE);
  EXPECT_EQ(frame.records(0).source_id(), "f/Coverage/1");
  EXPECT_EQ(frame.records(0).person(), "f/Patient/1");
  EXPECT_EQ(frame.records(0).body(), "\x01\x02\x03");
  EXPECT_EQ(frame.records(0).origin(), "");  // The node's to set.
  EXPECT_EQ(frame.aliases(0).alias(), "mrn:7");
  EXPECT_EQ(frame.cursor().file(), "digest");
  EXPECT_EQ(frame.cursor().offset(), 100U);
  EXPECT_EQ(frame.cursor().line(), 10U);
  EXPECT_TRUE(node_.half_closed);
}

TEST_F(ImportStreamTest, KeepsFramesUnderWayAndLosesNoAnswer) {
  node_.hold = 10;  // A node that answers late.
  Start();
  ImportStream stream(*channel_);
  std::vector<std::uint64_t> answered;
  std::size_t before_settling = 0;
  for (std::uint64_t number = 1; number <= 100; ++number) {
    const auto answers = stream.Send(Frame(number, {"a", "bad", "c"}));
    ASSERT_TRUE(answers.ok()) << answers.error().message;
    for (const FrameAnswer& answer : *answers) {
      answered.push_back(answer.frame);
      EXPECT_EQ(answer.created, 2U);
      ASSERT_EQ(answer.refused.size(), 1U);
      EXPECT_EQ(answer.refused[0].index, 1U);
      EXPECT_EQ(answer.refused[0].reason, "NO_SUCH_PERSON");
    }
  }
  before_settling = answered.size();
  const auto rest = stream.Settle();
  ASSERT_TRUE(rest.ok());
  for (const FrameAnswer& answer : *rest) answered.push_back(answer.frame);
  ASSERT_EQ(answered.size(), 100U);
  EXPECT_TRUE(std::is_sorted(answered.begin(), answered.end()));
  EXPECT_GT(before_settling, 50U);  // It reads while it sends, so that the window stays bounded.
  EXPECT_LT(before_settling, 100U);
  EXPECT_TRUE(stream.Finish().ok());
}

TEST_F(ImportStreamTest, SaysWhyTheNodeEndedTheStream) {
  node_.fail_at = 3;
  Start();
  ImportStream stream(*channel_);
  Error last{};
  for (std::uint64_t number = 1; number <= 200 && last.reason.empty(); ++number) {
    const auto answers = stream.Send(Frame(number, {"a"}));
    if (!answers.ok()) last = answers.error();
  }
  EXPECT_EQ(last.reason, "STORE_FULL");
  EXPECT_EQ(last.message, "the disk is full");
}

TEST_F(ImportStreamTest, RefusesAnswersThatDoNotFit) {
  node_.wrong_number_at = 2;
  Start();
  ImportStream stream(*channel_);
  ASSERT_TRUE(stream.Send(Frame(1, {"a"})).ok());
  ASSERT_TRUE(stream.Send(Frame(2, {"a"})).ok());
  const auto rest = stream.Settle();
  ASSERT_FALSE(rest.ok());
  EXPECT_EQ(rest.error().reason, "BAD_ANSWER");
}

TEST_F(ImportStreamTest, TellsAFileThatNeverBeganFromAnError) {
  Start();
  ImportStream stream(*channel_);
  const auto fresh = stream.CursorOf("fresh");
  ASSERT_TRUE(fresh.ok());
  EXPECT_FALSE(fresh->has_value());
  const auto begun = stream.CursorOf("begun");
  ASSERT_TRUE(begun.ok() && begun->has_value());
  EXPECT_EQ((*begun)->offset, 4096U);
  EXPECT_EQ((*begun)->line, 17U);
  const auto forbidden = stream.CursorOf("forbidden");
  ASSERT_FALSE(forbidden.ok());
  EXPECT_EQ(forbidden.error().reason, "METHOD_NOT_ALLOWED");
}

}  // namespace equinode::cli
}  // namespace equinode::cli
