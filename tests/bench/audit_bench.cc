// The audit log: one entry a commit by 1 and by 64 callers beside the bare commit of the same row,
// and how fast the verifier reads the log.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "server/audit/audit_log.h"
#include "server/audit/verify.h"
#include "storage/sqlite/database.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace equinode {
namespace {

constexpr double kSeconds = 1.0;

double Since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Calls a second of `call` by so many threads.
template <typename F>
double Rate(int callers, F call) {
  std::atomic<std::int64_t> calls{0};
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&] {
      while (Since(begin) < kSeconds) {
        call();
        calls.fetch_add(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(calls.load()) / Since(begin);
}

AuditEntry Entry() {
  return {.actor = "spiffe://network.example/practice/elm-street/operator/ann",
          .from = "192.0.2.7:49152",
          .action = "/equinode.v1.RecordService/GetPerson",
          .subject = "person",
          .outcome = "OK",
          .disclosure = true};
}

int Run() {
  testing::TestStore bare;
  testing::TestStore store;
  testing::TempFolder elsewhere;
  const SystemClock clock;
  auto log = *AuditLog::Open(store.db(), elsewhere.path() / "anchor", clock);
  TouchedIds one;
  one.Add("patient-0123456789");
  if (!bare.db()
           .Write("table",
                  [](Tx& tx) {
                    return tx.Prepare("CREATE TABLE plain(n INTEGER PRIMARY KEY, v BLOB)").Run();
                  })
           .ok()) {
    return 1;
  }
  const Bytes row(300, 7);
  for (const int callers : {1, 64}) {
    const double limit = Rate(callers, [&] {
      if (!bare.db()
               .Write("plain",
                      [&](Tx& tx) {
                        return tx.Prepare("INSERT INTO plain(v) VALUES(?)")
                            .BindAll(ByteView(row))
                            .Run();
                      })
               .ok()) {
        std::abort();
      }
    });
    const double rate = Rate(callers, [&] {
      if (!log->Append(Entry(), one).ok()) std::abort();
    });
    std::printf("%2d callers: %8.0f entries/s, bare commits %8.0f/s, ratio %.2f\n", callers, rate,
                limit, rate / limit);
  }
  // A long log, in large transactions.
  constexpr int kEntries = 200'000;
  for (int written = 0; written < kEntries; written += 10'000) {
    if (!store.db()
             .Write("fill",
                    [&](Tx& tx) -> Status {
                      for (int i = 0; i < 10'000; ++i) EQN_CHECK(log->Append(tx, Entry(), one));
                      return Ok();
                    })
             .ok()) {
      return 1;
    }
  }
  const std::uint64_t count = log->head().count;
  log.reset();
  store.Close();
  const auto begin = std::chrono::steady_clock::now();
  const auto report = VerifyAudit(store.folder(), testing::TestKey(), elsewhere.path() / "anchor");
  const double spent = Since(begin);
  if (!report.ok() || !report->good() || report->head.count != count) return 1;
  std::printf("verifier: %llu entries in %.2f s, %.0f entries/s\n",
              static_cast<unsigned long long>(count), spent, static_cast<double>(count) / spent);
  return 0;
}

}  // namespace
}  // namespace equinode

int main() { return equinode::Run(); }
