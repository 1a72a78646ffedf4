#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "server/custody/database_key.h"
#include "storage/sqlite/database.h"
#include "tests/support/temp_folder.h"

namespace equinode {
namespace {

namespace fs = std::filesystem;
using Kind = KeyCustody::Kind;
using From = KeyCustody::From;

const std::string kGoodKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eFF";
constexpr Argon2Params kQuick{.memory_kib = 19 * 1024, .passes = 1, .lanes = 1};

class CustodyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(place_.data);
    fs::create_directories(place_.credentials);
  }
  void Put(const fs::path& file, const std::string& text, unsigned mode = 0600) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    ASSERT_EQ(chmod(file.c_str(), mode), 0);
  }
  template <typename T>
  static std::string Why(const Result<T>& result) {
    return result.ok() ? "OK" : result.error().reason;
  }
  std::string Reads(const KeyCustody& custody) { return Why(ReadCustody(custody, place_)); }
  KeyCustody File(const std::string& name = "key") {
    return {.kind = Kind::kFile, .file = root_.path() / name};
  }
  // What start does first; whatever it says, it has made nothing.
  std::string Opens(const KeyCustody& custody) {
    const auto before = Files();
    const auto key = OpenDatabaseKey(custody, place_);
    EXPECT_EQ(Files(), before);
    return Why(key);
  }
  std::set<std::string> Files() {
    std::set<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(root_.path())) {
      files.insert(entry.path());
    }
    return files;
  }
  std::string Header() {
    std::ifstream in(place_.data / kKeyHeaderName, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  KeyCustody Passphrase(const std::string& text) {
    Put(root_.path() / "pass", text);
    return {.kind = Kind::kPassphrase, .file = root_.path() / "pass", .from = From::kFile};
  }

  testing::TempFolder root_{};
  const CustodyPlace place_{root_.path() / "data", root_.path() / "credentials"};
  SeededRandom random_{1};
  const Instant now_{Millis{1'800'000'000'000}};
};

TEST_F(CustodyTest, AKeyFileIsSixtyFourHexDigits) {
  Put(root_.path() / "key", kGoodKey + "\n");
  const auto key = ReadCustody(File(), place_);
  ASSERT_TRUE(key.ok());
  ASSERT_EQ(key->size(), 32u);
  EXPECT_EQ(key->view()[1], 1);
  EXPECT_EQ(key->view()[31], 0xff);
}

TEST_F(CustodyTest, TF11_EmptyAndMalformedKeysAreRefused) {
  const auto with = [&](const std::string& text) {
    Put(root_.path() / "key", text);
    return Reads(File());
  };
  EXPECT_EQ(with(""), "KEY_FILE_EMPTY");
  EXPECT_EQ(with("\n"), "KEY_FILE_EMPTY");
  for (const std::string& bad :
       {kGoodKey.substr(1), kGoodKey + "0", kGoodKey + "\n\n", " " + kGoodKey, kGoodKey + " ",
        "x'" + kGoodKey + "'", std::string(64, 'g'), std::string(32, '\1'), std::string(64, '\0'),
        std::string("0x") + kGoodKey.substr(2), std::string(100'000, 'a')}) {
    EXPECT_EQ(with(bad), "KEY_FILE_MALFORMED") << bad.substr(0, 70);
  }
}

TEST_F(CustodyTest, TF11_AKeyFileThatOthersCanReadIsRefused) {
  for (const unsigned mode : {0644u, 0640u, 0660u, 0604u, 0601u, 0700u | 0070u}) {
    Put(root_.path() / "key", kGoodKey, mode);
    EXPECT_EQ(Reads(File()), "KEY_FILE_MODE") << std::oct << mode;
  }
  for (const unsigned mode : {0600u, 0400u}) {
    Put(root_.path() / "key", kGoodKey, 0600);
    ASSERT_EQ(chmod((root_.path() / "key").c_str(), mode), 0);
    EXPECT_EQ(Reads(File()), "OK");
  }
}

TEST_F(CustodyTest, TF11_AKeyFileInsideTheDataFolderIsRefused) {
  Put(place_.data / "key", kGoodKey);
  EXPECT_EQ(Reads({.file = place_.data / "key"}), "KEY_FILE_INSIDE");
  EXPECT_EQ(Reads({.file = root_.path() / "credentials" / ".." / "data" / "key"}),
            "KEY_FILE_INSIDE");
  fs::create_symlink(place_.data / "key", root_.path() / "link");
  EXPECT_EQ(Reads(File("link")), "KEY_FILE_INSIDE");
  // A folder whose name begins the same is another one.
  fs::create_directories(root_.path() / "data2");
  Put(root_.path() / "data2" / "key", kGoodKey);
  EXPECT_EQ(Reads(File("data2/key")), "OK");
}

TEST_F(CustodyTest, WhatIsNotAFileIsNotAKey) {
  EXPECT_EQ(Reads(File("absent")), "KEY_FILE_MISSING");
  EXPECT_EQ(Reads({.file = place_.credentials}), "KEY_FILE_MISSING");
  ASSERT_EQ(mkfifo((root_.path() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(Reads(File("pipe")), "KEY_FILE_MISSING") << "and it did not wait for a writer";
}

TEST_F(CustodyTest, ACredentialComesFromSystemd) {
  Put(place_.credentials / "equinode-key", kGoodKey + "\n", 0440);
  const KeyCustody custody{.kind = Kind::kCredential, .credential = "equinode-key"};
  EXPECT_EQ(Reads(custody), "OK");
  EXPECT_EQ(Why(ReadCustody(custody, {place_.data, ""})), "NO_CREDENTIALS");
  EXPECT_EQ(Reads({.kind = Kind::kCredential, .credential = "other"}), "KEY_FILE_MISSING");
  Put(place_.credentials / "equinode-key", kGoodKey, 0444);
  EXPECT_EQ(Reads(custody), "KEY_FILE_MODE");
}

TEST_F(CustodyTest, APassphraseIsOneLineFromADescriptor) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string text = "correct horse\r\nrest";
  ASSERT_EQ(write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  const KeyCustody custody{.kind = Kind::kPassphrase, .from = From::kDescriptor, .fd = ends[0]};
  const auto first = ReadCustody(custody, place_);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(AsText(first->view()), "correct horse");
  close(ends[1]);
  const auto second = ReadCustody(custody, place_);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(AsText(second->view()), "rest") << "the next line belongs to somebody else";
  EXPECT_EQ(Reads(custody), "NO_PASSPHRASE");
  close(ends[0]);
  EXPECT_EQ(Reads(custody), "NO_PASSPHRASE");
}

TEST_F(CustodyTest, TheKeyIsTheSameUnderEachCustody) {
  ASSERT_TRUE(MakeKeyFile(root_.path() / "key", place_, random_).ok());
  EXPECT_EQ(fs::status(root_.path() / "key").permissions(), fs::perms{0600});
  EXPECT_EQ(Why(MakeKeyFile(root_.path() / "key", place_, random_)), "KEY_FILE_EXISTS");
  EXPECT_EQ(Why(MakeKeyFile(place_.data / "key", place_, random_)), "KEY_FILE_INSIDE");
  const auto made = MakeDatabaseKey(File(), place_, now_, random_);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(fs::status(place_.data / kKeyHeaderName).permissions(), fs::perms{0600});
  const auto same = [&](const KeyCustody& custody) {
    const auto opened = OpenDatabaseKey(custody, place_);
    return opened.ok() && EqualConstantTime(opened->view(), made->view());
  };
  EXPECT_TRUE(same(File()));
  const KeyCustody passphrase = Passphrase("correct horse battery staple\n");
  ASSERT_TRUE(RewrapDatabaseKey(File(), passphrase, place_, random_, kQuick).ok());
  EXPECT_TRUE(same(passphrase));
  EXPECT_EQ(Opens(File()), "KEY_CUSTODY_OTHER");
  Put(place_.credentials / "k", kGoodKey, 0400);
  const KeyCustody credential{.kind = Kind::kCredential, .credential = "k"};
  ASSERT_TRUE(RewrapDatabaseKey(passphrase, credential, place_, random_).ok());
  EXPECT_TRUE(same(credential));
  EXPECT_EQ(Why(MakeDatabaseKey(File(), place_, now_, random_)), "KEY_HEADER_EXISTS");
  EXPECT_TRUE(same(credential)) << "never over another";
}

TEST_F(CustodyTest, TF11_AWrongKeyOpensNothingAndMakesNothing) {
  Put(root_.path() / "key", kGoodKey);
  EXPECT_EQ(Opens(File()), "NO_KEY_HEADER");
  ASSERT_TRUE(MakeDatabaseKey(File(), place_, now_, random_).ok());
  EXPECT_EQ(Opens(File()), "OK");
  std::string other = kGoodKey;
  other[0] = '1';
  Put(root_.path() / "key", other);
  EXPECT_EQ(Opens(File()), "WRONG_KEY");
  Put(root_.path() / "key", "");
  EXPECT_EQ(Opens(File()), "KEY_FILE_EMPTY");
  Put(root_.path() / "key", "nonsense");
  EXPECT_EQ(Opens(File()), "KEY_FILE_MALFORMED");
  Put(root_.path() / "key", kGoodKey, 0644);
  EXPECT_EQ(Opens(File()), "KEY_FILE_MODE");
}

TEST_F(CustodyTest, TF11_AWrongPassphraseOpensNothing) {
  ASSERT_TRUE(MakeDatabaseKey(Passphrase("right"), place_, now_, random_, kQuick).ok());
  EXPECT_EQ(Opens(Passphrase("right")), "OK");
  EXPECT_EQ(Opens(Passphrase("Right")), "WRONG_KEY");
  EXPECT_EQ(Opens(Passphrase("")), "NO_PASSPHRASE");
}

// Any byte of the header changed, and any part of it exchanged for another header's, is noticed.
TEST_F(CustodyTest, TF11_AChangedHeaderIsRefused) {
  ASSERT_TRUE(MakeDatabaseKey(Passphrase("right"), place_, now_, random_, kQuick).ok());
  const std::string good = Header();
  const KeyCustody custody = Passphrase("right");
  for (std::size_t at = 0; at < good.size(); at += 7) {
    std::string bad = good;
    bad[at] = bad[at] == '0' ? '1' : '0';
    Put(place_.data / kKeyHeaderName, bad);
    EXPECT_NE(Opens(custody), "OK") << "byte " << at;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, good.size() - 1}) {
    Put(place_.data / kKeyHeaderName, good.substr(0, size));
    EXPECT_EQ(Opens(custody), "KEY_HEADER_DAMAGED");
  }
  Put(place_.data / kKeyHeaderName, good + "more\n");
  EXPECT_EQ(Opens(custody), "KEY_HEADER_DAMAGED");
}

TEST(CipherLibrary, TF11_AnotherLibraryVersionIsRefused) {
  EXPECT_TRUE(CheckCipherLibrary().ok());
  for (const char* good : {"4.6.1 community", "4.6.0", "4.10.0 community", "5.0"}) {
    EXPECT_TRUE(CheckCipherVersion(good).ok()) << good;
  }
  for (const char* bad : {"", "3.4.1", "4.5.7 community", "4", "community", "-4.9"}) {
    const Status refused = CheckCipherVersion(bad);
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().reason, "CIPHER_TOO_OLD");
  }
}

TEST_F(CustodyTest, TF11_TheDatabaseRefusesWhatIsNotIts) {
  Put(root_.path() / "key", kGoodKey);
  const auto key = MakeDatabaseKey(File(), place_, now_, random_);
  ASSERT_TRUE(key.ok());
  const ManualClock clock(now_);
  const auto open = [&](const Secret& with) {
    const auto before = Files();
    const auto opened = Database::Open(place_.data, with, clock);
    EXPECT_EQ(Files(), before) << "refused before any file is made";
    return Why(opened);
  };
  EXPECT_EQ(open(Secret()), "BAD_KEY");
  EXPECT_EQ(open(Secret(31)), "BAD_KEY");
  std::ofstream(place_.data / Database::kFileName)
      << std::string("SQLite format 3\0", 16) << std::string(8176, '\0');
  EXPECT_EQ(open(*key), "DATABASE_IN_CLEAR");
  std::ofstream(place_.data / Database::kFileName) << "PK\3\4 an archive";
  EXPECT_EQ(open(*key), "NOT_A_DATABASE");
}

}  // namespace
}  // namespace equinode
