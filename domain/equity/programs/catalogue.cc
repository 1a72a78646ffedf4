#include "domain/equity/programs/catalogue.h"

#include <algorithm>
#include <cassert>

#include "domain/equity/programs/programme_text.h"
#include "domain/equity/programs/programmes.h"

namespace equinode::equity::programs {

const std::vector<Programme>& AllProgrammes() {
  // Our own data: a file that does not parse is a bug, and a test says so.
  static const std::vector<Programme> all = []() {
    std::vector<Programme> out;
    for (const auto& [file, text] : kProgrammesFiles) {
      Result<Programme> programme = ParseProgramme(text);
      assert(programme.ok());
      if (programme.ok()) out.push_back(std::move(programme).value());
    }
    std::ranges::sort(out, {}, &Programme::id);
    return out;
  }();
  return all;
}

const Programme* FindProgramme(std::string_view id) {
  const auto& all = AllProgrammes();
  const auto found = std::ranges::find(all, id, &Programme::id);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace equinode::equity::programs
