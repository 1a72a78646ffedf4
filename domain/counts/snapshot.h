// A population as bytes and back: a copy of the columns and of what explains their codes.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "domain/counts/population_data.h"

namespace equinode {

// Version 1, little-endian: magic, version, position, dictionaries, coverages, several results,
// pieces, and a checksum over all before it. Against accidents, not against forgers: it belongs in
// the encrypted store, which authenticates it.
Bytes WriteSnapshot(const PopulationData& data, std::uint64_t position);

// Fills `data`, fresh and with its limits, and returns the position. DATA_LOSS (BAD_SNAPSHOT) for
// anything that this version did not write under these limits; `data` is of no use then.
Result<std::uint64_t> ReadSnapshot(ByteView bytes, PopulationData& data);

}  // namespace equinode
