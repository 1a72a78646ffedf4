#include "client/cli/session.h"

#include <algorithm>
#include <thread>

#include "base/id.h"
#include "client/cli/talk.h"

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

bool Session::ComeBack(const std::optional<Millis>& retry_after, Millis& patience) {
  constexpr Millis kLook{50};
  if (!retry_after || *retry_after > patience) return false;
  // Something always goes, so that a node which asks for no wait is not asked without end.
  Millis wait = std::max(*retry_after, kLook);
  patience -= std::min(patience, wait);
  for (; wait > Millis{0} && !Interrupted(); wait -= kLook) {
    std::this_thread::sleep_for(std::min(wait, kLook));
  }
  return patience > Millis{0} && !Interrupted();
}

std::string NewRequestId() {
  static SystemRandom random;
  return Uuid::MakeV7(SystemClock().Now(), random).ToString();
}

}  // namespace equinode::cli
