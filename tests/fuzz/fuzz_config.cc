// The configuration file: whatever stands in it, it is read or refused with a line; what was read
// is written as text that reads as the same.
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "server/config/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode;
  const auto config = ParseNodeConfig(AsText(ByteView(data, size)), "/etc/equinode");
  if (!config.ok()) {
    if (config.error().reason != "BAD_CONFIG" || config.error().message.size() > 1000) std::abort();
    for (const char c : config.error().message) {
      if (c < ' ' || c > '~') std::abort();
    }
    return 0;
  }
  const auto again = ParseNodeConfig(ConfigText(*config), "/etc/equinode");
  if (!again.ok() || ConfigText(*again) != ConfigText(*config)) std::abort();
  return 0;
}
