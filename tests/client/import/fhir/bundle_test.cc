#include "client/import/fhir/bundle.h"

#include <gtest/gtest.h>

#include <vector>

namespace equinode::fhir {
namespace {

struct Seen {
  std::uint64_t number = 0;
  std::string url{};
  std::string what{};  // resourceType or the refusal's reason.
};

Result<std::vector<Seen>> ReadAll(std::string text) {
  text.reserve(text.size() + kPadding);
  Parser parser;
  EQN_TRY(const Bundle bundle, OpenBundle(text, parser));
  std::vector<Seen> seen;
  EQN_CHECK(ReadEntries(text, bundle, parser,
                        [&](std::uint64_t number, std::string_view url,
                            const Result<dom::element>& resource) -> Status {
                          Seen one{number, std::string(url), {}};
                          if (resource.ok()) {
                            std::string_view type;
                            if (resource->at_key("resourceType").get_string().get(type) !=
                                simdjson::SUCCESS) {
                              type = "?";
                            }
                            one.what.assign(type);
                          } else {
                            one.what = resource.error().reason;
                          }
                          seen.push_back(std::move(one));
                          return Ok();
                        }));
  return seen;
}

TEST(FhirBundle, GivesItsEntriesInOrder) {
  const auto seen = ReadAll(R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"fullUrl":"urn:uuid:a","resource":{"resourceType":"Patient"},"request":{"method":"POST"}},
    {"request":{"method":"DELETE","url":"Patient/p"}},
    {"fullUrl":"urn:uuid:b"},
    7,
    {"resource":{"resourceType":"Coverage","id":"c"}}]})");
  ASSERT_TRUE(seen.ok()) << seen.error().message;
  ASSERT_EQ(seen->size(), 5u);
  EXPECT_EQ((*seen)[0].what, "Patient");
  EXPECT_EQ((*seen)[0].url, "urn:uuid:a");
  EXPECT_EQ((*seen)[1].what, "DELETE_NOT_TAKEN");
  EXPECT_EQ((*seen)[2].what, "ENTRY_WITHOUT_RESOURCE");
  EXPECT_EQ((*seen)[3].what, "WRONG_TYPE");
  EXPECT_EQ((*seen)[4].what, "Coverage");
  EXPECT_EQ((*seen)[4].number, 5u);
}

TEST(FhirBundle, KnowsWhatItsUrnsName) {
  std::string text = R"({"resourceType":"Bundle","type":"collection","entry":[
    {"fullUrl":"urn:uuid:a","resource":{"resourceType":"Patient","id":"real"}},
    {"fullUrl":"urn:uuid:b","resource":{"resourceType":"Practitioner"}}]})";
  text.reserve(text.size() + kPadding);
  Parser parser;
  const auto bundle = OpenBundle(text, parser);
  ASSERT_TRUE(bundle.ok());
  EXPECT_EQ(bundle->urls.at("urn:uuid:a"), "Patient/real");
  EXPECT_EQ(bundle->urls.at("urn:uuid:b"), "Practitioner/b");
}

TEST(FhirBundle, ABrokenOneIsRefusedInWholeWithTheEntrysPosition) {
  const auto broken = ReadAll(
      "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\n"
      "{\"resource\":{\"resourceType\":\"Patient\"}},\n"
      "{\"resource\":{\"resourceType\":\"Patient\",}}]}");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().reason, "BAD_JSON");
  EXPECT_NE(broken.error().message.find("line 3, column 39"), std::string::npos)
      << broken.error().message;
  const auto outside =
      ReadAll("{\"resourceType\":\"Bundle\",,\"type\":\"collection\",\"entry\":[]}");
  ASSERT_FALSE(outside.ok());
  EXPECT_NE(outside.error().message.find("at column 26"), std::string::npos)
      << outside.error().message;
  EXPECT_FALSE(ReadAll(R"({"resourceType":"Bundle","type":"batch","entry":[]} x)").ok());
}

TEST(FhirBundle, OnlyTypesThatHoldRecordsAreTakenIn) {
  for (const std::string type : {"collection", "transaction", "batch", "searchset"}) {
    EXPECT_TRUE(ReadAll(R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[]})").ok());
  }
  for (const std::string type : {"history", "document", "message", "x"}) {
    const auto seen = ReadAll(R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[]})");
    ASSERT_FALSE(seen.ok());
    EXPECT_EQ(seen.error().reason, "BUNDLE_TYPE");
  }
  EXPECT_EQ(ReadAll(R"({"resourceType":"Patient","type":"batch"})").error().reason, "NOT_A_BUNDLE");
}

}  // namespace
}  // namespace equinode::fhir
