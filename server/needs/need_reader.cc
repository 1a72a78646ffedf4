#include "server/needs/need_reader.h"

#include <algorithm>
#include <utility>

#include "client/convert/need_body.h"
#include "client/convert/record_body.h"
#include "storage/record_store.h"

namespace equinode {
namespace {

// So many people are read in one snapshot: a long scan must not hold one for long.
constexpr std::size_t kChunk = 500;

bool AsksForAge(const PersonRecords& records) {
  for (const auto& kept : records.screenings) {
    for (const ScreenedAnswer& answer : kept.record.answers) {
      for (const ScoreRule& rule : ScoreRules()) {
        if (!rule.youngest && !rule.oldest) continue;
        for (const std::string& item : rule.items) {
          if (item == answer.question) return true;
        }
      }
    }
  }
  return false;
}

}  // namespace

Result<PersonOnRecord> NeedReader::Of(ReadTx& tx, const NeedRows& rows) const {
  PersonOnRecord found;
  OwnerNo owner = 0;
  for (const std::int64_t row : rows.rows) {
    EQN_TRY(const StoredRecord stored, RecordStore::At(tx, row));
    found.person = stored.person;
    owner = stored.owner;
    PersonRecords& records = found.records;
    // Judged when it came in; a reader that has since become stricter leaves it out.
    switch (stored.kind) {
      case RecordKind::kScreening:
        if (auto read = ScreeningFromBody(stored.body); read.ok()) {
          records.screenings.push_back({stored.source_id, *std::move(read)});
        }
        break;
      case RecordKind::kCondition:
        if (auto read = ConditionFromBody(stored.body); read.ok()) {
          records.conditions.push_back({stored.source_id, *std::move(read)});
        }
        break;
      case RecordKind::kEncounter:
        if (auto read = EncounterFromBody(stored.body); read.ok()) {
          records.encounters.push_back({stored.source_id, *std::move(read)});
        }
        break;
      case RecordKind::kNeed:
        if (auto read = NeedFromBody(stored.body); read.ok()) {
          records.needs.push_back({stored.source_id, *std::move(read)});
        }
        break;
      case RecordKind::kPerson:
      case RecordKind::kCoverage:
      case RecordKind::kMeasureResult:
      case RecordKind::kOrganization:
        break;
    }
  }
  if (owner == 0) return found;
  EQN_TRY(const std::vector<RecordOwner> owners, RecordStore::Owners(tx));
  for (const RecordOwner& each : owners) {
    if (each.no == owner) found.origin = each.uri;
  }
  if (!AsksForAge(found.records)) return found;
  EQN_TRY(const std::int64_t row, keeper_.PersonRow(found.origin, found.person));
  if (row == 0) return found;
  EQN_TRY(const StoredRecord person, RecordStore::At(tx, row));
  if (auto read = PersonFromBody(person.body); read.ok()) {
    found.records.birth = FirstDayOf(read->birth_date);
  }
  return found;
}

Result<PersonOnRecord> NeedReader::Read(ReadTx& tx, PersonNo person_no) const {
  EQN_TRY(const NeedRows rows, NeedStore::RowsOf(tx, person_no));
  return Of(tx, rows);
}

Result<PersonNo> NeedReader::Scan(
    PersonNo after, std::size_t most,
    const std::function<Result<bool>(PersonNo, const PersonOnRecord&)>& each) const {
  std::size_t seen = 0;
  while (seen < most) {
    const std::size_t wanted = std::min(kChunk, most - seen);
    std::vector<std::pair<PersonNo, PersonOnRecord>> people;
    EQN_TRY(const bool more, database_.Read([&](ReadTx& tx) -> Result<bool> {
      EQN_TRY(const std::vector<NeedRows> rows, NeedStore::PeopleAfter(tx, after, wanted));
      for (const NeedRows& one : rows) {
        EQN_TRY(PersonOnRecord person, Of(tx, one));
        people.emplace_back(one.person_no, std::move(person));
      }
      return rows.size() == wanted;
    }));
    for (const auto& [person_no, person] : people) {
      after = person_no;
      ++seen;
      if (keeper_.IsDeleted(person.origin, person.person)) continue;
      EQN_TRY(const bool go_on, each(person_no, person));
      if (!go_on) return after;
    }
    if (!more) return PersonNo{0};
  }
  return after;
}

}  // namespace equinode
