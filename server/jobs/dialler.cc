#include "server/jobs/dialler.h"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include "client/convert/envelope.h"
#include "server/keys/key_files.h"

namespace equinode {

namespace {

constexpr std::string_view kDeliver = "/equinode.v1.ExchangeService/Deliver";
constexpr std::string_view kCollect = "/equinode.v1.ExchangeService/Collect";
constexpr Millis kTick = std::chrono::milliseconds{250};

// A stream with the channel that it needs.
class HeldStream final : public MessageStream {
 public:
  HeldStream(std::unique_ptr<Channel> channel, std::unique_ptr<MessageStream> stream)
      : channel_(std::move(channel)), stream_(std::move(stream)) {}
  Status Write(std::string message) override { return stream_->Write(std::move(message)); }
  Result<std::optional<std::string>> Read(Millis wait) override { return stream_->Read(wait); }
  bool ended() const override { return stream_->ended(); }
  void HalfClose() override { stream_->HalfClose(); }
  Status Finish() override { return stream_->Finish(); }
  void Cancel() override { stream_->Cancel(); }
  std::optional<Millis> RetryAfter() const override { return stream_->RetryAfter(); }

 private:
  std::unique_ptr<Channel> channel_;  // Outlives the stream.
  std::unique_ptr<MessageStream> stream_;
};

// One thread's turn to say something, and the others' ways to tell it.
class Turn {
 public:
  void Call() {
    const std::lock_guard lock(mutex_);
    called_ = true;
    wake_.notify_all();
  }
  void Wait(Millis wait) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, wait, [this] { return called_; });
    called_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool called_ = false;  // Guarded by mutex_.
};

}  // namespace

// Both streams to one peer, a thread each; each has a second one that reads while it lasts.
class Dialler::Link {
 public:
  Link(Dialler& dialler, std::string uri, std::string address)
      : dialler_(dialler), endpoint_{std::move(address), std::move(uri)} {
    deliver_ = std::thread([this] { Keep(kDeliver, deliver_turn_); });
    collect_ = std::thread([this] { Keep(kCollect, collect_turn_); });
  }
  ~Link() {
    Ask();
    deliver_.join();
    collect_.join();
  }
  // Stop, without waiting for it.
  void Ask() {
    stopping_ = true;
    deliver_turn_->Call();
    collect_turn_->Call();
  }
  const std::string& address() const { return endpoint_.address; }

 private:
  // Opens the stream again and again.
  void Keep(std::string_view method, const std::shared_ptr<Turn>& turn) {
    Millis wait = dialler_.options_.first_wait;
    std::string said;
    while (!stopping_) {
      bool answered = false;
      Status ended = Ok();
      auto stream = dialler_.opener_(endpoint_, method);
      if (!stream.ok()) {
        ended = stream.error();
      } else {
        ended = method == kDeliver ? Deliver(**stream, turn, &answered)
                                   : Collect(**stream, turn, &answered);
      }
      if (stopping_) return;
      const std::string why = ended.ok() ? "ENDED" : ended.error().reason;
      if (answered) wait = dialler_.options_.first_wait;
      if (answered || why != said) {
        dialler_.log_.Info("stream_ended", {{Field::kPeer, endpoint_.expected_uri},
                                            {Field::kMethod, method},
                                            {Field::kReason, why}});
      }
      said = why;
      // Half of it by chance, so that nodes that lost the same peer do not come back as one.
      const auto half = static_cast<std::uint64_t>(wait.count() / 2 + 1);
      const Millis pause{static_cast<std::int64_t>(half + dialler_.random_.Below(half))};
      const auto asked = stream.ok() ? (*stream)->RetryAfter() : std::nullopt;
      Pause(std::max(pause, asked.value_or(Millis{0})), *turn);
      wait = std::min(wait * 2, dialler_.options_.longest_wait);
    }
  }

  void Pause(Millis pause, Turn& turn) {
    const auto until = std::chrono::steady_clock::now() + pause;
    while (!stopping_ && std::chrono::steady_clock::now() < until) {
      turn.Wait(std::min(pause, kTick));
    }
  }

  bool GoesOn(const std::shared_ptr<const KeyRing>& ring, const std::atomic<bool>& over) const {
    return !stopping_ && !over && dialler_.keys_.Get() == ring;
  }

  // Of the reading thread: frees a Write that waits for a peer that takes nothing any more.
  class Watch {
   public:
    Watch(const Link& link, MessageStream& stream) : link_(link), stream_(stream) {}
    void Look(bool silent) {
      const auto now = std::chrono::steady_clock::now();
      if (!link_.stopping_) asked_ = now;
      if (silent || now - asked_ > link_.dialler_.options_.good_order) stream_.Cancel();
    }

   private:
    const Link& link_;
    MessageStream& stream_;
    std::chrono::steady_clock::time_point asked_ = std::chrono::steady_clock::now();
  };

  // Lets the other side finish, but not for ever.
  Status End(MessageStream& stream, std::thread& reader, const std::atomic<bool>& over,
             bool in_good_order) const {
    if (in_good_order) {
      stream.HalfClose();
      const auto until = std::chrono::steady_clock::now() + dialler_.options_.good_order;
      while (!over && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
      }
    }
    if (!stream.ended()) stream.Cancel();
    reader.join();
    return stream.Finish();
  }

  Status Deliver(MessageStream& stream, const std::shared_ptr<Turn>& turn, bool* answered) {
    const std::shared_ptr<const KeyRing> ring = dialler_.keys_.Get();
    const auto push = dialler_.engine_.OpenPush(endpoint_.expected_uri, [turn] { turn->Call(); });
    std::atomic<bool> over{false};
    std::atomic<bool> heard{false};
    std::thread reader([&] {
      Watch watch(*this, stream);
      while (!over) {
        const auto message = stream.Read(kTick);
        watch.Look(push->Silent(dialler_.clock_.Now(), dialler_.options_.silence));
        if (!message.ok() || (!*message && stream.ended())) break;
        if (!*message) continue;
        const auto answer = AnswerFromDeliverResponse(**message);
        if (!answer.ok() || !push->Answered(*answer, dialler_.clock_.Now()).ok()) break;
        heard = true;
        turn->Call();
      }
      over = true;
      turn->Call();
    });
    bool good = true;
    while (GoesOn(ring, over)) {
      const Instant now = dialler_.clock_.Now();
      const auto next = push->Next(now);
      if (!next.ok()) {
        good = false;
        break;
      }
      if (!*next) {
        turn->Wait(kTick);
        continue;
      }
      if (!stream.Write(DeliverRequestFrom((*next)->header, (*next)->sealed)).ok()) break;
    }
    Status ended = End(stream, reader, over, good);
    *answered = heard;
    return ended;
  }

  Status Collect(MessageStream& stream, const std::shared_ptr<Turn>& turn, bool* answered) {
    const std::shared_ptr<const KeyRing> ring = dialler_.keys_.Get();
    const auto take = dialler_.engine_.OpenTake(endpoint_.expected_uri, [turn] { turn->Call(); });
    std::atomic<bool> over{false};
    std::atomic<bool> heard{false};
    std::thread reader([&] {
      Watch watch(*this, stream);
      while (!over) {
        const auto message = stream.Read(kTick);
        watch.Look(false);
        if (!message.ok() || (!*message && stream.ended())) break;
        if (!*message) continue;
        auto envelopes = EnvelopesFromCollectResponse(**message);
        if (!envelopes.ok()) break;
        heard = true;
        for (WireEnvelope& each : *envelopes) take->Offer(std::move(each));
      }
      over = true;
      turn->Call();
    });
    bool open = stream.Write(CollectRequestFrom({true, {}})).ok();
    while (open && GoesOn(ring, over)) {
      const exchange::Answer answer = take->TakeAnswers();
      if (answer.empty()) {
        turn->Wait(kTick);
        continue;
      }
      open = stream.Write(CollectRequestFrom({false, answer})).ok();
    }
    Status ended = End(stream, reader, over, open);
    take->Close();
    *answered = heard;
    return ended;
  }

  Dialler& dialler_;
  const Endpoint endpoint_;
  std::atomic<bool> stopping_{false};
  const std::shared_ptr<Turn> deliver_turn_ = std::make_shared<Turn>();
  const std::shared_ptr<Turn> collect_turn_ = std::make_shared<Turn>();
  std::thread deliver_{};
  std::thread collect_{};
};

StreamOpener OpenerOver(const CurrentKeyRing& keys) {
  return [&keys](const Endpoint& endpoint,
                 std::string_view method) -> Result<std::unique_ptr<MessageStream>> {
    EQN_TRY(auto channel, Channel::Open(DialWith(*keys.Get()), endpoint));
    EQN_TRY(auto stream, channel->OpenStream(method));
    return std::unique_ptr<MessageStream>(
        std::make_unique<HeldStream>(std::move(channel), std::move(stream)));
  };
}

Dialler::Dialler(ExchangeEngine& engine, const Enrolment& enrolment, const CurrentKeyRing& keys,
                 const Clock& clock, Random& random, Log& log, StreamOpener opener,
                 DiallerOptions options)
    : engine_(engine),
      enrolment_(enrolment),
      keys_(keys),
      clock_(clock),
      random_(random),
      log_(log),
      opener_(opener ? std::move(opener) : OpenerOver(keys)),
      options_(options) {}

Dialler::~Dialler() { Stop(); }

void Dialler::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Dialler::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Dialler::Look() {
  const std::lock_guard lock(mutex_);
  look_ = true;
  wake_.notify_one();
}

void Dialler::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    look_ = false;
    lock.unlock();
    Match();
    lock.lock();
    wake_.wait_for(lock, options_.look_every, [this] { return stopping_ || look_; });
  }
  lock.unlock();
  for (const auto& [uri, link] : links_) link->Ask();
  links_.clear();
}

// One link for each peer that can be dialled, at the address of now.
void Dialler::Match() {
  const std::vector<EnrolledPeer> peers = enrolment_.Peers();
  std::map<std::string, std::string> wanted;
  for (const EnrolledPeer& peer : peers) {
    if (!peer.address.empty()) wanted[peer.identity.uri] = peer.address;
  }
  for (auto at = links_.begin(); at != links_.end();) {
    const auto want = wanted.find(at->first);
    const bool stays = want != wanted.end() && want->second == at->second->address();
    at = stays ? std::next(at) : links_.erase(at);
  }
  for (const auto& [uri, address] : wanted) {
    if (links_.count(uri) > 0) continue;
    links_.emplace(uri, std::make_shared<Link>(*this, uri, address));
  }
}

}  // namespace equinode
