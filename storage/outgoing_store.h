// The sender's half of links: positions, and the sealed numbers until their receipt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "domain/exchange/envelope.h"
#include "domain/exchange/outgoing_link.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct StoredOutgoing {
  std::int64_t link = 0;  // 0 = not stored yet.
  std::string peer{};
  exchange::Lane lane = exchange::Lane::kControl;
  exchange::OutgoingLink state{};
  std::uint64_t kept_bytes = 0;
};

// What its payload was made of, so that it can be made again.
struct SentPayload {
  exchange::PayloadKind kind = exchange::PayloadKind::kVoid;
  std::int64_t first_row = 0;  // Rows of the record log, or 0.
  std::int64_t last_row = 0;
  Bytes payload{};
};

// A number with all but its bytes.
struct StoredSent {
  exchange::SentNumber sent{};
  std::string void_reason{};
  SentPayload made_of{};
};

// A number as it goes out.
struct SealedNumber {
  exchange::Header header{};  // `from` is left empty.
  Bytes sealed{};
};

class OutgoingStore {
 public:
  // A link from nothing when there is none yet.
  static Result<StoredOutgoing> Find(ReadTx& tx, std::string_view peer, exchange::Lane lane);
  static Result<std::vector<StoredOutgoing>> OfPeer(ReadTx& tx, std::string_view peer);
  static Result<std::vector<StoredOutgoing>> List(ReadTx& tx);
  // Writes the state; makes the row, and `stored.link`, when it is new.
  static Status Save(Tx& tx, StoredOutgoing& stored);

  // Keeps a number that was just given, and its bytes in `stored.kept_bytes` (Save follows).
  static Status Keep(Tx& tx, StoredOutgoing& stored, const exchange::SentNumber& sent,
                     const SentPayload& made_of, const SealedNumber& sealed);
  // Puts a void in place of a number's content.
  static Status PutVoid(Tx& tx, StoredOutgoing& stored, const SealedNumber& sealed);
  // Marks a number to be voided. Nothing when it is gone, voided or marked already.
  static Status MarkVoid(Tx& tx, std::int64_t link, std::uint64_t number, std::string_view reason);
  // Marks every number that is not receipted, receipts and voids excepted; says how many.
  static Result<std::uint64_t> MarkAllVoid(Tx& tx, std::int64_t link, std::string_view reason);
  // Marks the numbers to `peer` that carry this very payload and are not receipted; says how many.
  static Result<std::uint64_t> MarkPayloadVoid(Tx& tx, std::string_view peer,
                                               exchange::PayloadKind kind, ByteView payload,
                                               std::string_view reason);
  // Drops the copies up to and with `through`.
  static Status Forget(Tx& tx, StoredOutgoing& stored, std::uint64_t through);

  static Result<std::optional<StoredSent>> At(ReadTx& tx, std::int64_t link, std::uint64_t number);
  // Whether a content of that kind is not receipted yet, voids excepted.
  static Result<bool> Holds(ReadTx& tx, std::string_view peer, exchange::Lane lane,
                            exchange::PayloadKind kind);
  // The numbers that are not receipted, in order.
  static Result<std::vector<StoredSent>> Kept(ReadTx& tx, std::int64_t link);
  // Numbers marked to be voided, at most `most`.
  static Result<std::vector<StoredSent>> ToVoid(ReadTx& tx, std::int64_t link, std::size_t most);
  // The next numbers after `after`, until `max_bytes` would be passed; one always goes. Not past
  // one that is marked to be voided: its content does not leave any more.
  static Result<std::vector<SealedNumber>> After(ReadTx& tx, const StoredOutgoing& stored,
                                                 std::uint64_t after, std::size_t most,
                                                 std::size_t max_bytes);
  // Marks what expired at `now` to be voided; says how many. What is a void already is sealed anew.
  static Result<std::uint64_t> MarkExpired(Tx& tx, Instant now);
  static Result<std::optional<Instant>> NextExpiry(ReadTx& tx);

  // The code by which the links with `peer` last began anew; empty when they never did.
  static Result<std::string> LinkCode(ReadTx& tx, std::string_view peer);
  static Status SetLinkCode(Tx& tx, std::string_view peer, std::string_view code, Instant now);
};

}  // namespace equinode
