// TI14: aggregates that are not what they say they are.
#include "server/reports/answer_applier.h"

#include <functional>

#include "equinode/v1/report.pb.h"
#include "tests/server/reports/report_town.h"

namespace equinode {
namespace {

class TI14_Answers : public testing::ReportTown {
 protected:
  TI14_Answers() {
    north_.TakeIn(60, Race1997::kWhite, hub_.uri);
    north_.TakeIn(40, Race1997::kBlack, hub_.uri);
    EXPECT_TRUE(Create(Definition()).ok());
    const auto started = Start();
    EXPECT_TRUE(started.ok());
    collect_id_ = started->collect_id();
    EXPECT_EQ(Carry(hub_, north_), "OK");
    EXPECT_TRUE(north_.answerer->Step(north_.now()).ok());
    const Bytes payload = north_.Waiting(hub_).front().payload;
    EXPECT_TRUE(good_.ParseFromArray(payload.data(), static_cast<int>(payload.size())));
  }
  std::string Give(const v1::ReportAnswer& answer, std::string_view from) {
    const std::string bytes = answer.SerializeAsString();
    return hub_.Take(from, exchange::PayloadKind::kReportAnswer, AsBytes(bytes));
  }
  std::string Spoilt(const std::function<void(v1::ReportAnswer&)>& spoil) {
    v1::ReportAnswer answer = good_;
    spoil(answer);
    return Give(answer, north_.uri);
  }

  std::string collect_id_{};
  v1::ReportAnswer good_{};
};

v1::ReleasedCell& Total(v1::ReportAnswer& answer) {
  auto* cells = answer.mutable_tables(0)->mutable_cells();
  return (*cells)[cells->size() - 1];
}

TEST_F(TI14_Answers, CountsThatCannotBeAreRefused) {
  EXPECT_EQ(Spoilt([](auto& a) { Total(a).mutable_denominator()->set_count(101); }),
            "ANSWER_INCONSISTENT");
  EXPECT_EQ(
      Spoilt([](auto& a) {
        // -1 as a peer would write it.
        a.mutable_tables(0)->mutable_cells(0)->mutable_denominator()->set_count(~std::uint64_t{0});
      }),
      "BAD_ANSWER");
  EXPECT_EQ(Spoilt([](auto& a) {
              auto* cells = a.mutable_tables(1)->mutable_cells();
              for (v1::ReleasedCell& cell : *cells) cell.mutable_numerator()->set_count(1000);
            }),
            "ANSWER_INCONSISTENT");
  EXPECT_EQ(Spoilt([](auto& a) { a.mutable_tables()->RemoveLast(); }), "BAD_ANSWER");
  EXPECT_EQ(Spoilt([](auto& a) { a.mutable_tables(0)->set_measure("available.race"); }),
            "BAD_ANSWER");
  EXPECT_EQ(Give(good_, north_.uri), "OK") << "the good one is good";
}

TEST_F(TI14_Answers, AnswersToNothingThatWasAskedAreRefused) {
  EXPECT_EQ(Spoilt([&](auto& a) {
              const Uuid other = Uuid::MakeV7(hub_.now(), hub_.random);
              a.set_collect_id(other.bytes().data(), other.bytes().size());
            }),
            "UNKNOWN_COLLECTION");
  EXPECT_EQ(Spoilt([](auto& a) { a.set_definition_version(7); }), "OTHER_DEFINITION");
  EXPECT_EQ(Spoilt([](auto& a) { a.mutable_definition_sha256()->front() ^= 1; }),
            "OTHER_DEFINITION");
  testing::ReportNode stranger(pki_, "practice", "stranger");
  EXPECT_EQ(Give(good_, stranger.uri), "NOT_ASKED");
  EXPECT_EQ(hub_.Take(north_.uri, exchange::PayloadKind::kReportAnswer, AsBytes("garbage")),
            "BAD_ANSWER");
}

TEST_F(TI14_Answers, ASecondOneIsTheSameOrRefused) {
  EXPECT_EQ(Give(good_, north_.uri), "OK");
  EXPECT_EQ(Give(good_, north_.uri), "OK");
  EXPECT_EQ(Spoilt([](auto& a) { a.mutable_counted_at()->set_seconds(1); }), "ANSWERED_BEFORE");
  EXPECT_EQ(Spoilt([](auto& a) {
              a.clear_tables();
              a.set_refused_reason("NOT_SHARED");
            }),
            "ANSWERED_BEFORE");
  EXPECT_EQ(Finish(collect_id_).answered, std::vector<std::string>{north_.uri});
}

TEST_F(TI14_Answers, OfTwoThatCameAtOneTimeTheFirstStands) {
  v1::ReportAnswer other = good_;
  other.mutable_counted_at()->set_seconds(1);
  const std::string first = good_.SerializeAsString();
  const std::string second = other.SerializeAsString();
  const auto incoming = [&](const std::string& bytes) {
    constexpr auto kKind = exchange::PayloadKind::kReportAnswer;
    return Incoming{north_.uri, Uuid{}, exchange::LaneOf(kKind), kKind, AsBytes(bytes)};
  };
  // Both are judged before either takes effect.
  const auto one = hub_.answers(incoming(first));
  const auto two = hub_.answers(incoming(second));
  ASSERT_TRUE(one.ok() && two.ok());
  AuditNote note;
  for (const auto* apply : {&*one, &*two}) {
    ASSERT_TRUE(hub_.store.db().Write("apply", [&](Tx& tx) { return (*apply)(tx, note); }).ok());
  }
  EXPECT_NE(note.purpose.find("ANSWERED_BEFORE"), std::string::npos);
  const auto kept = hub_.store.db().Read([&](ReadTx& tx) -> Result<Bytes> {
    EQN_TRY(const auto definitions, ReportStore::List(tx, 0, 1));
    return HubStore::NewestAnswer(tx, definitions.at(0).row, north_.uri);
  });
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(AsText(*kept), first);
}

TEST_F(TI14_Answers, ARefusalIsAWordAndALine) {
  const auto refuse = [&](const char* reason, const char* message) {
    return Spoilt([&](auto& a) {
      a.clear_tables();
      a.set_refused_reason(reason);
      a.set_refused_message(message);
    });
  };
  EXPECT_EQ(refuse("not a word", "x"), "BAD_ANSWER");
  EXPECT_EQ(refuse("NOT_SHARED", "two\nlines"), "BAD_ANSWER");
  EXPECT_EQ(refuse("NOT_SHARED", "we do not share"), "OK");
}

}  // namespace
}  // namespace equinode
