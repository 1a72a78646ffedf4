// Records of one node at another: sealed, signed, handed over as messages, opened, durable, counted
// and receipted, beside the same records put into the same kind of store by its own node.
//   bench_exchange [people]   default 30,000 a round; a person = 3 records.
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

#include "client/convert/envelope.h"
#include "domain/people/frames/person_facts.h"
#include "server/exchange/engine.h"
#include "server/jobs/exchange_loop.h"
#include "server/records/batch_applier.h"
#include "server/rpc/worker_pool.h"
#include "storage/peer_store.h"
#include "storage/sharing_store.h"
#include "tests/bench/store_people.h"
#include "tests/support/pki.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace equinode::bench {
namespace {

using Steady = std::chrono::steady_clock;
using testing::TempFolder;
using testing::TestCert;
using testing::TestKey;
using testing::TestPki;

constexpr std::uint64_t kPeopleABatch = 1000 / 3;

template <typename T>
T Must(Result<T> result) {
  if (result.ok()) return *std::move(result);
  std::fprintf(stderr, "exchange bench: %s: %s\n", result.error().reason.c_str(),
               result.error().message.c_str());
  std::exit(1);
}

double Seconds(Steady::duration span) { return std::chrono::duration<double>(span).count(); }
double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::shared_ptr<const KeyRing> RingOf(const TestCert& cert, const TrustStore& trust) {
  const Certificate certificate = cert.certificate();
  return std::make_shared<const KeyRing>(KeyRing{
      *ParseIdentity(certificate.uri_names().front()), {certificate, cert.key()}, {}, trust});
}

// A node without its port.
class Node {
 public:
  Node(const TestPki& pki, const TrustStore& trust, std::string_view role, std::string_view name)
      : keys(RingOf(pki.Node(role, name), trust)), uri(keys.Get()->self.uri) {
    db = Must(Database::Open(folder_.path() / "data", TestKey(), clock));
    audit = Must(AuditLog::Open(*db, folder_.path() / "anchor", clock));
    enrolment = std::make_unique<Enrolment>(*db, keys);
    Must(enrolment->Reload());
    keeper = std::make_unique<RecordKeeper>(*db, clock, log, random, uri, BodyFacts(PersonFactsOf));
    Must(keeper->Load(nullptr));
    engine = std::make_unique<ExchangeEngine>(
        ExchangeDeps{*db, clock, random, log, keys, *enrolment, *audit,
                     [this](std::function<void()> task) { pool.Post(std::move(task)); }});
    engine->RegisterApplier(exchange::PayloadKind::kRecordBatch, RecordBatchApplier(*keeper));
  }

  void Enrol(const Node& other) {
    Must(db->Write("enrol", [&](Tx& tx) -> Status {
      EQN_CHECK(PeerStore::Put(tx, {.uri = other.uri}, clock.Now()));
      EQN_CHECK(PeerStore::PutCertificate(tx, other.uri, other.keys.Get()->current.certificate,
                                          PeerCertificateState::kCurrent, clock.Now()));
      enrolment->ReloadAfter(tx);
      return Ok();
    }));
  }
  void ShareAll(const Node& with) {
    Must(db->Write("share", [&](Tx& tx) -> Status {
      SharingRule rule;
      rule.peer = with.uri;
      rule.kinds = {RecordKind::kPerson, RecordKind::kCoverage, RecordKind::kMeasureResult};
      rule.since_row = keeper->last_row();
      EQN_CHECK(SharingStore::Set(tx, rule, clock.Now()));
      engine->NudgeAfter(tx);
      return Ok();
    }));
  }

  // As an import does: made ready while the batch before is written.
  void Load(const MadePeople& people, std::uint64_t from, std::uint64_t to) {
    std::mutex mutex;
    std::condition_variable changed;
    int under_way = 0;
    for (std::uint64_t at = from; at < to; at += kPeopleABatch) {
      const auto batch = std::make_shared<std::vector<std::shared_ptr<const PreparedRecord>>>();
      const auto add = [&](RecordKind kind, const std::string& id, const std::string& person,
                           const Bytes& body) {
        batch->push_back(Must(keeper->Prepare({.kind = static_cast<std::uint32_t>(kind),
                                               .source_id = id,
                                               .person = person,
                                               .body = body})));
      };
      for (std::uint64_t n = at; n < std::min(to, at + kPeopleABatch); ++n) {
        const MadePerson one = people.At(n);
        add(RecordKind::kPerson, one.id, "", *one.body);
        add(RecordKind::kCoverage, one.coverage_id, one.id, *one.coverage);
        add(RecordKind::kMeasureResult, one.measure_id, one.id, *one.measure);
      }
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return under_way < 2; });
      ++under_way;
      lock.unlock();
      db->Submit(
          "load",
          [this, batch](Tx& tx) -> Status {
            for (const auto& record : *batch) EQN_CHECK(keeper->Put(tx, record));
            return Ok();
          },
          [&](const Status& done) {
            Must(done);
            const std::lock_guard guard(mutex);
            --under_way;
            changed.notify_all();
          });
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return under_way == 0; });
  }

  std::uint64_t CountPeople() const {
    const CountScope scope{.payer = "spiffe://net/payer/plan-1",
                           .day = std::chrono::sys_days{std::chrono::year{2025} / 12 / 31},
                           .measure_period = "2025"};
    return Must((*keeper->population())->OneWay({scope, Stratifier::kRaceOmb1997, {"population"}}))
        .front()
        .total.denominator;
  }
  ExchangeState State() {
    return Must(db->Read([&](ReadTx& tx) { return engine->State(tx); }));
  }

  SystemClock clock{};
  SystemRandom random{};
  Log log{-1, clock};
  CurrentKeyRing keys;
  const std::string uri;

 private:
  TempFolder folder_{};

 public:
  std::unique_ptr<Database> db{};
  std::unique_ptr<AuditLog> audit{};
  std::unique_ptr<Enrolment> enrolment{};
  std::unique_ptr<RecordKeeper> keeper{};
  std::unique_ptr<ExchangeEngine> engine{};
  WorkerPool pool{2, 1024};  // First to go: it uses all of the above.
};

// A stream in memory: messages as bytes, one thread, as a transport would carry them.
class Stream {
 public:
  Stream(Node& from, Node& to)
      : from_(from),
        push_(from.engine->OpenPush(to.uri, [this] { Wake(); })),
        take_(to.engine->OpenTake(from.uri, [this] { Wake(); })),
        thread_([this] { Run(); }) {}
  ~Stream() {
    stopping_ = true;
    Wake();
    thread_.join();
    take_->Close();
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  void Wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    wake_.notify_one();
  }
  void Run() {
    while (!stopping_) {
      bool moved = false;
      const exchange::Answer answer = take_->TakeAnswers();
      if (!answer.empty()) {
        const std::string message = DeliverResponseFrom(answer);
        Must(push_->Answered(Must(AnswerFromDeliverResponse(message)), from_.clock.Now()));
        moved = true;
      }
      if (const auto next = Must(push_->Next(from_.clock.Now()))) {
        const std::string message = DeliverRequestFrom(next->header, next->sealed);
        bytes_ += message.size();
        take_->Offer(Must(EnvelopeFromDeliverRequest(message)));
        moved = true;
      }
      if (moved) continue;
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, std::chrono::milliseconds{100}, [this] { return woken_; });
      woken_ = false;
    }
  }

  Node& from_;
  std::mutex mutex_{};
  std::condition_variable wake_{};
  bool woken_ = false;  // Guarded by mutex_.
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> bytes_{0};
  const std::shared_ptr<PushSession> push_;
  const std::shared_ptr<TakeSession> take_;
  std::thread thread_;
};

struct Rate {
  double wall = 0;
  double cpu = 0;
};

template <typename F>
Rate Timed(F body) {
  const auto wall = Steady::now();
  const double cpu = CpuSeconds();
  body();
  return {Seconds(Steady::now() - wall), CpuSeconds() - cpu};
}

void Print(const char* what, const Rate& rate, std::uint64_t records) {
  const auto count = static_cast<double>(records);
  std::printf("  %-44s %9.0f records/s  %6.2f us cpu a record\n", what, count / rate.wall,
              rate.cpu * 1e6 / count);
}

struct Exchanged {
  Rate arrived{};
  std::uint64_t bytes = 0;
  std::uint64_t batches = 0, receipted = 0, receipts = 0;
  std::uint64_t counted = 0, truth = 0;
};

// One practice's records to one payer, both new.
Exchanged Exchange(const TestPki& pki, const TrustStore& trust, const MadePeople& made,
                   std::uint64_t people) {
  Node practice(pki, trust, "practice", "a");
  Node payer(pki, trust, "payer", "plan");
  practice.Load(made, 0, people);
  practice.Enrol(payer);
  payer.Enrol(practice);
  Exchanged out;
  {
    ExchangeLoop practice_loop(*practice.engine, practice.clock, practice.log);
    ExchangeLoop payer_loop(*payer.engine, payer.clock, payer.log);
    practice_loop.Start();
    payer_loop.Start();
    Stream there(practice, payer);
    Stream back(payer, practice);
    out.arrived = Timed([&] {
      practice.ShareAll(payer);
      while (payer.keeper->last_row() < static_cast<std::int64_t>(people * 3)) {
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
      }
    });
    // The last receipts.
    for (int i = 0; i < 3000; ++i) {
      bool waits = false;
      for (const StoredOutgoing& link : practice.State().outgoing) {
        if (link.lane == exchange::Lane::kHistory) waits = waits || link.state.waiting();
      }
      if (!waits) break;
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    out.bytes = there.bytes();
  }
  for (const StoredOutgoing& link : practice.State().outgoing) {
    if (link.lane != exchange::Lane::kHistory) continue;
    out.batches = link.state.given.through;
    out.receipted = link.state.receipted.through;
  }
  for (const StoredOutgoing& link : payer.State().outgoing) {
    out.receipts += link.state.given.through;
  }
  out.counted = payer.CountPeople();
  out.truth = practice.CountPeople();
  return out;
}

const Rate& Faster(const Rate& a, const Rate& b) { return a.wall <= b.wall ? a : b; }

// In turns, and the better of each: an exchange is a chain of threads that hand work on, and on a
// machine that is busy with others each hand waits for its turn, which the store with its two
// threads hardly notices.
void Run(std::uint64_t people) {
  constexpr int kRounds = 3;
  const TestPki pki;
  const TrustStore trust = pki.trust();
  const MadePeople made(3);
  const std::uint64_t records = people * 3;
  std::printf("%llu people, %llu records, %d rounds\n", static_cast<unsigned long long>(people),
              static_cast<unsigned long long>(records), kRounds);
  Rate own;
  Exchanged best;
  for (int round = 0; round < kRounds; ++round) {
    Rate store;
    {
      Node alone(pki, trust, "practice", "alone");
      store = Timed([&] { alone.Load(made, 0, people); });
    }
    const Exchanged exchanged = Exchange(pki, trust, made, people);
    std::printf("  round %d: store %.2f s (cpu %.2f), exchange %.2f s (cpu %.2f), ratio %.2f\n",
                round + 1, store.wall, store.cpu, exchanged.arrived.wall, exchanged.arrived.cpu,
                store.wall / exchanged.arrived.wall);
    std::fflush(stdout);
    if (exchanged.counted != exchanged.truth || exchanged.receipted != exchanged.batches) {
      std::fprintf(stderr, "exchange bench: what arrived is not what was sent\n");
      std::exit(1);
    }
    own = round == 0 ? store : Faster(own, store);
    if (round == 0 || exchanged.arrived.wall < best.arrived.wall) best = exchanged;
  }
  Print("the store of a node, its own records", own, records);
  Print("exchange: sealed here, applied and counted there", best.arrived, records);
  std::printf("  ratio to the store %.2f (target 0.50), of cpu %.2f\n",
              own.wall / best.arrived.wall, own.cpu / best.arrived.cpu);
  std::printf(
      "  %llu batches of %.0f records, %.0f bytes each on the wire; %llu receipted with %llu "
      "receipts\n",
      static_cast<unsigned long long>(best.batches),
      static_cast<double>(records) / static_cast<double>(best.batches),
      static_cast<double>(best.bytes) / static_cast<double>(best.batches),
      static_cast<unsigned long long>(best.receipted),
      static_cast<unsigned long long>(best.receipts));
  std::printf(
      "  public-key operations a batch: 3 to seal (sign, ephemeral key, agree), 2 to open "
      "(agree, verify); a record: %.3f\n",
      5.0 * static_cast<double>(best.batches + best.receipts) / static_cast<double>(records));
  std::printf("  counted there %llu, here %llu\n", static_cast<unsigned long long>(best.counted),
              static_cast<unsigned long long>(best.truth));
}

}  // namespace
}  // namespace equinode::bench

int main(int argc, char** argv) {
  const long long people = argc > 1 ? std::atoll(argv[1]) : 30'000;
  if (people < 1000 || people > 5'000'000) {
    std::fprintf(stderr, "usage: bench_exchange [people, 1000 to 5000000]\n");
    return 64;
  }
  equinode::bench::Run(static_cast<std::uint64_t>(people));
  return 0;
}
