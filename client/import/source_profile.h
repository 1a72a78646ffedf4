// What one feed cannot say of itself: how its demographics were collected, who its payors are, what
// its columns are called. One TOML file a feed; docs/source-profile.md is the reference.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/people/record.h"

namespace equinode {

// Maps a payor to a payer node and a line of business. A rule matches when one of the payor's
// identifier, reference or name does, and `type`, where given, is a code of Coverage.type. The
// first rule that matches wins.
struct PayerRule {
  std::string identifier{};        // "system|value", or a value alone.
  std::string reference{};         // "Organization/acme", or an absolute URL or urn, as given.
  std::string name{};              // Compared without regard to ASCII case and outer space.
  std::string type{};              // A code in Coverage.type; empty = any.
  std::string uri{};               // URI of the payer's node.
  std::string line_of_business{};  // May be empty.
  friend bool operator==(const PayerRule&, const PayerRule&) = default;
};

// Column names of a measure file, our word -> theirs. Compared without regard to ASCII case.
// A row names its person by `mrn` or by `person` (the id of the Patient resource).
struct MeasureColumns {
  std::string mrn = "mrn";
  std::string person = "person";
  std::string measure = "measure";
  std::string period = "period";
  std::string denominator = "denominator";
  std::string numerator = "numerator";
  friend bool operator==(const MeasureColumns&, const MeasureColumns&) = default;
};

enum class CollectedOn : std::uint8_t {
  kUnknown,      // Not known.
  kLastUpdated,  // The day of Patient.meta.lastUpdated.
  kFixed,        // One day for the whole feed.
};

// What happens to a resource that claims a US Core profile and breaks one of its invariants.
enum class InvariantPolicy : std::uint8_t {
  kRefuse,  // It goes to rejected.csv.
  kKeep,    // It goes in; a race that contradicts itself is kept as a conflict.
};

struct SourceProfile {
  std::string feed{};  // 1..64 of [A-Za-z0-9._-]; the first part of every source id.
  CollectionMethod method = CollectionMethod::kUnknown;  // US Core Patient does not say.
  std::string instrument = "us-core";
  CollectedOn collected_on = CollectedOn::kUnknown;
  PartialDate collected_day{};  // With kFixed.
  std::string mrn_system{};  // Identifiers of this system are MRNs; empty = those of type MR are.
  InvariantPolicy invariants = InvariantPolicy::kRefuse;
  MeasureColumns columns{};
  std::vector<PayerRule> payers{};  // At most 10,000.
  friend bool operator==(const SourceProfile&, const SourceProfile&) = default;
};

// 1..64 of [A-Za-z0-9._-].
bool IsFeedName(std::string_view name);

// Everything in the profile as one text: equal stamps are equal profiles.
std::string StampOf(const SourceProfile& profile);

// INVALID_ARGUMENT / BAD_PROFILE with the line and what to write instead: unknown keys and words,
// wrong types, a payer rule that names nothing. `text` is at most 4 MiB.
Result<SourceProfile> ParseSourceProfile(std::string_view text);
// Also NOT_FOUND / NO_SUCH_FILE.
Result<SourceProfile> ReadSourceProfile(const std::filesystem::path& path);

}  // namespace equinode
