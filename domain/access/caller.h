// Who calls: what the gate found out, once a call. Made from the certificate alone.
#pragma once

#include <string>

#include "domain/access/identity.h"

namespace equinode {

struct Caller {
  Identity identity{};
  std::string fingerprint{};  // SHA-256 of the certificate, lower-case hex.
  std::string address{};      // Remote address, escaped, for the audit log only.
};

}  // namespace equinode
