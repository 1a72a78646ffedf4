// A programme's rule in words: what an analyst reads before believing a figure.
#include <algorithm>

#include "client/cli/score_text.h"
#include "client/cli/score_words.h"

namespace equinode::cli {
namespace {

using namespace equity::programs;  // NOLINT: this file speaks of nothing else.

// "[20, 30)": a band's edges, closed or open.
std::string EdgesText(const std::vector<Band>& bands, std::size_t at) {
  std::string text = at == 0 ? "below " : bands[at].includes_from ? "[" : "(";
  if (at == 0) {
    text.append(bands.size() > 1 ? bands[1].from->Exact() : "everything");
    if (bands.size() > 1 && !bands[1].includes_from) text.append(" or equal");
    return text;
  }
  text.append(bands[at].from->Exact());
  if (at + 1 == bands.size()) return text.append(", ...)");
  return text.append(", ")
      .append(bands[at + 1].from->Exact())
      .append(bands[at + 1].includes_from ? ")" : "]");
}

std::string WhenText(const When& when) {
  return when.reading.empty() ? "" : when.reading + "=" + when.option;
}

Json InputsJson(const std::vector<NamedInput>& inputs, bool with_level) {
  Json out = Json::array();
  for (const NamedInput& input : inputs) {
    Json one = {{"name", input.name}, {"words", input.words}};
    if (with_level) one["of"] = LevelWord(input.level);
    out.push_back(std::move(one));
  }
  return out;
}

Json ExplainJson(const Programme& p) {
  Json out = {{"programme", p.id},      {"name", p.name},     {"owner", p.owner},
              {"scores", p.scores},     {"when", p.when},     {"version", p.version},
              {"source", p.source},     {"money", p.money},   {"kind", KindWord(p.kind)},
              {"historic", p.historic}, {"says", p.says},     {"notes", p.notes},
              {"periods", p.periods},   {"frames", p.frames}, {"dimensions", p.dimensions}};
  out["groups"] = Json::array();
  for (const NamedGroup& group : p.groups) out["groups"].push_back(group.name);
  out["reference"] = p.reference ? Json(p.reference->name) : Json();
  out["any_measure"] = p.any_measure;
  out["measures"] = Json::array();
  for (const ProgrammeMeasure& measure : p.measures) {
    Json one = {{"id", measure.id},
                {"better", measure.better == equity::Better::kLower    ? "lower"
                           : measure.better == equity::Better::kHigher ? "higher"
                                                                       : "unknown"},
                {"words", measure.words}};
    if (measure.weight.sign() != 0) one["weight"] = measure.weight.Exact();
    if (!measure.mean_of.empty()) one["mean_of"] = measure.mean_of;
    if (!measure.of_measure.empty())
      one["counts_of"] = measure.of_measure + ", " + measure.of_group;
    out["measures"].push_back(std::move(one));
  }
  out["benchmarks"] = InputsJson(p.benchmarks, false);
  out["facts"] = InputsJson(p.facts, true);
  out["readings"] = Json::array();
  for (const Reading& reading : p.readings) {
    Json options = Json::array();
    for (const Reading::Option& option : reading.options) {
      options.push_back({{"option", option.name}, {"words", option.words}});
    }
    out["readings"].push_back({{"reading", reading.name},
                               {"clause", reading.clause},
                               {"default", reading.options.front().name},
                               {"options", options}});
  }
  out["figures"] = Json::array();
  for (const Figure& figure : p.figures) {
    Json one = {{"figure", figure.name},         {"of", LevelWord(figure.level)},
                {"unit", UnitWord(figure.unit)}, {"when", WhenText(figure.when)},
                {"rule", figure.rule_text},      {"words", figure.words}};
    for (std::size_t i = 0; i < figure.bands.size(); ++i) {
      const Value& value = figure.bands[i].value;
      one["bands"].push_back(
          {{"from_to", EdgesText(figure.bands, i)}, {"is", Text(value, figure.unit)}});
    }
    out["figures"].push_back(std::move(one));
  }
  return out;
}

constexpr std::size_t kColumns = 100;

void Say(std::string& text, const std::string& title, const std::string& words) {
  if (words.empty() || words == "-") return;
  Wrap(text, title + std::string(title.size() < 14 ? 14 - title.size() : 1, ' '), words, kColumns);
}

// The figures that are printed; all of them with `rules`, and then their arithmetic.
void SayFigures(const Programme& p, bool rules, std::string& text) {
  text.append(rules ? "\nfigures, in exact arithmetic\n"
                    : "\nfigures that are printed; --rules shows the arithmetic of all\n");
  for (const Figure& figure : p.figures) {
    const bool shown = p.shown.empty() || std::ranges::find(p.shown, figure.name) != p.shown.end();
    if (!rules && !shown && figure.bands.empty()) continue;
    std::string start = "  " + figure.name + " (of a " + std::string(LevelWord(figure.level)) +
                        ", " + std::string(UnitWord(figure.unit)) + ")";
    if (figure.level == Level::kOrganisation) start.replace(start.find("of a "), 5, "of an ");
    if (!figure.when.reading.empty()) start.append(" when ").append(WhenText(figure.when));
    text.append(start).append(":\n");
    Wrap(text, "      ", figure.words, kColumns);
    if (rules)
      Wrap(text, figure.bands.empty() ? "      = " : "      bands of ", figure.rule_text, kColumns);
    for (std::size_t i = 0; i < figure.bands.size(); ++i) {
      text.append("        ").append(EdgesText(figure.bands, i)).append(" -> ");
      text.append(Text(figure.bands[i].value, figure.unit)).append("\n");
    }
  }
}

// The command, and the first lines of the files that it wants.
void SayCommand(const Programme& p, std::string& text) {
  text.append("\nto score it\n  equinode equity score ").append(p.id);
  if (!p.periods.empty()) text.append(" --input counts.csv");
  if (!p.benchmarks.empty()) text.append(" --benchmarks benchmarks.csv");
  if (!p.facts.empty()) text.append(" --facts facts.csv");
  text.append("\n");
  const std::string measure = p.measures.empty() ? "COL" : p.measures.front().id;
  if (!p.periods.empty()) {
    const bool framed = !p.frames.empty();
    const std::string group = !p.groups.empty() ? p.groups.front().name
                              : p.reference     ? p.reference->name
                                                : "Asian";
    text.append("  counts.csv      measure,period,organisation,frame,dimension,stratum,numerator,")
        .append("denominator\n");
    text.append("                  ").append(measure).append(",2023,plan-a,");
    text.append(framed ? p.frames.front() : "omb_1997").append(",");
    text.append(p.dimensions.empty() ? "race" : p.dimensions.front()).append(",");
    text.append(group).append(",120,300\n");
    if (p.periods.size() > 1) {
      text.append("                  of ").append(std::to_string(p.periods.size()));
      text.append(" periods; the last by name is ").append(p.periods.back()).append("\n");
    }
  }
  if (!p.benchmarks.empty()) {
    text.append("  benchmarks.csv  measure,name,value\n                  ").append(measure);
    text.append(",").append(p.benchmarks.front().name).append(",38.07\n");
  }
  if (!p.facts.empty()) {
    const NamedInput& fact = p.facts.front();
    text.append("  facts.csv       organisation,measure,name,value\n                  ");
    text.append(fact.level == Level::kProgramme ? "," : "plan-a,");
    text.append(fact.level == Level::kMeasure ? measure : "").append(",").append(fact.name);
    text.append(fact.name == "done" ? ",yes\n" : ",1000000\n");
  }
}

std::string Listed(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& each : list) text.append(text.empty() ? "" : ", ").append(each);
  return text;
}

}  // namespace

std::string ExplainText(const Programme& p, Format format, bool rules) {
  if (format != Format::kTable) return PropertiesText(ExplainJson(p), format);
  std::string text = p.id + ": " + p.name + "\n\n";
  for (const std::string& says : p.says) Wrap(text, "", says, kColumns);
  text.append("\n");
  Say(text, "owner", p.owner);
  Say(text, "scores", p.scores);
  Say(text, "when", p.when + (p.historic ? " (HISTORIC)" : ""));
  Say(text, "money", p.money);
  Say(text, "source", p.source);
  Say(text, "rule", p.version + ", " + std::string(KindWord(p.kind)));
  Say(text, "periods", Listed(p.periods));
  Say(text, "frame", Listed(p.frames));
  Say(text, "dimension", Listed(p.dimensions));
  std::vector<std::string> groups;
  for (const NamedGroup& group : p.groups) groups.push_back(group.name);
  Say(text, "groups",
      groups.empty() && !p.periods.empty() ? "every one that comes; no answer is no group"
                                           : Listed(groups));
  if (p.reference) Say(text, "reference", p.reference->name);
  if (!p.measures.empty())
    text.append("\nmeasures").append(p.any_measure ? " (others are scored too)\n" : "\n");
  for (const ProgrammeMeasure& measure : p.measures) {
    std::string line = measure.words;
    if (measure.better == equity::Better::kLower) line.append(" (lower is better)");
    if (measure.weight.sign() != 0) line.append("; weight ").append(measure.weight.Exact());
    Say(text, "  " + measure.id, line.empty() ? measure.id : line);
  }
  if (!p.benchmarks.empty()) text.append("\nbenchmarks, brought with --benchmarks\n");
  for (const NamedInput& input : p.benchmarks) Say(text, "  " + input.name, input.words);
  if (!p.facts.empty()) text.append("\nfacts, brought with --facts\n");
  for (const NamedInput& input : p.facts) {
    Say(text, "  " + input.name,
        "of the " + std::string(LevelWord(input.level)) + ": " + input.words);
  }
  if (!p.readings.empty()) text.append("\nreadings, chosen with --reading NAME=OPTION\n");
  for (const Reading& reading : p.readings) {
    Wrap(text, "  " + reading.name + ": ", reading.clause, kColumns);
    for (const Reading::Option& option : reading.options) {
      const bool first = &option == &reading.options.front();
      Wrap(text, "    " + option.name + (first ? " (default): " : ": "), option.words, kColumns);
    }
  }
  if (!p.figures.empty()) SayFigures(p, rules, text);
  if (!p.notes.empty()) text.append("\nnotes\n");
  for (const std::string& note : p.notes) Wrap(text, "  ", note, kColumns);
  if (p.kind != ProgrammeKind::kNoFormula) SayCommand(p, text);
  return text;
}

}  // namespace equinode::cli
