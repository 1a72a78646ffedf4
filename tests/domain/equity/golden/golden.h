// The worked cases of the reference folder's equity/golden, each file found by its id.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace equinode::equity::golden {

using Json = nlohmann::ordered_json;

// From a case's "input" to everything that its "expected" may ask for, under the same names. What
// is not defined is null; numbers are doubles, or integers where they are counts.
using Formula = std::function<Json(const Json& input)>;

// What is tested in another room's own test, and where.
struct Elsewhere {
  std::string test{};
};

class Registry {
 public:
  void Claim(std::string id, Formula formula) { formulas_[std::move(id)] = std::move(formula); }
  void ClaimElsewhere(std::string id, std::string test) {
    elsewhere_[std::move(id)] = {std::move(test)};
  }
  const Formula* FormulaOf(const std::string& id) const {
    const auto found = formulas_.find(id);
    return found == formulas_.end() ? nullptr : &found->second;
  }
  const Elsewhere* ElsewhereOf(const std::string& id) const {
    const auto found = elsewhere_.find(id);
    return found == elsewhere_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, Formula> formulas_{};
  std::map<std::string, Elsewhere> elsewhere_{};
};

void ClaimStatistics(Registry& registry);
void ClaimProgrammes(Registry& registry);

// What differs, each with its path, as "rows[1].ratio: 0.5 where 0.25 is expected". Every field
// that is expected must be there; numbers agree within `tolerance`'s "relative" or "absolute"; the
// rest is equal. A key that begins with DO_NOT_USE is a negative control: nothing beside it may
// agree.
std::vector<std::string> Differences(const Json& actual, const Json& expected,
                                     const Json& tolerance);

}  // namespace equinode::equity::golden
