// TL08, what keeps memory out of files; and nobody steers us through the environment.
#include "base/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace equinode {
namespace {

TEST(Process, HardeningTakesCoreFilesAndTheSteeringVariablesAway) {
  for (const char* name :
       {"GRPC_SSL_CIPHER_SUITES", "grpc_proxy", "GRPC_TRACE", "http_proxy", "HTTPS_PROXY",
        "no_proxy", "OPENSSL_CONF", "OPENSSL_MODULES", "SSL_CERT_FILE", "SSLKEYLOGFILE"}) {
    setenv(name, "x", 1);
  }
  setenv("PATHLIKE_GRPC", "kept", 1);
  ASSERT_TRUE(HardenProcess().ok());
  for (const char* name :
       {"GRPC_SSL_CIPHER_SUITES", "grpc_proxy", "GRPC_TRACE", "http_proxy", "HTTPS_PROXY",
        "no_proxy", "OPENSSL_CONF", "OPENSSL_MODULES", "SSL_CERT_FILE", "SSLKEYLOGFILE"}) {
    EXPECT_EQ(getenv(name), nullptr) << name;
  }
  EXPECT_STREQ(getenv("PATHLIKE_GRPC"), "kept");
  rlimit core{};
  ASSERT_EQ(getrlimit(RLIMIT_CORE, &core), 0);
  EXPECT_EQ(core.rlim_cur, 0u);
  EXPECT_EQ(core.rlim_max, 0u);
  EXPECT_EQ(prctl(PR_GET_DUMPABLE), 0);
}

TEST(Process, ASignalWaitsForWhoeverAsksAndEndsNoThread) {
  ASSERT_TRUE(BlockSignals().ok());
  std::thread other([] {
    sigset_t mask;
    sigemptyset(&mask);
    pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    EXPECT_EQ(sigismember(&mask, SIGTERM), 1);
  });
  other.join();
  kill(getpid(), SIGTERM);
  EXPECT_EQ(WaitForSignal(), SIGTERM);
}

}  // namespace
}  // namespace equinode
