// What is kept of people's needs, read from the record log.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/needs/person_needs.h"
#include "server/records/record_keeper.h"
#include "storage/need_store.h"
#include "storage/sqlite/database.h"

namespace equinode {

struct PersonOnRecord {
  std::string origin{};  // URI of whose records they are.
  std::string person{};  // source_id there.
  PersonRecords records{};
};

class NeedReader {
 public:
  // All must outlive it.
  NeedReader(Database& database, const RecordKeeper& keeper)
      : database_(database), keeper_(keeper) {}

  // What is kept of one person of ours, as of `tx`: of a writer's transaction too. Empty records
  // when there is nothing. A birth date is read where a score asks for it.
  Result<PersonOnRecord> Read(ReadTx& tx, PersonNo person_no) const;

  // Every person with anything about needs, in the order of their numbers, after `after`; at most
  // `most`. Those whose record was deleted are left out. False from `each` stops. Returns the
  // number of the last one that was handed over, 0 at the end.
  Result<PersonNo> Scan(
      PersonNo after, std::size_t most,
      const std::function<Result<bool>(PersonNo, const PersonOnRecord&)>& each) const;

  const RecordKeeper& keeper() const { return keeper_; }

 private:
  Result<PersonOnRecord> Of(ReadTx& tx, const NeedRows& rows) const;

  Database& database_;
  const RecordKeeper& keeper_;
};

}  // namespace equinode
