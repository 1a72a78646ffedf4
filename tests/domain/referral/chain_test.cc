#include "domain/referral/chain.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/domain/referral/referrals.h"

namespace equinode::referral {
namespace {

using testing::CheckMac;
using testing::Day;
using testing::kClinic;
using testing::kFoodBank;
using testing::Sign;
using testing::Story;
using testing::Whole;

Story Served() {
  Story story;
  EXPECT_TRUE(story.Add(EventKind::kCreate, Role::kRequester, Day(0)).ok());
  EXPECT_TRUE(story.Add(EventKind::kReceive, Role::kTargetNode, Day(1)).ok());
  EXPECT_TRUE(story.Add(EventKind::kAccept, Role::kTarget, Day(2)).ok());
  EXPECT_TRUE(story.Add(EventKind::kStart, Role::kTarget, Day(3)).ok());
  EXPECT_TRUE(story.Add(EventKind::kComplete, Role::kTarget, Day(4)).ok());
  EXPECT_TRUE(story.Add(EventKind::kAcknowledge, Role::kRequester, Day(5)).ok());
  return story;
}

TEST(Chain, AWholeLifeIsVerifiedFromItsLinksAlone) {
  const Story story = Served();
  ASSERT_EQ(story.links.size(), 6u);
  const Result<Chain> again = Verify(story.links, CheckMac);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(*again, story.chain);
  EXPECT_TRUE(IsLoopClosed(again->view));
  EXPECT_EQ(story.links[0].home, kClinic);
  EXPECT_EQ(story.links[1].home, kFoodBank);
  EXPECT_EQ(story.links[5].home, kFoodBank);
}

TEST(Chain, EveryBitOfEveryLinkIsGuarded) {
  const Story story = Served();
  for (std::size_t n = 0; n < story.links.size(); ++n) {
    for (std::size_t byte = 0; byte < story.links[n].event.size(); ++byte) {
      std::vector<Link> links = story.links;
      links[n].event[byte] ^= 1;
      EXPECT_FALSE(Verify(links, CheckMac).ok()) << "link " << n << " byte " << byte;
    }
    for (Bytes Link::*part : {&Link::actor_signature, &Link::home_signature}) {
      std::vector<Link> links = story.links;
      (links[n].*part)[3] ^= 1;
      const Result<Chain> chain = Verify(links, CheckMac);
      ASSERT_FALSE(chain.ok());
      EXPECT_EQ(chain.error().reason, "BAD_SIGNATURE");
    }
  }
}

TEST(Chain, DroppedReorderedAndForeignLinksAreFound) {
  const Story story = Served();
  for (std::size_t n = 0; n + 1 < story.links.size(); ++n) {
    std::vector<Link> dropped = story.links;
    dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(n));
    EXPECT_FALSE(Verify(dropped, CheckMac).ok()) << n;
    std::vector<Link> swapped = story.links;
    std::swap(swapped[n], swapped[n + 1]);
    EXPECT_FALSE(Verify(swapped, CheckMac).ok()) << n;
  }
  // The home re-signs a changed past: its own signature is good, the links behind do not follow.
  std::vector<Link> rewritten = story.links;
  rewritten[2].linked_at += Millis(1);
  rewritten[2].home_signature = Sign(LinkBytes(rewritten[2]), kFoodBank);
  const Result<Chain> broken = Verify(rewritten, CheckMac);
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().reason, "CHAIN_BROKEN");
  // A node that is not the home links.
  std::vector<Link> foreign(story.links.begin(), story.links.begin() + 3);
  foreign[2].home = kClinic;
  foreign[2].home_signature = Sign(LinkBytes(foreign[2]), kClinic);
  const Result<Chain> wrong = Verify(foreign, CheckMac);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().reason, "WRONG_HOME");
}

TEST(Chain, NobodySpeaksForAnother) {
  Story story;
  ASSERT_TRUE(story.Add(EventKind::kCreate, Role::kRequester, Day(0)).ok());
  ASSERT_TRUE(story.Add(EventKind::kReceive, Role::kTargetNode, Day(1)).ok());
  for (const char* actor :
       {"spiffe://net/cbo/foodbank2/operator/tim", "spiffe://net/cbo/foodbank/operator/",
        "spiffe://net/practice/clinic/operator/nora", "spiffe://net/cbo/food"}) {
    Event event = Whole(EventKind::kAccept, Role::kTarget, Day(2));
    event.actor = actor;
    const Status placed = story.Add(event, Day(2));
    ASSERT_FALSE(placed.ok()) << actor;
    EXPECT_EQ(placed.error().reason, "WRONG_ACTOR") << actor;
  }
}

TEST(Chain, TwoClaimAtOnceAndOneWins) {
  Event create = Whole(EventKind::kCreate, Role::kRequester, Day(0));
  create.opening->owner.clear();
  create.opening->target_node = testing::kQhio;
  Story story;
  ASSERT_TRUE(story.Add(create, Day(0)).ok());
  Event receive = Whole(EventKind::kReceive, Role::kTargetNode, Day(1));
  receive.actor = testing::kQhio;
  ASSERT_TRUE(story.Add(receive, Day(1)).ok());
  Event first = Whole(EventKind::kClaim, Role::kTarget, Day(2), 3);
  first.owner = "spiffe://net/cbo/pantry";
  first.actor = "spiffe://net/cbo/pantry/operator/ann";
  Event second = Whole(EventKind::kClaim, Role::kTarget, Day(2), 4);
  EXPECT_TRUE(story.Add(first, Day(2)).ok());
  const Status late = story.Add(second, Day(2));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().reason, "ALREADY_CLAIMED");
  // From then on the owner's staff answer, nobody else's.
  Event accept = Whole(EventKind::kAccept, Role::kTarget, Day(3), 5);
  EXPECT_EQ(story.Add(accept, Day(3)).error().reason, "WRONG_ACTOR");
  accept.actor = first.actor;
  EXPECT_TRUE(story.Add(accept, Day(3)).ok());
}

TEST(Chain, CancelAgainstCompleteEndsTheSameInEitherOrder) {
  for (const bool cancel_first : {true, false}) {
    Story story;
    ASSERT_TRUE(story.Add(EventKind::kCreate, Role::kRequester, Day(0)).ok());
    ASSERT_TRUE(story.Add(EventKind::kReceive, Role::kTargetNode, Day(1)).ok());
    ASSERT_TRUE(story.Add(EventKind::kAccept, Role::kTarget, Day(2)).ok());
    const Event cancel = Whole(EventKind::kCancel, Role::kRequester, Day(3), 10);
    const Event complete = Whole(EventKind::kComplete, Role::kTarget, Day(3), 11);
    const Status one = story.Add(cancel_first ? cancel : complete, Day(3));
    const Status two = story.Add(cancel_first ? complete : cancel, Day(3));
    EXPECT_TRUE(one.ok());
    EXPECT_EQ(two.ok(), cancel_first);
    EXPECT_EQ(story.chain.view.state, State::kCompleted);
    EXPECT_FALSE(story.chain.view.cancel_asked);
  }
}

TEST(Chain, TheRequesterTakesBackWhatNeverArrived) {
  Story story;
  ASSERT_TRUE(story.Add(EventKind::kCreate, Role::kRequester, Day(0)).ok());
  ASSERT_TRUE(story.Add(EventKind::kCancel, Role::kRequester, Day(1)).ok());
  EXPECT_EQ(story.links.back().home, kClinic);
  ASSERT_TRUE(story.Add(EventKind::kAcknowledge, Role::kRequester, Day(1)).ok());
  EXPECT_TRUE(IsLoopClosed(story.chain.view));
  EXPECT_FALSE(story.Add(EventKind::kReceive, Role::kTargetNode, Day(2)).ok());
}

TEST(Chain, AForkIsSeenFromBothEnds) {
  const Story story = Served();
  std::vector<Link> other(story.links.begin(), story.links.begin() + 4);
  EXPECT_EQ(ForkAt(story.links, story.links), std::nullopt);
  EXPECT_EQ(ForkAt(story.links, other), std::nullopt);
  EXPECT_EQ(ForkAt(other, story.links), std::nullopt);
  Story fork;
  fork.links = {story.links.begin(), story.links.begin() + 3};
  fork.chain = *Verify(fork.links, CheckMac);
  ASSERT_TRUE(fork.Add(EventKind::kFail, Role::kTarget, Day(3)).ok());
  EXPECT_EQ(ForkAt(story.links, fork.links), 4u);
  EXPECT_EQ(ForkAt(fork.links, story.links), 4u);
  EXPECT_EQ(ForkAt(story.links, std::span(fork.links).last(1)), 4u) << "a piece is enough";
  other = {story.links[0]};
  other[0].number = 0;
  EXPECT_EQ(ForkAt(story.links, other), 0u) << "no chain has a link 0";
  // Signed anew it is the same story.
  other = {story.links[1]};
  other[0].home_signature = Bytes(8, 'x');
  EXPECT_EQ(ForkAt(story.links, other), std::nullopt);
  // The home learns it from what the requester had seen.
  Event event = Whole(EventKind::kAcknowledge, Role::kRequester, Day(9));
  event.seen_number = 4;
  event.seen_hash = HashOf(fork.links[3]);
  EXPECT_EQ(CheckSeen(story.links, event).error().reason, "CHAIN_FORK");
  event.seen_hash = HashOf(story.links[3]);
  EXPECT_TRUE(CheckSeen(story.links, event).ok());
  event.seen_number = 40;
  EXPECT_EQ(CheckSeen(story.links, event).error().reason, "CHAIN_FORK");
}

TEST(Chain, AnEventIsReadBackOrRefused) {
  for (const EventKind kind : kEventKinds) {
    Event event = Whole(kind, Role::kTarget, Day(3));
    event.evidence = {
        {Evidence::Kind::kProcedure, "http://snomed.info/sct", "1759002", Day(2), {}}};
    const Bytes bytes = CanonicalBytes(event);
    const Result<Event> back = EventFrom(bytes);
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_EQ(*back, event);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      EXPECT_FALSE(EventFrom(ByteView(bytes).first(cut)).ok());
    }
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_FALSE(EventFrom(longer).ok());
  }
}

// Any bytes: no crash, and what is read is written the same.
RC_GTEST_PROP(ChainProperty, BytesAreAnEventOrAnError, ()) {
  Bytes bytes = CanonicalBytes(Whole(EventKind::kCreate, Role::kRequester, Day(1)));
  const auto changes = *rc::gen::inRange(1, 6);
  for (int i = 0; i < changes; ++i) {
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] =
        static_cast<std::uint8_t>(*rc::gen::inRange(0, 256));
  }
  const Result<Event> event = EventFrom(bytes);
  if (event) RC_ASSERT(CanonicalBytes(*event) == bytes);
}

}  // namespace
}  // namespace equinode::referral
