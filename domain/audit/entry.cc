#include "domain/audit/entry.h"

#include <cstdio>

#include "base/field_bytes.h"

namespace equinode {

namespace {

constexpr std::size_t kMostText = 256;

}  // namespace

void TouchedIds::Add(std::string_view id) {
  FieldWriter field;
  field.Text(id);
  bytes_.insert(bytes_.end(), field.bytes().begin(), field.bytes().end());
  ++count_;
}

Digest TouchedIds::digest() const { return empty() ? Digest{} : Sha256(bytes_); }

Result<std::vector<std::string>> TouchedFrom(ByteView bytes) {
  std::vector<std::string> ids;
  FieldReader reader(bytes);
  while (reader.ok() && !reader.done()) ids.push_back(reader.Text());
  if (!reader.ok()) {
    return Error{Code::kDataLoss, "AUDIT_TOUCHED", "the ids of an audit entry cannot be read"};
  }
  return ids;
}

Bytes CanonicalBytes(const AuditEntry& entry) {
  FieldWriter out;
  out.Text("equinode audit entry 1");
  out.Number(entry.number);
  out.Number(static_cast<std::uint64_t>(entry.at.time_since_epoch().count()));
  for (const std::string* text :
       {&entry.actor, &entry.from, &entry.action, &entry.subject, &entry.purpose, &entry.outcome}) {
    out.Text(*text);
  }
  out.Number(entry.disclosure ? 1 : 0, 1);
  out.Number(entry.touched, 4);
  out.Raw(entry.touched_digest);
  return std::move(out).bytes();
}

Digest NextAuditHash(const Digest& before, const AuditEntry& entry) {
  Bytes all(before.begin(), before.end());
  const Bytes canonical = CanonicalBytes(entry);
  all.insert(all.end(), canonical.begin(), canonical.end());
  return Sha256(all);
}

std::string AuditText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      char hex[5];
      std::snprintf(hex, sizeof hex, "\\x%02x",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += hex;
    }
    if (out.size() > kMostText) {
      out.resize(kMostText - 3);
      return out + "...";
    }
  }
  return out;
}

}  // namespace equinode
