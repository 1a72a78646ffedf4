// The command line as it is declared: commands, their options and positionals.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace equinode::cli {

// One option as declared; a handle that lives as long as its CommandLine. Each call says more of
// it and returns it.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option Required();
  // The value as the help names it, such as "FILE".
  Option TypeName(std::string name);
  // Both ends are allowed.
  Option Between(std::int64_t least, std::int64_t most);
  Option OneOf(std::vector<std::string> words);
  // Of a list: "a,b" is two values.
  Option Delimiter(char between);
  // Not both.
  Option Excludes(Option other);

 private:
  CLI::Option* option_;
};

// A command or a group of them; a handle that lives as long as its CommandLine.
class Command {
 public:
  explicit Command(CLI::App* app) : app_(app) {}

  // "--name", "-n,--name", or "name" for a positional. The value is written when the line is read,
  // and must live until then. Made for: std::string, std::filesystem::path, bool, int, unsigned,
  // 64-bit integers, double, std::optional<std::string>; std::vector of strings,
  // paths, unsigned.
  template <typename Value>
  Option AddOption(std::string name, Value& value, std::string about);
  Option AddFlag(std::string name, bool& value, std::string about);
  Command AddSubcommand(std::string name, std::string about);
  // A command that is nothing without one of its own.
  Command AddGroup(std::string name, std::string about);
  // Called when the line was read and names this command.
  void OnNamed(std::function<void()> then);

 private:
  CLI::App* app_;
};

// The whole of it.
class CommandLine {
 public:
  CommandLine(std::string name, std::string about, std::string version);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Command top();
  // Reads the line. Nothing when a command is to be run; else the exit code: 0 after help or the
  // version were printed, kExitUsage after the fault was told on stderr.
  std::optional<int> Read(int argc, const char* const* argv);

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace equinode::cli
