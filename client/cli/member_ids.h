// What a plan calls this node's people: from the coverages that were imported.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/people/record.h"
#include "equinode/v1/record.pb.h"

namespace equinode::cli {

class MemberIds {
 public:
  // `plan` is the payer's URI, as a source profile maps it.
  explicit MemberIds(std::string plan) : plan_(std::move(plan)) {}

  // The next version of a coverage, in the order of RecordService/ListCoverages: of one source_id
  // the last counts. DATA_LOSS / BAD_ANSWER for a body that cannot be read.
  Status Add(const v1::Record& record);

  // Of the coverage in force on that day that began last; else of the one that began last. Empty
  // when the plan never covered the person, or gave no id.
  std::string Of(std::string_view person, std::chrono::sys_days day) const;
  bool Covers(std::string_view person) const { return by_person_.contains(person); }

 private:
  std::string plan_;
  std::map<std::string, std::string, std::less<>> person_of_{};  // By source_id of the coverage.
  std::map<std::string, std::map<std::string, CoverageRecord>, std::less<>> by_person_{};
};

}  // namespace equinode::cli
