#include "domain/equity/exact/rational.h"

#include <cassert>
#include <cstdlib>
#include <memory>

namespace equinode::equity {
namespace {

// A whole number that frees itself.
struct Whole {
  Whole() { mpz_init(value); }
  ~Whole() { mpz_clear(value); }
  Whole(const Whole&) = delete;
  Whole& operator=(const Whole&) = delete;
  mpz_t value;
};

static_assert(sizeof(long) == 8, "counts are 64 bits");

std::string Digits(const mpz_t value) {
  std::string text(mpz_sizeinbase(value, 10) + 2, '\0');
  mpz_get_str(text.data(), 10, value);
  text.resize(text.find('\0'));
  return text;
}

void PowerOfTen(mpz_t out, int places) {
  mpz_ui_pow_ui(out, 10, static_cast<unsigned long>(places));
}

}  // namespace

Rational::Rational(std::int64_t whole) {
  mpq_init(value_);
  mpq_set_si(value_, whole, 1);
}

Rational Rational::Of(std::int64_t num, std::int64_t den) {
  assert(den != 0);
  Rational out;
  mpz_set_si(mpq_numref(out.value_), num);
  mpz_set_si(mpq_denref(out.value_), den);
  mpq_canonicalize(out.value_);
  return out;
}

Result<Rational> Rational::Parse(std::string_view decimal) {
  const Error bad{Code::kInvalidArgument, "BAD_NUMBER",
                  "a number is written with digits and at most one point, such as 12.5"};
  if (decimal.empty() || decimal.size() > 64) return bad;
  std::string digits;
  int places = 0;
  bool point = false;
  std::size_t at = 0;
  if (decimal[0] == '-' || decimal[0] == '+') at = 1;
  for (; at < decimal.size(); ++at) {
    const char c = decimal[at];
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      digits += c;
      if (point) ++places;
    } else {
      return bad;
    }
  }
  if (digits.empty()) return bad;
  Rational out;
  mpz_set_str(mpq_numref(out.value_), digits.c_str(), 10);
  PowerOfTen(mpq_denref(out.value_), places);
  mpq_canonicalize(out.value_);
  return decimal[0] == '-' ? -out : out;
}

Rational Rational::FromDouble(double value) {
  Rational out;
  mpq_set_d(out.value_, value);
  return out;
}

Rational::Rational(const Rational& other) {
  mpq_init(value_);
  mpq_set(value_, other.value_);
}
Rational::Rational(Rational&& other) noexcept {
  mpq_init(value_);
  mpq_swap(value_, other.value_);
}
Rational& Rational::operator=(const Rational& other) {
  if (this != &other) mpq_set(value_, other.value_);
  return *this;
}
Rational& Rational::operator=(Rational&& other) noexcept {
  mpq_swap(value_, other.value_);
  return *this;
}

Rational operator+(const Rational& a, const Rational& b) {
  Rational out;
  mpq_add(out.value_, a.value_, b.value_);
  return out;
}
Rational operator-(const Rational& a, const Rational& b) {
  Rational out;
  mpq_sub(out.value_, a.value_, b.value_);
  return out;
}
Rational operator*(const Rational& a, const Rational& b) {
  Rational out;
  mpq_mul(out.value_, a.value_, b.value_);
  return out;
}
Rational operator/(const Rational& a, const Rational& b) {
  assert(b.sign() != 0);
  Rational out;
  mpq_div(out.value_, a.value_, b.value_);
  return out;
}
Rational Rational::operator-() const {
  Rational out;
  mpq_neg(out.value_, value_);
  return out;
}
Rational& Rational::operator+=(const Rational& other) {
  mpq_add(value_, value_, other.value_);
  return *this;
}
std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
  return mpq_cmp(a.value_, b.value_) <=> 0;
}

Rational Rational::Abs() const {
  Rational out;
  mpq_abs(out.value_, value_);
  return out;
}

Rational Rational::Rounded(int places) const {
  Whole scale, top;
  PowerOfTen(scale.value, places);
  // floor((2 |n| scale + d) / (2 d)): half goes away from zero once the sign is back.
  mpz_abs(top.value, mpq_numref(value_));
  mpz_mul(top.value, top.value, scale.value);
  mpz_mul_ui(top.value, top.value, 2);
  mpz_add(top.value, top.value, mpq_denref(value_));
  Whole bottom;
  mpz_mul_ui(bottom.value, mpq_denref(value_), 2);
  Rational out;
  mpz_fdiv_q(mpq_numref(out.value_), top.value, bottom.value);
  if (sign() < 0) mpz_neg(mpq_numref(out.value_), mpq_numref(out.value_));
  mpz_set(mpq_denref(out.value_), scale.value);
  mpq_canonicalize(out.value_);
  return out;
}

Rational Rational::RoundedDown(int places) const {
  Whole scale, top;
  PowerOfTen(scale.value, places);
  mpz_mul(top.value, mpq_numref(value_), scale.value);
  Rational out;
  mpz_fdiv_q(mpq_numref(out.value_), top.value, mpq_denref(value_));
  mpz_set(mpq_denref(out.value_), scale.value);
  mpq_canonicalize(out.value_);
  return out;
}

Rational Rational::SquareRoot(int places) const {
  assert(sign() >= 0);
  Whole scale, top;
  PowerOfTen(scale.value, 2 * places);
  mpz_mul(top.value, mpq_numref(value_), scale.value);
  mpz_fdiv_q(top.value, top.value, mpq_denref(value_));
  Rational out;
  mpz_sqrt(mpq_numref(out.value_), top.value);
  PowerOfTen(mpq_denref(out.value_), places);
  mpq_canonicalize(out.value_);
  return out;
}

double Rational::ToDouble() const {
  // mpq_get_d cuts; the next double up may be nearer.
  const double low = mpq_get_d(value_);
  const double away = sign() < 0 ? -__builtin_huge_val() : __builtin_huge_val();
  const double high = __builtin_nextafter(low, away);
  if (!(high - high == 0)) return low;
  const Rational a = (*this - FromDouble(low)).Abs();
  const Rational b = (*this - FromDouble(high)).Abs();
  return b < a ? high : low;
}

Result<std::int64_t> Rational::ToInt64() const {
  if (mpz_cmp_ui(mpq_denref(value_), 1) != 0 || mpz_fits_slong_p(mpq_numref(value_)) == 0) {
    return Error{Code::kOutOfRange, "NOT_A_COUNT", "it is no whole number of 64 bits"};
  }
  return static_cast<std::int64_t>(mpz_get_si(mpq_numref(value_)));
}

std::string Rational::Text(int places) const {
  const Rational rounded = Rounded(places);
  Whole scale, scaled;
  PowerOfTen(scale.value, places);
  mpz_abs(scaled.value, mpq_numref(rounded.value_));
  mpz_mul(scaled.value, scaled.value, scale.value);
  mpz_divexact(scaled.value, scaled.value, mpq_denref(rounded.value_));
  std::string text = Digits(scaled.value);
  const std::size_t wanted = static_cast<std::size_t>(places) + 1;
  if (text.size() < wanted) text.insert(0, wanted - text.size(), '0');
  if (places > 0) text.insert(text.size() - static_cast<std::size_t>(places), ".");
  return rounded.sign() < 0 ? "-" + text : text;
}

std::string Rational::Exact() const {
  constexpr int kMost = 18;
  if (Rounded(kMost) == *this) {
    std::string text = Text(kMost);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
  }
  return Digits(mpq_numref(value_)) + "/" + Digits(mpq_denref(value_));
}

Rational Min(const Rational& a, const Rational& b) { return b < a ? b : a; }
Rational Max(const Rational& a, const Rational& b) { return a < b ? b : a; }

}  // namespace equinode::equity
