#include "client/channel/peer_check.h"

namespace equinode {

namespace {

Error Wrong(std::string_view why) {
  return {Code::kUnauthenticated, "WRONG_PEER",
          "the node that answered is not the one asked for: " + std::string(why)};
}

}  // namespace

Status PeerCheck::Check(std::string_view pem, Instant now) const {
  const auto certificate = Certificate::FromPem(pem);
  if (!certificate.ok()) return Wrong("its certificate cannot be read");
  if (const auto trusted = trust_.Verify(*certificate, now, Usage::kTlsServer); !trusted.ok()) {
    return Wrong(trusted.error().message);
  }
  const auto& names = certificate->uri_names();
  if (names.size() != 1) return Wrong("its certificate must have one uri name");
  if (names.front() != expected_uri_) return Wrong("its certificate has another uri name");
  return Ok();
}

}  // namespace equinode
