// Makes CMS messages that our own sealing never would, with the library directly.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/crypto/certificate.h"
#include "tests/support/pki.h"

namespace equinode::testing {

struct EncryptHow {
  std::string cipher = "AES-256-GCM";
  std::string kdf_digest = "SHA256";
  bool by_key_id = false;          // Names the recipient by subject key id.
  bool inner_signed_type = false;  // Declares the content as SignedData instead of data.
};
Bytes EncryptOnly(ByteView content, const std::vector<TestCert>& recipients,
                  const EncryptHow& how = {});

struct SignHow {
  std::string digest = "SHA256";
  unsigned leave_out = 0;           // Flags taken from the usual ones, e.g. CMS_CADES.
  unsigned add = 0;                 // Flags added, e.g. CMS_NOATTR.
  const TestCert* also = nullptr;   // A second signer.
  const TestCert* extra = nullptr;  // A certificate that signs nothing.
};
Bytes SignOnly(ByteView content, const TestCert& signer, const SignHow& how = {});

}  // namespace equinode::testing
