// What a source says of when it made a version of a resource, and which of two is the newer.
#pragma once

#include <cstdint>

namespace equinode {

// FHIR R4 Resource.meta. Nothing of it is part of a record: equal facts are equal bytes.
struct SourceStamp {
  std::int64_t updated_us = 0;  // lastUpdated, microseconds since 1970-01-01 UTC; 0 = not said.
  std::uint64_t version = 0;    // versionId where it is a whole number, from 1; 0 = not said.
  bool none() const { return updated_us == 0 && version == 0; }
  friend bool operator==(const SourceStamp&, const SourceStamp&) = default;
};

enum class SourceOrder : std::uint8_t {
  kNewer,
  kOlder,
  kUnknown,  // One of the two does not say, or both say the same.
};

// How `said` stands to `known`: by lastUpdated where both have it and they differ, else by
// versionId where both have it.
SourceOrder OrderOf(const SourceStamp& said, const SourceStamp& known);

}  // namespace equinode
