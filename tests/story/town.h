// A town of nodes in one process on one clock: real stores, real keys, real seals; only the wire is
// made here, and can do what wires do.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "server/audit/audit_log.h"
#include "server/exchange/engine.h"
#include "server/records/record_keeper.h"
#include "storage/sharing_store.h"
#include "tests/support/pki.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace equinode::testing {

inline const std::vector<RecordKind> kPeople = {RecordKind::kPerson};

// One node's core. Restart() closes everything and opens the same encrypted files again.
class Resident {
 public:
  Resident(const TestPki& pki, const TrustStore& trust, ManualClock& clock, std::string_view role,
           std::string_view organisation, ExchangeOptions options,
           std::function<void(std::function<void()>)> run_aside);

  const std::string& uri() const { return uri_; }
  ExchangeEngine& engine() { return *engine_; }
  Database& db() { return *db_; }
  Enrolment& enrolment() { return *enrolment_; }
  RecordKeeper& keeper() { return *keeper_; }
  AuditLog& audit() { return *audit_; }
  const CurrentKeyRing& keys() const { return keys_; }
  const Certificate& certificate() const { return certificate_; }
  std::filesystem::path folder() const { return folder_.path() / "data"; }
  std::filesystem::path anchor() const { return folder_.path() / "anchor"; }

  void Stop();
  void Start();
  void Restart() {
    Stop();
    Start();
  }
  // A copy of the data as a backup takes it, and putting it back.
  void Backup(const std::filesystem::path& to);
  void PutBack(const std::filesystem::path& from);

  void Enrol(const Resident& other, std::string address, std::string relay);
  // As an operator removes a peer.
  void Remove(const Resident& other);
  void Revoke(const Resident& other);
  // As an operator begins the links anew; the code, or why not.
  std::string BeginAnew(const Resident& other, std::string_view code = "");
  // Takes a new certificate and key into use; the old ones still open what was sealed to them.
  void Renew(const TestCert& next);
  void Share(const Resident& with, std::vector<RecordKind> kinds);
  // Takes in `count` records of its own, with a canary in each body.
  void TakeIn(std::size_t count);
  std::size_t made() const { return made_; }
  // Takes in one record of its own, or a new version of it.
  void Say(const std::string& id, const std::string& body);
  // What it holds of `other` under that id now; empty for nothing.
  std::string BodyOf(const Resident& other, std::string_view id);
  // Entries of the audit log with that action.
  std::size_t Audited(std::string_view action);

  // Rows of the record log that came from there, and how many different records they are.
  std::size_t RowsFrom(const Resident& other);
  std::size_t RecordsFrom(const Resident& other);
  ExchangeState State();
  std::vector<DeadLetter> DeadLetters();
  std::string AuditFaultReason() const;  // Empty when the log is good.

 private:
  friend class Town;
  const std::string uri_;
  CurrentKeyRing keys_;
  const Certificate certificate_;
  ManualClock& clock_;
  const ExchangeOptions options_;
  const std::function<void(std::function<void()>)> run_aside_;
  SeededRandom random_;
  Log log_;
  TempFolder folder_{};
  std::size_t made_ = 0;
  std::unique_ptr<Database> db_{};
  std::unique_ptr<AuditLog> audit_{};
  std::unique_ptr<Enrolment> enrolment_{};
  std::unique_ptr<RecordKeeper> keeper_{};
  std::unique_ptr<ExchangeEngine> engine_{};
};

// One stream of envelopes from a node to another: Deliver or Collect, the wire does not care.
struct Wire {
  Resident* from = nullptr;
  Resident* to = nullptr;
  std::shared_ptr<PushSession> push{};
  std::shared_ptr<TakeSession> take{};
  std::deque<std::string> there{};  // DeliverRequests on their way,
  std::deque<std::string> back{};   // DeliverResponses on theirs.

  void Open();
  // Whatever was on its way is lost.
  void Cut();
};

// What the wire does with a message. Nothing = carries it.
enum class Mishap { kNone, kLose, kTwice, kSwap, kAlter, kCut };

class Town {
 public:
  explicit Town(std::uint64_t seed = 1, ExchangeOptions options = QuickOptions());

  // Small batches and windows, so that a few records make many envelopes.
  static ExchangeOptions QuickOptions();

  Resident& Add(std::string_view role, std::string_view organisation);
  // `from` can hand envelopes to `to`.
  Wire& Connect(Resident& from, Resident& to);
  // A practice that dials out to a payer: Deliver and Collect.
  struct Direct {
    Resident& practice;
    Resident& payer;
    Wire& up;
    Wire& down;
  };
  Direct MakeDirect();
  struct Relayed {
    Resident& practice;
    Resident& relay;
    Resident& payer;
    Wire& up;      // practice > relay
    Wire& down;    // relay > practice
    Wire& onward;  // relay > payer
    Wire& reply;   // payer > relay
  };
  Relayed MakeRelayed();

  ManualClock& clock() { return clock_; }
  Instant now() const { return clock_.Now(); }
  SeededRandom& random() { return random_; }
  const TestPki& pki() const { return pki_; }

  // Steps every node, then carries one message on each wire, each way. False when nothing moved.
  bool Round();
  void Step();
  bool PushOnto(Wire& wire);
  bool CarryThere(Wire& wire, Mishap mishap = Mishap::kNone);
  bool CarryBack(Wire& wire, Mishap mishap = Mishap::kNone);
  // Until nothing waits anywhere, moving the clock when nothing else moves. False when that never
  // comes.
  bool Settle(int rounds = 4000);
  bool Quiet();
  // Where every link stands, for a failure's message.
  std::string Describe();
  // Messages that were carried, both ways.
  std::uint64_t carried() const { return carried_; }
  // Called before each message; the mishap that it meets.
  std::function<Mishap(Wire&, bool there)> weather{};
  // For nodes added from then on.
  std::function<void(std::function<void()>)> run_aside{};
  std::vector<std::string> seen{};  // Every DeliverRequest that was ever on a wire.
  bool remember = false;

  // Each record of `from` came to `to` once, the chains agree, every audit log is good.
  void ExpectSound(Resident& from, Resident& to);

 private:
  TestPki pki_{};
  ManualClock clock_;
  SeededRandom random_;
  const ExchangeOptions options_;
  std::deque<std::unique_ptr<Resident>> residents_{};
  std::deque<std::unique_ptr<Wire>> wires_{};
  std::uint64_t carried_ = 0;
};

inline constexpr std::string_view kCanary = "CANARY-7f3a-Maria-Lopez";

}  // namespace equinode::testing
