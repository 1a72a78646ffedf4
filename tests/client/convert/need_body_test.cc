#include "client/convert/need_body.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/zcodes/day.h"

namespace equinode {
namespace {

template <typename Message, typename Record>
void SameBytesAsProtobuf(const Record& record) {
  const Bytes body = BodyFrom(record);
  Message message;
  RC_ASSERT(message.ParseFromArray(body.data(), static_cast<int>(body.size())));
  RC_ASSERT(message.SerializeAsString() == std::string(AsText(body)));
}

std::string Word() { return *rc::gen::element<std::string>("", "a", "Z59.41", "é", "LA33-6"); }
PartialDate SomeDate() {
  if (*rc::gen::arbitrary<bool>()) return {};
  return {static_cast<std::uint16_t>(*rc::gen::inRange(1, 9999)),
          static_cast<std::uint8_t>(*rc::gen::inRange(1, 13)),
          static_cast<std::uint8_t>(*rc::gen::inRange(0, 29))};
}
std::vector<std::string> Words() {
  std::vector<std::string> words;
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) words.push_back(Word());
  return words;
}
std::vector<Coded> Codes() {
  std::vector<Coded> codes;
  const int count = *rc::gen::inRange(0, 3);
  for (int i = 0; i < count; ++i) codes.push_back({Word(), Word(), Word(), Word()});
  return codes;
}

RC_GTEST_PROP(NeedBody, ScreeningsComeBackAsTheyWere, ()) {
  ScreeningRecord record{Word(), SomeDate(), Word(), Word(), Word(), Words(), {}};
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    ScreenedAnswer answer{"88122-7", Words(), static_cast<AnswerGiven>(*rc::gen::inRange(1, 6)),
                          std::nullopt, Word()};
    if (*rc::gen::arbitrary<bool>()) answer.milli = *rc::gen::arbitrary<std::int64_t>();
    record.answers.push_back(answer);
  }
  SameBytesAsProtobuf<v1::Screening>(record);
  RC_ASSERT(*ScreeningFromBody(BodyFrom(record)) == record);
}

RC_GTEST_PROP(NeedBody, ConditionsComeBackAsTheyWere, ()) {
  ConditionRecord record{Codes(),      Word(),     Word(),     Word(),
                         Words(),      Word(),     SomeDate(), SomeDate(),
                         std::nullopt, SomeDate(), SomeDate(), *rc::gen::arbitrary<bool>(),
                         Word(),       Word(),     Words()};
  if (*rc::gen::arbitrary<bool>()) {
    record.recorded_at =
        Instant{Millis{*rc::gen::inRange<std::int64_t>(-62'135'596'800'000, 253'402'300'799'999)}};
  }
  SameBytesAsProtobuf<v1::Condition>(record);
  RC_ASSERT(*ConditionFromBody(BodyFrom(record)) == record);
}

RC_GTEST_PROP(NeedBody, EncountersComeBackAsTheyWere, ()) {
  EncounterRecord record{Word(), SomeDate(), Word(), {}};
  const int count = *rc::gen::inRange(0, 3);
  for (int i = 0; i < count; ++i) {
    record.diagnoses.push_back(
        {Word(), Codes(), Word(), static_cast<std::uint32_t>(*rc::gen::inRange(0, 20))});
  }
  SameBytesAsProtobuf<v1::Encounter>(record);
  RC_ASSERT(*EncounterFromBody(BodyFrom(record)) == record);
}

NeedRecord OneNeed() {
  NeedStep confirm;
  confirm.at = Instant{Millis{1'780'000'000'123}};
  confirm.actor = "spiffe://n/practice/a/operator/b";
  confirm.on = *ReadDay("2026-03-01");
  confirm.reason = "seen";
  confirm.code.emplace();
  confirm.code->event = CodeEvent::kConfirm;
  confirm.code->code = "Z59.41";
  confirm.code->on = confirm.on;
  confirm.code->clinician = "Pat Williams";
  confirm.code->reason = "seen";
  NeedStep start = confirm;
  start.code.reset();
  start.need = NeedEvent::kStart;
  NeedStep help = start;
  help.need.reset();
  help.help = HelpWanted::kNo;
  return {"food-insecurity", {confirm, start, help}};
}

TEST(NeedBody, NeedsComeBackAsTheyWere) {
  const auto read = NeedFromBody(BodyFrom(OneNeed()));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, OneNeed());
}

std::string Refused(const std::function<void(v1::Need&)>& spoil) {
  const Bytes body = BodyFrom(OneNeed());
  v1::Need message;
  EXPECT_TRUE(message.ParseFromArray(body.data(), static_cast<int>(body.size())));
  spoil(message);
  const std::string bytes = message.SerializeAsString();
  const auto read = NeedFromBody(AsBytes(bytes));
  return read.ok() ? "" : read.error().reason;
}

TEST(NeedBody, WhatCannotBeIsRefused) {
  EXPECT_EQ(Refused([](v1::Need&) {}), "");
  EXPECT_EQ(Refused([](v1::Need& need) { need.set_domain("food"); }), "BAD_RECORD");
  EXPECT_EQ(Refused([](v1::Need& need) {
              need.mutable_steps(0)->set_need(v1::NEED_EVENT_MEET);  // Two things at once.
            }),
            "BAD_RECORD");
  EXPECT_EQ(Refused([](v1::Need& need) { need.mutable_steps(0)->clear_code(); }), "BAD_RECORD");
  EXPECT_EQ(
      Refused([](v1::Need& need) { need.mutable_steps(0)->mutable_code()->set_code("z5941"); }),
      "BAD_RECORD");
  EXPECT_EQ(Refused([](v1::Need& need) { need.mutable_steps(1)->mutable_on()->set_month(13); }),
            "BAD_RECORD");
  EXPECT_EQ(Refused([](v1::Need& need) {
              for (int i = 0; i < 200; ++i) *need.add_steps() = need.steps(1);
            }),
            "BAD_RECORD");
  const Bytes bad{0xff, 0xff, 0xff};
  EXPECT_EQ(ScreeningFromBody(bad).error().reason, "BAD_RECORD");
  EXPECT_EQ(ConditionFromBody(bad).error().reason, "BAD_RECORD");
  EXPECT_EQ(EncounterFromBody(bad).error().reason, "BAD_RECORD");
  EXPECT_EQ(NeedFromBody(bad).error().reason, "BAD_RECORD");
}

TEST(NeedBody, AnAnswerIsGivenSomehow) {
  v1::Screening message;
  message.add_answers()->set_question("88122-7");
  const std::string bytes = message.SerializeAsString();
  EXPECT_EQ(ScreeningFromBody(AsBytes(bytes)).error().reason, "BAD_RECORD");
}

}  // namespace
}  // namespace equinode
