// The durable store of records beside its floor: the same bytes in one table without any index,
// through the same connection. Then one caller against 64 with a slow disk, and the start.
//   bench_store [people]   default 250,000; 1,000,000 is the target's size and takes minutes.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "domain/people/frames/person_facts.h"
#include "server/records/record_keeper.h"
#include "tests/bench/store_people.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/test_store.h"

namespace equinode::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::uint64_t kBatch = 1000;  // Records a transaction.
constexpr std::uint64_t kPeopleABatch = kBatch / 3;
const std::string kSelf = "spiffe://net/practice/clinic";

void Must(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "store bench: %s failed\n", what);
  std::exit(1);
}

double Seconds(Steady::duration span) { return std::chrono::duration<double>(span).count(); }
double CpuSeconds(clockid_t of) {
  timespec now{};
  clock_gettime(of, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// At most `most` writes under way: the next batch is made ready while they are written.
class Pipeline {
 public:
  Pipeline(Database& database, std::size_t most) : database_(database), most_(most) {}
  ~Pipeline() { Wait(0); }
  void Submit(Writer::Body body) {
    Wait(most_ - 1);
    {
      const std::lock_guard lock(mutex_);
      ++under_way_;
    }
    database_.Submit("bench", std::move(body), [this](const Status& done) {
      Must(done.ok(), done.ok() ? "" : done.error().message.c_str());
      const std::lock_guard lock(mutex_);
      --under_way_;
      changed_.notify_all();
    });
  }
  void Wait(std::size_t at_most) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return under_way_ <= at_most; });
  }

 private:
  Database& database_;
  const std::size_t most_;
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::size_t under_way_ = 0;  // Guarded by mutex_.
};

struct Cost {
  double wall = 0;
  double cpu = 0;     // Of all threads,
  double writer = 0;  // ... and of all but the one that makes records ready.
  Cost& operator+=(const Cost& other) {
    wall += other.wall;
    cpu += other.cpu;
    writer += other.writer;
    return *this;
  }
};

template <typename F>
Cost Timed(F body) {
  const auto wall = Steady::now();
  const double cpu = CpuSeconds(CLOCK_PROCESS_CPUTIME_ID);
  const double own = CpuSeconds(CLOCK_THREAD_CPUTIME_ID);
  body();
  const double spent = CpuSeconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  return {Seconds(Steady::now() - wall), spent,
          spent - (CpuSeconds(CLOCK_THREAD_CPUTIME_ID) - own)};
}

// The floor: rows as the log has them, nothing known of them.
class Floor {
 public:
  Floor() {
    Must(store_.db()
             .Write("floor",
                    [](Tx& tx) {
                      return tx
                          .Prepare(
                              "CREATE TABLE floor(row INTEGER PRIMARY KEY, owner INTEGER, kind "
                              "INTEGER, deleted INTEGER, version INTEGER, before INTEGER, "
                              "person_no INTEGER, recorded_at INTEGER, source_id TEXT, person "
                              "TEXT, body BLOB) STRICT")
                          .Run();
                    })
             .ok(),
         "the floor's table");
  }
  void Load(const MadePeople& people, std::uint64_t from, std::uint64_t to) {
    Pipeline pipeline(store_.db(), 2);
    for (std::uint64_t at = from; at < to; at += kPeopleABatch) {
      const auto batch = std::make_shared<std::vector<MadePerson>>();
      for (std::uint64_t n = at; n < std::min(to, at + kPeopleABatch); ++n) {
        batch->push_back(people.At(n));
      }
      pipeline.Submit([this, batch](Tx& tx) -> Status {
        for (const MadePerson& person : *batch) {
          EQN_CHECK(Row(tx, 1, person.id, nullptr, *person.body));
          EQN_CHECK(Row(tx, 2, person.coverage_id, &person.id, *person.coverage));
          EQN_CHECK(Row(tx, 3, person.measure_id, &person.id, *person.measure));
        }
        return Ok();
      });
    }
  }

 private:
  Status Row(Tx& tx, std::int64_t kind, const std::string& id, const std::string* person,
             ByteView body) {
    Statement insert = tx.Prepare("INSERT INTO floor VALUES(?,?,?,?,?,?,?,?,?,?,?)");
    insert.Bind(1, ++row_).Bind(2, std::int64_t{1}).Bind(3, kind).Bind(4, std::int64_t{0});
    insert.Bind(5, std::int64_t{1}).BindNull(6).Bind(7, row_ / 3 + 1);
    insert.Bind(8, std::int64_t{1'800'000'000'000}).BindView(9, id);
    person == nullptr ? insert.BindNull(10) : insert.BindView(10, *person);
    insert.BindView(11, body);
    return insert.Run();
  }

  testing::TestStore store_{};
  std::int64_t row_ = 0;
};

// What a start and everything after it has: store, keeper, counts.
class Node {
 public:
  explicit Node(OpenOptions options = {}) : store_(std::move(options)) { Start(); }
  void Start() {
    keeper_ = std::make_unique<RecordKeeper>(store_.db(), store_.clock(), log_, random_, kSelf,
                                             BodyFacts(PersonFactsOf));
    Must(keeper_->Load(nullptr).ok(), "loading");
  }
  void Stop() {
    keeper_.reset();
    store_.Close();
  }
  void Reopen() { store_.Reopen(); }
  RecordKeeper& keeper() { return *keeper_; }
  Database& db() { return store_.db(); }

  std::shared_ptr<const PreparedRecord> Prepare(RecordKind kind, const std::string& id,
                                                const std::string& person, ByteView body) {
    auto record = keeper_->Prepare({.kind = static_cast<std::uint32_t>(kind),
                                    .source_id = id,
                                    .person = person,
                                    .body = body});
    Must(record.ok(), "a record");
    return *std::move(record);
  }
  void Load(const MadePeople& people, std::uint64_t from, std::uint64_t to) {
    Pipeline pipeline(store_.db(), 2);
    for (std::uint64_t at = from; at < to; at += kPeopleABatch) {
      const auto batch = std::make_shared<std::vector<std::shared_ptr<const PreparedRecord>>>();
      for (std::uint64_t n = at; n < std::min(to, at + kPeopleABatch); ++n) {
        const MadePerson one = people.At(n);
        batch->push_back(Prepare(RecordKind::kPerson, one.id, "", *one.body));
        batch->push_back(Prepare(RecordKind::kCoverage, one.coverage_id, one.id, *one.coverage));
        batch->push_back(Prepare(RecordKind::kMeasureResult, one.measure_id, one.id, *one.measure));
      }
      pipeline.Submit([this, batch](Tx& tx) -> Status {
        for (const auto& record : *batch) EQN_CHECK(keeper_->Put(tx, record));
        return Ok();
      });
    }
  }
  std::uint64_t CountPeople() {
    const CountScope scope{.payer = "spiffe://net/payer/plan-1",
                           .day = std::chrono::sys_days{std::chrono::year{2025} / 12 / 31},
                           .measure_period = "2025"};
    const auto tables =
        (*keeper_->population())->OneWay({scope, Stratifier::kRaceOmb1997, {"population"}});
    Must(tables.ok(), "a count");
    return tables->front().total.denominator;
  }

 private:
  testing::TestStore store_;
  SeededRandom random_{5};
  Log log_{-1, store_.clock()};
  std::unique_ptr<RecordKeeper> keeper_{};
};

void Start(Node& node, const char* how) {
  node.Stop();
  const Cost open = Timed([&] { node.Reopen(); });
  const Cost load = Timed([&] { node.Start(); });
  std::uint64_t people = 0;
  const Cost count = Timed([&] { people = node.CountPeople(); });
  std::printf("  %-34s open %6.3f s, load %6.3f s, first count %6.4f s (of %llu people)\n", how,
              open.wall, load.wall, count.wall, static_cast<unsigned long long>(people));
}

void LoadAndStart(std::uint64_t people) {
  const MadePeople made(1);
  Floor floor;
  Node node;
  std::printf(
      "1,000 records a transaction; a person = 3 records; us a person: wall, cpu of all threads, "
      "of the writer\n");
  std::printf("  %-22s %26s %26s %7s\n", "people", "floor", "store", "ratio");
  constexpr std::uint64_t kSegment = 125'000;
  constexpr std::uint64_t kTurn = 12'500;  // Taken in turns, so that the machine's moods hit both.
  double first = 0, last = 0, floor_first = 0, floor_last = 0;
  Cost all_floor, all_store;
  for (std::uint64_t from = 0; from < people; from += kSegment) {
    Cost segment_floor, segment_store;
    const std::uint64_t to = std::min(people, from + kSegment);
    for (std::uint64_t at = from; at < to; at += kTurn) {
      const std::uint64_t end = std::min(to, at + kTurn);
      segment_floor += Timed([&] { floor.Load(made, at, end); });
      segment_store += Timed([&] { node.Load(made, at, end); });
    }
    const double each = 1e6 / static_cast<double>(to - from);
    std::printf("  %9llu - %9llu  %8.2f %8.2f %8.2f %8.2f %8.2f %8.2f %7.2f\n",
                static_cast<unsigned long long>(from), static_cast<unsigned long long>(to),
                segment_floor.wall * each, segment_floor.cpu * each, segment_floor.writer * each,
                segment_store.wall * each, segment_store.cpu * each, segment_store.writer * each,
                segment_floor.wall / segment_store.wall);
    std::fflush(stdout);
    if (from == 0) {
      first = segment_store.wall * each;
      floor_first = segment_floor.wall * each;
    }
    last = segment_store.wall * each;
    floor_last = segment_floor.wall * each;
    all_floor += segment_floor;
    all_store += segment_store;
  }
  std::printf(
      "  ratio to the floor %.2f (target 0.50); last segment to first %.2f (target 1.50; the "
      "floor's "
      "own, which a quiet machine keeps at 1: %.2f)\n",
      all_floor.wall / all_store.wall, last / first, floor_last / floor_first);
  const KeeperMemory memory = node.keeper().Memory();
  const PopulationMemory counts = (*node.keeper().population())->Memory();
  std::printf(
      "memory: map from record to row %.1f MB, %.1f bytes a record (%zu records); counts "
      "%.1f MB\n",
      static_cast<double>(memory.index_bytes) / 1e6,
      static_cast<double>(memory.index_bytes) / static_cast<double>(memory.records), memory.records,
      static_cast<double>(counts.total()) / 1e6);
  std::printf("start with %llu people\n", static_cast<unsigned long long>(people));
  const Cost snapshot = Timed([&] { Must(node.keeper().Snapshot().ok(), "a snapshot"); });
  std::printf("  %-34s %.3f s\n", "the snapshot is written in", snapshot.wall);
  Start(node, "from the snapshot:");
  node.Load(made, people, people + 30'000);
  Start(node, "and 90,000 rows after it:");
  Must(node.db()
           .Write("forget", [](Tx& tx) { return tx.Prepare("DELETE FROM snapshot").Run(); })
           .ok(),
       "forgetting the snapshot");
  if (people <= 250'000) Start(node, "without any snapshot:");
}

void Callers() {
  testing::FaultyVfs vfs("bench-slow");
  Node node({.vfs = vfs.name()});
  const MadePeople made(2);
  std::atomic<std::uint64_t> next{0};
  vfs.DelaySyncs(std::chrono::milliseconds(5));
  const auto call = [&](int times) {
    for (int i = 0; i < times; ++i) {
      const MadePerson one = made.At(next++);
      const auto record = node.Prepare(RecordKind::kPerson, one.id, "", *one.body);
      const std::int64_t syncs = vfs.syncs();
      const auto put =
          node.db().Write("one", [&](Tx& tx) { return node.keeper().Put(tx, record); });
      Must(put.ok(), "a record");
      Must(vfs.syncs() > syncs, "the sync before an answer");
    }
  };
  constexpr int kOnce = 100;
  constexpr int kEach = 60;
  constexpr int kCallers = 64;
  const std::int64_t syncs = vfs.syncs();
  const Cost one = Timed([&] { call(kOnce); });
  const double a_call = static_cast<double>(vfs.syncs() - syncs) / kOnce;
  const Cost many = Timed([&] {
    std::vector<std::thread> callers;
    for (int i = 0; i < kCallers; ++i) callers.emplace_back([&] { call(kEach); });
    for (std::thread& caller : callers) caller.join();
  });
  vfs.DelaySyncs(std::chrono::milliseconds(0));
  const double single = kOnce / one.wall;
  const double together = kCallers * kEach / many.wall;
  std::printf(
      "one record a call, 5 ms a sync: one caller %.0f/s with %.2f syncs each, 64 callers %.0f/s: "
      "%.1f times "
      "(target 20), every answer after its sync\n",
      single, a_call, together, together / single);
}

}  // namespace
}  // namespace equinode::bench

int main(int argc, char** argv) {
  const long long people = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  if (people < 1000 || people > 20'000'000) {
    std::fprintf(stderr, "usage: bench_store [people, 1000 to 20000000]\n");
    return 64;
  }
  equinode::bench::LoadAndStart(static_cast<std::uint64_t>(people));
  equinode::bench::Callers();
  return 0;
}
