#include <utility>

#include "base/crypto/internal.h"

namespace equinode {

Result<PrivateKey> PrivateKey::FromPem(const Secret& pem) {
  const ossl::ErrorScope errors;
  if (pem.empty() || pem.size() > 64 * 1024) {
    return Error{Code::kInvalidArgument, "BAD_KEY", "the key file is empty or far too long"};
  }
  const ossl::BioPtr bio = ossl::Reader(pem.view());
  // Without a callback OpenSSL would ask for a passphrase on the terminal.
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  ossl::KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (key == nullptr) {
    return Error{Code::kInvalidArgument, "BAD_KEY",
                 "the key file is not an unencrypted PEM private key"};
  }
  if (!IsP256(key.get())) {
    return Error{Code::kInvalidArgument, "BAD_KEY", "the private key must be on the curve P-256"};
  }
  return PrivateKey(std::make_shared<const Impl>(Impl{std::move(key)}));
}

Result<PrivateKey> PrivateKey::Generate() {
  const ossl::ErrorScope errors;
  ossl::KeyPtr key(EVP_EC_gen("P-256"));
  if (key == nullptr) {
    return Error{Code::kInternal, "KEY_NOT_MADE", "the library could not make a key"};
  }
  return PrivateKey(std::make_shared<const Impl>(Impl{std::move(key)}));
}

Secret PrivateKey::pem() const {
  const ossl::BioPtr bio(BIO_new(BIO_s_secmem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), impl_->get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return Secret::Copy(
      {reinterpret_cast<const std::uint8_t*>(data), size > 0 ? static_cast<std::size_t>(size) : 0});
}

bool PrivateKey::Matches(const Certificate& certificate) const {
  const ossl::ErrorScope errors;
  const EVP_PKEY* other = X509_get0_pubkey(certificate.impl().get());
  return other != nullptr && EVP_PKEY_eq(impl_->get(), other) == 1;
}

}  // namespace equinode
