// The peer of the benchmark of counts: SQL GROUP BY.
#pragma once

#include <sqlcipher/sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/bench/counts_people.h"

namespace equinode::bench {

// The narrow table, in a file like the store's: raw key, WAL, 64 MiB of cache.
class Narrow {
 public:
  explicit Narrow(const std::vector<Person>& people) {
    path_ = std::filesystem::temp_directory_path() /
            ("equinode-counts-bench-" + std::to_string(::getpid()) + ".db");
    sqlite3_open(path_.c_str(), &db_);
    Run("PRAGMA key = \"x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'\"");
    Run("PRAGMA journal_mode=WAL; PRAGMA cache_size=-65536;"
        "CREATE TABLE person(id INTEGER PRIMARY KEY, race, ethnicity, race2024, language, birth, "
        "sex, line, county,"
        " zip3, owner, payer, start_day, end_day, known_race, denominator, numerator); BEGIN");
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(db_, "INSERT INTO person VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1,
                       &insert, nullptr);
    for (const Person& p : people) {
      const int values[] = {p.race, p.ethnicity,  p.race2024,    p.language, p.birth, p.sex,
                            p.line, p.county,     p.zip3,        p.owner,    p.payer, p.start,
                            p.end,  p.known_race, p.denominator, p.numerator};
      for (int i = 0; i < 16; ++i) sqlite3_bind_int(insert, i + 1, values[i]);
      sqlite3_step(insert);
      sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    Run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  }
  ~Narrow() {
    sqlite3_close(db_);
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path_.string() + end);
  }
  Narrow(const Narrow&) = delete;
  Narrow& operator=(const Narrow&) = delete;

  struct Counted {
    std::uint64_t people = 0, known = 0, denominator = 0, numerator = 0;
  };
  std::map<int, Counted> Group(const std::string& column, int payer) {
    const int day = static_cast<int>(kDay.time_since_epoch().count());
    const std::string sql =
        "SELECT " + column +
        ", count(*), sum(known_race), sum(denominator), sum(numerator)"
        " FROM person WHERE payer = ?1 AND start_day <= ?2 AND end_day >= ?2 GROUP BY 1";
    sqlite3_stmt* query = nullptr;
    sqlite3_prepare_v2(db_, sql.c_str(), -1, &query, nullptr);
    sqlite3_bind_int(query, 1, payer);
    sqlite3_bind_int(query, 2, day);
    std::map<int, Counted> groups;
    while (sqlite3_step(query) == SQLITE_ROW) {
      Counted& one = groups[sqlite3_column_int(query, 0)];
      one.people = static_cast<std::uint64_t>(sqlite3_column_int64(query, 1));
      one.known = static_cast<std::uint64_t>(sqlite3_column_int64(query, 2));
      one.denominator = static_cast<std::uint64_t>(sqlite3_column_int64(query, 3));
      one.numerator = static_cast<std::uint64_t>(sqlite3_column_int64(query, 4));
    }
    sqlite3_finalize(query);
    return groups;
  }

 private:
  void Run(const std::string& sql) { sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr); }
  std::filesystem::path path_{};
  sqlite3* db_ = nullptr;
};

}  // namespace equinode::bench
