#include "domain/privacy/blocks/partition.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace equinode::blocks {
namespace {

constexpr std::uint32_t kLeastPractices = 5;
constexpr std::uint32_t kMostPercent = 50;
constexpr std::uint64_t kMostPeople = std::uint64_t{1} << 32;
constexpr std::size_t kNone = SIZE_MAX;

Error Bad(std::string reason, std::string message) {
  return Error{Code::kInvalidArgument, std::move(reason), std::move(message)};
}

bool IsBlockId(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// Declared blocks by id, joined step by step.
class Joining {
 public:
  Joining(const BlockRule& rule, std::vector<DeclaredBlock> declared)
      : rule_(rule), declared_(std::move(declared)) {
    std::ranges::sort(declared_, {}, &DeclaredBlock::id);
  }

  Status Check() {
    if (rule_.least_practices < kLeastPractices || rule_.most_percent > kMostPercent) {
      return Bad(
          "RULE_TOO_WEAK",
          "a block has at least 5 practices, none of them with more than 50 % of the people");
    }
    for (std::size_t i = 0; i < declared_.size(); ++i) {
      const DeclaredBlock& block = declared_[i];
      if (!IsBlockId(block.id)) {
        return Bad("BAD_BLOCK_ID", "a block's id is 1 to 64 of a-z, 0-9, _ and -");
      }
      if (!by_id_.emplace(block.id, i).second) {
        return Bad("BLOCK_TWICE", "block " + block.id + " is declared twice");
      }
      for (const std::string& practice : block.practices) {
        if (practice.empty() || practice.size() > 256) {
          return Bad("BAD_PRACTICE",
                     "block " + block.id + ": a practice's name has 1 to 256 bytes");
        }
        if (!home_.emplace(practice, i).second) {
          return Bad("PRACTICE_TWICE", "block " + block.id + ": " + practice +
                                           " is declared twice; a practice is in one block");
        }
      }
    }
    for (const DeclaredBlock& block : declared_) {
      if (block.neighbour.empty()) continue;
      if (block.neighbour == block.id || !by_id_.contains(block.neighbour)) {
        return Bad("BAD_NEIGHBOUR",
                   "block " + block.id + ": its neighbour is to be another of the blocks");
      }
    }
    return Ok();
  }

  Status Place(const std::vector<Panel>& accepted) {
    for (std::size_t i = 0; i < declared_.size(); ++i) {
      const std::string& neighbour = declared_[i].neighbour;
      groups_.push_back({{i}, {}, neighbour.empty() ? kNone : by_id_.at(neighbour)});
      group_of_.push_back(i);
    }
    std::set<std::string> seen;
    for (const Panel& panel : accepted) {
      const auto home = home_.find(panel.practice);
      if (home == home_.end()) {
        return Bad("UNKNOWN_PRACTICE", panel.practice + " is in none of the declared blocks");
      }
      if (!seen.insert(panel.practice).second) {
        return Bad("PANEL_TWICE", panel.practice + " has two panels");
      }
      if (panel.people > kMostPeople) {
        return Bad("PANEL_TOO_LARGE", panel.practice + " has a panel past 2^32 people");
      }
      groups_[home->second].panels.push_back(panel);
    }
    return Ok();
  }

  void Join() {
    for (std::size_t i = 0; i < groups_.size();) {
      const std::size_t target = MustJoin(i);
      if (target == kNone) {
        ++i;
        continue;
      }
      Group& from = groups_[i];
      Group& into = groups_[target];
      for (const std::size_t member : from.members) group_of_[member] = target;
      into.members.insert(into.members.end(), from.members.begin(), from.members.end());
      into.panels.insert(into.panels.end(), from.panels.begin(), from.panels.end());
      std::ranges::sort(into.members);
      from = Group{};
      i = 0;  // The first by id first.
    }
  }

  void Read(std::vector<Block>* kept, std::vector<WithheldBlock>* withheld) const {
    for (const Group& group : groups_) {
      if (group.members.empty()) continue;
      Block block;
      for (const std::size_t member : group.members) {
        block.id += (block.id.empty() ? "" : "+") + declared_[member].id;
      }
      for (const Panel& panel : group.panels) {
        block.practices.push_back(panel.practice);
        block.people += panel.people;
      }
      std::ranges::sort(block.practices);
      if (const auto why = Breaks(group)) {
        withheld->push_back({std::move(block), *why});
      } else {
        kept->push_back(std::move(block));
      }
    }
    std::ranges::sort(*kept, {}, &Block::id);
    std::ranges::sort(*withheld, {}, [](const WithheldBlock& one) { return one.block.id; });
  }

 private:
  struct Group {
    std::vector<std::size_t> members{};  // Declared blocks, rising. Empty: joined another.
    std::vector<Panel> panels{};
    std::size_t way = kNone;  // The declared block that it joins.
  };

  std::optional<WhyWithheld> Breaks(const Group& group) const {
    std::uint64_t people = 0;
    std::uint64_t largest = 0;
    std::uint32_t practices = 0;
    for (const Panel& panel : group.panels) {
      people += panel.people;
      largest = std::max(largest, panel.people);
      practices += panel.people > 0 ? 1 : 0;  // A practice without people hides nobody.
    }
    if (practices < rule_.least_practices) return WhyWithheld::kTooFewPractices;
    // 2^32 people in each of some thousand practices, times 100: below 2^64.
    if (largest * 100 > people * rule_.most_percent) return WhyWithheld::kDominated;
    return std::nullopt;
  }

  // The group that group `i` has to join, if any.
  std::size_t MustJoin(std::size_t i) const {
    const Group& group = groups_[i];
    if (group.panels.empty() || !Breaks(group)) return kNone;
    const auto elsewhere = [&](std::size_t way) {
      return way != kNone && group_of_[way] != i ? group_of_[way] : kNone;
    };
    if (const std::size_t target = elsewhere(group.way); target != kNone) return target;
    for (const std::size_t member : group.members) {
      const std::string& neighbour = declared_[member].neighbour;
      if (neighbour.empty()) continue;
      if (const std::size_t target = elsewhere(by_id_.at(neighbour)); target != kNone)
        return target;
    }
    return kNone;
  }

  BlockRule rule_;
  std::vector<DeclaredBlock> declared_;
  std::map<std::string, std::size_t, std::less<>> by_id_{};
  std::map<std::string, std::size_t, std::less<>> home_{};
  std::vector<Group> groups_{};
  std::vector<std::size_t> group_of_{};  // By declared block.
};

void HashText(Sha256Hasher& hasher, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  const std::array<std::uint8_t, 4> prefix = {
      static_cast<std::uint8_t>(size >> 24), static_cast<std::uint8_t>(size >> 16),
      static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
  hasher.Update(prefix);
  hasher.Update(AsBytes(text));
}

}  // namespace

Result<Partition> Partition::Form(const std::vector<DeclaredBlock>& declared,
                                  const std::vector<Panel>& accepted, const BlockRule& rule) {
  if (declared.size() > 1'000'000 || accepted.size() > 1'000'000) {
    return Bad("BAD_PRACTICE", "a million blocks or practices at most");
  }
  Joining joining(rule, declared);
  EQN_CHECK(joining.Check());
  EQN_CHECK(joining.Place(accepted));
  joining.Join();
  Partition partition;
  joining.Read(&partition.blocks_, &partition.withheld_);
  Sha256Hasher hasher;
  HashText(hasher, "equinode partition 1");
  for (const Block& block : partition.blocks_) {
    HashText(hasher, block.id);
    HashText(hasher, std::to_string(block.practices.size()));
    for (const std::string& practice : block.practices) HashText(hasher, practice);
  }
  partition.digest_ = hasher.Finish();
  return partition;
}

}  // namespace equinode::blocks
