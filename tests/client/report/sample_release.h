// A release with every kind of value in it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

#include "equinode/v1/report.pb.h"

namespace equinode::testing {

inline void SetShown(v1::PooledValue* out, std::uint64_t count) {
  out->mutable_value()->set_count(count);
  out->set_shown_sum(count);
}
inline void SetHidden(v1::PooledValue* out, std::uint32_t nodes, std::uint64_t shown_sum) {
  out->mutable_value()->set_suppressed(v1::SUPPRESSED_HIDDEN);
  out->set_nodes_hidden(nodes);
  out->set_shown_sum(shown_sum);
}

inline v1::PooledCell& AddCell(v1::PooledTable& table, const std::string& stratum) {
  v1::PooledCell& cell = *table.add_cells();
  cell.set_stratum(stratum);
  return cell;
}

inline v1::Release SampleRelease() {
  v1::Release release;
  release.set_definition_name("disparities-2025");
  release.set_definition_version(2);
  release.set_number(3);
  release.set_title("Disparities of 2025");
  for (v1::Date* day : {release.mutable_period_start(), release.mutable_period_end()}) {
    day->set_year(2025);
    day->set_month(day == release.mutable_period_end() ? 12 : 1);
    day->set_day(day == release.mutable_period_end() ? 31 : 1);
  }
  release.add_answered("spiffe://n/practice/a");
  release.add_answered("spiffe://n/practice/b");
  release.add_silent("spiffe://n/practice/c");
  v1::RefusedNode& refused = *release.add_refused();
  refused.set_node("spiffe://n/qhio/d");
  refused.set_reason("NOT_SHARED");
  refused.set_message("no counts for this payer");
  release.add_relays("spiffe://n/qhio/e");
  release.set_note("a person with records at two practices is counted at both");

  v1::PooledTable& people = *release.add_tables();
  people.set_table_id("race");
  people.set_measure("population");
  people.set_stratifier(v1::STRATIFIER_RACE_OMB1997);
  SetShown(AddCell(people, "ASIAN").mutable_denominator(), 12345);
  SetHidden(AddCell(people, "NHPI").mutable_denominator(), 2, 0);
  SetHidden(AddCell(people, "WHITE").mutable_denominator(), 1, 678);
  SetShown(AddCell(people, "").mutable_denominator(), 1234567);

  v1::PooledTable& measure = *release.add_tables();
  measure.set_table_id("sex");
  measure.set_measure("CBP");
  measure.set_stratifier(v1::STRATIFIER_SEX);
  v1::PooledCell& female = AddCell(measure, "FEMALE");
  SetShown(female.mutable_denominator(), 400);
  SetShown(female.mutable_numerator(), 250);
  v1::PooledCell& male = AddCell(measure, "MALE");
  SetShown(male.mutable_denominator(), 300);
  SetHidden(male.mutable_numerator(), 1, 90);
  v1::PooledCell& none = AddCell(measure, "OTHER");
  SetShown(none.mutable_denominator(), 0);
  SetShown(none.mutable_numerator(), 0);
  v1::PooledCell& all = AddCell(measure, "");
  SetShown(all.mutable_denominator(), 700);
  SetHidden(all.mutable_numerator(), 1, 340);
  measure.set_nodes_withheld(1);
  return release;
}

}  // namespace equinode::testing
