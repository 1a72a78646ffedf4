// What a name means on a row.
#pragma once

#include "domain/equity/programs/scorer.h"

namespace equinode::equity::programs {

// Lives no longer than the scorer.
class RowScope final : public Scope {
 public:
  RowScope(const Scorer& scorer, std::size_t row) : scorer_(scorer), row_(row) {}
  Value Name(std::string_view name) const override;
  Value Call(const Expression& call) const override;

 private:
  const Scorer& scorer_;
  std::size_t row_;
};

}  // namespace equinode::equity::programs
