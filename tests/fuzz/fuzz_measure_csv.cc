// A measure file: its first line is the header, the rest are rows.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "client/import/measure_table.h"
#include "domain/people/measure_period.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto next = [&] {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
  };
  auto table = MeasureTable::FromHeader(next(), {});
  if (!table.ok()) {
    if (table.error().reason.empty()) std::abort();
    return 0;
  }
  MeasureRow row;
  while (!rest.empty()) {
    const Status read = table->Read(next(), row);
    if (!read.ok()) {
      if (read.error().reason.empty() || read.error().message.size() < 10) std::abort();
      continue;
    }
    if (row.person_id.empty() == row.mrn.empty()) std::abort();
    if (!IsMeasureName(row.result.measure) || !IsMeasurePeriod(row.result.period)) std::abort();
    if (row.result.in_numerator && !row.result.in_denominator) std::abort();
  }
  return 0;
}
