// Who a caller is: the one URI name of its certificate (DESIGN section 5). Nothing else identifies.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace equinode {

enum class Role { kPractice, kQhio, kPayer, kCbo };

std::string_view RoleName(Role role);  // "practice", "qhio", "payer", "cbo".

// spiffe://<network>/<role>/<organisation>[/operator/<name>]
struct Identity {
  std::string uri{};  // The exact bytes; the only thing ever compared.
  std::string network{};
  Role role = Role::kPractice;
  std::string organisation{};
  std::string operator_name{};  // Empty for a node.

  bool is_operator() const { return !operator_name.empty(); }
  // The node of an operator's organisation; a node's own URI.
  std::string node_uri() const;

  friend bool operator==(const Identity&, const Identity&) = default;
};

// Each part is 1..64 of [a-z0-9.-], not beginning or ending with '.' or '-'. Anything else,
// capitals, percent-encoding, queries, slashes at the end: INVALID_ARGUMENT / BAD_IDENTITY.
Result<Identity> ParseIdentity(std::string_view uri);

}  // namespace equinode
