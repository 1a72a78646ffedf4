// Referrals as they change, over an open stream.
#include <memory>
#include <utility>

#include "server/services/referral/handlers.h"

namespace equinode::referral_service {

namespace {

constexpr std::size_t kPage = 100;
constexpr int kPagesPerTurn = 8;

// The place is the node's change counter: one writer gives it, in the order of commits, so whoever
// asks for what came after a number misses nothing and gets nothing twice.
class WatchSession final : public StreamSession {
 public:
  WatchSession(std::shared_ptr<const Deps> deps, Call call, std::shared_ptr<OpenStream> stream)
      : deps_(std::move(deps)),
        call_(std::move(call)),
        stream_(std::move(stream)),
        scope_(ScopeOf(*deps_, call_)) {}
  ~WatchSession() override { deps_->watchers.Remove(stream_.get()); }

  Status OnMessage(std::string message) override {
    v1::WatchReferralsRequest request;
    if (!request.ParseFromString(message)) {
      return Bad("BAD_REQUEST", "the request cannot be read");
    }
    if (started_) return Bad("BAD_REQUEST", "a watch has one request");
    started_ = true;
    EQN_TRY(const std::int64_t last,
            deps_->database.Read([](ReadTx& tx) { return ReferralStore::LastChange(tx); }));
    EQN_TRY(cursor_, CursorFrom(request.after(), last));
    // Before the first look: what is committed after it wakes us.
    EQN_CHECK(deps_->watchers.Add(stream_));
    return Push();
  }
  // The one request is sent; the caller listens.
  Status OnHalfClose() override {
    if (started_) return Ok();
    return Bad("BAD_REQUEST", "a watch begins with its request");
  }
  Status OnWake() override { return started_ ? Push() : Ok(); }

 private:
  struct Page {
    v1::WatchReferralsResponse response{};
    std::int64_t cursor = 0;
    bool whole = false;  // The end was reached.
  };

  Result<Page> Read(TouchedIds& touched) const {
    const Instant now = deps_->clock.Now();
    return deps_->database.Read([&](ReadTx& tx) -> Result<Page> {
      EQN_TRY(std::vector<StoredReferral> rows,
              ReferralStore::ChangedAfter(tx, scope_, cursor_, kPage));
      EQN_TRY(const std::int64_t last, ReferralStore::LastChange(tx));
      Page page;
      page.whole = rows.size() < kPage;
      page.cursor = page.whole ? std::max(cursor_, last) : rows.back().changed;
      for (StoredReferral& each : rows) {
        v1::Referral* out = page.response.add_referrals();
        EQN_TRY(const bool in_scope, Show(tx, std::move(each), scope_, now, out));
        if (in_scope) {
          touched.Add(out->id());
        } else {
          page.response.mutable_referrals()->RemoveLast();
        }
      }
      page.response.set_cursor(static_cast<std::uint64_t>(page.cursor));
      page.response.set_caught_up(page.whole);
      return page;
    });
  }

  Status Push() {
    for (int turn = 0; turn < kPagesPerTurn; ++turn) {
      // The stream wakes us when the caller has read.
      if (stream_->waiting_bytes() >= OpenStream::kHoldBack) return Ok();
      TouchedIds touched;
      EQN_TRY(Page page, Read(touched));
      cursor_ = page.cursor;
      if (!touched.empty()) {
        // Durable before the first byte of it leaves.
        AuditEntry entry = EntryFor(call_);
        entry.subject = "referrals";
        entry.purpose = "referral";
        entry.disclosure = true;
        EQN_CHECK(deps_->audit.Append(std::move(entry), touched));
      }
      if (!touched.empty() || (page.whole && !caught_up_)) {
        stream_->Send(page.response.SerializeAsString());
      }
      caught_up_ = caught_up_ || page.whole;
      if (page.whole) return Ok();
    }
    stream_->Wake();
    return Ok();
  }

  const std::shared_ptr<const Deps> deps_;
  const Call call_;
  const std::shared_ptr<OpenStream> stream_;
  const std::string scope_;
  std::int64_t cursor_ = 0;
  bool started_ = false;
  bool caught_up_ = false;
};

}  // namespace

void AddWatchMethod(const std::shared_ptr<const Deps>& deps, std::vector<Method>& methods) {
  Method method;
  method.path = "/equinode.v1.ReferralService/WatchReferrals";
  method.max_request_bytes = 1024;
  method.stream =
      [deps](Call& call,
             std::shared_ptr<OpenStream> stream) -> Result<std::unique_ptr<StreamSession>> {
    Touch(call, "referrals", "");
    return std::unique_ptr<StreamSession>(
        std::make_unique<WatchSession>(deps, call, std::move(stream)));
  };
  methods.push_back(std::move(method));
}

}  // namespace equinode::referral_service
