#include "tests/domain/privacy/protect/random_family.h"

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

namespace equinode::privacy {
namespace {

class Maker {
 public:
  explicit Maker(SeededRandom& random) : random_(random) {}

  Family family{};

  std::uint64_t Below(std::uint64_t end) { return random_.Below(end); }
  bool Chance(std::uint64_t percent) { return Below(100) < percent; }

  Cell Add(const std::string& name, std::int64_t count) {
    family.cells.push_back({name, count});
    return static_cast<Cell>(family.cells.size() - 1);
  }

  // Skewed as counts of people are: many small, some zero, a few large.
  std::int64_t Count() {
    const std::uint64_t kind = Below(10);
    if (kind < 1) return 0;
    if (kind < 4) return static_cast<std::int64_t>(1 + Below(10));
    if (kind < 8) return static_cast<std::int64_t>(11 + Below(40));
    return static_cast<std::int64_t>(50 + Below(400));
  }

  // A table of so many categories each way, all its margins, and on the first way, if wanted,
  // groups of categories with subtotals. Returns the cells by their name without the prefix.
  std::map<std::string, Cell> Table(const std::string& prefix, const std::vector<std::size_t>& ways,
                                    bool tree, const std::function<std::int64_t()>& count) {
    std::map<std::string, std::int64_t> counts;
    std::vector<std::string> keys = {""};
    std::vector<std::vector<std::string>> parts_of;
    // Positions of one way: categories, groups, the total.
    const auto positions = [&](std::size_t way) {
      std::vector<std::pair<std::string, std::vector<std::size_t>>> list;
      std::vector<std::size_t> all;
      for (std::size_t i = 0; i < ways[way]; ++i) {
        list.push_back({std::string(1, static_cast<char>('a' + i)), {i}});
        all.push_back(i);
      }
      if (tree && way == 0 && ways[0] >= 4) {
        list.push_back({"lo", {0, 1}});
        list.push_back({"hi", {all.begin() + 2, all.end()}});
      }
      list.push_back({"*", all});
      return list;
    };
    std::vector<std::size_t> at(ways.size(), 0);
    std::map<std::vector<std::size_t>, std::int64_t> inner;
    for (bool more = true; more;) {
      inner[at] = count();
      more = false;
      for (std::size_t w = 0; w < ways.size() && !more; ++w) {
        if (++at[w] < ways[w]) {
          more = true;
        } else {
          at[w] = 0;
        }
      }
    }
    std::map<std::string, Cell> cells;
    const std::function<void(std::size_t, std::string, std::vector<std::vector<std::size_t>>)>
        make = [&](std::size_t way, const std::string& name,
                   const std::vector<std::vector<std::size_t>>& chosen) {
          if (way < ways.size()) {
            for (const auto& [word, members] : positions(way)) {
              auto next = chosen;
              next.push_back(members);
              make(way + 1, name.empty() ? word : name + "|" + word, next);
            }
            return;
          }
          std::int64_t sum = 0;
          for (const auto& [where, value] : inner) {
            bool in = true;
            for (std::size_t w = 0; w < ways.size(); ++w) {
              bool found = false;
              for (const std::size_t each : chosen[w]) found |= each == where[w];
              in &= found;
            }
            if (in) sum += value;
          }
          cells[name] = Add(prefix + name, sum);
        };
    make(0, "", {});
    // Each total is the sum over the level below it.
    const auto below = [&](std::size_t way, const std::string& word) {
      std::vector<std::string> list;
      const bool grouped = tree && way == 0 && ways[0] >= 4;
      if (word == "*" && grouped) return std::vector<std::string>{"lo", "hi"};
      const std::size_t from = word == "hi" ? 2 : 0, to = word == "lo" ? 2 : ways[way];
      if (word == "*" || word == "lo" || word == "hi") {
        for (std::size_t i = from; i < to; ++i) {
          list.push_back(std::string(1, static_cast<char>('a' + i)));
        }
      }
      return list;
    };
    for (const auto& [name, cell] : cells) {
      std::vector<std::string> words = {""};
      for (const char c : name) {
        if (c == '|') {
          words.emplace_back();
        } else {
          words.back() += c;
        }
      }
      for (std::size_t w = 0; w < words.size(); ++w) {
        Equation equation{cell, {}};
        for (const std::string& lower : below(w, words[w])) {
          std::string part;
          for (std::size_t v = 0; v < words.size(); ++v) {
            part += (v == 0 ? "" : "|") + (v == w ? lower : words[v]);
          }
          equation.parts.push_back(cells.at(part));
        }
        if (!equation.parts.empty()) family.equations.push_back(equation);
      }
    }
    return cells;
  }

 private:
  SeededRandom& random_;
};

std::vector<std::size_t> Ways(Maker& make, std::size_t ways, std::size_t most_cells) {
  std::size_t least = 1;  // Two categories and a total each way.
  for (std::size_t w = 0; w < ways; ++w) least *= 3;
  most_cells = std::max(most_cells, 2 * least);
  for (;;) {
    std::vector<std::size_t> sizes;
    std::size_t cells = 1;
    for (std::size_t w = 0; w < ways; ++w) {
      sizes.push_back(2 + make.Below(w == 0 ? 5 : 3));
      cells *= sizes.back() + 1;
    }
    if (cells <= most_cells) return sizes;
  }
}

}  // namespace

Family RandomFamily(SeededRandom& random, const RandomShape& shape, std::string* what) {
  Maker make(random);
  const std::size_t ways = 2 + make.Below(3);
  const bool numerators = ways < 4 && make.Chance(30);
  const std::vector<std::size_t> sizes =
      Ways(make, ways, numerators ? shape.most_cells / 3 : shape.most_cells);
  const bool tree = sizes[0] >= 4 && make.Chance(50);
  *what = std::to_string(ways) + "-way";
  if (tree) *what += ", tree";
  const auto count = [&]() { return make.Count(); };
  const auto first = make.Table("t:", sizes, tree, count);
  Family& family = make.family;
  if (numerators) {
    // The same table of those who met a measure, and of those who did not. Inner cells first: the
    // counts of all margins follow.
    *what += ", numerators and complements";
    std::vector<std::int64_t> denominators;
    const std::size_t cells = first.size();
    for (std::size_t i = 0; i < cells; ++i) denominators.push_back(family.cells[i].count);
    // Inner cells come in another order than their names: walk by name.
    std::map<Cell, std::int64_t> met;
    for (const auto& [name, cell] : first) {
      if (name.find('*') == std::string::npos && name.find("lo") == std::string::npos &&
          name.find("hi") == std::string::npos) {
        met[cell] = static_cast<std::int64_t>(
            make.Below(static_cast<std::uint64_t>(family.cells[cell].count) + 1));
      }
    }
    const std::vector<Equation> equations = family.equations;
    for (bool more = true; more;) {  // Margins when all their parts are known.
      more = false;
      for (const Equation& equation : equations) {
        if (met.count(equation.total)) continue;
        std::int64_t sum = 0;
        bool known = true;
        for (const Cell part : equation.parts) {
          known &= met.count(part) != 0;
          if (known) sum += met[part];
        }
        if (!known) continue;
        met[equation.total] = sum;
        more = true;
      }
    }
    const Cell base = static_cast<Cell>(cells);
    for (Cell cell = 0; cell < cells; ++cell) {
      make.Add("n:" + family.cells[cell].name, met.at(cell));
    }
    for (Cell cell = 0; cell < cells; ++cell) {
      make.Add("c:" + family.cells[cell].name, denominators[cell] - met.at(cell));
      family.equations.push_back({cell, {base + cell, 2 * base + cell}});
    }
    for (const Equation& equation : equations) {
      for (const Cell shift : {base, static_cast<Cell>(2 * base)}) {
        Equation moved{equation.total + shift, equation.parts};
        for (Cell& part : moved.parts) part += shift;
        family.equations.push_back(moved);
      }
    }
    if (shape.rates) {
      *what += ", rates";
      const auto decimals = static_cast<std::uint8_t>(make.Below(3));
      const bool before = shape.published_rates && make.Chance(30);
      for (Cell cell = 0; cell < cells; ++cell) {
        if (denominators[cell] == 0) continue;
        Rate rate{static_cast<Cell>(base + cell), cell, decimals};
        rate.scaled = ScaledPercent(met.at(cell), denominators[cell], decimals);
        // Printed before: only of groups so large that a whole per cent tells of no small one.
        rate.published = before && denominators[cell] > 2000 && decimals == 0;
        family.rates.push_back(rate);
      }
    }
  } else if (make.Chance(40)) {
    // A second table with the same first way; the shared margin is two cells and an equality, or
    // one cell.
    *what += ", linked";
    const std::size_t across = 2 + make.Below(3);
    std::vector<Cell> parts;
    for (std::size_t i = 0; i < sizes[0]; ++i) {
      std::string name(1, static_cast<char>('a' + i));
      for (std::size_t w = 1; w < ways; ++w) name += "|*";
      const Cell margin = first.at(name);
      std::int64_t left = family.cells[margin].count;
      Equation equation{margin, {}};
      if (make.Chance(50)) {
        equation.total = make.Add("l:" + name, left);
        family.equations.push_back({margin, {equation.total}});
      }
      for (std::size_t k = 0; k < across; ++k) {
        const bool last = k + 1 == across;
        const std::int64_t part =
            last ? left
                 : static_cast<std::int64_t>(make.Below(static_cast<std::uint64_t>(left) + 1));
        left -= part;
        equation.parts.push_back(make.Add(
            "l:" + std::string(1, static_cast<char>('a' + i)) + "|" + std::to_string(k), part));
      }
      family.equations.push_back(equation);
    }
  }
  if (make.Chance(30)) {
    // Months of something else, each with the total of the year so far.
    *what += ", months";
    const std::size_t months = 2 + make.Below(4);
    Cell before = make.Add("month 1", make.Count());
    for (std::size_t m = 2; m <= months; ++m) {
      const Cell month = make.Add("month " + std::to_string(m), make.Count());
      const std::int64_t sum = family.cells[before].count + family.cells[month].count;
      const Cell so_far = make.Add("until " + std::to_string(m), sum);
      family.equations.push_back({so_far, {before, month}});
      before = so_far;
    }
  }
  if (make.Chance(30)) {
    *what += ", kept margins";
    for (FamilyCell& cell : family.cells) {
      if (cell.name.find('*') != std::string::npos && make.Chance(30)) cell.kind = CellKind::kKept;
    }
  }
  if (make.Chance(15)) {
    *what += ", zeros unknown";
    family.zeros_printed = false;
  }
  return std::move(make.family);
}

}  // namespace equinode::privacy
