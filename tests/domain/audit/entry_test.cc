#include "domain/audit/entry.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace equinode {
namespace {

AuditEntry Entry() {
  AuditEntry entry;
  entry.number = 7;
  entry.at = Instant{Millis{1'800'000'000'123}};
  entry.actor = "spiffe://n/practice/a/operator/ann";
  entry.from = "127.0.0.1:4000";
  entry.action = "/equinode.v1.RecordService/GetPerson";
  entry.subject = "person";
  entry.outcome = "OK";
  entry.disclosure = true;
  return entry;
}

TEST(AuditEntry, EachFieldChangesTheHash) {
  const Digest before{};
  const Digest hash = NextAuditHash(before, Entry());
  const std::vector<std::function<void(AuditEntry&)>> changes = {
      [](AuditEntry& e) { e.number = 8; },
      [](AuditEntry& e) { e.at += Millis{1}; },
      [](AuditEntry& e) { e.actor += "a"; },
      [](AuditEntry& e) { e.from.clear(); },
      [](AuditEntry& e) { e.action += "s"; },
      [](AuditEntry& e) { e.subject = "persons"; },
      [](AuditEntry& e) { e.purpose = "treatment"; },
      [](AuditEntry& e) { e.outcome = "NOT_FOUND"; },
      [](AuditEntry& e) { e.disclosure = false; },
      [](AuditEntry& e) { e.touched = 1; },
      [](AuditEntry& e) { e.touched_digest[31] = 1; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    AuditEntry entry = Entry();
    changes[i](entry);
    EXPECT_NE(NextAuditHash(before, entry), hash) << "change " << i;
  }
  Digest other{};
  other[0] = 1;
  EXPECT_NE(NextAuditHash(other, Entry()), hash);
}

TEST(AuditEntry, TextCannotWanderFromOneFieldIntoTheNext) {
  AuditEntry a = Entry();
  AuditEntry b = Entry();
  a.subject = "ab";
  a.purpose = "c";
  b.subject = "a";
  b.purpose = "bc";
  EXPECT_NE(CanonicalBytes(a), CanonicalBytes(b));
}

TEST(AuditEntry, TheBytesAreTheOnesOfVersionOne) {
  // Computed apart with Python's hashlib; a change here breaks every log there is.
  EXPECT_EQ(ToHex(NextAuditHash(Digest{}, Entry())),
            "463551b221ccc8b1ede3b04fc70e3111587df0ca02722f83d7f970aee53e04af");
}

TEST(AuditText, TL05_StaysOnOneLineEscapedAndCut) {
  EXPECT_EQ(AuditText("plain text"), "plain text");
  EXPECT_EQ(AuditText(std::string("a\nb\0c\x7f\xc3\xa9", 8)), "a\\x0ab\\x00c\\x7f\\xc3\\xa9");
  const std::string longer = AuditText(std::string(1'000'000, 'x'));
  EXPECT_EQ(longer.size(), 256u);
  EXPECT_TRUE(longer.ends_with("..."));
  EXPECT_EQ(AuditText(longer), longer);
  EXPECT_EQ(AuditText(AuditText("a\nb")), AuditText("a\nb"));
  EXPECT_LE(AuditText(std::string(300, '\n')).size(), 256u);
}

TEST(TouchedIds, ComeBackInOrderAndAreNotMixedUp) {
  TouchedIds ids;
  EXPECT_EQ(ids.digest(), Digest{});
  for (const char* id : {"b", "", "a"}) ids.Add(id);
  ids.Add(std::string("nul\0inside", 10));
  const auto back = TouchedFrom(ids.bytes());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, (std::vector<std::string>{"b", "", "a", std::string("nul\0inside", 10)}));
  EXPECT_EQ(ids.count(), 4u);
  TouchedIds joined;
  joined.Add("ba");
  TouchedIds apart;
  apart.Add("b");
  apart.Add("a");
  EXPECT_NE(joined.digest(), apart.digest());
}

TEST(TouchedIds, DamagedBytesAreAnError) {
  TouchedIds ids;
  ids.Add("abc");
  const Bytes bytes(ids.bytes().begin(), ids.bytes().end());
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_FALSE(TouchedFrom(ByteView(bytes).first(size)).ok()) << size;
  }
  const Bytes huge = {0xff, 0xff, 0xff, 0xff, 1};
  EXPECT_FALSE(TouchedFrom(huge).ok());
}

}  // namespace
}  // namespace equinode
