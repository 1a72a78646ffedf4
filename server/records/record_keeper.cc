#include "server/records/record_keeper.h"

#include <algorithm>
#include <utility>

#include "server/records/keeper_state.h"

namespace equinode {

namespace {

constexpr std::string_view kAliasPrefix = "mrn:";
constexpr std::size_t kMaxAlias = 4 + 128;

Error Bad(const char* why) { return {Code::kInvalidArgument, "BAD_RECORD", why}; }

bool GoodId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxRecordId && std::none_of(id.begin(), id.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
  });
}

}  // namespace

Error NotReady() {
  return {Code::kUnavailable, "NOT_READY",
          "the node is still loading its records; try again later"};
}

RecordKeeper::RecordKeeper(Database& database, const Clock& clock, Log& log, Random& random,
                           std::string self, FactsReader facts)
    : impl_(std::make_unique<Impl>(database, clock, log, random, std::move(self),
                                   std::move(facts))) {}

RecordKeeper::~RecordKeeper() = default;

bool RecordKeeper::ready() const { return impl_->ready.load(); }

const std::string& RecordKeeper::self() const { return impl_->self; }

Hash128 RecordKeeper::Impl::KeyOf(std::string_view origin, RecordKind kind,
                                  std::string_view source_id) const {
  // An origin holds no NUL, so that no two keys are the same bytes.
  thread_local Bytes bytes;
  bytes.assign(origin.begin(), origin.end());
  bytes.push_back(0);
  bytes.push_back(static_cast<std::uint8_t>(kind));
  bytes.insert(bytes.end(), source_id.begin(), source_id.end());
  return SipHash128(fingerprint, bytes);
}

std::shared_ptr<const std::string> RecordKeeper::Impl::OriginOf(std::string_view uri) const {
  // A batch is of one origin: the last one is at hand.
  thread_local std::shared_ptr<const std::string> last;
  if (!last || *last != uri) last = std::make_shared<const std::string>(uri);
  return last;
}

RecordFacts RecordKeeper::Impl::FactsOf(RecordKind kind, bool deleted, ByteView body) const {
  if (deleted) return {};
  Result<RecordFacts> read = facts(kind, body);
  // Judged when it came in; a reader that has since become stricter must not stop the node.
  return read.ok() ? *std::move(read) : RecordFacts{};
}

Result<std::shared_ptr<const PreparedRecord>> RecordKeeper::Prepare(
    const RecordView& record) const {
  if (!ready()) return NotReady();
  if (record.kind < static_cast<std::uint32_t>(RecordKind::kPerson) ||
      record.kind > static_cast<std::uint32_t>(kLastRecordKind)) {
    return Bad("a record of a kind that this node does not know; is its program older?");
  }
  auto made = std::make_shared<PreparedRecord>();
  made->own_ = record.origin.empty() || record.origin == impl_->self;
  made->origin_ = made->own_ ? impl_->self_shared : impl_->OriginOf(record.origin);
  made->kind_ = static_cast<RecordKind>(record.kind);
  made->version_ = record.version;
  made->recorded_at_ = record.recorded_at;
  made->deleted_ = record.deleted;
  if (!GoodId(record.source_id)) {
    return Bad("source_id has 1 to 256 bytes without control characters");
  }
  if (made->own_ && (record.version != 0 || record.recorded_at != Instant{})) {
    return Bad("version and recorded_at of a record of this node are given by the node");
  }
  if (!made->own_ && (record.version == 0 || !GoodId(record.origin))) {
    return Bad("a record of another node bears its origin and a version from 1");
  }
  if (record.deleted && !record.body.empty()) return Bad("a tombstone has no body");
  if (record.body.size() > kMaxRecordBody) return Bad("a record's body has at most 256 KiB");
  const std::string& origin = *made->origin_;
  std::string_view person = record.person;
  made->key_ = impl_->KeyOf(origin, made->kind_, record.source_id);
  if (made->kind_ == RecordKind::kPerson) {
    if (!person.empty() && person != record.source_id)
      return Bad("a person record is about itself");
    person = record.source_id;
    made->person_key_ = made->key_;
  } else if (made->kind_ == RecordKind::kOrganization) {
    if (!person.empty()) return Bad("an organization is about no person");
  } else if (made->own_ && person.starts_with(kAliasPrefix)) {
    if (person.size() > kMaxAlias) return Bad("an mrn has at most 128 bytes");
    made->alias_ = HmacSha256(impl_->alias_key.view(), AsBytes(person));
    person = {};
  } else if (!person.empty() || !record.deleted) {
    if (!GoodId(person)) return Bad("person has 1 to 256 bytes without control characters");
    made->person_key_ = impl_->KeyOf(origin, RecordKind::kPerson, person);
  }
  if (!record.deleted) {
    EQN_TRY(made->facts_, impl_->facts(made->kind_, record.body));
  }
  made->SetText(record.source_id, person, record.body);
  return std::shared_ptr<const PreparedRecord>(std::move(made));
}

Result<PreparedAlias> RecordKeeper::PrepareAlias(std::string_view alias,
                                                 std::string_view person) const {
  if (!ready()) return NotReady();
  if (!alias.starts_with(kAliasPrefix) || alias.size() == kAliasPrefix.size() ||
      alias.size() > kMaxAlias || !GoodId(person)) {
    return Error{Code::kInvalidArgument, "BAD_ALIAS",
                 "an alias is \"mrn:\" and 1 to 128 bytes, for the source_id of a person"};
  }
  return PreparedAlias{HmacSha256(impl_->alias_key.view(), AsBytes(alias)),
                       impl_->KeyOf(impl_->self, RecordKind::kPerson, person)};
}

Result<const Population*> RecordKeeper::population() const {
  if (!ready()) return NotReady();
  return static_cast<const Population*>(&impl_->counts);
}

Result<Population*> RecordKeeper::mutable_population() {
  if (!ready()) return NotReady();
  return &impl_->counts;
}

std::int64_t RecordKeeper::last_row() const {
  const std::lock_guard lock(impl_->step_mutex);
  return impl_->durable_row;
}

KeeperMemory RecordKeeper::Memory() const {
  const std::shared_lock lock(impl_->index_mutex);
  return {impl_->index.size(), impl_->index.bytes(), impl_->aliases.size(), impl_->aliases.bytes()};
}

}  // namespace equinode
