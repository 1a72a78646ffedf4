#include "server/services/record/import_session.h"

#include <utility>

#include "server/services/record/import_frame.h"

namespace equinode {

ImportSession::ImportSession(std::shared_ptr<const RecordDeps> deps, Call call,
                             std::shared_ptr<OpenStream> stream)
    : deps_(std::move(deps)), call_(std::move(call)), state_(std::make_shared<State>()) {
  state_->stream = std::move(stream);
}

Status ImportSession::OnMessage(std::string message) {
  EQN_TRY(ImportFrame read, ImportFrame::Read(message, frames_ + 1, deps_->keeper));
  ++frames_;
  {
    std::unique_lock lock(state_->mutex);
    state_->room.wait(lock, [&] { return state_->under_way < kUnderWay || state_->error; });
    if (state_->error) return *state_->error;
    ++state_->under_way;
  }
  const auto frame = std::make_shared<ImportFrame>(std::move(read));
  deps_->database.Submit(
      "import_frame",
      [state = state_, frame, call = call_, deps = deps_](Tx& tx) -> Status {
        if (state->failed) {
          return Error{Code::kAborted, "FRAME_BEFORE_FAILED",
                       "a frame before this one could not be kept"};
        }
        tx.OnUndo([state] { state->failed = true; });
        return frame->Apply(tx, deps->keeper, deps->audit, call, deps->clock.Now());
      },
      [state = state_, frame](const Status& done) { state->Done(done, frame->Answer()); });
  return Ok();
}

Status ImportSession::OnHalfClose() {
  const std::lock_guard lock(state_->mutex);
  state_->half_closed = true;
  if (state_->error) return *state_->error;
  if (state_->under_way == 0) state_->stream->Finish(Ok());
  return Ok();
}

// On the writer thread, in the order of the frames: nothing here waits.
void ImportSession::State::Done(const Status& done, std::string answer) {
  const std::lock_guard lock(mutex);
  --under_way;
  if (!done.ok() && !error) {
    error = done.error();
    stream->Finish(*error);
  }
  if (!error) {
    stream->Send(std::move(answer));
    if (half_closed && under_way == 0) stream->Finish(Ok());
  }
  room.notify_one();
}

}  // namespace equinode
