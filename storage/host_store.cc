#include "storage/host_store.h"

#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {
namespace {

Result<HostedOrganisation> HostedFrom(const Statement& row) {
  return HostedOrganisation{row.Text(0), row.Text(1)};
}

}  // namespace

Status HostStore::Put(Tx& tx, const HostedOrganisation& hosted, Instant now) {
  return tx
      .Prepare(
          "INSERT INTO hosted_organisation(organisation, node, added_at) VALUES(?,?,?) "
          "ON CONFLICT(organisation) DO UPDATE SET node=excluded.node")
      .BindAll(std::string_view(hosted.organisation), std::string_view(hosted.node), rows::Ms(now))
      .Run();
}

Status HostStore::Remove(Tx& tx, std::string_view organisation) {
  Statement gone =
      tx.Prepare("DELETE FROM hosted_organisation WHERE organisation=? RETURNING organisation");
  gone.BindAll(organisation);
  EQN_TRY(const bool was_there, gone.Step());
  if (was_there) return gone.Run();
  return Error{Code::kNotFound, "NOT_HOSTED",
               "no host is known for this organisation: `equinode host list`"};
}

Result<std::vector<HostedOrganisation>> HostStore::List(ReadTx& tx, std::string_view after,
                                                        std::size_t most) {
  Statement read = tx.Prepare(
      "SELECT organisation, node FROM hosted_organisation WHERE organisation>? "
      "ORDER BY organisation LIMIT ?");
  read.BindAll(after, static_cast<std::int64_t>(most));
  return rows::All(std::move(read), &HostedFrom);
}

}  // namespace equinode
