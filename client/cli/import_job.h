// Import of files into a node with progress, a list of what was refused, and a stop on Ctrl-C.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/channel/channel.h"
#include "client/cli/sheet.h"
#include "client/import/importer.h"

namespace equinode::cli {

struct ImportJob {
  std::vector<std::filesystem::path> paths{};
  SourceProfile profile{};
  std::string feed{};
  std::filesystem::path rejected = "rejected.csv";
  bool dry_run = false;
  bool from_start = false;
  bool restate = false;
  bool quiet = false;
};

// `channel` null only with dry_run.
Result<ImportReport> RunImportJob(Channel* channel, const ImportJob& job);

// The account of an import, for any format.
Json ImportReportJson(const ImportReport& report);

}  // namespace equinode::cli
