#include "client/convert/report.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace equinode {
namespace {

using std::chrono::sys_days;

ReportDefinition Definition() {
  ReportDefinition definition;
  definition.name = "equity-2025";
  definition.version = 3;
  definition.payer = "spiffe://net/payer/plan";
  definition.period_start = sys_days{std::chrono::year{2025} / 1 / 1};
  definition.period_end = sys_days{std::chrono::year{2025} / 12 / 31};
  definition.measure_period = "2025";
  definition.tables = {{"race", {"population", "available.race"}, {Stratifier::kRaceOmb1997}},
                       {"age", {"CMS122"}, {Stratifier::kAgeBand}}};
  definition.age_band_starts = {0, 18, 65};
  definition.title = "People and diabetes control";
  return definition;
}

RawFamily Raw() {
  RawFamily family;
  RawTable table{.measure = "population", .stratifier = Stratifier::kRaceOmb1997};
  table.cells = {{"ASIAN", 0, 0}, {"BLACK", 5, 0}, {"NHPI", 300, 0}, {"WHITE", 20, 0}};
  table.total = {"", 325, 0};
  family.tables.push_back({"race", table});
  return family;
}

AnswerHead Head() {
  SeededRandom random(7);
  AnswerHead head;
  head.collect_id = Uuid::MakeV7(Instant{Millis{1'700'000'000'000}}, random);
  head.definition_name = "equity-2025";
  head.definition_version = 3;
  head.definition_sha256 = Sha256(AsBytes("definition"));
  head.counted_at = Instant{Millis{1'700'000'000'000}};
  return head;
}

// The two doors, and no third: raw counts have no way into an answer for a peer.
template <typename Counts>
concept BecomesAnAnswer = requires(const AnswerHead& head, const Counts& counts) {
  BytesFromAnswer(head, counts);
};
static_assert(BecomesAnAnswer<ReleasedFamily>);
static_assert(!BecomesAnAnswer<RawFamily>);
static_assert(!BecomesAnAnswer<RawCounts>);
static_assert(!BecomesAnAnswer<std::vector<AnswerTable>>);

TEST(ConvertReport, ADefinitionComesBackAsItWas) {
  const auto back = DefinitionFromBytes(BytesFromDefinition(Definition()));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, Definition());
}

TEST(ConvertReport, ADefinitionWithoutThresholdsOrBandsHasTheUsualOnes) {
  v1::ReportDefinition message;
  SetDefinition(Definition(), &message);
  message.clear_suppress_from();
  message.clear_suppress_to();
  message.clear_age_band_starts();
  const auto back = DefinitionFrom(message);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->suppress_to, 10u);
  EXPECT_EQ(back->age_band_starts, (std::vector<std::uint32_t>{0, 18, 45, 65}));
}

TEST(ConvertReport, RefusesDaysThatDoNotExistAndStratifiersItDoesNotKnow) {
  v1::ReportDefinition message;
  SetDefinition(Definition(), &message);
  message.mutable_period_end()->set_month(2);
  EXPECT_EQ(DefinitionFrom(message).error().reason, "BAD_DEFINITION");
  v1::ReportDefinition other;
  SetDefinition(Definition(), &other);
  other.mutable_tables(0)->set_stratifiers(0, static_cast<v1::Stratifier>(99));
  EXPECT_EQ(DefinitionFrom(other).error().reason, "BAD_DEFINITION");
}

TEST(ConvertReport, AnAnswerShowsWhatTheGateReleasedAndNothingElse) {
  const auto released = Release(Raw(), {});
  ASSERT_TRUE(released.ok());
  const Bytes bytes = BytesFromAnswer(Head(), *released);
  const auto back = AnswerFromBytes(bytes);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->tables, released->tables());
  EXPECT_EQ(back->head.collect_id, Head().collect_id);
  v1::ReportAnswer message;
  ASSERT_TRUE(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  const v1::ReleasedCell& hidden = message.tables(0).cells(1);
  EXPECT_EQ(hidden.stratum(), "BLACK");
  EXPECT_EQ(hidden.denominator().kind_case(), v1::ReleasedValue::kSuppressed);
  EXPECT_FALSE(hidden.has_numerator());
  EXPECT_EQ(message.tables(0).cells(0).denominator().kind_case(), v1::ReleasedValue::kCount);
}

TEST(ConvertReport, AValueThatSaysNeitherCountNorHiddenIsRefusedNotZero) {
  const auto released = Release(Raw(), {});
  const Bytes bytes = BytesFromAnswer(Head(), *released);
  v1::ReportAnswer message;
  ASSERT_TRUE(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  message.mutable_tables(0)->mutable_cells(0)->mutable_denominator()->clear_kind();
  const std::string altered = message.SerializeAsString();
  EXPECT_EQ(AnswerFromBytes(AsBytes(altered)).error().reason, "BAD_ANSWER");
}

TEST(ConvertReport, AStoredAnswerIsGivenAgainUnderAnotherCollection) {
  const auto released = Release(Raw(), {});
  const Bytes bytes = BytesFromAnswer(Head(), *released);
  SeededRandom random(8);
  const Uuid later = Uuid::MakeV7(Instant{Millis{1'800'000'000'000}}, random);
  AnswerHead head = Head();
  head.collect_id = later;
  head.counted_at += Millis{5};
  ReportDefinition definition = Definition();
  definition.tables = {{"race", {"population"}, {Stratifier::kRaceOmb1997}}};
  const auto again = AnswerAgain(bytes, head, definition);
  ASSERT_TRUE(again.ok());
  const auto back = AnswerFromBytes(*again);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->head.collect_id, later);
  EXPECT_EQ(back->head.counted_at, Head().counted_at);
  EXPECT_EQ(back->tables, released->tables());
}

TEST(ConvertReport, AStoredAnswerComesInTheOrderOfTheDefinitionThatAsks) {
  RawFamily raw = Raw();
  raw.tables.push_back(raw.tables[0]);
  raw.tables[1].id = "again";
  const auto released = Release(raw, {});
  ASSERT_TRUE(released.ok()) << released.error().message;
  ReportDefinition definition = Definition();
  definition.tables = {{"again", {"population"}, {Stratifier::kRaceOmb1997}},
                       {"race", {"population"}, {Stratifier::kRaceOmb1997}}};
  const auto again = AnswerAgain(BytesFromAnswer(Head(), *released), Head(), definition);
  ASSERT_TRUE(again.ok());
  const auto back = AnswerFromBytes(*again);
  ASSERT_EQ(back->tables.size(), 2u);
  EXPECT_EQ(back->tables[0].table_id, "again");
  EXPECT_EQ(back->tables[1], released->tables()[0]);
  definition.tables[0].id = "other";
  EXPECT_EQ(AnswerAgain(BytesFromAnswer(Head(), *released), Head(), definition).error().reason,
            "OTHER_FAMILY");
}

TEST(ConvertReport, ARefusalTravelsWithItsReason) {
  const Error why{Code::kFailedPrecondition, "OTHER_RELEASE_OF_PERIOD",
                  "other tables were released"};
  const auto back = AnswerFromBytes(BytesFromRefusal(Head(), why));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->refused_reason, "OTHER_RELEASE_OF_PERIOD");
  EXPECT_TRUE(back->tables.empty());
}

TEST(ConvertReport, AReleaseComesBackAsItWas) {
  HubRelease release;
  release.definition_name = "equity-2025";
  release.number = 2;
  release.title = "Equity";
  release.period_start = std::chrono::sys_days{std::chrono::year{2025} / 1 / 1};
  release.period_end = std::chrono::sys_days{std::chrono::year{2025} / 12 / 31};
  release.relays = {"spiffe://net/qhio/q"};
  release.released_at = Instant{Millis{1'700'000'000'000}};
  PooledTable table{"race", "population", Stratifier::kRaceOmb1997, {}, 1};
  table.cells.push_back({"WHITE", {{ShownKind::kHidden, 0}, 40, 2}, {}});
  table.cells.push_back({"", {{ShownKind::kCount, 325}, 325, 0}, {}});
  release.tables.push_back(table);
  release.answered = {"spiffe://net/practice/a"};
  release.silent = {"spiffe://net/practice/b"};
  release.refused = {{"spiffe://net/practice/c", "NOT_SHARED", "counts are not shared"}};
  release.note = kPooledNote;
  const auto back = ReleaseFromBytes(BytesFromRelease(release));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, release);
}

TEST(ConvertReport, APooledValueThatSaysNeitherCountNorHiddenIsRefused) {
  v1::Release message;
  message.set_definition_name("r");
  for (v1::Date* day : {message.mutable_period_start(), message.mutable_period_end()}) {
    day->set_year(2025);
    day->set_month(1);
    day->set_day(1);
  }
  v1::PooledCell* cell = message.add_tables()->add_cells();
  message.mutable_tables(0)->set_stratifier(v1::STRATIFIER_SEX);
  EXPECT_EQ(ReleaseFrom(message).error().reason, "BAD_RELEASE") << "no denominator";
  cell->mutable_denominator()->set_shown_sum(5);
  EXPECT_EQ(ReleaseFrom(message).error().reason, "BAD_RELEASE");
  cell->mutable_denominator()->mutable_value()->set_count(5);
  message.mutable_released_at()->set_seconds(1);
  EXPECT_TRUE(ReleaseFrom(message).ok());
}

TEST(ConvertReport, ALocalQuestionOfOnesOwnRecordsNamesThisNode) {
  v1::GetLocalCountsRequest message;
  message.set_stratifier(v1::STRATIFIER_COUNTY);
  message.add_measures("available.race");
  message.mutable_period_end()->set_year(2025);
  message.mutable_period_end()->set_month(12);
  message.mutable_period_end()->set_day(31);
  message.set_own_only(true);
  const auto query = TableQueryFrom(message, "spiffe://net/practice/a");
  ASSERT_TRUE(query.ok());
  EXPECT_EQ(query->scope.owner, "spiffe://net/practice/a");
  EXPECT_EQ(query->stratifier, Stratifier::kCounty);
  message.add_measures("available.shoe_size");
  EXPECT_EQ(TableQueryFrom(message, "").error().reason, "UNKNOWN_MEASURE");
}

TEST(ConvertReport, LocalCountsComeBackAsTheyWere) {
  RawTable table{.measure = "M", .stratifier = Stratifier::kSex};
  table.cells = {{"FEMALE", 3, 1}, {"MALE", 2, 2}};
  table.total = {"", 5, 3};
  v1::GetLocalCountsResponse response;
  SetLocalCounts({table}, &response);
  const auto back = LocalCountsFrom(response);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, RawCounts{table});
}

}  // namespace
}  // namespace equinode
