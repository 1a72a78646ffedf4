#include "client/convert/record_batch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "equinode/v1/record.pb.h"

namespace equinode {
namespace {

RecordView SomeRecord(std::string_view body) {
  return RecordView{"spiffe://n/practice/a",
                    1,
                    "feed/Patient/1",
                    "feed/Patient/1",
                    3,
                    Instant{std::chrono::hours{490'000}} + Millis{7},
                    false,
                    AsBytes(body)};
}

v1::Record* AddRecord(const RecordView& view, v1::RecordBatch* batch) {
  v1::Record* record = batch->add_records();
  record->set_origin(std::string(view.origin));
  record->set_kind(static_cast<v1::RecordKind>(view.kind));
  record->set_source_id(std::string(view.source_id));
  record->set_person(std::string(view.person));
  record->set_version(view.version);
  const auto millis = view.recorded_at.time_since_epoch().count();
  record->mutable_recorded_at()->set_seconds(millis / 1000);
  record->mutable_recorded_at()->set_nanos(static_cast<int>(millis % 1000) * 1'000'000);
  record->set_deleted(view.deleted);
  record->set_body(std::string(AsText(view.body)));
  return record;
}

Status Nothing(const RecordView&) { return Ok(); }
bool Reads(const v1::RecordBatch& batch) {
  return ReadRecordBatch(AsBytes(batch.SerializeAsString()), Nothing).ok();
}

TEST(RecordBatch, IsTheVeryBytesThatProtobufWrites) {
  RecordBatchWriter writer;
  v1::RecordBatch batch;
  const std::string large(3000, 'b');
  RecordView gone = SomeRecord("");
  gone.deleted = true;
  gone.recorded_at = Instant{};
  gone.person = "";
  for (const RecordView& record : {SomeRecord("a body"), SomeRecord(large), gone}) {
    writer.Add(record);
    AddRecord(record, &batch);
  }
  EXPECT_EQ(writer.count(), 3u);
  const Bytes payload = writer.Take();
  EXPECT_TRUE(AsText(payload) == batch.SerializeAsString());
}

TEST(RecordBatch, IsReadInPlace) {
  RecordBatchWriter writer;
  const RecordView record = SomeRecord("a body");
  writer.Add(record);
  const Bytes payload = writer.Take();
  std::size_t count = 0;
  const auto read = ReadRecordBatch(payload, [&](const RecordView& each) -> Status {
    ++count;
    EXPECT_EQ(each.origin, record.origin);
    EXPECT_EQ(each.kind, record.kind);
    EXPECT_EQ(each.source_id, record.source_id);
    EXPECT_EQ(each.person, record.person);
    EXPECT_EQ(each.version, record.version);
    EXPECT_EQ(each.recorded_at, record.recorded_at);
    EXPECT_EQ(AsText(each.body), "a body");
    EXPECT_TRUE(each.body.data() > payload.data() &&
                each.body.data() < payload.data() + payload.size());
    return Ok();
  });
  EXPECT_TRUE(read.ok());
  EXPECT_EQ(count, 1u);
}

TEST(RecordBatch, StepsOverFieldsOfALaterVersion) {
  v1::RecordBatch batch;
  v1::Record* record = AddRecord(SomeRecord("a body"), &batch);
  record->GetReflection()->MutableUnknownFields(record)->AddVarint(100, 5);
  record->GetReflection()->MutableUnknownFields(record)->AddLengthDelimited(101, "later");
  batch.GetReflection()->MutableUnknownFields(&batch)->AddFixed64(102, 1);
  EXPECT_TRUE(Reads(batch));
}

TEST(RecordBatch, RefusesWhatIsOutOfBounds) {
  const auto refused = [](auto change) {
    v1::RecordBatch batch;
    change(AddRecord(SomeRecord("a body"), &batch));
    return !Reads(batch);
  };
  EXPECT_FALSE(refused([](v1::Record*) {}));
  EXPECT_TRUE(refused([](v1::Record* r) { r->clear_origin(); }));
  EXPECT_TRUE(refused([](v1::Record* r) { r->clear_source_id(); }));
  EXPECT_TRUE(refused([](v1::Record* r) { r->set_source_id(std::string(257, 'x')); }));
  EXPECT_TRUE(refused([](v1::Record* r) { r->set_person("\xff"); }));
  EXPECT_TRUE(refused([](v1::Record* r) { r->set_version(0); }));
  EXPECT_TRUE(refused([](v1::Record* r) { r->set_deleted(true); })) << "with a body";
  EXPECT_TRUE(refused([](v1::Record* r) { r->set_body(std::string(kMaxRecordBody + 1, 'x')); }));
  EXPECT_TRUE(refused([](v1::Record* r) { r->mutable_recorded_at()->set_nanos(-1); }));
  EXPECT_TRUE(refused([](v1::Record* r) { r->mutable_recorded_at()->set_seconds(-5); }));
  EXPECT_FALSE(Reads(v1::RecordBatch())) << "an empty batch";
  v1::RecordBatch many;
  for (int i = 0; i < 301; ++i) AddRecord(SomeRecord("x"), &many);
  EXPECT_FALSE(Reads(many));
}

TEST(RecordBatch, RefusesEveryCut) {
  v1::RecordBatch batch;
  AddRecord(SomeRecord("a body"), &batch);
  const std::string whole = batch.SerializeAsString();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ReadRecordBatch(AsBytes(whole.substr(0, size)), Nothing).ok()) << size;
  }
}

}  // namespace
}  // namespace equinode
