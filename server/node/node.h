// The node: every part of it, put together. Parts know each other by their headers only; who is
// made of what, in which order they start and stop, is decided here and nowhere else.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "server/config/config.h"

namespace equinode {

// Thread-safe where it says so.
class Node {
 public:
  // Opens keys, store, audit log and enrolments, then listens. The counts are loaded in the
  // background: until then calls that need them say UNAVAILABLE / NOT_READY. `clock`, `random` and
  // `log` must outlive the node. The errors of the parts, each saying what is wrong and how to mend
  // it; nothing is served then (THREATS R8).
  static Result<std::unique_ptr<Node>> Start(const NodeConfig& config, const Secret& database_key,
                                             const Clock& clock, Random& random, Log& log);
  // Stops if nobody did.
  ~Node();

  const std::string& uri() const;
  std::string address() const;  // host:port, with the port that was chosen.
  bool ready() const;           // Counts are loaded and the port answers itself.

  // In good order: no more calls, streams ended, jobs done, a snapshot of the counts, the log's
  // last entry. Bounded by the configured drain time; the second call does nothing.
  void Stop();

 private:
  struct Impl;
  explicit Node(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace equinode
