#include "domain/privacy/noise/ratio.h"

#include <charconv>
#include <numeric>

namespace equinode::noise {
namespace {

Error Bad(std::string message) {
  return Error{Code::kInvalidArgument, "BAD_RATIO", std::move(message)};
}

// Digits alone, no sign, no blank.
Result<std::uint64_t> Whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) {
    return Bad("is a number such as 12, 0.5 or 7/3");
  }
  return value;
}

}  // namespace

Result<Ratio> Ratio::Make(std::uint64_t numerator, std::uint64_t denominator) {
  if (numerator == 0 || denominator == 0) return Bad("is a number greater than 0");
  const std::uint64_t common = std::gcd(numerator, denominator);
  numerator /= common;
  denominator /= common;
  if (numerator > kMostTerm || denominator > kMostTerm) {
    return Bad("has, as a fraction, terms of at most 1073741824");
  }
  return Ratio(numerator, denominator);
}

Result<Ratio> Ratio::FromText(std::string_view text) {
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    EQN_TRY(const std::uint64_t numerator, Whole(text.substr(0, slash)));
    EQN_TRY(const std::uint64_t denominator, Whole(text.substr(slash + 1)));
    return Make(numerator, denominator);
  }
  const auto point = text.find('.');
  if (point == std::string_view::npos) {
    EQN_TRY(const std::uint64_t whole, Whole(text));
    return Make(whole, 1);
  }
  const std::string_view decimals = text.substr(point + 1);
  if (decimals.size() > 9) return Bad("has at most 9 decimals");
  EQN_TRY(const std::uint64_t whole, Whole(text.substr(0, point)));
  EQN_TRY(const std::uint64_t part, Whole(decimals));
  std::uint64_t denominator = 1;
  for (std::size_t i = 0; i < decimals.size(); ++i) denominator *= 10;
  if (whole > kMostTerm) return Bad("has, as a fraction, terms of at most 1073741824");
  return Make(whole * denominator + part, denominator);
}

std::string Ratio::text() const {
  const std::string over = denominator_ == 1 ? "" : "/" + std::to_string(denominator_);
  return std::to_string(numerator_) + over;
}

}  // namespace equinode::noise
