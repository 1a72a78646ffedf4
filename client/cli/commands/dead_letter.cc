// equinode dead-letter list|retry|discard.
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "equinode/v1/admin_service.pb.h"

namespace equinode::cli {
namespace {

Result<int> RunDeadLetterList(const Shared& shared, const NoOptions&) {
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet({"id", "peer", "direction", "lane", "number", "kind", "reason", "at", "resolved"});
  EQN_CHECK(ForEachPage<v1::ListDeadLettersResponse>(
      session, "AdminService/ListDeadLetters", v1::ListDeadLettersRequest{},
      [&](const v1::ListDeadLettersResponse& page) {
        for (const v1::DeadLetter& letter : page.letters()) {
          sheet.Add({letter.id(), letter.peer(), letter.outgoing() ? "out" : "in",
                     LaneWord(letter.lane()), letter.link_seq(), PayloadWord(letter.kind()),
                     letter.reason(), TimeText(letter.at(), letter.has_at()), letter.resolved()});
        }
        return true;
      }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

struct DeadLetterOptions {
  std::string id{};
};

Result<int> Resolve(const Shared& shared, const DeadLetterOptions& options, bool retry) {
  v1::ResolveDeadLetterRequest request;
  request.set_id(options.id);
  request.set_retry(retry);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_CHECK(session.Call<v1::ResolveDeadLetterResponse>("AdminService/ResolveDeadLetter", request));
  Say(retry ? "it is sent again under a new number" : "it is let go");
  return kExitOk;
}

void DeclareId(Command command, DeadLetterOptions& options) {
  command.AddOption("id", options.id, "as dead-letter list shows it").Required().TypeName("UUID");
}

}  // namespace

void AddDeadLetter(Program program) {
  Command group = AddGroup(program, "dead-letter", "envelopes that could not be used");
  AddCommand<NoOptions>(program, group, "list", "all of them", Nothing, RunDeadLetterList);
  AddCommand<DeadLetterOptions>(program, group, "retry", "send the payload again", DeclareId,
                                [](const Shared& shared, const DeadLetterOptions& options) {
                                  return Resolve(shared, options, true);
                                });
  AddCommand<DeadLetterOptions>(program, group, "discard", "let it go for good", DeclareId,
                                [](const Shared& shared, const DeadLetterOptions& options) {
                                  return Resolve(shared, options, false);
                                });
}

}  // namespace equinode::cli
