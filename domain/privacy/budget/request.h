// A noisy table that is asked for. The same question has the same hash however it was put; who asks
// it again is given the first answer.
#pragma once

#include <string>
#include <vector>

#include "base/crypto/hash.h"
#include "base/result.h"
#include "domain/privacy/blocks/block_union.h"
#include "domain/privacy/blocks/partition_book.h"
#include "domain/privacy/noise/accountant.h"

namespace equinode::budget {

using blocks::Period;
using noise::NanoRho;

struct NoisyRequest {
  std::string
      task{};  // What the table is a table of, such as the definition's digest; 1..256 bytes.
  std::string table{};  // 1..256 bytes.
  Period period{};      // Its last day says whose year it is charged to.
  // Of whom: parts of the population without a person in common, and which division they are of.
  // Of a BlockUnion, its blocks; at a single practice, one part.
  Digest partition{};
  std::vector<std::string> parts{};  // Sorted or not; 1..10,000 of 1..8,192 bytes.
  noise::Noise noise;
  noise::Sensitivity sensitivity{};  // Of this table to one person.
};

// Over the whole blocks of `chosen`.
NoisyRequest RequestOver(const blocks::BlockUnion& chosen, std::string task, std::string table,
                         Period period, const noise::Noise& noise,
                         const noise::Sensitivity& sensitivity);

// A request that may be put to a ledger.
class CanonicalRequest {
 public:
  // Sorts the parts. INVALID_ARGUMENT: BAD_REQUEST (a text or list that is empty or too long, a
  // part twice), BAD_PERIOD, and what noise::CostOf refuses.
  static Result<CanonicalRequest> Of(NoisyRequest request);

  const NoisyRequest& request() const { return request_; }
  const Digest& hash() const { return hash_; }
  // What it costs each person of its parts; more than 0.
  NanoRho cost() const { return cost_; }

 private:
  explicit CanonicalRequest(NoisyRequest request) : request_(std::move(request)) {}
  NoisyRequest request_;
  Digest hash_{};
  NanoRho cost_{};
};

// The calendar year of a period's last day. INVALID_ARGUMENT / BAD_PERIOD when it ends before it
// begins or outside of 1900..9999.
Result<int> YearOf(const Period& period);

}  // namespace equinode::budget
