// A hub's release for people and programs.
#pragma once

#include <string>

#include "client/cli/sheet.h"
#include "equinode/v1/report.pb.h"

namespace equinode::cli {

Json ReleaseJson(const v1::Release& release);
// Tables, JSON or CSV (one row a cell; hidden as blank plus a flag).
std::string ReleaseText(const v1::Release& release, Format format);

}  // namespace equinode::cli
