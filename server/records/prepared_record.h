// A record that was read and judged outside of any transaction: what Put needs, worked out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/siphash.h"
#include "domain/people/record.h"
#include "server/records/record_facts.h"

namespace equinode {

// Immutable once made. Names and body lie in one piece of memory.
class PreparedRecord {
 public:
  RecordKind kind() const { return kind_; }
  std::string_view source_id() const { return std::string_view(text_).substr(0, id_size_); }
  // Whether its person is named by a second name, which Resolve turns into the first.
  bool by_alias() const { return alias_.has_value(); }

 private:
  friend class RecordKeeper;

  void SetText(std::string_view source_id, std::string_view person, ByteView body) {
    text_.reserve(source_id.size() + person.size() + body.size());
    text_.assign(source_id).append(person).append(AsText(body));
    id_size_ = source_id.size();
    person_size_ = person.size();
  }
  // Empty for an organisation, and for a tombstone that does not say.
  std::string_view person() const { return std::string_view(text_).substr(id_size_, person_size_); }
  ByteView body() const { return AsBytes(text_).subspan(id_size_ + person_size_); }

  std::string text_{};
  std::size_t id_size_ = 0;
  std::size_t person_size_ = 0;
  std::shared_ptr<const std::string> origin_{};  // URI.
  bool own_ = false;
  bool deleted_ = false;
  RecordKind kind_ = RecordKind::kPerson;
  std::uint32_t version_ = 0;
  Instant recorded_at_{};
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
