#include "domain/audit/entry.h"

#include <cstdio>

namespace equinode {

namespace {

constexpr std::size_t kMostText = 256;

void PutNumber(Bytes& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

void PutText(Bytes& out, std::string_view text) {
  PutNumber(out, text.size(), 4);
  out.insert(out.end(), text.begin(), text.end());
}

}  // namespace

void TouchedIds::Add(std::string_view id) {
  PutText(bytes_, id);
  ++count_;
}

Digest TouchedIds::digest() const { return empty() ? Digest{} : Sha256(bytes_); }

Result<std::vector<std::string>> TouchedFrom(ByteView bytes) {
  std::vector<std::string> ids;
  while (!bytes.empty()) {
    std::size_t size = 0;
    if (bytes.size() >= 4) {
      for (std::size_t i = 0; i < 4; ++i) size = size << 8 | bytes[i];
      bytes = bytes.subspan(4);
    } else {
      size = bytes.size() + 1;
    }
    if (size > bytes.size()) {
      return Error{Code::kDataLoss, "AUDIT_TOUCHED", "the ids of an audit entry cannot be read"};
    }
    ids.emplace_back(AsText(bytes.first(size)));
    bytes = bytes.subspan(size);
  }
  return ids;
}

Bytes CanonicalBytes(const AuditEntry& entry) {
  Bytes out;
  out.reserve(128 + entry.actor.size() + entry.action.size() + entry.subject.size());
  PutText(out, "equinode audit entry 1");
  PutNumber(out, entry.number, 8);
  PutNumber(out, static_cast<std::uint64_t>(entry.at.time_since_epoch().count()), 8);
  for (const std::string* text :
       {&entry.actor, &entry.from, &entry.action, &entry.subject, &entry.purpose, &entry.outcome}) {
    PutText(out, *text);
  }
  PutNumber(out, entry.disclosure ? 1 : 0, 1);
  PutNumber(out, entry.touched, 4);
  out.insert(out.end(), entry.touched_digest.begin(), entry.touched_digest.end());
  return out;
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
