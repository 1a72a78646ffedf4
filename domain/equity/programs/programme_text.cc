#include "domain/equity/programs/programme_text.h"

#include <algorithm>
#include <array>

#include "domain/equity/programs/programme_check.h"

namespace equinode::equity::programs {
namespace {

std::string_view Trim(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

// Takes the first word off `text`.
std::string_view Word(std::string_view& text) {
  text = Trim(text);
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text = Trim(text.substr(end));
  return word;
}

// "a | b | c", trimmed.
std::vector<std::string> Split(std::string_view text, char at) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t end = std::min(text.find(at), text.size());
    const std::string_view part = Trim(text.substr(0, end));
    if (!part.empty()) out.emplace_back(part);
    if (end == text.size()) return out;
    text.remove_prefix(end + 1);
  }
}

// Cuts " -- words" off.
std::string CutWords(std::string_view& text) {
  const std::size_t at = text.find("-- ");
  if (at == std::string_view::npos) return {};
  const std::string words(Trim(text.substr(at + 3)));
  text = Trim(text.substr(0, at));
  return words;
}

template <typename T, std::size_t N>
std::optional<T> Lookup(const std::array<std::pair<std::string_view, T>, N>& table,
                        std::string_view word) {
  for (const auto& [name, value] : table) {
    if (name == word) return value;
  }
  return std::nullopt;
}

template <typename T, std::size_t N>
std::string_view Name(const std::array<std::pair<std::string_view, T>, N>& table, T value) {
  for (const auto& [name, each] : table) {
    if (each == value) return name;
  }
  return {};
}

constexpr std::array<std::pair<std::string_view, ProgrammeKind>, 3> kKinds = {{
    {"computed", ProgrammeKind::kComputed},
    {"checklist", ProgrammeKind::kChecklist},
    {"no-formula", ProgrammeKind::kNoFormula},
}};
constexpr std::array<std::pair<std::string_view, Level>, 4> kLevels = {{
    {"group", Level::kGroup},
    {"measure", Level::kMeasure},
    {"organisation", Level::kOrganisation},
    {"programme", Level::kProgramme},
}};
constexpr std::array<std::pair<std::string_view, Unit>, 8> kUnits = {{
    {"truth", Unit::kTruth},
    {"share", Unit::kShare},
    {"percent", Unit::kPercent},
    {"points", Unit::kPoints},
    {"dollars", Unit::kDollars},
    {"count", Unit::kCount},
    {"number", Unit::kNumber},
    {"place", Unit::kPlace},
}};
constexpr std::array<std::pair<std::string_view, Better>, 3> kBetters = {{
    {"higher", Better::kHigher},
    {"lower", Better::kLower},
    {"unknown", Better::kUnknown},
}};

struct Line {
  std::size_t number = 0;  // Of its first line in the file.
  std::string text{};
};

// Without comments and blank lines; an indented line goes on the one before, but for steps and
// options.
std::vector<Line> Lines(std::string_view text) {
  std::vector<Line> out;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view trimmed = Trim(line);
    if (trimmed.empty() || trimmed[0] == '#') continue;
    if (line[0] == ' ' && !out.empty() && !trimmed.starts_with("step ") &&
        !trimmed.starts_with("option ")) {
      out.back().text.append(" ").append(trimmed);
    } else {
      out.push_back({number, std::string(trimmed)});
    }
  }
  return out;
}

class Reader {
 public:
  Result<Programme> Read(std::string_view text) {
    for (const Line& line : Lines(text)) {
      const Status taken = Take(line.text);
      if (!taken.ok()) return At(line.number, taken.error().message);
    }
    const Status good = CheckProgramme(programme_);
    if (!good.ok()) return Bad(programme_.id + ": " + good.error().message);
    return std::move(programme_);
  }

 private:
  static Error Bad(std::string message) {
    return {Code::kInvalidArgument, "BAD_PROGRAMME", std::move(message)};
  }
  static Error At(std::size_t line, const std::string& message) {
    return Bad("line " + std::to_string(line) + ": " + message);
  }

  Status Take(std::string_view rest) {
    const std::string_view word = Word(rest);
    if (const Texts* texts = FindText(word)) {
      (programme_.*texts->member).assign(rest);
      return Ok();
    }
    if (word == "says") return Push(programme_.says, rest);
    if (word == "note") return Push(programme_.notes, rest);
    if (word == "period") return Push(programme_.periods, rest);
    if (word == "frame") return Push(programme_.frames, rest);
    if (word == "dimension") return Push(programme_.dimensions, rest);
    if (word == "kind") {
      const auto kind = Lookup(kKinds, rest);
      if (!kind) return Bad("a kind is computed, checklist or no-formula");
      programme_.kind = *kind;
      return Ok();
    }
    if (word == "historic") return Flag(programme_.historic);
    if (word == "one-dimension") return Flag(programme_.one_dimension);
    if (word == "source-of") {
      std::string stratum(Word(rest));
      if (stratum.empty() || rest.empty()) return Bad("source-of has a stratum and its source");
      programme_.sources_of.emplace_back(std::move(stratum), rest);
      return Ok();
    }
    if (word == "by-source") return Flag(programme_.by_source);
    if (word == "any-measure") return Flag(programme_.any_measure);
    if (word == "group") return TakeGroup(rest);
    if (word == "reference") return TakeReference(rest);
    if (word == "measure") return TakeMeasure(rest);
    if (word == "benchmark") return TakeInput(rest, Level::kMeasure, programme_.benchmarks);
    if (word == "fact") return TakeFact(rest);
    if (word == "reading") return TakeReading(rest);
    if (word == "option") return TakeOption(rest);
    if (word == "figure") return TakeFigure(rest, false);
    if (word == "bands") return TakeFigure(rest, true);
    if (word == "step") return TakeStep(rest);
    if (word == "pool") return TakePool(rest);
    if (word == "show") {
      for (std::string& name : Split(rest, ' ')) programme_.shown.push_back(std::move(name));
      return Ok();
    }
    if (word == "outcome") return TakeOutcome(rest);
    return Bad("there is no '" + std::string(word) + "' in a programme");
  }

  struct Texts {
    std::string_view word;
    std::string Programme::*member;
  };
  static const Texts* FindText(std::string_view word) {
    static constexpr std::array kTexts = {
        Texts{"id", &Programme::id},         Texts{"name", &Programme::name},
        Texts{"owner", &Programme::owner},   Texts{"scores", &Programme::scores},
        Texts{"when", &Programme::when},     Texts{"version", &Programme::version},
        Texts{"source", &Programme::source}, Texts{"money", &Programme::money},
    };
    for (const Texts& text : kTexts) {
      if (text.word == word) return &text;
    }
    return nullptr;
  }

  static Status Push(std::vector<std::string>& list, std::string_view text) {
    list.emplace_back(text);
    return Ok();
  }
  static Status Flag(bool& flag) {
    flag = true;
    return Ok();
  }
  static NamedGroup Group(std::string_view text) {
    std::vector<std::string> names = Split(text, '|');
    NamedGroup group{names.empty() ? "" : names[0], {}};
    if (names.size() > 1) group.also.assign(names.begin() + 1, names.end());
    return group;
  }
  Status TakeGroup(std::string_view rest) {
    programme_.groups.push_back(Group(rest));
    return programme_.groups.back().name.empty() ? Status(Bad("a group has a name")) : Ok();
  }
  Status TakeReference(std::string_view rest) {
    if (rest.starts_with("listed ")) {
      programme_.lists_reference = true;
      Word(rest);
    }
    programme_.reference = Group(rest);
    return Ok();
  }

  // measure ID higher|lower|unknown [weight N] [tag T] [mean A B | of MEASURE GROUP] -- words
  Status TakeMeasure(std::string_view rest) {
    ProgrammeMeasure measure;
    measure.words = CutWords(rest);
    measure.id = Word(rest);
    const auto better = Lookup(kBetters, Word(rest));
    if (!better) return Bad("a measure is better higher, lower or unknown");
    measure.better = *better;
    while (!rest.empty()) {
      const std::string_view word = Word(rest);
      if (word == "weight") {
        EQN_TRY(measure.weight, Number(Word(rest)));
      } else if (word == "tag") {
        measure.tags.emplace_back(Word(rest));
      } else if (word == "of") {
        measure.of_measure = Word(rest);
        measure.of_group = rest;
        rest = {};
      } else if (word == "mean") {
        measure.mean_of = Split(rest, ' ');
        rest = {};
      } else {
        return Bad("a measure has weight, tag, mean and of, no '" + std::string(word) + "'");
      }
    }
    programme_.measures.push_back(std::move(measure));
    return Ok();
  }
  static Status TakeInput(std::string_view rest, Level level, std::vector<NamedInput>& list) {
    NamedInput input;
    input.words = CutWords(rest);
    input.name = rest;
    input.level = level;
    list.push_back(std::move(input));
    return Ok();
  }
  Status TakeFact(std::string_view rest) {
    const auto level = Lookup(kLevels, Word(rest));
    if (!level || *level == Level::kGroup) {
      return Bad("a fact is of a measure, an organisation or the programme");
    }
    return TakeInput(rest, *level, programme_.facts);
  }

  Status TakeReading(std::string_view rest) {
    Reading reading;
    reading.clause = CutWords(rest);
    reading.name = rest;
    programme_.readings.push_back(std::move(reading));
    return Ok();
  }
  Status TakeOption(std::string_view rest) {
    if (programme_.readings.empty()) return Bad("an option comes after its reading");
    Reading::Option option;
    option.words = CutWords(rest);
    option.name = rest;
    programme_.readings.back().options.push_back(std::move(option));
    return Ok();
  }

  Status TakeWhen(std::string_view& rest, When& when) {
    if (!rest.starts_with("when ")) return Ok();
    Word(rest);
    const std::string_view word = Word(rest);
    const std::size_t at = word.find('=');
    if (at == std::string_view::npos) return Bad("a condition is when READING=OPTION");
    when = {std::string(word.substr(0, at)), std::string(word.substr(at + 1))};
    return Ok();
  }

  // figure NAME LEVEL UNIT [when R=O] = RULE -- words
  // bands NAME LEVEL UNIT [when R=O] of RULE -- words, then steps
  Status TakeFigure(std::string_view rest, bool bands) {
    Figure figure;
    figure.words = CutWords(rest);
    figure.name = Word(rest);
    const auto level = Lookup(kLevels, Word(rest));
    const auto unit = Lookup(kUnits, Word(rest));
    if (!level) return Bad("a figure is of a group, a measure, an organisation or the programme");
    if (!unit) return Bad("a figure's unit is not known");
    figure.level = *level;
    figure.unit = *unit;
    EQN_CHECK(TakeWhen(rest, figure.when));
    if (Word(rest) != (bands ? "of" : "=")) {
      return Bad(bands ? "bands are of a rule" : "a figure is = a rule");
    }
    figure.rule_text = rest;
    EQN_TRY(figure.rule, ParseExpression(rest));
    programme_.figures.push_back(std::move(figure));
    in_bands_ = bands;
    return Ok();
  }
  // step VALUE, then step VALUE >= EDGE or step VALUE > EDGE
  Status TakeStep(std::string_view rest) {
    if (!in_bands_ || programme_.figures.empty()) return Bad("a step belongs to bands");
    std::vector<Band>& bands = programme_.figures.back().bands;
    Band band;
    const std::string_view value = Word(rest);
    if (value == "yes" || value == "no") {
      band.value = Value::Truth(value == "yes");
    } else {
      EQN_TRY(Rational number, Number(value));
      band.value = Value::Number(std::move(number));
    }
    if (bands.empty() != rest.empty()) return Bad("the first step alone has no lower edge");
    if (!rest.empty()) {
      const std::string_view sign = Word(rest);
      if (sign != ">=" && sign != ">") return Bad("an edge is >= or >");
      band.includes_from = sign == ">=";
      EQN_TRY(band.from, Number(rest));
      if (bands.back().from && *band.from <= *bands.back().from) {
        return Bad("the edges of bands ascend");
      }
    }
    bands.push_back(std::move(band));
    return Ok();
  }

  // pool by-source|by-weight [when R=O] withheld 1.5% to_pool 75% capitation F earned F met F score
  // F
  Status TakePool(std::string_view rest) {
    PoolRule pool;
    const std::string_view portion = Word(rest);
    if (portion != "by-source" && portion != "by-weight")
      return Bad("a pool is by-source or by-weight");
    pool.by_weight = portion == "by-weight";
    EQN_CHECK(TakeWhen(rest, pool.when));
    while (!rest.empty()) {
      const std::string_view key = Word(rest);
      const std::string_view value = Word(rest);
      if (key == "withheld" || key == "to_pool") {
        EQN_TRY(Rational share, Number(value));
        (key == "withheld" ? pool.withheld : pool.to_pool) = std::move(share);
      } else if (key == "capitation") {
        pool.capitation = value;
      } else if (key == "earned") {
        pool.earned = value;
      } else if (key == "met") {
        pool.met = value;
      } else if (key == "score") {
        pool.score = value;
      } else {
        return Bad("a pool has no '" + std::string(key) + "'");
      }
    }
    programme_.pools.push_back(std::move(pool));
    return Ok();
  }

  Status TakeOutcome(std::string_view rest) {
    Outcome outcome;
    outcome.figure = Word(rest);
    if (!rest.empty() && rest != "less") return Bad("an outcome is better with more, or 'less'");
    outcome.more_is_better = rest.empty();
    programme_.outcomes.push_back(std::move(outcome));
    return Ok();
  }

  static Result<Rational> Number(std::string_view text) {
    const bool hundredths = text.ends_with('%');
    if (hundredths) text.remove_suffix(1);
    EQN_TRY(const Rational number, Rational::Parse(text));
    return hundredths ? number / 100 : number;
  }

  Programme programme_{};
  bool in_bands_ = false;
};

}  // namespace

std::string_view KindWord(ProgrammeKind kind) { return Name(kKinds, kind); }
std::string_view LevelWord(Level level) { return Name(kLevels, level); }
std::string_view UnitWord(Unit unit) { return Name(kUnits, unit); }

namespace {

std::size_t StepAt(const std::vector<Band>& bands, const Rational& number) {
  std::size_t step = bands.size() - 1;
  while (step > 0) {
    const Band& band = bands[step];
    if (number > *band.from || (band.includes_from && number == *band.from)) break;
    --step;
  }
  return step;
}

}  // namespace

const Value& StepOf(const std::vector<Band>& bands, const Rational& number) {
  return bands[StepAt(bands, number)].value;
}

Value StepsOf(const std::vector<Band>& bands, const Value& number) {
  const std::size_t from = StepAt(bands, number.number);
  const std::size_t to = number.open() ? StepAt(bands, number.high()) : from;
  Value out = bands[from].value;
  for (std::size_t step = from + 1; step <= to; ++step) out = Hull(out, bands[step].value);
  return out;
}

Result<Programme> ParseProgramme(std::string_view text) { return Reader().Read(text); }

}  // namespace equinode::equity::programs
