// ExchangeService on this node: the engine's sessions behind the gate's streams.
#pragma once

#include <vector>

#include "base/clock.h"
#include "server/exchange/engine.h"
#include "server/rpc/method.h"

namespace equinode {

// Deliver and Collect. Both must outlive the methods and every open stream.
std::vector<Method> ExchangeMethods(ExchangeEngine& engine, const Clock& clock);

}  // namespace equinode
