// Who looks on while referrals change, over streams that break.
#include <gtest/gtest.h>

#include <set>

#include "tests/server/referrals/referral_town.h"

namespace equinode::testing {
namespace {

using namespace std::chrono_literals;

// The far end of a stream: what was sent, whether it would be woken.
class Listener final : public OpenStream {
 public:
  void Send(std::string message) override {
    v1::WatchReferralsResponse response;
    EXPECT_TRUE(response.ParseFromString(message));
    waiting += message.size();
    heard.push_back(std::move(response));
  }
  std::size_t waiting_bytes() const override { return waiting; }
  void Finish(Status) override {}
  void Wake() override { woken = true; }

  std::vector<v1::WatchReferralsResponse> heard{};
  std::size_t waiting = 0;
  bool woken = false;
};

// One stream to a node, as the gate runs it.
class Watching {
 public:
  explicit Watching(ReferralNode& node, std::string caller = "") {
    call_.caller = {*ParseIdentity(caller.empty() ? node.uri + "/operator/ann" : caller),
                    std::string(64, 'a'), "[::1]:9"};
    call_.method = "/equinode.v1.ReferralService/WatchReferrals";
    call_.now = node.now();
    for (const Method& method : node.methods) {
      if (method.path == call_.method) session_ = *method.stream(call_, listener);
    }
  }
  std::string Begin(std::uint64_t after) {
    v1::WatchReferralsRequest request;
    request.set_after(after);
    const Status begun = session_->OnMessage(request.SerializeAsString());
    if (!begun.ok()) return begun.error().reason;
    EXPECT_TRUE(session_->OnHalfClose().ok());
    Turn();
    return "OK";
  }
  // What the pool would do.
  void Turn() {
    while (std::exchange(listener->woken, false)) EXPECT_TRUE(session_->OnWake().ok());
  }
  StreamSession& session() { return *session_; }

  std::shared_ptr<Listener> listener = std::make_shared<Listener>();

 private:
  Call call_{};
  std::unique_ptr<StreamSession> session_{};
};

class WatchTown : public ReferralTown {
 protected:
  // What a watcher knows, over all its streams.
  struct Knows {
    std::map<std::string, std::uint64_t> links{};
    std::uint64_t cursor = 0;
  };
  // Takes in what a stream has said; nothing may come twice.
  void Hear(Watching& watching, Knows& knows) {
    for (const auto& message : std::exchange(watching.listener->heard, {})) {
      EXPECT_GE(message.cursor(), knows.cursor);
      knows.cursor = message.cursor();
      for (const auto& each : message.referrals()) {
        const auto before = knows.links.find(each.id());
        EXPECT_TRUE(before == knows.links.end() || before->second < each.links())
            << "heard twice: " << each.id() << " at link " << each.links();
        knows.links[each.id()] = each.links();
      }
    }
    watching.listener->waiting = 0;
  }
};

TEST_F(WatchTown, StreamsThatBreakLoseNothingAndRepeatNothing) {
  Consent();
  SeededRandom random(11);
  const auto chance = [&](std::uint64_t of) {
    std::uint8_t byte[1];
    random.Fill(byte);
    return byte[0] % of == 0;
  };
  std::vector<std::string> ids;
  Knows knows;
  auto watching = std::make_unique<Watching>(bank_);
  ASSERT_EQ(watching->Begin(0), "OK");
  for (int i = 0; i < 120; ++i) {
    if (chance(3) || ids.empty()) {
      ids.push_back(Create());
      Settle();
    } else {
      const std::string& id = ids[static_cast<std::size_t>(i) % ids.size()];
      for (const char* verb : {"accept", "start", "complete"}) {
        if (bank_.Do(id, verb) == "OK") break;
      }
      Settle();
    }
    // A stream that was not woken has nothing to say.
    watching->Turn();
    if (chance(4)) {
      // It breaks: of what was sent last the watcher has not read everything.
      auto& heard = watching->listener->heard;
      if (!heard.empty() && chance(2)) heard.pop_back();
      Hear(*watching, knows);
      watching = std::make_unique<Watching>(bank_);
      if (chance(3)) {
        watching.reset();
        bank_.Restart();
        watching = std::make_unique<Watching>(bank_);
      }
      ASSERT_EQ(watching->Begin(knows.cursor), "OK");
    }
  }
  watching->Turn();
  Hear(*watching, knows);
  ASSERT_GT(ids.size(), 20u);
  std::map<std::string, std::uint64_t> now;
  for (const std::string& id : ids) now[id] = bank_.Get(id).referral().links();
  EXPECT_EQ(knows.links, now);
}

TEST_F(WatchTown, IsWokenByACommitAndByNothingElse) {
  Consent();
  Watching watching(bank_);
  ASSERT_EQ(watching.Begin(0), "OK");
  ASSERT_EQ(watching.listener->heard.size(), 1u) << "told that there is nothing yet";
  EXPECT_TRUE(watching.listener->heard[0].caught_up());
  const std::string id = Create();
  EXPECT_FALSE(watching.listener->woken) << "not its node";
  Settle();
  EXPECT_TRUE(watching.listener->woken);
  watching.Turn();
  ASSERT_EQ(watching.listener->heard.size(), 2u);
  EXPECT_EQ(watching.listener->heard[1].referrals(0).id(), id);
  // A refused verb changes nothing.
  EXPECT_EQ(bank_.Do(id, "start"), "NO_SUCH_MOVE");
  EXPECT_FALSE(watching.listener->woken);
  // What is shown is in the log before it leaves, with whom it was about.
  EXPECT_EQ(bank_.audit->head().count > 0, true);
}

TEST_F(WatchTown, HoldsBackWhileNobodyReads) {
  Consent();
  for (int i = 0; i < 3; ++i) Create();
  Settle();
  Watching watching(bank_);
  watching.listener->waiting = OpenStream::kHoldBack;
  ASSERT_EQ(watching.Begin(0), "OK");
  EXPECT_TRUE(watching.listener->heard.empty());
  watching.listener->waiting = 0;
  watching.listener->woken = true;
  watching.Turn();
  ASSERT_EQ(watching.listener->heard.size(), 1u);
  EXPECT_EQ(watching.listener->heard[0].referrals_size(), 3);
}

TEST_F(WatchTown, WhatCannotBeWatchedIsRefused) {
  {
    Watching watching(bank_);
    EXPECT_EQ(watching.Begin(1), "CURSOR_AHEAD");
  }
  Watching watching(bank_);
  ASSERT_EQ(watching.Begin(0), "OK");
  EXPECT_EQ(watching.Begin(0), "BAD_REQUEST") << "one request a watch";
  Watching silent(bank_);
  EXPECT_EQ(silent.session().OnHalfClose().error().reason, "BAD_REQUEST");
  // All together no more than so many; who goes makes room.
  std::vector<std::unique_ptr<Watching>> many;
  for (std::size_t i = 1; i < ReferralWatchers::kMost; ++i) {
    many.push_back(std::make_unique<Watching>(bank_));
    ASSERT_EQ(many.back()->Begin(0), "OK");
  }
  EXPECT_EQ(Watching(bank_).Begin(0), "TOO_MANY_WATCHERS");
  many.pop_back();
  EXPECT_EQ(Watching(bank_).Begin(0), "OK");
}

TEST_F(WatchTown, ThePeopleOfAnOrganisationWithoutANodeHearOfTheirOwnAlone) {
  ReferralNode qhio{pki_, "qhio", "bay", 3};
  clinic_.Enrol(qhio);
  qhio.Enrol(clinic_);
  const std::string pantry = pki_.Uri("cbo", "pantry"), shelter = pki_.Uri("cbo", "shelter");
  for (const std::string& each : {pantry, shelter}) {
    qhio.Host(each, qhio);
    clinic_.Host(each, qhio);
  }
  Consent();
  Watching by_pantry(qhio, pantry + "/operator/pat"), by_shelter(qhio, shelter + "/operator/sam");
  ASSERT_EQ(by_pantry.Begin(0), "OK");
  ASSERT_EQ(by_shelter.Begin(0), "OK");
  auto request = Request();
  request.set_target_node(pantry);
  const std::string id = Create(request);
  while (Carry(clinic_, qhio) + Carry(qhio, clinic_) > 0) {
  }
  by_pantry.Turn();
  by_shelter.Turn();
  ASSERT_EQ(by_pantry.listener->heard.size(), 2u);
  EXPECT_EQ(by_pantry.listener->heard[1].referrals(0).id(), id);
  EXPECT_EQ(by_shelter.listener->heard.size(), 1u);
  EXPECT_EQ(by_shelter.listener->heard[0].referrals_size(), 0);
}

}  // namespace
}  // namespace equinode::testing
