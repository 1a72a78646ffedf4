#include "server/services/record/record.h"

#include <gtest/gtest.h>

#include "tests/server/services/record/record_node.h"

namespace equinode::testing {
namespace {

class RecordTest : public RecordNode {
 protected:
  std::string NewId() { return Uuid::MakeV7(node_.store.clock().Now(), random_).ToString(); }
  v1::DeleteRecordRequest Deletion(RecordKind kind, const std::string& id,
                                   const std::string& request_id) {
    v1::DeleteRecordRequest request;
    request.set_kind(static_cast<v1::RecordKind>(kind));
    request.set_source_id(id);
    request.set_request_id(request_id);
    return request;
  }
  std::string Delete(const v1::DeleteRecordRequest& request) {
    return Why(Ask<v1::DeleteRecordResponse>("DeleteRecord", request));
  }
};

TEST_F(RecordTest, EveryMethodOfTheContractIsThere) {
  const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      "equinode.v1.RecordService");
  ASSERT_NE(service, nullptr);
  ASSERT_EQ(methods_.size(), static_cast<std::size_t>(service->method_count()));
  for (int i = 0; i < service->method_count(); ++i) (void)Find(service->method(i)->name());
}

TEST_F(RecordTest, ShowsAPersonAndSaysSoInTheAudit) {
  node_.PutPerson("feed/Patient/1", "race 1");
  v1::GetPersonRequest request;
  request.set_source_id("feed/Patient/1");
  const auto person = Ask<v1::GetPersonResponse>("GetPerson", request);
  ASSERT_TRUE(person.ok());
  EXPECT_EQ(person->record().body(), "race 1");
  EXPECT_EQ(person->record().origin(), kSelf);
  EXPECT_EQ(person->record().person(), "feed/Patient/1");
  EXPECT_EQ(person->record().version(), 1u);
  EXPECT_EQ(person->record().recorded_at().seconds(), 1'800'000'000);
  EXPECT_TRUE(call_.audit.disclosure);
  EXPECT_EQ(call_.audit.touched.count(), 1u);
  EXPECT_FALSE(call_.audit.recorded) << "the gate writes the entry before the answer leaves";
}

TEST_F(RecordTest, TA01_WhatIsMissingAndWhatIsAPeersLookTheSame) {
  node_.MustPut(node_.FromPeer(node_.View(RecordKind::kPerson, "p", "p", "race 1"), 1));
  for (const char* id : {"p", "nobody"}) {
    v1::GetPersonRequest request;
    request.set_source_id(id);
    const auto person = Ask<v1::GetPersonResponse>("GetPerson", request);
    EXPECT_EQ(Why(person), "NO_SUCH_RECORD");
    EXPECT_FALSE(call_.audit.disclosure);
  }
}

TEST_F(RecordTest, PagesOverPeople) {
  for (int i = 0; i < 7; ++i) node_.PutPerson("p" + std::to_string(i), "race 1");
  v1::ListPersonsRequest request;
  request.set_page_size(3);
  std::vector<std::string> all;
  int pages = 0;
  do {
    const auto page = Ask<v1::ListPersonsResponse>("ListPersons", request);
    ASSERT_TRUE(page.ok());
    for (const std::string& id : page->source_ids()) all.push_back(id);
    EXPECT_EQ(call_.audit.touched.count(), static_cast<std::uint32_t>(page->source_ids_size()));
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(all, (std::vector<std::string>{"p0", "p1", "p2", "p3", "p4", "p5", "p6"}));
  EXPECT_EQ(pages, 3);
  for (const char* token : {"x", "-1", "0", "1 ", "99999999999999999999"}) {
    request.set_page_token(token);
    EXPECT_EQ(Why(Ask<v1::ListPersonsResponse>("ListPersons", request)), "BAD_PAGE_TOKEN");
  }
  request.set_page_token("");
  request.set_page_size(1001);
  EXPECT_EQ(Why(Ask<v1::ListPersonsResponse>("ListPersons", request)), "BAD_PAGE_SIZE");
}

// TI11: at once, after restart, after a year, with another body.
TEST_F(RecordTest, TI11ADeletionIsDoneOnce) {
  node_.PutPerson("p", "race 1");
  const auto request = Deletion(RecordKind::kPerson, "p", NewId());
  EXPECT_EQ(Delete(request), "OK");
  EXPECT_TRUE(call_.audit.recorded);
  EXPECT_EQ(Delete(request), "OK");
  EXPECT_EQ(node_.Rows(), 2);
  node_.PutPerson("p", "race 1");
  node_.store.clock().Advance(std::chrono::hours{24 * 366});
  Restart();
  EXPECT_EQ(Delete(request), "OK") << "the first answer; the person came back since and stays";
  EXPECT_EQ(node_.Rows(), 3);
  EXPECT_TRUE(node_.keeper->Find(RecordKind::kPerson, "p")->has_value());
  EXPECT_EQ(Delete(Deletion(RecordKind::kPerson, "q", request.request_id())), "REQUEST_ID_REUSED");
  EXPECT_EQ(Delete(Deletion(RecordKind::kPerson, "p", NewId())), "OK");
  EXPECT_EQ(Delete(Deletion(RecordKind::kPerson, "p", NewId())), "NO_SUCH_RECORD");
  EXPECT_EQ(Delete(Deletion(RecordKind::kPerson, "p", "")), "BAD_REQUEST_ID");
  EXPECT_EQ(Delete(Deletion(static_cast<RecordKind>(0), "p", NewId())), "BAD_RECORD");
}

TEST_F(RecordTest, ADeletionAndItsEntryAreOne) {
  node_.PutPerson("p", "race 1");
  EXPECT_EQ(Delete(Deletion(RecordKind::kPerson, "p", NewId())), "OK");
  const auto audit = Audit();
  ASSERT_EQ(audit.size(), 1u);
  EXPECT_EQ(audit[0].entry.action, "/equinode.v1.RecordService/DeleteRecord");
  EXPECT_EQ(*TouchedFrom(audit[0].touched), std::vector<std::string>{"p"});
}

TEST_F(RecordTest, NothingIsAnsweredBeforeTheRecordsAreLoaded) {
  RecordKeeper loading(node_.store.db(), node_.store.clock(), node_.log, node_.random, kSelf,
                       ReadTextFacts);
  methods_ = RecordMethods({node_.store.db(), loading, *audit_, node_.store.clock(),
                            StoredRequests(node_.store.clock())});
  v1::GetPersonRequest person;
  EXPECT_EQ(Why(Ask<v1::GetPersonResponse>("GetPerson", person)), "NOT_READY");
  EXPECT_EQ(Why(Ask<v1::ListPersonsResponse>("ListPersons", v1::ListPersonsRequest())),
            "NOT_READY");
  EXPECT_EQ(Delete(Deletion(RecordKind::kPerson, "p", NewId())), "NOT_READY");
  Call call = CallOf("ImportRecords");
  EXPECT_EQ(Why(Find("ImportRecords").stream(call, std::make_shared<FakeStream>())), "NOT_READY");
}

}  // namespace
}  // namespace equinode::testing
