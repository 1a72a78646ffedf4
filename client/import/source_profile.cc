#include "client/import/source_profile.h"

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "client/import/fhir/date.h"
#include "client/toml/parser.h"
#include "client/toml/toml_text.h"

namespace equinode {
namespace {

constexpr std::size_t kMaxProfile = 4 * 1024 * 1024;
constexpr std::size_t kMaxRules = 10'000;
constexpr std::size_t kMaxWord = 1024;

Error Bad(const toml::source_position& at, const std::string& what) {
  return Error{Code::kInvalidArgument, "BAD_PROFILE",
               "source profile, line " + std::to_string(at.line) + ": " + what};
}
Error Bad(const toml::node& node, const std::string& what) {
  return Bad(node.source().begin, what);
}

// A TOML table whose keys are all known: each is read by its own function.
using Readers = std::map<std::string, std::function<Status(const toml::node&)>>;

Status ReadTable(const toml::table& table, const std::string& where, const Readers& readers) {
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const auto reader = readers.find(name);
    if (reader == readers.end()) {
      std::string known;
      for (const auto& [word, unused] : readers) known += (known.empty() ? "" : ", ") + word;
      return Bad(key.source().begin,
                 "unknown key \"" + name + "\"" + where + "; known are " + known);
    }
    EQN_CHECK(reader->second(node));
  }
  return Ok();
}

std::function<Status(const toml::node&)> Word(const std::string& key, std::string& out) {
  return [key, &out](const toml::node& node) -> Status {
    const auto word = node.value_exact<std::string>();
    if (!word) return Bad(node, key + " is not a text; write " + key + " = \"...\"");
    if (word->empty() || word->size() > kMaxWord) {
      return Bad(node, key + " is empty or over 1,024 bytes; leave the key out or shorten it");
    }
    for (const char c : *word) {
      if (static_cast<unsigned char>(c) < 0x20)
        return Bad(node, key + " holds a control character");
    }
    out = *word;
    return Ok();
  };
}

// One of a few words.
template <typename T>
std::function<Status(const toml::node&)> OneOf(const std::string& key,
                                               std::vector<std::pair<std::string, T>> words,
                                               T& out) {
  return [key, words = std::move(words), &out](const toml::node& node) -> Status {
    const auto given = node.value_exact<std::string>();
    std::string known;
    for (const auto& [word, value] : words) {
      if (given && *given == word) {
        out = value;
        return Ok();
      }
      known += (known.empty() ? "\"" : ", \"") + word + "\"";
    }
    return Bad(node, key + " is one of " + known);
  };
}

std::function<Status(const toml::node&)> Table(const std::string& key, Readers readers) {
  return [key, readers = std::move(readers)](const toml::node& node) -> Status {
    const auto* table = node.as_table();
    if (table == nullptr) return Bad(node, key + " is a table; write [" + key + "]");
    return ReadTable(*table, " in [" + key + "]", readers);
  };
}

Status ReadCollectedOn(const toml::node& node, SourceProfile& out) {
  const std::string hint =
      "collected_on is \"unknown\", \"last-updated\" (the day of Patient.meta.lastUpdated) or a "
      "day like \"2025-01-31\"";
  if (const auto day = node.value_exact<toml::date>()) {
    out.collected_on = CollectedOn::kFixed;
    out.collected_day = {day->year, day->month, day->day};
    return Ok();
  }
  const auto word = node.value_exact<std::string>();
  if (!word) return Bad(node, hint);
  if (*word == "unknown") {
    out.collected_on = CollectedOn::kUnknown;
  } else if (*word == "last-updated") {
    out.collected_on = CollectedOn::kLastUpdated;
  } else {
    const auto day = fhir::ReadDate(*word, "BAD_PROFILE", "collected_on");
    if (!day.ok() || word->size() > 10) return Bad(node, hint);
    out.collected_on = CollectedOn::kFixed;
    out.collected_day = *day;
  }
  return Ok();
}

Status ReadPayer(const toml::node& node, SourceProfile& out) {
  const auto* list = node.as_array();
  if (list == nullptr) return Bad(node, "payer rules are a list; write [[payer]] before each");
  for (const toml::node& element : *list) {
    const auto* table = element.as_table();
    if (table == nullptr) return Bad(element, "a payer rule is a table; write [[payer]]");
    if (out.payers.size() == kMaxRules) return Bad(element, "there are over 10,000 payer rules");
    PayerRule rule;
    EQN_CHECK(ReadTable(*table, " in [[payer]]",
                        {{"identifier", Word("identifier", rule.identifier)},
                         {"reference", Word("reference", rule.reference)},
                         {"name", Word("name", rule.name)},
                         {"type", Word("type", rule.type)},
                         {"uri", Word("uri", rule.uri)},
                         {"line_of_business", Word("line_of_business", rule.line_of_business)}}));
    if (rule.identifier.empty() && rule.reference.empty() && rule.name.empty()) {
      return Bad(element, "the payer rule matches nobody; give it identifier, reference or name");
    }
    if (rule.uri.empty() || rule.uri.size() > 256 || rule.uri.find(' ') != std::string::npos) {
      return Bad(element,
                 "the payer rule names no payer; write uri = "
                 "\"spiffe://network/payer/organisation\"");
    }
    out.payers.push_back(std::move(rule));
  }
  return Ok();
}

}  // namespace

bool IsFeedName(std::string_view name) {
  if (name.empty() || name.size() > 64) return false;
  for (const char c : name) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
    if (!good) return false;
  }
  return true;
}

Result<SourceProfile> ParseSourceProfile(std::string_view text) {
  if (text.size() > kMaxProfile) {
    return Error{Code::kInvalidArgument, "BAD_PROFILE", "the source profile is over 4 MiB"};
  }
  const auto plain = AsciiToml(text);
  if (!plain.ok()) {
    return Error{Code::kInvalidArgument, "BAD_PROFILE", "source profile, " + plain.error().message};
  }
  const toml::parse_result parsed = toml::parse(*plain);
  if (!parsed) {
    return Bad(parsed.error().source().begin, std::string(parsed.error().description()));
  }
  SourceProfile profile;
  MeasureColumns& columns = profile.columns;
  const Readers readers = {
      {"feed", Word("feed", profile.feed)},
      {"mrn_system", Word("mrn_system", profile.mrn_system)},
      {"us_core",
       OneOf<InvariantPolicy>(
           "us_core", {{"refuse", InvariantPolicy::kRefuse}, {"keep", InvariantPolicy::kKeep}},
           profile.invariants)},
      {"demographics",
       Table("demographics",
             {{"method",
               OneOf<CollectionMethod>("method",
                                       {{"unknown", CollectionMethod::kUnknown},
                                        {"self-reported", CollectionMethod::kSelfReported},
                                        {"proxy-reported", CollectionMethod::kProxyReported},
                                        {"administrative", CollectionMethod::kAdministrative},
                                        {"observed", CollectionMethod::kObserved},
                                        {"derived", CollectionMethod::kDerived},
                                        {"other", CollectionMethod::kOther}},
                                       profile.method)},
              {"instrument", Word("instrument", profile.instrument)},
              {"collected_on",
               [&](const toml::node& node) { return ReadCollectedOn(node, profile); }}})},
      {"columns", Table("columns", {{"mrn", Word("mrn", columns.mrn)},
                                    {"person", Word("person", columns.person)},
                                    {"measure", Word("measure", columns.measure)},
                                    {"period", Word("period", columns.period)},
                                    {"denominator", Word("denominator", columns.denominator)},
                                    {"numerator", Word("numerator", columns.numerator)}})},
      {"payer", [&](const toml::node& node) { return ReadPayer(node, profile); }},
  };
  EQN_CHECK(ReadTable(parsed.table(), "", readers));
  if (!profile.feed.empty() && !IsFeedName(profile.feed)) {
    return Bad(*parsed.table().get("feed"), "feed is 1 to 64 of letters, digits, '.', '_' and '-'");
  }
  const std::set<std::string> names = {columns.mrn,    columns.person,      columns.measure,
                                       columns.period, columns.denominator, columns.numerator};
  if (names.size() != 6) {
    const auto* table = parsed.table().get("columns");
    return Bad(table == nullptr ? static_cast<const toml::node&>(parsed.table()) : *table,
               "two of our columns have the same name in the file");
  }
  return profile;
}

Result<SourceProfile> ReadSourceProfile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return Error{Code::kNotFound, "NO_SUCH_FILE",
                 "cannot read the source profile " + path.string() + "; check the path"};
  }
  std::string text;
  std::array<char, 16 * 1024> chunk{};
  while (in && text.size() <= kMaxProfile) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    text.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
  }
  return ParseSourceProfile(text);
}

std::string StampOf(const SourceProfile& profile) {
  std::ostringstream stamp;
  const auto add = [&](const std::string& word) { stamp << word.size() << ':' << word << '\n'; };
  const PartialDate& day = profile.collected_day;
  for (const std::string& word : {profile.feed, profile.instrument, profile.mrn_system}) add(word);
  stamp << static_cast<int>(profile.method) << ' ' << static_cast<int>(profile.collected_on) << ' '
        << day.year << '-' << int{day.month} << '-' << int{day.day} << ' '
        << static_cast<int>(profile.invariants) << '\n';
  const MeasureColumns& columns = profile.columns;
  for (const std::string& word : {columns.mrn, columns.person, columns.measure, columns.period,
                                  columns.denominator, columns.numerator}) {
    add(word);
  }
  for (const PayerRule& rule : profile.payers) {
    for (const std::string& word :
         {rule.identifier, rule.reference, rule.name, rule.type, rule.uri, rule.line_of_business}) {
      add(word);
    }
  }
  return stamp.str();
}

}  // namespace equinode
