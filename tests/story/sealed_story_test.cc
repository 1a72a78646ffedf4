// What stands where: sealed bytes for `openssl cms`, nothing readable in a relay or on a disk.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/crypto/cms.h"
#include "client/convert/envelope.h"
#include "server/exchange/notice_applier.h"
#include "storage/peer_store.h"
#include "tests/story/town.h"

namespace equinode::testing {
namespace {

std::string Slurp(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void Spill(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
}

void WriteKeys(const std::filesystem::path& folder, const Resident& resident,
               const std::string& name) {
  const auto ring = resident.keys().Get();
  Spill(folder / (name + ".pem"), ring->current.certificate.pem());
  const Secret key = ring->current.key.pem();
  Spill(folder / (name + ".key"), AsText(key.view()));
}

bool Shell(const std::string& command) {
  return std::system((command + " 2>/dev/null").c_str()) == 0;
}

TEST(SealedStory, OpensslOpensAnEnvelopeWithTheRecipientsKeyAndWithNoOther) {
  if (!Shell("openssl version >/dev/null")) GTEST_SKIP() << "no openssl program here";
  Town town;
  town.remember = true;
  auto t = town.MakeRelayed();
  t.practice.Share(t.payer, kPeople);
  t.practice.TakeIn(3);
  ASSERT_TRUE(town.Settle());
  ASSERT_FALSE(town.seen.empty());
  const auto envelope = EnvelopeFromDeliverRequest(town.seen.front());
  ASSERT_TRUE(envelope.ok());
  ASSERT_EQ(envelope->header.to, t.payer.uri());

  TempFolder folder;
  const std::string at = folder.path().string() + "/";
  Spill(at + "sealed.der", AsText(envelope->sealed));
  Spill(at + "ca.pem", town.pki().ca_pem());
  WriteKeys(folder.path(), t.payer, "payer");
  WriteKeys(folder.path(), t.relay, "relay");
  const auto open = [&](const std::string& who) {
    return Shell("openssl cms -decrypt -binary -inform DER -in " + at + "sealed.der -recip " + at +
                 who + ".pem -inkey " + at + who + ".key -out " + at + who + ".signed");
  };
  EXPECT_FALSE(open("relay"));
  ASSERT_TRUE(open("payer"));
  ASSERT_TRUE(Shell("openssl cms -verify -cades -binary -inform DER -in " + at +
                    "payer.signed -CAfile " + at + "ca.pem -purpose any -out " + at + "content"));
  const std::string bytes = Slurp(at + "content");
  const auto content = ContentFromBytes(AsBytes(bytes));
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(content->header, envelope->header);
  EXPECT_NE(AsText(content->payload).find(kCanary), std::string::npos);
}

// Every byte of this process that is readable and writable.
std::size_t InMemory(std::string_view needle) {
  std::ifstream maps("/proc/self/maps");
  std::ifstream memory("/proc/self/mem", std::ios::binary);
  std::size_t found = 0;
  for (std::string line; std::getline(maps, line);) {
    unsigned long from = 0, to = 0;
    char mode[8] = "";
    if (std::sscanf(line.c_str(), "%lx-%lx %7s", &from, &to, mode) != 3) continue;
    if (mode[0] != 'r' || mode[1] != 'w' || line.find("[v") != std::string::npos) continue;
    std::string part(to - from, '\0');
    memory.clear();
    memory.seekg(static_cast<std::streamoff>(from));
    if (!memory.read(part.data(), static_cast<std::streamsize>(part.size()))) continue;
    for (std::size_t at = part.find(needle); at != std::string::npos;
         at = part.find(needle, at + 1)) {
      ++found;
    }
    part.assign(part.size(), '\0');
  }
  return found;
}

TEST(SealedStory, TL08_NoFileOfAnyNodeHoldsACanaryInTheDatabaseOrTheLogOfWrites) {
  Town town;
  auto t = town.MakeRelayed();
  t.practice.Share(t.payer, kPeople);
  t.practice.TakeIn(30);
  for (int i = 0; i < 10; ++i) town.Round();
  int files = 0;
  for (Resident* each : {&t.practice, &t.relay, &t.payer}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(each->folder())) {
      if (!file.is_regular_file()) continue;
      ++files;
      EXPECT_EQ(Slurp(file.path()).find("CANARY"), std::string::npos) << file.path();
      EXPECT_EQ(Slurp(file.path()).find("Maria-Lopez"), std::string::npos) << file.path();
    }
  }
  EXPECT_GE(files, 6) << "databases and their logs of writes";
}

// The relay alone: what it is handed are the bytes of an envelope that another process could have
// made; what it keeps of them, in its store and in its memory, is nothing that can be read.
TEST(SealedStory, TL08_ARelaysMemoryAndStoreHoldNoCanary) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's shadow is terabytes, and keeps what was freed";
#endif
  // Written apart, so that the program itself does not hold it.
  std::string needle = "YRANAC-a3f7-airaM-zepoL-relay";
  std::reverse(needle.begin(), needle.end());
  std::string sealed_message;
  Town town;
  auto t = town.MakeRelayed();
  {
    exchange::Content content;
    content.header.id = Uuid::MakeV7(town.now(), town.random());
    content.header.from = t.practice.uri();
    content.header.to = t.payer.uri();
    content.header.lane = exchange::Lane::kRecord;
    content.header.number = 1;
    content.header.created = town.now();
    content.header.expires = town.now() + std::chrono::days{1};
    content.kind = exchange::PayloadKind::kRecordBatch;
    // Random enough that it is not compressed away.
    content.payload.resize(4096);
    town.random().Fill(content.payload);
    std::copy(needle.begin(), needle.end(), content.payload.begin() + 1000);
    const auto ring = t.practice.keys().Get();
    auto bytes = *BytesFromContent(content);
    ASSERT_GT(InMemory(needle), 1u) << "the search finds what is there";
    auto sealed =
        SealCms(bytes, ring->current.certificate, ring->current.key, t.payer.certificate());
    ASSERT_TRUE(sealed.ok());
    sealed_message = DeliverRequestFrom(content.header, *sealed);
    Zeroise(content.payload);
    Zeroise(bytes);
  }
  // Freed memory of the making is worn over before the relay begins.
  { std::vector<std::string> worn(2000, std::string(9000, 'x')); }
  const std::size_t before = InMemory(needle);
  const auto take = t.relay.engine().OpenTake(t.practice.uri(), [] {});
  auto envelope = EnvelopeFromDeliverRequest(sealed_message);
  ASSERT_TRUE(envelope.ok());
  take->Offer(*std::move(envelope));
  ASSERT_TRUE(take->TakeAnswers().refusals.empty());
  EXPECT_EQ(t.relay.State().relayed.envelopes, 1u);
  EXPECT_LE(InMemory(needle), before) << "keeping it for another adds nothing that can be read";
  for (const auto& file : std::filesystem::recursive_directory_iterator(t.relay.folder())) {
    if (!file.is_regular_file()) continue;
    EXPECT_EQ(Slurp(file.path()).find(needle), std::string::npos) << file.path();
  }
}

// A practice that tells its payer of its next certificate, in use from `from` on.
void Announce(Town& town, Town::Direct& direct, const TestCert& next, Instant from) {
  ASSERT_TRUE(direct.payer.db()
                  .Write("take over",
                         [&](Tx& tx) -> Status {
                           EQN_CHECK(PeerStore::Put(
                               tx, {.uri = direct.practice.uri(), .take_over = true}, town.now()));
                           direct.payer.enrolment().ReloadAfter(tx);
                           return Ok();
                         })
                  .ok());
  ASSERT_TRUE(direct.practice.db()
                  .Write("notice",
                         [&](Tx& tx) {
                           return QueueCertificateNotices(tx, direct.practice.enrolment(),
                                                          next.certificate(), from, town.now());
                         })
                  .ok());
}

TEST(SealedStory, ARenewalToldByNoticeIsTakenOverAndEnvelopesGoOn) {
  Town town;
  auto direct = town.MakeDirect();
  auto& [practice, payer, up, down] = direct;
  practice.Share(payer, kPeople);
  practice.TakeIn(5);
  const TestCert next = town.pki().Node("practice", "a");
  Announce(town, direct, next, town.now() + std::chrono::days{1});
  ASSERT_TRUE(town.Settle());
  town.clock().Advance(std::chrono::days{1});
  practice.Renew(next);
  practice.TakeIn(5);
  payer.TakeIn(4);
  payer.Share(practice, kPeople);
  ASSERT_TRUE(town.Settle());
  town.ExpectSound(practice, payer);
  town.ExpectSound(payer, practice);
  EXPECT_EQ(payer.State().dead_letters, 0u);
}

TEST(SealedStory, WhatIsSealedToAKeyThatIsNotThereYetIsSealedAnewAndArrivesOnce) {
  Town town;
  auto direct = town.MakeDirect();
  auto& [practice, payer, up, down] = direct;
  const TestCert next = town.pki().Node("practice", "a");
  Announce(town, direct, next, town.now());  // Too early: the practice does not use it yet.
  for (int i = 0; i < 5; ++i) town.Round();
  payer.TakeIn(9);
  payer.Share(practice, kPeople);
  EXPECT_FALSE(town.Settle(200));
  EXPECT_EQ(practice.RowsFrom(payer), 0u);
  practice.Renew(next);
  ASSERT_TRUE(town.Settle(20'000));
  practice.Share(payer, kPeople);
  practice.TakeIn(3);
  ASSERT_TRUE(town.Settle(20'000));
  town.ExpectSound(payer, practice);
  town.ExpectSound(practice, payer);
}

}  // namespace
}  // namespace equinode::testing
