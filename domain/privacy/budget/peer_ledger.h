// Two parties that each keep a ledger and watch the other's. Each holds a copy of the other's, by
// its entries; an old file put back, here or there, is noticed at the next exchange of heads, since
// the other party has seen further, and each entry names the head of the other that it knew.
#pragma once

#include <span>

#include "domain/privacy/budget/ledger.h"

namespace equinode::budget {

// Whether `ledger` has gone through `known`, a head that was seen before. DATA_LOSS:
// LEDGER_ROLLED_BACK when it has not come so far, LEDGER_FORKED when it was another one there.
Status CheckContains(const Ledger& ledger, const LedgerHead& known);

// The other party's ledger one exchange later: `known` is our copy, `since` its entries after that
// and `claimed` the head it says it has. DATA_LOSS: LEDGER_ROLLED_BACK when the other party has
// gone back, LEDGER_FORKED when its entries do not lead from what we know to what it claims or
// break a rule of Append, OWN_LEDGER_ROLLED_BACK when it has seen a head of `own` that is not ours:
// then it is our file that is an old one.
Result<Ledger> Follow(const Ledger& own, Ledger known, const LedgerHead& claimed,
                      std::span<const LedgerEntry> since);

}  // namespace equinode::budget
