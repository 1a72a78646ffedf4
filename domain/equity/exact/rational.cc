#include "domain/equity/exact/rational.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace equinode::equity {
namespace {

__extension__ typedef __int128 Wide;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

// A whole number that frees itself.
struct Whole {
  Whole() { mpz_init(value); }
  ~Whole() { mpz_clear(value); }
  Whole(const Whole&) = delete;
  Whole& operator=(const Whole&) = delete;
  mpz_t value;
};
// And a fraction.
struct Fraction {
  Fraction() { mpq_init(value); }
  ~Fraction() { mpq_clear(value); }
  Fraction(const Fraction&) = delete;
  Fraction& operator=(const Fraction&) = delete;
  mpq_t value;
};

static_assert(sizeof(long) == 8 && sizeof(mp_limb_t) == 8, "counts are 64 bits");

std::uint64_t Magnitude(std::int64_t value) {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}
// Of two that are not both 0 and not both the least; a den is never the least.
std::int64_t Gcd(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(std::gcd(Magnitude(a), Magnitude(b)));
}

void Set(mpz_ptr out, Wide value) {
  __extension__ typedef unsigned __int128 Bits;
  const Bits bits = value < 0 ? 0 - static_cast<Bits>(value) : static_cast<Bits>(value);
  const std::uint64_t limbs[2] = {static_cast<std::uint64_t>(bits),
                                  static_cast<std::uint64_t>(bits >> 64)};
  mpz_import(out, 2, -1, sizeof(limbs[0]), 0, 0, limbs);
  if (value < 0) mpz_neg(out, out);
}

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

// As GMP reads it, without a copy.
class Rational::View {
 public:
  explicit View(const Rational& of) : value_(of.big_) {
    if (value_ != nullptr) return;
    limbs_[0] = Magnitude(of.num_);
    limbs_[1] = static_cast<mp_limb_t>(of.den_);
    mpz_roinit_n(mpq_numref(&own_), &limbs_[0], of.num_ > 0 ? 1 : of.num_ < 0 ? -1 : 0);
    mpz_roinit_n(mpq_denref(&own_), &limbs_[1], 1);
    value_ = &own_;
  }
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  operator mpq_srcptr() const { return value_; }  // NOLINT: that is what it is for
  mpz_srcptr num() const { return mpq_numref(value_); }
  mpz_srcptr den() const { return mpq_denref(value_); }

 private:
  mp_limb_t limbs_[2] = {0, 1};
  __mpq_struct own_{};
  mpq_srcptr value_;
};

// `value` is in lowest terms; what it was is taken out of it.
Rational Rational::Take(mpq_ptr value) {
  Rational out;
  if (mpz_fits_slong_p(mpq_numref(value)) != 0 && mpz_fits_slong_p(mpq_denref(value)) != 0 &&
      mpz_get_si(mpq_numref(value)) != kLeast) {
    out.num_ = mpz_get_si(mpq_numref(value));
    out.den_ = mpz_get_si(mpq_denref(value));
    return out;
  }
  out.big_ = new __mpq_struct;
  mpq_init(out.big_);
  mpq_swap(out.big_, value);
  return out;
}

void Rational::Free() {
  mpq_clear(big_);
  delete big_;
}

Rational::Rational(std::int64_t whole) : num_(whole) {
  if (whole != kLeast) return;
  Fraction big;
  mpq_set_si(big.value, whole, 1);
  *this = Take(big.value);
}

Rational Rational::Of(std::int64_t num, std::int64_t den) {
  assert(den != 0);
  Rational out;
  if (num == kLeast || den == kLeast) {
    Fraction big;
    mpz_set_si(mpq_numref(big.value), num);
    mpz_set_si(mpq_denref(big.value), den);
    mpq_canonicalize(big.value);
    return Take(big.value);
  }
  const std::int64_t common = Gcd(num, den);
  out.num_ = (den < 0 ? -num : num) / common;
  out.den_ = (den < 0 ? -den : den) / common;
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
  Fraction out;
  mpz_set_str(mpq_numref(out.value), digits.c_str(), 10);
  PowerOfTen(mpq_denref(out.value), places);
  mpq_canonicalize(out.value);
  if (decimal[0] == '-') mpq_neg(out.value, out.value);
  return Take(out.value);
}

Rational Rational::FromDouble(double value) {
  Fraction out;
  mpq_set_d(out.value, value);
  return Take(out.value);
}

Rational Rational::FromGmp(mpq_srcptr value) {
  Fraction out;
  mpq_set(out.value, value);
  return Take(out.value);
}

void Rational::ToGmp(mpq_ptr out) const { mpq_set(out, View(*this)); }

Rational::Rational(const Rational& other) : num_(other.num_), den_(other.den_) {
  if (other.small()) return;
  big_ = new __mpq_struct;
  mpq_init(big_);
  mpq_set(big_, other.big_);
}
Rational& Rational::operator=(const Rational& other) {
  if (this == &other) return *this;
  return *this = Rational(other);
}

namespace {

bool Fits(Wide value) { return value <= kMost && value >= -Wide{kMost}; }

}  // namespace

// Henrici's way: with the common factors taken out before, two numbers of 64 bits make numbers of
// 128 that are in lowest terms already (Knuth, volume 2, 4.5.1).
Rational operator+(const Rational& a, const Rational& b) {
  if (!a.small() || !b.small()) {
    Fraction big;
    mpq_add(big.value, Rational::View(a), Rational::View(b));
    return Rational::Take(big.value);
  }
  const std::int64_t common = Gcd(a.den_, b.den_);
  Wide num = Wide{a.num_} * (b.den_ / common) + Wide{b.num_} * (a.den_ / common);
  const std::int64_t rest = common == 1 ? 1 : Gcd(static_cast<std::int64_t>(num % common), common);
  num /= rest;
  const Wide den = Wide{a.den_ / common} * (b.den_ / rest);
  if (Fits(num) && Fits(den)) {
    Rational out;
    out.num_ = static_cast<std::int64_t>(num);
    out.den_ = static_cast<std::int64_t>(den);
    return out;
  }
  Fraction big;
  Set(mpq_numref(big.value), num);
  Set(mpq_denref(big.value), den);
  return Rational::Take(big.value);
}
Rational operator-(const Rational& a, const Rational& b) { return a + -b; }
Rational operator*(const Rational& a, const Rational& b) {
  if (!a.small() || !b.small()) {
    Fraction big;
    mpq_mul(big.value, Rational::View(a), Rational::View(b));
    return Rational::Take(big.value);
  }
  const std::int64_t one = Gcd(a.num_, b.den_);
  const std::int64_t other = Gcd(b.num_, a.den_);
  const Wide num = Wide{a.num_ / one} * (b.num_ / other);
  const Wide den = Wide{a.den_ / other} * (b.den_ / one);
  if (Fits(num) && Fits(den)) {
    Rational out;
    out.num_ = static_cast<std::int64_t>(num);
    out.den_ = static_cast<std::int64_t>(den);
    return out;
  }
  Fraction big;
  Set(mpq_numref(big.value), num);
  Set(mpq_denref(big.value), den);
  return Rational::Take(big.value);
}
Rational operator/(const Rational& a, const Rational& b) {
  assert(b.sign() != 0);
  if (b.small()) {
    Rational turned;
    turned.num_ = b.num_ < 0 ? -b.den_ : b.den_;
    turned.den_ = b.num_ < 0 ? -b.num_ : b.num_;
    return a * turned;
  }
  Fraction out;
  mpq_div(out.value, Rational::View(a), Rational::View(b));
  return Rational::Take(out.value);
}
Rational Rational::operator-() const {
  Rational out;
  if (!small()) {
    Fraction big;
    mpq_neg(big.value, big_);
    return Take(big.value);
  }
  out.num_ = -num_;
  out.den_ = den_;
  return out;
}
bool operator==(const Rational& a, const Rational& b) {
  if (a.small() != b.small()) return false;
  if (a.small()) return a.num_ == b.num_ && a.den_ == b.den_;
  return mpq_equal(a.big_, b.big_) != 0;
}
std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
  if (a.small() && b.small()) return Wide{a.num_} * b.den_ <=> Wide{b.num_} * a.den_;
  return mpq_cmp(Rational::View(a), Rational::View(b)) <=> 0;
}

Rational Rational::Abs() const { return sign() < 0 ? -*this : *this; }

Rational Rational::Rounded(int places) const {
  const View self(*this);
  Whole scale, top;
  PowerOfTen(scale.value, places);
  // floor((2 |n| scale + d) / (2 d)): half goes away from zero once the sign is back.
  mpz_abs(top.value, self.num());
  mpz_mul(top.value, top.value, scale.value);
  mpz_mul_ui(top.value, top.value, 2);
  mpz_add(top.value, top.value, self.den());
  Whole bottom;
  mpz_mul_ui(bottom.value, self.den(), 2);
  Fraction out;
  mpz_fdiv_q(mpq_numref(out.value), top.value, bottom.value);
  if (sign() < 0) mpz_neg(mpq_numref(out.value), mpq_numref(out.value));
  mpz_set(mpq_denref(out.value), scale.value);
  mpq_canonicalize(out.value);
  return Take(out.value);
}

Rational Rational::RoundedDown(int places) const {
  const View self(*this);
  Whole scale, top;
  PowerOfTen(scale.value, places);
  mpz_mul(top.value, self.num(), scale.value);
  Fraction out;
  mpz_fdiv_q(mpq_numref(out.value), top.value, self.den());
  mpz_set(mpq_denref(out.value), scale.value);
  mpq_canonicalize(out.value);
  return Take(out.value);
}

Rational Rational::SquareRoot(int places) const {
  assert(sign() >= 0);
  const View self(*this);
  Whole scale, top;
  PowerOfTen(scale.value, 2 * places);
  mpz_mul(top.value, self.num(), scale.value);
  mpz_fdiv_q(top.value, top.value, self.den());
  Fraction out;
  mpz_sqrt(mpq_numref(out.value), top.value);
  PowerOfTen(mpq_denref(out.value), places);
  mpq_canonicalize(out.value);
  return Take(out.value);
}

double Rational::ToDouble() const {
  // A quotient of two doubles is rounded to the nearest; these two are exact.
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  if (small() && num_ <= kExact && num_ >= -kExact && den_ <= kExact) {
    return static_cast<double>(num_) / static_cast<double>(den_);
  }
  // mpq_get_d cuts; the next double up may be nearer.
  const double low = mpq_get_d(View(*this));
  const double away = sign() < 0 ? -HUGE_VAL : HUGE_VAL;
  const double high = std::nextafter(low, away);
  if (!std::isfinite(high)) return low;
  const Rational a = (*this - FromDouble(low)).Abs();
  const Rational b = (*this - FromDouble(high)).Abs();
  return b < a ? high : low;
}

Result<std::int64_t> Rational::ToInt64() const {
  const View self(*this);
  if (mpz_cmp_ui(self.den(), 1) != 0 || mpz_fits_slong_p(self.num()) == 0) {
    return Error{Code::kOutOfRange, "NOT_A_COUNT", "it is no whole number of 64 bits"};
  }
  return static_cast<std::int64_t>(mpz_get_si(self.num()));
}

std::string Rational::Text(int places) const {
  const Rational rounded = Rounded(places);
  const View shown(rounded);
  Whole scale, scaled;
  PowerOfTen(scale.value, places);
  mpz_abs(scaled.value, shown.num());
  mpz_mul(scaled.value, scaled.value, scale.value);
  mpz_divexact(scaled.value, scaled.value, shown.den());
  std::string text = Digits(scaled.value);
  const std::size_t wanted = static_cast<std::size_t>(places) + 1;
  if (text.size() < wanted) text.insert(0, wanted - text.size(), '0');
  if (places > 0) text.insert(text.size() - static_cast<std::size_t>(places), ".");
  return rounded.sign() < 0 ? "-" + text : text;
}

std::string Rational::Exact() const {
  constexpr int kMostPlaces = 18;
  if (Rounded(kMostPlaces) == *this) {
    std::string text = Text(kMostPlaces);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
  }
  const View self(*this);
  return Digits(self.num()) + "/" + Digits(self.den());
}

Rational Min(const Rational& a, const Rational& b) { return b < a ? b : a; }
Rational Max(const Rational& a, const Rational& b) { return a < b ? b : a; }

}  // namespace equinode::equity
