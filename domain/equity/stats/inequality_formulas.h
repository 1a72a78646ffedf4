// The inequality measures as formulas over rates and shares. Sources: NOTES section 5; WHO HEAT,
// NCI HD*Calc, Healthy People 2010 to 2030.
#pragma once

#include <cstdint>
#include <optional>

#include "domain/equity/stats/groups.h"

namespace equinode::equity {

enum class InequalityMeasure : std::uint8_t {
  kDifference,
  kRatio,
  kDifferenceWithReference,
  kRatioWithReference,
  kBgv,
  kBgsd,
  kCov,
  kMdmu,
  kMdmw,
  kMdbu,
  kMdbw,
  kMdru,
  kMdrw,
  kIdisu,
  kIdisw,
  kIdispHdcalc,
  kHpRatio,
  kHpDifference,
  kTheil,
  kMld,
  kTheil1000,
  kMld1000,
  kPar,
  kPaf,
  kAci,
  kRci,
  kRciWagstaff,
  kRciErreygers,
  kSiiLinear,
  kRiiLinearRatio,
  kRiiLinearMean,
};

// What the groups are to each other. Ordered groups come from the least to the most advantaged.
struct GroupSetting {
  bool favourable = true;  // Higher is better.
  bool ordered = false;
  std::optional<std::size_t> reference{};
};

template <typename N>
class InequalityFormula {
 public:
  InequalityFormula(const GroupSetting& setting, const Rates<N>& rates)
      : setting_(setting), y_(rates.y), p_(rates.share), mean_(rates.mean) {}

  // Nothing where it is not defined for one of the values.
  std::optional<N> Of(InequalityMeasure measure) const {
    using enum InequalityMeasure;
    switch (measure) {
      case kDifference:
        return Better() - Worse();
      case kRatio:
        return Quotient(Better(), Worse());
      case kDifferenceWithReference:
        return setting_.favourable ? Reference() - WorstOther() : WorstOther() - Reference();
      case kRatioWithReference:
        return setting_.favourable ? Quotient(Reference(), WorstOther())
                                   : Quotient(WorstOther(), Reference());
      case kBgv:
        return Bgv();
      case kBgsd:
        return Sqrt(Bgv());
      case kCov:
        return Percent(Sqrt(Bgv()), mean_);
      case kMdmu:
        return Distance(mean_, false);
      case kMdmw:
        return Distance(mean_, true);
      case kMdbu:
        return Distance(Best(), false);
      case kMdbw:
        return Distance(Best(), true);
      case kMdru:
        return Distance(Reference(), false);
      case kMdrw:
        return Distance(Reference(), true);
      case kIdisu:
        return Percent(Distance(mean_, false), mean_);
      case kIdisw:
        return Percent(Distance(mean_, true), mean_);
      case kIdispHdcalc:
        return Percent(Distance(Best(), false) * N(Size() / (Size() - 1)), Best());
      case kHpRatio:
        return setting_.favourable ? Quotient(Best(), MeanOfOthers())
                                   : Quotient(MeanOfOthers(), Best());
      case kHpDifference:
        return setting_.favourable ? Best() - MeanOfOthers() : MeanOfOthers() - Best();
      case kTheil:
        return Theil(1);
      case kTheil1000:
        return Theil(1000);
      case kMld:
        return Mld(1);
      case kMld1000:
        return Mld(1000);
      case kPar:
        return Par();
      case kPaf:
        return Percent(Par(), mean_);
      case kAci:
        return Aci();
      case kRci:
        return Quotient(Aci(), mean_);
      case kRciWagstaff: {
        const N room = N(1.0) - mean_;
        if (LowOf(mean_) <= 0 || LowOf(room) <= 0) return std::nullopt;
        return Aci() / (mean_ * room);
      }
      case kRciErreygers:
        return N(4.0) * Aci();
      case kSiiLinear:
        return Sii();
      case kRiiLinearRatio: {
        const N half = Sii() / N(2.0);
        return Quotient(mean_ + half, mean_ - half);
      }
      case kRiiLinearMean:
        return Quotient(Sii(), mean_);
    }
    return std::nullopt;
  }

 private:
  double Size() const { return static_cast<double>(y_.size()); }

  static N Smaller(const N& a, const N& b) { return N(0.0) - Larger(N(0.0) - a, N(0.0) - b); }
  static std::optional<N> Quotient(const N& a, const N& b) {
    if (LowOf(b) <= 0 && HighOf(b) >= 0) return std::nullopt;
    return a / b;
  }
  static std::optional<N> Percent(const N& a, const N& b) {
    if (LowOf(b) <= 0) return std::nullopt;
    return N(100.0) * a / b;
  }

  N Highest() const {
    return Fold(false, [](const N& a, const N& b) { return Larger(a, b); });
  }
  N Lowest() const {
    return Fold(false, [](const N& a, const N& b) { return Smaller(a, b); });
  }
  template <typename Choose>
  N Fold(bool without_reference, const Choose& choose) const {
    std::optional<N> chosen;
    for (std::size_t i = 0; i < y_.size(); ++i) {
      if (without_reference && i == *setting_.reference) continue;
      chosen = chosen ? choose(*chosen, y_[i]) : y_[i];
    }
    return *chosen;
  }

  // The ends of a difference and a ratio: of an ordered dimension its first and last group, turned
  // so that the advantaged are expected to make them positive; else the highest and the lowest.
  N Better() const {
    if (!setting_.ordered) return Highest();
    return setting_.favourable ? y_.back() : y_.front();
  }
  N Worse() const {
    if (!setting_.ordered) return Lowest();
    return setting_.favourable ? y_.front() : y_.back();
  }
  N Best() const { return setting_.favourable ? Highest() : Lowest(); }
  N Reference() const { return y_[*setting_.reference]; }
  N WorstOther() const {
    return setting_.favourable ? Fold(true, [](const N& a, const N& b) { return Smaller(a, b); })
                               : Fold(true, [](const N& a, const N& b) { return Larger(a, b); });
  }
  N MeanOfOthers() const {
    N sum = y_[0];
    for (std::size_t i = 1; i < y_.size(); ++i) sum = sum + y_[i];
    return (sum - Best()) / N(Size() - 1);
  }

  N Bgv() const {
    N sum(0.0);
    for (std::size_t i = 0; i < y_.size(); ++i) sum = sum + p_[i] * Square(y_[i] - mean_);
    return sum;
  }
  N Distance(const N& from, bool weighted) const {
    N sum(0.0);
    for (std::size_t i = 0; i < y_.size(); ++i) {
      const N distance = Abs(y_[i] - from);
      sum = sum + (weighted ? p_[i] * distance : distance);
    }
    return weighted ? sum : sum / N(Size());
  }
  // A rate of 0 has no logarithm; WHO's small number in its place makes the result arbitrary.
  bool AnyZero() const {
    for (const N& rate : y_) {
      if (LowOf(rate) <= 0) return true;
    }
    return false;
  }
  std::optional<N> Theil(double times) const {
    if (AnyZero()) return std::nullopt;
    N sum(0.0);
    for (std::size_t i = 0; i < y_.size(); ++i) {
      const N r = y_[i] / mean_;
      sum = sum + p_[i] * r * Log(r);
    }
    return N(times) * sum;
  }
  std::optional<N> Mld(double times) const {
    if (AnyZero()) return std::nullopt;
    N sum(0.0);
    for (std::size_t i = 0; i < y_.size(); ++i) sum = sum - p_[i] * Log(y_[i] / mean_);
    return N(times) * sum;
  }
  // What the whole would gain at the best group's rate, or the most advantaged one's; 0 where that
  // would be a loss.
  N Par() const {
    const N gain = (setting_.ordered ? y_.back() : Best()) - mean_;
    return setting_.favourable ? Larger(N(0.0), gain) : Smaller(N(0.0), gain);
  }

  // Of each group's middle, in shares of all people from the least advantaged.
  std::vector<N> Ranks() const {
    std::vector<N> ranks;
    N before(0.0);
    for (const N& share : p_) {
      ranks.push_back(before + share / N(2.0));
      before = before + share;
    }
    return ranks;
  }
  // 2 sum p y R - mean, as 2 sum p (R - 1/2)(y - mean): the same, with less to cancel.
  N Aci() const {
    const std::vector<N> ranks = Ranks();
    N sum(0.0);
    for (std::size_t i = 0; i < y_.size(); ++i) {
      sum = sum + p_[i] * (ranks[i] - N(0.5)) * (y_[i] - mean_);
    }
    return N(2.0) * sum;
  }
  N Sii() const {
    const std::vector<N> ranks = Ranks();
    N above(0.0);
    N below(0.0);
    for (std::size_t i = 0; i < y_.size(); ++i) {
      const N off = ranks[i] - N(0.5);
      above = above + p_[i] * off * (y_[i] - mean_);
      below = below + p_[i] * Square(off);
    }
    return above / below;
  }

  const GroupSetting& setting_;
  const std::vector<N>& y_;
  const std::vector<N>& p_;
  const N& mean_;
};

}  // namespace equinode::equity
