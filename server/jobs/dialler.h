// The node's outgoing streams: to every enrolled peer that has an address one to deliver and one to
// collect, kept open, opened again after ever longer waits (and not before the peer wants it),
// closed in good order.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "client/channel/channel.h"
#include "server/access/enrolment.h"
#include "server/exchange/engine.h"
#include "server/keys/key_ring.h"

namespace equinode {

struct DiallerOptions {
  Millis look_every = std::chrono::seconds{1};  // At the enrolments, for new peers and addresses.
  Millis first_wait = std::chrono::milliseconds{200};
  Millis longest_wait = std::chrono::seconds{30};
  Millis silence = std::chrono::seconds{60};    // An envelope unanswered for so long ends a stream.
  Millis good_order = std::chrono::seconds{2};  // For the other side to end a stream that we ended.
};

// Opens a stream of a method to a peer. In production: a channel with the keys of now.
using StreamOpener = std::function<Result<std::unique_ptr<MessageStream>>(const Endpoint& endpoint,
                                                                          std::string_view method)>;

class Dialler {
 public:
  // All must outlive the dialler.
  Dialler(ExchangeEngine& engine, const Enrolment& enrolment, const CurrentKeyRing& keys,
          const Clock& clock, Random& random, Log& log, StreamOpener opener = {},
          DiallerOptions options = {});
  ~Dialler();  // Stops.

  void Start();
  // Ends all streams in good order; bounded by DiallerOptions::good_order.
  void Stop();
  // Looks at the enrolments now.
  void Look();

 private:
  class Link;
  void Run();
  void Match();

  ExchangeEngine& engine_;
  const Enrolment& enrolment_;
  const CurrentKeyRing& keys_;
  const Clock& clock_;
  Random& random_;
  Log& log_;
  const StreamOpener opener_;
  const DiallerOptions options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;                                 // Guarded by mutex_.
  bool look_ = false;                                     // Guarded by mutex_.
  std::map<std::string, std::shared_ptr<Link>> links_{};  // Of the running thread; by URI.
  std::thread thread_{};
};

// The channel and the stream in one: the stream holds its channel open.
StreamOpener OpenerOver(const CurrentKeyRing& keys);

}  // namespace equinode
