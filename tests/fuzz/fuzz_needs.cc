// Social needs from outside, told apart by the first byte: a code table, a table of observations or
// of conditions, or the body of a record. What is read is judged: nothing may be wrong with that
// either.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "client/convert/need_body.h"
#include "client/import/condition_table.h"
#include "client/import/observation_table.h"
#include "domain/needs/code_gaps.h"
#include "domain/needs/person_needs.h"

namespace {

using namespace equinode;

constexpr std::chrono::sys_days kToday = std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};

void Table(std::string_view text) {
  const auto table = ZCodeTable::Parse(text);
  if (!table.ok()) {
    if (table.error().reason != "BAD_CODE_TABLE") std::abort();
    return;
  }
  for (const auto& [name, code] : table->codes()) {
    const CodeVerdict verdict = table->Judge(name, kToday);
    if (verdict.state == CodeState::kUnknown) std::abort();
    for (const std::string& next : verdict.successors) {
      if (!table->Judge(next, kToday).billable()) std::abort();
    }
  }
}

void Conditions(std::string_view text, std::size_t end) {
  auto table = ConditionTable::FromHeader(text.substr(0, end));
  text = text.substr(std::min(end + 1, text.size()));
  ConditionRow row;
  while (!text.empty()) {
    const std::size_t stop = std::min(text.find('\n'), text.size());
    const Status read = table->Read(text.substr(0, stop), "f", *ZCodeTable::BuiltIn(), row);
    if (read.ok() && row.social && !(*ConditionFromBody(BodyFrom(row.record)) == row.record)) {
      std::abort();
    }
    text = text.substr(std::min(stop + 1, text.size()));
  }
}

void Rows(std::string_view text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  if (ConditionTable::IsHeader(text.substr(0, end))) return Conditions(text, end);
  auto table = ObservationTable::FromHeader(text.substr(0, end));
  if (!table.ok()) return;
  text = text.substr(std::min(end + 1, text.size()));
  ObservationRow row;
  while (!text.empty()) {
    const std::size_t stop = std::min(text.find('\n'), text.size());
    const Status read = table->Read(text.substr(0, stop), "f", row);
    if (read.ok() && row.screening && !(*ScreeningFromBody(BodyFrom(row.record)) == row.record)) {
      std::abort();
    }
    text = text.substr(std::min(stop + 1, text.size()));
  }
}

// Whatever can be read comes back as it was, and can be judged.
void Body(ByteView body) {
  PersonRecords records;
  if (const auto read = ScreeningFromBody(body); read.ok()) {
    if (!(*ScreeningFromBody(BodyFrom(*read)) == *read)) std::abort();
    records.screenings.push_back({"s", *read});
  }
  if (const auto read = ConditionFromBody(body); read.ok()) {
    if (!(*ConditionFromBody(BodyFrom(*read)) == *read)) std::abort();
    records.conditions.push_back({"c", *read});
  }
  if (const auto read = EncounterFromBody(body); read.ok()) {
    if (!(*EncounterFromBody(BodyFrom(*read)) == *read)) std::abort();
    records.encounters.push_back({"e", *read});
  }
  if (const auto read = NeedFromBody(body); read.ok()) {
    if (!(*NeedFromBody(BodyFrom(*read)) == *read)) std::abort();
    records.needs.push_back({"n", *read});
  }
  const PersonNeeds needs = NeedsOf(records, *ZCodeTable::BuiltIn(), kToday);
  for (const CodeView& code : needs.codes) {
    if (code.steps.empty() || code.reached.empty()) std::abort();
  }
  (void)GapsOf(needs, *ZCodeTable::BuiltIn(), {}, kToday);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 3 == 0) Table(text);
  if (data[0] % 3 == 1) Rows(text);
  if (data[0] % 3 == 2) Body({data + 1, size - 1});
  return 0;
}
