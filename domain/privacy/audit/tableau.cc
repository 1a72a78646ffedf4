#include "domain/privacy/audit/tableau.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace equinode::privacy {
namespace {

// Entries stay below this, so that a product of two and a sum of two products fit 64 bits.
constexpr std::int64_t kWidest = std::int64_t{1} << 30;
constexpr Wide kWidestValue = static_cast<Wide>(1) << 94;
// After so many steps in place, the lowest numbers are taken (Bland), which cannot go in circles.
constexpr int kPatience = 40;
constexpr std::uint32_t kArtificial = ~std::uint32_t{0};

Wide Size(Wide x) { return x < 0 ? -x : x; }
std::int64_t Size(std::int64_t x) { return x < 0 ? -x : x; }

Wide Gcd(Wide a, Wide b) {
  a = Size(a);
  b = Size(b);
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

Wide FloorDiv(Wide a, Wide b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

}  // namespace

// How far slot k can go one way, and what stops it.
struct Tableau::Step {
  bool open = true;     // Nothing stops it.
  bool own = false;     // Its own bound does: `length` is whole, `per` is 1.
  std::size_t row = 0;  // Else the basic unknown of this row, at `bound`.
  std::int64_t bound = 0;
  Wide length = 0;  // Divided by `per`.
  std::int64_t per = 1;
};

std::optional<Tableau> Tableau::AtTruth(const System& block, Effort& effort) {
  Tableau t;
  const std::size_t count = block.unknowns.size();
  t.stride_ = count;
  t.row_of_.assign(count, -1);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Unknown& unknown = block.unknowns[i];
    t.outside_.push_back(i);
    t.at_.push_back(unknown.truth);
    t.low_.push_back(unknown.low);
    t.high_.push_back(unknown.high);
  }
  // Each row begins with a basic unknown of its own that is 0 and leaves for good.
  t.entries_.assign(block.rows.size() * count, 0);
  for (std::size_t i = 0; i < block.rows.size(); ++i) {
    for (const Term& term : block.rows[i].terms) {
      t.entries_[i * count + term.unknown] += term.factor;
      if (Size(term.factor) > kWidest) return std::nullopt;
    }
    t.basic_.push_back(kArtificial);
    t.denominator_.push_back(1);
    t.value_.push_back(0);
  }
  for (std::size_t i = 0; i < t.rows();) {
    const std::int64_t* entries = t.row(i);
    std::optional<std::size_t> best;
    const auto room = [&](std::size_t k) {
      const std::uint32_t u = t.outside_[k];
      return std::min(t.at_[u] - t.low_[u], t.high_[u] - t.at_[u]);
    };
    for (std::size_t k = 0; k < t.slots(); ++k) {
      if (entries[k] == 0) continue;
      if (!best || Size(entries[k]) < Size(entries[*best]) ||
          (Size(entries[k]) == Size(entries[*best]) && room(k) > room(*best))) {
        best = k;
      }
    }
    if (!best) {  // The row says nothing new.
      const std::size_t last = t.rows() - 1;
      std::copy_n(t.row(last), t.stride_, t.row(i));
      t.denominator_[i] = t.denominator_[last];
      t.value_[i] = t.value_[last];
      t.basic_[i] = t.basic_[last];
      t.basic_.pop_back();
      t.denominator_.pop_back();
      t.value_.pop_back();
      continue;
    }
    if (!t.Pivot(i, *best, 0, effort)) return std::nullopt;
    t.DropSlot(*best);
    ++i;
  }
  return t;
}

bool Tableau::Pivot(std::size_t r, std::size_t k, std::int64_t value, Effort& effort) {
  std::int64_t* pivot_row = row(r);
  std::int64_t own = denominator_[r];
  if (pivot_row[k] < 0) {
    for (std::size_t l = 0; l < slots(); ++l) pivot_row[l] = -pivot_row[l];
    own = -own;
    value_[r] = -value_[r];
  }
  const std::int64_t q = pivot_row[k];
  const Wide rest = value_[r] - static_cast<Wide>(own) * value;
  touched_.clear();
  for (std::size_t l = 0; l < slots(); ++l) {
    if (l != k && pivot_row[l] != 0) touched_.push_back(static_cast<std::uint32_t>(l));
  }
  std::uint64_t steps = slots() + rows();
  for (std::size_t i = 0; i < rows(); ++i) {
    std::int64_t* entries = row(i);
    const std::int64_t c = entries[k];
    if (i == r || c == 0) continue;
    const std::int64_t g = std::gcd(q, Size(c));
    const std::int64_t mine = q / g, other = c / g;
    if (mine != 1) {
      for (std::size_t l = 0; l < slots(); ++l) entries[l] *= mine;
      denominator_[i] *= mine;
      steps += slots();
    }
    std::int64_t widest = denominator_[i];
    for (const std::uint32_t l : touched_) {
      entries[l] -= other * pivot_row[l];
      widest = std::max(widest, Size(entries[l]));
    }
    entries[k] = -other * own;
    widest = std::max(widest, Size(entries[k]));
    value_[i] = mine * value_[i] - other * rest;
    steps += touched_.size();
    if (denominator_[i] != 1) {
      Wide common = Gcd(denominator_[i], value_[i]);
      for (std::size_t l = 0; common != 1 && l < slots(); ++l) common = Gcd(common, entries[l]);
      widest = 0;
      const auto divisor = static_cast<std::int64_t>(common);
      denominator_[i] /= divisor;
      value_[i] /= divisor;
      for (std::size_t l = 0; l < slots(); ++l) {
        if (divisor != 1) entries[l] /= divisor;
        widest = std::max(widest, Size(entries[l]));
      }
      widest = std::max(widest, denominator_[i]);
      steps += 2 * slots();
    }
    if (widest > kWidest || Size(value_[i]) > kWidestValue) return false;
  }
  const std::uint32_t leaving = basic_[r], entering = outside_[k];
  value_[r] = rest + static_cast<Wide>(q) * at_[entering];
  if (Size(value_[r]) > kWidestValue) return false;
  pivot_row[k] = own;
  denominator_[r] = q;
  basic_[r] = entering;
  row_of_[entering] = static_cast<std::int32_t>(r);
  outside_[k] = leaving;
  if (leaving != kArtificial) {
    row_of_[leaving] = -1;
    at_[leaving] = value;
  }
  return effort.Spend(steps);
}

void Tableau::DropSlot(std::size_t k) {
  const std::size_t last = slots() - 1;
  outside_[k] = outside_[last];
  outside_.pop_back();
  for (std::size_t i = 0; i < rows(); ++i) row(i)[k] = row(i)[last];
}

void Tableau::Shift(std::size_t k, std::int64_t by) {
  at_[outside_[k]] += by;
  for (std::size_t i = 0; i < rows(); ++i) value_[i] -= static_cast<Wide>(row(i)[k]) * by;
}

std::int64_t Tableau::Gain(std::uint32_t unknown, int direction, std::size_t k) const {
  const std::int32_t r = row_of_[unknown];
  if (r < 0) return outside_[k] == unknown ? direction : 0;
  return -direction * row(static_cast<std::size_t>(r))[k];
}

Tableau::Step Tableau::Longest(std::size_t k, int way) const {
  Step step;
  const std::uint32_t entering = outside_[k];
  const std::int64_t end = way > 0 ? high_[entering] : low_[entering];
  if (end != kNoEnd) {
    step.open = false;
    step.own = true;
    step.length = Size(static_cast<Wide>(end) - at_[entering]);
  }
  for (std::size_t i = 0; i < rows(); ++i) {
    const std::int64_t c = row(i)[k];
    if (c == 0) continue;
    const std::uint32_t basic = basic_[i];
    const bool rises = (c < 0) == (way > 0);
    const std::int64_t bound = rises ? high_[basic] : low_[basic];
    if (bound == kNoEnd) continue;
    const Wide room = Size(static_cast<Wide>(bound) * denominator_[i] - value_[i]);
    const std::int64_t per = Size(c);
    if (!step.open) {
      const Wide left = room * step.per, right = step.length * per;
      if (left > right) continue;
      // Ties: one's own bound costs no pivot; then small factors, which keep numbers small; then
      // the lowest number.
      if (left == right &&
          (step.own || per > step.per || (per == step.per && basic > basic_[step.row]))) {
        continue;
      }
    }
    step = {false, false, i, bound, room, per};
  }
  return step;
}

Tableau::End Tableau::Push(std::uint32_t unknown, int direction, const Visit& visit,
                           Effort& effort) {
  if (whole() && visit()) return End::kStopped;
  for (int in_place = 0;;) {
    // The slot that gains most; when nothing moved for long, the one of the lowest number.
    std::optional<std::size_t> best;
    int best_way = 0;
    std::int64_t best_gain = 0;
    if (!effort.Spend(slots() + rows())) return End::kGaveUp;
    for (std::size_t k = 0; k < slots(); ++k) {
      const std::int64_t gain = Gain(unknown, direction, k);
      if (gain == 0) continue;
      const int way = gain > 0 ? 1 : -1;
      const std::uint32_t u = outside_[k];
      if (way > 0 ? at_[u] == high_[u] : at_[u] == low_[u]) continue;
      const bool better =
          in_place > kPatience ? !best || u < outside_[*best] : !best || Size(gain) > best_gain;
      if (!better) continue;
      best = k;
      best_way = way;
      best_gain = Size(gain);
    }
    if (!best) return End::kBest;
    const Step step = Longest(*best, best_way);
    if (step.open) {
      ray_slot_ = *best;
      ray_way_ = best_way;
      return End::kOpen;
    }
    in_place = step.length == 0 ? in_place + 1 : 0;
    if (step.own) {
      Shift(*best, best_way * static_cast<std::int64_t>(step.length));
    } else if (!Pivot(step.row, *best, step.bound, effort)) {
      return End::kGaveUp;
    }
    if (step.length != 0 && whole() && visit()) return End::kStopped;
  }
}

Tableau::End Tableau::Restore(std::uint32_t unknown, int direction, Effort& effort) {
  for (int rounds = 0; rounds < 10'000; ++rounds) {
    // The basic unknown of the lowest number that is out of its bounds.
    std::optional<std::size_t> out;
    bool over = false;
    for (std::size_t i = 0; i < rows(); ++i) {
      const std::uint32_t u = basic_[i];
      const bool high =
          high_[u] != kNoEnd && value_[i] > static_cast<Wide>(high_[u]) * denominator_[i];
      if (!high && value_[i] >= static_cast<Wide>(low_[u]) * denominator_[i]) continue;
      if (out && basic_[*out] < u) continue;
      out = i;
      over = high;
    }
    if (!out) return End::kBest;
    if (!effort.Spend(slots() + rows())) return End::kGaveUp;
    // The slot that brings it back at the least loss.
    std::optional<std::size_t> best;
    std::int64_t best_loss = 0, best_per = 1;
    for (std::size_t k = 0; k < slots(); ++k) {
      const std::int64_t c = row(*out)[k];
      if (c == 0) continue;
      const std::uint32_t u = outside_[k];
      const int way = (c > 0) == over ? 1 : -1;
      if (way > 0 ? at_[u] == high_[u] : at_[u] == low_[u]) continue;
      const std::int64_t loss = Size(Gain(unknown, direction, k)), per = Size(c);
      const Wide left = static_cast<Wide>(loss) * best_per,
                 right = static_cast<Wide>(best_loss) * per;
      if (best && (left > right || (left == right && u > outside_[*best]))) continue;
      best = k;
      best_loss = loss;
      best_per = per;
    }
    if (!best) return End::kEmpty;
    const std::uint32_t leaving = basic_[*out];
    if (!Pivot(*out, *best, over ? high_[leaving] : low_[leaving], effort)) return End::kGaveUp;
  }
  return End::kGaveUp;
}

void Tableau::Narrow(std::uint32_t unknown, std::int64_t low, std::int64_t high) {
  low_[unknown] = std::max(low_[unknown], low);
  high_[unknown] = std::min(high_[unknown], high);
  assert(row_of_[unknown] >= 0);  // What is outside stands at a whole number already.
}

bool Tableau::whole() const {
  for (std::size_t i = 0; i < rows(); ++i) {
    if (denominator_[i] != 1 && value_[i] % denominator_[i] != 0) return false;
  }
  return true;
}

std::int64_t Tableau::Floor(std::uint32_t unknown) const {
  const std::int32_t r = row_of_[unknown];
  if (r < 0) return at_[unknown];
  return static_cast<std::int64_t>(
      FloorDiv(value_[static_cast<std::size_t>(r)], denominator_[static_cast<std::size_t>(r)]));
}

std::int64_t Tableau::Ceil(std::uint32_t unknown) const {
  const std::int32_t r = row_of_[unknown];
  if (r < 0) return at_[unknown];
  return static_cast<std::int64_t>(
      -FloorDiv(-value_[static_cast<std::size_t>(r)], denominator_[static_cast<std::size_t>(r)]));
}

std::uint32_t Tableau::FirstBroken() const {
  std::uint32_t first = kArtificial;
  for (std::size_t i = 0; i < rows(); ++i) {
    if (value_[i] % denominator_[i] != 0) first = std::min(first, basic_[i]);
  }
  return first;
}

bool Tableau::Values(std::vector<std::int64_t>* values) const {
  *values = at_;
  for (std::size_t i = 0; i < rows(); ++i) {
    const Wide value = value_[i] / denominator_[i];
    if (Size(value) > kWidestCount) return false;
    (*values)[basic_[i]] = static_cast<std::int64_t>(value);
  }
  return true;
}

std::optional<std::vector<std::int64_t>> Tableau::Ray() const {
  Wide common = 1;
  for (std::size_t i = 0; i < rows(); ++i) {
    if (row(i)[ray_slot_] == 0) continue;
    common = common / Gcd(common, denominator_[i]) * denominator_[i];
    if (common > kWidest) return std::nullopt;
  }
  std::vector<std::int64_t> ray(at_.size(), 0);
  const auto length = static_cast<std::int64_t>(common);
  ray[outside_[ray_slot_]] = ray_way_ * length;
  for (std::size_t i = 0; i < rows(); ++i) {
    ray[basic_[i]] = -ray_way_ * row(i)[ray_slot_] * (length / denominator_[i]);
  }
  return ray;
}

}  // namespace equinode::privacy
