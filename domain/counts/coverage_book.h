// Who pays for whom and when. Most people have one coverage, and many share the same payer, line
// of business and days: two bytes a person name a shared entry; the rest is in a side table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

#include "domain/counts/dictionary.h"
#include "domain/people/facts.h"

namespace equinode {

// A coverage with its words as codes. Days since 1970-01-01, both ends included.
struct CodedCoverage {
  static constexpr std::int32_t kAlways = std::numeric_limits<std::int32_t>::min();
  static constexpr std::int32_t kStill = std::numeric_limits<std::int32_t>::max();

  Dictionary::Code payer = 0;
  Dictionary::Code line_of_business = 0;
  std::int32_t start = kAlways;
  std::int32_t end = kStill;
  friend bool operator==(const CodedCoverage&, const CodedCoverage&) = default;
};

// Not thread-safe: guarded by its owner. Exact for any number of coverages a person, equal ones
// included, whatever the number of distinct coverages.
class CoverageBook {
 public:
  // What the two bytes of a person hold: none, an entry of `shared()`, or "look aside".
  using Mark = std::uint16_t;
  static constexpr Mark kNone = 0;
  static constexpr Mark kAside = 0xFFFF;

  // `max_shared` is the bound of the shared entries, at most 65,534.
  explicit CoverageBook(std::size_t max_shared = 65534);

  void Add(Mark& mark, PersonNo person, const CodedCoverage& coverage);
  // False when the person has no such coverage; nothing changes then.
  bool Remove(Mark& mark, PersonNo person, const CodedCoverage& coverage);

  // shared()[mark]; the first is a placeholder for kNone.
  const std::vector<CodedCoverage>& shared() const { return shared_; }
  const std::unordered_map<PersonNo, std::vector<CodedCoverage>>& aside() const { return aside_; }
  const std::vector<CodedCoverage>& Aside(PersonNo person) const;

  // For a snapshot.
  void Restore(std::vector<CodedCoverage> shared,
               std::unordered_map<PersonNo, std::vector<CodedCoverage>> aside);

  std::size_t shared_bytes() const;
  std::size_t aside_bytes() const;

 private:
  struct Hash {
    std::size_t operator()(const CodedCoverage& coverage) const;
  };
  // kAside when there is no room.
  Mark Share(const CodedCoverage& coverage);

  std::size_t max_shared_;
  std::vector<CodedCoverage> shared_{};
  std::unordered_map<CodedCoverage, Mark, Hash> index_{};
  std::unordered_map<PersonNo, std::vector<CodedCoverage>> aside_{};
};

}  // namespace equinode
