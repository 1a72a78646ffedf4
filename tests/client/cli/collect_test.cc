#include "client/cli/collect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/files.h"
#include "equinode/v1/hub_service.pb.h"
#include "tests/server/rpc/gate_node.h"
#include "tests/support/temp_folder.h"

namespace equinode::cli {
namespace {

using ::equinode::testing::GateNode;
using ::equinode::testing::TempFolder;
using ::equinode::testing::TestCert;

// A hub of which each look shows one more answer.
class CollectTest : public ::testing::Test {
 protected:
  void SetUp() override {
    gate_.Add(GateNode::Unary(
        "/equinode.v1.HubService/StartCollect",
        BindUnary<v1::StartCollectRequest, v1::StartCollectResponse>(
            [this](Call&, const v1::StartCollectRequest& request) { return Started(request); })));
    gate_.Add(GateNode::Unary(
        "/equinode.v1.HubService/GetCollect",
        BindUnary<v1::GetCollectRequest, v1::GetCollectResponse>(
            [this](Call&, const v1::GetCollectRequest& request) { return Look(request); })));
    gate_.Add(GateNode::Unary(
        "/equinode.v1.HubService/FinishCollect",
        BindUnary<v1::FinishCollectRequest, v1::FinishCollectResponse>(
            [this](Call&, const v1::FinishCollectRequest& request) { return Finished(request); })));
    const TestCert ann = gate_.pki().Operator("payer", "plan", "ann");
    gate_.enrolment().Enrol(ann);
    gate_.Start();
    ASSERT_TRUE(WriteText(folder_.path() / "ca.pem", gate_.pki().ca_pem()).ok());
    ASSERT_TRUE(WriteText(folder_.path() / "ann.pem", ann.pem).ok());
    ASSERT_TRUE(WriteText(folder_.path() / "ann.key", ann.key_pem, 0600).ok());
    NodeOptions options;
    options.node = gate_.address();
    options.identity = folder_.path();
    auto session = equinode::cli::Session::Open(options);
    ASSERT_TRUE(session.ok()) << session.error().message;
    session_.emplace(std::move(session).value());
  }

  Result<v1::StartCollectResponse> Started(const v1::StartCollectRequest& request) {
    if (request.report() == "unknown") {
      return Error{Code::kNotFound, "NO_SUCH_REPORT", "there is no such report"};
    }
    v1::StartCollectResponse response;
    if (request.report() == "stored" && !request.again()) {
      response.mutable_release()->set_number(3);
      return response;
    }
    request_ids_.push_back(request.request_id());
    response.set_collect_id("c1");
    return response;
  }
  Result<v1::GetCollectResponse> Look(const v1::GetCollectRequest& request) {
    EXPECT_EQ(request.collect_id(), "c1");
    v1::GetCollectResponse response;
    for (const char* node : {"a", "b", "c"}) response.add_asked(node);
    for (int i = 0; i < std::min(looks_, most_); ++i) response.add_answered(response.asked(i));
    ++looks_;
    return response;
  }
  Result<v1::FinishCollectResponse> Finished(const v1::FinishCollectRequest& request) {
    request_ids_.push_back(request.request_id());
    v1::FinishCollectResponse response;
    response.mutable_release()->set_number(4);
    for (int i = most_; i < 3; ++i) response.mutable_release()->add_silent("x");
    return response;
  }

  CollectOptions Quick(std::string report) {
    CollectOptions options;
    options.report = std::move(report);
    options.every = Millis{1};
    return options;
  }

  TempFolder folder_{};
  int looks_ = 0;
  int most_ = 3;  // How many ever answer.
  std::vector<std::string> request_ids_{};
  GateNode gate_{};  // After what its handlers use.
  std::optional<equinode::cli::Session> session_{};
};

TEST_F(CollectTest, WaitsUntilEverybodyHasAnswered) {
  std::vector<std::size_t> seen;
  const auto collected = Collect(*session_, Quick("r"), [&](const CollectProgress& come) {
    EXPECT_EQ(come.asked, 3U);
    seen.push_back(come.answered);
  });
  ASSERT_TRUE(collected.ok()) << collected.error().message;
  EXPECT_THAT(seen, ::testing::ElementsAre(0U, 1U, 2U, 3U));
  EXPECT_EQ(collected->release.number(), 4U);
  EXPECT_FALSE(collected->stored);
  ASSERT_EQ(request_ids_.size(), 2U);  // One intent each.
  EXPECT_NE(request_ids_[0], request_ids_[1]);
  EXPECT_TRUE(Uuid::Parse(request_ids_[0]).ok());
}

TEST_F(CollectTest, EndsTheWaitingForSilentNodes) {
  most_ = 1;
  CollectOptions options = Quick("r");
  options.wait = Millis{30};
  const auto collected = Collect(*session_, options, [](const CollectProgress&) {});
  ASSERT_TRUE(collected.ok());
  EXPECT_EQ(collected->release.silent_size(), 2);
}

TEST_F(CollectTest, ShowsTheStoredReleaseWithoutAskingAnybody) {
  const auto collected = Collect(*session_, Quick("stored"), [](const CollectProgress&) {});
  ASSERT_TRUE(collected.ok());
  EXPECT_TRUE(collected->stored);
  EXPECT_EQ(collected->release.number(), 3U);
  EXPECT_EQ(looks_, 0);
  CollectOptions again = Quick("stored");
  again.again = true;
  const auto anew = Collect(*session_, again, [](const CollectProgress&) {});
  ASSERT_TRUE(anew.ok());
  EXPECT_EQ(anew->release.number(), 4U);
}

TEST_F(CollectTest, CarriesTheHubSReason) {
  const auto collected = Collect(*session_, Quick("unknown"), [](const CollectProgress&) {});
  ASSERT_FALSE(collected.ok());
  EXPECT_EQ(collected.error().reason, "NO_SUCH_REPORT");
}

}  // namespace
}  // namespace equinode::cli
