// What the program says to the person at the terminal: on stderr, never on stdout.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace equinode::cli {

bool StderrIsTerminal();

// One line.
void Say(std::string_view text);

// A bar that is redrawn in place on a terminal; silent elsewhere. One thread.
class Progress {
 public:
  explicit Progress(std::string title);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `all` 0 = not known. Draws at most ten times a second.
  void Show(std::uint64_t done, std::uint64_t all, std::string_view words);
  // Takes the bar away.
  void Clear();

 private:
  std::string title_;
  bool terminal_;
  bool drawn_ = false;
  Instant last_{};
};

// Ctrl-C and a polite kill set a flag instead of ending the program. Call once, before threads.
void CatchInterrupts();
bool Interrupted();

// "90s", "5m", "2h", "500ms"; a bare number is seconds. At most 24 hours.
bool ParseDuration(std::string_view text, Millis* out);
// "1.2 s", "12 s", "3 min 20 s".
std::string DurationText(Millis span);
std::string CountText(std::uint64_t count);  // 12,345

}  // namespace equinode::cli
