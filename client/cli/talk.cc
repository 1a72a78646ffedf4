#include "client/cli/talk.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdio>

#include "client/cli/sheet.h"

namespace equinode::cli {
namespace {

// A signal handler may touch a lock-free atomic and nothing else.
std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

std::size_t TerminalWidth() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
  return size.ws_col;
}

}  // namespace

bool StderrIsTerminal() { return ::isatty(STDERR_FILENO) == 1; }

void Say(std::string_view text) {
  std::string line(text);
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

Progress::Progress(std::string title) : title_(std::move(title)), terminal_(StderrIsTerminal()) {}
Progress::~Progress() { Clear(); }

void Progress::Show(std::uint64_t done, std::uint64_t all, std::string_view words) {
  if (!terminal_) return;
  const Instant now = SystemClock().Now();
  if (drawn_ && now - last_ < std::chrono::milliseconds{100}) return;
  last_ = now;
  drawn_ = true;
  std::string line = title_;
  if (all > 0) {
    constexpr std::size_t kBar = 24;
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(all));
    const auto full = static_cast<std::size_t>(share * static_cast<double>(kBar));
    line.append(" [").append(full, '#').append(kBar - full, '.').append("] ");
    line.append(std::to_string(static_cast<int>(share * 100))).append(" %");
  }
  line.append(line.empty() ? "" : "  ").append(Harmless(words));
  const std::size_t most = TerminalWidth() - 1;
  while (Width(line) > most) line.pop_back();
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
}

void Progress::Clear() {
  if (!drawn_) return;
  std::fprintf(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

void CatchInterrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted.store(true); };
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGHUP, &action, nullptr);
}

bool Interrupted() { return interrupted.load(); }

bool ParseDuration(std::string_view text, Millis* out) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  const std::array<std::pair<std::string_view, std::uint64_t>, 5> units = {
      {{"ms", 1}, {"s", 1000}, {"", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
  for (const auto& [word, factor] : units) {
    if (unit != word) continue;
    if (number > 86'400'000 / factor) return false;
    *out = Millis{static_cast<std::int64_t>(number * factor)};
    return true;
  }
  return false;
}

std::string DurationText(Millis span) {
  const auto ms = span.count();
  std::array<char, 48> text{};
  if (ms < 10'000) {
    std::snprintf(text.data(), text.size(), "%.1f s", static_cast<double>(ms) / 1000);
  } else if (ms < 120'000) {
    std::snprintf(text.data(), text.size(), "%lld s", static_cast<long long>(ms / 1000));
  } else {
    std::snprintf(text.data(), text.size(), "%lld min %lld s", static_cast<long long>(ms / 60'000),
                  static_cast<long long>(ms / 1000 % 60));
  }
  return text.data();
}

std::string CountText(std::uint64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

}  // namespace equinode::cli
