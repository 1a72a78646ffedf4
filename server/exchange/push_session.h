// The pushing side of one stream.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "client/convert/envelope.h"
#include "domain/exchange/flow.h"
#include "domain/exchange/payload.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct ExchangeContext;

// Thread-safe. Drop it when its stream is over: what was not acknowledged goes on the next one.
class PushSession {
 public:
  PushSession(std::shared_ptr<ExchangeContext> context, std::string hop,
              std::function<void()> wake);
  ~PushSession();
  PushSession(const PushSession&) = delete;
  PushSession& operator=(const PushSession&) = delete;

  // The next envelope for the stream; nothing when nothing waits, or too much is unanswered.
  Result<std::optional<WireEnvelope>> Next(Instant now);
  // What the other side said. An error is the store's: end the stream.
  Status Answered(const exchange::Answer& answer, Instant now);
  // When Next may have something again without an answer; nothing when it needs one.
  std::optional<Instant> NextTry(Instant now) const;
  // True, once, when such a moment has come.
  bool TryComes(Instant now);
  // True when the other side has left an envelope unanswered for so long.
  bool Silent(Instant now, Millis patience) const;

  const std::string& hop() const { return hop_; }
  void Wake() const { wake_(); }

 private:
  struct Source;
  Result<std::vector<Source>> Sources(ReadTx& tx, Instant now);
  Status Fetch(Instant now);

  const std::shared_ptr<ExchangeContext> context_;
  const std::string hop_;
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  exchange::Flow flow_;
  std::deque<WireEnvelope> fetched_{};
  std::optional<Instant> tries_at_{};
  exchange::LinkKey served_{};  // The link that was served last: others of its lane go first.
};

}  // namespace equinode
