#include "client/convert/error_details.h"

#include <algorithm>
#include <cctype>

#include "google/rpc/status.pb.h"

namespace equinode {

namespace {

constexpr std::size_t kMostReason = 64;
constexpr std::size_t kMostMessage = 512;
constexpr std::size_t kMostDetails = 8 * 1024;
constexpr std::string_view kDomain = "equinode";

bool IsReason(std::string_view text) {
  return !text.empty() && text.size() <= kMostReason &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isupper(c) != 0 || std::isdigit(c) != 0 || c == '_';
         });
}

std::string Printable(std::string_view text) {
  std::string result(text.substr(0, kMostMessage));
  for (char& c : result) {
    if (c < ' ' || c > '~') c = '?';
  }
  return result;
}

std::optional<google::rpc::Status> Read(std::string_view details) {
  google::rpc::Status status;
  if (details.empty() || details.size() > kMostDetails ||
      !status.ParseFromArray(details.data(), static_cast<int>(details.size()))) {
    return std::nullopt;
  }
  return status;
}

}  // namespace

std::string ErrorDetails(const Error& error, std::optional<Millis> retry_after) {
  google::rpc::Status status;
  status.set_code(static_cast<int>(error.code));
  status.set_message(error.message);
  google::rpc::ErrorInfo info;
  info.set_reason(error.reason);
  info.set_domain(std::string(kDomain));
  status.add_details()->PackFrom(info);
  if (retry_after) {
    google::rpc::RetryInfo retry;
    const auto millis = retry_after->count();
    retry.mutable_retry_delay()->set_seconds(millis / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int>(millis % 1000) * 1'000'000);
    status.add_details()->PackFrom(retry);
  }
  return status.SerializeAsString();
}

Error ErrorFromPeer(int code, std::string_view message, std::string_view details) {
  Error error;
  if (code <= 0 || code > static_cast<int>(Code::kUnauthenticated)) {
    error.reason = "BAD_STATUS";
    error.message = "the node answered with a status that does not exist";
    return error;
  }
  error.code = static_cast<Code>(code);
  error.reason = "NO_REASON";
  error.message = Printable(message);
  if (const auto status = Read(details)) {
    for (const auto& detail : status->details()) {
      google::rpc::ErrorInfo info;
      if (detail.Is<google::rpc::ErrorInfo>() && detail.UnpackTo(&info) &&
          info.domain() == kDomain && IsReason(info.reason())) {
        error.reason = info.reason();
      }
    }
  }
  return error;
}

std::optional<Millis> RetryAfter(std::string_view details) {
  const auto status = Read(details);
  if (!status) return std::nullopt;
  for (const auto& detail : status->details()) {
    google::rpc::RetryInfo retry;
    if (!detail.Is<google::rpc::RetryInfo>() || !detail.UnpackTo(&retry)) continue;
    const auto seconds = std::clamp<std::int64_t>(retry.retry_delay().seconds(), 0, 3600);
    const auto millis = std::clamp(retry.retry_delay().nanos() / 1'000'000, 0, 999);
    return std::min<Millis>(Millis(seconds * 1000 + millis), std::chrono::hours(1));
  }
  return std::nullopt;
}

}  // namespace equinode
