// Conditions as a table: Synthea's conditions.csv (START, STOP, PATIENT, ENCOUNTER, CODE,
// DESCRIPTION, in newer versions SYSTEM). Codes are SNOMED CT unless SYSTEM says otherwise. Nobody
// signed them: what speaks of a social need suggests a code and never is one. The rest is passed
// over.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "client/import/named_columns.h"
#include "domain/needs/record.h"
#include "domain/zcodes/code_table.h"

namespace equinode {

struct ConditionRow {
  bool social = false;  // Else it is passed over.
  std::string patient{};
  std::string id{};  // "<patient>|<encounter>|<code>|<start>".
  ConditionRecord record{};
};

// Reused from row to row. One thread.
class ConditionTable {
 public:
  // Whether a header is that of such a table: these columns and no other, since Synthea's tables of
  // procedures, devices and allergies have them too.
  static bool IsHeader(std::string_view header);
  // CSV_HEADER.
  static Result<ConditionTable> FromHeader(std::string_view header);
  // BAD_CSV, BAD_UTF8, LINE_TOO_LONG, CELL_MISSING, MISSING_PERSON, BAD_ID, BAD_DATE, BAD_PERIOD,
  // TEXT_TOO_LONG. `feed` is for the ids in the record.
  Status Read(std::string_view line, std::string_view feed, const ZCodeTable& codes,
              ConditionRow& row);

 private:
  explicit ConditionTable(NamedColumns columns) : columns_(std::move(columns)) {}
  NamedColumns columns_;
};

}  // namespace equinode
