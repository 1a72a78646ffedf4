#include "domain/counts/coverage_book.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace equinode {

std::size_t CoverageBook::Hash::operator()(const CodedCoverage& coverage) const {
  std::uint64_t x = (std::uint64_t{coverage.payer} << 16) | coverage.line_of_business;
  for (const std::int32_t day : {coverage.start, coverage.end}) {
    x = (x ^ static_cast<std::uint32_t>(day)) * 0x9E3779B97F4A7C15ULL;
    x ^= x >> 29;
  }
  return static_cast<std::size_t>(x);
}

CoverageBook::CoverageBook(std::size_t max_shared)
    : max_shared_(std::min<std::size_t>(max_shared, 65534)), shared_(1) {}

CoverageBook::Mark CoverageBook::Share(const CodedCoverage& coverage) {
  if (const auto found = index_.find(coverage); found != index_.end()) return found->second;
  if (shared_.size() > max_shared_) return kAside;
  const Mark mark = static_cast<Mark>(shared_.size());
  shared_.push_back(coverage);
  index_.emplace(coverage, mark);
  return mark;
}

void CoverageBook::Add(Mark& mark, PersonNo person, const CodedCoverage& coverage) {
  if (mark == kNone) {
    mark = Share(coverage);
    if (mark == kAside) aside_[person] = {coverage};
    return;
  }
  std::vector<CodedCoverage>& all = aside_[person];
  if (mark != kAside) all.push_back(shared_[mark]);
  all.push_back(coverage);
  mark = kAside;
}

bool CoverageBook::Remove(Mark& mark, PersonNo person, const CodedCoverage& coverage) {
  if (mark == kNone) return false;
  if (mark != kAside) {
    if (shared_[mark] != coverage) return false;
    mark = kNone;
    return true;
  }
  const auto entry = aside_.find(person);
  assert(entry != aside_.end());
  std::vector<CodedCoverage>& all = entry->second;
  const auto found = std::ranges::find(all, coverage);
  if (found == all.end()) return false;
  *found = all.back();
  all.pop_back();
  if (all.empty()) {
    mark = kNone;
    aside_.erase(entry);
  } else if (all.size() == 1) {
    mark = Share(all.front());
    if (mark != kAside) aside_.erase(entry);
  }
  return true;
}

const std::vector<CodedCoverage>& CoverageBook::Aside(PersonNo person) const {
  const auto found = aside_.find(person);
  assert(found != aside_.end());
  return found->second;
}

void CoverageBook::Restore(std::vector<CodedCoverage> shared,
                           std::unordered_map<PersonNo, std::vector<CodedCoverage>> aside) {
  shared_ = std::move(shared);
  aside_ = std::move(aside);
  index_.clear();
  for (std::size_t i = 1; i < shared_.size(); ++i) {
    index_.emplace(shared_[i], static_cast<Mark>(i));
  }
}

std::size_t CoverageBook::shared_bytes() const {
  return shared_.capacity() * sizeof(CodedCoverage) + index_.bucket_count() * sizeof(void*) +
         index_.size() * (sizeof(CodedCoverage) + sizeof(Mark) + 2 * sizeof(void*));
}

std::size_t CoverageBook::aside_bytes() const {
  std::size_t total = aside_.bucket_count() * sizeof(void*);
  for (const auto& [person, all] : aside_) {
    total +=
        sizeof(PersonNo) + sizeof(all) + 2 * sizeof(void*) + all.capacity() * sizeof(CodedCoverage);
  }
  return total;
}

}  // namespace equinode
