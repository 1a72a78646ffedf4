#include "server/node/views.h"

#include <charconv>

#include "client/convert/proto_parts.h"

namespace equinode {
namespace {

v1::Lane ToWire(exchange::Lane lane) { return static_cast<v1::Lane>(static_cast<int>(lane)); }

void AddOutgoing(const StoredOutgoing& link, std::uint64_t waiting, v1::GetStatusResponse& out) {
  v1::LinkStatus* status = out.add_links();
  status->set_peer(link.peer);
  status->set_lane(ToWire(link.lane));
  status->set_outgoing(true);
  status->set_through(link.state.receipted.through);
  status->set_given(link.state.given.through);
  status->set_waiting(waiting);
  status->set_chain(wire::StringFrom(link.state.given.chain));
  status->set_fault(std::string(exchange::FaultName(link.state.fault)));
}

void AddIncoming(const StoredIncoming& link, v1::GetStatusResponse& out) {
  v1::LinkStatus* status = out.add_links();
  status->set_peer(link.peer);
  status->set_lane(ToWire(link.lane));
  status->set_through(link.state.applied.through);
  status->set_chain(wire::StringFrom(link.state.applied.chain));
}

}  // namespace

Result<v1::GetStatusResponse> StatusOf(const StatusSources& sources) {
  v1::GetStatusResponse out;
  EQN_TRY(const ExchangeState state,
          sources.database.Read([&](ReadTx& tx) { return sources.exchange.State(tx); }));
  for (std::size_t i = 0; i < state.outgoing.size(); ++i) {
    AddOutgoing(state.outgoing[i], i < state.waiting.size() ? state.waiting[i] : 0, out);
  }
  for (const StoredIncoming& link : state.incoming) AddIncoming(link, out);
  out.set_dead_letters(state.dead_letters);
  out.set_relayed_waiting(state.relayed.envelopes);
  if (const auto population = sources.keeper.population(); population.ok()) {
    out.set_persons((*population)->Memory().people);
    out.set_records(sources.keeper.Memory().records);
  }
  return out;
}

Result<v1::ListDeadLettersResponse> DeadLettersPage(const ExchangeEngine& exchange, ReadTx& tx,
                                                    std::size_t page, const std::string& token) {
  std::int64_t before = 0;
  const char* end = token.data() + token.size();
  const auto read = std::from_chars(token.data(), end, before);
  if (!token.empty() && (read.ec != std::errc() || read.ptr != end || before < 1)) {
    return Error{Code::kInvalidArgument, "BAD_PAGE_TOKEN",
                 "the page token is not one that this method gave"};
  }
  EQN_TRY(const std::vector<DeadLetter> letters, exchange.DeadLetters(tx, before, page + 1));
  v1::ListDeadLettersResponse out;
  for (const DeadLetter& letter : letters) {
    if (static_cast<std::size_t>(out.letters_size()) == page) {
      out.set_next_page_token(std::to_string(letters[page - 1].row));
      break;
    }
    v1::DeadLetter* message = out.add_letters();
    message->set_id(letter.id.ToString());
    message->set_peer(letter.peer);
    message->set_outgoing(letter.outgoing);
    message->set_lane(ToWire(letter.lane));
    message->set_link_seq(letter.number);
    if (letter.kind) {
      message->set_kind(static_cast<v1::PayloadKind>(static_cast<int>(*letter.kind)));
    }
    message->set_reason(letter.reason);
    wire::SetTimestamp(letter.at, message->mutable_at());
    message->set_resolved(letter.resolved);
  }
  return out;
}

}  // namespace equinode
