// The rule of the issue, written from its words and apart from the gate: "in each equation the
// hidden cells are none, or at least two that add up to at least 9 plus their number, and exact
// elimination over the family determines none of them; else the table is withheld". It lists the
// equations from the raw tables itself, and knows of a release what a reader of it does.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "domain/privacy/release/release.h"
#include "domain/report/raw_family.h"

namespace equinode::written_rule {

// "kind measure by stratifier: stratum"; the population's cells have no measure, totals no stratum.
using Name = std::string;
struct Equation {
  Name total{};
  std::vector<Name> parts{};
  bool within_stratum = false;
};

struct Book {
  std::map<Name, std::uint64_t> values{};
  std::set<Name> known{};  // To the reader.
  std::vector<Equation> equations{};
};

inline Name Of(const std::string& kind, const std::string& measure, const std::string& by,
               const std::string& stratum) {
  return kind + " " + measure + (stratum.empty() ? "" : " by " + by + ": " + stratum);
}

inline bool NoAnswer(const std::string& stratum) {
  return stratum == "DECLINED" || stratum == "UNKNOWN" || stratum == "NOT_ASKED";
}

// Fills in what one table has, and its own equations.
inline void Take(const RawTable& raw, const AnswerTable& shown, Book& book) {
  const std::string by(StratifierName(raw.stratifier));
  const bool built_in = CountsPopulation(raw.measure);
  const std::string whole = built_in ? "people" : "denominator";
  const std::string of = built_in ? "" : raw.measure;
  Equation people{Of(whole, of, by, ""), {}, false};
  Equation yes{Of("numerator", raw.measure, by, ""), {}, false};
  Equation no{Of("complement", raw.measure, by, ""), {}, false};
  std::vector<RawCell> cells = raw.cells;
  cells.push_back(raw.total);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const RawCell& cell = cells[i];
    const bool total = i + 1 == cells.size();
    const std::string stratum = total ? "" : cell.stratum;
    const Name all = Of(whole, of, by, stratum);
    book.values[all] = cell.denominator;
    if (shown.cells[i].denominator.kind == ShownKind::kCount) book.known.insert(all);
    if (!total) people.parts.push_back(all);
    if (raw.measure == "population") continue;
    const Name in = Of("numerator", raw.measure, by, stratum);
    const Name out = Of("complement", raw.measure, by, stratum);
    book.values[in] = cell.numerator;
    book.values[out] = cell.denominator - cell.numerator;
    if (shown.cells[i].numerator.kind == ShownKind::kCount) book.known.insert(in);
    if (!total) yes.parts.push_back(in);
    if (!total) no.parts.push_back(out);
    book.equations.push_back({all, {in, out}, !total});
  }
  book.equations.push_back(people);
  if (raw.measure == "population") return;
  book.equations.push_back(yes);
  book.equations.push_back(no);
}

// Those that tables have together: who is outside a denominator, known but not self-reported, and
// availability as a sum of strata.
inline void TakeTogether(const std::vector<const RawTable*>& tables, Book& book) {
  std::map<std::string, Equation> sums;
  const auto difference = [&](const std::string& kind, const std::string& measure,
                              const std::string& by, const std::string& stratum, const Name& whole,
                              const Name& part) {
    if (!book.values.contains(whole) || !book.values.contains(part)) return;
    const Name rest = Of(kind, measure, by, stratum);
    book.values[rest] = book.values.at(whole) - book.values.at(part);
    book.equations.push_back({whole, {part, rest}, !stratum.empty()});
    if (stratum.empty()) return;
    Equation& sum = sums[kind + measure + by];
    sum.total = Of(kind, measure, by, "");
    sum.parts.push_back(rest);
  };
  for (const RawTable* table : tables) {
    const std::string by(StratifierName(table->stratifier));
    const std::string& measure = table->measure;
    std::vector<std::string> strata = {""};
    for (const RawCell& cell : table->cells) strata.push_back(cell.stratum);
    for (const std::string& stratum : strata) {
      if (!CountsPopulation(measure)) {
        difference("excluded", measure, by, stratum, Of("people", "", by, stratum),
                   Of("denominator", measure, by, stratum));
      }
      if (measure.starts_with("selfreported.")) {
        const std::string available = "available." + measure.substr(13);
        difference("not self", measure, by, stratum, Of("numerator", available, by, stratum),
                   Of("numerator", measure, by, stratum));
      }
    }
  }
  for (const auto& [name, sum] : sums) {
    if (book.values.contains(sum.total)) book.equations.push_back(sum);
  }
  const std::map<std::string, Stratifier> own = {
      {"available.race", Stratifier::kRaceOmb1997},
      {"available.ethnicity", Stratifier::kEthnicityOmb1997},
      {"available.language", Stratifier::kLanguage}};
  for (const auto& [measure, stratifier] : own) {
    if (!book.values.contains(Of("numerator", measure, "", ""))) continue;
    for (const RawTable* table : tables) {
      if (table->stratifier != stratifier || !CountsPopulation(table->measure)) continue;
      Equation known{Of("numerator", measure, "", ""), {}, false};
      Equation not_known{Of("complement", measure, "", ""), {}, false};
      for (const RawCell& cell : table->cells) {
        Equation& to = NoAnswer(cell.stratum) ? not_known : known;
        to.parts.push_back(Of("people", "", std::string(StratifierName(stratifier)), cell.stratum));
      }
      book.equations.push_back(known);
      book.equations.push_back(not_known);
    }
  }
}

// A cell that stands alone among what is not known follows from the others, and so on.
inline void WorkOut(Book& book) {
  for (bool more = true; more;) {
    more = false;
    for (const Equation& equation : book.equations) {
      std::vector<Name> open;
      for (const Name& part : equation.parts) {
        if (!book.known.contains(part) && book.values.at(part) > 0) open.push_back(part);
      }
      if (!book.known.contains(equation.total) && book.values.at(equation.total) > 0) {
        open.push_back(equation.total);
      }
      if (open.size() != 1) continue;
      book.known.insert(open.front());
      more = true;
    }
  }
}

// What of the book breaks the rule, a line each. A zero is never hidden. Within one stratum whose
// every count is hidden nothing is printed, and nothing more could be hidden.
inline std::vector<std::string> Broken(const Book& book) {
  std::vector<std::string> broken;
  for (const auto& [name, value] : book.values) {
    if (value >= 1 && value <= 10 && book.known.contains(name)) broken.push_back("known: " + name);
  }
  for (const Equation& equation : book.equations) {
    std::vector<Name> all = equation.parts;
    all.push_back(equation.total);
    std::uint64_t hidden = 0;
    std::uint64_t sum = 0;
    std::uint64_t shown = 0;
    for (const Name& name : all) {
      if (book.values.at(name) == 0) continue;
      const bool known = book.known.contains(name);
      shown += known;
      hidden += !known;
      if (!known) sum += book.values.at(name);
    }
    if (hidden == 0 || (equation.within_stratum && shown == 0)) continue;
    if (hidden < 2 || sum < 9 + hidden) broken.push_back("equation of " + equation.total);
  }
  return broken;
}

inline Book Read(const RawFamily& raw, const ReleasedFamily& released) {
  Book book;
  std::vector<const RawTable*> tables;
  for (std::size_t i = 0; i < raw.tables.size(); ++i) {
    if (released.tables()[i].withheld) continue;
    Take(raw.tables[i].counts, released.tables()[i], book);
    tables.push_back(&raw.tables[i].counts);
  }
  TakeTogether(tables, book);
  WorkOut(book);
  return book;
}

}  // namespace equinode::written_rule
