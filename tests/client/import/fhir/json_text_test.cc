#include "client/import/fhir/json_text.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"
#include "client/import/fhir/parser.h"

namespace equinode::fhir {
namespace {

TEST(JsonText, AValueEndsWhereItsBracketsAndQuotesDo) {
  EXPECT_EQ(EndOfValue(R"({"a":"}"} rest)", 0), 9u);
  EXPECT_EQ(EndOfValue(R"(["\"]",[1]],)", 0), 11u);
  EXPECT_EQ(EndOfValue("true,", 0), 4u);
  EXPECT_EQ(EndOfValue(R"("a\\",)", 0), 5u);
  EXPECT_EQ(EndOfValue(R"({"a":1)", 0), kNoEnd);
  EXPECT_EQ(EndOfValue(R"({"a":"\"})", 0), kNoEnd);
}

TEST(JsonText, SaysWhereJsonStopsBeingOne) {
  EXPECT_EQ(FindJsonError(R"({"a":[1,2.5e-3,true,null,"x"],"b":{}})"), kNoEnd);
  EXPECT_EQ(FindJsonError(R"({"a":1,})"), 7u);
  EXPECT_EQ(FindJsonError(R"([1,,2])"), 3u);
  EXPECT_EQ(FindJsonError(R"({"a" 1})"), 5u);
  EXPECT_EQ(FindJsonError(R"({"a":01})"), 5u);
  EXPECT_EQ(FindJsonError(R"({} x)"), 3u);
  EXPECT_EQ(FindJsonError("{\"a\":\"x\ny\"}"), 5u);
  EXPECT_EQ(FindJsonError(R"([1,2)"), 4u);
  EXPECT_EQ(FindJsonError("invalid-row"), 0u);
  EXPECT_EQ(FindJsonError(""), 0u);
  EXPECT_EQ(Position("a\nbc\nd", 4), "line 2, column 3");
  EXPECT_EQ(Position("abc", 2), "column 3");
}

// The finder of errors agrees with the parser on what is JSON, on any small change of a document.
TEST(JsonText, AgreesWithTheParserOnWhatIsJson) {
  const std::string seed = R"({"a":[1,{"b":"c\"d"},true],"e":-1.5e3,"f":{"g":[]},"h":null})";
  SeededRandom random(7);
  Parser parser;
  int right = 0;
  int wrong = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = seed;
    for (std::uint64_t changes = random.Below(3); changes > 0; --changes) {
      const std::string letters = "{}[]\",:1e.-tn ";
      text[random.Below(text.size())] = letters[random.Below(letters.size())];
    }
    text.reserve(text.size() + kPadding);
    const bool parsed = parser.Parse(text).ok();
    const bool found = FindJsonError(text) != kNoEnd;
    if (parsed) {
      ++right;
      ASSERT_FALSE(found) << text;
    } else {
      ++wrong;
      // Escapes and the size of numbers are the parser's alone.
      const bool plain =
          text.find("\\") == text.rfind("\\") &&
          (text.find('\\') == std::string::npos || text.find(R"(c\"d)") != std::string::npos) &&
          text.find('e') == std::string::npos;
      if (plain) {
        ASSERT_TRUE(found) << text;
      }
    }
  }
  EXPECT_GT(right, 1000);
  EXPECT_GT(wrong, 1000);
}

TEST(JsonText, TakesADocumentApartIntoASkeletonAndItsEntries) {
  const std::string text = R"({ "type":"batch", "entry" : [ {"a":[1]} , {"b":"]"} ], "x":[{}] })";
  const auto pieces = TakeApart(text);
  ASSERT_TRUE(pieces.ok());
  ASSERT_EQ(pieces->entries.size(), 2u);
  EXPECT_EQ(
      text.substr(pieces->entries[1].begin, pieces->entries[1].end - pieces->entries[1].begin),
      R"({"b":"]"})");
  EXPECT_EQ(pieces->skeleton, R"({ "type":"batch", "entry" : [ 0 , 0 ], "x":[{}] })");
}

TEST(JsonText, RefusesABrokenDocumentWithItsPosition) {
  for (const std::string_view text : {"{\"entry\":[{} {}]}", "{\"entry\":[{}", "{\"entry\":[\"",
                                      "{\"entry\"", "{\"a\":", "x", ""}) {
    const auto pieces = TakeApart(text);
    ASSERT_FALSE(pieces.ok()) << text;
    EXPECT_EQ(pieces.error().reason, "BAD_JSON");
    EXPECT_NE(pieces.error().message.find("at column"), std::string::npos);
  }
}

TEST(Parser, RefusesWhatIsNoJsonOrNoTextOrTooMuch) {
  Parser parser;
  const auto reason = [&](std::string text) {
    text.reserve(text.size() + kPadding);
    const auto root = parser.Parse(text);
    return root.ok() ? std::string("OK") : root.error().reason;
  };
  EXPECT_EQ(reason(R"({"a":"é"})"), "OK");
  EXPECT_EQ(reason("{\"a\":\"\xC3\x28\"}"), "BAD_UTF8");
  EXPECT_EQ(reason("{\"a\":\"\xED\xA0\x80\"}"), "BAD_UTF8");  // A surrogate by itself.
  EXPECT_EQ(reason(R"({"a":"\ud800"})"), "BAD_JSON");         // Likewise, escaped.
  EXPECT_EQ(reason(R"({"a":"\ud83d\ude00"})"), "OK");         // A pair.
  EXPECT_EQ(reason(std::string("{\"a\":\"x\0y\"}", 11)), "BAD_JSON");
  EXPECT_EQ(reason(R"({"a":1} {"b":2})"), "BAD_JSON");
  EXPECT_EQ(reason(R"({"a":99999999999999999999999})"), "BAD_JSON");
  EXPECT_EQ(reason(std::string(100, '[') + std::string(100, ']')), "TOO_DEEP");
  EXPECT_EQ(reason(std::string(1'000'000, '[')), "BAD_JSON");
  EXPECT_EQ(reason("\"" + std::string(kMaxResource, 'x') + "\""), "LINE_TOO_LONG");
  EXPECT_EQ(reason("\"" + std::string(kMaxResource - 2, 'x') + "\""), "OK");
  EXPECT_EQ(reason(R"({"still":"works"})"), "OK");
}

}  // namespace
}  // namespace equinode::fhir
