// Report requests, answers and releases from outside. What is read and accepted is what may be
// pooled and kept: it keeps its meaning when written again, and no hidden value becomes a number.
#include <cstdint>
#include <cstdlib>

#include "client/convert/report.h"
#include "domain/report/release_of_period.h"

namespace {

using namespace equinode;  // NOLINT: the target is the project's own.

void Must(bool ok) {
  if (!ok) std::abort();
}

ReportDefinition Asked() {
  ReportDefinition definition;
  definition.name = "r";
  definition.payer = "spiffe://n/payer/p";
  definition.tables = {{"race", {"population", "available.race"}, {Stratifier::kRaceOmb1997}}};
  return definition;
}

void JudgeAnswer(const ReceivedAnswer& answer) {
  const ReportDefinition definition = Asked();
  const NodeAnswer node{"n", answer.tables};
  if (!CheckAnswer(node, definition).ok()) return;
  (void)CheckSums(node);
  const NodeAnswer answers[] = {node};
  for (const PooledTable& table : Pool(definition, answers)) {
    for (const PooledCell& cell : table.cells) {
      Must(cell.denominator.value.kind == ShownKind::kCount || cell.denominator.nodes_hidden == 1);
      Must(cell.denominator.value.count < (std::uint64_t{1} << 53));
    }
  }
}

void JudgeDefinition(const ReportDefinition& definition) {
  const auto again = DefinitionFromBytes(BytesFromDefinition(definition));
  Must(again.ok() && *again == definition);
  if (!Validate(definition).ok()) return;
  const ReleasedBefore before[] = {{definition.payer, definition.period_start,
                                    definition.period_end, FamilyFingerprint(definition)}};
  const auto same = CheckReleaseOfPeriod(before, definition);
  Must(same.ok() && *same == 0U);
  Must(definition.suppress_from <= 1 && definition.suppress_to >= 10);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  if (const auto answer = AnswerFromBytes(bytes); answer.ok()) {
    JudgeAnswer(*answer);
    (void)AnswerAgain(bytes, answer->head, Asked());
  }
  if (const auto asked = ReportRequestFromBytes(bytes); asked.ok()) {
    const auto again = ReportRequestFromBytes(BytesFromReportRequest(*asked));
    Must(again.ok() && again->definition == asked->definition);
    if (const auto inner = DefinitionFromBytes(asked->definition); inner.ok()) {
      JudgeDefinition(*inner);
    }
  }
  if (const auto definition = DefinitionFromBytes(bytes); definition.ok()) {
    JudgeDefinition(*definition);
  }
  if (const auto release = ReleaseFromBytes(bytes); release.ok()) {
    const auto again = ReleaseFromBytes(BytesFromRelease(*release));
    Must(again.ok() && *again == *release);
  }
  return 0;
}
