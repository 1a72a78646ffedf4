#include "client/cli/words.h"

#include <google/protobuf/util/json_util.h>

#include <array>
#include <cstdio>
#include <utility>

#include "base/bytes.h"
#include "base/clock.h"

namespace equinode::cli {
namespace {

constexpr std::array<std::pair<v1::RecordKind, std::string_view>, 8> kKinds = {{
    {v1::RECORD_KIND_PERSON, "person"},
    {v1::RECORD_KIND_COVERAGE, "coverage"},
    {v1::RECORD_KIND_MEASURE_RESULT, "measure-result"},
    {v1::RECORD_KIND_ORGANIZATION, "organization"},
    {v1::RECORD_KIND_SCREENING, "screening"},
    {v1::RECORD_KIND_CONDITION, "condition"},
    {v1::RECORD_KIND_ENCOUNTER, "encounter"},
    {v1::RECORD_KIND_NEED, "need"},
}};

// "LANE_IDENTITY" -> "identity".
std::string EnumWord(std::string name, std::string_view prefix) {
  if (name.rfind(prefix, 0) == 0) name.erase(0, prefix.size());
  for (char& c : name) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return name;
}

}  // namespace

std::string KindWord(v1::RecordKind kind) {
  for (const auto& [value, word] : kKinds) {
    if (value == kind) return std::string(word);
  }
  return "unknown";
}

Result<v1::RecordKind> KindOf(std::string_view word) {
  for (const auto& [value, known] : kKinds) {
    if (known == word) return value;
  }
  return Error{
      Code::kInvalidArgument, "USAGE",
      "a kind of record is person, coverage, measure-result, organization, screening, condition, "
      "encounter or need"};
}

std::string LaneWord(v1::Lane lane) { return EnumWord(v1::Lane_Name(lane), "LANE_"); }
std::string PayloadWord(v1::PayloadKind kind) {
  return EnumWord(v1::PayloadKind_Name(kind), "PAYLOAD_KIND_");
}

std::string TimeText(const google::protobuf::Timestamp& time, bool present) {
  if (!present) return "";
  const Millis ms{time.seconds() * 1000 + time.nanos() / 1'000'000};
  return FormatInstant(Instant{ms});
}

Result<Json> JsonOf(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  Json json = status.ok() ? Json::parse(text, nullptr, false) : Json(Json::value_t::discarded);
  if (json.is_discarded()) {
    return Error{Code::kInternal, "BAD_ANSWER", "the node's answer cannot be shown"};
  }
  return json;
}

Result<v1::Date> DateOf(std::string_view text) {
  int year = 0, month = 0, day = 0;
  char rest = 0;
  const std::string copy(text);
  const bool shape = copy.size() == 10 &&
                     std::sscanf(copy.c_str(), "%4d-%2d-%2d%c", &year, &month, &day, &rest) == 3;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!shape || year < 1 || !date.ok()) {
    return Error{Code::kInvalidArgument, "USAGE", "a day is written as YYYY-MM-DD"};
  }
  v1::Date out;
  out.set_year(static_cast<std::uint32_t>(year));
  out.set_month(static_cast<std::uint32_t>(month));
  out.set_day(static_cast<std::uint32_t>(day));
  return out;
}

}  // namespace equinode::cli
