#include "server/rpc/server_credentials.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <mutex>
#include <string>

#include "base/secret.h"
#include "server/keys/key_files.h"

namespace equinode {

namespace {

grpc_ssl_server_certificate_config* Configuration(const KeyRing& ring) {
  const Secret secret = ring.current.key.pem();
  std::string key(AsText(secret.view()));
  const std::string certificate = ring.current.certificate.pem();
  const std::string trust = TrustPem(ring.trust);
  const grpc_ssl_pem_key_cert_pair pair{key.c_str(), certificate.c_str()};
  grpc_ssl_server_certificate_config* configuration =
      grpc_ssl_server_certificate_config_create(trust.c_str(), &pair, 1);
  Zeroise({reinterpret_cast<std::uint8_t*>(key.data()), key.size()});
  return configuration;
}

class Credentials final : public grpc::ServerCredentials {
 public:
  explicit Credentials(const CurrentKeyRing& keys) : keys_(keys) {
    credentials_ = grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config_fetcher(
            GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY, &Fetch, this));
  }
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;
  ~Credentials() override { grpc_server_credentials_release(credentials_); }

  // Forbidden: with a processor, one header ends the process (PLATFORM_NOTES, fact 3).
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  // Before every handshake.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** configuration) {
    return static_cast<Credentials*>(self)->Fetch(configuration);
  }
  grpc_ssl_certificate_config_reload_status Fetch(
      grpc_ssl_server_certificate_config** configuration) {
    auto ring = keys_.Get();
    const std::lock_guard lock(mutex_);
    if (ring == in_use_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    *configuration = Configuration(*ring);
    if (*configuration == nullptr) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_FAIL;
    in_use_ = std::move(ring);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const CurrentKeyRing& keys_;
  std::mutex mutex_;
  std::shared_ptr<const KeyRing> in_use_;  // Guarded by mutex_.
  grpc_server_credentials* credentials_ = nullptr;
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> RingCredentials(const CurrentKeyRing& keys) {
  return std::make_shared<Credentials>(keys);
}

}  // namespace equinode
