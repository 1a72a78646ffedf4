// Runs a fuzz target without libFuzzer: every corpus file, then seeded mutations of them for
// EQUINODE_FUZZ_SECONDS (default 2). The libFuzzer build of the long form explores further.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/random.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  std::vector<std::string> corpus;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      std::fprintf(stderr, "no corpus folder %s\n", argv[i]);
      return 1;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
  }
  if (corpus.empty()) {
    std::fprintf(stderr, "an empty corpus tests nothing\n");
    return 1;
  }
  const auto run = [](const std::string& text) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  for (const std::string& seed : corpus) run(seed);
  const char* seconds = std::getenv("EQUINODE_FUZZ_SECONDS");
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::seconds(seconds == nullptr ? 2 : std::atoi(seconds));
  equinode::SeededRandom random(1);
  std::uint64_t runs = corpus.size();
  while (std::chrono::steady_clock::now() < end) {
    std::string text = corpus[random.Below(corpus.size())];
    for (std::uint64_t n = 1 + random.Below(8); n > 0; --n) {
      const std::size_t at = text.empty() ? 0 : random.Below(text.size());
      switch (random.Below(6)) {
        case 0:
          if (!text.empty()) text[at] = static_cast<char>(random.Below(256));
          break;
        case 1:
          text.insert(at, 1, static_cast<char>(random.Below(256)));
          break;
        case 2:
          if (!text.empty()) text.erase(at, 1 + random.Below(16));
          break;
        case 3:
          text.resize(at);
          break;
        case 4: {
          const std::string& other = corpus[random.Below(corpus.size())];
          text = text.substr(0, at) + other.substr(other.empty() ? 0 : random.Below(other.size()));
          break;
        }
        default:
          text.insert(at, text.substr(at, random.Below(64)));
          break;
      }
      if (text.size() > (1u << 20)) text.resize(1u << 20);
    }
    run(text);
    ++runs;
  }
  std::printf("%llu executions\n", static_cast<unsigned long long>(runs));
  return 0;
}
