// equinode generate.
#include "client/generate/generate.h"

#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/talk.h"

namespace equinode::cli {
namespace {

struct GenerateCommand {
  GenerateOptions generate{};
  std::vector<std::string> practices{};
  bool clean = false;
};

Result<int> RunGenerate(const Shared& shared, const GenerateCommand& options) {
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
  AddCommand<GenerateCommand>(
      program, program.app, "generate", "make files of people who do not exist, for some practices",
      [](Command command, GenerateCommand& options) {
        command.AddOption("--out", options.generate.out, "a new folder").Required().TypeName("DIR");
        command.AddOption("--people", options.generate.people, "over all practices (6000)")
            .TypeName("N");
        command.AddOption("--seed", options.generate.seed, "the same seed, the same files (1)")
            .TypeName("S");
        command
            .AddOption("--organisation,--organization", options.practices,
                       "names of the practices (elm-street harbor-clinic valley-family)")
            .TypeName("NAME");
        command.AddOption("--payer", options.generate.payer_uri, "URI of the payer that asks")
            .TypeName("URI");
        command.AddOption("--other-payer", options.generate.other_payer_uri, "URI of the other one")
            .TypeName("URI");
        command.AddFlag("--clean", options.clean, "without lines that are to be refused");
      },
      RunGenerate);
}

}  // namespace equinode::cli
