// RecordService's methods over a keeper, an audit log and a store, called as the gate calls them.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/services/record/record.h"
#include "server/services/stored_requests.h"
#include "storage/audit_store.h"
#include "tests/server/records/keeper_node.h"

namespace equinode::testing {

// The transport's end of a stream: keeps what is sent.
class FakeStream final : public OpenStream {
 public:
  void Send(std::string message) override {
    const std::lock_guard lock(mutex_);
    v1::ImportRecordsResponse answer;
    EXPECT_TRUE(answer.ParseFromString(message));
    EXPECT_FALSE(finished_) << "an answer after the end";
    answers_.push_back(std::move(answer));
    changed_.notify_all();
  }
  std::size_t waiting_bytes() const override { return 0; }
  void Finish(Status status) override {
    const std::lock_guard lock(mutex_);
    if (!finished_) finished_ = std::move(status);
    changed_.notify_all();
  }
  void Wake() override {}

  // OK or the reason, once the stream is over.
  std::string WaitFinished() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return finished_.has_value(); });
    return finished_->ok() ? "OK" : finished_->error().reason;
  }
  std::vector<v1::ImportRecordsResponse> WaitAnswers(std::size_t n) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return answers_.size() >= n || finished_.has_value(); });
    return answers_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<v1::ImportRecordsResponse> answers_{};  // Guarded by mutex_.
  std::optional<Status> finished_{};                  // Guarded by mutex_.
};

class RecordNode : public ::testing::Test {
 protected:
  RecordNode() : RecordNode(OpenOptions{}) {}
  explicit RecordNode(OpenOptions options) : node_(std::move(options)) { Bind(); }

  void Bind() {
    audit_ = *AuditLog::Open(node_.store.db(), elsewhere_.path() / "anchor", node_.store.clock());
    methods_ = RecordMethods({node_.store.db(), *node_.keeper, *audit_, node_.store.clock(),
                              StoredRequests(node_.store.clock())});
  }
  void Restart() {
    methods_.clear();
    audit_.reset();
    ASSERT_TRUE(node_.Restart().ok());
    Bind();
  }

  const Method& Find(const std::string& name) const {
    for (const Method& method : methods_) {
      if (method.path == "/equinode.v1.RecordService/" + name) return method;
    }
    ADD_FAILURE() << "no method " << name;
    return methods_.front();
  }
  Call CallOf(const std::string& name) {
    Call call;
    call.caller = {*ParseIdentity(kSelf + "/operator/ann"), std::string(64, 'a'), "[::1]:9"};
    call.method = "/equinode.v1.RecordService/" + name;
    call.now = node_.store.clock().Now();
    return call;
  }
  template <typename Response, typename Request>
  Result<Response> Ask(const std::string& name, const Request& request) {
    call_ = CallOf(name);
    EQN_TRY(const std::string bytes, Find(name).unary(call_, request.SerializeAsString()));
    Response response;
    EXPECT_TRUE(response.ParseFromString(bytes));
    return response;
  }
  template <typename T>
  static std::string Why(const Result<T>& result) {
    return result.ok() ? "OK" : result.error().reason;
  }

  struct Import {
    std::shared_ptr<FakeStream> stream = std::make_shared<FakeStream>();
    std::unique_ptr<StreamSession> session{};
    Status Send(const v1::ImportRecordsRequest& request) {
      return session->OnMessage(request.SerializeAsString());
    }
  };
  Import Open() {
    Import import;
    Call call = CallOf("ImportRecords");
    import.session = *Find("ImportRecords").stream(call, import.stream);
    return import;
  }
  static v1::Record* Add(v1::ImportRecordsRequest& request, RecordKind kind, const std::string& id,
                         const std::string& person, const std::string& body) {
    v1::Record* record = request.add_records();
    record->set_kind(static_cast<v1::RecordKind>(kind));
    record->set_source_id(id);
    record->set_person(person);
    record->set_body(body);
    return record;
  }
  std::vector<StoredAuditEntry> Audit() {
    return *node_.store.db().Read(
        [](ReadTx& tx) { return AuditStore::List(tx, 0, 1000, false, true); });
  }

  TempFolder elsewhere_{};
  KeeperNode node_;
  std::unique_ptr<AuditLog> audit_{};
  std::vector<Method> methods_{};
  Call call_{};
  SeededRandom random_{9};
};

}  // namespace equinode::testing
