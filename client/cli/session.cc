#include "client/cli/session.h"

#include "base/id.h"

namespace equinode::cli {

Result<Session> Session::Open(const NodeOptions& options) {
  EQN_TRY(const Context context, ResolveContext(options));
  EQN_TRY(const Identified identified, ReadIdentity(context));
  Session session;
  session.node_uri_ = identified.node_uri;
  session.own_uri_ = identified.own_uri;
  EQN_TRY(session.channel_,
          Channel::Open(identified.credentials, Endpoint{context.node, identified.node_uri}));
  return session;
}

std::string NewRequestId() {
  static SystemRandom random;
  return Uuid::MakeV7(SystemClock().Now(), random).ToString();
}

}  // namespace equinode::cli
