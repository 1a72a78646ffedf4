#include "server/needs/care_counts.h"

#include <limits>
#include <map>
#include <utility>

#include "domain/referral/chain.h"
#include "storage/referral_store.h"

namespace equinode {
namespace {

constexpr std::size_t kPage = 500;

// The facts of our own referrals, by the source id of whom they are about. A referral that changes
// meanwhile is met again further on: its last reading stands.
using ByReferral = std::map<Uuid, std::pair<std::string, std::optional<ReferralFact>>>;

Result<ByReferral> OwnReferrals(Database& database) {
  // Their signatures were checked when they came.
  const referral::SignatureCheck trusted = [](ByteView, ByteView, std::string_view) {
    return Ok();
  };
  ByReferral found;
  for (std::int64_t after = 0;;) {
    EQN_TRY(const bool more, database.Read([&](ReadTx& tx) -> Result<bool> {
      EQN_TRY(const auto page, ReferralStore::ChangedAfter(tx, "", after, kPage));
      for (const StoredReferral& each : page) {
        after = each.changed;
        if (!each.ours) continue;
        EQN_TRY(const auto links, ReferralStore::Links(tx, each.row));
        EQN_TRY(referral::Chain chain, referral::Verify(links, trusted));
        chain.view.here = HereOf(each);
        found[each.id] = {each.person, ReferralFactOf(chain.view)};
      }
      return page.size() == kPage;
    }));
    if (!more) return found;
  }
}

class Counting {
 public:
  Counting(std::vector<NeedMeasure> measures, const CountPeriod& period)
      : measures_(std::move(measures)), period_(period) {
    for (const NeedMeasure& measure : measures_) counted_.push_back({NameOf(measure), {}, {}});
  }

  void Add(PersonNo person, const CareFacts& facts) {
    for (std::size_t i = 0; i < measures_.size(); ++i) {
      const Standing standing = Judge(measures_[i], facts, period_);
      const bool of_people = CountsPopulation(counted_[i].measure);
      if (standing != Standing::kOut && !of_people) counted_[i].denominator.push_back(person);
      if (standing == Standing::kNumerator) counted_[i].numerator.push_back(person);
    }
  }
  std::vector<ComputedMeasure> Take() { return std::move(counted_); }

 private:
  std::vector<NeedMeasure> measures_;
  CountPeriod period_;
  std::vector<ComputedMeasure> counted_{};
};

}  // namespace

Result<std::vector<ComputedMeasure>> CareCounts::Count(std::span<const std::string> names,
                                                       const CountPeriod& period) const {
  std::vector<NeedMeasure> measures;
  for (const std::string& name : names) {
    auto measure = NeedMeasureNamed(name);
    if (!measure) {
      return Error{Code::kInvalidArgument, "UNKNOWN_MEASURE",
                   "there is no measure " + name + ": see docs/needs.md"};
    }
    measures.push_back(*std::move(measure));
  }
  const RecordKeeper& keeper = reader_.keeper();
  EQN_TRY(const ByReferral referrals, OwnReferrals(database_));
  std::map<PersonNo, std::vector<ReferralFact>> by_person;
  for (const auto& [id, one] : referrals) {
    if (!one.second) continue;
    EQN_TRY(const auto number, keeper.NumberOf(one.first));
    if (number) by_person[*number].push_back(*one.second);
  }
  const auto table = codes_.Get();
  Counting counting(std::move(measures), period);
  EQN_TRY(const PersonNo end,
          reader_.Scan(0, std::numeric_limits<std::size_t>::max(),
                       [&](PersonNo person_no, const PersonOnRecord& person) -> Result<bool> {
                         if (person.origin != keeper.self()) return true;
                         auto own = by_person.extract(person_no);
                         const PersonNeeds needs = NeedsOf(person.records, *table, period.last);
                         counting.Add(person_no,
                                      CareFactsOf(person.records, needs,
                                                  own.empty() ? std::vector<ReferralFact>()
                                                              : std::move(own.mapped())));
                         return true;
                       }));
  static_cast<void>(end);
  // Referred without anything on record about needs.
  for (auto& [person_no, facts] : by_person) {
    counting.Add(person_no, CareFactsOf({}, {}, std::move(facts)));
  }
  return counting.Take();
}

}  // namespace equinode
