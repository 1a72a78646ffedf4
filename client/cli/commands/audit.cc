// equinode audit list.
#include <algorithm>
#include <deque>

#include "base/bytes.h"
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "equinode/v1/admin_service.pb.h"

namespace equinode::cli {
namespace {

struct AuditOptions {
  bool disclosures = false;
  std::uint64_t most = 1000;
};

Result<int> RunAuditList(const Shared& shared, const AuditOptions& options) {
  EQN_TRY(Session session, Session::Open(shared.node));
  v1::ListAuditEntriesRequest request;
  request.set_page_size(1);
  EQN_TRY(const auto newest,
          session.Call<v1::ListAuditEntriesResponse>("AdminService/ListAuditEntries", request));
  v1::AuditHead head = newest.head();
  request.set_page_size(0);
  request.set_disclosures_only(options.disclosures);
  // Disclosures lie anywhere: all are looked through, and the newest kept.
  if (!options.disclosures) request.set_after(head.count() - std::min(head.count(), options.most));
  std::deque<v1::AuditEntry> entries;
  EQN_CHECK(ForEachPage<v1::ListAuditEntriesResponse>(
      session, "AdminService/ListAuditEntries", request,
      [&](const v1::ListAuditEntriesResponse& page) {
        for (const v1::AuditEntry& entry : page.entries()) {
          if (entries.size() == options.most) entries.pop_front();
          entries.push_back(entry);
        }
        head = page.head();
        return true;
      }));
  Sheet sheet({"number", "at", "actor", "from", "action", "subject", "purpose", "outcome",
               "disclosure", "touched"});
  for (const v1::AuditEntry& entry : entries) {
    sheet.Add({entry.number(), TimeText(entry.at(), entry.has_at()), entry.actor(), entry.from(),
               entry.action(), entry.subject(), entry.purpose(), entry.outcome(),
               entry.disclosure(), entry.touched()});
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  Say("head: " + CountText(head.count()) + " entries, " + ToHex(AsBytes(head.hash())));
  return kExitOk;
}

}  // namespace

void AddAudit(Program program) {
  Command audit = AddGroup(program, "audit", "who did what on this node");
  AddCommand<AuditOptions>(
      program, audit, "list", "entries, the newest last",
      [](Command command, AuditOptions& options) {
        command.AddFlag("--disclosures", options.disclosures, "only what left the node");
        command.AddOption("--most", options.most, "the newest so many")
            .Between(1, 10'000'000)
            .TypeName("N");
      },
      RunAuditList);
}

}  // namespace equinode::cli
