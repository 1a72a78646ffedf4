#include "server/services/hub/pooling.h"

#include <utility>

#include "client/convert/report.h"
#include "domain/access/identity.h"

namespace equinode::hub {

namespace {

// A refusal is a word and a line: what is longer has tables, and is not parsed to know that.
constexpr std::size_t kLongestRefusal = 4096;

Error BadAnswer() { return {Code::kDataLoss, "BAD_ROW", "a kept answer cannot be read"}; }

// A practice that says so is missing all the same; a QHIO's people are those of its members, who
// answer themselves.
bool IsRelay(const RefusedNode& refused) {
  const auto identity = ParseIdentity(refused.node);
  return refused.reason == "NO_OWN_RECORDS" && identity.ok() && identity->role == Role::kQhio;
}

}  // namespace

Result<Heard> HeardFrom(const std::vector<AskedNode>& asked) {
  Heard heard;
  for (const AskedNode& node : asked) {
    if (node.silent()) {
      heard.silent.push_back(node.node);
      continue;
    }
    if (node.answer.size() > kLongestRefusal) {
      heard.answered.push_back(node.node);
      continue;
    }
    const auto answer = AnswerFromBytes(node.answer);
    if (!answer.ok()) return BadAnswer();
    RefusedNode refused{node.node, answer->refused_reason, answer->refused_message};
    if (refused.reason.empty()) {
      heard.answered.push_back(node.node);
    } else if (IsRelay(refused)) {
      heard.relays.push_back(node.node);
    } else {
      heard.refused.push_back(std::move(refused));
    }
  }
  return heard;
}

bool HasTables(ByteView answer) {
  if (answer.empty()) return false;
  const auto read = AnswerFromBytes(answer);
  return read.ok() && read->refused_reason.empty();
}

Result<HubRelease> MakeRelease(const StoredDefinition& definition,
                               const std::vector<AskedNode>& asked, Instant now) {
  EQN_TRY(const ReportDefinition asked_for, DefinitionFromBytes(definition.definition));
  EQN_TRY(Heard heard, HeardFrom(asked));
  HubRelease release;
  release.definition_name = definition.name;
  release.definition_version = definition.version;
  release.title = asked_for.title;
  release.period_start = asked_for.period_start;
  release.period_end = asked_for.period_end;
  release.released_at = now;
  release.note = std::string(kPooledNote);
  std::vector<NodeAnswer> answers;
  for (const AskedNode& node : asked) {
    if (node.silent()) continue;
    auto answer = AnswerFromBytes(node.answer);
    if (!answer.ok()) return BadAnswer();
    if (!answer->refused_reason.empty()) continue;
    answers.push_back({node.node, std::move(answer->tables)});
  }
  // Every answer that is named is counted, and none else.
  if (answers.size() != heard.answered.size()) return BadAnswer();
  release.answered = std::move(heard.answered);
  release.silent = std::move(heard.silent);
  release.refused = std::move(heard.refused);
  release.relays = std::move(heard.relays);
  release.tables = Pool(asked_for, answers);
  return release;
}

}  // namespace equinode::hub
