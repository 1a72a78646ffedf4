#include "storage/revocation_store.h"

#include <utility>

namespace equinode {

namespace {

std::int64_t NumberOf(RevokedKind kind) { return static_cast<std::int64_t>(kind); }

}  // namespace

Result<bool> RevocationStore::Add(Tx& tx, const Revocation& revocation) {
  Statement added = tx.Prepare(
      "INSERT INTO revocation(kind, value, issuer, reason, at) VALUES(?,?,?,?,?) "
      "ON CONFLICT DO NOTHING RETURNING 1");
  added.BindAll(NumberOf(revocation.kind), std::string_view(revocation.value),
                std::string_view(revocation.issuer), std::string_view(revocation.reason),
                std::int64_t{revocation.at.time_since_epoch().count()});
  EQN_TRY(const bool is_new, added.Step());
  EQN_CHECK(added.Run());
  return is_new;
}

Result<std::vector<Revocation>> RevocationStore::List(ReadTx& tx, std::int64_t after,
                                                      std::size_t most) {
  Statement row = tx.Prepare(
      "SELECT number, kind, value, issuer, reason, at FROM revocation WHERE number>? "
      "ORDER BY number LIMIT ?");
  row.BindAll(after, static_cast<std::int64_t>(most));
  std::vector<Revocation> all;
  for (;;) {
    EQN_TRY(const bool more, row.Step());
    if (!more) return all;
    const std::int64_t kind = row.Int(1);
    if (kind < 1 || kind > 3) {
      return Error{Code::kDataLoss, "BAD_ROW", "a revocation is of a kind unknown here"};
    }
    all.push_back({row.Int(0), static_cast<RevokedKind>(kind), row.Text(2), row.Text(3),
                   row.Text(4), Instant{Millis{row.Int(5)}}});
  }
}

}  // namespace equinode
