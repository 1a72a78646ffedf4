#include "client/cli/demo/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "client/cli/files.h"
#include "client/cli/talk.h"

namespace equinode::demo {
namespace {

namespace fs = std::filesystem;

// In the child, between fork and exec: async-signal-safe calls only.
[[noreturn]] void Become(char* const* argv, int log, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // The parent has ended in between.
  ::setpgid(0, 0);                          // Ctrl-C is for the demo, which then stops its nodes.
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(number, SIG_DFL);
  ::execv(argv[0], argv);
  ::_exit(127);
}

}  // namespace

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), code_(other.code_) {}

Child& Child::operator=(Child&& other) noexcept {
  if (this != &other) {
    Stop(Millis{0});
    pid_ = std::exchange(other.pid_, -1);
    code_ = other.code_;
  }
  return *this;
}

Child::~Child() { Stop(std::chrono::seconds{5}); }

Result<Child> Child::Start(const std::vector<std::string>& command, const fs::path& log) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (out < 0) {
    return Error{Code::kInternal, "CANNOT_WRITE",
                 "cannot write " + log.string() + ": " + std::strerror(errno)};
  }
  const pid_t parent = ::getpid();
  Child child;
  child.pid_ = ::fork();
  if (child.pid_ == 0) Become(argv.data(), out, parent);
  const int why = errno;
  ::close(out);
  if (child.pid_ < 0) {
    return Error{Code::kResourceExhausted, "CANNOT_START",
                 "cannot start " + command[0] + ": " + std::strerror(why)};
  }
  return child;
}

bool Child::Reap(bool block) {
  if (pid_ < 0) return true;
  int status = 0;
  pid_t got = 0;
  do {
    got = ::waitpid(pid_, &status, block ? 0 : WNOHANG);
  } while (got < 0 && errno == EINTR && block);
  if (got != pid_) return false;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  pid_ = -1;
  return true;
}

bool Child::running() { return pid_ >= 0 && !Reap(false); }

Result<int> Child::Wait(Millis wait) {
  const auto end = std::chrono::steady_clock::now() + wait;
  while (!Reap(false)) {
    if (std::chrono::steady_clock::now() >= end) {
      return Error{Code::kDeadlineExceeded, "STILL_RUNNING", "the program has not ended in time"};
    }
    std::this_thread::sleep_for(Millis{5});
  }
  return code_;
}

void Child::AskToStop() {
  if (running()) ::kill(pid_, SIGTERM);
}

bool Child::Stop(Millis wait) {
  if (pid_ < 0) return code_ == 0;
  AskToStop();
  if (const auto ended = Wait(wait); ended.ok()) return *ended == 0;
  ::kill(pid_, SIGKILL);
  Reap(true);
  return false;
}

std::string LastLines(const fs::path& log, std::size_t lines) {
  const auto text = cli::ReadText(log, 64 * 1024 * 1024);
  if (!text.ok()) return "";
  std::size_t at = text->size();
  for (std::size_t n = 0; n <= lines && at != std::string::npos && at > 0; ++n) {
    at = text->rfind('\n', at - 1);
  }
  return text->substr(at == std::string::npos || at == 0 ? 0 : at + 1);
}

Status RunProgram(const std::vector<std::string>& command, const fs::path& log, Millis wait) {
  EQN_TRY(Child child, Child::Start(command, log));
  EQN_TRY(const int code, child.Wait(wait));
  if (code == 0) return Ok();
  return Error{Code::kFailedPrecondition, "PROGRAM_FAILED",
               fs::path(command[0]).filename().string() + " ended with " + std::to_string(code) +
                   ": " + LastLines(log, 3)};
}

Result<fs::path> FindProgram(std::string_view name) {
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  const std::array<fs::path, 3> places = {here, here / "../../../certs",
                                          here / "../share/equinode"};
  for (const fs::path& place : places) {
    const fs::path path = place / name;
    if (::access(path.c_str(), X_OK) == 0) return fs::canonical(path, error);
  }
  return Error{Code::kFailedPrecondition, "PROGRAM_MISSING",
               "the program " + std::string(name) +
                   " is neither beside this one nor in the "
                   "source tree; build it, or install both in one folder"};
}

}  // namespace equinode::demo
