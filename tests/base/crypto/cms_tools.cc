#include "tests/base/crypto/cms_tools.h"

#include <cstdlib>

#include "base/crypto/internal.h"

namespace equinode::testing {

namespace {

void Must(bool ok) {
  if (ok) return;
  ERR_print_errors_fp(stderr);
  std::abort();
}

ossl::KeyPtr Key(const TestCert& cert) {
  const ossl::BioPtr bio = ossl::Reader(AsBytes(cert.key_pem));
  return ossl::KeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

Bytes ToDer(CMS_ContentInfo* cms) {
  Bytes der(static_cast<std::size_t>(i2d_CMS_ContentInfo(cms, nullptr)));
  unsigned char* out = der.data();
  i2d_CMS_ContentInfo(cms, &out);
  return der;
}

}  // namespace

Bytes EncryptOnly(ByteView content, const std::vector<TestCert>& recipients,
                  const EncryptHow& how) {
  const EVP_CIPHER* cipher = EVP_get_cipherbyname(how.cipher.c_str());
  const ossl::CmsPtr cms(CMS_encrypt(nullptr, nullptr, cipher, CMS_PARTIAL | CMS_BINARY));
  Must(cms != nullptr);
  for (const TestCert& recipient : recipients) {
    const unsigned flags = CMS_KEY_PARAM | (how.by_key_id ? CMS_USE_KEYID : 0);
    CMS_RecipientInfo* info =
        CMS_add1_recipient_cert(cms.get(), recipient.certificate().impl().get(), flags);
    Must(info != nullptr);
    if (CMS_RecipientInfo_type(info) == CMS_RECIPINFO_AGREE) {
      Must(EVP_PKEY_CTX_set_ecdh_kdf_md(CMS_RecipientInfo_get0_pkey_ctx(info),
                                        EVP_get_digestbyname(how.kdf_digest.c_str())) == 1);
    }
  }
  if (how.inner_signed_type) {
    Must(CMS_set1_eContentType(cms.get(), OBJ_nid2obj(NID_pkcs7_signed)) == 1);
  }
  const ossl::BioPtr in = ossl::Reader(content);
  Must(CMS_final(cms.get(), in.get(), nullptr, CMS_BINARY) == 1);
  return ToDer(cms.get());
}

Bytes SignOnly(ByteView content, const TestCert& signer, const SignHow& how) {
  const unsigned flags = ((CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES) & ~how.leave_out) | how.add;
  const EVP_MD* digest = EVP_get_digestbyname(how.digest.c_str());
  const ossl::CmsPtr cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, CMS_PARTIAL | flags));
  Must(cms != nullptr);
  for (const TestCert* cert : {&signer, how.also}) {
    if (cert == nullptr) continue;
    const ossl::KeyPtr key = Key(*cert);
    Must(CMS_add1_signer(cms.get(), cert->certificate().impl().get(), key.get(), digest, flags) !=
         nullptr);
  }
  if (how.extra != nullptr) {
    Must(CMS_add1_cert(cms.get(), how.extra->certificate().impl().get()) == 1);
  }
  const ossl::BioPtr in = ossl::Reader(content);
  Must(CMS_final(cms.get(), in.get(), nullptr, flags) == 1);
  return ToDer(cms.get());
}

}  // namespace equinode::testing
