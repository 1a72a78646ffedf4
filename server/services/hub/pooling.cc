#include "server/services/hub/pooling.h"

#include <utility>

#include "client/convert/report.h"

namespace equinode::hub {

Result<HubRelease> MakeRelease(const StoredDefinition& definition,
                               const std::vector<AskedNode>& asked, Instant now) {
  HubRelease release;
  release.definition_name = definition.name;
  release.definition_version = definition.version;
  release.released_at = now;
  release.note = std::string(kPooledNote);
  std::vector<NodeAnswer> answers;
  for (const AskedNode& node : asked) {
    if (node.silent()) {
      release.silent.push_back(node.node);
      continue;
    }
    auto answer = AnswerFromBytes(node.answer);
    if (!answer.ok()) return Error{Code::kDataLoss, "BAD_ROW", "a kept answer cannot be read"};
    if (!answer->refused_reason.empty()) {
      release.refused.push_back({node.node, answer->refused_reason, answer->refused_message});
      continue;
    }
    release.answered.push_back(node.node);
    answers.push_back({node.node, std::move(answer->tables)});
  }
  EQN_TRY(const ReportDefinition asked_for, DefinitionFromBytes(definition.definition));
  release.tables = Pool(asked_for, answers);
  return release;
}

}  // namespace equinode::hub
