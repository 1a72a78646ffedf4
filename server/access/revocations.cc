#include "server/access/revocations.h"

#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "storage/revocation_store.h"

namespace equinode {

namespace {

constexpr std::string_view kMissing = "NO_REVOCATION_LIST";

std::string StampOf(const std::filesystem::path& file) {
  struct stat info {};
  if (file.empty() || stat(file.c_str(), &info) != 0) return "";
  return std::to_string(info.st_size) + " " + std::to_string(info.st_mtim.tv_sec) + "." +
         std::to_string(info.st_mtim.tv_nsec) + " " + std::to_string(info.st_ino);
}

}  // namespace

Result<std::uint32_t> AddCrl(Tx& tx, const Crl& list, Instant now) {
  std::uint32_t added = 0;
  for (const std::string& serial : list.serials_hex) {
    EQN_TRY(const bool is_new, RevocationStore::Add(tx, {.kind = RevokedKind::kSerial,
                                                         .value = serial,
                                                         .issuer = list.issuer,
                                                         .reason = "CRL",
                                                         .at = now}));
    if (is_new) ++added;
  }
  return added;
}

CrlFile::CrlFile(std::filesystem::path file, Database& database, AuditLog& audit,
                 Enrolment& enrolment, const CurrentKeyRing& keys, const Clock& clock, Log& log)
    : file_(std::move(file)),
      database_(database),
      audit_(audit),
      enrolment_(enrolment),
      keys_(keys),
      clock_(clock),
      log_(log) {}

Status CrlFile::Begin() {
  if (file_.empty()) return Ok();
  EQN_CHECK(Look());
  return Ok();
}

Result<std::uint32_t> CrlFile::Step() {
  if (file_.empty()) return std::uint32_t{0};
  return Look();
}

std::string CrlFile::fault() const {
  const std::scoped_lock lock(mutex_);
  return fault_;
}

// Told when it begins, not at every look.
void CrlFile::SetFault(std::string reason) {
  {
    const std::scoped_lock lock(mutex_);
    if (fault_ == reason) return;
    fault_ = reason;
  }
  if (!reason.empty()) log_.Error("revocation_list_fault", {{Field::kReason, reason}});
}

Result<std::uint32_t> CrlFile::Look() {
  std::string stamp = StampOf(file_);
  if (stamp.empty()) {
    seen_.clear();
    const bool known = fault() == kMissing;
    SetFault(std::string(kMissing));
    if (known) return std::uint32_t{0};
    return Error{
        Code::kFailedPrecondition, std::string(kMissing),
        "the revocation list '" + file_.string() +
            "' is not there; put it there, or take 'revocations' out of the configuration"};
  }
  if (stamp == seen_) {
    if (fault().empty() && clock_.Now() >= next_update_) SetFault("CRL_EXPIRED");
    return std::uint32_t{0};
  }
  auto taken = Take();
  if (!taken.ok()) {
    SetFault(taken.error().reason);
    // The file's own fault will not pass by itself; the store's may.
    if (taken.error().code != Code::kUnavailable &&
        taken.error().code != Code::kResourceExhausted) {
      seen_ = std::move(stamp);
    }
    return taken;
  }
  seen_ = std::move(stamp);
  SetFault(clock_.Now() >= next_update_ ? "CRL_EXPIRED" : "");
  log_.Info("revocation_list_taken", {{Field::kCount, std::int64_t{*taken}}});
  return taken;
}

Result<std::uint32_t> CrlFile::Take() {
  std::ifstream in(file_, std::ios::binary);
  const std::string pem{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const Instant now = clock_.Now();
  EQN_TRY(const Crl list, ReadCrl(pem, keys_.Get()->trust, now));
  next_update_ = list.next_update;
  return database_.Write("take_crl", [&](Tx& tx) -> Result<std::uint32_t> {
    EQN_TRY(const std::uint32_t added, AddCrl(tx, list, now));
    if (added == 0) return added;
    EQN_CHECK(audit_.Append(tx, {.actor = "node",
                                 .action = "REVOCATION_LIST_TAKEN",
                                 .subject = std::to_string(added) + " certificates",
                                 .outcome = "OK"}));
    enrolment_.ReloadAfter(tx);
    return added;
  });
}

}  // namespace equinode
