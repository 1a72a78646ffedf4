#include "domain/needs/measures/count_ties.h"

#include <map>
#include <set>
#include <utility>

#include "domain/counts/stratifier.h"
#include "domain/needs/measures/day_bins.h"
#include "domain/needs/measures/measure_name.h"

namespace equinode {
namespace {

// A set of people, as one word: "positive/food-insecurity", "closed/food-insecurity@harvest/lost".
using People = std::string;
const People kEverybody = "population";

struct Counted {
  People denominator{};
  People numerator{};
};

// What a value of accepted or closed is of, and of whom.
People LoopPeople(std::string_view what, const NeedMeasure& measure, bool value = false) {
  People people = std::string(what) + "/" + measure.domain;
  if (!measure.at.empty()) people += "@" + measure.at;
  if (value && measure.end) people += "/" + std::string(LoopEndName(*measure.end));
  if (value && measure.bin) people += "/" + std::string(DayBins()[*measure.bin].word);
  return people;
}

Counted CountedBy(const NeedMeasure& measure) {
  const std::string& d = measure.domain;
  const std::string sns = measure.sns ? std::string(SnsNeedName(*measure.sns)) : "";
  switch (measure.count) {
    case NeedCount::kScreened:
      if (measure.sns) return {kEverybody, "sns-screened/" + sns};
      if (!measure.outcome) return {kEverybody, "screened/" + d};
      return {kEverybody, std::string(OutcomeName(*measure.outcome)) + "/" + d};
    case NeedCount::kPositive:
      return {"screened/" + d, "positive/" + d};
    case NeedCount::kIntervened:
      return {"sns-positive/" + sns, "sns-intervened/" + sns};
    case NeedCount::kCoded:
      return {"positive/" + d, "coded/" + d};
    case NeedCount::kReferred:
      return {"positive/" + d, "referred/" + d};
    case NeedCount::kAccepted:
    case NeedCount::kClosed: {
      const bool accepting = measure.count == NeedCount::kAccepted;
      const std::string_view all = accepting ? "accepted" : "closed";
      if (measure.bin) return {LoopPeople(all, measure), LoopPeople(all, measure, true)};
      return {LoopPeople("begun", measure), LoopPeople(all, measure, true)};
    }
  }
  return {};
}

class Ties {
 public:
  explicit Ties(std::span<const std::string> measures) {
    for (const std::string& name : std::set<std::string>(measures.begin(), measures.end())) {
      const auto measure = NeedMeasureNamed(name);
      if (!measure) continue;
      measures_.push_back(*measure);
      const Counted counted = CountedBy(*measure);
      if (counted.denominator != kEverybody) Add(counted.denominator, {name, false});
      Add(counted.numerator, {name, true});
      among_[counted.numerator].insert(counted.denominator);
    }
    names_.emplace(kEverybody, CountName{std::string(kMeasurePopulation), false});
  }

  std::vector<CountTie> Run() {
    std::set<std::string> domains;
    std::map<std::string, std::set<std::string>> organisations;
    for (const NeedMeasure& measure : measures_) {
      if (measure.domain.empty()) continue;
      domains.insert(measure.domain);
      if (!measure.at.empty()) organisations[measure.domain].insert(measure.at);
    }
    for (const std::string& domain : domains) {
      Screening(domain);
      Loops(domain, organisations[domain]);
    }
    SnsNeeds();
    Nest();
    return std::move(ties_);
  }

 private:
  void Add(const People& people, CountName name) {
    const auto [entry, first] = names_.emplace(people, name);
    if (!first) ties_.push_back({entry->second, {std::move(name)}, ""});
  }
  bool Has(const People& people) const { return names_.contains(people); }

  // The parts that are counted share nobody and are all among the whole; `all`: they are the whole.
  void Split(const People& whole, const std::vector<People>& parts, const std::string& rest,
             bool all = false) {
    for (const People& part : parts) among_[part].insert(whole);
    CountTie tie;
    for (const People& part : parts) {
      if (Has(part)) tie.parts.push_back(names_.at(part));
    }
    const bool complete = all && tie.parts.size() == parts.size();
    if (tie.parts.empty() || (!Has(whole) && !complete)) return;
    if (!Has(whole)) names_.emplace(whole, CountName{"=" + whole, false});
    tie.whole = names_.at(whole);
    if (!complete) tie.rest = rest;
    ties_.push_back(std::move(tie));
  }

  // Whoever is among others is among all whom those are among; the difference to each is a count
  // that can be had.
  void Nest() {
    const auto names = names_;
    for (const auto& [people, name] : names) {
      if (people == kEverybody) continue;
      std::set<People> above = {kEverybody};
      std::vector<People> next = {people};
      while (!next.empty()) {
        const People at = next.back();
        next.pop_back();
        for (const People& whole : among_[at]) {
          if (above.insert(whole).second) next.push_back(whole);
        }
      }
      for (const People& whole : above) {
        const auto found = names.find(whole);
        if (found == names.end()) continue;
        ties_.push_back({found->second, {name}, whole + " less " + people});
      }
    }
  }

  void Screening(const std::string& d) {
    Split("screened/" + d, {"positive/" + d, "negative/" + d}, "screened-other/" + d, true);
    Split(kEverybody, {"positive/" + d, "negative/" + d, "declined/" + d, "unable/" + d},
          "outcome-other/" + d);
    Split(kEverybody, {"screened/" + d, "declined/" + d, "unable/" + d}, "not-asked/" + d);
  }

  // The loops of all organisations, and those of one.
  void Values(const std::string& of) {
    Split("closed/" + of,
          {"closed/" + of + "/evidence", "closed/" + of + "/reported", "closed/" + of + "/unmet",
           "closed/" + of + "/lost"},
          "closed-other/" + of, true);
    Split("begun/" + of,
          {"closed/" + of + "/evidence", "closed/" + of + "/reported", "closed/" + of + "/unmet",
           "closed/" + of + "/lost"},
          "not-closed-so/" + of);
    Split("begun/" + of, {"accepted/" + of}, "not-accepted/" + of);
    Split("begun/" + of, {"closed/" + of}, "not-closed/" + of);
    for (const char* what : {"accepted/", "closed/"}) {
      std::vector<People> bins;
      for (const DayBin& bin : DayBins()) bins.push_back(what + of + "/" + std::string(bin.word));
      Split(what + of, bins, std::string(what) + of + "-other-days", true);
    }
  }

  void Loops(const std::string& d, const std::set<std::string>& organisations) {
    Values(d);
    Split("begun/" + d, {"referred/" + d}, "referred-before/" + d);
    for (const std::string& at : organisations) Values(d + "@" + at);
    const auto split = [&](const std::string& what, const std::string& value) {
      std::vector<People> parts;
      for (const std::string& at : organisations) parts.push_back(what + d + "@" + at + value);
      Split(what + d + value, parts, what + d + value + "-elsewhere");
    };
    split("begun/", "");
    for (const std::string what : {"accepted/", "closed/"}) {
      split(what, "");
      for (const DayBin& bin : DayBins()) split(what, "/" + std::string(bin.word));
    }
    for (const LoopEnd end :
         {LoopEnd::kEvidence, LoopEnd::kReported, LoopEnd::kUnmet, LoopEnd::kLost}) {
      split("closed/", "/" + std::string(LoopEndName(end)));
    }
    // Where all loops together are in no table: those of the organisations share nobody.
    std::vector<People> begun;
    for (const std::string& at : organisations) begun.push_back("begun/" + d + "@" + at);
    if (!Has("begun/" + d)) Split(kEverybody, begun, "not-begun-at/" + d);
  }

  // The year's screens are among the period's, which is that year.
  void SnsNeeds() {
    for (const SnsNeed need : {SnsNeed::kFood, SnsNeed::kHousing, SnsNeed::kTransportation}) {
      const std::string sns(SnsNeedName(need));
      Split("sns-screened/" + sns, {"sns-positive/" + sns}, "sns-not-positive/" + sns);
      if (DomainsOf(need).size() > 1) continue;  // Not in one family: domain/report/definition.
      const std::string& d = DomainsOf(need).front();
      Split("screened/" + d, {"sns-screened/" + sns}, "sns-screened-late/" + sns);
      Split("positive/" + d, {"sns-positive/" + sns}, "sns-positive-late/" + sns);
    }
  }

  std::vector<NeedMeasure> measures_{};
  std::map<People, CountName> names_{};
  std::map<People, std::set<People>> among_{};  // All of a group are also in these.
  std::vector<CountTie> ties_{};
};

}  // namespace

std::vector<CountTie> TiesOf(std::span<const std::string> measures) { return Ties(measures).Run(); }

}  // namespace equinode
