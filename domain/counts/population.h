// The people of one node as counts see them, in memory: columns for any question, maintained cells
// for the registered panels. Kept in step with the store by its owner; exact under any mix of
// inserts, changes and deletes, in any order of facts and people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "domain/counts/computed_measure.h"
#include "domain/counts/population_limits.h"
#include "domain/counts/raw_table.h"
#include "domain/people/facts.h"

namespace equinode {

class Panel;
struct PopulationData;

// What the memory is spent on.
struct PopulationMemory {
  std::size_t people = 0;            // Present now.
  std::size_t stratifier_bytes = 0;  // At most 16 a person in full pieces.
  std::size_t measure_bytes = 0;     // 2 bits a person and measure.
  std::size_t cells = 0;             // Occupied, all panels.
  std::size_t cell_bytes = 0;        // Their lines and slots.
  std::size_t dictionary_bytes = 0;
  std::size_t coverage_bytes = 0;  // Shared coverages and what panels know of them.
  std::size_t aside_bytes = 0;     // People with several coverages or several results.
  std::size_t total() const {
    return stratifier_bytes + measure_bytes + cell_bytes + dictionary_bytes + coverage_bytes +
           aside_bytes;
  }
};

// Thread-safe: one writer or many readers at a time, by one lock inside. A question sees one state.
// Changes cannot fail. What would make counts wrong, a number past the bound or the removal of a
// fact that was never added, is remembered, and questions fail from then on with COUNTS_OUT_OF_STEP
// until the population is rebuilt.
class Population {
 public:
  explicit Population(PopulationLimits limits = {});
  ~Population();
  Population(const Population&) = delete;
  Population& operator=(const Population&) = delete;

  // Puts the person in, or replaces what was there. `owner` is the URI of the node that made the
  // record. Coverages and measure results may have come before; they wait for the person.
  void PutPerson(PersonNo person, std::string_view owner, const PersonFacts& facts);
  // Takes the person out; coverages and results stay until they are removed themselves.
  void RemovePerson(PersonNo person);
  void AddCoverage(PersonNo person, const CoverageFact& coverage);
  void RemoveCoverage(PersonNo person, const CoverageFact& coverage);
  void AddMeasure(PersonNo person, const MeasureFact& result);
  void RemoveMeasure(PersonNo person, const MeasureFact& result);

  // One table a measure. INVALID_ARGUMENT (BAD_AGE_BANDS, TOO_MANY_MEASURES), RESOURCE_EXHAUSTED
  // (TOO_MANY_PAYERS and its like) when the scope or a measure is past a bound, FAILED_PRECONDITION
  // (COUNTS_OUT_OF_STEP).
  Result<RawCounts> OneWay(const TableQuery& query) const;
  // The tables of all queries, in order, from one state. Computed measures (IsComputedMeasure) are
  // those of `computed`; FAILED_PRECONDITION (NOT_COMPUTED) for one that is not among them.
  Result<RawCounts> Count(std::span<const TableQuery> queries,
                          std::span<const ComputedMeasure> computed = {}) const;

  // Maintains cells for the scope from now on, so that its tables are answered from them. One pass
  // over the people. Again: nothing. RESOURCE_EXHAUSTED (TOO_MANY_PANELS), and as OneWay.
  Status RegisterPanel(const CountScope& scope);
  void UnregisterPanel(const CountScope& scope);

  // Whether anybody's record is `owner`'s. One pass over the people at most.
  bool HasPeopleOf(std::string_view owner) const;
  // Measures that are known in a period, sorted.
  std::vector<std::string> MeasuresIn(std::string_view period) const;

  // A copy for a quick start, with `position`: what the caller needs to go on from there, such as
  // the last row that is in it. Holds answers of people: it belongs in the encrypted store.
  Bytes Snapshot(std::uint64_t position) const;
  // Replaces everything by the snapshot and returns its position. DATA_LOSS (BAD_SNAPSHOT) for
  // another version or altered bytes; the population is empty then.
  Result<std::uint64_t> Restore(ByteView snapshot);
  // Forgets everybody, panels excepted.
  void Clear();

  PopulationMemory Memory() const;

 private:
  // All need the lock.
  const Panel* PanelFor(const CountScope& scope) const;
  Status AddPanel(const CountScope& scope);
  void CountIn(PersonNo person, int sign);
  void Replace(std::unique_ptr<PopulationData> data);
  bool InBounds(PersonNo person);

  mutable std::shared_mutex mutex_;
  std::unique_ptr<PopulationData> data_;          // Guarded by mutex_.
  std::vector<std::unique_ptr<Panel>> panels_{};  // Guarded by mutex_.
};

}  // namespace equinode
