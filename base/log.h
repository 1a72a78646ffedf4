// The log: one JSON object a line on a file descriptor. An event word and typed fields from a
// closed list, never a sentence with values inside, never anything about a person.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/id.h"

namespace equinode {

// The closed list of field names. A new one is added here, in review, or it cannot be logged.
enum class Field {
  kAttempt,
  kBytes,
  kCode,
  kCount,
  kEntry,
  kEnvelope,
  kFile,
  kFingerprint,
  kLane,
  kLine,
  kLinkSeq,
  kMethod,
  kMillis,
  kOperator,
  kPath,
  kPeer,
  kPort,
  kReason,
  kReport,
  kRole,
  kState,
  kVersion,
};

std::string_view FieldName(Field field);

struct LogField {
  Field name{};
  std::variant<std::int64_t, std::string> value{};

  LogField(Field n, std::int64_t v) : name(n), value(v) {}
  LogField(Field n, int v) : name(n), value(std::int64_t{v}) {}
  LogField(Field n, std::uint64_t v) : name(n), value(static_cast<std::int64_t>(v)) {}
  LogField(Field n, std::string_view v) : name(n), value(std::string(v)) {}
  LogField(Field n, const char* v) : name(n), value(std::string(v)) {}
  LogField(Field n, const Uuid& v) : name(n), value(v.ToString()) {}
};

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// Thread-safe: each line is one write. Text from the network is escaped to ASCII and cut at 256
// bytes, so a line stays a line (THREATS TL05).
class Log {
 public:
  // `fd` is borrowed; -1 drops everything. `clock` must outlive the log.
  Log(int fd, const Clock& clock, LogLevel least = LogLevel::kInfo);

  void Debug(std::string_view event, std::initializer_list<LogField> fields = {});
  void Info(std::string_view event, std::initializer_list<LogField> fields = {});
  void Warning(std::string_view event, std::initializer_list<LogField> fields = {});
  void Error(std::string_view event, std::initializer_list<LogField> fields = {});

 private:
  void Write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);
  const int fd_;
  const Clock& clock_;
  const LogLevel least_;
  std::mutex mutex_;  // One writer at a time.
};

// JSON string escape to printable ASCII; the input is cut at `limit` bytes and then marked with
// "...". Bytes that are not printable ASCII become \u00XX, whatever they were meant to be.
std::string EscapeForLog(std::string_view text, std::size_t limit = 256);

}  // namespace equinode
