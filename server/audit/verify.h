// Checking a node's audit log without the node: `equinoded audit verify` (THREATS TL01, TL07).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "domain/audit/chain.h"

namespace equinode {

struct AuditReport {
  AuditHead head{};                   // How far the log is good.
  std::optional<AuditHead> anchor{};  // Nothing when there is no such file.
  std::optional<AuditFault> fault{};  // The first bad entry; also DATABASE_DAMAGED, from it on.
  std::uint64_t heads_compared = 0;   // The anchor's and those handed in.
  bool good() const { return !fault && anchor.has_value(); }
};

// Copies the database of `folder` into a private temporary folder, reads the whole log there and
// compares it with the anchor and with `peers`, heads of this log that peers hold. Nothing in
// `folder` is written, and the node may be stopped or on another machine.
// FAILED_PRECONDITION / NO_DATABASE, STORE_IN_USE when it changes while it is copied, and the
// errors of Connection::Open and AnchorFile::Read. The copy is encrypted as the original is, and
// is removed.
Result<AuditReport> VerifyAudit(const std::filesystem::path& folder, const Secret& key,
                                const std::filesystem::path& anchor,
                                std::vector<KnownHead> peers = {});

// A few lines for people, ending in a newline.
std::string Describe(const AuditReport& report);

}  // namespace equinode
