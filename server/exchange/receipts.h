// Receipts of peers: what they free, what they ask for.
#pragma once

#include "server/exchange/context.h"

namespace equinode {

// The applier of PayloadKind::kReceipt.
PayloadApplier ReceiptApplier(ExchangeContext& context);

// Puts the payload of a number into the outbox again, for a new number. False when it is gone.
Result<bool> QueueAgain(ExchangeContext& context, Tx& tx, std::string_view peer,
                        exchange::Lane lane, const SentPayload& made_of, Instant now);
// An outgoing dead letter, for the operator. Receipts, voids and notices make none.
Status LetterOfSent(Tx& tx, std::string_view peer, exchange::Lane lane, const StoredSent& sent,
                    std::string_view why, Instant now);
void TellFault(ExchangeContext& context, const StoredOutgoing& stored);

}  // namespace equinode
