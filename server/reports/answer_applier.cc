#include "server/reports/answer_applier.h"

#include <algorithm>
#include <string>
#include <utility>

#include "client/convert/report.h"
#include "domain/report/answer.h"
#include "storage/hub_store.h"
#include "storage/report_store.h"

namespace equinode {

namespace {

Error Bad(const char* reason, const char* message) {
  return Error{Code::kInvalidArgument, reason, message};
}

// What the hub knows of the collection that an answer names.
struct Expected {
  StoredCollection collection{};
  StoredDefinition definition{};
  AskedNode node{};
};

Result<Expected> Find(ReadTx& tx, const Uuid& collect_id, std::string_view node) {
  EQN_TRY(const auto collection, HubStore::Find(tx, collect_id));
  if (!collection) {
    return Error{Code::kNotFound, "UNKNOWN_COLLECTION", "this hub started no such collection"};
  }
  EQN_TRY(const auto asked, HubStore::AskedOne(tx, collection->row, node));
  if (!asked) {
    return Error{Code::kNotFound, "NOT_ASKED", "this node was not asked in this collection"};
  }
  EQN_TRY(auto definition, ReportStore::At(tx, collection->definition));
  return Expected{*collection, std::move(definition), *asked};
}

Status CheckRefusal(const ReceivedAnswer& answer) {
  const bool word = std::ranges::all_of(answer.refused_reason, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  const bool plain =
      std::ranges::all_of(answer.refused_message, [](char c) { return c >= ' ' && c <= '~'; });
  if (word && plain) return Ok();
  return Bad("BAD_ANSWER", "a refusal has a word and a line of plain text");
}

Status CheckTables(NodeAnswer answer, ByteView definition_bytes) {
  EQN_TRY(const ReportDefinition definition, DefinitionFromBytes(definition_bytes));
  EQN_CHECK(CheckAnswer(answer, definition));
  return CheckSums(answer);
}

Status Judge(const Expected& expected, const Incoming& incoming, ReceivedAnswer answer) {
  const StoredDefinition& definition = expected.definition;
  if (answer.head.definition_name != definition.name ||
      answer.head.definition_version != definition.version ||
      answer.head.definition_sha256 != Sha256(definition.definition)) {
    return Bad("OTHER_DEFINITION", "the answer is to another definition than the one asked");
  }
  if (answer.refused_reason.empty()) {
    EQN_CHECK(CheckTables({incoming.from, std::move(answer.tables)}, definition.definition));
  } else {
    EQN_CHECK(CheckRefusal(answer));
  }
  if (!expected.node.silent() && !std::ranges::equal(expected.node.answer, incoming.payload)) {
    return Error{Code::kAlreadyExists, "ANSWERED_BEFORE",
                 "this node has answered already, and otherwise"};
  }
  return Ok();
}

}  // namespace

PayloadApplier ReportAnswerApplier(Database& database, const Clock& clock) {
  return [&database, &clock](const Incoming& incoming) -> Result<ApplyInTx> {
    EQN_TRY(ReceivedAnswer answer, AnswerFromBytes(incoming.payload));
    EQN_TRY(const Expected expected, database.Read([&](ReadTx& tx) {
      return Find(tx, answer.head.collect_id, incoming.from);
    }));
    const std::string refused = answer.refused_reason;
    EQN_CHECK(Judge(expected, incoming, std::move(answer)));
    return ApplyInTx([&clock, refused, collection = expected.collection.row,
                      name = expected.definition.name, version = expected.definition.version,
                      from = incoming.from,
                      payload = incoming.payload](Tx& tx, AuditNote& note) -> Status {
      EQN_TRY(const AnswerOutcome outcome,
              HubStore::Answer(tx, collection, from, payload, clock.Now()));
      note.subject = from;
      note.purpose = "report " + name + " version " + std::to_string(version);
      if (!refused.empty()) note.purpose += ", refused: " + refused;
      // Two that came at one time: the first stands.
      if (outcome == AnswerOutcome::kOther) note.purpose += ", dropped: ANSWERED_BEFORE";
      return Ok();
    });
  };
}

}  // namespace equinode
