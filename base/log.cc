#include "base/log.h"

#include <unistd.h>

#include <array>
#include <cstdio>

namespace equinode {

namespace {

constexpr std::array<std::string_view, 22> kLogNames = {
    "attempt", "bytes",  "code",     "count",  "entry",  "envelope", "file", "fingerprint",
    "lane",    "line",   "link_seq", "method", "millis", "operator", "path", "peer",
    "port",    "reason", "report",   "role",   "state",  "version"};
static_assert(kLogNames.size() == static_cast<std::size_t>(Field::kVersion) + 1);

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

}  // namespace

std::string_view FieldName(Field field) { return kLogNames[static_cast<std::size_t>(field)]; }

std::string EscapeForLog(std::string_view text, std::size_t limit) {
  const bool cut = text.size() > limit;
  std::string out;
  for (const char c : text.substr(0, limit)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte >= 0x20 && byte < 0x7f) {
      out.push_back(c);
    } else {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", byte);
      out += escaped;
    }
  }
  if (cut) out += "...";
  return out;
}

Log::Log(int fd, const Clock& clock, LogLevel least) : fd_(fd), clock_(clock), least_(least) {}

void Log::Debug(std::string_view event, std::initializer_list<LogField> fields) {
  Write(LogLevel::kDebug, event, fields);
}
void Log::Info(std::string_view event, std::initializer_list<LogField> fields) {
  Write(LogLevel::kInfo, event, fields);
}
void Log::Warning(std::string_view event, std::initializer_list<LogField> fields) {
  Write(LogLevel::kWarning, event, fields);
}
void Log::Error(std::string_view event, std::initializer_list<LogField> fields) {
  Write(LogLevel::kError, event, fields);
}

void Log::Write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (fd_ < 0 || level < least_) return;
  std::string line = "{\"at\":\"" + FormatInstant(clock_.Now()) + "\",\"level\":\"";
  line += LevelName(level);
  line += "\",\"event\":\"";
  line += EscapeForLog(event);
  line += '"';
  for (const LogField& field : fields) {
    line += ",\"";
    line += FieldName(field.name);
    line += "\":";
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
      line += std::to_string(*number);
    } else {
      line += '"' + EscapeForLog(std::get<std::string>(field.value)) + '"';
    }
  }
  line += "}\n";
  const std::lock_guard lock(mutex_);
  // A log that cannot be written must not stop the node; the audit log is the one that must.
  if (::write(fd_, line.data(), line.size()) < 0) return;
}

}  // namespace equinode
