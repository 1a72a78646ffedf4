#include "client/convert/error_details.h"

#include <gtest/gtest.h>

#include "google/rpc/status.pb.h"

namespace equinode {
namespace {

TEST(ErrorDetails, AnErrorComesBackAsItWas) {
  const Error error{Code::kResourceExhausted, "TOO_MANY_CALLS", "slow down"};
  const std::string bytes = ErrorDetails(error, Millis{1500});
  EXPECT_EQ(ErrorFromPeer(8, error.message, bytes), error);
  EXPECT_EQ(RetryAfter(bytes), Millis{1500});
  EXPECT_EQ(RetryAfter(ErrorDetails(error, std::nullopt)), std::nullopt);
}

TEST(ErrorDetails, StatusesThatDoNotExistAreNotTakenOver) {
  for (const int code : {999, 17, -1, 0}) {
    const Error error = ErrorFromPeer(code, "x", "");
    EXPECT_EQ(error.code, Code::kUnknown) << code;
    EXPECT_EQ(error.reason, "BAD_STATUS");
  }
}

TEST(ErrorDetails, WhatThePeerSaysIsShortPrintableTextOrNothing) {
  google::rpc::ErrorInfo info;
  info.set_domain("equinode");
  const auto reason_of = [&](const std::string& reason, const std::string& domain) {
    info.set_reason(reason);
    info.set_domain(domain);
    google::rpc::Status status;
    status.add_details()->PackFrom(info);
    return ErrorFromPeer(5, "m", status.SerializeAsString()).reason;
  };
  EXPECT_EQ(reason_of("NO_SUCH_PEER", "equinode"), "NO_SUCH_PEER");
  for (const std::string& bad :
       {std::string("lower"), std::string("A\nB"), std::string(65, 'A'), std::string()}) {
    EXPECT_EQ(reason_of(bad, "equinode"), "NO_REASON");
  }
  EXPECT_EQ(reason_of("NO_SUCH_PEER", "elsewhere"), "NO_REASON");
  EXPECT_EQ(ErrorFromPeer(5, "m", "\xff\xff\xff").reason, "NO_REASON");
  EXPECT_EQ(ErrorFromPeer(5, "m", std::string(9000, 'x')).reason, "NO_REASON");
  EXPECT_EQ(ErrorFromPeer(5, "a\n\x1b[31m\xc3\xa4", "").message, "a??[31m??");
  EXPECT_EQ(ErrorFromPeer(5, std::string(5000, 'x'), "").message.size(), 512u);
}

TEST(ErrorDetails, AWaitIsNeitherNegativeNorForEver) {
  const auto wait_of = [](std::int64_t seconds, int nanos) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(seconds);
    retry.mutable_retry_delay()->set_nanos(nanos);
    google::rpc::Status status;
    status.add_details()->PackFrom(retry);
    return RetryAfter(status.SerializeAsString());
  };
  EXPECT_EQ(wait_of(2, 5'000'000), Millis{2005});
  EXPECT_EQ(wait_of(-5, -1), Millis{0});
  EXPECT_EQ(wait_of(std::int64_t{1} << 60, 2'000'000'000), std::chrono::hours{1});
}

}  // namespace
}  // namespace equinode
