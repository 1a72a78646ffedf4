// The pushing side of one stream: what is under way on it, what may go next, when a link that was
// refused is tried again. Pure; lives and dies with the stream.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "domain/exchange/envelope.h"

namespace equinode::exchange {

// A relay pushes the links of many senders on one stream.
struct LinkKey {
  std::string from{};
  std::string to{};
  Lane lane = Lane::kControl;
  friend auto operator<=>(const LinkKey&, const LinkKey&) = default;
};

struct FlowLimits {
  std::uint64_t envelopes = 32;                   // Unanswered at once.
  std::uint64_t bytes = 4ull * 1024 * 1024;       // Of them together; one envelope always may.
  Millis pause = std::chrono::milliseconds{250};  // After a refusal; doubles up to the longest.
  Millis longest_pause = std::chrono::seconds{60};
};

// The other side answers every envelope of a link in order, by a cumulative ack or by a refusal.
// After a refusal nothing more of the link is sent until all that was under way is answered.
class Flow {
 public:
  explicit Flow(FlowLimits limits) : limits_(limits) {}

  // False while too much is unanswered: the back-pressure of the stream.
  bool HasRoom() const;
  // The number after which the link goes on; nothing while it has to wait. `acked` is the link's
  // stored position at this hop and `rounds` its count of sendings again: a change means that
  // everything after `acked` goes out once more.
  std::optional<std::uint64_t> GoesOnAfter(const LinkKey& link, std::uint64_t acked,
                                           std::uint32_t rounds, Instant now);

  void Sent(const LinkKey& link, std::uint64_t number, std::uint64_t bytes, Instant now);
  // True when it is news.
  bool Acked(const LinkKey& link, std::uint64_t through);
  // `expected` is 0 when the refusal does not say.
  void Refused(const LinkKey& link, std::uint64_t number, std::uint64_t expected, Instant now);

  // How far the other side has acknowledged the link on this stream; 0 = not at all.
  std::uint64_t acked(const LinkKey& link) const;
  // Since when the oldest unanswered envelope waits.
  std::optional<Instant> UnansweredSince() const;
  // When the next paused link may go on.
  std::optional<Instant> NextTry(Instant now) const;

 private:
  struct UnderWay {
    std::uint64_t number = 0;
    std::uint64_t bytes = 0;
    Instant at{};
  };
  struct State {
    std::deque<UnderWay> under_way{};
    std::uint64_t after = 0;  // What goes next is the first number above.
    std::uint64_t acked = 0;
    std::uint32_t rounds = 0;
    std::uint32_t setbacks = 0;  // Refusals since the last ack.
    bool refused = false;        // Waits for the rest to be answered.
    Instant paused_until{};
  };
  void Drop(const UnderWay& gone);

  FlowLimits limits_;
  std::map<LinkKey, State> links_{};
  std::uint64_t envelopes_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace equinode::exchange
