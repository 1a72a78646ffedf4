// The taking side of one stream: envelopes in, answers out, in order, when they are durable.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "client/convert/envelope.h"
#include "domain/exchange/payload.h"
#include "server/exchange/opening.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct ExchangeContext;

// Thread-safe; Offer by one thread at a time. May be dropped while envelopes are under way: they
// take effect all the same, and their sender asks again.
class TakeSession : public std::enable_shared_from_this<TakeSession> {
 public:
  // Envelopes under way before Offer waits.
  static constexpr std::size_t kMostUnderWay = 64;

  TakeSession(std::shared_ptr<ExchangeContext> context, std::string hop,
              std::function<void()> wake);
  TakeSession(const TakeSession&) = delete;
  TakeSession& operator=(const TakeSession&) = delete;

  void Offer(WireEnvelope envelope);
  // What is to be said now: at most one ack a link.
  exchange::Answer TakeAnswers();
  // Nothing is under way and nothing is to be said.
  bool Quiet() const;
  // The stream is over: `wake` is not called any more.
  void Close();

 private:
  struct Slot {
    WireEnvelope envelope{};
    bool ready = false;
    Taken taken{};
  };
  // How far a link that is kept for others has come on this stream.
  struct RelayPlace {
    std::uint64_t last = 0;    // Kept.
    std::uint64_t before = 0;  // The arrival before, kept or refused.
    bool asked = false;        // For what is missing after `last`.
  };
  using Places = std::map<exchange::LinkKey, RelayPlace>;

  void Judge(const std::shared_ptr<Slot>& slot);
  void Drain();
  void TakeEffect(const std::vector<std::shared_ptr<Slot>>& slots);
  Status TakeInTx(Tx& tx, const std::vector<std::shared_ptr<Slot>>& slots, Places& places,
                  exchange::Answer& answer, Instant now);
  Status RecordDenied(Tx& tx, const exchange::Header& header, const exchange::Refusal& refusal,
                      Instant now);
  Status Relay(Tx& tx, const WireEnvelope& envelope, Places& places, exchange::Answer& answer,
               Instant now);
  void Say(exchange::Answer answer);

  const std::shared_ptr<ExchangeContext> context_;
  const std::string hop_;
  mutable std::mutex mutex_;
  std::condition_variable room_{};
  // Guarded by mutex_.
  std::function<void()> wake_;
  std::deque<std::shared_ptr<Slot>> slots_{};
  bool draining_ = false;
  exchange::Answer answers_{};
  // Of whoever drains.
  Places places_{};
};

}  // namespace equinode
