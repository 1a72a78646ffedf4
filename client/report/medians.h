// Median days of a release: read from its histograms of days, which are counts like any other.
#pragma once

#include <string>
#include <vector>

#include "equinode/v1/report.pb.h"

namespace equinode {

struct MedianTable {
  std::string label{};  // "Median days to accept, Food Insecurity"
  v1::Stratifier stratifier = v1::STRATIFIER_UNSPECIFIED;
  struct Row {
    std::string stratum{};
    std::string
        median{};  // "3 to 4 days"; "1 day to 5 to 7 days" where hidden counts leave it open.
  };
  std::vector<Row> rows{};  // Of strata where somebody is counted.
};

// One for each table that has all bins of a measure's days (domain/needs/measures/day_bins.h), in
// the release's order.
std::vector<MedianTable> MediansOf(const v1::Release& release);

}  // namespace equinode
