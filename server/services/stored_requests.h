// First answers to writes, kept in the store.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "server/services/requests.h"
#include "storage/request_store.h"

namespace equinode {

// `clock` must outlive what is returned.
inline RequestMemory StoredRequests(const Clock& clock) {
  RequestMemory memory;
  memory.find = [](Tx& tx, const RequestKey& key) {
    return RequestStore::Find(tx, key.caller, key.method, key.id, key.digest);
  };
  memory.keep = [&clock](Tx& tx, const RequestKey& key, std::string_view answer) {
    return RequestStore::Keep(tx, key.caller, key.method, key.id, key.digest, answer, clock.Now());
  };
  return memory;
}

}  // namespace equinode
