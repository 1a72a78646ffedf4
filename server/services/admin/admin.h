// AdminService: running a node. Handlers of every method, for operators of the node's organisation.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "equinode/v1/admin_service.pb.h"
#include "server/access/enrolment.h"
#include "server/audit/audit_log.h"
#include "server/keys/key_ring.h"
#include "server/rpc/method.h"
#include "server/services/requests.h"
#include "storage/sqlite/database.h"

namespace equinode {

// All that is referred to must outlive the methods. Functions may be null: then the part of the
// node behind them is not there, and what needs it is UNIMPLEMENTED / NOT_OFFERED (or left empty).
struct AdminDeps {
  Database& database;
  AuditLog& audit;
  Enrolment& enrolment;
  const CurrentKeyRing& keys;
  RequestMemory requests{};

  // Everything of GetStatusResponse but node, audit_head and certificate_expires.
  std::function<Result<v1::GetStatusResponse>()> status{};
  // The last row of the record log, for a sharing rule that is made now.
  std::function<Result<std::int64_t>(ReadTx&)> last_record_row{};
  // Dead letters are the exchange's. `token` is what the page before gave, or empty.
  std::function<Result<v1::ListDeadLettersResponse>(ReadTx&, std::size_t page,
                                                    const std::string& token)>
      list_dead_letters{};
  // Inside the transaction with its audit entry. NOT_FOUND / NO_SUCH_DEAD_LETTER.
  std::function<Status(Tx&, const Uuid& id, bool retry, Instant now)> resolve_dead_letter{};
  // In the transaction that makes a new enrolment, after it.
  std::function<Status(Tx&, const std::string& uri)> peer_added{};
  // In the transaction that withdraws an enrolment, after it.
  std::function<Status(Tx&, const std::string& uri)> peer_removed{};
  std::function<Result<v1::BeginLinksAnewResponse>(Tx&, const std::string& uri,
                                                   const std::string& code, Instant now)>
      begin_links_anew{};
};

// Errors of the handlers, beside those of the store:
//   AddPeer: INVALID_ARGUMENT / BAD_CERTIFICATE, CERTIFICATE_NAME, CERTIFICATE_UNTRUSTED and the
//     others of TrustStore::Verify, NOT_A_PEER, BAD_ADDRESS, BAD_ROUTE, BAD_RELAY;
//     FAILED_PRECONDITION / REVOKED, NO_SUCH_RELAY; ALREADY_EXISTS / CERTIFICATE_OF_ANOTHER_PEER
//   RemovePeer, AcceptCertificate, SetSharing: NOT_FOUND / NO_SUCH_PEER, NO_SUCH_CERTIFICATE;
//     FAILED_PRECONDITION / REVOKED
//   BeginLinksAnew: NOT_FOUND / NO_SUCH_PEER, INVALID_ARGUMENT / BAD_LINK_CODE,
//     FAILED_PRECONDITION / OLD_LINK_CODE
//   Revoke: INVALID_ARGUMENT / BAD_REVOCATION, FAILED_PRECONDITION / OWN_CERTIFICATE, and ReadCrl's
//   SetSharing: INVALID_ARGUMENT / BAD_SHARING
//   lists: INVALID_ARGUMENT / BAD_PAGE_SIZE, BAD_PAGE_TOKEN; writes: BAD_REQUEST_ID
std::vector<Method> AdminMethods(AdminDeps deps);

}  // namespace equinode
