// equinode demo.
#include "client/cli/demo/demo.h"

#include "client/cli/command.h"

namespace equinode::cli {

void AddDemo(Program program) {
  AddCommand<demo::DemoOptions>(
      program, program.app, "demo",
      "a whole network on this machine: made people, six nodes, one report, under a minute",
      [](CLI::App& command, demo::DemoOptions& options) {
        command
            .add_option("--data", options.data,
                        "FHIR files to use instead; people go to the three practices by a hash")
            ->type_name("PATH");
        command.add_option("--profile", options.profile, "source profile of --data")
            ->type_name("FILE");
        command
            .add_option("--keep", options.keep,
                        "a new folder for everything; the network then runs on until Ctrl-C")
            ->type_name("DIR");
        command.add_flag("--once", options.once, "with --keep: stop after the report");
        command.add_option("--people", options.people, "how many to make (6000)")->type_name("N");
        command.add_option("--seed", options.seed, "of the people made (1)")->type_name("S");
      },
      [](const Shared& shared, const demo::DemoOptions& options) {
        demo::DemoOptions all = options;
        all.format = shared.format;
        return demo::RunDemo(all);
      });
}

}  // namespace equinode::cli
