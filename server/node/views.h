// What operators see of the whole node, as messages of AdminService.
#pragma once

#include <cstddef>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "equinode/v1/admin_service.pb.h"
#include "server/exchange/engine.h"
#include "server/records/record_keeper.h"
#include "storage/sqlite/database.h"

namespace equinode {

struct StatusSources {
  Database& database;
  const ExchangeEngine& exchange;
  const RecordKeeper& keeper;
};

// Links, dead letters, records and people. People and records are 0 while they are loaded.
Result<v1::GetStatusResponse> StatusOf(const StatusSources& sources);

// INVALID_ARGUMENT / BAD_PAGE_TOKEN.
Result<v1::ListDeadLettersResponse> DeadLettersPage(const ExchangeEngine& exchange, ReadTx& tx,
                                                    std::size_t page, const std::string& token);

}  // namespace equinode
