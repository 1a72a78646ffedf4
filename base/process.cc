#include "base/process.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

extern char** environ;  // NOLINT: POSIX's own name

namespace equinode {

namespace {

// Compared without regard to case: both spellings of a proxy's variable are read by gRPC.
constexpr std::array<std::string_view, 7> kPrefixes = {
    "GRPC_", "OPENSSL_", "SSL_", "SSLKEYLOG", "HTTP_PROXY", "HTTPS_PROXY", "NO_GRPC_PROXY"};
constexpr std::array<std::string_view, 4> kProcessNames = {"NO_PROXY", "ALL_PROXY", "LOCALDOMAIN",
                                                           "RES_OPTIONS"};

bool Steers(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view p) { return upper.starts_with(p); }) ||
         std::find(kProcessNames.begin(), kProcessNames.end(), upper) != kProcessNames.end();
}

sigset_t Ours() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&set, number);
  return set;
}

}  // namespace

Status HardenProcess() {
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return Error{Code::kInternal, "CORE_FILES", "core files cannot be switched off"};
  }
  signal(SIGPIPE, SIG_IGN);
  std::vector<std::string> steering;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    if (Steers(name)) steering.emplace_back(name);
  }
  for (const std::string& name : steering) unsetenv(name.c_str());
  // The system's own resolver, as every other program of the machine uses it.
  setenv("GRPC_DNS_RESOLVER", "native", 1);
  return Ok();
}

Status BlockSignals() {
  const sigset_t set = Ours();
  if (pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0) {
    return Error{Code::kInternal, "SIGNALS", "signals cannot be blocked"};
  }
  return Ok();
}

int WaitForSignal() {
  const sigset_t set = Ours();
  int number = 0;
  while (sigwait(&set, &number) != 0) {
  }
  return number;
}

std::size_t DescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  if (limit.rlim_cur < limit.rlim_max) {
    const rlimit raised{limit.rlim_max, limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, 1u << 20));
}

}  // namespace equinode
