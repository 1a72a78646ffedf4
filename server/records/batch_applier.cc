#include "server/records/batch_applier.h"

#include <memory>
#include <utility>
#include <vector>

namespace equinode {

PayloadApplier RecordBatchApplier(RecordKeeper& keeper) {
  return [&keeper](const Incoming& incoming) -> Result<ApplyInTx> {
    if (!keeper.ready()) {
      return ApplyInTx([](Tx&, AuditNote&) -> Status {
        return Error{Code::kUnavailable, "NOT_READY",
                     "the node is still loading its records; try again later"};
      });
    }
    std::vector<std::shared_ptr<const PreparedRecord>> records;
    EQN_CHECK(ReadRecordBatch(incoming.payload, [&](const RecordView& record) -> Status {
      if (record.origin != incoming.from || record.origin == keeper.self()) {
        return Error{Code::kPermissionDenied, "FOREIGN_RECORD",
                     "a batch holds records that its sender did not make"};
      }
      EQN_TRY(auto prepared, keeper.Prepare(record));
      records.push_back(std::move(prepared));
      return Ok();
    }));
    return ApplyInTx([&keeper, records = std::move(records)](Tx& tx, AuditNote& note) -> Status {
      note.subject = "records";
      for (const auto& record : records) {
        EQN_TRY(const PutOutcome outcome, keeper.Put(tx, record));
        const bool wrote = outcome == PutOutcome::kCreated || outcome == PutOutcome::kChanged;
        if (wrote) note.touched.Add(record->source_id());
      }
      return Ok();
    });
  };
}

}  // namespace equinode
