#include "base/crypto/tls_process.h"

#include <openssl/conf.h>
#include <openssl/crypto.h>

#include <mutex>
#include <string_view>

#include "base/crypto/openssl.h"

namespace equinode {

namespace {

// MinProtocol alone would not do: gRPC overwrites it with its own. Protocol takes a version away;
// without a minimum, another user of OpenSSL in this process would fall below the hole.
constexpr std::string_view kConfiguration = R"(openssl_conf = equinode
[equinode]
ssl_conf = ssl
[ssl]
system_default = tls
[tls]
CipherString = DEFAULT:@SECLEVEL=2
MinProtocol = TLSv1.3
Protocol = -TLSv1.2
Options = -SessionTicket
NumTickets = 0
)";

using ConfPtr = ossl::Handle<CONF, NCONF_free>;

bool Load() {
  const ossl::ErrorScope scope;
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  const ossl::BioPtr reader = ossl::Reader(AsBytes(kConfiguration));
  const ConfPtr conf(NCONF_new(nullptr));
  long line = 0;
  return reader != nullptr && conf != nullptr &&
         NCONF_load_bio(conf.get(), reader.get(), &line) == 1 &&
         CONF_modules_load(conf.get(), nullptr, 0) == 1;
}

}  // namespace

Status ConfigureTlsOfProcess() {
  static std::once_flag once;
  static bool loaded = false;
  std::call_once(once, [] { loaded = Load(); });
  if (!loaded) {
    return Error{Code::kInternal, "TLS_CONFIGURATION",
                 "this OpenSSL does not accept the configuration of TLS"};
  }
  return Ok();
}

}  // namespace equinode
