// One node, spoken to as one operator.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "client/channel/channel.h"
#include "client/cli/context.h"

namespace equinode::cli {

inline constexpr Millis kCallDeadline = std::chrono::seconds{30};
inline constexpr Millis kCallPatience = std::chrono::seconds{10};

class Session {
 public:
  // Dials with the first call.
  static Result<Session> Open(const NodeOptions& options);

  // `method` is "Service/Method" of equinode.v1. Where the node asks to come back a little later
  // (it starts, it is busy), this does so, for up to kCallPatience in all.
  template <typename Response, typename Request>
  Result<Response> Call(std::string_view method, const Request& request,
                        Millis deadline = kCallDeadline) {
    Millis patience = kCallPatience;
    for (;;) {
      std::optional<Millis> retry_after;
      auto answer = channel_->Call<Response>(Path(method), request, deadline, &retry_after);
      if (answer.ok() || !ComeBack(retry_after, patience)) return answer;
    }
  }
  static std::string Path(std::string_view method) { return "/equinode.v1." + std::string(method); }

  Channel& channel() { return *channel_; }
  const std::string& node_uri() const { return node_uri_; }
  const std::string& own_uri() const { return own_uri_; }

 private:
  Session() = default;
  // Waits as asked and takes it off `patience`; false when that is too little, or on Ctrl-C.
  static bool ComeBack(const std::optional<Millis>& retry_after, Millis& patience);
  std::unique_ptr<Channel> channel_{};
  std::string node_uri_{};
  std::string own_uri_{};
};

// A UUID for one intent of the person who types.
std::string NewRequestId();

// Asks page after page and hands each answer to `each`, until that returns false.
template <typename Response, typename Request, typename Each>
Status ForEachPage(Session& session, std::string_view method, Request request, Each each) {
  request.set_page_size(1000);
  for (;;) {
    auto page = session.Call<Response>(method, request);
    if (!page.ok()) return std::move(page).error();
    if (!each(*page) || page->next_page_token().empty()) return Ok();
    request.set_page_token(page->next_page_token());
  }
}

}  // namespace equinode::cli
