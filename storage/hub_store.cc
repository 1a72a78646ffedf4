#include "storage/hub_store.h"

#include <algorithm>
#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {

namespace {

using rows::BadRow;
using rows::Ms;

// One row of: row, collect_id, definition, released.
Result<std::optional<StoredCollection>> One(Statement& read) {
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<StoredCollection>();
  const auto id = Uuid::FromBytes(read.BlobView(1));
  if (!id.ok()) return BadRow("a collection's id has another length");
  return std::optional(
      StoredCollection{read.Int(0), *id, read.Int(2), static_cast<std::uint32_t>(read.Int(3))});
}

}  // namespace

Result<StoredCollection> HubStore::Start(Tx& tx, const Uuid& collect_id, std::int64_t definition,
                                         Instant now) {
  Statement add = tx.Prepare(
      "INSERT INTO collection(collect_id, definition, started_at, released) VALUES(?,?,?,0) "
      "RETURNING row, collect_id, definition, released");
  add.BindAll(ByteView(collect_id.bytes()), definition, Ms(now));
  EQN_TRY(const auto made, One(add));
  EQN_CHECK(add.Run());
  if (!made) return BadRow("a collection was not made");
  return *made;
}

Result<std::optional<StoredCollection>> HubStore::Find(ReadTx& tx, const Uuid& collect_id) {
  Statement read =
      tx.Prepare("SELECT row, collect_id, definition, released FROM collection WHERE collect_id=?");
  read.BindAll(ByteView(collect_id.bytes()));
  return One(read);
}

Result<std::optional<StoredCollection>> HubStore::Open(ReadTx& tx, std::int64_t definition) {
  Statement read = tx.Prepare(
      "SELECT row, collect_id, definition, released FROM collection "
      "WHERE definition=? AND released=0");
  read.BindAll(definition);
  return One(read);
}

Result<bool> HubStore::Ask(Tx& tx, std::int64_t collection, std::string_view node, ByteView answer,
                           Instant now) {
  Statement add = tx.Prepare(
      "INSERT INTO collection_node(collection, node, at, answer) VALUES(?,?,?,?) "
      "ON CONFLICT(collection, node) DO NOTHING RETURNING node");
  add.BindAll(collection, node, Ms(now), answer);
  EQN_TRY(const bool added, add.Step());
  EQN_CHECK(add.Run());
  return added;
}

Result<std::vector<AskedNode>> HubStore::Asked(ReadTx& tx, std::int64_t collection) {
  Statement read =
      tx.Prepare("SELECT node, answer FROM collection_node WHERE collection=? ORDER BY node");
  read.BindAll(collection);
  std::vector<AskedNode> asked;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return asked;
    asked.push_back({read.Text(0), read.Blob(1)});
  }
}

Result<std::optional<AskedNode>> HubStore::AskedOne(ReadTx& tx, std::int64_t collection,
                                                    std::string_view node) {
  Statement read =
      tx.Prepare("SELECT node, answer FROM collection_node WHERE collection=? AND node=?");
  read.BindAll(collection, node);
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<AskedNode>();
  return std::optional(AskedNode{read.Text(0), read.Blob(1)});
}

Result<AnswerOutcome> HubStore::Answer(Tx& tx, std::int64_t collection, std::string_view node,
                                       ByteView answer, Instant now) {
  EQN_TRY(const auto asked, AskedOne(tx, collection, node));
  if (!asked) {
    return Error{Code::kNotFound, "NOT_ASKED", "this node was not asked in this collection"};
  }
  if (!asked->silent()) {
    return std::ranges::equal(asked->answer, answer) ? AnswerOutcome::kSame : AnswerOutcome::kOther;
  }
  EQN_CHECK(tx.Prepare("UPDATE collection_node SET answer=?, at=? WHERE collection=? AND node=?")
                .BindAll(answer, Ms(now), collection, node)
                .Run());
  return AnswerOutcome::kKept;
}

Result<Bytes> HubStore::NewestAnswer(ReadTx& tx, std::int64_t definition, std::string_view node) {
  Statement read = tx.Prepare(
      "SELECT n.answer FROM collection c JOIN collection_node n ON n.collection=c.row "
      "WHERE c.definition=? AND n.node=? AND length(n.answer)>0 ORDER BY c.row DESC LIMIT 1");
  read.BindAll(definition, node);
  EQN_TRY(const bool found, read.Step());
  return found ? read.Blob(0) : Bytes{};
}

Result<std::uint32_t> HubStore::NextNumber(ReadTx& tx, std::int64_t definition) {
  Statement read =
      tx.Prepare("SELECT coalesce(max(number), 0) + 1 FROM hub_release WHERE definition=?");
  read.BindAll(definition);
  EQN_CHECK(read.Step());
  return static_cast<std::uint32_t>(read.Int(0));
}

Status HubStore::Finish(Tx& tx, const StoredCollection& collection, std::uint32_t number,
                        ByteView head, ByteView release) {
  EQN_CHECK(tx.Prepare("INSERT INTO hub_release(definition, number, collection, head, release) "
                       "VALUES(?,?,?,?,?)")
                .BindAll(collection.definition, std::int64_t{number}, collection.row, head, release)
                .Run());
  return tx.Prepare("UPDATE collection SET released=? WHERE row=?")
      .BindAll(std::int64_t{number}, collection.row)
      .Run();
}

Status HubStore::SetAside(Tx& tx, std::int64_t collection) {
  return tx.Prepare("UPDATE collection SET released=? WHERE row=? AND released=0")
      .BindAll(std::int64_t{StoredCollection::kSetAside}, collection)
      .Run();
}

Result<std::optional<StoredRelease>> HubStore::Release(ReadTx& tx, std::int64_t definition,
                                                       std::uint32_t number) {
  Statement read = tx.Prepare(
      "SELECT row, number, release FROM hub_release "
      "WHERE definition=?1 AND (?2=0 OR number=?2) ORDER BY number DESC LIMIT 1");
  read.BindAll(definition, std::int64_t{number});
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<StoredRelease>();
  return std::optional(
      StoredRelease{read.Int(0), static_cast<std::uint32_t>(read.Int(1)), read.Blob(2)});
}

Result<Uuid> HubStore::CollectionOf(ReadTx& tx, std::int64_t definition, std::uint32_t number) {
  Statement read = tx.Prepare(
      "SELECT c.collect_id FROM hub_release r JOIN collection c ON c.row=r.collection "
      "WHERE r.definition=? AND r.number=?");
  read.BindAll(definition, std::int64_t{number});
  EQN_TRY(const bool found, read.Step());
  if (!found) return BadRow("a release has no collection");
  auto id = Uuid::FromBytes(read.BlobView(0));
  if (!id.ok()) return BadRow("a collection's id has another length");
  return id;
}

Result<std::optional<std::int64_t>> HubStore::NewestReleased(ReadTx& tx, std::string_view payer,
                                                             std::string_view name) {
  Statement read = tx.Prepare(
      "SELECT d.row FROM report_definition d WHERE d.payer=? AND d.name=? AND EXISTS("
      "SELECT 1 FROM hub_release r WHERE r.definition=d.row) ORDER BY d.version DESC LIMIT 1");
  read.BindAll(payer, name);
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<std::int64_t>();
  return std::optional(read.Int(0));
}

Result<std::vector<StoredRelease>> HubStore::Heads(ReadTx& tx, std::string_view payer,
                                                   std::string_view name, std::int64_t after,
                                                   std::size_t most) {
  Statement read = tx.Prepare(
      "SELECT r.row, r.number, r.head FROM hub_release r "
      "JOIN report_definition d ON d.row=r.definition "
      "WHERE d.payer=?1 AND (?2='' OR d.name=?2) AND r.row>?3 ORDER BY r.row LIMIT ?4");
  read.BindAll(payer, name, after, static_cast<std::int64_t>(most));
  std::vector<StoredRelease> heads;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return heads;
    heads.push_back({read.Int(0), static_cast<std::uint32_t>(read.Int(1)), read.Blob(2)});
  }
}

}  // namespace equinode
