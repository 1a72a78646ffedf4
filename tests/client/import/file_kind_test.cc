#include "client/import/file_kind.h"

#include <gtest/gtest.h>

#include "client/import/file_list.h"
#include "tests/client/import/collecting_sink.h"
#include "tests/support/temp_folder.h"

namespace equinode {
namespace {

std::string Kind(std::string_view head, std::string_view name, bool whole = true) {
  const auto kind = KindOf(head, whole, std::string(name));
  if (!kind.ok()) return kind.error().reason;
  switch (*kind) {
    case FileKind::kEmpty:
      return "empty";
    case FileKind::kLines:
      return "lines";
    case FileKind::kDocument:
      return "document";
    case FileKind::kTable:
      return "table";
  }
  return "?";
}

TEST(FileKind, IsToldByTheContent) {
  EXPECT_EQ(Kind("{\"a\":1}\n{\"b\":2}\n", "x.json"), "lines");
  EXPECT_EQ(Kind("{\"a\":1}\n{\"b\":2}\n", "x"), "lines");
  EXPECT_EQ(Kind("{\n \"a\":1\n}\n", "x.ndjson"), "document");
  EXPECT_EQ(Kind("{\n \"a\":1\n}\n", "x.json"), "document");
  EXPECT_EQ(Kind("{\"a\":1}", "x.json"), "document");
  EXPECT_EQ(Kind("{\"a\":1}\n", "x.ndjson"), "lines");
  EXPECT_EQ(Kind("\xEF\xBB\xBF \n{\"a\":1}", "x.json"), "document");
  EXPECT_EQ(Kind("mrn,measure\n1,2\n", "x.txt"), "table");
  EXPECT_EQ(Kind("mrn\tmeasure\n", "x"), "table");
  EXPECT_EQ(Kind("", "x"), "empty");
  EXPECT_EQ(Kind(" \n\n", "x"), "empty");
}

TEST(FileKind, ANameDecidesOnlyWhatTheContentLeavesOpen) {
  // A broken first line does not cost the others.
  EXPECT_EQ(Kind("{\"a\":\n{\"b\":2}\n", "x.ndjson"), "lines");
  EXPECT_EQ(Kind("oops\n{\"b\":2}\n", "x.ndjson.gz"), "lines");
  // One line longer than what was looked at.
  const std::string head = "{\"a\":\"" + std::string(1000, 'x');
  EXPECT_EQ(Kind(head, "x.json", false), "document");
  EXPECT_EQ(Kind(head, "x.json.gz", false), "document");
  EXPECT_EQ(Kind(head, "x.ndjson", false), "lines");
  EXPECT_EQ(Kind(head, "x.ndjson.gz", false), "lines");
}

TEST(FileKind, WhatCannotBeReadIsNamed) {
  EXPECT_EQ(Kind("<Bundle/>", "x.xml"), "NOT_JSON");
  EXPECT_EQ(Kind("PK\x03\x04...", "x.zip"), "NOT_JSON");
  EXPECT_EQ(Kind("[{}]", "x.json"), "JSON_ARRAY");
  EXPECT_EQ(Kind("\xFF\xFE{", "x.json"), "BAD_ENCODING");
  EXPECT_EQ(Kind("{\n}\n{\n}\n", "x.json"), "SEVERAL_DOCUMENTS");
  EXPECT_EQ(Kind("# A readme\n", "README.md"), "UNKNOWN_FORMAT");
  EXPECT_EQ(Kind(std::string_view("\x7f"
                                  "ELF\0\0,,",
                                  8),
                 "x"),
            "UNKNOWN_FORMAT");
}

TEST(FileList, IsInAStableOrderWithTablesLast) {
  testing::TempFolder folder;
  const auto& at = folder.path();
  for (const char* name :
       {"b/2.ndjson", "b/1.ndjson", "a.csv", "c.json", ".hidden/x.json", "b/.x.json", "d.csv.gz"}) {
    WriteFile(at / name, "x");
  }
  std::filesystem::create_symlink(at / "c.json", at / "link.json");
  std::filesystem::create_directory_symlink(at, at / "b" / "loop");
  const auto files = FindFiles({at});
  ASSERT_TRUE(files.ok());
  std::vector<std::string> names;
  for (const FoundFile& file : *files) {
    names.push_back(std::filesystem::relative(file.path, at).string());
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"b/1.ndjson", "b/2.ndjson", "c.json", "a.csv", "d.csv.gz"}));
  EXPECT_EQ(FindFiles({at / "link.json"})->size(), 1u);  // Named by itself it is meant.
  EXPECT_EQ(FindFiles({at / "none"}).error().reason, "NO_SUCH_PATH");
  EXPECT_EQ(FindFiles({"/dev/null"}).error().reason, "NO_SUCH_PATH");
}

}  // namespace
}  // namespace equinode
