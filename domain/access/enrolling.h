// What may be enrolled: the rules for a peer's names and its route. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/access/identity.h"

namespace equinode {

// The one identity among the URI names of a certificate. UNAUTHENTICATED / CERTIFICATE_NAME when
// there is not exactly one name, it is not an identity, or it is of another network than `self`.
Result<Identity> IdentityOf(const std::vector<std::string>& uri_names, const Identity& self);

// "name:port", "192.0.2.1:port" or "[2001:db8::1]:port", port 1..65535. INVALID_ARGUMENT /
// BAD_ADDRESS.
Status CheckAddress(std::string_view address);

// How a peer is reached: by an address to dial, by a relay, or not at all (it dials us).
struct Route {
  std::string address{};
  std::string relay{};  // URI.
};

// INVALID_ARGUMENT / NOT_A_PEER for the node itself and for an operator, BAD_ADDRESS, BAD_ROUTE for
// both an address and a relay, BAD_RELAY for a relay that is not the node of a QHIO of this
// network, is the peer itself or this node.
Status CheckPeer(const Identity& peer, const Route& route, const Identity& self);

// May `organisation`, which has no node, act on `node`? It is a community organisation and `node` a
// QHIO's, both of this network; neither is an operator. INVALID_ARGUMENT / BAD_HOST.
Status CheckHost(const Identity& organisation, const Identity& node, const Identity& self);

}  // namespace equinode
