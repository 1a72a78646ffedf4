// Who may call what (THREATS R4): the one table that the gate and the tests read. No row means no.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "base/result.h"
#include "domain/access/identity.h"

namespace equinode {

// A set of roles.
class Roles {
 public:
  constexpr Roles() = default;
  constexpr Roles(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ = static_cast<std::uint8_t>(bits_ | Bit(role));
  }
  constexpr bool has(Role role) const { return (bits_ & Bit(role)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  static constexpr std::uint8_t Bit(Role role) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(role));
  }
  std::uint8_t bits_ = 0;
};

struct PolicyRow {
  std::string_view path{};     // "/package.Service/Method".
  Roles offered_by{};          // Nodes of these roles have the method at all.
  bool own_operators = false;  // Operators of the node's own organisation may call it.
  Roles nodes{};               // Enrolled nodes of these roles may call it.
  // Operators of an organisation without a node that is hosted here may call it, for their own
  // organisation's alone: the handler sees to that.
  bool hosted_operators = false;
};

// Every method of the contract, sorted by path.
std::span<const PolicyRow> PolicyTable();
// Null when there is none.
const PolicyRow* FindPolicy(std::string_view path);

// May `caller`, whose certificate, enrolment and revocation were found good, call `path` on the
// node `self`? `hosted`: it is an operator of an organisation that `self` hosts. UNIMPLEMENTED /
// NO_SUCH_METHOD without a row, PERMISSION_DENIED / METHOD_NOT_OFFERED when nodes of this role do
// not have the method, PERMISSION_DENIED / METHOD_NOT_ALLOWED else.
Status Allowed(std::string_view path, const Identity& caller, const Identity& self,
               bool hosted = false);

}  // namespace equinode
