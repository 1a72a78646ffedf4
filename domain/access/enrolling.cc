#include "domain/access/enrolling.h"

#include <charconv>
#include <string>
#include <utility>

namespace equinode {

namespace {

bool GoodPort(std::string_view text) {
  unsigned port = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && text[0] != '0' &&
         port <= 65535;
}

bool All(std::string_view text, bool (*good)(char)) {
  for (const char c : text) {
    if (!good(c)) return false;
  }
  return true;
}

bool Alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool HostCharacter(char c) { return Alphanumeric(c) || c == '.' || c == '-'; }
bool Ipv6Character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' ||
         c == '.';
}

}  // namespace

Result<Identity> IdentityOf(const std::vector<std::string>& uri_names, const Identity& self) {
  if (uri_names.size() == 1) {
    auto identity = ParseIdentity(uri_names.front());
    if (identity.ok() && identity->network == self.network) return identity;
  }
  return Error{Code::kUnauthenticated, "CERTIFICATE_NAME",
               "the certificate must have exactly one URI name, an identity of this network "
               "(spiffe://network/role/organisation[/operator/name])"};
}

Status CheckAddress(std::string_view address) {
  const Error bad{Code::kInvalidArgument, "BAD_ADDRESS",
                  "an address must look like name:port, 192.0.2.1:port or [2001:db8::1]:port"};
  const std::size_t colon = address.rfind(':');
  if (address.size() > 256 || colon == std::string_view::npos || colon + 1 == address.size()) {
    return bad;
  }
  std::string_view host = address.substr(0, colon);
  if (!GoodPort(address.substr(colon + 1))) return bad;
  if (host.size() > 4 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    return All(host, Ipv6Character) && host.find(':') != std::string_view::npos ? Ok() : bad;
  }
  if (host.empty() || !All(host, HostCharacter)) return bad;
  return Alphanumeric(host.front()) && Alphanumeric(host.back()) ? Ok() : bad;
}

Status CheckPeer(const Identity& peer, const Route& route, const Identity& self) {
  if (peer.is_operator()) {
    return Error{Code::kInvalidArgument, "NOT_A_PEER",
                 "operators are not enrolled: their certificate is enough at their own node; "
                 "enrol the node's certificate"};
  }
  if (peer.uri == self.uri) {
    return Error{Code::kInvalidArgument, "NOT_A_PEER",
                 "this is the node's own identity; enrol the other party's certificate"};
  }
  if (!route.address.empty() && !route.relay.empty()) {
    return Error{Code::kInvalidArgument, "BAD_ROUTE",
                 "a peer is either dialled at an address or reached by a relay; give one of them"};
  }
  if (!route.address.empty()) return CheckAddress(route.address);
  if (route.relay.empty()) return Ok();
  const auto relay = ParseIdentity(route.relay);
  if (!relay.ok() || relay->is_operator() || relay->role != Role::kQhio ||
      relay->network != self.network || relay->uri == peer.uri || relay->uri == self.uri) {
    return Error{Code::kInvalidArgument, "BAD_RELAY",
                 "a relay is named by the URI of a QHIO's node of this network, other than the "
                 "peer and this node"};
  }
  return Ok();
}

Status CheckHost(const Identity& organisation, const Identity& node, const Identity& self) {
  const auto bad = [](std::string message) {
    return Error{Code::kInvalidArgument, "BAD_HOST", std::move(message)};
  };
  if (organisation.role != Role::kCbo || organisation.is_operator() ||
      organisation.network != self.network) {
    return bad(
        "only a community organisation of this network acts on another's node: "
        "spiffe://network/cbo/name");
  }
  if (node.role != Role::kQhio || node.is_operator() || node.network != self.network) {
    return bad("only a QHIO's node of this network hosts an organisation");
  }
  return Ok();
}

}  // namespace equinode
