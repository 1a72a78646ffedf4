// ICD-10-CM Z codes with the days on which each could be reported. Data, not code: a table is read
// from a file, checked, and put in place of the one before it (ICD-10-CM changes each 1 October and
// some 1 April). The built-in one is Z55-Z65 complete with neighbours, FY2014 to FY2026, from the
// CMS code files and the NCHS conversion table.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace equinode {

struct ZCode {
  std::string code{};  // "Z59.41"
  std::string title{};
  std::optional<std::chrono::sys_days> from{};   // First day on which it could be reported.
  std::optional<std::chrono::sys_days> until{};  // The last; none = still. Only with `from`.
  std::vector<std::string> predecessors{};       // Codes that said this before it was there.
  std::vector<std::string> domains{};            // Words of domains.csv; none = not known.
  std::string domain_basis{};                    // Who says so.
  std::string group{};                           // Coarse group, so that every code can be counted.
  bool priority = false;                         // On the payer programme's list.
};

enum class CodeState : std::uint8_t {
  kBillable,
  kHeader,      // Has codes under it on that day, of which one is to be chosen.
  kUnknown,     // No such code was ever there.
  kNotYet,      // Comes later.
  kExpired,     // Ended, and nothing stands under it.
  kNotCovered,  // Not of the parts of ICD-10-CM that the table holds: nothing is said.
};
std::string_view CodeStateName(CodeState state);  // "BILLABLE", "HEADER_CODE", "UNKNOWN_CODE", ...

struct CodeVerdict {
  CodeState state = CodeState::kNotCovered;
  std::string code{};   // In its normal form where it has one: "Z59.41" for "z5941".
  std::string title{};  // Empty when unknown.
  // What can be reported on that day in its place, in the order of the codes.
  std::vector<std::string> successors{};
  // kNotYet: its first day. kHeader and kExpired: the last day on which it could be reported.
  std::optional<std::chrono::sys_days> day{};
  bool billable() const { return state == CodeState::kBillable; }
};

// "HEADER_CODE: ..." as an Error (INVALID_ARGUMENT, reason CodeStateName), with what to do; nothing
// about a person. Not for a billable code.
Error RefusalOf(const CodeVerdict& verdict, std::chrono::sys_days day);

// Immutable.
class ZCodeTable {
 public:
  static constexpr std::size_t kMostBytes = 4 * 1024 * 1024;
  static constexpr std::size_t kMostCodes = 20'000;

  // First line "# version YYYY-MM-DD", then CSV (RFC 4180) with the columns code, title,
  // billable_from, billable_until, predecessors, domains, domain_basis, group, priority; lists with
  // '|'. INVALID_ARGUMENT / BAD_CODE_TABLE with the line: not a code, twice, a date that is none,
  // not of a category that the table is about (IsSocialCategory), an end without or before its
  // beginning, a predecessor or domain that is not known, a header
  // without codes under it, a code that could be reported together with one under it.
  static Result<ZCodeTable> Parse(std::string_view text);
  // The one that the program came with.
  static std::shared_ptr<const ZCodeTable> BuiltIn();
  static std::string_view BuiltInText();

  // Whether `code`, with or without its point, in any case, could be reported on `day`.
  CodeVerdict Judge(std::string_view code, std::chrono::sys_days day) const;
  // By its normal form; null when it is not here.
  const ZCode* Find(std::string_view code) const;
  // The words of domains.csv that a code speaks of; none for an unknown one. A code that names no
  // domain of its own and is under a header takes none from it.
  const std::vector<std::string>& DomainsOf(std::string_view code) const;

  std::chrono::sys_days version() const { return version_; }
  const std::map<std::string, ZCode, std::less<>>& codes() const { return codes_; }

 private:
  ZCodeTable() = default;
  // The codes below `prefix` that can be reported on `day`.
  std::vector<std::string> BillableBelow(std::string_view prefix, std::chrono::sys_days day) const;
  std::vector<std::string> InPlaceOf(const ZCode& code, std::chrono::sys_days day) const;
  Status CheckFamilies() const;

  std::chrono::sys_days version_{};
  std::map<std::string, ZCode, std::less<>> codes_{};
  std::map<std::string, std::size_t, std::less<>> lines_{};  // While it is read.
};

// "Z59.41" of "z59.41", "Z5941" or " Z59.41 "; empty for what has not the form of a code.
std::string NormalCode(std::string_view text);
// Z55-Z65, and the neighbours that the built-in table holds codes of: whoever needs a further
// category needs a program that knows what it is for.
bool IsSocialCategory(std::string_view code);
// The form of an ICD-10-CM code for a system that calls itself so.
bool IsIcd10Cm(std::string_view system);

}  // namespace equinode
