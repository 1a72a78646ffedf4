// A hub's collections, the answers in them as they came, and its releases.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct StoredCollection {
  std::int64_t row = 0;
  Uuid collect_id{};
  std::int64_t definition = 0;  // Row of the definition (storage/report_store).
  std::uint32_t released = 0;   // Number of its release; 0 while it is open, or kSetAside.
  // It ended without a release, as nobody answered. Answers that come late are kept all the same.
  static constexpr std::uint32_t kSetAside = ~std::uint32_t{0};
};

struct AskedNode {
  std::string node{};
  Bytes answer{};  // A report answer as it came; empty while the node is silent.
  bool silent() const { return answer.empty(); }
};

struct StoredRelease {
  std::int64_t row = 0;
  std::uint32_t number = 0;
  Bytes bytes{};
};

enum class AnswerOutcome : std::uint8_t {
  kKept,
  kSame,   // The node's answer is there already.
  kOther,  // The node gave another answer before, which stands.
};

class HubStore {
 public:
  static Result<StoredCollection> Start(Tx& tx, const Uuid& collect_id, std::int64_t definition,
                                        Instant now);
  static Result<std::optional<StoredCollection>> Find(ReadTx& tx, const Uuid& collect_id);
  // The one of a definition that is not finished; at most one is open.
  static Result<std::optional<StoredCollection>> Open(ReadTx& tx, std::int64_t definition);

  // False when it was asked in this collection before: then nothing happens. `answer` is empty, or
  // what the node said in an earlier collection.
  static Result<bool> Ask(Tx& tx, std::int64_t collection, std::string_view node, ByteView answer,
                          Instant now);
  // By URI.
  static Result<std::vector<AskedNode>> Asked(ReadTx& tx, std::int64_t collection);
  static Result<std::optional<AskedNode>> AskedOne(ReadTx& tx, std::int64_t collection,
                                                   std::string_view node);
  // NOT_FOUND / NOT_ASKED when the node was not asked in this collection.
  static Result<AnswerOutcome> Answer(Tx& tx, std::int64_t collection, std::string_view node,
                                      ByteView answer, Instant now);
  // What the node said in the newest collection of the definition in which it said anything, also
  // after that was finished. Empty when it never did.
  static Result<Bytes> NewestAnswer(ReadTx& tx, std::int64_t definition, std::string_view node);

  // The number that the definition's next release has.
  static Result<std::uint32_t> NextNumber(ReadTx& tx, std::int64_t definition);
  // Stores the release and ends the collection.
  static Status Finish(Tx& tx, const StoredCollection& collection, std::uint32_t number,
                       ByteView head, ByteView release);
  // Ends it without a release.
  static Status SetAside(Tx& tx, std::int64_t collection);
  // `number` 0 = the newest.
  static Result<std::optional<StoredRelease>> Release(ReadTx& tx, std::int64_t definition,
                                                      std::uint32_t number);
  // Its collection.
  static Result<Uuid> CollectionOf(ReadTx& tx, std::int64_t definition, std::uint32_t number);
  // The newest definition of the payer's report that has a release.
  static Result<std::optional<std::int64_t>> NewestReleased(ReadTx& tx, std::string_view payer,
                                                            std::string_view name);
  // Heads in the order of release, those after row `after`; empty `name` = of every report.
  static Result<std::vector<StoredRelease>> Heads(ReadTx& tx, std::string_view payer,
                                                  std::string_view name, std::int64_t after,
                                                  std::size_t most);
};

}  // namespace equinode
