// Asking, waiting, pooling.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto/cms.h"
#include "client/convert/report.h"
#include "domain/exchange/envelope.h"
#include "server/audit/call_entry.h"
#include "server/services/hub/handlers.h"
#include "server/services/hub/pooling.h"
#include "storage/hub_store.h"
#include "storage/outbox_store.h"

namespace equinode::hub {

namespace {

Error NoSuchCollection() {
  return {Code::kNotFound, "NO_SUCH_COLLECTION", "this hub has no such collection"};
}

Result<Uuid> CollectId(std::string_view text) {
  auto id = Uuid::Parse(text);
  if (id.ok()) return id;
  return Error{Code::kInvalidArgument, "BAD_COLLECT_ID",
               "collect_id must be what StartCollect gave"};
}

Result<StoredCollection> FindCollection(ReadTx& tx, const Uuid& id) {
  EQN_TRY(const auto found, HubStore::Find(tx, id));
  if (!found) return NoSuchCollection();
  return *found;
}

std::string Named(const StoredDefinition& definition) {
  return "report " + definition.name + " version " + std::to_string(definition.version);
}

struct Prepared {
  StoredDefinition definition{};
  std::optional<HubRelease> release{};  // Empty when the collection is finished.
};

// "a, b and 3 more".
std::string Some(const std::vector<std::string>& names) {
  constexpr std::size_t kNamed = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > kNamed) text += " and " + std::to_string(names.size() - kNamed) + " more";
  return text;
}

// A release of no counts would say nothing, and stand for good.
Error NobodyAnswered(const HubRelease& release) {
  std::string text = "no node gave counts, and no release is kept";
  if (!release.silent.empty()) text += "; silent: " + Some(release.silent);
  std::vector<std::string> refused;
  for (const RefusedNode& node : release.refused) {
    refused.push_back(node.node + " (" + node.reason + ")");
  }
  if (!refused.empty()) text += "; refused: " + Some(refused);
  if (!release.relays.empty()) text += "; without records of their own: " + Some(release.relays);
  const char* reason = release.silent.empty() ? "NOBODY_GIVES_COUNTS" : "NOBODY_ANSWERED";
  return Error{Code::kFailedPrecondition, reason, text};
}

// Whether to begin anew: nobody gave counts in it, and who refused would not be asked again.
Result<bool> IsStuck(ReadTx& tx, const StoredCollection& collection) {
  EQN_TRY(const auto asked, HubStore::Asked(tx, collection.row));
  EQN_TRY(const Heard heard, HeardFrom(asked));
  return heard.answered.empty() && !(heard.refused.empty() && heard.relays.empty());
}

Result<Prepared> Prepare(ReadTx& tx, const Uuid& id, Instant now) {
  EQN_TRY(const StoredCollection collection, FindCollection(tx, id));
  Prepared prepared;
  EQN_TRY(prepared.definition, ReportStore::At(tx, collection.definition));
  if (collection.released != 0) return prepared;
  EQN_TRY(const auto asked, HubStore::Asked(tx, collection.row));
  EQN_TRY(prepared.release, MakeRelease(prepared.definition, asked, now));
  return prepared;
}

Status SetCollected(ByteView bytes, v1::Release* out) {
  if (out->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return Ok();
  return Error{Code::kDataLoss, "BAD_ROW", "a kept release cannot be read"};
}

}  // namespace

std::vector<std::string> Handlers::Nodes() const {
  std::vector<std::string> nodes;
  for (const EnrolledPeer& peer : deps_.enrolment.Peers()) {
    const Role role = peer.identity.role;
    const bool revoked = std::ranges::any_of(peer.certificates, [&](const PeerCertificate& one) {
      return one.state == PeerCertificate::State::kCurrent &&
             deps_.enrolment.IsRevoked(peer.identity.uri, one.certificate);
    });
    if ((role == Role::kPractice || role == Role::kQhio) && !revoked) {
      nodes.push_back(peer.identity.uri);
    }
  }
  std::ranges::sort(nodes);
  return nodes;
}

Result<StoredDefinition> Handlers::FindSigned(std::string_view name, std::uint32_t version,
                                              Instant now) const {
  const auto keys = deps_.keys.Get();
  EQN_TRY(auto found, deps_.database.Read([&](ReadTx& tx) {
    return ReportStore::Find(tx, keys->self.uri, name, version);
  }));
  if (!found) {
    return Error{Code::kNotFound, "NO_SUCH_REPORT",
                 "this node has no such report; make it with 'equinode report create'"};
  }
  // A node accepts what a certificate in force has signed: after a renewal the same bytes are
  // signed anew.
  const auto signer = VerifyDetached(found->definition, found->signature, keys->trust, now);
  if (!signer.ok() || *signer != keys->current.certificate) {
    EQN_TRY(found->signature,
            SignDetached(found->definition, keys->current.certificate, keys->current.key));
  }
  return *std::move(found);
}

Status Handlers::AskNodes(Tx& tx, std::int64_t collection, const Uuid& collect_id,
                          const StoredDefinition& definition, const std::vector<std::string>& nodes,
                          Instant now) const {
  constexpr auto kKind = exchange::PayloadKind::kReportRequest;
  const Bytes request =
      BytesFromReportRequest({collect_id, definition.definition, definition.signature});
  bool queued = false;
  for (const std::string& node : nodes) {
    EQN_TRY(Bytes before, HubStore::NewestAnswer(tx, definition.row, node));
    const bool answered = HasTables(before);
    if (!answered) before.clear();
    EQN_TRY(const bool added, HubStore::Ask(tx, collection, node, before, now));
    if (!added || answered) continue;
    EQN_CHECK(OutboxStore::Queue(tx, node, exchange::LaneOf(kKind), kKind, request, now));
    queued = true;
  }
  if (queued && deps_.queued) deps_.queued(tx);
  return Ok();
}

Result<v1::StartCollectResponse> Handlers::StartCollect(
    Call& call, const v1::StartCollectRequest& request) const {
  call.audit.subject = "collection";
  EQN_TRY(const StoredDefinition definition,
          FindSigned(request.report(), request.version(), call.now));
  call.audit.subject = Named(definition);
  EQN_TRY(const ReportDefinition asked_for, DefinitionFromBytes(definition.definition));
  EQN_CHECK(CheckPeriodOver(asked_for, call.now));
  const std::vector<std::string> nodes = Nodes();
  const Uuid fresh = Uuid::MakeV7(call.now, deps_.random);
  using Response = v1::StartCollectResponse;
  const auto start = [&](Tx& tx) -> Result<Response> {
    Response response;
    EQN_TRY(auto collection, HubStore::Open(tx, definition.row));
    if (collection) {
      EQN_TRY(const bool stuck, IsStuck(tx, *collection));
      if (stuck) {
        EQN_CHECK(HubStore::SetAside(tx, collection->row));
        collection.reset();
      }
    }
    if (!collection && !request.again()) {
      EQN_TRY(const auto stored, HubStore::Release(tx, definition.row, 0));
      if (stored) {
        EQN_TRY(const Uuid id, HubStore::CollectionOf(tx, definition.row, stored->number));
        response.set_collect_id(id.ToString());
        EQN_CHECK(SetCollected(stored->bytes, response.mutable_release()));
        return response;
      }
    }
    if (nodes.empty()) {
      return Error{Code::kFailedPrecondition, "NO_NODES",
                   "no practice or QHIO is enrolled here; enrol one with 'equinode peer add'"};
    }
    EQN_CHECK(ReportStore::SetSignature(tx, definition.row, definition.signature));
    // One that nobody finished goes on, with whoever was enrolled since.
    if (!collection) {
      EQN_TRY(collection, HubStore::Start(tx, fresh, definition.row, call.now));
    }
    EQN_CHECK(AskNodes(tx, collection->row, collection->collect_id, definition, nodes, call.now));
    response.set_collect_id(collection->collect_id.ToString());
    return response;
  };
  return WriteAudited(
      deps_.database, deps_.audit, "start_collect", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps_.requests, call, request, [&] { return start(tx); });
      });
}

Result<v1::GetCollectResponse> Handlers::GetCollect(Call& call,
                                                    const v1::GetCollectRequest& request) const {
  call.audit.subject = "collection";
  EQN_TRY(const Uuid id, CollectId(request.collect_id()));
  return deps_.database.Read([&](ReadTx& tx) -> Result<v1::GetCollectResponse> {
    EQN_TRY(const StoredCollection collection, FindCollection(tx, id));
    EQN_TRY(const auto asked, HubStore::Asked(tx, collection.row));
    v1::GetCollectResponse response;
    response.set_finished(collection.released != 0);
    for (const AskedNode& node : asked) response.add_asked(node.node);
    EQN_TRY(const Heard heard, HeardFrom(asked));
    for (const std::string& node : heard.answered) response.add_answered(node);
    for (const RefusedNode& node : heard.refused) {
      v1::RefusedNode* out = response.add_refused();
      out->set_node(node.node);
      out->set_reason(node.reason);
      out->set_message(node.message);
    }
    for (const std::string& node : heard.relays) response.add_relays(node);
    return response;
  });
}

Result<v1::FinishCollectResponse> Handlers::FinishCollect(
    Call& call, const v1::FinishCollectRequest& request) const {
  call.audit.subject = "collection";
  EQN_TRY(const Uuid id, CollectId(request.collect_id()));
  // Pooled outside of the transaction, which holds up every other write: an answer that comes in
  // between is late.
  EQN_TRY(const auto prepared,
          deps_.database.Read([&](ReadTx& tx) { return Prepare(tx, id, call.now); }));
  call.audit.subject = Named(prepared.definition);
  using Response = v1::FinishCollectResponse;
  const auto finish = [&](Tx& tx) -> Result<Response> {
    Response response;
    EQN_TRY(const StoredCollection collection, FindCollection(tx, id));
    if (collection.released == StoredCollection::kSetAside) return NoSuchCollection();
    if (collection.released != 0) {
      EQN_TRY(const auto stored, HubStore::Release(tx, collection.definition, collection.released));
      if (!stored) return Error{Code::kDataLoss, "BAD_ROW", "a kept release is not there"};
      EQN_CHECK(SetCollected(stored->bytes, response.mutable_release()));
      return response;
    }
    if (prepared.release->answered.empty()) return NobodyAnswered(*prepared.release);
    HubRelease release = *prepared.release;
    EQN_TRY(release.number, HubStore::NextNumber(tx, collection.definition));
    const Bytes bytes = BytesFromRelease(release);
    EQN_CHECK(SetCollected(bytes, response.mutable_release()));
    release.tables.clear();
    EQN_CHECK(HubStore::Finish(tx, collection, release.number, BytesFromRelease(release), bytes));
    return response;
  };
  return WriteAudited(
      deps_.database, deps_.audit, "finish_collect", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps_.requests, call, request, [&] { return finish(tx); });
      });
}

}  // namespace equinode::hub
