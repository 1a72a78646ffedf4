// equinode generate.
#include "client/generate/generate.h"

#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/talk.h"

namespace equinode::cli {
namespace {

struct Options {
  GenerateOptions generate{};
  std::vector<std::string> practices{};
  bool clean = false;
};

Result<int> RunGenerate(const Shared& shared, const Options& options) {
  GenerateOptions generate = options.generate;
  if (!options.practices.empty()) generate.practices = options.practices;
  generate.dirty = !options.clean;
  Progress progress("generate");
  generate.progress = [&](std::uint64_t done) {
    progress.Show(done, generate.people, CountText(done) + " people");
  };
  EQN_TRY(const GenerateReport report, Generate(generate));
  progress.Clear();
  Sheet sheet({"practice", "people", "patient_lines", "coverage_lines", "measure_rows",
               "other_resources", "to_be_refused", "bytes"});
  for (const MadePractice& made : report.practices) {
    sheet.Add({made.name, made.people, made.patient_lines, made.coverage_lines, made.measure_rows,
               made.other_resources, made.dirt.refused_lines(), made.bytes});
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  Say("in " + generate.out.string() + ": a folder for each practice, profiles/, manifest.json");
  return kExitOk;
}

}  // namespace

void AddGenerate(Program program) {
  AddCommand<Options>(
      program, program.app, "generate", "make files of people who do not exist, for some practices",
      [](CLI::App& command, Options& options) {
        command.add_option("--out", options.generate.out, "a new folder")
            ->required()
            ->type_name("DIR");
        command.add_option("--people", options.generate.people, "over all practices (6000)")
            ->type_name("N");
        command.add_option("--seed", options.generate.seed, "the same seed, the same files (1)")
            ->type_name("S");
        command
            .add_option("--organisation,--organization", options.practices,
                        "names of the practices (elm-street harbor-clinic valley-family)")
            ->type_name("NAME");
        command.add_option("--payer", options.generate.payer_uri, "URI of the payer that asks")
            ->type_name("URI");
        command
            .add_option("--other-payer", options.generate.other_payer_uri, "URI of the other one")
            ->type_name("URI");
        command.add_flag("--clean", options.clean, "without lines that are to be refused");
      },
      RunGenerate);
}

}  // namespace equinode::cli
