#include "client/convert/record_body.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "equinode/v1/record.pb.h"

namespace equinode {
namespace {

std::string Word(SeededRandom& random, std::size_t most = 40) {
  return std::string(random.Below(most), static_cast<char>('a' + random.Below(26)));
}

PartialDate AnyDate(SeededRandom& random) {
  PartialDate date;
  if (random.Below(4) == 0) return date;
  date.year = static_cast<std::uint16_t>(1 + random.Below(9999));
  if (random.Below(4) > 0) date.month = static_cast<std::uint8_t>(1 + random.Below(12));
  if (date.month > 0) date.day = static_cast<std::uint8_t>(random.Below(29));
  return date;
}

// `before` is how many stand before it.
Assertion AnyAssertion(SeededRandom& random, std::uint32_t before) {
  Assertion assertion;
  assertion.field = static_cast<AssertionField>(1 + random.Below(9));
  for (std::uint64_t n = random.Below(5); n > 0; --n) {
    assertion.values.push_back({Word(random), Word(random), Word(random, 200), Word(random)});
  }
  assertion.state = static_cast<AnswerState>(1 + random.Below(14));
  assertion.instrument = Word(random);
  assertion.method = static_cast<CollectionMethod>(1 + random.Below(7));
  assertion.asserter = Word(random);
  assertion.collected_on = AnyDate(random);
  for (std::uint64_t n = random.Below(3); n > 0; --n) assertion.labels.push_back(Word(random));
  assertion.conflict = Word(random);
  for (std::uint32_t at = 0; at < before; ++at) {
    if (random.Below(3) == 0) assertion.supersedes.push_back(at);
    if (random.Below(3) == 0) assertion.retracts.push_back(at);
  }
  return assertion;
}

PersonRecord AnyPerson(SeededRandom& random) {
  PersonRecord person;
  for (std::uint64_t n = random.Below(4); n > 0; --n) {
    person.names.push_back({Word(random),
                            Word(random),
                            {Word(random), Word(random)},
                            Word(random),
                            Word(random),
                            Word(random)});
    person.identifiers.push_back({Word(random), Word(random), Word(random)});
    person.addresses.push_back({Word(random),
                                {Word(random)},
                                Word(random),
                                Word(random),
                                Word(random),
                                Word(random),
                                Word(random)});
    person.telecoms.push_back({Word(random), Word(random), Word(random)});
    person.assertions.push_back(
        AnyAssertion(random, static_cast<std::uint32_t>(person.assertions.size())));
  }
  person.birth_date = AnyDate(random);
  person.deceased = random.Below(2) == 0;
  person.active = random.Below(2) == 0;
  person.managing_organization = Word(random);
  return person;
}

template <typename Message>
Bytes Again(ByteView body) {
  Message message;
  EXPECT_TRUE(message.ParseFromArray(body.data(), static_cast<int>(body.size())));
  Bytes bytes(message.ByteSizeLong());
  EXPECT_TRUE(message.SerializeToArray(bytes.data(), static_cast<int>(bytes.size())));
  return bytes;
}

TEST(RecordBody, APersonComesBackAsTheSameAndIsTheBytesOfProtobuf) {
  SeededRandom random(11);
  for (int round = 0; round < 500; ++round) {
    const PersonRecord person = AnyPerson(random);
    const Bytes body = BodyFrom(person);
    ASSERT_EQ(body, Again<v1::Person>(body));
    const auto back = PersonFromBody(body);
    ASSERT_TRUE(back.ok()) << back.error().message;
    ASSERT_EQ(*back, person);
    ASSERT_EQ(BodyFrom(*back), body);
  }
}

TEST(RecordBody, TheOtherKindsComeBackAsTheSame) {
  SeededRandom random(12);
  for (int round = 0; round < 200; ++round) {
    const CoverageRecord coverage{Word(random),    Word(random),    Word(random), Word(random),
                                  AnyDate(random), AnyDate(random), Word(random)};
    const Bytes body = BodyFrom(coverage);
    ASSERT_EQ(body, Again<v1::Coverage>(body));
    ASSERT_EQ(CoverageFromBody(body).value(), coverage);
    OrganizationRecord organization{Word(random), {}};
    for (std::uint64_t n = random.Below(3); n > 0; --n) {
      organization.identifiers.push_back({Word(random), Word(random), Word(random)});
    }
    const Bytes other = BodyFrom(organization);
    ASSERT_EQ(other, Again<v1::Organization>(other));
    ASSERT_EQ(OrganizationFromBody(other).value(), organization);
  }
  const MeasureResultRecord result{"HBA1C-9.a_b", "2025-01-01/2025-12-31", true, true};
  EXPECT_EQ(MeasureResultFromBody(BodyFrom(result)).value(), result);
  EXPECT_EQ(BodyFrom(result), Again<v1::MeasureResult>(BodyFrom(result)));
}

TEST(RecordBody, ALongMessageInsideHasALongLength) {
  PersonRecord person;
  Assertion assertion;
  for (int i = 0; i < 32; ++i) assertion.values.push_back({std::string(1000, 's'), "c", "", ""});
  person.assertions.push_back(assertion);
  const Bytes body = BodyFrom(person);
  EXPECT_GT(body.size(), 32'000u);
  EXPECT_EQ(body, Again<v1::Person>(body));
  EXPECT_EQ(PersonFromBody(body).value(), person);
}

template <typename Message>
Bytes BytesOf(const Message& message) {
  Bytes bytes(message.ByteSizeLong());
  EXPECT_TRUE(message.SerializeToArray(bytes.data(), static_cast<int>(bytes.size())));
  return bytes;
}

TEST(RecordBody, RefusesWhatIsOutOfBounds) {
  const auto refused = [](const v1::Person& person) {
    const auto read = PersonFromBody(BytesOf(person));
    return !read.ok() && read.error().reason == "BAD_RECORD";
  };
  v1::Person person;
  EXPECT_FALSE(refused(person));
  person.add_names()->set_family(std::string(1025, 'x'));
  EXPECT_TRUE(refused(person));
  person.Clear();
  person.mutable_birth_date()->set_month(2);
  EXPECT_TRUE(refused(person));
  person.mutable_birth_date()->set_year(2023);
  EXPECT_FALSE(refused(person));
  person.mutable_birth_date()->set_day(29);
  EXPECT_TRUE(refused(person));
  person.mutable_birth_date()->set_year(70'000);
  EXPECT_TRUE(refused(person));
  person.Clear();
  auto* assertion = person.add_assertions();
  EXPECT_TRUE(refused(person));  // No field, state or method.
  assertion->set_field(v1::ASSERTION_FIELD_RACE);
  assertion->set_state(v1::ANSWER_STATE_KNOWN);
  assertion->set_method(v1::COLLECTION_METHOD_UNKNOWN);
  EXPECT_FALSE(refused(person));
  assertion->set_state(static_cast<v1::AnswerState>(99));
  EXPECT_TRUE(refused(person));
  assertion->set_state(v1::ANSWER_STATE_KNOWN);
  for (int i = 0; i < 33; ++i) assertion->add_values()->set_code("x");
  EXPECT_TRUE(refused(person));
  assertion->clear_values();
  *person.add_assertions() = person.assertions(0);
  auto* later = person.mutable_assertions(1);
  later->add_retracts(0);
  later->add_supersedes(0);
  EXPECT_FALSE(refused(person));
  later->add_retracts(0);  // Twice.
  EXPECT_TRUE(refused(person));
  later->clear_retracts();
  later->add_supersedes(1);  // Itself.
  EXPECT_TRUE(refused(person));
  person.Clear();
  for (int i = 0; i < 65; ++i) person.add_telecoms()->set_value("x");
  EXPECT_TRUE(refused(person));
}

TEST(RecordBody, RefusesWhatIsNoBody) {
  EXPECT_FALSE(PersonFromBody(AsBytes("\xff\xff")).ok());
  EXPECT_FALSE(PersonFromBody(Bytes(300 * 1024)).ok());
  v1::Person person;
  person.add_names()->set_family("x");
  Bytes body = BytesOf(person);
  body.back() = 0xff;  // No longer UTF-8.
  EXPECT_FALSE(PersonFromBody(body).ok());
  EXPECT_FALSE(MeasureResultFromBody({}).ok());
  EXPECT_FALSE(MeasureResultFromBody(BodyFrom(MeasureResultRecord{"M", "2025", false, true})).ok());
  EXPECT_FALSE(
      MeasureResultFromBody(BodyFrom(MeasureResultRecord{"M M", "2025", true, true})).ok());
}

}  // namespace
}  // namespace equinode
