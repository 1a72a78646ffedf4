#include <cmath>

#include "tests/domain/equity/golden/golden.h"

namespace equinode::equity::golden {
namespace {

struct Comparison {
  double relative = 1e-12;
  double absolute = 1e-12;
  std::vector<std::string> found{};

  bool Near(const Json& a, const Json& b) const {
    if (a.is_number_integer() && b.is_number_integer()) return a == b;
    const double x = a.get<double>();
    const double y = b.get<double>();
    return std::abs(x - y) <= std::max(absolute, relative * std::abs(y));
  }

  void Differ(const std::string& path, const Json& actual, const Json& expected) {
    found.push_back(path + ": " + actual.dump() + " where " + expected.dump() + " is expected");
  }

  void Control(const Json& actual, const std::string& path, const Json& wrong) {
    for (const auto& [name, value] : actual.items()) {
      if (!value.is_object()) continue;
      Comparison same{relative, absolute};
      same.Compare(value, wrong, "");
      if (same.found.empty()) {
        found.push_back(path + "." + name + ": agrees with a negative control");
      }
    }
  }

  void Compare(const Json& actual, const Json& expected, const std::string& path) {
    if (expected.is_object()) {
      if (!actual.is_object()) return Differ(path, actual, expected);
      for (const auto& [name, value] : expected.items()) {
        if (name.starts_with("DO_NOT_USE")) {
          Control(actual, path, value);
        } else if (!actual.contains(name)) {
          found.push_back(path + "." + name + ": missing, " + value.dump() + " is expected");
        } else {
          Compare(actual[name], value, path + "." + name);
        }
      }
    } else if (expected.is_array()) {
      if (!actual.is_array() || actual.size() != expected.size()) {
        return Differ(path, actual, expected);
      }
      for (std::size_t i = 0; i < expected.size(); ++i) {
        Compare(actual[i], expected[i], path + "[" + std::to_string(i) + "]");
      }
    } else if (expected.is_number() && actual.is_number()) {
      if (!Near(actual, expected)) Differ(path, actual, expected);
    } else if (actual != expected) {
      Differ(path, actual, expected);
    }
  }
};

}  // namespace

std::vector<std::string> Differences(const Json& actual, const Json& expected,
                                     const Json& tolerance) {
  Comparison comparison;
  if (tolerance.is_object()) {
    comparison.relative = tolerance.value("relative", comparison.relative);
    comparison.absolute = tolerance.value("absolute", comparison.absolute);
  }
  comparison.Compare(actual, expected, "");
  return std::move(comparison.found);
}

}  // namespace equinode::equity::golden
