#include "storage/request_store.h"

namespace equinode {

Result<std::optional<std::string>> RequestStore::Find(ReadTx& tx, std::string_view caller,
                                                      std::string_view method, const Uuid& id,
                                                      const Digest& digest) {
  Statement read =
      tx.Prepare("SELECT method, digest, answer FROM request WHERE caller=? AND request_id=?");
  read.BindAll(caller, ByteView(id.bytes()));
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<std::string>();
  if (read.TextView(0) != method || AsText(read.BlobView(1)) != AsText(digest)) {
    return Error{Code::kAlreadyExists, "REQUEST_ID_REUSED",
                 "this request_id was used for another request; make a new one for each intent"};
  }
  return std::optional<std::string>(AsText(read.BlobView(2)));
}

Status RequestStore::Keep(Tx& tx, std::string_view caller, std::string_view method, const Uuid& id,
                          const Digest& digest, std::string_view answer, Instant now) {
  return tx
      .Prepare(
          "INSERT INTO request(caller, request_id, method, digest, answer, answered_at) "
          "VALUES(?,?,?,?,?,?)")
      .BindAll(caller, ByteView(id.bytes()), method, ByteView(digest), AsBytes(answer),
               std::int64_t{now.time_since_epoch().count()})
      .Run();
}

}  // namespace equinode
