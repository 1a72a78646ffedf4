#include "storage/split_order_store.h"

#include <limits>
#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {
namespace {

using rows::Ms;
using rows::View;

constexpr std::string_view kSplitColumns =
    "SELECT row, id, need, person, domain, created_at FROM split_order ";

Result<StoredSplitOrder> OrderFrom(const Statement& row) {
  StoredSplitOrder order;
  order.row = row.Int(0);
  EQN_TRY(order.id, rows::IdAt(row, 1));
  EQN_TRY(order.need, rows::IdAt(row, 2));
  order.person = row.Text(3);
  order.domain = row.Text(4);
  order.created = rows::At(row, 5);
  return order;
}

}  // namespace

Result<StoredSplitOrder> SplitOrderStore::Add(Tx& tx, StoredSplitOrder order) {
  Statement add = tx.Prepare(
      "INSERT INTO split_order(id, need, person, domain, created_at) VALUES(?,?,?,?,?) "
      "RETURNING row");
  add.BindAll(View(order.id), View(order.need), std::string_view(order.person),
              std::string_view(order.domain), Ms(order.created));
  EQN_TRY(const bool added, add.Step());
  if (!added) return rows::BadRow("an order could not be kept");
  order.row = add.Int(0);
  EQN_CHECK(add.Run());
  return order;
}

Result<StoredSplitOrder> SplitOrderStore::Get(ReadTx& tx, const Uuid& id) {
  Statement read = tx.Prepare(rows::Sql(kSplitColumns, "WHERE id=?"));
  read.BindAll(View(id));
  EQN_TRY(const bool found, read.Step());
  if (found) return OrderFrom(read);
  return Error{Code::kNotFound, "NO_SUCH_ORDER",
               "no such order here: `equinode referral orders` lists them"};
}

Result<std::vector<StoredSplitOrder>> SplitOrderStore::List(ReadTx& tx, std::string_view person,
                                                            std::int64_t before, std::size_t most) {
  const bool of_one = !person.empty();
  Statement read = tx.Prepare(
      rows::Sql(kSplitColumns, of_one ? "WHERE row<?1 AND person=?3 ORDER BY row DESC LIMIT ?2"
                                      : "WHERE row<?1 ORDER BY row DESC LIMIT ?2"));
  read.Bind(1, before == 0 ? std::numeric_limits<std::int64_t>::max() : before);
  read.Bind(2, static_cast<std::int64_t>(most));
  if (of_one) read.Bind(3, person);
  return rows::All(std::move(read), &OrderFrom);
}

}  // namespace equinode
