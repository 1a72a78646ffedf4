// Requests and ledgers for these tests, in a line.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "domain/privacy/budget/ledger.h"

namespace equinode::budget {

inline noise::Noise Gaussian(const std::string& sigma2) {
  return noise::Noise::Make(noise::NoiseLaw::kGaussian, noise::Ratio::FromText(sigma2).value())
      .value();
}

inline Period Quarter(int year, unsigned quarter) {
  using namespace std::chrono;
  const std::chrono::year y{year};
  return {sys_days{y / month{quarter * 3 - 2} / 1}, sys_days{y / month{quarter * 3} / last}};
}

// One table, one person in one cell, of which the panel is public: costs 1/sigma2.
inline NoisyRequest Ask(const std::string& table, std::vector<std::string> parts,
                        const std::string& sigma2 = "80", const Period& period = Quarter(2026, 3)) {
  return {"task",           table, period, Sha256(AsBytes("division")), std::move(parts),
          Gaussian(sigma2), {2, 2}};
}

inline CanonicalRequest Canonical(NoisyRequest request) {
  return CanonicalRequest::Of(std::move(request)).value();
}

inline NanoRho Rho(std::int64_t nano) { return NanoRho::Make(nano).value(); }

inline Ledger WithBudget(std::int64_t nano, int year = 2026) {
  Ledger ledger;
  EXPECT_TRUE(ledger.Append(ledger.BudgetEntry(year, Rho(nano), {})).ok());
  return ledger;
}

// What became of a request: CHARGED, DRAW, STORED or a reason.
inline std::string Spend(Ledger& ledger, const CanonicalRequest& request) {
  const auto judged = ledger.Judge(request, {});
  if (!judged.ok()) return judged.error().reason;
  if (judged->next == Next::kDraw) return "DRAW";
  if (judged->next == Next::kStored) return "STORED";
  const Status appended = ledger.Append(*judged->entry);
  return appended.ok() ? "CHARGED" : appended.error().reason;
}

inline std::string Reason(const Status& status) {
  return status.ok() ? "OK" : status.error().reason;
}

template <typename T>
std::string Reason(const Result<T>& result) {
  return result.ok() ? "OK" : result.error().reason;
}

}  // namespace equinode::budget
