// A refusal, which travels at a hop and in a receipt.
#pragma once

#include "base/result.h"
#include "domain/exchange/envelope.h"
#include "equinode/v1/envelope.pb.h"

namespace equinode::wire {

void SetRefusal(const exchange::Refusal& refusal, v1::EnvelopeRefusal* out);
// The reason is 1..64 of [A-Z0-9_]: it is logged and kept.
Result<exchange::Refusal> RefusalFrom(const v1::EnvelopeRefusal& message);

}  // namespace equinode::wire
