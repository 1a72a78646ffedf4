#include "client/import/line_reader.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/client/import/collecting_sink.h"
#include "tests/client/import/gzip.h"
#include "tests/support/temp_folder.h"

namespace equinode {
namespace {

// Hands out a text in small and uneven pieces.
class TextSource final : public ByteSource {
 public:
  TextSource(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
  Result<std::size_t> Read(char* into, std::size_t most) override {
    const std::size_t count = std::min({most, piece_, text_.size() - at_});
    std::memcpy(into, text_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::uint64_t done() const override { return at_; }

 private:
  std::string text_;
  std::size_t piece_;
  std::size_t at_ = 0;
};

std::vector<std::string> AllLines(ByteSource& source) {
  LineReader reader(source);
  std::vector<std::string> lines;
  Line line;
  while (true) {
    const auto more = reader.Next(line);
    EXPECT_TRUE(more.ok());
    if (!more.ok() || !*more) return lines;
    EXPECT_EQ(line.number, lines.size() + 1);
    lines.push_back(line.too_long ? "(too long)" : std::string(line.text));
  }
}

TEST(LineReader, LinesEndWithEitherLineEndOrTheFile) {
  for (const std::size_t piece : {1u, 3u, 1000u}) {
    TextSource source(
        "\xEF\xBB\xBF"
        "a\r\nb\n\nc\rd\ne",
        piece);
    EXPECT_EQ(AllLines(source), (std::vector<std::string>{"a", "b", "", "c\rd", "e"}));
  }
  TextSource empty("", 10);
  EXPECT_TRUE(AllLines(empty).empty());
  TextSource ended("a\n", 10);
  EXPECT_EQ(AllLines(ended), std::vector<std::string>{"a"});
}

TEST(LineReader, ALineOverFourMebibytesIsToldAndTheRestIsRead) {
  const std::string most(LineReader::kMaxLine, 'x');
  for (const std::size_t piece : {100'000u, 1u << 20, 1u << 24}) {
    TextSource source("a\n" + most + "\n" + most + "y\nb\n" + most + most + most, piece);
    const auto lines = AllLines(source);
    ASSERT_EQ(lines.size(), 5u);
    EXPECT_EQ(lines[1].size(), most.size());
    EXPECT_EQ(lines[2], "(too long)");
    EXPECT_EQ(lines[3], "b");
    EXPECT_EQ(lines[4], "(too long)");
  }
}

TEST(LineReader, GoesOnFromAnyLineEndAsIfItHadReadAll) {
  SeededRandom random(3);
  std::string text;
  for (int i = 0; i < 500; ++i) text += std::string(random.Below(3000), 'a') + "\n";
  TextSource source(text, 4096);
  LineReader reader(source);
  Line line;
  std::vector<std::pair<std::uint64_t, std::string>> all;
  while (*reader.Next(line)) all.emplace_back(line.end, std::string(line.text));
  ASSERT_EQ(all.size(), 500u);
  for (const std::size_t from : {0u, 1u, 250u, 498u}) {
    TextSource again(text, 777);
    LineReader rest(again);
    ASSERT_TRUE(rest.Skip(all[from].first, from + 1).ok());
    for (std::size_t i = from + 1; i < all.size(); ++i) {
      ASSERT_TRUE(*rest.Next(line));
      EXPECT_EQ(line.number, i + 1);
      EXPECT_EQ(line.end, all[i].first);
      ASSERT_EQ(line.text, all[i].second);
    }
    EXPECT_FALSE(*rest.Next(line));
  }
  TextSource shrunk("abc", 10);
  EXPECT_EQ(LineReader(shrunk).Skip(10, 1).error().reason, "FILE_SHRANK");
}

TEST(ByteSource, GunzipsWhatIsGzipInOneMemberOrMore) {
  testing::TempFolder folder;
  const auto path = folder.path() / "a.gz";
  WriteFile(path, Gzip("one\n") + Gzip("two\n"));
  auto source = OpenSource(path);
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(AllLines(**source), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ((*source)->done(), std::filesystem::file_size(path));
}

TEST(ByteSource, AGzipThatIsCutOffOrDamagedGivesWhatItCanAndSaysSo) {
  testing::TempFolder folder;
  const std::string whole = Gzip(std::string(100'000, 'a') + "\nb\n");
  for (const bool cut : {true, false}) {
    const auto path = folder.path() / "a.gz";
    std::string bytes = whole;
    if (cut) bytes.resize(bytes.size() - 10);
    if (!cut) bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);  // The CRC.
    WriteFile(path, bytes);
    auto source = OpenSource(path);
    ASSERT_TRUE(source.ok());
    LineReader reader(**source);
    Line line;
    Result<bool> more = true;
    while (more.ok() && *more) more = reader.Next(line);
    ASSERT_FALSE(more.ok());
    EXPECT_EQ(more.error().reason, "BAD_GZIP");
  }
}

TEST(ByteSource, AFileThatCannotBeReadIsSaidToBe) {
  testing::TempFolder folder;
  EXPECT_EQ(OpenSource(folder.path() / "none").error().reason, "CANNOT_READ");
}

}  // namespace
}  // namespace equinode
