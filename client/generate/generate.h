// equinode generate: files of made people for some practices.
//   OUT/PRACTICE/Coverage.ndjson ...  what `equinode import OUT/PRACTICE` takes
//   OUT/profiles/PRACTICE.toml        the source profile of that feed
//   OUT/manifest.json                 what was made, and what an import is to refuse
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/generate/dirt.h"

namespace equinode {

struct GenerateOptions {
  std::filesystem::path out{};  // Must be new or empty.
  std::uint64_t people = 6000;  // Over all practices, 1..100,000,000.
  std::uint64_t seed = 1;
  std::vector<std::string> practices{"elm-street", "harbor-clinic", "valley-family"};  // 1..100.
  std::string payer_uri = "spiffe://demo.test/payer/sunrise";       // Of the payer that asks.
  std::string other_payer_uri = "spiffe://demo.test/payer/bluffs";  // Of the other one.
  bool dirty = true;
  std::function<void(std::uint64_t people_done)> progress{};  // May be empty.
};

struct MadePractice {
  std::string name{};
  std::filesystem::path folder{};
  std::filesystem::path profile{};
  std::uint64_t people = 0;
  std::uint64_t patient_lines = 0;
  std::uint64_t coverage_lines = 0;
  std::uint64_t measure_rows = 0;
  std::uint64_t care_lines = 0;  // Screening answers, codes and their encounters.
  std::uint64_t other_resources = 0;
  std::uint64_t bytes = 0;
  made::Dirt dirt{};
};

struct GenerateReport {
  std::vector<MadePractice> practices{};
};

// The same options give the same bytes on every machine. INVALID_ARGUMENT (BAD_OPTION),
// ALREADY_EXISTS (OUT_NOT_EMPTY), INTERNAL (CANNOT_WRITE) with the system's words.
Result<GenerateReport> Generate(const GenerateOptions& options);

// The manifest, as written to OUT/manifest.json.
std::string ManifestJson(const GenerateOptions& options, const GenerateReport& report);

}  // namespace equinode
