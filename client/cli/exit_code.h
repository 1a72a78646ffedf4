// What the program ends with, and what it says about an error. docs/cli.md lists both.
#pragma once

#include <string>

#include "base/result.h"

namespace equinode::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;        // A check failed, or there is no such thing.
inline constexpr int kExitUsage = 64;        // The command line is wrong.
inline constexpr int kExitData = 65;         // What was given cannot be used.
inline constexpr int kExitUnavailable = 69;  // Nobody answers there.
inline constexpr int kExitTryLater = 75;
inline constexpr int kExitNotPermitted = 77;
inline constexpr int kExitConfig = 78;  // Context, identity or certificates.

int ExitCodeOf(const Error& error);

// "what the error says (REASON)" and, on a line of its own, what to do. No trailing newline.
std::string Explain(const Error& error);

}  // namespace equinode::cli
