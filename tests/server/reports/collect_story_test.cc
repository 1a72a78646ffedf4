// From the payer's question to its release, and what a release never shows.
#include "tests/server/reports/report_town.h"

namespace equinode {
namespace {

using Story = testing::ReportTown;

constexpr ShownValue kHidden{ShownKind::kHidden, 0};
ShownValue Shown(std::uint64_t count) { return {ShownKind::kCount, count}; }

class CollectStory : public Story {
 protected:
  CollectStory() {
    north_.TakeIn(120, Race1997::kWhite, hub_.uri);
    north_.TakeIn(40, Race1997::kBlack, hub_.uri);
    north_.TakeIn(20, Race1997::kUnknown, hub_.uri);
    south_.TakeIn(60, Race1997::kWhite, hub_.uri);
    south_.TakeIn(30, Race1997::kBlack, hub_.uri);
    south_.TakeIn(4, Race1997::kAsian, hub_.uri);  // Small: hidden, and another for its sake.
    east_.TakeIn(50, Race1997::kWhite, hub_.uri);
    EXPECT_EQ(testing::Why(Create(Definition())), "OK");
  }
  v1::GetCollectResponse Look(const std::string& collect_id) {
    v1::GetCollectRequest look;
    look.set_collect_id(collect_id);
    const auto state = hub_.Ask<v1::GetCollectResponse>("HubService/GetCollect", look);
    EXPECT_TRUE(state.ok()) << Why(state);
    return state.ok() ? *state : v1::GetCollectResponse{};
  }
  // Why a collection cannot be finished.
  std::string WhyNot(const std::string& collect_id) {
    v1::FinishCollectRequest request;
    request.set_collect_id(collect_id);
    request.set_request_id(hub_.RequestId());
    return Why(hub_.Ask<v1::FinishCollectResponse>("HubService/FinishCollect", request));
  }
  int Releases() {
    return hub_.Ask<v1::ListReleasesResponse>("HubService/ListReleases", v1::ListReleasesRequest{})
        ->releases_size();
  }
};

TEST_F(CollectStory, WhereNobodyAnsweredNothingIsKeptAndTheSameCollectionGoesOn) {
  const auto started = Start();
  EXPECT_EQ(WhyNot(started->collect_id()), "NOBODY_ANSWERED");
  EXPECT_EQ(Releases(), 0);
  EXPECT_FALSE(Look(started->collect_id()).finished());
  const auto again = Start();
  EXPECT_FALSE(again->has_release());
  EXPECT_EQ(again->collect_id(), started->collect_id());
  Answer(north_);
  EXPECT_EQ(Finish(again->collect_id()).number, 1u);
}

TEST_F(CollectStory, WhereEverybodyRefusedNothingIsKeptAndTheyAreAskedAnew) {
  for (auto* node : {&north_, &south_, &east_}) node->ShareCounts(hub_, false);
  const auto started = Start();
  for (auto* node : {&north_, &south_, &east_}) Answer(*node);
  EXPECT_EQ(WhyNot(started->collect_id()), "NOBODY_GIVES_COUNTS");
  EXPECT_EQ(Releases(), 0);
  for (auto* node : {&north_, &south_, &east_}) node->ShareCounts(hub_);
  const auto again = Start();
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->has_release());
  EXPECT_NE(again->collect_id(), started->collect_id());
  EXPECT_EQ(WhyNot(started->collect_id()), "NO_SUCH_COLLECTION") << "it was set aside";
  for (auto* node : {&north_, &south_, &east_}) Answer(*node);
  const HubRelease release = Finish(again->collect_id());
  EXPECT_EQ(release.number, 1u);
  EXPECT_EQ(release.answered.size(), 3u);
}

TEST_F(CollectStory, AnswersArePooledAndSmallCellsStayHidden) {
  const auto started = Start();
  ASSERT_TRUE(started.ok()) << started.error().message;
  EXPECT_FALSE(started->has_release());
  for (auto* node : {&north_, &south_, &east_}) Answer(*node);

  v1::GetCollectRequest look;
  look.set_collect_id(started->collect_id());
  const auto state = hub_.Ask<v1::GetCollectResponse>("HubService/GetCollect", look);
  ASSERT_TRUE(state.ok());
  EXPECT_EQ(state->asked_size(), 3);
  EXPECT_EQ(state->answered_size(), 3);
  EXPECT_FALSE(state->finished());

  const HubRelease release = Finish(started->collect_id());
  EXPECT_EQ(release.number, 1u);
  EXPECT_EQ(release.answered.size(), 3u);
  EXPECT_EQ(release.note, kPooledNote);
  EXPECT_EQ(Cell(release, "race", "population", "").denominator.value, Shown(324));
  const PooledValue asian = Cell(release, "race", "population", "ASIAN").denominator;
  EXPECT_EQ(asian.value, kHidden);
  EXPECT_EQ(asian.shown_sum, 0u);
  EXPECT_EQ(asian.nodes_hidden, 1u);
  // South's second hidden cell: its smaller other one.
  const PooledValue black = Cell(release, "race", "population", "BLACK").denominator;
  EXPECT_EQ(black.value, kHidden);
  EXPECT_EQ(black.shown_sum, 40u);
  EXPECT_EQ(black.nodes_hidden, 1u);
  EXPECT_EQ(Cell(release, "race", "population", "WHITE").denominator.value, Shown(230));
  EXPECT_EQ(Cell(release, "sex", "population", "FEMALE").denominator.value, Shown(162));

  EXPECT_EQ(north_.Audited("REPORT_ANSWERED", "OK"), 1u);
  for (const StoredAuditEntry& stored : north_.Audit()) {
    if (stored.entry.action != "REPORT_ANSWERED") continue;
    EXPECT_TRUE(stored.entry.disclosure);
    EXPECT_EQ(stored.entry.subject, hub_.uri);
  }
}

TEST_F(CollectStory, ASilentNodeIsNamedAndAgainAddsIt) {
  const auto started = Start();
  Answer(north_);
  Answer(south_);
  const HubRelease first = Finish(started->collect_id());
  EXPECT_EQ(first.silent, std::vector<std::string>{east_.uri});
  EXPECT_EQ(Cell(first, "race", "population", "WHITE").denominator.value, Shown(180));

  // East wakes up after the release: its answer is kept, the release stands.
  Answer(east_);
  EXPECT_EQ(Finish(started->collect_id()), first);
  const auto stored = Start();
  ASSERT_TRUE(stored->has_release());
  EXPECT_EQ(*ReleaseFrom(stored->release()), first);
  EXPECT_EQ(stored->collect_id(), started->collect_id());

  // More people at north by now; it has answered for the period, and that stands.
  north_.TakeIn(500, Race1997::kWhite, hub_.uri);
  const auto again = Start(true);
  ASSERT_TRUE(again.ok());
  EXPECT_NE(again->collect_id(), started->collect_id());
  EXPECT_TRUE(hub_.Waiting(north_).empty()) << "its answer is here";
  const HubRelease second = Finish(again->collect_id());
  EXPECT_EQ(second.number, 2u);
  EXPECT_TRUE(second.silent.empty());
  EXPECT_EQ(Cell(second, "race", "population", "WHITE").denominator.value, Shown(230));
  EXPECT_EQ(Cell(second, "race", "population", "BLACK").denominator.shown_sum, 40u);

  v1::GetReleaseRequest get;
  get.set_report("equity-2025");
  EXPECT_EQ(*ReleaseFrom(hub_.Ask<v1::GetReleaseResponse>("HubService/GetRelease", get)->release()),
            second);
  get.set_number(1);
  EXPECT_EQ(*ReleaseFrom(hub_.Ask<v1::GetReleaseResponse>("HubService/GetRelease", get)->release()),
            first);
  get.set_number(3);
  EXPECT_EQ(Why(hub_.Ask<v1::GetReleaseResponse>("HubService/GetRelease", get)), "NO_SUCH_RELEASE");
}

TEST_F(CollectStory, TA05TheSamePeriodTwiceGivesTheSameNumbers) {
  const auto started = Start();
  Answer(south_);
  const HubRelease first = Finish(started->collect_id());
  // One person more, and another report that asks for the same: another version, other words.
  south_.TakeIn(1, Race1997::kAsian, hub_.uri);
  ReportDefinition reworded = Definition();
  reworded.version = 2;
  reworded.title = "The same, said otherwise";
  std::swap(reworded.tables[0], reworded.tables[1]);
  ASSERT_TRUE(Create(reworded).ok());
  const auto second = Start();
  ASSERT_FALSE(second->has_release());
  Answer(south_);
  const HubRelease again = Finish(second->collect_id());
  EXPECT_EQ(again.definition_version, 2u);
  ASSERT_EQ(again.answered, std::vector<std::string>{south_.uri});
  EXPECT_EQ(again.tables[0], first.tables[2]);
  EXPECT_EQ(again.tables[1], first.tables[0]);
  EXPECT_EQ(again.tables[2], first.tables[1]);
}

TEST_F(CollectStory, TA05AnotherReleaseOfThePeriodIsRefused) {
  const auto started = Start();
  Answer(south_);
  Finish(started->collect_id());
  ReportDefinition finer = Definition();
  finer.version = 2;
  finer.tables.push_back({"age", {"population"}, {Stratifier::kAgeBand}});
  ReportDefinition shifted = Definition();
  shifted.name = "a-quarter-of-it";
  shifted.period_start = Day(2025, 10, 1);
  for (const ReportDefinition& other : {finer, shifted}) {
    ASSERT_TRUE(Create(other).ok());
    const auto second = Start(false, other.name);
    ASSERT_TRUE(second.ok());
    Answer(south_);
    const v1::GetCollectResponse state = Look(second->collect_id());
    ASSERT_EQ(state.refused_size(), 1);
    EXPECT_EQ(state.refused(0).node(), south_.uri);
    EXPECT_EQ(state.refused(0).reason(), "OTHER_RELEASE_OF_PERIOD");
  }
  EXPECT_EQ(south_.Audited("REPORT_REFUSED", "OTHER_RELEASE_OF_PERIOD"), 2u);
}

TEST_F(CollectStory, ANodeThatDoesNotShareIsNamedWithTheReasonAndMayComeLater) {
  east_.ShareCounts(hub_, false);
  const auto started = Start();
  for (auto* node : {&north_, &south_, &east_}) Answer(*node);
  const HubRelease first = Finish(started->collect_id());
  ASSERT_EQ(first.refused.size(), 1u);
  EXPECT_EQ(first.refused[0].reason, "NOT_SHARED");
  east_.ShareCounts(hub_);
  const auto again = Start(true);
  EXPECT_EQ(hub_.Waiting(east_).size(), 1u) << "who refused is asked anew";
  Answer(east_);
  const HubRelease second = Finish(again->collect_id());
  EXPECT_TRUE(second.refused.empty());
  EXPECT_EQ(second.answered.size(), 3u);
}

TEST_F(CollectStory, AQhioThatOnlyCarriesOthersRecordsIsNeitherMissingNorAnswering) {
  testing::ReportNode relay(pki_, "qhio", "exchange");
  relay.Enrol(hub_);
  hub_.Enrol(relay);
  relay.TakeIn(180, Race1997::kWhite, hub_.uri, north_.uri);  // North's, sent to it.
  const auto look = [&](const std::string& collect_id) {
    v1::GetCollectRequest request;
    request.set_collect_id(collect_id);
    return *hub_.Ask<v1::GetCollectResponse>("HubService/GetCollect", request);
  };
  const auto started = Start();
  east_.ShareCounts(hub_, false);
  for (auto* node : {&north_, &east_, &relay}) Answer(*node);
  const v1::GetCollectResponse state = look(started->collect_id());
  EXPECT_EQ(state.asked_size(), 4);
  EXPECT_EQ(state.answered_size(), 1) << "a refusal is no answer";
  EXPECT_EQ(state.refused_size(), 1);
  EXPECT_EQ(state.refused(0).reason(), "NOT_SHARED");
  ASSERT_EQ(state.relays_size(), 1);
  EXPECT_EQ(state.relays(0), relay.uri);
  Answer(south_);
  const HubRelease first = Finish(started->collect_id());
  EXPECT_EQ(first.answered.size(), 2u);
  EXPECT_EQ(first.refused.size(), 1u);
  EXPECT_EQ(first.relays, std::vector<std::string>{relay.uri});
  EXPECT_EQ(first.title, "Equity");
  EXPECT_EQ(first.period_end, Day(2025, 12, 31));

  // With people of its own it is a node like any other: without a rule it refuses, with one it
  // answers.
  relay.TakeIn(40, Race1997::kBlack, hub_.uri);
  const auto second = Start(true);
  for (auto* node : {&east_, &relay}) Answer(*node);
  const HubRelease refused = Finish(second->collect_id());
  EXPECT_TRUE(refused.relays.empty());
  EXPECT_EQ(refused.refused.size(), 2u);
  relay.ShareCounts(hub_);
  const auto third = Start(true);
  for (auto* node : {&east_, &relay}) Answer(*node);
  const HubRelease answered = Finish(third->collect_id());
  EXPECT_EQ(answered.refused.size(), 1u);
  EXPECT_EQ(answered.answered.size(), 3u);
  EXPECT_EQ(Cell(answered, "race", "population", "BLACK").denominator.shown_sum, 80u);
}

TEST_F(CollectStory, APracticeThatSaysItHoldsNothingIsNamedAsMissing) {
  const auto started = Start();
  for (auto* node : {&south_, &east_}) Answer(*node);
  EXPECT_EQ(Carry(hub_, north_), "OK");
  v1::ReportAnswer answer;
  answer.set_collect_id(Uuid::Parse(started->collect_id())->bytes().data(), 16);
  answer.set_definition_name("equity-2025");
  answer.set_definition_version(1);
  const Digest digest = Sha256(BytesFromDefinition(Definition()));
  answer.set_definition_sha256(digest.data(), digest.size());
  answer.mutable_counted_at()->set_seconds(1);
  answer.set_refused_reason("NO_OWN_RECORDS");
  EXPECT_EQ(hub_.Take(north_.uri, exchange::PayloadKind::kReportAnswer,
                      AsBytes(answer.SerializeAsString())),
            "OK");
  const HubRelease release = Finish(started->collect_id());
  EXPECT_TRUE(release.relays.empty());
  ASSERT_EQ(release.refused.size(), 1u);
  EXPECT_EQ(release.refused[0].node, north_.uri);
}

TEST_F(CollectStory, ACollectionThatNobodyFinishedGoesOnWithWhoeverIsEnrolledSince) {
  const auto started = Start();
  testing::ReportNode west(pki_, "practice", "west");
  west.TakeIn(30, Race1997::kWhite, hub_.uri);
  Join(west);
  const auto resumed = Start();
  EXPECT_EQ(resumed->collect_id(), started->collect_id());
  EXPECT_EQ(hub_.Waiting(north_).size(), 1u) << "nobody is asked twice";
  for (auto* node : {&north_, &south_, &east_, &west}) Answer(*node);
  EXPECT_EQ(Finish(started->collect_id()).answered.size(), 4u);
}

TEST_F(CollectStory, TheSameRequestIdIsOneCollection) {
  v1::StartCollectRequest request;
  request.set_report("equity-2025");
  request.set_again(true);
  request.set_request_id(hub_.RequestId());
  const auto once = hub_.Ask<v1::StartCollectResponse>("HubService/StartCollect", request);
  Answer(north_);
  Finish(once->collect_id());
  const auto twice = hub_.Ask<v1::StartCollectResponse>("HubService/StartCollect", request);
  EXPECT_EQ(twice->collect_id(), once->collect_id());
  EXPECT_NE(Start(true)->collect_id(), once->collect_id());
}

TEST_F(CollectStory, AfterARenewalTheSameDefinitionIsSignedAnew) {
  const auto started = Start();
  Answer(north_);
  Finish(started->collect_id());
  hub_.Renew(pki_, "payer", "plan");
  // South knows the new certificate only.
  for (auto* node : {&south_, &east_}) {
    ASSERT_TRUE(node->store.db()
                    .Write("forget",
                           [&](Tx& tx) -> Status {
                             EQN_CHECK(PeerStore::Remove(tx, hub_.uri));
                             node->enrolment->ReloadAfter(tx);
                             return Ok();
                           })
                    .ok());
    Join(*node);
  }
  // What was queued under the old key is refused there, and asked again with the new one.
  EXPECT_EQ(Carry(hub_, south_), "UNKNOWN_SIGNER");
  const auto again = Start(true);
  ASSERT_TRUE(again.ok());
  Answer(south_);
  const HubRelease release = Finish(again->collect_id());
  EXPECT_EQ(release.answered, (std::vector<std::string>{north_.uri, south_.uri}));
}

TEST_F(CollectStory, ARevokedNodeIsNotAskedAndAnEmptyNetworkSaysSo) {
  ASSERT_TRUE(hub_.store.db()
                  .Write("revoke",
                         [&](Tx& tx) -> Status {
                           EQN_CHECK(RevocationStore::Add(tx, {.kind = RevokedKind::kUri,
                                                               .value = east_.uri,
                                                               .issuer = "",
                                                               .reason = "test",
                                                               .at = hub_.now()}));
                           hub_.enrolment->ReloadAfter(tx);
                           return Ok();
                         })
                  .ok());
  ASSERT_TRUE(Start().ok());
  EXPECT_TRUE(hub_.Waiting(east_).empty());
  EXPECT_EQ(hub_.Waiting(north_).size(), 1u);

  testing::ReportNode lonely(pki_, "payer", "lonely");
  v1::CreateReportDefinitionRequest create;
  ReportDefinition definition = Definition();
  definition.payer = lonely.uri;
  SetDefinition(definition, create.mutable_definition());
  create.set_request_id(lonely.RequestId());
  ASSERT_TRUE(
      lonely.Ask<v1::CreateReportDefinitionResponse>("CountService/CreateReportDefinition", create)
          .ok());
  v1::StartCollectRequest start;
  start.set_report(definition.name);
  start.set_request_id(lonely.RequestId());
  EXPECT_EQ(Why(lonely.Ask<v1::StartCollectResponse>("HubService/StartCollect", start)),
            "NO_NODES");
  start.set_report("no-such");
  EXPECT_EQ(Why(lonely.Ask<v1::StartCollectResponse>("HubService/StartCollect", start)),
            "NO_SUCH_REPORT");
}

TEST_F(CollectStory, TI14AReportForAPeriodThatIsNotOverIsNotCollected) {
  ReportDefinition future = Definition();
  future.name = "year-to-come";
  future.period_start = Day(2026, 1, 1);
  future.period_end = Day(2026, 12, 31);
  ASSERT_TRUE(Create(future).ok());
  EXPECT_EQ(Why(Start(false, "year-to-come")), "PERIOD_NOT_OVER");
}

TEST_F(CollectStory, ReleasesAreListedWithoutTablesInPages) {
  for (int i = 0; i < 5; ++i) {
    const auto started = Start(true);
    Answer(north_);
    Finish(started->collect_id());
  }
  v1::ListReleasesRequest request;
  request.set_page_size(2);
  std::vector<std::uint32_t> numbers;
  do {
    const auto page = hub_.Ask<v1::ListReleasesResponse>("HubService/ListReleases", request);
    ASSERT_TRUE(page.ok());
    for (const v1::Release& release : page->releases()) {
      numbers.push_back(release.number());
      EXPECT_EQ(release.tables_size(), 0);
      EXPECT_EQ(release.silent_size(), 2);
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(numbers, (std::vector<std::uint32_t>{1, 2, 3, 4, 5}));
  request.set_report("other");
  EXPECT_EQ(hub_.Ask<v1::ListReleasesResponse>("HubService/ListReleases", request)->releases_size(),
            0);
}

TEST_F(CollectStory, EverythingIsThereAfterARestart) {
  const auto started = Start();
  Answer(north_);
  const HubRelease first = Finish(started->collect_id());
  hub_.methods.clear();
  hub_.audit.reset();
  hub_.enrolment.reset();
  hub_.store.Reopen();
  const auto release = hub_.store.db().Read([&](ReadTx& tx) -> Result<HubRelease> {
    EQN_TRY(const auto definition, ReportStore::Find(tx, hub_.uri, "equity-2025", 0));
    EQN_TRY(const auto stored, HubStore::Release(tx, definition.value().row, 0));
    return ReleaseFromBytes(stored.value().bytes);
  });
  ASSERT_TRUE(release.ok());
  EXPECT_EQ(*release, first);
}

}  // namespace
}  // namespace equinode
