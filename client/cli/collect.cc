#include "client/cli/collect.h"

#include <thread>
#include <utility>

#include "client/cli/talk.h"
#include "equinode/v1/hub_service.pb.h"

namespace equinode::cli {

std::string CollectProgress::Text() const {
  std::string text = std::to_string(answered) + " of " + std::to_string(asked) + " answered";
  if (refused > 0) text += ", " + std::to_string(refused) + " refused";
  return text;
}

Result<Collected> Collect(Session& session, const CollectOptions& options,
                          const std::function<void(const CollectProgress&)>& progress) {
  v1::StartCollectRequest start;
  start.set_report(options.report);
  start.set_version(options.version);
  start.set_again(options.again);
  start.set_request_id(NewRequestId());
  EQN_TRY(auto started, session.Call<v1::StartCollectResponse>("HubService/StartCollect", start));
  if (started.has_release()) return Collected{std::move(*started.mutable_release()), true};

  v1::GetCollectRequest look;
  look.set_collect_id(started.collect_id());
  const auto end = std::chrono::steady_clock::now() + options.wait;
  for (;;) {
    EQN_TRY(const auto state, session.Call<v1::GetCollectResponse>("HubService/GetCollect", look));
    const CollectProgress come{static_cast<std::size_t>(state.asked_size() - state.relays_size()),
                               static_cast<std::size_t>(state.answered_size()),
                               static_cast<std::size_t>(state.refused_size())};
    progress(come);
    if (state.finished() || come.answered + come.refused == come.asked) break;
    if (std::chrono::steady_clock::now() >= end) break;
    if (Interrupted()) {
      return Error{Code::kCancelled, "INTERRUPTED",
                   "interrupted; answers that come in are kept, and the same command goes on"};
    }
    std::this_thread::sleep_for(options.every);
  }
  v1::FinishCollectRequest finish;
  finish.set_collect_id(started.collect_id());
  finish.set_request_id(NewRequestId());
  EQN_TRY(auto finished,
          session.Call<v1::FinishCollectResponse>("HubService/FinishCollect", finish));
  return Collected{std::move(*finished.mutable_release()), false};
}

}  // namespace equinode::cli
