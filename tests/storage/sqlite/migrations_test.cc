#include "storage/sqlite/migrations.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/test_store.h"

namespace equinode::testing {
namespace {

class MigrationsTest : public ::testing::Test {
 protected:
  MigrationsTest() {
    const auto file = folder_.path() / "m.db";
    std::ofstream(file).close();
    connection_ = *Connection::Open(file, TestKey(), {});
  }
  std::string Reason(const std::vector<Migration>& all) {
    const Status done = Migrate(*connection_, all, Instant{});
    return done.ok() ? "OK" : done.error().reason;
  }
  std::string Ask(std::string_view sql) {
    Statement s = connection_->Prepare(sql);
    const auto row = s.Step();
    return row.ok() && *row ? s.Text(0) : "-";
  }

  TempFolder folder_;
  std::unique_ptr<Connection> connection_;
};

constexpr Migration kOne{"0001_a.sql", "CREATE TABLE a(x INTEGER) STRICT;"};
constexpr Migration kTwo{"0002_b.sql",
                         "CREATE TABLE b(y INTEGER) STRICT; INSERT INTO b VALUES(7);"};
constexpr Migration kBad{"0003_c.sql", "CREATE TABLE c(z INTEGER) STRICT; NONSENSE;"};

TEST_F(MigrationsTest, EachStepRunsOnce) {
  EXPECT_EQ(Reason({kOne}), "OK");
  EXPECT_EQ(Reason({kOne, kTwo}), "OK");
  EXPECT_EQ(Reason({kOne, kTwo}), "OK");
  EXPECT_EQ(Ask("SELECT count(*) FROM b"), "1");
  EXPECT_EQ(Ask("SELECT group_concat(number) FROM schema_migrations"), "1,2");
}

TEST_F(MigrationsTest, AFailingStepLeavesNothingBehind) {
  EXPECT_EQ(Reason({kOne, kTwo, kBad}), "STORE_ERROR");
  EXPECT_EQ(Ask("SELECT count(*) FROM sqlite_master WHERE name='c'"), "0");
  EXPECT_EQ(Ask("SELECT max(number) FROM schema_migrations"), "2");
}

TEST_F(MigrationsTest, AStepThatWasEditedAfterwardsIsRefused) {
  EXPECT_EQ(Reason({kOne, kTwo}), "OK");
  EXPECT_EQ(Reason({kOne, {"0002_b.sql", "CREATE TABLE b(y TEXT) STRICT;"}}), "SCHEMA_CHANGED");
}

TEST_F(MigrationsTest, AStepThatThisProgramDoesNotKnowIsRefused) {
  EXPECT_EQ(Reason({kOne, kTwo}), "OK");
  EXPECT_EQ(Reason({kOne}), "NEWER_SCHEMA");
}

TEST_F(MigrationsTest, NumbersRise) {
  EXPECT_EQ(Reason({kTwo, kOne}), "BAD_MIGRATIONS");
  EXPECT_EQ(Reason({{"x.sql", ""}}), "BAD_MIGRATIONS");
}

TEST_F(MigrationsTest, TheEmbeddedListIsInOrderAndComplete) {
  ASSERT_FALSE(SchemaMigrations().empty());
  EXPECT_EQ(SchemaMigrations().front().name, "0001_node.sql");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("storage/schema")) {
    files += entry.path().extension() == ".sql";
  }
  EXPECT_EQ(SchemaMigrations().size(), files);
}

}  // namespace
}  // namespace equinode::testing
