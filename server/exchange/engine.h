// The exchange of sealed envelopes (DESIGN section 6), without a transport and without threads of
// its own: it is stepped with a time, and hands out sessions that turn envelopes into answers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/random.h"
#include "base/result.h"
#include "domain/exchange/flow.h"
#include "domain/exchange/incoming_link.h"
#include "domain/exchange/outgoing_link.h"
#include "server/access/enrolment.h"
#include "server/audit/audit_log.h"
#include "server/exchange/payload_applier.h"
#include "server/exchange/push_session.h"
#include "server/exchange/take_session.h"
#include "server/keys/key_ring.h"
#include "storage/dead_letter_store.h"
#include "storage/incoming_store.h"
#include "storage/outgoing_store.h"
#include "storage/relay_store.h"
#include "storage/sqlite/database.h"

namespace equinode {

struct ExchangeOptions {
  std::size_t batch_records = 250;  // At most 300.
  std::size_t batch_bytes = 350 * 1024;
  exchange::Window window{};
  exchange::FlowLimits flow{};
  exchange::ReceiptPolicy receipts{};
  Millis patience = std::chrono::minutes{15};  // For a receipt, before all is sent again.
  Millis sweep_every = std::chrono::seconds{30};
  Millis poll_every = std::chrono::milliseconds{250};  // For payloads that nobody nudged about.
  std::uint64_t relay_bytes = 4096ull * 1024 * 1024;   // Kept for others, in all
  std::uint64_t relay_bytes_per_recipient = 512ull * 1024 * 1024;
};

// All that is referred to must outlive the engine.
struct ExchangeDeps {
  Database& database;
  const Clock& clock;
  Random& random;
  Log& log;
  const CurrentKeyRing& keys;
  Enrolment& enrolment;
  AuditLog& audit;
  // Runs a task on another thread, soon. Opening, reading and sealing go there; null: they happen
  // where they are asked for.
  std::function<void(std::function<void()>)> run_aside{};
};

struct ExchangeState {
  std::vector<StoredOutgoing> outgoing{};
  std::vector<StoredIncoming> incoming{};
  std::vector<std::uint64_t> waiting{};  // Of each outgoing link: payloads and records not sealed.
  std::uint64_t dead_letters = 0;        // Not resolved.
  RelayTotals relayed{};
};

struct BegunLinks {
  std::string code{};
  bool already = false;  // They were in the code's era: nothing has happened.
};

// Thread-safe.
class ExchangeEngine {
 public:
  ExchangeEngine(ExchangeDeps deps, ExchangeOptions options = {});
  ExchangeEngine(const ExchangeEngine&) = delete;
  ExchangeEngine& operator=(const ExchangeEngine&) = delete;
  // Sessions must be gone, and nothing of them may be under way any more.
  ~ExchangeEngine();

  // What a payload of this kind does here. Before the first step. Receipts and voids are the
  // engine's own. A kind without one goes to dead letters (NOT_OFFERED).
  void RegisterApplier(exchange::PayloadKind kind, PayloadApplier applier);

  // Who has a last word on outgoing payloads of this kind. Before the first step.
  void RegisterWatch(exchange::PayloadKind kind, PayloadWatch watch);

  // Gives numbers to what waits and may go, seals it, makes receipts, sends again, drops what is
  // too old. Returns when to step again at the latest. An error is the store's; stepping again is
  // right. One caller at a time does the work, others wait.
  Result<Instant> Step(Instant now);

  // `nudge` is called (from any thread, also the writer's) whenever a step would do something now.
  void SetNudge(std::function<void()> nudge);
  void Nudge();
  // Nudges when this transaction is durable: for those who queue a payload or change what is
  // shared.
  void NudgeAfter(Tx& tx);

  // The pushing side of a stream to `hop`: a node that takes for itself or, as a relay, for others.
  // `wake` is called, from any thread, when Next may have something again. Of several open sessions
  // to one hop the newest sends, so that nothing goes twice.
  std::shared_ptr<PushSession> OpenPush(std::string hop, std::function<void()> wake);
  // The taking side of a stream from `hop`. `wake` is called when there are answers.
  std::shared_ptr<TakeSession> OpenTake(std::string hop, std::function<void()> wake);

  Result<ExchangeState> State(ReadTx& tx) const;

  // For AdminService: the links with `peer` begin anew (server/exchange/anew.h).
  Result<BegunLinks> BeginAnew(Tx& tx, const std::string& peer, std::string_view code, Instant now);
  // In the transaction that withdraws an enrolment: nothing that waits for the peer leaves any more
  // (server/exchange/departed.h).
  Status PeerRemoved(Tx& tx, const std::string& peer);

  // For AdminService. Newest first, those before row `before` (0 = from the newest).
  Result<std::vector<DeadLetter>> DeadLetters(ReadTx& tx, std::int64_t before,
                                              std::size_t most) const;
  // Retry: an outgoing payload waits for a number again, an incoming one is applied now
  // (FAILED_PRECONDITION with its reason where that fails again). Else it is let go. NOT_FOUND /
  // NO_SUCH_DEAD_LETTER; FAILED_PRECONDITION / QUARANTINED, PAYLOAD_GONE for what cannot be tried.
  Status ResolveDeadLetter(Tx& tx, const Uuid& id, bool retry, Instant now);

 private:
  std::shared_ptr<struct ExchangeContext> context_;
};

}  // namespace equinode
