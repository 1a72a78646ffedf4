// What many handlers check first: pages, request ids; and doing a write once for one request id.
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/crypto/hash.h"
#include "base/id.h"
#include "base/result.h"
#include "server/rpc/method.h"
#include "storage/sqlite/tx.h"

namespace equinode {

// 0 = 100. INVALID_ARGUMENT / BAD_PAGE_SIZE over 1000.
inline Result<std::size_t> PageSize(std::uint32_t asked) {
  if (asked > 1000) {
    return Error{Code::kInvalidArgument, "BAD_PAGE_SIZE", "page_size is 1 to 1000, or 0 for 100"};
  }
  return asked == 0 ? std::size_t{100} : std::size_t{asked};
}

inline Error BadPageToken() {
  return {Code::kInvalidArgument, "BAD_PAGE_TOKEN",
          "page_token must be a next_page_token of the same list"};
}

// INVALID_ARGUMENT / BAD_REQUEST_ID.
inline Result<Uuid> RequestId(std::string_view text) {
  auto id = Uuid::Parse(text);
  if (id.ok() && !id->nil()) return id;
  return Error{
      Code::kInvalidArgument, "BAD_REQUEST_ID",
      "request_id must be a UUID, new for each intent and the same when it is tried again"};
}

// One write as a caller names it.
struct RequestKey {
  std::string_view caller{};  // URI.
  std::string_view method{};
  Uuid id{};
  Digest digest{};  // Of the request's bytes.
};

// The answers to writes, kept with their effects in one transaction.
struct RequestMemory {
  // The kept answer; nothing when the request is new. ALREADY_EXISTS / REQUEST_ID_REUSED when the
  // id was used for something else.
  std::function<Result<std::optional<std::string>>(Tx&, const RequestKey&)> find{};
  std::function<Status(Tx&, const RequestKey&, std::string_view answer)> keep{};
};

// The digest by which a request is known again. Maps are written in the order of their keys: how
// they stand in memory differs from one reading to the next.
template <typename Request>
Digest RequestDigest(const Request& request) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&out);
  }
  return Sha256(AsBytes(bytes));
}

// Runs `body() -> Result<Response>` unless this request was answered before: then that answer.
// Inside the transaction of the write. Without functions in `memory` nothing is remembered.
template <typename Response, typename Request, typename F>
Result<Response> Once(Tx& tx, const RequestMemory& memory, const Call& call, const Request& request,
                      F body) {
  EQN_TRY(const Uuid id, RequestId(request.request_id()));
  const RequestKey key{call.caller.identity.uri, call.method, id, RequestDigest(request)};
  if (memory.find) {
    EQN_TRY(const std::optional<std::string> kept, memory.find(tx, key));
    if (kept) {
      Response response;
      if (response.ParseFromString(*kept)) return response;
      return Error{Code::kDataLoss, "BAD_ROW", "a kept answer cannot be read"};
    }
  }
  Result<Response> response = body();
  if (response.ok() && memory.keep) {
    EQN_CHECK(memory.keep(tx, key, response->SerializeAsString()));
  }
  return response;
}

}  // namespace equinode
