// Sealed envelopes from outside. The first byte chooses how far in the other bytes begin:
//   's' a sealed message, 'i' the signed message inside one sealed to us, 'd' a detached signature,
//   'S', 'I', 'D' changes to a good one of these: four bytes each, where (two), what, how.
// A message that was changed must never open as if it had not been.
#include <cstdint>
#include <cstdlib>

#include "base/crypto/cms.h"
#include "tests/base/crypto/cms_tools.h"
#include "tests/support/pki.h"

namespace {

using equinode::AsBytes;
using equinode::Bytes;
using equinode::ByteView;
namespace testing = equinode::testing;

void Must(bool ok) {
  if (!ok) std::abort();
}

struct World {
  testing::TestPki pki{};
  testing::TestCert alice = pki.Node("practice", "alice");
  testing::TestCert bob = pki.Node("payer", "bob");
  equinode::Certificate bob_certificate = bob.certificate();
  equinode::PrivateKey bob_key = bob.key();
  equinode::TrustStore trust = pki.trust();
  ByteView text = AsBytes("some content of an envelope");
  Bytes sealed = equinode::SealCms(text, alice.certificate(), alice.key(), bob_certificate).value();
  Bytes inside = testing::SignOnly(text, alice);
  Bytes detached = equinode::SignDetached(text, alice.certificate(), alice.key()).value();

  bool Opens(ByteView message) const {
    const auto opened = equinode::OpenCms(message, bob_certificate, bob_key, trust, pki.now());
    if (!opened.ok()) return false;
    Must(opened->signer == alice.certificate());
    Must(equinode::ToHex(opened->content) == equinode::ToHex(text));
    return true;
  }
  bool OpensInside(ByteView message) const { return Opens(testing::EncryptOnly(message, {bob})); }
  bool Verifies(ByteView signature) const {
    return equinode::VerifyDetached(text, signature, trust, pki.now()).ok();
  }
};

Bytes Changed(Bytes message, ByteView changes) {
  for (; changes.size() >= 4; changes = changes.subspan(4)) {
    if (message.empty()) break;
    const std::size_t at = (changes[0] * 256u + changes[1]) % message.size();
    const auto where = message.begin() + static_cast<std::ptrdiff_t>(at);
    switch (changes[3] % 4) {
      case 0:
        *where = changes[2];
        break;
      case 1:
        message.insert(where, changes[2]);
        break;
      case 2:
        message.erase(where);
        break;
      default:
        message.resize(at);
        break;
    }
  }
  return message;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  if (size == 0) return 0;
  const ByteView rest(data + 1, size - 1);
  switch (data[0]) {
    case 's':
      Must(!world.Opens(rest));  // Sealed to a key that is gone.
      break;
    case 'i':
      Must(!world.OpensInside(rest));
      break;
    case 'd':
      Must(!world.Verifies(rest));
      break;
    case 'S': {
      const Bytes message = Changed(world.sealed, rest);
      Must(world.Opens(message) == (message == world.sealed));
      break;
    }
    case 'I': {
      const Bytes message = Changed(world.inside, rest);
      Must(world.OpensInside(message) == (message == world.inside));
      break;
    }
    case 'D': {
      const Bytes message = Changed(world.detached, rest);
      Must(world.Verifies(message) == (message == world.detached));
      break;
    }
    default:
      break;
  }
  return 0;
}
