// A record that was read and judged outside of any transaction: what Put needs, worked out.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/siphash.h"
#include "domain/people/record.h"
#include "server/records/record_facts.h"

namespace equinode {

// Immutable once made.
class PreparedRecord {
 public:
  RecordKind kind() const { return kind_; }
  const std::string& source_id() const { return source_id_; }
  // Whether its person is named by a second name, which Resolve turns into the first.
  bool by_alias() const { return alias_.has_value(); }

 private:
  friend class RecordKeeper;

  bool own_ = false;
  std::string origin_{};  // URI.
  RecordKind kind_ = RecordKind::kPerson;
  std::string source_id_{};
  std::string person_{};  // Empty for an organisation, and for a tombstone that does not say.
  std::uint32_t version_ = 0;
  Instant recorded_at_{};
  bool deleted_ = false;
  Bytes body_{};
  Hash128 key_{};
  Hash128 person_key_{};  // Of the person's record; key_ for a person.
  std::optional<Digest> alias_{};
  RecordFacts facts_{};
};

// A second name and whose it is.
struct PreparedAlias {
  Digest alias{};
  Hash128 person_key{};
};

}  // namespace equinode
