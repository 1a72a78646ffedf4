#include "client/generate/generate.h"

#include <algorithm>
#include <cctype>

#include "client/generate/practice_files.h"
#include "client/generate/profile_text.h"

namespace equinode {
namespace {

namespace fs = std::filesystem;

Error BadOption(std::string message) {
  return Error{Code::kInvalidArgument, "BAD_OPTION", std::move(message)};
}

// The rule of organisations in identities, which are also the names of folders and feeds here.
bool IsName(const std::string& name) {
  const auto alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 64 && alnum(name.front()) && alnum(name.back()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return alnum(c) || c == '-' || c == '.'; });
}

Status Check(const GenerateOptions& options) {
  if (options.people < 1 || options.people > 100'000'000) {
    return BadOption("the number of people is from 1 to 100,000,000");
  }
  if (options.practices.empty() || options.practices.size() > 100) {
    return BadOption("there are 1 to 100 practices");
  }
  std::vector<std::string> names = options.practices;
  std::sort(names.begin(), names.end());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!IsName(names[i]) || names[i] == "profiles") {
      return BadOption(
          "a practice's name has 1 to 64 of a-z 0-9 . - and begins and ends with a "
          "letter or digit");
    }
    if (i > 0 && names[i] == names[i - 1]) return BadOption("a practice is named twice");
  }
  std::error_code error;
  if (fs::exists(options.out, error) && !fs::is_empty(options.out, error)) {
    return Error{Code::kAlreadyExists, "OUT_NOT_EMPTY",
                 options.out.string() + " is not empty; name a new folder"};
  }
  return Ok();
}

Status WriteText(const fs::path& path, const std::string& text) {
  EQN_TRY(made::OutFile file, made::OutFile::Create(path));
  file.text() = text;
  return file.Close();
}

std::string Counts(const std::map<std::string, std::uint64_t, std::less<>>& counts) {
  std::string out = "{";
  for (const auto& [what, count] : counts) {
    out.append(out.size() > 1 ? ", " : "").append("\"").append(what).append("\": ");
    out.append(std::to_string(count));
  }
  return out + "}";
}

void PutNumber(std::string& out, std::string_view name, std::uint64_t number) {
  out.append("     \"").append(name).append("\": ").append(std::to_string(number)).append(",\n");
}

}  // namespace

std::string ManifestJson(const GenerateOptions& options, const GenerateReport& report) {
  std::string out = "{\n \"made_by\": \"equinode generate\",\n \"seed\": ";
  out.append(std::to_string(options.seed)).append(",\n \"people\": ");
  out.append(std::to_string(options.people)).append(",\n \"payer\": \"").append(options.payer_uri);
  out.append("\",\n \"other_payer\": \"").append(options.other_payer_uri);
  out.append("\",\n \"report_year\": ").append(std::to_string(made::kReportYear));
  out.append(",\n \"practices\": [");
  for (const MadePractice& practice : report.practices) {
    out.append(&practice == report.practices.data() ? "\n" : ",\n");
    out.append("    {\"name\": \"").append(practice.name).append("\",\n");
    PutNumber(out, "people", practice.people);
    PutNumber(out, "patient_lines", practice.patient_lines);
    PutNumber(out, "coverage_lines", practice.coverage_lines);
    PutNumber(out, "measure_rows", practice.measure_rows);
    PutNumber(out, "care_lines", practice.care_lines);
    PutNumber(out, "other_resources", practice.other_resources);
    PutNumber(out, "bytes", practice.bytes);
    PutNumber(out, "lines_to_be_refused", practice.dirt.refused_lines());
    out.append("     \"refused\": ").append(Counts(practice.dirt.refused)).append(",\n");
    out.append("     \"kept\": ").append(Counts(practice.dirt.kept)).append("}");
  }
  return out + "\n ]\n}\n";
}

Result<GenerateReport> Generate(const GenerateOptions& options) {
  EQN_CHECK(Check(options));
  std::error_code error;
  fs::create_directories(options.out / "profiles", error);
  if (error) {
    return Error{Code::kInternal, "CANNOT_WRITE",
                 "cannot make " + (options.out / "profiles").string() + ": " + error.message()};
  }
  GenerateReport report;
  std::uint64_t done = 0;
  const std::size_t count = options.practices.size();
  for (std::size_t i = 0; i < count; ++i) {
    made::Practice practice;
    practice.name = options.practices[i];
    practice.number = static_cast<std::uint32_t>(i);
    practice.sex_style = static_cast<made::SexStyle>(i % 3);
    EQN_TRY(made::PracticeFiles files, made::PracticeFiles::Create(options, practice));
    // The first ones are larger: shares of 5, 4, 3, 3, 3 ... of the whole.
    const auto share = [&](std::size_t n) -> std::uint64_t { return n == 0 ? 5 : n == 1 ? 4 : 3; };
    std::uint64_t all = 0;
    std::uint64_t before = 0;
    for (std::size_t n = 0; n < count; ++n) {
      all += share(n);
      if (n < i) before += share(n);
    }
    const std::uint64_t begin = options.people * before / all;
    const std::uint64_t end = options.people * (before + share(i)) / all;
    for (std::uint64_t number = 0; number < end - begin; ++number) {
      EQN_CHECK(files.Add(static_cast<std::uint32_t>(number)));
      if (++done % 1000 == 0 && options.progress) options.progress(done);
    }
    EQN_TRY(MadePractice made, files.Close());
    made.profile = options.out / "profiles" / (practice.name + ".toml");
    EQN_CHECK(WriteText(made.profile,
                        made::ProfileText(practice, options.payer_uri, options.other_payer_uri,
                                          made::MethodOf(practice))));
    report.practices.push_back(std::move(made));
  }
  EQN_CHECK(WriteText(options.out / "manifest.json", ManifestJson(options, report)));
  return report;
}

}  // namespace equinode
