#include "base/crypto/cms.h"
#include "domain/access/policy.h"
#include "server/services/count/count.h"
#include "tests/server/reports/report_town.h"

namespace equinode {
namespace {

class CountMethodsTest : public testing::ReportTown {
 protected:
  Result<v1::GetLocalCountsResponse> Count(testing::ReportNode& node, bool own_only) {
    v1::GetLocalCountsRequest request;
    request.set_stratifier(v1::STRATIFIER_RACE_OMB1997);
    request.add_measures("population");
    request.mutable_period_end()->set_year(2025);
    request.mutable_period_end()->set_month(12);
    request.mutable_period_end()->set_day(31);
    request.set_own_only(own_only);
    return node.Ask<v1::GetLocalCountsResponse>("CountService/GetLocalCounts", request);
  }
  static std::uint64_t Total(const v1::GetLocalCountsResponse& counts) {
    const auto& cells = counts.tables(0).cells();
    for (const v1::LocalCell& cell : cells) {
      if (cell.stratum().empty()) return cell.denominator();
    }
    return ~std::uint64_t{0};
  }
};

TEST_F(CountMethodsTest, EveryMethodHasAPolicyRow) {
  for (const Method& method : hub_.methods) {
    EXPECT_NE(FindPolicy(method.path), nullptr) << method.path;
  }
  EXPECT_EQ(hub_.methods.size(), 8u);
}

TEST_F(CountMethodsTest, ADefinitionIsSignedByTheNodesKeyAndKept) {
  const auto made = Create(Definition());
  ASSERT_TRUE(made.ok()) << Why(made);
  EXPECT_TRUE(hub_.call.audit.recorded);
  const std::string& bytes = made->signed_().definition();
  const auto signer = VerifyDetached(AsBytes(bytes), AsBytes(made->signed_().signature()),
                                     pki_.trust(), hub_.now());
  ASSERT_TRUE(signer.ok());
  EXPECT_EQ(*signer, hub_.cert.certificate());
  EXPECT_EQ(*DefinitionFromBytes(AsBytes(bytes)), Definition());

  const auto again = Create(Definition());
  ASSERT_TRUE(again.ok()) << "the same content again";
  EXPECT_EQ(again->SerializeAsString(), made->SerializeAsString());
  ReportDefinition changed = Definition();
  changed.title = "other";
  EXPECT_EQ(Why(Create(changed)), "DEFINITION_CHANGED");
  changed.version = 2;
  EXPECT_EQ(Why(Create(changed)), "OK");
}

TEST_F(CountMethodsTest, RefusesWhatNoNodeWouldAnswer) {
  ReportDefinition definition = Definition();
  definition.payer = pki_.Uri("payer", "another");
  EXPECT_EQ(Why(Create(definition)), "WRONG_PAYER");
  definition = Definition();
  definition.tables[0].stratifiers.push_back(Stratifier::kSex);
  EXPECT_EQ(Why(Create(definition)), "TOO_MANY_WAYS");
  definition = Definition();
  definition.suppress_to = 9;
  EXPECT_EQ(Why(Create(definition)), "THRESHOLD_TOO_LOW");
}

TEST_F(CountMethodsTest, ListsDefinitionsInPages) {
  for (std::uint32_t version = 1; version <= 5; ++version) {
    ReportDefinition definition = Definition();
    definition.version = version;
    definition.title = std::to_string(version);
    ASSERT_TRUE(Create(definition).ok());
  }
  v1::ListReportDefinitionsRequest request;
  request.set_page_size(2);
  std::string versions;
  do {
    const auto page =
        hub_.Ask<v1::ListReportDefinitionsResponse>("CountService/ListReportDefinitions", request);
    ASSERT_TRUE(page.ok());
    for (const auto& one : page->definitions()) versions += std::to_string(one.version());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(versions, "12345");
  request.set_page_token("-1");
  EXPECT_EQ(Why(hub_.Ask<v1::ListReportDefinitionsResponse>("CountService/ListReportDefinitions",
                                                            request)),
            "BAD_PAGE_TOKEN");
}

TEST_F(CountMethodsTest, OperatorsSeeRawCountsAndTheLogSaysSoButCallsItNoDisclosure) {
  north_.TakeIn(3, Race1997::kWhite, hub_.uri);
  north_.TakeIn(5, Race1997::kWhite, hub_.uri, south_.uri);
  const auto all = Count(north_, false);
  ASSERT_TRUE(all.ok()) << Why(all);
  EXPECT_EQ(Total(*all), 8u);
  EXPECT_EQ(north_.call.audit.subject, "local counts");
  EXPECT_FALSE(north_.call.audit.disclosure);
  EXPECT_FALSE(north_.call.audit.recorded) << "the gate writes the entry, before the answer";
  EXPECT_EQ(Total(*Count(north_, true)), 3u);
}

TEST_F(CountMethodsTest, APayerThatIsNoNodesUriIsRefused) {
  for (const std::string& payer :
       {std::string("foo"), north_.uri, hub_.uri + "/operator/ann", std::string("spiffe://x")}) {
    v1::GetLocalCountsRequest request;
    request.set_stratifier(v1::STRATIFIER_SEX);
    request.add_measures("population");
    request.mutable_period_end()->set_year(2025);
    request.mutable_period_end()->set_month(12);
    request.mutable_period_end()->set_day(31);
    request.set_payer(payer);
    EXPECT_EQ(Why(north_.Ask<v1::GetLocalCountsResponse>("CountService/GetLocalCounts", request)),
              "BAD_PAYER")
        << payer;
    request.set_payer(hub_.uri);
    request.set_measure_period("last year");
    EXPECT_EQ(Why(north_.Ask<v1::GetLocalCountsResponse>("CountService/GetLocalCounts", request)),
              "BAD_PERIOD");
  }
}

TEST_F(CountMethodsTest, SaysNotReadyWhileCountsAreRebuilt) {
  north_.ready = false;
  const auto counts = Count(north_, false);
  EXPECT_EQ(Why(counts), "NOT_READY");
  EXPECT_EQ(counts.error().code, Code::kUnavailable);
  EXPECT_FALSE(north_.call.audit.disclosure);
}

}  // namespace
}  // namespace equinode
