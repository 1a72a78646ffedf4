// Changing records: inside a transaction, on the writer thread.
#include <algorithm>
#include <utility>

#include "server/records/keeper_state.h"
#include "storage/need_store.h"

namespace equinode {

namespace {

constexpr PersonNo kMostPeople = PopulationLimits{}.max_person;

// A second name's hash as a key of the index: it is keyed already.
Hash128 KeyOf(const Digest& alias) {
  const SipKey halves = SipKeyFrom(alias);
  return {halves.k0, halves.k1};
}

}  // namespace

void Apply(const CountStep& step, Population& population) {
  static const RecordFacts nothing;
  const RecordFacts& removed = step.removed ? *step.removed : nothing;
  const RecordFacts& added = step.added ? *step.added : nothing;
  // A person that is replaced is not taken out first: one change, and its cells move once.
  if (std::holds_alternative<PersonFacts>(removed) && !std::holds_alternative<PersonFacts>(added)) {
    population.RemovePerson(step.removed_from);
  } else if (const auto* coverage = std::get_if<CoverageFact>(&removed)) {
    population.RemoveCoverage(step.removed_from, *coverage);
  } else if (const auto* measure = std::get_if<MeasureFact>(&removed)) {
    population.RemoveMeasure(step.removed_from, *measure);
  }
  if (const auto* person = std::get_if<PersonFacts>(&added)) {
    population.PutPerson(step.added_to, *step.owner, *person);
  } else if (const auto* coverage = std::get_if<CoverageFact>(&added)) {
    population.AddCoverage(step.added_to, *coverage);
  } else if (const auto* measure = std::get_if<MeasureFact>(&added)) {
    population.AddMeasure(step.added_to, *measure);
  }
}

Journal& RecordKeeper::Impl::Begin(Tx& tx) {
  if (open && open->serial == tx.serial()) return *open;
  open = std::make_shared<Journal>();
  open->serial = tx.serial();
  open->row_before = next_row;
  open->alias_row_before = next_alias_row;
  open->person_before = next_person;
  ++journals;
  tx.OnUndo([this, journal = open] { Undo(*journal); });
  tx.OnCommit([this, journal = open] { Commit(*journal); });
  return *open;
}

void RecordKeeper::Impl::Set(Journal& journal, bool alias, const Hash128& key,
                             const IndexEntry& entry) {
  PendingIndex& where = alias ? pending_aliases : pending;
  journal.entries.push_back({alias, key, entry, where.Set(key, entry)});
}

void RecordKeeper::Impl::Commit(const Journal& journal) {
  const std::lock_guard step(step_mutex);
  {
    const std::unique_lock lock(index_mutex);
    for (const Journal::Entry& entry : journal.entries) {
      (entry.alias ? aliases : index).Set(entry.key, entry.now);
    }
  }
  for (const CountStep& one : journal.steps) Apply(one, counts);
  durable_row = std::max(durable_row, journal.last_row);
  durable_alias_row = std::max(durable_alias_row, journal.last_alias_row);
  durable_person = std::max(durable_person, journal.last_person);
  End();
}

void RecordKeeper::Impl::Undo(const Journal& journal) {
  for (auto entry = journal.entries.rbegin(); entry != journal.entries.rend(); ++entry) {
    (entry->alias ? pending_aliases : pending).Undo(entry->key, entry->before);
  }
  next_row = journal.row_before;
  next_alias_row = journal.alias_row_before;
  next_person = journal.person_before;
  End();
}

void RecordKeeper::Impl::End() {
  open.reset();
  if (--journals > 0) return;
  pending.Clear();
  pending_aliases.Clear();
}

Result<PersonNo> RecordKeeper::Impl::PersonFor(Journal& journal, const Hash128& person_key) {
  const IndexEntry known = pending.Find(person_key);
  if (known.person != 0) return known.person;
  if (next_person > kMostPeople) {
    return Error{Code::kResourceExhausted, "TOO_MANY_PEOPLE",
                 "a node holds at most 64 million people"};
  }
  const PersonNo made = next_person++;
  journal.last_person = made;
  Set(journal, false, person_key, {0, made, false});
  return made;
}

Result<OwnerNo> RecordKeeper::Impl::OwnerNumber(Tx& tx, const std::string& uri) {
  const auto known = owners.find(uri);
  if (known != owners.end()) return known->second;
  EQN_TRY(const OwnerNo made, RecordStore::OwnerFor(tx, uri));
  // Undone with the transaction it is made again, perhaps with another number.
  tx.OnCommit([this, uri, made] { owners.emplace(uri, made); });
  return made;
}

Result<std::shared_ptr<const PreparedRecord>> RecordKeeper::Resolve(
    Tx& tx, std::shared_ptr<const PreparedRecord> record) {
  if (!record->alias_) return record;
  if (!ready()) return NotReady();
  const IndexEntry named = impl_->pending_aliases.Find(KeyOf(*record->alias_));
  if (named.flag) {
    return Error{Code::kNotFound, "AMBIGUOUS_PERSON",
                 "two people have this mrn; name the person by id instead"};
  }
  const Error nobody{Code::kNotFound, "NO_SUCH_PERSON",
                     "no person with this mrn is here; import the people first"};
  if (named.none()) return nobody;
  EQN_TRY(const StoredRecord person, RecordStore::At(tx, named.row));
  auto resolved = std::make_shared<PreparedRecord>(*record);
  resolved->alias_.reset();
  resolved->SetText(record->source_id(), person.source_id, record->body());
  resolved->person_key_ = impl_->KeyOf(impl_->self, RecordKind::kPerson, person.source_id);
  if (impl_->pending.Find(resolved->person_key_).flag) return nobody;
  return std::shared_ptr<const PreparedRecord>(std::move(resolved));
}

Result<PutOutcome> RecordKeeper::Put(Tx& tx, const std::shared_ptr<const PreparedRecord>& record) {
  if (!ready()) return NotReady();
  const PreparedRecord& made = *record;
  if (made.alias_) {
    return Error{Code::kInternal, "NOT_RESOLVED", "a record's person is named by a second name"};
  }
  const IndexEntry was = impl_->pending.Find(made.key_);
  if (was.row == 0) {
    // Nothing of ours to take out of use. A peer's tombstone is kept: what is older may follow it.
    if (made.own_ && made.deleted_) return PutOutcome::kUnchanged;
    const std::uint32_t version = made.own_ ? 1 : made.version_;
    EQN_CHECK(impl_->Write(tx, record, was, nullptr, version));
    return PutOutcome::kCreated;
  }
  EQN_TRY(const StoredRecord old, RecordStore::At(tx, was.row));
  if (old.source_id != made.source_id() || old.kind != made.kind_) {
    return Error{Code::kDataLoss, "BAD_INDEX", "the index of records does not fit the store"};
  }
  const bool same = IsContent(old, made);
  const bool older = !made.own_ && made.version_ <= old.version;
  if (older && !impl_->GivesWay(old, made)) {
    if (made.version_ < old.version) return PutOutcome::kOlder;
    if (same) return PutOutcome::kUnchanged;
    // Two contents under one version: the first stays, as at every other node that has it.
    impl_->log.Warning("record_version_differs", {{Field::kPeer, *made.origin_}});
    return PutOutcome::kOlder;
  }
  if (same && (made.own_ || older)) return PutOutcome::kUnchanged;
  const std::uint32_t version = made.own_ ? old.version + 1 : made.version_;
  EQN_CHECK(impl_->Write(tx, record, was, &old, version));
  return PutOutcome::kChanged;
}

bool RecordKeeper::Impl::GivesWay(const StoredRecord& old, const PreparedRecord& made) const {
  const auto anew = anew_rows.find(*made.origin_);
  return anew != anew_rows.end() && old.row <= anew->second && made.recorded_at_ > old.recorded_at;
}

Status RecordKeeper::BeginAnew(Tx& tx, const std::string& peer) {
  if (!ready()) return NotReady();
  EQN_TRY(const OwnerNo owner, impl_->OwnerNumber(tx, peer));
  const std::int64_t row = impl_->next_row - 1;
  EQN_CHECK(RecordStore::MarkAnew(tx, owner, row));
  tx.OnCommit([this, peer, row] { impl_->anew_rows[peer] = row; });
  return Ok();
}

Status RecordKeeper::Impl::Write(Tx& tx, const std::shared_ptr<const PreparedRecord>& record,
                                 const IndexEntry& was, const StoredRecord* old,
                                 std::uint32_t version) {
  const PreparedRecord& made = *record;
  if (next_row > RecordIndex::kMaxRow) {
    return Error{Code::kResourceExhausted, "LOG_FULL", "the log of records is full"};
  }
  EQN_TRY(const OwnerNo owner, OwnerNumber(tx, *made.origin_));
  Journal& journal = Begin(tx);
  PersonNo person_no = was.person;
  std::string_view person = made.person();
  if (made.deleted_ && person.empty() && old != nullptr) {
    person = old->person;  // A tombstone is about whom the record was about.
  } else if (made.kind_ != RecordKind::kOrganization && !person.empty()) {
    EQN_TRY(person_no, PersonFor(journal, made.person_key_));
  }
  const std::int64_t row = next_row;
  EQN_CHECK(RecordStore::Append(tx, {.row = row,
                                     .owner = owner,
                                     .kind = made.kind_,
                                     .deleted = made.deleted_,
                                     .version = version,
                                     .before = was.row,
                                     .person_no = person_no,
                                     .recorded_at = made.own_ ? clock.Now() : made.recorded_at_,
                                     .source_id = made.source_id(),
                                     .person = person,
                                     .body = made.body()}));
  if (IsNeedKind(made.kind_)) {
    const bool was_there = old != nullptr && !old->deleted;
    EQN_CHECK(NeedStore::Replace(tx, was_there ? old->person_no : 0, was_there ? was.row : 0,
                                 person_no, made.deleted_ ? 0 : row));
  }
  ++next_row;
  journal.last_row = row;
  Set(journal, false, made.key_, {row, person_no, made.deleted_});
  CountStep step;
  if (old != nullptr && !old->deleted) {
    // Whatever the facts of a person were, the person leaves or is replaced.
    RecordFacts facts_before = made.kind_ == RecordKind::kPerson
                                   ? RecordFacts{PersonFacts{}}
                                   : FactsOf(old->kind, old->deleted, old->body);
    if (!std::holds_alternative<std::monostate>(facts_before)) {
      step.removed = std::make_shared<const RecordFacts>(std::move(facts_before));
      step.removed_from = old->person_no;
    }
  }
  if (!std::holds_alternative<std::monostate>(made.facts_)) {
    step.added = {record, &made.facts_};
    step.added_to = person_no;
    step.owner = made.origin_.get();
  }
  if (step.added || step.removed) journal.steps.push_back(std::move(step));
  return Ok();
}

Status RecordKeeper::PutAlias(Tx& tx, const PreparedAlias& alias) {
  if (!ready()) return NotReady();
  const IndexEntry person = impl_->pending.Find(alias.person_key);
  if (person.row == 0 || person.flag) return Ok();
  const Hash128 key = KeyOf(alias.alias);
  const IndexEntry named = impl_->pending_aliases.Find(key);
  if (named.person == person.person) return Ok();
  IndexEntry now{person.row, person.person, false};
  if (named.flag) {
    return Ok();
  } else if (named.row != 0) {
    EQN_TRY(const StoredRecord other, RecordStore::At(tx, named.row));
    const Hash128 other_key = impl_->KeyOf(impl_->self, RecordKind::kPerson, other.source_id);
    if (!impl_->pending.Find(other_key).flag) now = {0, 0, true};
  }
  Journal& journal = impl_->Begin(tx);
  const std::int64_t row = impl_->next_alias_row++;
  EQN_CHECK(RecordStore::AppendAlias(tx, {row, alias.alias, now.person, now.row}));
  journal.last_alias_row = row;
  impl_->Set(journal, true, key, now);
  return Ok();
}

Status RecordKeeper::Delete(Tx& tx, RecordKind kind, std::string_view source_id) {
  if (!ready()) return NotReady();
  const IndexEntry was = impl_->pending.Find(impl_->KeyOf(impl_->self, kind, source_id));
  if (was.row == 0 || was.flag) {
    return Error{Code::kNotFound, "NO_SUCH_RECORD", "no such record is here"};
  }
  EQN_TRY(
      const auto tombstone,
      Prepare({.kind = static_cast<std::uint32_t>(kind), .source_id = source_id, .deleted = true}));
  EQN_TRY(const PutOutcome outcome, Put(tx, tombstone));
  if (outcome != PutOutcome::kChanged) {
    return Error{Code::kInternal, "NOT_DELETED", "the record could not be taken out of use"};
  }
  return Ok();
}

}  // namespace equinode
