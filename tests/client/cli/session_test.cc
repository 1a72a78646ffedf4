#include "client/cli/session.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "client/cli/files.h"
#include "equinode/v1/admin_service.pb.h"
#include "tests/server/rpc/gate_node.h"
#include "tests/support/temp_folder.h"

namespace equinode::cli {
namespace {

using ::equinode::testing::GateNode;
using ::equinode::testing::TestCert;

// A node that lets so many calls a second in, one at once.
class BusyNode {
 public:
  explicit BusyNode(double calls_per_second) : gate_(Options(calls_per_second)) {
    gate_.Add(GateNode::Unary("/equinode.v1.AdminService/GetStatus",
                              BindUnary<v1::GetStatusRequest, v1::GetStatusResponse>(
                                  [this](Call&, const v1::GetStatusRequest&) {
                                    ++let_in;
                                    return Result<v1::GetStatusResponse>(v1::GetStatusResponse());
                                  })));
    const TestCert ann = gate_.pki().Operator("payer", "plan", "ann");
    gate_.enrolment().Enrol(ann);
    gate_.Start();
    EXPECT_TRUE(WriteText(folder_.path() / "ca.pem", gate_.pki().ca_pem()).ok());
    EXPECT_TRUE(WriteText(folder_.path() / "ann.pem", ann.pem).ok());
    EXPECT_TRUE(WriteText(folder_.path() / "ann.key", ann.key_pem, 0600).ok());
  }
  static RpcOptions Options(double calls_per_second) {
    RpcOptions options;
    options.calls = Rate{calls_per_second, 1};
    return options;
  }
  Session Open() {
    NodeOptions options;
    options.node = gate_.address();
    options.identity = folder_.path();
    return std::move(Session::Open(options)).value();
  }
  static std::string Ask(Session& session) {
    const auto status =
        session.Call<v1::GetStatusResponse>("AdminService/GetStatus", v1::GetStatusRequest());
    return status.ok() ? "OK" : status.error().reason;
  }

  ManualClock& clock() { return gate_.clock(); }

  std::atomic<int> let_in = 0;

 private:
  equinode::testing::TempFolder folder_{};
  GateNode gate_;
};

TEST(Session, ComesBackWhenTheNodeAsksItToWaitALittle) {
  BusyNode node(10);
  Session session = node.Open();
  std::atomic<bool> done = false;
  std::thread time([&] {
    for (; !done; std::this_thread::yield()) node.clock().Advance(Millis{1});
  });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(BusyNode::Ask(session), "OK");
  done = true;
  time.join();
  EXPECT_EQ(node.let_in, 3) << "a call that was not let in had no effect";
}

TEST(Session, DoesNotWaitForLong) {
  BusyNode node(0.001);
  Session session = node.Open();
  EXPECT_EQ(BusyNode::Ask(session), "OK");
  EXPECT_EQ(BusyNode::Ask(session), "TOO_MANY_CALLS");
  EXPECT_EQ(node.let_in, 1);
}

}  // namespace
}  // namespace equinode::cli
