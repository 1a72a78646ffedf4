// What was released.
#include <algorithm>
#include <string>

#include "server/services/hub/handlers.h"
#include "server/services/numbered_pages.h"
#include "storage/hub_store.h"

namespace equinode::hub {

namespace {

Status SetStored(const StoredRelease& stored, v1::Release* out) {
  if (out->ParseFromArray(stored.bytes.data(), static_cast<int>(stored.bytes.size()))) return Ok();
  return Error{Code::kDataLoss, "BAD_ROW", "a kept release cannot be read"};
}

}  // namespace

Result<v1::ListReleasesResponse> Handlers::ListReleases(
    Call& call, const v1::ListReleasesRequest& request) const {
  call.audit.subject = "releases";
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  EQN_TRY(const std::int64_t after, RowFromToken(request.page_token()));
  EQN_TRY(const auto heads, deps_.database.Read([&](ReadTx& tx) {
    return HubStore::Heads(tx, self(), request.report(), after, page + 1);
  }));
  v1::ListReleasesResponse response;
  for (std::size_t i = 0; i < std::min(page, heads.size()); ++i) {
    EQN_CHECK(SetStored(heads[i], response.add_releases()));
  }
  if (heads.size() > page) response.set_next_page_token(std::to_string(heads[page - 1].row));
  return response;
}

Result<v1::GetReleaseResponse> Handlers::GetRelease(Call& call,
                                                    const v1::GetReleaseRequest& request) const {
  call.audit.subject = "release of " + request.report().substr(0, 64);
  return deps_.database.Read([&](ReadTx& tx) -> Result<v1::GetReleaseResponse> {
    const Error none{Code::kNotFound, "NO_SUCH_RELEASE", "this hub has no such release"};
    std::optional<std::int64_t> definition;
    if (request.version() == 0) {
      EQN_TRY(definition, HubStore::NewestReleased(tx, self(), request.report()));
    } else {
      EQN_TRY(const auto found, ReportStore::Find(tx, self(), request.report(), request.version()));
      if (found) definition = found->row;
    }
    if (!definition) return none;
    EQN_TRY(const auto release, HubStore::Release(tx, *definition, request.number()));
    if (!release) return none;
    v1::GetReleaseResponse response;
    EQN_CHECK(SetStored(*release, response.mutable_release()));
    return response;
  });
}

}  // namespace equinode::hub
