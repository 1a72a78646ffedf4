#include "client/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <utility>

#include "client/cli/exit_code.h"

namespace equinode::cli {

Option Option::Required() {
  option_->required();
  return *this;
}

Option Option::TypeName(std::string name) {
  option_->type_name(std::move(name));
  return *this;
}

Option Option::Between(std::int64_t least, std::int64_t most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

Option Option::OneOf(std::vector<std::string> words) {
  option_->check(CLI::IsMember(std::move(words)));
  return *this;
}

Option Option::Delimiter(char between) {
  option_->delimiter(between);
  return *this;
}

Option Option::Excludes(Option other) {
  option_->excludes(other.option_);
  return *this;
}

template <typename Value>
Option Command::AddOption(std::string name, Value& value, std::string about) {
  return Option(app_->add_option(std::move(name), value, std::move(about)));
}

template Option Command::AddOption(std::string, std::string&, std::string);
template Option Command::AddOption(std::string, std::filesystem::path&, std::string);
template Option Command::AddOption(std::string, bool&, std::string);
template Option Command::AddOption(std::string, int&, std::string);
template Option Command::AddOption(std::string, unsigned&, std::string);
template Option Command::AddOption(std::string, std::int64_t&, std::string);
template Option Command::AddOption(std::string, std::uint64_t&, std::string);
template Option Command::AddOption(std::string, double&, std::string);
template Option Command::AddOption(std::string, std::optional<std::string>&, std::string);
template Option Command::AddOption(std::string, std::vector<std::string>&, std::string);
template Option Command::AddOption(std::string, std::vector<std::filesystem::path>&, std::string);
template Option Command::AddOption(std::string, std::vector<unsigned>&, std::string);

Option Command::AddFlag(std::string name, bool& value, std::string about) {
  return Option(app_->add_flag(std::move(name), value, std::move(about)));
}

Command Command::AddSubcommand(std::string name, std::string about) {
  return Command(app_->add_subcommand(std::move(name), std::move(about)));
}

Command Command::AddGroup(std::string name, std::string about) {
  CLI::App* group = app_->add_subcommand(std::move(name), std::move(about));
  group->require_subcommand(1);
  return Command(group);
}

void Command::OnNamed(std::function<void()> then) { app_->callback(std::move(then)); }

CommandLine::CommandLine(std::string name, std::string about, std::string version)
    : app_(std::make_unique<CLI::App>(std::move(about))) {
  app_->name(std::move(name));
  app_->require_subcommand(1);
  app_->fallthrough();
  app_->set_version_flag("--version", std::move(version));
  app_->failure_message(CLI::FailureMessage::simple);
}

CommandLine::~CommandLine() = default;

Command CommandLine::top() { return Command(app_.get()); }

std::optional<int> CommandLine::Read(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // CLI11 reports by exceptions; they end here.
    return app_->exit(error) == 0 ? kExitOk : kExitUsage;
  }
  return std::nullopt;
}

}  // namespace equinode::cli
