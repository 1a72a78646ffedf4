// Referrals as one end keeps them: where each stands, its chain, our proposals to the other end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "domain/referral/chain.h"
#include "domain/referral/status_words.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct StoredReferral {
  std::int64_t row = 0;
  Uuid id{};
  Uuid need{};
  bool ours = false;
  std::string person{};
  std::string peer{};
  std::string state{};
  Bytes asked{};
  std::vector<Uuid> consents{};
  int next_who = 0;  // 0 nobody, 1 the requester, 2 the target.
  Instant next_by{};
  std::int64_t changed = 0;
  std::string fault{};
  std::string owner{};  // Who is asked; empty while nobody has claimed it.
  std::optional<Uuid> part_of{};
  Instant linked_at{};                // Of the last link.
  std::optional<Instant> turns_at{};  // When the clock alone has to be looked at again.
  std::optional<Instant> fault_at{};  // Since when there is a fault.
  std::optional<referral::EndHere> end_here{};
  std::string domain{};  // Gravity category; never changes.
};
// What this end alone knows of it: the view of its chain has it in `here`.
referral::AtThisEnd HereOf(const StoredReferral& referral);

struct ReferralFilter {
  std::optional<bool> ours{};
  std::string state{};
  std::string person{};
  // Asked of that organisation, or of nobody in particular yet; empty = whoever is asked.
  std::string owner{};
  bool open_only = false;
  // Where this end acts next, and of what this node asked for also where the other end should have
  // acted by `now`.
  bool mine_only = false;
  Instant now{};
  std::string domain{};
  // Of the organisation at the other end: who is asked, or the node that asks. Beside `owner` the
  // node that asks.
  std::string organisation{};
  bool overdue_only = false;  // Where whoever has to act next should have done so by `now`.
};

// Where a list goes on: the last one's deadline and row.
struct ReferralPlace {
  std::int64_t next_by = 0;
  std::int64_t row = 0;
};

struct StoredProposal {
  Uuid event{};
  std::string verb{};
  std::string outcome{};
};

class ReferralStore {
 public:
  // A new one; `row` and `changed` are given here. ALREADY_EXISTS / REFERRAL_EXISTS.
  static Result<StoredReferral> Add(Tx& tx, StoredReferral referral);
  // All but who and what it is about as it is now; `changed` rises.
  static Status Save(Tx& tx, StoredReferral& referral);
  // NOT_FOUND / NO_SUCH_REFERRAL.
  static Error NoSuchReferral();
  static Result<StoredReferral> Get(ReadTx& tx, const Uuid& id);
  static Result<std::optional<StoredReferral>> Find(ReadTx& tx, const Uuid& id);
  static Result<std::vector<StoredReferral>> OfNeed(ReadTx& tx, const Uuid& need);
  // The parts of a split order, oldest first.
  static Result<std::vector<StoredReferral>> PartsOf(ReadTx& tx, const Uuid& order);
  // Those with `peer` that are open, or whose last link is not older than `since`.
  static Result<std::vector<StoredReferral>> WithPeer(ReadTx& tx, std::string_view peer,
                                                      Instant since);
  // Told under that consent.
  static Result<std::vector<StoredReferral>> UnderConsent(ReadTx& tx, bool ours,
                                                          std::string_view peer,
                                                          const Uuid& consent);
  // Where somebody has to act first, by deadline; then the rest, newest first.
  static Result<std::vector<StoredReferral>> List(ReadTx& tx, const ReferralFilter& filter,
                                                  const std::optional<ReferralPlace>& after,
                                                  std::size_t most);
  // `owner` as in ReferralFilter.
  static Result<std::vector<StoredReferral>> ChangedAfter(ReadTx& tx, std::string_view owner,
                                                          std::int64_t after, std::size_t most);
  static Result<std::int64_t> LastChange(ReadTx& tx);
  // Those whose `turns_at` has come, the longest waiting first.
  static Result<std::vector<StoredReferral>> DueToTurn(ReadTx& tx, Instant now, std::size_t most);
  // `turns_at` alone: nothing that anybody sees has changed.
  static Status NoteTurn(Tx& tx, std::int64_t row, const std::optional<Instant>& turns_at);

  static Status AddLink(Tx& tx, std::int64_t referral, const referral::Link& link,
                        const Uuid& event);
  static Result<std::vector<referral::Link>> Links(ReadTx& tx, std::int64_t referral);
  static Result<bool> HasEvent(ReadTx& tx, const Uuid& event);

  static Status AddProposal(Tx& tx, std::int64_t referral, const Uuid& event,
                            std::string_view verb);
  // Nothing happens when there is no such open proposal.
  static Status SettleProposal(Tx& tx, const Uuid& event, std::string_view outcome);
  static Result<std::vector<StoredProposal>> Proposals(ReadTx& tx, std::int64_t referral);

  // Takes the place of what the same system said before.
  static Status KeepWord(Tx& tx, std::int64_t referral, const referral::TakenWord& word);
  // By system, those too that are no longer true.
  static Result<std::vector<referral::TakenWord>> Words(ReadTx& tx, std::int64_t referral);
};

}  // namespace equinode
