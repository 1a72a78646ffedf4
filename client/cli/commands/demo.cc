// equinode demo.
#include "client/cli/demo/demo.h"

#include "client/cli/command.h"

namespace equinode::cli {

void AddDemo(Program program) {
  AddCommand<demo::DemoOptions>(
      program, program.app, "demo",
      "a whole network on this machine: made people, six nodes, one report, under a minute",
      [](Command command, demo::DemoOptions& options) {
        command
            .AddOption("--data", options.data,
                       "FHIR files to use instead; people go to the three practices by a hash")
            .TypeName("PATH");
        command.AddOption("--profile", options.profile, "source profile of --data")
            .TypeName("FILE");
        command
            .AddOption("--keep", options.keep,
                       "a new folder for everything; the network then runs on until Ctrl-C")
            .TypeName("DIR");
        command.AddFlag("--once", options.once, "with --keep: stop after the report");
        command.AddOption("--people", options.people, "how many to make (6000)").TypeName("N");
        command.AddOption("--seed", options.seed, "of the people made (1)").TypeName("S");
      },
      [](const Shared& shared, const demo::DemoOptions& options) {
        demo::DemoOptions all = options;
        all.format = shared.format;
        return demo::RunDemo(all);
      });
}

}  // namespace equinode::cli
