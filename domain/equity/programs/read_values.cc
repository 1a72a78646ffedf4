#include "domain/equity/programs/read_values.h"

#include <algorithm>
#include <array>

#include "domain/equity/counts/csv_fields.h"

namespace equinode::equity::programs {
namespace {

constexpr std::array<std::string_view, 4> kColumns = {"organisation", "measure", "name", "value"};

Error At(std::size_t line, std::string reason, const std::string& message) {
  return {Code::kInvalidArgument, std::move(reason), "line " + std::to_string(line) + message};
}

std::string Column(std::size_t place, std::string_view name) {
  return ", column " + std::to_string(place + 1) + " (" + std::string(name) + "): ";
}

class ValueReading {
 public:
  ValueReading(ValueFile file, const Programme& programme, Evidence& evidence)
      : file_(file),
        asked_(file == ValueFile::kFacts ? programme.facts : programme.benchmarks),
        programme_(programme),
        into_(file == ValueFile::kFacts ? evidence.facts : evidence.benchmarks) {}

  Status Line(std::string_view text, std::size_t line) {
    if (line == 1) {
      if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
      separator_ = SeparatorOfHeader(text);
    }
    const Status split = SplitCsvLine(text, separator_, fields_);
    if (!split.ok()) return At(line, split.error().reason, ": " + split.error().message);
    return line == 1 ? Header() : Row(line);
  }

 private:
  Status Header() {
    places_.fill(kNone);
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const auto found = std::ranges::find(kColumns, fields_[i].text);
      if (found == kColumns.end()) {
        return At(1, "BAD_COLUMN",
                  Column(i, fields_[i].text) +
                      "there is no such column; they are organisation, measure, name, value");
      }
      places_[static_cast<std::size_t>(found - kColumns.begin())] = i;
    }
    for (const std::size_t wanted : {2, 3}) {
      if (places_[wanted] == kNone) {
        return At(1, "BAD_COLUMN", ": the column " + std::string(kColumns[wanted]) + " is missing");
      }
    }
    columns_ = fields_.size();
    return Ok();
  }

  std::string Text(std::size_t column) const {
    return places_[column] == kNone ? std::string() : fields_[places_[column]].text;
  }

  Status Row(std::size_t line) {
    if (fields_.size() != columns_) {
      return At(line, "BAD_CSV",
                ": it has " + std::to_string(fields_.size()) + " fields, the header " +
                    std::to_string(columns_));
    }
    Evidence::FactKey key{Text(0), Text(1), Text(2)};
    if (std::ranges::find(asked_, key.name, &NamedInput::name) == asked_.end()) {
      std::string text = Column(places_[2], "name") + programme_.id + " asks for no " +
                         (file_ == ValueFile::kFacts ? "fact '" : "benchmark '") + key.name + "'";
      text.append(asked_.empty() ? " at all" : "; it asks for");
      for (const NamedInput& each : asked_) text.append(" ").append(each.name);
      return At(line, "NO_SUCH_NAME", text);
    }
    const std::string value = Text(3);
    Rational number;
    if (value == "yes" || value == "no") {
      number = Rational(value == "yes" ? 1 : 0);
    } else {
      auto parsed = Rational::Parse(value);
      if (!parsed.ok()) {
        return At(line, "BAD_NUMBER",
                  Column(places_[3], "value") + "a number such as 12.5, or yes, or no");
      }
      number = std::move(parsed).value();
    }
    if (!into_.emplace(std::move(key), std::move(number)).second) {
      return At(line, "REPEATED_ROW", ": the same value was given before");
    }
    return Ok();
  }

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  ValueFile file_;
  const std::vector<NamedInput>& asked_;
  const Programme& programme_;
  std::map<Evidence::FactKey, Rational>& into_;
  std::vector<CsvField> fields_{};
  std::array<std::size_t, 4> places_{};
  std::size_t columns_ = 0;
  char separator_ = ',';
};

}  // namespace

Status ReadValues(std::string_view csv, ValueFile file, const Programme& programme,
                  Evidence& evidence) {
  ValueReading reading(file, programme, evidence);
  std::size_t line = 0;
  while (!csv.empty()) {
    const std::size_t end = std::min(csv.find('\n'), csv.size());
    std::string_view text = csv.substr(0, end);
    csv.remove_prefix(std::min(end + 1, csv.size()));
    ++line;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.find_first_not_of(" \t") == std::string_view::npos && line > 1) continue;
    EQN_CHECK(reading.Line(text, line));
  }
  if (line == 0) return At(1, "BAD_COLUMN", ": the file is empty; it begins with a header");
  return Ok();
}

}  // namespace equinode::equity::programs
