// Beginning the links of two nodes anew, when one of them runs on old data and no number fits any
// more (LinkFault). Pure.
//
// Both operators give the same code, each at their own node. From then on the links go on in a new
// era: their numbers begin above all that were given before, and their chains begin with a hash of
// the code. So no envelope of the time before, whoever kept it, can take effect, and nobody has to
// know how far the other side had come.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "domain/exchange/incoming_link.h"
#include "domain/exchange/outgoing_link.h"

namespace equinode::exchange {

struct AnewCode {
  std::uint32_t era = 0;  // From 1 to kLastEra.
  std::array<std::uint8_t, 16> nonce{};
  friend bool operator==(const AnewCode&, const AnewCode&) = default;
};

// For two nodes whose links are in no era above `newest`. RESOURCE_EXHAUSTED / NO_ERA_LEFT.
Result<AnewCode> MakeAnewCode(std::uint32_t newest, Random& random);

// "3-<32 hex digits>-<8 hex digits>"; the last part is a check over the code and both names, so
// that a slip of the pen or the code of another pair is noticed.
std::string AnewCodeText(const AnewCode& code, std::string_view one, std::string_view other);
// INVALID_ARGUMENT / BAD_LINK_CODE.
Result<AnewCode> ParseAnewCode(std::string_view text, std::string_view one, std::string_view other);

// Where a link of that era begins: the number before its first, and the chain there.
LinkPosition StartOf(const AnewCode& code, std::string_view from, std::string_view to, Lane lane);

// Both halves, at the start of the code's era. What was receipted or applied is not looked at.
OutgoingLink BegunAnew(OutgoingLink link, const LinkPosition& start);
IncomingLink BegunAnew(IncomingLink link, const LinkPosition& start);

}  // namespace equinode::exchange
