// Private to server/services/hub: the handlers, in one file a subject.
#pragma once

#include <utility>

#include "equinode/v1/hub_service.pb.h"
#include "server/services/hub/hub.h"
#include "storage/report_store.h"

namespace equinode::hub {

// Thread-safe: no state of its own.
class Handlers {
 public:
  explicit Handlers(HubDeps deps) : deps_(std::move(deps)) {}

  Result<v1::StartCollectResponse> StartCollect(Call& call,
                                                const v1::StartCollectRequest& request) const;
  Result<v1::GetCollectResponse> GetCollect(Call& call, const v1::GetCollectRequest& request) const;
  Result<v1::FinishCollectResponse> FinishCollect(Call& call,
                                                  const v1::FinishCollectRequest& request) const;
  Result<v1::ListReleasesResponse> ListReleases(Call& call,
                                                const v1::ListReleasesRequest& request) const;
  Result<v1::GetReleaseResponse> GetRelease(Call& call, const v1::GetReleaseRequest& request) const;

 private:
  // The payer's report with a signature of the certificate that is in use now.
  Result<StoredDefinition> FindSigned(std::string_view name, std::uint32_t version,
                                      Instant now) const;
  // Asks, in this transaction, who is to be asked and was not yet.
  Status AskNodes(Tx& tx, std::int64_t collection, const Uuid& collect_id,
                  const StoredDefinition& definition, const std::vector<std::string>& nodes,
                  Instant now) const;
  // Who may be asked now, by URI.
  std::vector<std::string> Nodes() const;
  std::string self() const { return deps_.keys.Get()->self.uri; }

  HubDeps deps_;
};

}  // namespace equinode::hub
