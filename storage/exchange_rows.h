// How the exchange's values stand in columns. Private to the stores of the exchange.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/id.h"
#include "domain/exchange/envelope.h"
#include "storage/sqlite/statement.h"

namespace equinode::rows {

// Columns that several questions read, and what sets one apart.
inline std::string Sql(std::string_view columns, std::string_view rest) {
  return std::string(columns).append(rest);
}

// Every row that is left, each through `from`.
template <typename T>
Result<std::vector<T>> All(Statement read, Result<T> (*from)(const Statement&)) {
  std::vector<T> all;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return all;
    EQN_TRY(T one, from(read));
    all.push_back(std::move(one));
  }
}

inline Error BadRow(const char* what) { return Error{Code::kDataLoss, "BAD_ROW", what}; }

inline std::int64_t Ms(Instant at) { return at.time_since_epoch().count(); }
inline std::int64_t Num(std::uint64_t value) { return static_cast<std::int64_t>(value); }
inline std::int64_t Num(exchange::Lane lane) { return static_cast<std::int64_t>(lane); }
inline std::int64_t Num(exchange::PayloadKind kind) { return static_cast<std::int64_t>(kind); }
inline ByteView View(const Uuid& id) { return id.bytes(); }
inline ByteView View(const Digest& digest) { return digest; }

// Their bytes, one after the other.
inline Bytes BytesOf(const std::vector<Uuid>& ids) {
  Bytes bytes;
  for (const Uuid& id : ids) bytes.insert(bytes.end(), id.bytes().begin(), id.bytes().end());
  return bytes;
}

inline Instant At(const Statement& row, int column) { return Instant{Millis{row.Int(column)}}; }
inline std::uint64_t U64(const Statement& row, int column) {
  return static_cast<std::uint64_t>(row.Int(column));
}
inline Result<Digest> DigestAt(const Statement& row, int column) {
  Digest digest{};
  const ByteView bytes = row.BlobView(column);
  if (bytes.size() != digest.size()) return BadRow("a hash of the exchange has another length");
  std::ranges::copy(bytes, digest.begin());
  return digest;
}
inline Result<Uuid> IdAt(const Statement& row, int column) {
  auto id = Uuid::FromBytes(row.BlobView(column));
  if (!id.ok()) return BadRow("an envelope's id has another length");
  return id;
}
inline Result<exchange::Lane> LaneAt(const Statement& row, int column) {
  auto lane = exchange::LaneFrom(row.Int(column));
  if (!lane.ok()) return BadRow("a lane is not known");
  return lane;
}
inline Result<exchange::PayloadKind> KindAt(const Statement& row, int column) {
  auto kind = exchange::PayloadKindFrom(row.Int(column));
  if (!kind.ok()) return BadRow("a kind of payload is not known");
  return kind;
}

}  // namespace equinode::rows
