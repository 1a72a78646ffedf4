// A release family from outside: what is read adds up, and its patterns are of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "client/privacy/family_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode::privacy;
  const auto file = ParseFamilies({reinterpret_cast<const char*>(data), size});
  if (!file.ok()) return 0;
  for (const FamilyCase& one : file->cases) {
    if (!Check(one.family).ok()) std::abort();
    for (const NamedPattern& each : one.patterns) {
      if (!CheckPattern(one.family, each.pattern).ok()) std::abort();
    }
  }
  return 0;
}
