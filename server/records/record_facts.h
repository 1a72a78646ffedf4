// What a record's body means for the counts.
#pragma once

#include <functional>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "domain/people/facts.h"
#include "domain/people/record.h"

namespace equinode {

// Nothing for a record that does not count: an organisation, a coverage that was cancelled or that
// no payer is known of.
using RecordFacts = std::variant<std::monostate, PersonFacts, CoverageFact, MeasureFact>;

// Thread-safe, and the same facts for the same body always: what was counted is taken out again by
// reading the old body. INVALID_ARGUMENT / BAD_RECORD and its like for a body that is none.
using FactsReader = std::function<Result<RecordFacts>(RecordKind, ByteView body)>;

// Raised whenever a body may mean other facts than before: snapshots of the counts that were made
// with another number are not used.
inline constexpr int kFactsVersion = 1;

// By client/convert/record_body and domain/people.
Result<RecordFacts> ReadFacts(RecordKind kind, ByteView body);

}  // namespace equinode
