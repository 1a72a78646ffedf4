// A hub's release for people and programs.
#pragma once

#include <filesystem>
#include <string>

#include "client/cli/sheet.h"
#include "equinode/v1/report.pb.h"

namespace equinode::cli {

Json ReleaseJson(const v1::Release& release);
// Tables, JSON or CSV (one row a cell; hidden as blank plus a flag).
std::string ReleaseText(const v1::Release& release, Format format);

// Where the data dictionary of a file of cells goes: "out/a.csv" > "out/a.dictionary.csv".
std::filesystem::path DictionaryPath(const std::filesystem::path& cells);

}  // namespace equinode::cli
