// A process that the demo has started and ends again, whatever happens to the demo.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace equinode::demo {

// Start from the thread that lives longest: the kernel ends the child when that thread ends.
class Child {
 public:
  Child() = default;
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();  // Ends it, at once if need be.

  // stdout and stderr go to `log`, which is made anew; stdin is empty.
  static Result<Child> Start(const std::vector<std::string>& command,
                             const std::filesystem::path& log);

  bool running();
  // Waits at most `wait`; the exit code, or 128 + the signal. Nothing while it runs on.
  Result<int> Wait(Millis wait);
  // SIGTERM, then after `wait` SIGKILL. Returns whether it went by itself, with exit code 0.
  bool Stop(Millis wait);
  void AskToStop();  // SIGTERM only.

 private:
  bool Reap(bool block);
  pid_t pid_ = -1;
  int code_ = 0;  // Once it has ended.
};

// Runs a program to its end. FAILED_PRECONDITION / PROGRAM_FAILED with the last lines of its log.
Status RunProgram(const std::vector<std::string>& command, const std::filesystem::path& log,
                  Millis wait);
// The last lines of a log, for a message.
std::string LastLines(const std::filesystem::path& log, std::size_t lines);

// A program beside this one, or in the source tree that it was built in. FAILED_PRECONDITION /
// PROGRAM_MISSING.
Result<std::filesystem::path> FindProgram(std::string_view name);

}  // namespace equinode::demo
