// Any mishaps in any order, from a seed. EQUINODE_STORY_SEED repeats one, EQUINODE_STORY_ROUNDS
// plays so many.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "client/convert/envelope.h"
#include "tests/story/town.h"

namespace equinode::testing {
namespace {

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class RandomStory {
 public:
  explicit RandomStory(std::uint64_t seed) : town_(seed), t_(town_.MakeRelayed()) {
    town_.remember = true;
    town_.weather = [this](Wire& wire, bool there) { return Weather(wire, there); };
    t_.practice.Share(t_.payer, {RecordKind::kPerson});
    t_.payer.Share(t_.practice, {RecordKind::kPerson});
  }

  void Play(int turns) {
    for (int i = 0; i < turns; ++i) Turn();
  }

  // The weather clears: everything arrives, once.
  void Heal() {
    bad_ = 0;
    ASSERT_TRUE(town_.Settle(20'000)) << "it never came to rest\n" << town_.Describe();
    town_.ExpectSound(t_.practice, t_.payer);
    town_.ExpectSound(t_.payer, t_.practice);
    for (Resident* each : {&t_.practice, &t_.relay, &t_.payer}) {
      EXPECT_EQ(each->State().dead_letters, 0u) << each->uri();
    }
  }

 private:
  std::uint64_t Dice(std::uint64_t sides) { return town_.random().Below(sides); }

  Mishap Weather(Wire&, bool there) {
    if (bad_ == 0 || Dice(100) >= bad_) return Mishap::kNone;
    switch (Dice(there ? 5 : 4)) {
      case 0:
        return Mishap::kLose;
      case 1:
        return Mishap::kTwice;
      case 2:
        return Mishap::kSwap;
      case 3:
        return Mishap::kCut;
      default:
        return Mishap::kAlter;
    }
  }

  void Turn() {
    switch (Dice(16)) {
      case 0:
        t_.practice.TakeIn(1 + Dice(12));
        break;
      case 1:
        t_.payer.TakeIn(1 + Dice(6));
        break;
      case 2:
        town_.clock().Advance(Millis{static_cast<std::int64_t>(Dice(120'000))});
        break;
      case 3:
        if (Dice(4) == 0) town_.clock().Advance(std::chrono::minutes{20});
        break;
      case 4:
        bad_ = Dice(60);
        break;
      case 5:
        Restart();
        break;
      case 6:
        Replay();
        break;
      default:
        town_.Round();
        break;
    }
  }

  void Restart() {
    if (Dice(3) != 0) return;
    for (Wire* wire : {&t_.up, &t_.down, &t_.onward, &t_.reply}) wire->Cut();
    Resident* const nodes[] = {&t_.practice, &t_.relay, &t_.payer};
    nodes[Dice(3)]->Restart();
  }

  // Anything that was ever on a wire, again, on any wire.
  void Replay() {
    if (town_.seen.empty()) return;
    Wire* const wires[] = {&t_.up, &t_.down, &t_.onward, &t_.reply};
    Wire& wire = *wires[Dice(4)];
    if (!wire.push) wire.Open();
    wire.there.push_back(town_.seen[Dice(town_.seen.size())]);
  }

  Town town_;
  Town::Relayed t_;
  std::uint64_t bad_ = 20;  // Percent of messages that meet a mishap.
};

TEST(RandomStory, EachRecordArrivesOnceAndTheChainsAgreeWhateverHappens) {
  const std::uint64_t first = FromEnvironment("EQUINODE_STORY_SEED", 1);
  const std::uint64_t rounds = FromEnvironment("EQUINODE_STORY_ROUNDS", 6);
  for (std::uint64_t seed = first; seed < first + rounds; ++seed) {
    SCOPED_TRACE("EQUINODE_STORY_SEED=" + std::to_string(seed));
    RandomStory story(seed);
    story.Play(250);
    story.Heal();
    if (HasFailure()) return;
  }
  std::printf("seeds %llu to %llu\n", static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(first + rounds - 1));
}

}  // namespace
}  // namespace equinode::testing
