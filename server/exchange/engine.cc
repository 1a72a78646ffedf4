#include "server/exchange/engine.h"

#include <algorithm>
#include <set>
#include <utility>

#include "server/exchange/anew.h"
#include "server/exchange/context.h"
#include "server/exchange/departed.h"
#include "server/exchange/receipts.h"
#include "server/exchange/sealing.h"
#include "server/exchange/sweep.h"
#include "storage/record_store.h"
#include "storage/sharing_store.h"

namespace equinode {

using exchange::Lane;

namespace {

constexpr std::size_t kAllRules = 100'000;

// Whom a step has to look at: a few small queries, instead of some for each of many peers.
Result<std::set<std::string>> Busy(ExchangeContext& context, ReadTx& tx, Instant now) {
  std::set<std::string> busy;
  EQN_TRY(const std::vector<std::string> queued, OutboxStore::Peers(tx));
  busy.insert(queued.begin(), queued.end());
  EQN_TRY(const std::int64_t last, RecordStore::LastRow(tx));
  EQN_TRY(const std::vector<SharingRule> rules, SharingStore::List(tx, "", kAllRules));
  for (const SharingRule& rule : rules) {
    EQN_TRY(const RecordFeed records, OutboxStore::Feed(tx, rule.peer, Lane::kRecord));
    EQN_TRY(const RecordFeed history, OutboxStore::Feed(tx, rule.peer, Lane::kHistory));
    const bool behind = records.rule_version != rule.version || records.position < last ||
                        history.rule_version != rule.version || history.position < rule.since_row;
    if (behind) busy.insert(rule.peer);
  }
  EQN_TRY(const std::vector<StoredOutgoing> links, OutgoingStore::List(tx));
  for (const StoredOutgoing& link : links) {
    if (!link.state.waiting() || busy.count(link.peer) > 0) continue;
    EQN_TRY(const std::vector<StoredSent> to_void, OutgoingStore::ToVoid(tx, link.link, 1));
    if (!to_void.empty()) busy.insert(link.peer);
  }
  for (const EnrolledPeer& peer : context.deps.enrolment.Peers()) {
    EQN_TRY(const auto due, ReceiptDueAt(context, tx, peer.identity.uri));
    if (due && *due <= now) busy.insert(peer.identity.uri);
  }
  return busy;
}

}  // namespace

ExchangeEngine::ExchangeEngine(ExchangeDeps deps, ExchangeOptions options)
    : context_(std::make_shared<ExchangeContext>(std::move(deps), options)) {
  context_->appliers[exchange::PayloadKind::kReceipt] = ReceiptApplier(*context_);
}

ExchangeEngine::~ExchangeEngine() { SetNudge(nullptr); }

void ExchangeEngine::RegisterApplier(exchange::PayloadKind kind, PayloadApplier applier) {
  context_->appliers[kind] = std::move(applier);
}

void ExchangeEngine::RegisterWatch(exchange::PayloadKind kind, PayloadWatch watch) {
  context_->watches[kind] = std::move(watch);
}

Result<Instant> ExchangeEngine::Step(Instant now) {
  ExchangeContext& context = *context_;
  const std::lock_guard lock(context.step_mutex);
  if (now >= context.next_sweep) {
    EQN_CHECK(Sweep(context, now));
    context.next_sweep = now + context.options.sweep_every;
  }
  EQN_TRY(const std::set<std::string> busy,
          context.deps.database.Read([&](ReadTx& tx) { return Busy(context, tx, now); }));
  for (const std::string& peer : busy) {
    if (context.deps.enrolment.Find(peer)) EQN_CHECK(SealFor(context, peer, now));
  }
  for (const auto& session : context.Pushers()) {
    // A paused link whose time has come shows in no other way.
    if (session->TryComes(now)) session->Wake();
  }
  Instant next = std::min(context.next_sweep, now + context.options.poll_every);
  EQN_TRY(const auto due, context.deps.database.Read([&](ReadTx& tx) -> Result<Instant> {
    Instant first = next;
    for (const EnrolledPeer& peer : context.deps.enrolment.Peers()) {
      EQN_TRY(const auto receipt, ReceiptDueAt(context, tx, peer.identity.uri));
      if (receipt && *receipt > now) first = std::min(first, *receipt);
    }
    return first;
  }));
  return due;
}

void ExchangeEngine::SetNudge(std::function<void()> nudge) {
  const std::lock_guard lock(context_->mutex);
  context_->nudge = std::move(nudge);
}

void ExchangeEngine::Nudge() { context_->Nudge(); }

void ExchangeEngine::NudgeAfter(Tx& tx) {
  tx.OnGroupCommit(context_.get(), [context = context_] { context->Nudge(); });
}

std::shared_ptr<PushSession> ExchangeEngine::OpenPush(std::string hop, std::function<void()> wake) {
  auto session = std::make_shared<PushSession>(context_, std::move(hop), std::move(wake));
  context_->Add(session);
  return session;
}

std::shared_ptr<TakeSession> ExchangeEngine::OpenTake(std::string hop, std::function<void()> wake) {
  return std::make_shared<TakeSession>(context_, std::move(hop), std::move(wake));
}

Result<ExchangeState> ExchangeEngine::State(ReadTx& tx) const {
  ExchangeState state;
  EQN_TRY(state.outgoing, OutgoingStore::List(tx));
  EQN_TRY(state.incoming, IncomingStore::List(tx));
  EQN_TRY(const std::int64_t last, RecordStore::LastRow(tx));
  for (const StoredOutgoing& link : state.outgoing) {
    EQN_TRY(std::uint64_t waiting, OutboxStore::Count(tx, link.peer, link.lane));
    EQN_TRY(const std::optional<SharingRule> rule, SharingStore::Find(tx, link.peer));
    if (rule && (link.lane == Lane::kRecord || link.lane == Lane::kHistory)) {
      EQN_TRY(const RecordFeed feed, OutboxStore::Feed(tx, link.peer, link.lane));
      const std::int64_t end = link.lane == Lane::kHistory ? rule->since_row : last;
      waiting += static_cast<std::uint64_t>(std::max<std::int64_t>(0, end - feed.position));
    }
    state.waiting.push_back(waiting);
  }
  EQN_TRY(state.dead_letters, DeadLetterStore::CountOpen(tx));
  EQN_TRY(state.relayed, RelayStore::Totals(tx));
  return state;
}

Result<BegunLinks> ExchangeEngine::BeginAnew(Tx& tx, const std::string& peer, std::string_view code,
                                             Instant now) {
  return equinode::BeginAnew(*context_, tx, peer, code, now);
}

Status ExchangeEngine::PeerRemoved(Tx& tx, const std::string& peer) {
  EQN_CHECK(DropForDeparted(*context_, tx, peer));
  return Ok();
}

Result<std::vector<DeadLetter>> ExchangeEngine::DeadLetters(ReadTx& tx, std::int64_t before,
                                                            std::size_t most) const {
  return DeadLetterStore::List(tx, before, most);
}

Status ExchangeEngine::ResolveDeadLetter(Tx& tx, const Uuid& id, bool retry, Instant now) {
  EQN_TRY(const std::optional<DeadLetter> letter, DeadLetterStore::Find(tx, id));
  if (!letter || !letter->resolved.empty()) {
    return Error{Code::kNotFound, "NO_SUCH_DEAD_LETTER", "no such dead letter waits"};
  }
  if (!retry) return DeadLetterStore::Resolve(tx, letter->row, "DISCARDED");
  if (letter->quarantined) {
    return Error{Code::kFailedPrecondition, "QUARANTINED",
                 "bytes that lie about themselves are never applied; discard it"};
  }
  if (letter->outgoing && !context_->deps.enrolment.Find(letter->peer)) {
    return Error{Code::kFailedPrecondition, "NO_SUCH_PEER",
                 "its recipient is not enrolled any more; discard it"};
  }
  if (letter->outgoing) {
    const SentPayload made_of{letter->kind.value_or(exchange::PayloadKind::kVoid),
                              letter->first_row, letter->last_row, letter->payload};
    EQN_TRY(const bool queued, QueueAgain(*context_, tx, letter->peer, letter->lane, made_of, now));
    if (!queued) {
      return Error{Code::kFailedPrecondition, "PAYLOAD_GONE",
                   "its payload is not kept; discard it"};
    }
    NudgeAfter(tx);
  } else if (letter->payload.empty()) {
    return Error{Code::kFailedPrecondition, "PAYLOAD_GONE",
                 "too many of this peer were dead to keep them all; discard it"};
  } else {
    const PayloadApplier* applier = letter->kind ? context_->ApplierOf(*letter->kind) : nullptr;
    if (applier == nullptr) {
      return Error{Code::kFailedPrecondition, "NOT_OFFERED",
                   "this node does not take such payloads"};
    }
    auto apply = (*applier)(
        Incoming{letter->peer, letter->id, letter->lane, *letter->kind, letter->payload});
    if (!apply.ok()) {
      return Error{Code::kFailedPrecondition, apply.error().reason, apply.error().message};
    }
    AuditNote note;
    EQN_CHECK((*apply)(tx, note));
  }
  return DeadLetterStore::Resolve(tx, letter->row, "RETRIED");
}

}  // namespace equinode
