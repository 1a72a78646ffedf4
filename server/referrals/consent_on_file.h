// What a person's consents on file say to one question: the one way in which this node asks it.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "domain/consent/consent.h"
#include "storage/sqlite/tx.h"

namespace equinode {

// By all consents and revocations of `person` that the store holds. An error is the store's.
Result<consent::Decision> ConsentOnFile(ReadTx& tx, std::string_view person,
                                        const consent::Question& question, Instant now);

}  // namespace equinode
