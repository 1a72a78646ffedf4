// Where one person stands in a measure of needs and referrals. Everything is as of the period's
// last day: what happened later does not count, whenever the counting is done.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "domain/needs/measures/care_facts.h"
#include "domain/needs/measures/measure_name.h"

namespace equinode {

struct CountPeriod {
  std::chrono::sys_days first{};
  std::chrono::sys_days last{};  // Counts too.
};

enum class Standing : std::uint8_t { kOut = 0, kDenominator = 1, kNumerator = 2 };

// Outcome: of several askings in the period the first of positive, negative, declined, unable.
//
// Referred (the denominator of accepted and closed): a need of the domain whose first referral was
// sent in the period; of several such needs the one that began last. Its referrals are one: of
// those that are closed (ended, and the requester has seen it) the best service counts; while none
// served, one that is open keeps the need open; else the last one's end counts. Days are from the
// need's first referral to that referral's acceptance, or to its loop's closing; the organisation
// is that referral's.
//
// referred.D: the first referral of such a need was sent on or after the first positive answer of
// the period.
//
// SNS-E (measures.csv; HEDIS): screens from 1 January to 1 December of the year of the period's
// last day. An intervention is of a domain that was positive on the day of the first positive
// screen, on that day or up to 30 days after it: a referral sent, a service that began, a need that
// was met, a referral that ended in service.
Standing Judge(const NeedMeasure& measure, const CareFacts& facts, const CountPeriod& period);

// The period of SNS-E: a calendar year. INVALID_ARGUMENT / NOT_A_YEAR.
Status CheckSnsPeriod(const CountPeriod& period);

}  // namespace equinode
