#include "domain/exchange/anew.h"

#include <algorithm>
#include <charconv>

namespace equinode::exchange {

namespace {

constexpr std::size_t kNonceDigits = 32;
constexpr std::size_t kCheckDigits = 8;

Error BadCode() {
  return {Code::kInvalidArgument, "BAD_LINK_CODE",
          "this is no code for the links with this peer: copy it whole, as the peer's operator has "
          "it"};
}

std::string CheckOf(const AnewCode& code, std::string_view one, std::string_view other) {
  std::string text = "equinode link code\n" + std::to_string(code.era) + "\n";
  text += ToHex(code.nonce) + "\n";
  text.append(std::min(one, other)).append("\n").append(std::max(one, other));
  return ToHex(Sha256(AsBytes(text))).substr(0, kCheckDigits);
}

}  // namespace

Result<AnewCode> MakeAnewCode(std::uint32_t newest, Random& random) {
  if (newest >= kLastEra) {
    return Error{Code::kResourceExhausted, "NO_ERA_LEFT", "these links cannot begin anew again"};
  }
  AnewCode code{newest + 1, {}};
  random.Fill(code.nonce);
  return code;
}

std::string AnewCodeText(const AnewCode& code, std::string_view one, std::string_view other) {
  return std::to_string(code.era) + "-" + ToHex(code.nonce) + "-" + CheckOf(code, one, other);
}

Result<AnewCode> ParseAnewCode(std::string_view text, std::string_view one,
                               std::string_view other) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos || text.size() != dash + 2 + kNonceDigits + kCheckDigits) {
    return BadCode();
  }
  AnewCode code;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + dash, code.era);
  const auto nonce = FromHex(text.substr(dash + 1, kNonceDigits));
  if (failed != std::errc() || end != text.data() + dash || code.era == 0 || code.era > kLastEra ||
      !nonce.ok()) {
    return BadCode();
  }
  std::ranges::copy(*nonce, code.nonce.begin());
  if (text != AnewCodeText(code, one, other)) return BadCode();
  return code;
}

LinkPosition StartOf(const AnewCode& code, std::string_view from, std::string_view to, Lane lane) {
  std::string text = "equinode link begun anew\n" + ToHex(code.nonce) + "\n";
  text.append(from).append("\n").append(to).append("\n").append(LaneName(lane));
  return {EraStart(code.era), Sha256(AsBytes(text))};
}

OutgoingLink BegunAnew(OutgoingLink link, const LinkPosition& start) {
  OutgoingLink fresh;
  fresh.given = fresh.receipted = start;
  fresh.hop_acked = start.through;
  fresh.rounds = link.rounds + 1;  // Open streams look again.
  return fresh;
}

IncomingLink BegunAnew(IncomingLink link, const LinkPosition& start) {
  IncomingLink fresh;
  fresh.applied = start;
  fresh.reported = start.through;
  fresh.audit = link.audit;
  return fresh;
}

}  // namespace equinode::exchange
