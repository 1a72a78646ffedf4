// What measures of needs and referrals give away together. The gate knows by a list of ties how
// they hang together (count_ties); here it is found out from people: which groups are always among
// which others, and that no difference of what is shown is small.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "domain/needs/measures/count_ties.h"
#include "domain/needs/measures/judge.h"
#include "domain/privacy/release/release.h"
#include "tests/domain/needs/measures/people.h"

namespace equinode {
namespace {

const CountPeriod k2025{*ReadDay("2025-01-01"), *ReadDay("2025-12-31")};

std::vector<std::string> Candidates() {
  std::vector<std::string> names = {"screened.snse.food", "intervened.snse.food"};
  for (const std::string& domain : testing::SomeDomains()) {
    for (const char* count :
         {"screened.", "positive.", "coded.", "referred.", "accepted.", "closed."}) {
      names.push_back(count + domain);
    }
    for (const char* more : {".outcomes", ".ends", ".days", ".at.harvest.ends", ".at.pantry.ends",
                             ".at.harvest.days"}) {
      for (const char* count : {"screened.", "accepted.", "closed."}) {
        const auto meant = MeasuresMeant(count + domain + more);
        names.insert(names.end(), meant.begin(), meant.end());
      }
    }
    for (const char* at : {".at.harvest", ".at.pantry"}) {
      names.push_back("accepted." + domain + at);
      names.push_back("closed." + domain + at);
    }
  }
  return names;
}

std::vector<std::string> AnyMeasures() {
  static const std::vector<std::string> all = Candidates();
  std::set<std::string> some;
  for (int i = *rc::gen::inRange(1, 10); i > 0; --i) some.insert(*rc::gen::elementOf(all));
  return {some.begin(), some.end()};
}

using Member = std::vector<bool>;  // By person.

// Each count of a family: who is in it.
std::map<CountName, Member> Members(const std::vector<std::string>& names,
                                    const std::vector<CareFacts>& people) {
  std::map<CountName, Member> members;
  members[{"population", false}] = Member(people.size(), true);
  for (const std::string& name : names) {
    const auto measure = *NeedMeasureNamed(name);
    Member denominator;
    Member numerator;
    for (const CareFacts& facts : people) {
      const Standing standing = Judge(measure, facts, k2025);
      denominator.push_back(standing != Standing::kOut);
      numerator.push_back(standing == Standing::kNumerator);
    }
    if (!CountsPopulation(name)) members[{name, false}] = std::move(denominator);
    members[{name, true}] = std::move(numerator);
  }
  return members;
}

// A group of people counts `times` of everybody.
RawFamily FamilyOf(const std::vector<std::string>& names,
                   const std::map<CountName, Member>& members,
                   const std::vector<std::uint64_t>& times) {
  RawFamily family;
  const auto count = [&](const CountName& name, std::size_t stratum) {
    std::uint64_t sum = 0;
    const Member& in = members.at(name);
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (in[i] && i % 2 == stratum) sum += times[i];
    }
    return sum;
  };
  for (const std::string& name : names) {
    RawTable table{.measure = name, .stratifier = Stratifier::kSex};
    for (const std::size_t stratum : {std::size_t{0}, std::size_t{1}}) {
      const CountName whole =
          CountsPopulation(name) ? CountName{"population", false} : CountName{name, false};
      RawCell cell{stratum == 0 ? "FEMALE" : "MALE", count(whole, stratum),
                   name == "population" ? 0 : count({name, true}, stratum)};
      table.total.denominator += cell.denominator;
      table.total.numerator += cell.numerator;
      table.cells.push_back(std::move(cell));
    }
    family.tables.push_back({"sex", std::move(table)});
  }
  return family;
}

const std::vector<CareFacts>& ManyPeople() {
  static const std::vector<CareFacts> people = [] {
    std::vector<CareFacts> made;
    const auto any = rc::gen::exec(testing::AnyFacts);
    const rc::Random random(5);
    rc::Random at = random;
    for (int i = 0; i < 6000; ++i) made.push_back(any(at.split(), 100).value());
    return made;
  }();
  return people;
}

bool AllOf(const Member& part, const Member& whole) {
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] && !whole[i]) return false;
  }
  return true;
}
// Of those many: worked out once a measure.
std::map<CountName, Member> AlwaysMembers(const std::vector<std::string>& names) {
  static std::map<CountName, Member> known;
  std::map<CountName, Member> members;
  members[{"population", false}] = Member(ManyPeople().size(), true);
  for (const std::string& name : names) {
    if (!known.contains({name, true})) known.merge(Members({name}, ManyPeople()));
    if (!CountsPopulation(name)) members[{name, false}] = known.at({name, false});
    members[{name, true}] = known.at({name, true});
  }
  return members;
}

TEST(CareRelease, TiesHoldForAnyPeople) {
  std::size_t held = 0;
  EXPECT_TRUE(rc::check([&] {
    const auto names = AnyMeasures();
    auto members = AlwaysMembers(names);
    for (const CountTie& tie : TiesOf(names)) {
      std::vector<std::size_t> in(ManyPeople().size());
      for (const CountName& part : tie.parts) {
        RC_ASSERT(members.contains(part));
        for (std::size_t i = 0; i < in.size(); ++i) in[i] += members[part][i];
      }
      if (!members.contains(tie.whole)) {
        RC_ASSERT(tie.rest.empty() && tie.whole.measure.starts_with('='));
        Member made;
        for (const std::size_t times : in) made.push_back(times > 0);
        members[tie.whole] = std::move(made);
      }
      for (std::size_t i = 0; i < in.size(); ++i) {
        RC_ASSERT(in[i] <= 1u);
        RC_ASSERT(in[i] <= std::size_t{members[tie.whole][i]});
        RC_ASSERT(!tie.rest.empty() || in[i] == std::size_t{members[tie.whole][i]});
      }
      ++held;
    }
  }));
  EXPECT_GT(held, 200u);
}

TEST(CareRelease, NoSmallGroupFollowsFromWhatIsShown) {
  std::size_t pairs = 0;
  std::size_t shown_pairs = 0;
  EXPECT_TRUE(rc::check([&] {
    auto names = AnyMeasures();
    if (*rc::gen::arbitrary<bool>()) names.push_back("population");
    std::vector<std::string> ours = names;
    std::erase(ours, "population");
    const auto always = AlwaysMembers(ours);
    std::vector<CareFacts> people;
    std::vector<std::uint64_t> times;
    for (int i = *rc::gen::inRange(2, 16); i > 0; --i) {
      people.push_back(*rc::gen::elementOf(ManyPeople()));
      times.push_back(*rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(1, 4),
                                      rc::gen::inRange<std::uint64_t>(5, 90)));
    }
    const RawFamily raw = FamilyOf(names, Members(ours, people), times);
    const auto released = Release(raw, {});
    RC_ASSERT(released.ok());
    for (std::size_t place = 0; place < 3; ++place) {
      std::map<CountName, std::uint64_t> shown;
      for (const AnswerTable& table : released->tables()) {
        if (table.withheld) continue;
        const AnswerCell& cell = table.cells[place];
        const CountName whole = CountsPopulation(table.measure) ? CountName{"population", false}
                                                                : CountName{table.measure, false};
        if (cell.denominator.kind == ShownKind::kCount) shown[whole] = cell.denominator.count;
        if (cell.numerator.kind == ShownKind::kCount) {
          shown[{table.measure, true}] = cell.numerator.count;
        }
      }
      const auto small = [](std::uint64_t count) { return count >= 1 && count <= 10; };
      for (const auto& [whole, all] : shown) {
        for (const auto& [part, some] : shown) {
          if (whole == part) continue;
          ++pairs;
          if (!AllOf(always.at(part), always.at(whole))) continue;
          ++shown_pairs;
          RC_ASSERT(some <= all);
          if (small(all - some)) {
            RC_FAIL(whole.measure + (whole.numerator ? " numerator " : " denominator ") +
                    std::to_string(all) + " less " + part.measure +
                    (part.numerator ? " numerator " : " denominator ") + std::to_string(some));
          }
        }
      }
    }
  }));
  std::cout << "pairs shown: " << pairs << ", one within the other: " << shown_pairs << "\n";
  EXPECT_GT(shown_pairs, 200u);
}

}  // namespace
}  // namespace equinode
