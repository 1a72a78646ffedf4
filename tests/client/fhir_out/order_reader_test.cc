// What other systems order, as far as an order here can say the same.
#include "client/fhir_out/order_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "client/fhir_out/referral_bundle.h"
#include "tests/support/reference.h"

namespace equinode {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

Json ConceptWith(const char* system, const char* code) {
  return {{"coding", Json::array({{{"system", system}, {"code", code}}})}};
}

Json Bundle() {
  Json request = {{"resourceType", "ServiceRequest"},
                  {"id", "77"},
                  {"status", "active"},
                  {"code", {{"text", "two bags a week"}}},
                  {"subject", {{"reference", "https://ehr.example/Patient/7/_history/3"}}}};
  request["category"] = Json::array({ConceptWith(
      "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes",
      "food-insecurity")});
  Json task = {{"resourceType", "Task"},
               {"id", "78"},
               {"status", "requested"},
               {"priority", "urgent"},
               {"code", ConceptWith("http://hl7.org/fhir/CodeSystem/task-code", "fulfill")},
               {"focus", {{"reference", "urn:uuid:0c1"}}},
               {"for", {{"reference", "Patient/7"}}}};
  return {{"resourceType", "Bundle"},
          {"entry", Json::array({{{"fullUrl", "urn:uuid:0c1"}, {"resource", request}},
                                 {{"resource", task}}})}};
}

std::string Why(const Json& bundle) {
  const auto orders = OrdersIn(bundle.dump());
  if (!orders.ok()) return orders.error().message;
  if (orders->empty()) return "none";
  const auto& first = orders->front().order;
  return first.ok() ? "OK" : first.error().message;
}

TEST(OrderReader, TakesWhatAnOrderHereCanSay) {
  const auto orders = OrdersIn(Bundle().dump());
  ASSERT_TRUE(orders.ok() && orders->size() == 1 && orders->front().order.ok());
  const ForeignOrder& order = *orders->front().order;
  EXPECT_EQ(orders->front().entry, 2u);
  EXPECT_EQ(order.key, "Task/78");
  EXPECT_FALSE(order.id.has_value());
  EXPECT_TRUE(order.active);
  EXPECT_EQ(order.patient, "7");
  EXPECT_EQ(order.domain, "food-insecurity");
  EXPECT_EQ(order.priority, referral::Priority::kUrgent);
  EXPECT_EQ(order.target, "");
  EXPECT_FALSE(order.need.has_value());
  EXPECT_EQ(order.order.at("service_text"), "two bags a week");
}

TEST(OrderReader, NamesOfTheNetworkAndOurOwnIdsAreTaken) {
  Json bundle = Bundle();
  Json& request = bundle["entry"][0]["resource"];
  Json& task = bundle["entry"][1]["resource"];
  request["performer"] = Json::array({{{"identifier", {{"value", "spiffe://n/qhio/bay"}}}}});
  task["owner"] = {{"identifier", {{"value", "spiffe://n/cbo/pantry"}}}};
  task["identifier"] = Json::array({{{"system", "urn:ietf:rfc:3986"},
                                     {"value", "urn:uuid:01920000-0000-7000-8000-000000000001"}}});
  request["requisition"] = {{"value", "urn:uuid:01920000-0000-7000-8000-000000000002"}};
  request["code"] = {{"coding", Json::array({{{"system", "http://snomed.info/sct"},
                                              {"code", "467771000124109"},
                                              {"display", "Help with an application"}}})}};
  task["input"] = Json::array({{{"type", ConceptWith("urn:equinode:referral-order-field", "phone")},
                                {"valueString", "555-0101"}},
                               {{"type", {{"text", "other"}}}, {"valueString", "unread"}}});
  const auto orders = OrdersIn(bundle.dump());
  ASSERT_TRUE(orders.ok() && orders->size() == 1 && orders->front().order.ok());
  const ForeignOrder& order = *orders->front().order;
  EXPECT_EQ(order.target, "spiffe://n/qhio/bay");
  EXPECT_EQ(order.owner, "spiffe://n/cbo/pantry");
  EXPECT_EQ(order.id->ToString(), "01920000-0000-7000-8000-000000000001");
  EXPECT_EQ(order.need->ToString(), "01920000-0000-7000-8000-000000000002");
  EXPECT_EQ(order.order, (std::map<std::string, std::string, std::less<>>{
                             {"phone", "555-0101"},
                             {"service", "467771000124109"},
                             {"service_text", "Help with an application"}}));
}

TEST(OrderReader, WhatIsWrongIsRefusedWithTheElement) {
  ASSERT_EQ(Why(Bundle()), "OK");
  const auto changed = [](int entry, const char* key, const Json& value) {
    Json bundle = Bundle();
    bundle["entry"][entry]["resource"][key] = value;
    return Why(bundle);
  };
  const auto begins = [](const std::string& text, const char* element) {
    EXPECT_TRUE(text.starts_with(element)) << text;
  };
  begins(changed(1, "status", "received"), "Task.status");
  begins(changed(1, "priority", "soon"), "Task.priority");
  begins(changed(1, "focus", {{"reference", "ServiceRequest/1"}}), "Task.focus");
  begins(changed(1, "for", {{"display", "Maria"}}), "Task.for");
  begins(changed(1, "for", {{"reference", "Outpatient/7"}}), "Task.for");
  begins(changed(1, "for", {{"reference", "Patient/8"}}), "ServiceRequest.subject");
  begins(changed(0, "subject", Json::object()), "ServiceRequest.subject");
  begins(changed(0, "category", Json::array()), "ServiceRequest.category");
  begins(changed(1, "id", ""), "Task.identifier");
  EXPECT_EQ(changed(1, "code", ConceptWith("http://hl7.org/fhir/CodeSystem/task-code", "approve")),
            "none");
  EXPECT_EQ(changed(1, "resourceType", "Appointment"), "none");
  begins(Why(Json::array()), "Bundle");
  begins(Why({{"resourceType", "Task"}}), "Bundle");
}

TEST(OrderReader, AReferralOfOursIsAnOrderToo) {
  ReferralPaper paper;
  paper.id = *Uuid::Parse("01920000-0000-7000-8000-000000000001");
  paper.need = *Uuid::Parse("01920000-0000-7000-8000-000000000002");
  paper.person = "feed/Patient/p-1";
  paper.domain = "interpersonal-safety";
  paper.requester = "spiffe://n/practice/elm";
  paper.target_node = "spiffe://n/cbo/harvest";
  paper.order["service_text"] = "a safe place";
  const auto orders = OrdersIn(BundleOf(paper));
  ASSERT_TRUE(orders.ok() && orders->size() == 1 && orders->front().order.ok());
  const ForeignOrder& order = *orders->front().order;
  EXPECT_EQ(order.id, paper.id);
  EXPECT_EQ(order.need, paper.need);
  EXPECT_EQ(order.domain, paper.domain);
  EXPECT_EQ(order.target, paper.target_node);
  EXPECT_EQ(order.patient, "p-1");
}

// Each element in which two stories differ is named, and nothing else.
TEST(ReferralPaper, DifferencesAreNamed) {
  const ReferralPaper here;
  EXPECT_TRUE(Differences(here, here, true).empty());
  ReferralPaper file = here;
  file.state = referral::State::kCompleted;
  file.reported_by = "Tim";
  file.person = "feed/Patient/9";
  EXPECT_EQ(Differences(here, file, true),
            (std::vector<std::string>{"Task.status", "Task.for", "Task.output"}));
  EXPECT_EQ(Differences(here, file, false),
            (std::vector<std::string>{"Task.status", "Task.output"}));
}

TEST(OrderReader, TheGuidesOwnTasksAreRead) {
  if (!testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  Json entries = Json::array();
  std::size_t tasks = 0;
  for (const auto& file :
       fs::directory_iterator(testing::ReferenceFolder() / "sdoh/sdoh-cc-examples")) {
    if (file.path().extension() != ".json") continue;
    std::ifstream stream(file.path(), std::ios::binary);
    const Json resource = Json::parse(stream);
    const std::string type = resource.value("resourceType", "");
    if (type == "Task" && resource["code"]["coding"][0]["code"] == "fulfill") ++tasks;
    if (type == "Task" || type == "ServiceRequest") {
      entries.push_back({{"resource", resource}});
    }
  }
  const auto orders = OrdersIn(Json{{"resourceType", "Bundle"}, {"entry", entries}}.dump());
  ASSERT_TRUE(orders.ok());
  std::cout << tasks << " Tasks for referral management\n";
  EXPECT_GT(tasks, 0u);
  EXPECT_EQ(orders->size(), tasks);
  for (const OrderFound& found : *orders) {
    ASSERT_TRUE(found.order.ok()) << found.order.error().message;
    EXPECT_FALSE(found.order->patient.empty());
    EXPECT_FALSE(found.order->domain.empty());
    EXPECT_FALSE(found.order->order.empty());
  }
}

}  // namespace
}  // namespace equinode
