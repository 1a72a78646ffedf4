#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "tests/server/services/record/record_node.h"
#include "tests/support/faulty_vfs.h"

namespace equinode::testing {
namespace {

const std::string kFile(64, 'f');

v1::ImportRecordsRequest Frame(std::uint64_t number) {
  v1::ImportRecordsRequest request;
  request.set_frame(number);
  return request;
}

class ImportTest : public RecordNode {
 protected:
  using RecordNode::RecordNode;
  std::string Cursor() {
    v1::GetImportCursorRequest request;
    request.set_file(kFile);
    const auto cursor = Ask<v1::GetImportCursorResponse>("GetImportCursor", request);
    if (!cursor.ok()) return cursor.error().reason;
    return std::to_string(cursor->cursor().offset()) + "," +
           std::to_string(cursor->cursor().line());
  }
  static void SetCursor(v1::ImportRecordsRequest& frame, std::uint64_t offset) {
    frame.mutable_cursor()->set_file(kFile);
    frame.mutable_cursor()->set_offset(offset);
    frame.mutable_cursor()->set_line(offset / 10);
  }
};

TEST_F(ImportTest, AFrameIsAcknowledgedWithWhatItDid) {
  Import import = Open();
  v1::ImportRecordsRequest frame = Frame(1);
  Add(frame, RecordKind::kMeasureResult, "m", "mrn:1", "measure M 1 1");  // Before its person.
  Add(frame, RecordKind::kPerson, "p", "", "race 1");
  Add(frame, RecordKind::kCoverage, "c", "p", "covered " + kPayer + " x");
  Add(frame, RecordKind::kOrganization, "o", "", "clinic");
  auto* alias = frame.add_aliases();
  alias->set_alias("mrn:1");
  alias->set_person("p");
  SetCursor(frame, 100);
  ASSERT_TRUE(import.Send(frame).ok());
  ASSERT_TRUE(import.session->OnHalfClose().ok());
  EXPECT_EQ(import.stream->WaitFinished(), "OK");
  const auto answers = import.stream->WaitAnswers(1);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].frame(), 1u);
  EXPECT_EQ(answers[0].created(), 4u);
  EXPECT_EQ(answers[0].refused_size(), 0);
  EXPECT_EQ(node_.People(), 1u);
  EXPECT_EQ(node_.Measure("M"), "1/1");
  EXPECT_EQ(Cursor(), "100,10");
  // One entry for the frame, with the digest of what it touched; the ids beside it.
  const auto audit = Audit();
  ASSERT_EQ(audit.size(), 1u);
  EXPECT_EQ(audit[0].entry.action, "/equinode.v1.RecordService/ImportRecords");
  EXPECT_EQ(audit[0].entry.actor, kSelf + "/operator/ann");
  EXPECT_EQ(audit[0].entry.purpose, "import");
  EXPECT_EQ(audit[0].entry.touched, 4u);
  EXPECT_EQ(*TouchedFrom(audit[0].touched), (std::vector<std::string>{"p", "m", "c", "o"}));
}

TEST_F(ImportTest, TheSameFileAgainChangesNothing) {
  for (int round = 0; round < 2; ++round) {
    Import import = Open();
    for (std::uint64_t n = 1; n <= 3; ++n) {
      v1::ImportRecordsRequest frame = Frame(n);
      for (int i = 0; i < 50; ++i) {
        Add(frame, RecordKind::kPerson, std::to_string(n * 100 + i), "", "race 1");
      }
      ASSERT_TRUE(import.Send(frame).ok());
    }
    ASSERT_TRUE(import.session->OnHalfClose().ok());
    EXPECT_EQ(import.stream->WaitFinished(), "OK");
    const auto answers = import.stream->WaitAnswers(3);
    ASSERT_EQ(answers.size(), 3u);
    for (const auto& answer : answers) {
      EXPECT_EQ(answer.created(), round == 0 ? 50u : 0u);
      EXPECT_EQ(answer.unchanged(), round == 0 ? 0u : 50u);
    }
  }
  EXPECT_EQ(node_.Rows(), 150);
  EXPECT_EQ(Audit().size(), 3u) << "nothing was touched the second time";
}

TEST_F(ImportTest, VersionsThatComeAgainAreDecidedAtTheEnd) {
  Import import = Open();
  std::uint64_t number = 0;
  const auto send = [&](const auto& fill) {
    v1::ImportRecordsRequest frame = Frame(++number);
    fill(frame);
    EXPECT_TRUE(import.Send(frame).ok());
    return import.stream->WaitAnswers(number).back();
  };
  const auto person = [&](const char* body) {
    return [this, body](v1::ImportRecordsRequest& frame) {
      Add(frame, RecordKind::kPerson, "f/Patient/1", "", body);
    };
  };
  const auto end = [](bool restate) {
    return [restate](v1::ImportRecordsRequest& frame) {
      frame.mutable_end()->set_feed("f");
      frame.mutable_end()->set_restate(restate);
    };
  };
  EXPECT_EQ(send(person("race 1")).created(), 1u);
  EXPECT_EQ(send(person("race 2")).changed(), 1u);
  const std::size_t entries = Audit().size();
  EXPECT_EQ(send(person("race 1")).unchanged(), 1u);
  const auto left = send(end(false));
  EXPECT_EQ(left.older(), 1u);
  EXPECT_EQ(left.changed(), 0u);
  EXPECT_FALSE(left.more());
  EXPECT_EQ(Audit().size(), entries);  // Nothing happened.
  EXPECT_EQ(send(person("race 1")).unchanged(), 1u);
  EXPECT_EQ(send(end(true)).changed(), 1u);
  EXPECT_EQ(*TouchedFrom(Audit().back().touched), std::vector<std::string>{"f/Patient/1"});
  // With stamps, one a record.
  const auto stamped = [&](const char* body, std::int64_t at) {
    return [this, body, at](v1::ImportRecordsRequest& frame) {
      Add(frame, RecordKind::kPerson, "f/Patient/1", "", body);
      frame.add_stamps()->set_updated_us(at);
    };
  };
  EXPECT_EQ(send(stamped("race 3", 300)).changed(), 1u);
  const auto older = send(stamped("race 4", 200));
  EXPECT_EQ(older.older(), 1u);
  EXPECT_EQ(older.changed(), 0u);
  // A cursor alone is a frame.
  send([](v1::ImportRecordsRequest& frame) { SetCursor(frame, 500); });
  EXPECT_EQ(Cursor(), "500,50");
  ASSERT_TRUE(import.session->OnHalfClose().ok());
  EXPECT_EQ(import.stream->WaitFinished(), "OK");
}

TEST_F(ImportTest, AFrameWithNothingInItOrStampsThatDoNotFitIsNone) {
  for (int fault = 0; fault < 4; ++fault) {
    Import import = Open();
    v1::ImportRecordsRequest frame = Frame(1);
    if (fault == 1) {
      Add(frame, RecordKind::kPerson, "f/Patient/1", "", "race 1");
      frame.add_stamps();
      frame.add_stamps();
    } else if (fault == 2) {
      frame.mutable_end();
    } else if (fault == 3) {
      Add(frame, RecordKind::kPerson, "f/Patient/1", "", "race 1");
      frame.add_stamps()->set_version(~std::uint64_t{0});
    }
    const Status sent = import.Send(frame);
    ASSERT_FALSE(sent.ok()) << fault;
    EXPECT_EQ(sent.error().reason, "BAD_FRAME") << fault;
  }
}

TEST_F(ImportTest, ABadRecordIsRefusedAndTheRestGoesIn) {
  Import import = Open();
  v1::ImportRecordsRequest frame = Frame(1);
  Add(frame, RecordKind::kPerson, "p", "", "bad body");
  Add(frame, RecordKind::kPerson, "q", "", "race 1");
  Add(frame, RecordKind::kMeasureResult, "m", "mrn:unknown", "measure M 1 1");
  Add(frame, RecordKind::kCoverage, "c", "", "covered");
  Add(frame, RecordKind::kPerson, "r", "", "race 1")->set_version(7);
  Add(frame, RecordKind::kPerson, "s", "", "race 1")->set_origin("spiffe://n/practice/other");
  ASSERT_TRUE(import.Send(frame).ok());
  ASSERT_TRUE(import.session->OnHalfClose().ok());
  EXPECT_EQ(import.stream->WaitFinished(), "OK");
  const auto answers = import.stream->WaitAnswers(1);
  ASSERT_EQ(answers.size(), 1u);
  std::map<std::uint32_t, std::string> refused;
  for (const auto& one : answers[0].refused()) {
    refused[one.index()] = one.reason();
    EXPECT_EQ(one.message().find("unknown"), std::string::npos) << "nothing of the record";
  }
  EXPECT_EQ(refused, (std::map<std::uint32_t, std::string>{{0, "BAD_RECORD"},
                                                           {2, "NO_SUCH_PERSON"},
                                                           {3, "BAD_RECORD"},
                                                           {4, "BAD_RECORD"},
                                                           {5, "BAD_RECORD"}}));
  EXPECT_EQ(answers[0].created(), 1u);
}

TEST_F(ImportTest, FramesOutOfOrderEndTheStream) {
  const auto first = [&](v1::ImportRecordsRequest frame) {
    Import import = Open();
    return Why(import.Send(frame));
  };
  v1::ImportRecordsRequest second = Frame(2);
  Add(second, RecordKind::kPerson, "p", "", "race 1");
  EXPECT_EQ(first(second), "BAD_FRAME");
  EXPECT_EQ(first(Frame(1)), "BAD_FRAME") << "an empty one";
  v1::ImportRecordsRequest large = Frame(1);
  for (int i = 0; i < 301; ++i) Add(large, RecordKind::kPerson, "p", "", "race 1");
  EXPECT_EQ(first(large), "BAD_FRAME");
  v1::ImportRecordsRequest cursor = Frame(1);
  Add(cursor, RecordKind::kPerson, "p", "", "race 1");
  cursor.mutable_cursor()->set_file("name.ndjson");
  EXPECT_EQ(first(cursor), "BAD_CURSOR");
  Import import = Open();
  EXPECT_EQ(Why(import.session->OnMessage("\xff\xff")), "BAD_FRAME");
  EXPECT_EQ(node_.Rows(), 0);
}

class ImportFaults : public ImportTest {
 protected:
  explicit ImportFaults() : ImportTest(OpenOptions{.vfs = Vfs().name()}) {}
  static FaultyVfs& Vfs() {
    static FaultyVfs vfs("import-faults");
    return vfs;
  }
};

// Many frames wait while the writer is held, and the disk fails under their commit: none is
// acknowledged, and the cursor stands where the store does.
TEST_F(ImportFaults, NoFrameIsAcknowledgedThatIsNotDurable) {
  Import import = Open();
  std::latch held(1), go(1);
  std::thread holder([&] {
    (void)node_.store.db().Write("hold", [&](Tx&) -> Status {
      held.count_down();
      go.wait();
      return Error{Code::kAborted, "HELD"};
    });
  });
  held.wait();
  for (std::uint64_t n = 1; n <= 10; ++n) {
    v1::ImportRecordsRequest frame = Frame(n);
    Add(frame, RecordKind::kPerson, std::to_string(n), "", "race 1");
    SetCursor(frame, n * 10);
    ASSERT_TRUE(import.Send(frame).ok());
  }
  ASSERT_TRUE(import.session->OnHalfClose().ok());
  Vfs().FailSync(1);
  go.count_down();
  holder.join();
  EXPECT_NE(import.stream->WaitFinished(), "OK");
  EXPECT_TRUE(import.stream->WaitAnswers(0).empty());
  import = {};
  Restart();
  // What a failed sync left behind may be there or not, but whole.
  const std::int64_t rows = node_.Rows();
  EXPECT_TRUE(rows == 0 || rows == 10) << rows;
  EXPECT_EQ(Cursor(), rows == 0 ? "NO_SUCH_CURSOR" : "100,10");
  EXPECT_EQ(Audit().size(), static_cast<std::size_t>(rows));
}

// A frame in the middle cannot be kept (its audit entry cannot be written): those after it are not
// kept either, or the cursor would have passed it.
TEST_F(ImportFaults, NothingAfterAFailedFrameTakesEffect) {
  ASSERT_TRUE(node_.store.db()
                  .Write("trap",
                         [](Tx& tx) {
                           return tx
                               .Prepare(
                                   "CREATE TRIGGER trap BEFORE INSERT ON record_log WHEN "
                                   "NEW.source_id='5' BEGIN SELECT RAISE(ABORT,'no'); END")
                               .Run();
                         })
                  .ok());
  Import import = Open();
  std::latch held(1), go(1);
  std::thread holder([&] {
    (void)node_.store.db().Write("hold", [&](Tx&) -> Status {
      held.count_down();
      go.wait();
      return Error{Code::kAborted, "HELD"};
    });
  });
  held.wait();
  for (std::uint64_t n = 1; n <= 10; ++n) {
    v1::ImportRecordsRequest frame = Frame(n);
    Add(frame, RecordKind::kPerson, std::to_string(n), "", "race 1");
    SetCursor(frame, n * 10);
    ASSERT_TRUE(import.Send(frame).ok());
  }
  go.count_down();
  holder.join();
  EXPECT_NE(import.stream->WaitFinished(), "OK");
  EXPECT_EQ(import.stream->WaitAnswers(4).size(), 4u);
  EXPECT_EQ(node_.Rows(), 4);
  EXPECT_EQ(Cursor(), "40,4");
  v1::ImportRecordsRequest late = Frame(11);
  Add(late, RecordKind::kPerson, "late", "", "race 1");
  EXPECT_FALSE(import.Send(late).ok());
}

TEST_F(ImportFaults, ManyFramesShareCommits) {
  Import import = Open();
  Vfs().DelaySyncs(std::chrono::milliseconds(3));
  const auto before = node_.store.db().write_stats();
  for (std::uint64_t n = 1; n <= 60; ++n) {
    v1::ImportRecordsRequest frame = Frame(n);
    Add(frame, RecordKind::kPerson, std::to_string(n), "", "race 1");
    ASSERT_TRUE(import.Send(frame).ok());
  }
  ASSERT_TRUE(import.session->OnHalfClose().ok());
  EXPECT_EQ(import.stream->WaitFinished(), "OK");
  Vfs().DelaySyncs(std::chrono::milliseconds(0));
  const auto after = node_.store.db().write_stats();
  EXPECT_EQ(after.bodies - before.bodies, 60u);
  EXPECT_LE(after.groups - before.groups, 30u);
  const auto answers = import.stream->WaitAnswers(60);
  ASSERT_EQ(answers.size(), 60u);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(answers[i].frame(), i + 1);
}

}  // namespace
}  // namespace equinode::testing
