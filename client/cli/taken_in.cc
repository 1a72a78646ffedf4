#include "client/cli/taken_in.h"

#include "client/cli/exit_code.h"
#include "client/cli/talk.h"

namespace equinode::cli {

Result<int> TakenIn::Finish(Format format, bool dry_run, std::string_view nothing) const {
  EQN_CHECK(Print(sheet_.Text(format)));
  if (sheet_.rows() == 0) {
    Say(std::string(nothing));
    return kExitData;
  }
  Say(CountText(sheet_.rows() - refused_) + " read, " + CountText(differing_) +
      " of them otherwise than here, " + CountText(refused_) + " refused" +
      (dry_run ? "; nothing was done" : ""));
  if (refused_ > 0) return kExitData;
  return differing_ > 0 ? kExitFailed : kExitOk;
}

}  // namespace equinode::cli
