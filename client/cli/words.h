// The words of the command line for what the contract counts in numbers, and times as texts.
#pragma once

#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/cli/sheet.h"
#include "equinode/v1/envelope.pb.h"
#include "equinode/v1/record.pb.h"
#include "equinode/v1/report.pb.h"

namespace equinode::cli {

std::string KindWord(v1::RecordKind kind);  // "person", "coverage", "measure-result", ...
Result<v1::RecordKind> KindOf(std::string_view word);
std::string LaneWord(v1::Lane lane);
std::string PayloadWord(v1::PayloadKind kind);

// "" when there is none.
std::string TimeText(const google::protobuf::Timestamp& time, bool present);

// A message as JSON, names as in the contract; for `-o json`.
Result<Json> JsonOf(const google::protobuf::Message& message);

Result<v1::Date> DateOf(std::string_view text);  // YYYY-MM-DD. USAGE.

}  // namespace equinode::cli
