// equinode privacy: how small counts and people are protected. Each file adds its commands.
#include "client/cli/command.h"

namespace equinode::cli {

void AddPrivacy(Program program) {
  Command privacy = AddGroup(program, "privacy", "how small counts and people are protected");
  AddPrivacyFamily(program, privacy);
  AddPrivacyNoise(program, privacy);
  AddPrivacyCost(program, privacy);
}

}  // namespace equinode::cli
