// Collecting one report at the hub: start, wait, finish.
#pragma once

#include <functional>
#include <string>

#include "client/cli/session.h"
#include "equinode/v1/report.pb.h"

namespace equinode::cli {

struct CollectOptions {
  std::string report{};
  std::uint32_t version = 0;  // 0 = the newest.
  bool again = false;
  Millis wait = std::chrono::minutes{2};
  Millis every = Millis{200};  // How often to look.
};

struct Collected {
  v1::Release release{};
  bool stored = false;  // It was there before.
};

// How far a collection has come. A relay without records of its own is not waited for.
struct CollectProgress {
  std::size_t asked = 0;
  std::size_t answered = 0;
  std::size_t refused = 0;
  std::string Text() const;  // "2 of 3 answered, 1 refused"
};

// `progress` is called with each look. Ends the collection when everybody has said something or
// `wait` is over. CANCELLED / INTERRUPTED on Ctrl-C: the collection goes
// on at the hub.
Result<Collected> Collect(Session& session, const CollectOptions& options,
                          const std::function<void(const CollectProgress&)>& progress);

}  // namespace equinode::cli
