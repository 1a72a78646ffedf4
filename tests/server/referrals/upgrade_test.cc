// A store of an older program, with referrals in it, is brought to today's schema.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "domain/zcodes/domains.h"
#include "storage/sqlite/migrations.h"
#include "tests/domain/referral/referrals.h"
#include "tests/support/test_store.h"

namespace equinode {
namespace {

TEST(ReferralUpgrade, ReferralsOfBeforeHaveTheirDomain) {
  testing::TempFolder folder;
  const auto file = folder.path() / "m.db";
  std::ofstream(file).close();
  const auto connection = *Connection::Open(file, testing::TestKey(), {});
  const auto all = SchemaMigrations();
  const auto named = std::ranges::find_if(
      all, [](const Migration& each) { return each.name.starts_with("0012_"); });
  ASSERT_NE(named, all.end());
  ASSERT_TRUE(Migrate(*connection, {all.begin(), named}, Instant{}).ok());
  const auto domains = NeedDomains();
  ASSERT_GT(domains.size(), 20u);
  std::int64_t row = 0;
  for (const NeedDomain& domain : domains) {
    referral::Event event = referral::testing::Whole(
        referral::EventKind::kCreate, referral::Role::kRequester, referral::testing::Day(0));
    event.opening = referral::testing::OpeningAt(referral::testing::Day(0));
    event.opening->domain = domain.code;
    const Bytes link = referral::CanonicalBytes(event);
    ++row;
    const Bytes id(16, static_cast<std::uint8_t>(row));
    ASSERT_TRUE(
        connection
            ->Prepare("INSERT INTO referral(row, id, need, ours, person, peer, state, asked, "
                      "consents, next_who, next_by, changed, fault) "
                      "VALUES(?,?,x'',1,'p','spiffe://n/cbo/c','requested',x'',x'',2,9,?,'')")
            .BindAll(row, ByteView(id), row)
            .Run()
            .ok());
    ASSERT_TRUE(connection
                    ->Prepare("INSERT INTO referral_link(referral, number, event_id, link) "
                              "VALUES(?,1,?,?)")
                    .BindAll(row, ByteView(id), ByteView(link))
                    .Run()
                    .ok());
  }
  const Status done = Migrate(*connection, all, Instant{});
  ASSERT_TRUE(done.ok()) << done.error().message;
  Statement read = connection->Prepare("SELECT row, domain FROM referral ORDER BY row");
  for (const NeedDomain& domain : domains) {
    const auto found = read.Step();
    ASSERT_TRUE(found.ok() && *found);
    EXPECT_EQ(read.Text(1), domain.code);
  }
}

}  // namespace
}  // namespace equinode
