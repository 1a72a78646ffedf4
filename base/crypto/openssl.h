// Private to base/crypto: owning handles for OpenSSL's types. Nothing outside includes this.
#pragma once

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/bytes.h"

namespace equinode::ossl {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
template <typename T, auto Free>
using Handle = std::unique_ptr<T, Deleter<Free>>;

using BioPtr = Handle<BIO, BIO_free_all>;
using CmsPtr = Handle<CMS_ContentInfo, CMS_ContentInfo_free>;
using CrlPtr = Handle<X509_CRL, X509_CRL_free>;
using KeyPtr = Handle<EVP_PKEY, EVP_PKEY_free>;
using MdPtr = Handle<EVP_MD, EVP_MD_free>;
using MdCtxPtr = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using CipherCtxPtr = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using StorePtr = Handle<X509_STORE, X509_STORE_free>;
using StoreCtxPtr = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;
using X509Ptr = Handle<X509, X509_free>;

// A BIO that reads `bytes` in place.
inline BioPtr Reader(ByteView bytes) {
  // OpenSSL takes no null pointer, not even for nothing.
  return BioPtr(BIO_new_mem_buf(bytes.empty() ? "" : static_cast<const void*>(bytes.data()),
                                static_cast<int>(bytes.size())));
}

// OpenSSL keeps failures in a queue per thread; what we have answered for must not surface in the
// next caller (gRPC's TLS reads the same queue).
struct ErrorScope {
  ErrorScope() { ERR_set_mark(); }
  ~ErrorScope() { ERR_pop_to_mark(); }
  ErrorScope(const ErrorScope&) = delete;
  ErrorScope& operator=(const ErrorScope&) = delete;
};

}  // namespace equinode::ossl
