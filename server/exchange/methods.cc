#include "server/exchange/methods.h"

#include <memory>
#include <string>
#include <utility>

#include "client/convert/envelope.h"

namespace equinode {

namespace {

constexpr std::size_t kAnswerBytes = 256 * 1024;

// The caller delivers; we take.
class DeliverSession final : public StreamSession {
 public:
  DeliverSession(ExchangeEngine& engine, const std::string& caller,
                 std::shared_ptr<OpenStream> stream)
      : stream_(std::move(stream)),
        take_(engine.OpenTake(caller, [stream = stream_] { stream->Wake(); })) {}
  ~DeliverSession() override { take_->Close(); }

  Status OnMessage(std::string message) override {
    EQN_TRY(WireEnvelope envelope, EnvelopeFromDeliverRequest(message));
    take_->Offer(std::move(envelope));
    return OnWake();
  }
  Status OnHalfClose() override {
    half_closed_ = true;
    return OnWake();
  }
  Status OnWake() override {
    const exchange::Answer answer = take_->TakeAnswers();
    if (!answer.empty()) stream_->Send(DeliverResponseFrom(answer));
    if (half_closed_ && take_->Quiet()) stream_->Finish(Ok());
    return Ok();
  }

 private:
  const std::shared_ptr<OpenStream> stream_;
  const std::shared_ptr<TakeSession> take_;
  bool half_closed_ = false;
};

// The caller collects; we push.
class CollectSession final : public StreamSession {
 public:
  CollectSession(ExchangeEngine& engine, const Clock& clock, std::string caller,
                 std::shared_ptr<OpenStream> stream)
      : engine_(engine), clock_(clock), caller_(std::move(caller)), stream_(std::move(stream)) {}

  Status OnMessage(std::string message) override {
    EQN_TRY(const CollectMessage said, MessageFromCollectRequest(message));
    if (said.hello == (push_ != nullptr)) {
      return Error{Code::kFailedPrecondition, "HELLO_ONCE", "a collection begins with hello, once"};
    }
    if (said.hello) {
      push_ = engine_.OpenPush(caller_, [stream = stream_] { stream->Wake(); });
    }
    EQN_CHECK(push_->Answered(said.answer, clock_.Now()));
    return OnWake();
  }
  Status OnHalfClose() override {
    push_.reset();
    stream_->Finish(Ok());
    return Ok();
  }
  Status OnWake() override {
    while (push_ != nullptr && stream_->waiting_bytes() < OpenStream::kHoldBack) {
      EQN_TRY(const auto next, push_->Next(clock_.Now()));
      if (!next) break;
      stream_->Send(CollectResponseFrom(next->header, next->sealed));
    }
    return Ok();
  }

 private:
  ExchangeEngine& engine_;
  const Clock& clock_;
  const std::string caller_;
  const std::shared_ptr<OpenStream> stream_;
  std::shared_ptr<PushSession> push_{};
};

}  // namespace

std::vector<Method> ExchangeMethods(ExchangeEngine& engine, const Clock& clock) {
  Method deliver;
  deliver.path = "/equinode.v1.ExchangeService/Deliver";
  deliver.max_request_bytes = exchange::kMaxEnvelopeBytes + 1024;
  deliver.stream =
      [&engine](Call& call,
                std::shared_ptr<OpenStream> stream) -> Result<std::unique_ptr<StreamSession>> {
    call.audit.subject = "envelopes";
    return std::unique_ptr<StreamSession>(
        std::make_unique<DeliverSession>(engine, call.caller.identity.uri, std::move(stream)));
  };
  Method collect;
  collect.path = "/equinode.v1.ExchangeService/Collect";
  collect.max_request_bytes = kAnswerBytes;
  collect.stream = [&engine, &clock](Call& call, std::shared_ptr<OpenStream> stream)
      -> Result<std::unique_ptr<StreamSession>> {
    call.audit.subject = "envelopes";
    return std::unique_ptr<StreamSession>(std::make_unique<CollectSession>(
        engine, clock, call.caller.identity.uri, std::move(stream)));
  };
  std::vector<Method> methods;
  methods.push_back(std::move(deliver));
  methods.push_back(std::move(collect));
  return methods;
}

}  // namespace equinode
