// NeedService over a keeper, an audit log and a store, called as the gate calls it.
#include "server/services/need/need.h"

#include <gtest/gtest.h>

#include "client/convert/need_body.h"
#include "domain/zcodes/day.h"
#include "equinode/v1/need_service.pb.h"
#include "server/services/stored_requests.h"
#include "storage/audit_store.h"
#include "tests/server/records/keeper_node.h"

namespace equinode::testing {
namespace {

const std::string kAnn = "feed/Patient/ann";
const std::string kBob = "feed/Patient/bob";

v1::Date DateIn(const char* text) {
  const std::chrono::year_month_day day{*ReadDay(text)};
  v1::Date date;
  date.set_year(static_cast<std::uint32_t>(static_cast<int>(day.year())));
  date.set_month(static_cast<unsigned>(day.month()));
  date.set_day(static_cast<unsigned>(day.day()));
  return date;
}

class NeedServiceTest : public ::testing::Test {
 protected:
  NeedServiceTest() { Bind(); }
  void Bind() {
    audit_ = *AuditLog::Open(node_.store.db(), elsewhere_.path() / "anchor", node_.store.clock());
    codes_ = std::make_unique<CodeTables>(node_.store.db());
    EXPECT_TRUE(codes_->Load().ok());
    methods_ = NeedMethods(
        {node_.store.db(), *node_.keeper, *audit_, *codes_, StoredRequests(node_.store.clock())});
  }
  void Restart() {
    methods_.clear();
    codes_.reset();
    audit_.reset();
    ASSERT_TRUE(node_.Restart().ok());
    Bind();
  }
  template <typename Response, typename Request>
  Result<Response> Ask(const std::string& name, const Request& request) {
    call_ = Call{};
    call_.caller = {*ParseIdentity(kSelf + "/operator/ann"), std::string(64, 'a'), "[::1]:9"};
    call_.method = "/equinode.v1.NeedService/" + name;
    call_.now = node_.store.clock().Now();
    for (const Method& method : methods_) {
      if (method.path != call_.method) continue;
      EQN_TRY(const std::string bytes, method.unary(call_, request.SerializeAsString()));
      Response response;
      EXPECT_TRUE(response.ParseFromString(bytes));
      return response;
    }
    ADD_FAILURE() << "no method " << name;
    return Error{};
  }
  template <typename T>
  static std::string Why(const Result<T>& result) {
    return result.ok() ? "OK" : result.error().reason;
  }
  std::string NewId() { return Uuid::MakeV7(node_.store.clock().Now(), random_).ToString(); }

  v1::RecordScreeningRequest Screening(const std::string& person, const char* on,
                                       const char* question, const char* answer) {
    v1::RecordScreeningRequest request;
    request.set_person(person);
    request.set_instrument("hunger vital sign");
    *request.mutable_on() = DateIn(on);
    v1::ScreeningAnswer* said = request.add_answers();
    said->set_question(question);
    said->add_answers(answer);
    said->set_given(v1::ANSWER_GIVEN_ANSWERED);
    request.set_request_id(NewId());
    return request;
  }
  void MustScreen(const std::string& person, const char* on = "2026-03-01",
                  const char* answer = "LA28397-0") {
    const auto done = Ask<v1::RecordScreeningResponse>("RecordScreening",
                                                       Screening(person, on, "88122-7", answer));
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  v1::RecordNeedStepRequest StepRequest(const std::string& domain = "food-insecurity") {
    v1::RecordNeedStepRequest request;
    request.set_person(kAnn);
    request.set_domain(domain);
    request.set_request_id(NewId());
    return request;
  }
  std::string Need(v1::NeedEvent event, const char* reason = "") {
    v1::RecordNeedStepRequest request = StepRequest();
    request.mutable_step()->set_need(event);
    request.mutable_step()->set_reason(reason);
    return Why(Ask<v1::RecordNeedStepResponse>("RecordNeedStep", request));
  }
  std::string CodeStepOf(v1::CodeEvent event, const char* code, const char* on = "",
                         std::uint32_t position = 0) {
    v1::RecordNeedStepRequest request = StepRequest();
    if (*on != '\0') *request.mutable_step()->mutable_on() = DateIn(on);
    v1::CodeAction* action = request.mutable_step()->mutable_code();
    action->set_event(event);
    action->set_code(code);
    if (event == v1::CODE_EVENT_CONFIRM) action->set_clinician("Pat Williams MSW");
    if (event == v1::CODE_EVENT_CODE) action->set_encounter("visit-1");
    action->set_position(position);
    if (event == v1::CODE_EVENT_REFUTE) request.mutable_step()->set_reason("lives with family");
    last_ = request;
    return Why(Ask<v1::RecordNeedStepResponse>("RecordNeedStep", request));
  }
  // "code/stage/month: people" of all.
  std::map<std::string, std::uint64_t> Usage() {
    v1::GetZCodeUsageRequest request;
    request.add_by(v1::USAGE_DIMENSION_CODE);
    request.add_by(v1::USAGE_DIMENSION_STAGE);
    request.add_by(v1::USAGE_DIMENSION_MONTH);
    const auto usage = Ask<v1::GetZCodeUsageResponse>("GetZCodeUsage", request);
    EXPECT_TRUE(usage.ok());
    std::map<std::string, std::uint64_t> rows;
    for (const v1::UsageRow& row : usage->rows()) {
      rows[row.code() + " " + std::string(CodeStageName(static_cast<CodeStage>(row.stage()))) +
           " " + row.month()] = row.people();
    }
    return rows;
  }
  std::vector<v1::ZCodeGap> Gaps() {
    const auto gaps = Ask<v1::ListZCodeGapsResponse>("ListZCodeGaps", v1::ListZCodeGapsRequest{});
    EXPECT_TRUE(gaps.ok());
    return {gaps->gaps().begin(), gaps->gaps().end()};
  }

  TempFolder elsewhere_{};
  KeeperNode node_;
  std::unique_ptr<AuditLog> audit_{};
  std::unique_ptr<CodeTables> codes_{};
  std::vector<Method> methods_{};
  Call call_{};
  v1::RecordNeedStepRequest last_{};
  SeededRandom random_{9};
};

TEST_F(NeedServiceTest, EveryMethodOfTheContractIsThere) {
  const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      "equinode.v1.NeedService");
  ASSERT_NE(service, nullptr);
  ASSERT_EQ(methods_.size(), static_cast<std::size_t>(service->method_count()));
}

TEST_F(NeedServiceTest, FromAnAnswerToACodeThatIsCounted) {
  node_.PutPerson(kAnn, "race 1");
  MustScreen(kAnn);
  EXPECT_EQ(Usage(), (std::map<std::string, std::uint64_t>{{"Z59.41 suggested 2026-03", 1}}));
  ASSERT_EQ(Gaps().size(), 1u);
  EXPECT_EQ(Gaps()[0].person(), kAnn);
  EXPECT_EQ(Gaps()[0].next(), v1::GAP_STEP_CONFIRM);
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CODE, "Z59.41"), "CODE_NOT_CONFIRMED");
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CONFIRM, "z5941"), "OK");
  EXPECT_EQ(Gaps()[0].next(), v1::GAP_STEP_CODE);
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CODE, "Z59.41", "2026-03-01", 1), "PRIMARY_POSITION");
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CODE, "Z59.41", "2026-03-01", 2), "OK");
  EXPECT_TRUE(Gaps().empty());
  Restart();
  EXPECT_EQ(Usage(), (std::map<std::string, std::uint64_t>{{"Z59.41 coded 2026-03", 1},
                                                           {"Z59.41 confirmed 2027-01", 1},
                                                           {"Z59.41 suggested 2026-03", 1}}));
  v1::GetNeedsRequest request;
  request.set_person(kAnn);
  const auto needs = Ask<v1::GetNeedsResponse>("GetNeeds", request);
  ASSERT_TRUE(needs.ok());
  ASSERT_EQ(needs->codes_size(), 1);
  ASSERT_EQ(needs->codes(0).steps_size(), 3);
  EXPECT_EQ(needs->codes(0).steps(1).clinician(), "Pat Williams MSW");
  EXPECT_EQ(needs->codes(0).steps(1).actor(), kSelf + "/operator/ann");
  EXPECT_EQ(needs->codes(0).steps(2).encounter(), "visit-1");
  EXPECT_TRUE(call_.audit.disclosure);
  EXPECT_EQ(call_.audit.touched.count(), 1u);
}

TEST_F(NeedServiceTest, TheRecordsBehindANeedComePageByPageAndAreNoted) {
  node_.PutPerson(kAnn, "race 1");
  for (const char* day : {"2026-03-01", "2026-03-02", "2026-03-03"}) MustScreen(kAnn, day);
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CONFIRM, "Z59.41"), "OK");
  v1::ListNeedRecordsRequest request;
  request.set_person(kAnn);
  const auto all = Ask<v1::ListNeedRecordsResponse>("ListNeedRecords", request);
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->records_size(), 4);
  EXPECT_EQ(all->next_page_token(), "");
  EXPECT_EQ(all->records(0).kind(), v1::RECORD_KIND_SCREENING);
  EXPECT_EQ(all->records(3).kind(), v1::RECORD_KIND_NEED);
  EXPECT_EQ(ScreeningFromBody(AsBytes(all->records(0).body()))->answers.size(), 1u);
  EXPECT_TRUE(call_.audit.disclosure);
  EXPECT_EQ(call_.audit.touched.count(), 1u);
  EXPECT_EQ(call_.audit.subject, "need records exported");
  request.set_page_size(1);
  std::vector<std::string> ids;
  for (;;) {
    const auto page = Ask<v1::ListNeedRecordsResponse>("ListNeedRecords", request);
    ASSERT_TRUE(page.ok());
    ASSERT_EQ(page->records_size(), 1);
    ids.push_back(page->records(0).source_id());
    if (page->next_page_token().empty()) break;
    request.set_page_token(page->next_page_token());
  }
  ASSERT_EQ(ids.size(), 4u);
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(ids[static_cast<std::size_t>(i)], all->records(i).source_id());
  for (const char* token : {"5", "9.x", "x.y", ".."}) {
    request.set_page_token(token);
    EXPECT_EQ(Why(Ask<v1::ListNeedRecordsResponse>("ListNeedRecords", request)), "BAD_PAGE_TOKEN");
  }
  request.Clear();
  request.set_person(kBob);
  EXPECT_EQ(Why(Ask<v1::ListNeedRecordsResponse>("ListNeedRecords", request)), "NO_SUCH_PERSON");
}

TEST_F(NeedServiceTest, ACodeIsRefusedWithItsSuccessors) {
  node_.PutPerson(kAnn, "race 1");
  MustScreen(kAnn);
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CONFIRM, "Z59.4"), "HEADER_CODE");
  const auto again = Ask<v1::RecordNeedStepResponse>("RecordNeedStep", last_);
  EXPECT_NE(again.error().message.find("use Z59.41 or Z59.48"), std::string::npos);
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CONFIRM, "Z59.49"), "UNKNOWN_CODE");
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CONFIRM, "Z59.82"), "CODE_OF_ANOTHER_NEED");
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CONFIRM, "Z59.41", "2099-01-01"), "FUTURE_DAY");
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_SUGGEST, "Z59.41"), "BAD_STEP");
}

TEST_F(NeedServiceTest, ACodeIsReportedOnTheVisitThatTheChartHas) {
  node_.PutPerson(kAnn, "race 1");
  node_.PutPerson(kBob, "race 2");
  MustScreen(kAnn);
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CONFIRM, "Z59.41", "2026-03-02"), "OK");
  const auto visit = [&](const char* id, const std::string& person, const char* status) {
    EncounterRecord encounter{status, {2026, 3, 9}, "", {{"f/Condition/c1", {}, "", 1}}};
    const Bytes body = BodyFrom(encounter);
    node_.MustPut(KeeperNode::View(RecordKind::kEncounter, id, person, AsText(body)));
  };
  visit("f/Encounter/hers", kAnn, "finished");
  visit("f/Encounter/to-come", kAnn, "planned");
  visit("f/Encounter/his", kBob, "finished");
  const auto coded = [&](const char* encounter, const char* on) {
    v1::RecordNeedStepRequest request = StepRequest();
    if (*on != '\0') *request.mutable_step()->mutable_on() = DateIn(on);
    v1::CodeAction* action = request.mutable_step()->mutable_code();
    action->set_event(v1::CODE_EVENT_CODE);
    action->set_code("Z59.41");
    action->set_encounter(encounter);
    return Why(Ask<v1::RecordNeedStepResponse>("RecordNeedStep", request));
  };
  EXPECT_EQ(coded("f/Encounter/his", ""), "ENCOUNTER_OF_ANOTHER");
  EXPECT_EQ(coded("f/Encounter/to-come", ""), "ENCOUNTER_NOT_HELD");
  EXPECT_EQ(coded("f/Encounter/hers", "2026-03-10"), "ANOTHER_DAY");
  EXPECT_EQ(Usage().count("Z59.41 coded 2026-03"), 0u);
  EXPECT_EQ(coded("f/Encounter/hers", ""), "OK") << "on the day of the visit";
  EXPECT_EQ(Usage().at("Z59.41 coded 2026-03"), 1u);
}

TEST_F(NeedServiceTest, TheNeedHasAStateOfItsOwn) {
  node_.PutPerson(kAnn, "race 1");
  EXPECT_EQ(Need(v1::NEED_EVENT_START), "NO_SUCH_NEED");
  EXPECT_EQ(Need(v1::NEED_EVENT_FOUND), "OK");
  EXPECT_EQ(Need(v1::NEED_EVENT_START), "OK");
  EXPECT_EQ(Need(v1::NEED_EVENT_START), "NEED_MOVE_NOT_ALLOWED");
  EXPECT_EQ(Need(v1::NEED_EVENT_UNMET), "REASON_REQUIRED");
  EXPECT_EQ(Need(v1::NEED_EVENT_UNMET, "busy"), "UNMET_REASON");
  EXPECT_EQ(Need(v1::NEED_EVENT_UNMET, "no-capacity"), "OK");
  v1::ListNeedsRequest request;
  const auto needs = Ask<v1::ListNeedsResponse>("ListNeeds", request);
  ASSERT_TRUE(needs.ok());
  ASSERT_EQ(needs->needs_size(), 1);
  EXPECT_EQ(needs->needs(0).state(), v1::NEED_STATE_UNMET);
  request.set_state(v1::NEED_STATE_OPEN);
  EXPECT_EQ(Ask<v1::ListNeedsResponse>("ListNeeds", request)->needs_size(), 0);
  request.set_domain("food");
  EXPECT_EQ(Why(Ask<v1::ListNeedsResponse>("ListNeeds", request)), "UNKNOWN_DOMAIN");
}

TEST_F(NeedServiceTest, TheSameRequestAgainIsDoneOnce) {
  node_.PutPerson(kAnn, "race 1");
  MustScreen(kAnn);
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CONFIRM, "Z59.41"), "OK");
  const std::int64_t rows = node_.Rows();
  const auto again = Ask<v1::RecordNeedStepResponse>("RecordNeedStep", last_);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(node_.Rows(), rows);
  last_.mutable_step()->mutable_code()->set_clinician("Somebody Else");
  EXPECT_EQ(Why(Ask<v1::RecordNeedStepResponse>("RecordNeedStep", last_)), "REQUEST_ID_REUSED");
}

TEST_F(NeedServiceTest, WhatIsTypedIsHeldToTheTable) {
  node_.PutPerson(kAnn, "race 1");
  const auto refused = [&](const std::function<void(v1::RecordScreeningRequest&)>& spoil) {
    v1::RecordScreeningRequest request = Screening(kAnn, "2026-03-01", "88122-7", "LA28397-0");
    spoil(request);
    return Why(Ask<v1::RecordScreeningResponse>("RecordScreening", request));
  };
  EXPECT_EQ(refused([](auto&) {}), "OK");
  EXPECT_EQ(refused([](auto& r) { r.set_instrument("phq"); }), "UNKNOWN_INSTRUMENT");
  EXPECT_EQ(refused([](auto& r) { r.mutable_answers(0)->set_question("93033-9"); }),
            "UNKNOWN_QUESTION");
  EXPECT_EQ(refused([](auto& r) { r.mutable_answers(0)->set_answers(0, "LA33-6"); }),
            "UNKNOWN_ANSWER");
  EXPECT_EQ(refused([](auto& r) { r.mutable_answers(0)->add_answers("LA6729-3"); }), "ONE_ANSWER");
  EXPECT_EQ(refused([](auto& r) { r.clear_answers(); }), "NO_ANSWERS");
  EXPECT_EQ(refused([](auto& r) { *r.mutable_on() = DateIn("2099-01-01"); }), "FUTURE_DAY");
  EXPECT_EQ(refused([](auto& r) { r.set_by("nurse"); }), "BAD_SAYER");
  EXPECT_EQ(refused([](auto& r) { r.set_person("nobody"); }), "NO_SUCH_PERSON");
  EXPECT_EQ(refused([](auto& r) { r.set_request_id("1"); }), "BAD_REQUEST_ID");
}

TEST_F(NeedServiceTest, ADeletedPersonCountsNoMore) {
  node_.PutPerson(kAnn, "race 1");
  node_.PutPerson(kBob, "race 2");
  MustScreen(kAnn);
  MustScreen(kBob);
  EXPECT_EQ(Gaps().size(), 2u);
  ASSERT_TRUE(node_.Delete(RecordKind::kPerson, kAnn).ok());
  EXPECT_EQ(Gaps().size(), 1u);
  EXPECT_EQ(Usage().at("Z59.41 suggested 2026-03"), 1u);
  v1::GetNeedsRequest request;
  request.set_person(kAnn);
  EXPECT_EQ(Why(Ask<v1::GetNeedsResponse>("GetNeeds", request)), "NO_SUCH_PERSON");
}

TEST_F(NeedServiceTest, ARecordThatIsReplacedOrDeletedLeavesItsPlace) {
  node_.PutPerson(kAnn, "race 1");
  ScreeningRecord record;
  record.instrument = "Hunger Vital Sign";
  record.on = {2026, 3, 1};
  record.answers = {{"88122-7", {"LA28397-0"}, AnswerGiven::kAnswered, std::nullopt, ""}};
  const auto put = [&] {
    const Bytes body = BodyFrom(record);
    node_.MustPut(KeeperNode::View(RecordKind::kScreening, "o1", kAnn, AsText(body)));
  };
  put();
  EXPECT_EQ(Gaps().size(), 1u);
  record.answers[0].answers = {"LA28398-8"};
  put();
  EXPECT_TRUE(Gaps().empty());
  record.answers[0].answers = {"LA28397-0"};
  put();
  EXPECT_EQ(Gaps().size(), 1u);
  ASSERT_TRUE(node_.Delete(RecordKind::kScreening, "o1").ok());
  EXPECT_TRUE(Gaps().empty());
  put();
  EXPECT_EQ(Gaps().size(), 1u);
}

TEST_F(NeedServiceTest, AnswersOfSomebodyWhoseRecordWasRefusedAreOnNobodysList) {
  ScreeningRecord record;
  record.instrument = "Hunger Vital Sign";
  record.on = {2026, 3, 1};
  record.answers = {{"88122-7", {"LA28397-0"}, AnswerGiven::kAnswered, std::nullopt, ""}};
  const Bytes body = BodyFrom(record);
  node_.MustPut(KeeperNode::View(RecordKind::kScreening, "o1", kAnn, AsText(body)));
  const auto ask = [&](const char* domain) {
    v1::ListZCodeGapsRequest request;
    request.set_domain(domain);
    return *Ask<v1::ListZCodeGapsResponse>("ListZCodeGaps", request);
  };
  EXPECT_EQ(ask("").gaps_size(), 0);
  EXPECT_EQ(ask("").people_without_record(), 1u);
  EXPECT_EQ(ask("homelessness").people_without_record(), 0u);
  node_.PutPerson(kAnn, "race 1");  // It has come after all.
  ASSERT_EQ(ask("").gaps_size(), 1);
  EXPECT_EQ(ask("").gaps(0).person(), kAnn);
  EXPECT_EQ(ask("").people_without_record(), 0u);
}

TEST_F(NeedServiceTest, APeersPeopleAreCountedAndNotNamed) {
  ScreeningRecord record;
  record.instrument = "Hunger Vital Sign";
  record.on = {2026, 3, 1};
  record.answers = {{"88122-7", {"LA28397-0"}, AnswerGiven::kAnswered, std::nullopt, ""}};
  const Bytes body = BodyFrom(record);
  node_.MustPut(KeeperNode::FromPeer(
      KeeperNode::View(RecordKind::kScreening, "o1", "theirs", AsText(body)), 1));
  ASSERT_EQ(Gaps().size(), 1u);
  EXPECT_EQ(Gaps()[0].practice(), kPeer);
  EXPECT_EQ(Gaps()[0].person(), "");
  EXPECT_EQ(Usage().size(), 1u);
  EXPECT_EQ(Ask<v1::ListNeedsResponse>("ListNeeds", v1::ListNeedsRequest{})->needs_size(), 0);
}

TEST_F(NeedServiceTest, ListsGoOnWhereTheyStopped) {
  for (int i = 0; i < 7; ++i) {
    const std::string person = "feed/Patient/" + std::to_string(i);
    node_.PutPerson(person, "race 1");
    MustScreen(person);
  }
  v1::ListZCodeGapsRequest request;
  request.set_page_size(3);
  std::set<std::string> people;
  int pages = 0;
  do {
    const auto page = Ask<v1::ListZCodeGapsResponse>("ListZCodeGaps", request);
    ASSERT_TRUE(page.ok());
    for (const v1::ZCodeGap& gap : page->gaps()) people.insert(gap.person());
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty() && pages < 10);
  EXPECT_EQ(people.size(), 7u);
  EXPECT_GE(pages, 3);
  request.set_page_token("x");
  EXPECT_EQ(Why(Ask<v1::ListZCodeGapsResponse>("ListZCodeGaps", request)), "BAD_PAGE_TOKEN");
}

TEST_F(NeedServiceTest, ANewCodeTableIsCheckedKeptAndInUse) {
  std::string text(ZCodeTable::BuiltInText());
  text.replace(text.find("2025-10-01"), 10, "2026-10-01");
  const std::string row = "Z59.41,Food insecurity,2021-10-01,,";
  const std::size_t at = text.find(row);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, row.size(), "Z59.41,Food insecurity,2021-10-01,2026-09-30,");
  text += "Z59.411,Food insecurity with hunger,2026-10-01,,Z59.41,food-insecurity,test,food,\n";
  v1::UpdateCodeTableRequest request;
  request.set_table(text);
  request.set_request_id(NewId());
  request.set_check_only(true);
  auto done = Ask<v1::UpdateCodeTableResponse>("UpdateCodeTable", request);
  ASSERT_TRUE(done.ok()) << done.error().message;
  EXPECT_EQ(done->changes_size(), 2);
  node_.PutPerson(kAnn, "race 1");
  MustScreen(kAnn);
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CONFIRM, "Z59.41"), "OK");
  request.set_check_only(false);
  ASSERT_TRUE(Ask<v1::UpdateCodeTableResponse>("UpdateCodeTable", request).ok());
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CONFIRM, "Z59.41"), "HEADER_CODE");
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CONFIRM, "Z59.411"), "OK");
  Restart();
  EXPECT_EQ(CodeStepOf(v1::CODE_EVENT_CONFIRM, "Z59.41"), "HEADER_CODE");
  const auto tables =
      Ask<v1::ListCodeTablesResponse>("ListCodeTables", v1::ListCodeTablesRequest{});
  ASSERT_EQ(tables->tables_size(), 2);
  EXPECT_TRUE(tables->tables(0).in_use());
  EXPECT_EQ(tables->tables(0).installed_by(), kSelf + "/operator/ann");
  EXPECT_FALSE(tables->tables(1).in_use());
  EXPECT_EQ(Ask<v1::GetCodeTableResponse>("GetCodeTable", v1::GetCodeTableRequest{})->table(),
            text);
  // The same again, an older one, a broken one.
  request.set_request_id(NewId());
  EXPECT_EQ(Why(Ask<v1::UpdateCodeTableResponse>("UpdateCodeTable", request)), "OLDER_CODE_TABLE");
  request.set_table("Z59.41");
  EXPECT_EQ(Why(Ask<v1::UpdateCodeTableResponse>("UpdateCodeTable", request)), "BAD_CODE_TABLE");
}

TEST_F(NeedServiceTest, ATableOfAFarYearIsRefusedAndAWrongOneIsLeftAgain) {
  const std::string built_in(ZCodeTable::BuiltInText());
  const auto table = [&](const std::string& version, const std::string& more = "") {
    std::string text = built_in + more;
    text.replace(text.find("2025-10-01"), 10, version);
    return text;
  };
  const auto update = [&](const std::string& text) {
    v1::UpdateCodeTableRequest request;
    request.set_table(text);
    request.set_allow_past(true);
    request.set_request_id(NewId());
    request.set_check_only(true);
    const std::string checked = Why(Ask<v1::UpdateCodeTableResponse>("UpdateCodeTable", request));
    request.set_check_only(false);
    const std::string done = Why(Ask<v1::UpdateCodeTableResponse>("UpdateCodeTable", request));
    EXPECT_EQ(checked, done);
    return done;
  };
  const auto restore = [&](const std::string& version) {
    v1::RestoreCodeTableRequest request;
    *request.mutable_version() = DateIn(version.c_str());
    request.set_request_id(NewId());
    return Ask<v1::RestoreCodeTableResponse>("RestoreCodeTable", request);
  };
  const auto in_use = [&] {
    const auto tables =
        Ask<v1::ListCodeTablesResponse>("ListCodeTables", v1::ListCodeTablesRequest{});
    std::string found;
    for (const v1::CodeTableInfo& each : tables->tables()) {
      if (each.in_use())
        found +=
            std::to_string(each.version().year()) + (each.installed_by().empty() ? " own" : "");
    }
    return found;
  };
  const std::string row =
      "Z59.42,Food insecurity with hunger,2026-10-01,,,food-insecurity,test,food,\n";
  EXPECT_EQ(update(table("2999-01-01")), "FUTURE_CODE_TABLE");
  EXPECT_EQ(update(table("2027-10-02")), "FUTURE_CODE_TABLE");
  EXPECT_EQ(update(table("2026-10-01", "Q12.3,A cataract,2026-10-01,,,,test,,\n")),
            "BAD_CODE_TABLE");
  EXPECT_EQ(in_use(), "2025 own");
  EXPECT_EQ(Why(restore("2025-10-01")), "CODE_TABLE_IN_USE");
  EXPECT_EQ(Why(restore("2026-10-01")), "NO_SUCH_CODE_TABLE");
  ASSERT_EQ(update(table("2026-10-01", row)), "OK");
  EXPECT_EQ(in_use(), "2026");
  const auto back = restore("2025-10-01");
  ASSERT_TRUE(back.ok()) << back.error().message;
  ASSERT_EQ(back->changes_size(), 1);
  EXPECT_EQ(back->changes(0).kind(), "removed");
  EXPECT_EQ(back->changes(0).code(), "Z59.42");
  EXPECT_EQ(in_use(), "2025 own");
  Restart();
  EXPECT_EQ(in_use(), "2025 own") << "the choice is kept";
  EXPECT_EQ(Ask<v1::GetCodeTableResponse>("GetCodeTable", v1::GetCodeTableRequest{})->table(),
            built_in);
  // Back and forth; and the mended table of the same version takes the wrong one's place.
  ASSERT_TRUE(restore("2026-10-01").ok());
  EXPECT_EQ(in_use(), "2026");
  ASSERT_TRUE(restore("2025-10-01").ok());
  ASSERT_EQ(update(table("2026-10-01")), "OK");
  Restart();
  EXPECT_EQ(in_use(), "2026");
  EXPECT_EQ(Ask<v1::GetCodeTableResponse>("GetCodeTable", v1::GetCodeTableRequest{})->table(),
            table("2026-10-01"));
}

TEST_F(NeedServiceTest, UsageAsksForSomething) {
  v1::GetZCodeUsageRequest request;
  EXPECT_EQ(Why(Ask<v1::GetZCodeUsageResponse>("GetZCodeUsage", request)), "BAD_DIMENSION");
  request.add_by(v1::USAGE_DIMENSION_CODE);
  request.add_by(v1::USAGE_DIMENSION_CODE);
  EXPECT_EQ(Why(Ask<v1::GetZCodeUsageResponse>("GetZCodeUsage", request)), "BAD_DIMENSION");
  request.clear_by();
  request.add_by(v1::USAGE_DIMENSION_PRACTICE);
  *request.mutable_from() = DateIn("2026-02-01");
  *request.mutable_until() = DateIn("2026-01-01");
  EXPECT_EQ(Why(Ask<v1::GetZCodeUsageResponse>("GetZCodeUsage", request)), "BAD_DAY");
}

}  // namespace
}  // namespace equinode::testing
