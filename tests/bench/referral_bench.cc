// Lists over many open referrals, each beside a bare indexed SQL query over the same table in the
// same run: inbox, worklist, a hosted organisation's inbox, the start of a watch. A watch keeps an
// audit entry before its first message leaves: what that costs on this disk is printed too. Beside
// each time is the processor time of it: on a busy machine the two are far apart.
//   bench_referral [referrals]   default 100,000, the target's size.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "domain/referral/clocks.h"
#include "equinode/v1/referral_service.pb.h"
#include "server/audit/call_entry.h"
#include "server/referrals/open_referral.h"
#include "server/services/referral/referral.h"
#include "storage/host_store.h"
#include "tests/support/pki.h"
#include "tests/support/test_store.h"

namespace equinode::bench {
namespace {

using Steady = std::chrono::steady_clock;
constexpr int kRuns = 21;
constexpr std::size_t kOrganisations = 50;

void Must(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "referral bench: %s failed\n", what);
  std::exit(1);
}

// Milliseconds by the wall clock and of this process's processor time, each the middle of several
// runs.
struct Cost {
  double wall = 0;
  double processor = 0;
};
Cost Median(const std::function<void()>& run) {
  std::vector<double> walls;
  std::vector<double> processors;
  for (int i = 0; i < kRuns; ++i) {
    const std::clock_t used = std::clock();
    const auto start = Steady::now();
    run();
    walls.push_back(std::chrono::duration<double, std::milli>(Steady::now() - start).count());
    processors.push_back(1000.0 * static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC);
  }
  std::ranges::nth_element(walls, walls.begin() + kRuns / 2);
  std::ranges::nth_element(processors, processors.begin() + kRuns / 2);
  return {walls[kRuns / 2], processors[kRuns / 2]};
}

// A QHIO's node whose store is filled as its desk would fill it, but for the costly part: the
// signatures have the size of real ones and are none.
class Node {
 public:
  Node() {
    store_.clock().Set(pki_.now());
    audit_ = *AuditLog::Open(store_.db(), elsewhere_.path() / "anchor", store_.clock());
    enrolment_ = std::make_unique<Enrolment>(store_.db(), keys_);
    Must(store_.db()
             .Write("hosts",
                    [&](Tx& tx) -> Status {
                      for (std::size_t i = 0; i < kOrganisations; ++i) {
                        EQN_CHECK(HostStore::Put(tx, {Organisation(i), self()}, pki_.now()));
                      }
                      return Ok();
                    })
             .ok(),
         "hosting");
    Must(enrolment_->Reload().ok(), "enrolment");
    ReferralDeps parts{store_.clock(), random_, *enrolment_, keys_};
    desk_ = std::make_unique<ReferralDesk>(parts);
    capacity_ = std::make_unique<CapacityDesk>(parts);
    methods_ = ReferralMethods({store_.db(),
                                *audit_,
                                *desk_,
                                store_.clock(),
                                random_,
                                {},
                                *capacity_,
                                watchers_,
                                *enrolment_,
                                keys_,
                                {}});
  }

  std::string self() const { return keys_.Get()->self.uri; }
  std::string Organisation(std::size_t i) const {
    return pki_.Uri("cbo", "organisation-" + std::to_string(i));
  }
  Database& db() { return store_.db(); }

  void Fill(std::size_t count) {
    for (std::size_t done = 0; done < count;) {
      const std::size_t end = std::min(count, done + 1000);
      Must(store_.db()
               .Write("fill",
                      [&](Tx& tx) -> Status {
                        for (std::size_t i = done; i < end; ++i) EQN_CHECK(AddOne(tx, i));
                        return Ok();
                      })
               .ok(),
           "filling");
      done = end;
    }
  }

  Call CallBy(const std::string& who, const char* method) {
    Call call;
    call.caller = {*ParseIdentity(who), std::string(64, 'a'), "[::1]:9"};
    call.method = std::string("/equinode.v1.ReferralService/") + method;
    call.now = store_.clock().Now();
    return call;
  }
  const Method& Find(const std::string& path) const {
    const auto at = std::ranges::find(methods_, path, &Method::path);
    Must(at != methods_.end(), "a method");
    return *at;
  }
  // How many were listed.
  int List(const std::string& who, const v1::ListReferralsRequest& request) {
    Call call = CallBy(who, "ListReferrals");
    const auto bytes = Find(call.method).unary(call, request.SerializeAsString());
    Must(bytes.ok(), "a list");
    v1::ListReferralsResponse response;
    Must(response.ParseFromString(*bytes), "a list");
    return response.referrals_size();
  }
  // As a watch keeps one before each page.
  void KeepEntry(const std::string& who) {
    AuditEntry entry = EntryFor(CallBy(who, "WatchReferrals"));
    entry.subject = "referrals";
    Must(audit_->Append(std::move(entry), {}).ok(), "an audit entry");
  }
  // How many came with the first message of a watch.
  int Watch(const std::string& who, std::uint64_t after);

 private:
  Status AddOne(Tx& tx, std::size_t i) {
    using referral::Event;
    using referral::EventKind;
    const std::string clinic = pki_.Uri("practice", "clinic-" + std::to_string(i % 200));
    const std::string owner = Organisation(i % kOrganisations);
    const Instant sent = pki_.now() - std::chrono::minutes(i % 40'000);
    Event create;
    create.referral = Uuid::MakeV7(sent, random_);
    create.id = Uuid::MakeV7(sent, random_);
    create.kind = EventKind::kCreate;
    create.actor = clinic + "/operator/nora";
    create.role = referral::Role::kRequester;
    create.at = sent;
    create.opening.emplace();
    create.opening->requester_node = clinic;
    create.opening->target_node = self();
    create.opening->owner = owner;
    create.opening->domain = i % 50 == 0 ? "transportation-insecurity" : "food-insecurity";
    create.opening->need = Uuid::MakeV7(sent, random_);
    referral::StartClocks(*create.opening, sent);
    OpenReferral open;
    open.stored.id = create.referral;
    open.stored.need = create.opening->need;
    open.stored.peer = clinic;
    open.stored.asked = Bytes(200, 'x');
    open.stored.owner = owner;
    open.stored.domain = create.opening->domain;
    EQN_TRY(open.stored, ReferralStore::Add(tx, std::move(open.stored)));
    EQN_CHECK(Link(tx, open, create));
    Event next = create;
    next.opening.reset();
    const std::pair<EventKind, referral::Role> rest[] = {
        {EventKind::kReceive, referral::Role::kTargetNode},
        {EventKind::kAccept, referral::Role::kTarget},
        {EventKind::kSchedule, referral::Role::kTarget}};
    const std::size_t steps = 1 + i % 3;
    for (std::size_t step = 0; step < steps; ++step) {
      next.id = Uuid::MakeV7(sent, random_);
      next.kind = rest[step].first;
      next.role = rest[step].second;
      next.actor = next.role == referral::Role::kTarget ? owner + "/operator/tim" : self();
      if (next.kind == EventKind::kSchedule) next.when = sent + std::chrono::days(3);
      EQN_CHECK(Link(tx, open, next));
    }
    const auto action = referral::NextActionOf(open.chain.view, pki_.now());
    open.stored.state = referral::Name(open.chain.view.state);
    open.stored.next_who = !action ? 0 : action->who == referral::Role::kRequester ? 1 : 2;
    open.stored.next_by = action ? action->by : Instant{};
    return ReferralStore::Save(tx, open.stored);
  }
  static Status Link(Tx& tx, OpenReferral& open, const referral::Event& event) {
    EQN_TRY(referral::Link link, referral::Place(open.chain, event, Bytes(1000, 's'), event.at));
    link.home_signature = Bytes(1000, 's');
    EQN_TRY(open.chain, referral::Extend(open.chain, link, TrustedSignatures()));
    return ReferralStore::AddLink(tx, open.stored.row, link, event.id);
  }

  testing::TestPki pki_{};
  testing::TestCert cert_ = pki_.Node("qhio", "bay");
  CurrentKeyRing keys_{
      std::make_shared<const KeyRing>(KeyRing{*ParseIdentity(pki_.Uri("qhio", "bay")),
                                              {cert_.certificate(), cert_.key()},
                                              {},
                                              pki_.trust()})};
  SeededRandom random_{1};
  testing::TestStore store_{};
  testing::TempFolder elsewhere_{};
  std::unique_ptr<AuditLog> audit_{};
  std::unique_ptr<Enrolment> enrolment_{};
  ReferralWatchers watchers_{};
  std::unique_ptr<ReferralDesk> desk_{};
  std::unique_ptr<CapacityDesk> capacity_{};
  std::vector<Method> methods_{};
};

// The far end of a stream that reads one message and goes.
class FirstMessage final : public OpenStream {
 public:
  void Send(std::string message) override {
    if (!first.empty()) return;
    first = std::move(message);
    full = true;
  }
  std::size_t waiting_bytes() const override { return full ? kHoldBack : 0; }
  void Finish(Status) override {}
  void Wake() override {}

  std::string first{};
  bool full = false;
};

int Node::Watch(const std::string& who, std::uint64_t after) {
  Call call = CallBy(who, "WatchReferrals");
  const auto stream = std::make_shared<FirstMessage>();
  auto session = Find(call.method).stream(call, stream);
  Must(session.ok(), "a watch");
  v1::WatchReferralsRequest request;
  request.set_after(after);
  Must((*session)->OnMessage(request.SerializeAsString()).ok(), "a watch");
  v1::WatchReferralsResponse response;
  Must(!stream->first.empty() && response.ParseFromString(stream->first), "a first message");
  return response.referrals_size();
}

void Row(const char* what, const Cost& cost, const Cost& bare, int rows) {
  std::printf(
      "%-34s %8.2f ms (%6.2f of a processor)  bare %6.2f ms (%5.2f)  %6.1f times  %4d rows  limit "
      "100 ms: %s\n",
      what, cost.wall, cost.processor, bare.wall, bare.processor, cost.wall / bare.wall, rows,
      cost.wall < 100 ? "held" : "NOT HELD");
}

int Main(std::size_t count) {
  Node node;
  const auto start = Steady::now();
  node.Fill(count);
  std::printf("%zu open referrals of %zu organisations, filled in %.1f s\n", count, kOrganisations,
              std::chrono::duration<double>(Steady::now() - start).count());
  const std::string own = node.self() + "/operator/ann";
  const std::string hosted = node.Organisation(7) + "/operator/tim";
  std::int64_t last = 0;
  // What SQL alone costs for the same rows in the same order.
  const auto bare = [&](const std::string& sql) {
    return Median([&] {
      const auto read = node.db().Read([&](ReadTx& tx) -> Result<std::size_t> {
        Statement rows = tx.Prepare(sql);
        std::size_t bytes = 0;
        for (;;) {
          EQN_TRY(const bool found, rows.Step());
          if (!found) return bytes;
          bytes += rows.BlobView(0).size() + rows.TextView(1).size();
        }
      });
      Must(read.ok() && *read > 0, "the bare query");
    });
  };
  Must(node.db()
           .Read([&](ReadTx& tx) -> Status {
             EQN_TRY(last, ReferralStore::LastChange(tx));
             return Ok();
           })
           .ok(),
       "the last change");
  const Cost by_turn = bare(
      "SELECT id, state, next_by FROM referral WHERE ours=0 AND next_who=2 ORDER BY next_by, row "
      "LIMIT 100");
  const Cost by_owner =
      bare("SELECT id, state, next_by FROM referral WHERE owner='" + node.Organisation(7) +
           "' AND ours=0 AND next_who=2 ORDER BY next_by, row LIMIT 100");
  const Cost by_change =
      bare("SELECT id, state, next_by FROM referral WHERE changed>0 ORDER BY changed LIMIT 100");
  const Cost by_state = bare(
      "SELECT id, state, next_by FROM referral WHERE state='in-progress' AND ours=0 AND next_who=2 "
      "ORDER BY next_by, row LIMIT 100");
  v1::ListReferralsRequest inbox, worklist, state, nobody;
  inbox.set_box("inbox");
  worklist.set_open_only(true);
  worklist.set_mine_only(true);
  state.set_box("inbox");
  state.set_state("in-progress");
  nobody.set_box("outbox");
  int rows = 0;
  const auto list = [&](const char* what, const std::string& who,
                        const v1::ListReferralsRequest& request, const Cost& beside) {
    const Cost ms = Median([&] { rows = node.List(who, request); });
    Row(what, ms, beside, rows);
  };
  list("inbox, first page", own, inbox, by_turn);
  list("worklist, first page", own, worklist, by_turn);
  list("inbox, one state", own, state, by_state);
  list("inbox of a hosted organisation", hosted, inbox, by_owner);
  list("a box without a row", own, nobody, by_turn);
  const Cost by_domain = bare(
      "SELECT id, state, next_by FROM referral WHERE domain='transportation-insecurity' AND ours=0 "
      "AND next_who=2 ORDER BY next_by, row LIMIT 100");
  v1::ListReferralsRequest domain, organisation, both, late;
  domain.set_domain("transportation-insecurity");
  organisation.set_organisation(node.Organisation(7));
  both.set_domain("transportation-insecurity");
  both.set_organisation(node.self());  // Nobody's: every row of the domain is passed over.
  late.set_overdue_only(true);
  late.set_domain("transportation-insecurity");
  list("inbox, one domain", own, domain, by_domain);
  list("inbox, one organisation", own, organisation, by_owner);
  list("a domain that nobody asked it for", own, both, by_domain);
  list("what is overdue of one domain", own, late, by_domain);
  // Every row of the index is looked at, and passed over.
  v1::ListReferralsRequest sieve;
  sieve.set_domain("food-insecurity");
  sieve.set_state("completed");
  list("a domain, in a state without a row", own, sieve, by_domain);
  const auto watch = [&](const char* what, const std::string& who, std::uint64_t after,
                         const Cost& beside) {
    const Cost ms = Median([&] { rows = node.Watch(who, after); });
    Row(what, ms, beside, rows);
  };
  const Cost kept = Median([&] { node.KeepEntry(own); });
  std::printf("one audit entry, kept durably      %8.2f ms (%6.2f of a processor)\n", kept.wall,
              kept.processor);
  watch("watch from the beginning", own, 0, by_change);
  watch("watch from now", own, static_cast<std::uint64_t>(last), by_change);
  watch("watch of a hosted organisation", hosted, 0, by_change);
  return 0;
}

}  // namespace
}  // namespace equinode::bench

int main(int argc, char** argv) {
  const long count = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 100'000;
  if (count < 1000) {
    std::fprintf(stderr, "bench_referral [referrals], at least 1000\n");
    return 64;
  }
  return equinode::bench::Main(static_cast<std::size_t>(count));
}
