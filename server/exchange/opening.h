// The first half of taking an envelope: everything that needs no transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "client/convert/envelope.h"
#include "domain/exchange/incoming_link.h"
#include "domain/exchange/payload.h"
#include "server/exchange/payload_applier.h"

namespace equinode {

struct ExchangeContext;

// An envelope for this node that was opened and verified.
struct OpenedEnvelope {
  exchange::Arriving arriving{};
  exchange::Content content{};
  // What it will do; or why it cannot (the payload's fault).
  Result<ApplyInTx> apply = Error{Code::kUnimplemented, "NOT_OFFERED", "nobody takes this kind"};
  std::string void_reason{};
};

struct Taken {
  enum class Way : std::uint8_t {
    kRefuse,
    kApply,
    kRelay,
    kSettled,  // A damaged copy of a number that has taken effect: nothing to ask for.
  };
  Way way = Way::kRefuse;
  exchange::Refusal refusal{};  // kRefuse
  bool tell = false;            // The refusal also goes into a receipt: the sender can act on it.
  std::optional<OpenedEnvelope> opened{};  // kApply
};

// Where `envelope`, handed over by `hop`, goes; opens it when it is for this node. Thread-safe.
Taken OpenEnvelope(ExchangeContext& context, std::string_view hop, const WireEnvelope& envelope,
                   Instant now);

exchange::Refusal RefusalOf(const exchange::Header& header, std::string_view reason, bool permanent,
                            std::uint64_t expected = 0);

// True for an error that says nothing about the payload: the same will do later.
bool IsPassing(Code code);

}  // namespace equinode
