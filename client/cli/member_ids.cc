#include "client/cli/member_ids.h"

#include <tuple>

#include "base/bytes.h"
#include "client/convert/record_body.h"
#include "client/import/fhir/date.h"

namespace equinode::cli {
namespace {

// In force before entered by mistake; the day within before out of it; the later beginning.
std::tuple<bool, bool, std::chrono::sys_days> RankOf(const CoverageRecord& coverage,
                                                     std::chrono::sys_days day) {
  const bool counts = coverage.status.empty() || coverage.status == "active";
  const auto first =
      coverage.start.year == 0 ? std::chrono::sys_days::min() : fhir::FirstDay(coverage.start);
  const auto last =
      coverage.end.year == 0 ? std::chrono::sys_days::max() : fhir::LastDay(coverage.end);
  return {counts, first <= day && day <= last, first};
}

}  // namespace

Status MemberIds::Add(const v1::Record& record) {
  const auto known = person_of_.find(record.source_id());
  if (known != person_of_.end()) {
    auto& of = by_person_[known->second];
    of.erase(record.source_id());
    if (of.empty()) by_person_.erase(known->second);
    person_of_.erase(known);
  }
  if (record.deleted()) return Ok();
  auto coverage = CoverageFromBody(AsBytes(record.body()));
  if (!coverage.ok()) {
    return Error{Code::kDataLoss, "BAD_ANSWER", "a coverage of the node cannot be read here"};
  }
  if (coverage->payer != plan_ || coverage->status == "entered-in-error") return Ok();
  person_of_[record.source_id()] = record.person();
  by_person_[record.person()][record.source_id()] = *std::move(coverage);
  return Ok();
}

std::string MemberIds::Of(std::string_view person, std::chrono::sys_days day) const {
  const auto found = by_person_.find(person);
  if (found == by_person_.end()) return "";
  const CoverageRecord* best = nullptr;
  for (const auto& [id, each] : found->second) {
    if (each.member_id.empty()) continue;
    if (best == nullptr || RankOf(each, day) > RankOf(*best, day)) best = &each;
  }
  return best == nullptr ? "" : best->member_id;
}

}  // namespace equinode::cli
