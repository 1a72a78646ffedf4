#include "domain/access/identity.h"

#include <array>
#include <utility>
#include <vector>

namespace equinode {

namespace {

constexpr std::array<std::pair<std::string_view, Role>, 4> kRoles = {{
    {"practice", Role::kPractice},
    {"qhio", Role::kQhio},
    {"payer", Role::kPayer},
    {"cbo", Role::kCbo},
}};

bool GoodPart(std::string_view part) {
  if (part.empty() || part.size() > 64) return false;
  for (const char c : part) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (!plain) return false;
  }
  const auto edge = [](char c) { return c == '.' || c == '-'; };
  return !edge(part.front()) && !edge(part.back());
}

}  // namespace

std::string_view RoleName(Role role) {
  for (const auto& [name, value] : kRoles) {
    if (value == role) return name;
  }
  return "";
}

std::string Identity::node_uri() const {
  if (!is_operator()) return uri;
  return "spiffe://" + network + "/" + std::string(RoleName(role)) + "/" + organisation;
}

Result<Identity> ParseIdentity(std::string_view uri) {
  const Error bad{Code::kInvalidArgument, "BAD_IDENTITY",
                  "an identity must look like spiffe://network/role/organisation[/operator/name]"};
  constexpr std::string_view kScheme = "spiffe://";
  if (!uri.starts_with(kScheme)) return bad;
  std::vector<std::string_view> parts;
  std::string_view rest = uri.substr(kScheme.size());
  for (;;) {
    const std::size_t slash = rest.find('/');
    parts.push_back(rest.substr(0, slash));
    if (parts.size() > 5 || !GoodPart(parts.back())) return bad;
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  const bool node = parts.size() == 3;
  const bool person = parts.size() == 5 && parts[3] == "operator";
  if (!node && !person) return bad;
  for (const auto& [name, role] : kRoles) {
    if (name != parts[1]) continue;
    Identity identity;
    identity.uri = uri;
    identity.network = parts[0];
    identity.role = role;
    identity.organisation = parts[2];
    if (person) identity.operator_name = parts[4];
    return identity;
  }
  return bad;
}

}  // namespace equinode
