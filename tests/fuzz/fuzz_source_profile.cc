// A source profile: any text to a profile or to a message with its line.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "client/import/source_profile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto profile = ParseSourceProfile(text);
  if (!profile.ok()) {
    if (profile.error().reason != "BAD_PROFILE") std::abort();
    if (profile.error().message.find("line ") == std::string::npos) std::abort();
    return 0;
  }
  if (!profile->feed.empty() && !IsFeedName(profile->feed)) std::abort();
  for (const PayerRule& rule : profile->payers) {
    if (rule.uri.empty()) std::abort();
    if (rule.identifier.empty() && rule.reference.empty() && rule.name.empty()) std::abort();
  }
  if (StampOf(*profile) != StampOf(*ParseSourceProfile(text))) std::abort();
  return 0;
}
