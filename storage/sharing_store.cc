#include "storage/sharing_store.h"

#include <algorithm>
#include <utility>

namespace equinode {

namespace {

constexpr int kFirstKind = 1;
constexpr int kLastKind = 8;
static_assert(static_cast<int>(kLastRecordKind) == kLastKind);

std::int64_t BitsOf(const std::vector<RecordKind>& kinds) {
  std::int64_t bits = 0;
  for (const RecordKind kind : kinds) bits |= std::int64_t{1} << static_cast<int>(kind);
  return bits;
}

Result<SharingRule> RuleFrom(const Statement& row) {
  SharingRule rule;
  rule.peer = row.Text(0);
  std::int64_t bits = row.Int(1);
  for (int kind = kFirstKind; kind <= kLastKind; ++kind) {
    if ((bits >> kind & 1) == 0) continue;
    rule.kinds.push_back(static_cast<RecordKind>(kind));
    bits &= ~(std::int64_t{1} << kind);
  }
  if (bits != 0) {
    return Error{Code::kDataLoss, "BAD_ROW", "a sharing rule names a kind of record unknown here"};
  }
  rule.counts = row.Int(2) != 0;
  rule.since_row = row.Int(3);
  rule.version = row.Int(4);
  return rule;
}

}  // namespace

bool SharingRule::Sends(RecordKind kind) const {
  return std::ranges::find(kinds, kind) != kinds.end();
}

Result<SharingRule> SharingStore::Set(Tx& tx, SharingRule rule, Instant now) {
  Statement peer = tx.Prepare("SELECT 1 FROM peer WHERE uri=?");
  peer.BindAll(std::string_view(rule.peer));
  EQN_TRY(const bool enrolled, peer.Step());
  if (!enrolled) return Error{Code::kNotFound, "NO_SUCH_PEER", "no such peer is enrolled"};
  std::ranges::sort(rule.kinds);
  rule.kinds.erase(std::unique(rule.kinds.begin(), rule.kinds.end()), rule.kinds.end());
  EQN_TRY(const std::optional<SharingRule> before, Find(tx, rule.peer));
  const std::int64_t bits = BitsOf(rule.kinds);
  rule.version = 1;
  if (before && (bits & ~BitsOf(before->kinds)) == 0) {
    rule.since_row = before->since_row;
    rule.version = before->version;
  } else if (before) {
    rule.version = before->version + 1;
  }
  EQN_CHECK(tx.Prepare("INSERT INTO sharing_rule(peer, kinds, counts, since_row, version, set_at) "
                       "VALUES(?,?,?,?,?,?) ON CONFLICT(peer) DO UPDATE SET kinds=excluded.kinds, "
                       "counts=excluded.counts, since_row=excluded.since_row, "
                       "version=excluded.version, set_at=excluded.set_at")
                .BindAll(std::string_view(rule.peer), bits, std::int64_t{rule.counts ? 1 : 0},
                         rule.since_row, rule.version, std::int64_t{now.time_since_epoch().count()})
                .Run());
  return rule;
}

Result<std::optional<SharingRule>> SharingStore::Find(ReadTx& tx, std::string_view peer) {
  Statement row =
      tx.Prepare("SELECT peer, kinds, counts, since_row, version FROM sharing_rule WHERE peer=?");
  row.BindAll(peer);
  EQN_TRY(const bool found, row.Step());
  if (!found) return std::optional<SharingRule>();
  EQN_TRY(SharingRule rule, RuleFrom(row));
  return std::optional<SharingRule>(std::move(rule));
}

Result<std::vector<SharingRule>> SharingStore::List(ReadTx& tx, std::string_view after,
                                                    std::size_t most) {
  Statement row = tx.Prepare(
      "SELECT peer, kinds, counts, since_row, version FROM sharing_rule WHERE peer>? "
      "ORDER BY peer LIMIT ?");
  row.BindAll(after, static_cast<std::int64_t>(most));
  std::vector<SharingRule> rules;
  for (;;) {
    EQN_TRY(const bool more, row.Step());
    if (!more) return rules;
    EQN_TRY(SharingRule rule, RuleFrom(row));
    rules.push_back(std::move(rule));
  }
}

}  // namespace equinode
