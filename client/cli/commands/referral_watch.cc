// equinode referral watch.
#include <algorithm>
#include <thread>

#include "client/cli/exit_code.h"
#include "client/cli/referral_commands.h"
#include "client/cli/referral_text.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::cli {
namespace {

constexpr Millis kLook = std::chrono::milliseconds{500};  // Between looks at Ctrl-C.
constexpr Millis kLongestStream = std::chrono::hours{1};
constexpr Millis kFirstPause = std::chrono::milliseconds{500};
constexpr Millis kLongestPause = std::chrono::seconds{30};

struct WatchOptions {
  std::uint64_t after = 0;
  bool once = false;
};

// Where the watch is; survives the streams that it goes over.
struct Place {
  std::uint64_t cursor = 0;
  bool caught_up = false;
  bool heard = false;   // The node has let us watch.
  bool headed = false;  // CSV: the header is printed.
};

// A line a change, printed as it comes.
Status PrintChange(Format format, const v1::Referral& each, Place& place) {
  if (format == Format::kJson) return Print(ReferralJson(each).dump() + "\n");
  Sheet sheet = ReferralSheet();
  AddTo(sheet, each);
  std::string text = sheet.Text(format);
  if (std::exchange(place.headed, true)) text.erase(0, text.find('\n') + 1);
  return Print(text);
}

// One stream until it ends. OK when there is nothing more to do: Ctrl-C, or caught up with --once.
Status WatchOnce(Session& session, const Shared& shared, const WatchOptions& options,
                 Place& place) {
  EQN_TRY(const auto stream, session.channel().OpenStream(
                                 Session::Path("ReferralService/WatchReferrals"), kLongestStream));
  v1::WatchReferralsRequest request;
  request.set_after(place.cursor);
  if (!stream->Write(request.SerializeAsString()).ok()) return stream->Finish();
  stream->HalfClose();
  while (!Interrupted()) {
    auto read = stream->Read(kLook);
    if (!read.ok()) return std::move(read).error();
    if (!read->has_value()) {
      if (!stream->ended()) continue;
      EQN_CHECK(stream->Finish());
      return Error{Code::kUnavailable, "STREAM_BROKEN", "the node has ended the stream"};
    }
    v1::WatchReferralsResponse response;
    if (!response.ParseFromString(**read)) {
      return Error{Code::kInternal, "BAD_ANSWER", "the node's answer cannot be read"};
    }
    for (const v1::Referral& each : response.referrals()) {
      EQN_CHECK(PrintChange(shared.format, each, place));
    }
    place.heard = true;
    place.cursor = response.cursor();
    place.caught_up = response.caught_up();
    if (options.once && place.caught_up) break;
  }
  stream->Cancel();
  return Ok();
}

// A node that goes away, restarts or ends a stream for its age is come back to. After a break it
// may count the old stream for a while: who was let in before waits for that too.
bool ComeBack(const Error& error, const Place& place) {
  return error.code == Code::kUnavailable ||
         (place.heard && error.code == Code::kResourceExhausted);
}

Result<int> RunWatch(const Shared& shared, const WatchOptions& options) {
  Place place;
  place.cursor = options.after;
  Millis pause = kFirstPause;
  Status ended = Ok();
  for (;;) {
    EQN_TRY(Session session, Session::Open(shared.node));
    const std::uint64_t before = place.cursor;
    ended = WatchOnce(session, shared, options, place);
    if (ended.ok() || !ComeBack(ended.error(), place) || Interrupted()) break;
    if (place.cursor != before) pause = kFirstPause;
    Say("the stream has ended (" + ended.error().reason + "); on from " +
        std::to_string(place.cursor));
    for (Millis waited{0}; waited < pause && !Interrupted(); waited += kLook / 5) {
      std::this_thread::sleep_for(kLook / 5);
    }
    if (Interrupted()) break;
    pause = std::min(pause * 2, kLongestPause);
  }
  if (!ended.ok() && !Interrupted()) return std::move(ended).error();
  Say("go on with: equinode referral watch --after " + std::to_string(place.cursor));
  return kExitOk;
}

}  // namespace

void AddReferralWatch(Program program, Command referral) {
  AddCommand<WatchOptions>(
      program, referral, "watch", "every change as it happens, until Ctrl-C",
      [](Command command, WatchOptions& options) {
        command.AddOption("--after", options.after, "a cursor; 0 = from the first").TypeName("N");
        command.AddFlag("--once", options.once, "end when everything so far was shown");
      },
      RunWatch);
}

}  // namespace equinode::cli
