#include "tests/support/test_store.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace equinode::testing {

Secret TestKey(std::uint8_t fill) {
  Secret key(32);
  std::fill(key.mutable_view().begin(), key.mutable_view().end(), fill);
  return key;
}

TestStore::TestStore(OpenOptions options) : options_(std::move(options)) { Reopen(); }

void TestStore::Reopen() {
  db_.reset();
  auto opened = Database::Open(folder_.path(), TestKey(), clock_, options_);
  if (!opened.ok()) {
    std::fprintf(stderr, "cannot open the test's store: %s: %s\n", opened.error().reason.c_str(),
                 opened.error().message.c_str());
    std::abort();
  }
  db_ = *std::move(opened);
}

}  // namespace equinode::testing
