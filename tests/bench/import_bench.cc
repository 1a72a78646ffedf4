// FHIR NDJSON to domain records beside a bare simdjson DOM parse with extraction of the same
// fields, both from memory and in turns; then whole imports of a file, with their peak memory.
// Arguments: [patients] [MiB of the large file], default 20,000 and 256.
#include <simdjson.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>

#include "client/import/fhir/parser.h"
#include "client/import/fhir/resource.h"
#include "client/import/importer.h"
#include "tests/bench/import_patient.h"
#include "tests/support/temp_folder.h"

namespace equinode {
namespace {

using Steady = std::chrono::steady_clock;
namespace dom = simdjson::dom;

double Since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

// Calls `each` with every line; the text has padding behind.
template <typename Each>
void ForEachLine(const std::string& text, Each each) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    each(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
}

std::uint64_t Sum(const dom::element& value) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) {
    return text.size() + (text.empty() ? 0 : static_cast<unsigned char>(text[0]));
  }
  bool truth = false;
  return value.get_bool().get(truth) == simdjson::SUCCESS && truth ? 1 : 0;
}

// Everything below an element that the importer also reads: names, identifiers, addresses,
// telecom, extensions, communication.
std::uint64_t SumAll(const dom::element& value) {
  std::uint64_t sum = 0;
  dom::array list;
  dom::object object;
  if (value.get_array().get(list) == simdjson::SUCCESS) {
    for (const dom::element element : list) sum += SumAll(element);
  } else if (value.get_object().get(object) == simdjson::SUCCESS) {
    for (const auto& [key, field] : object) {
      if (key != "period") sum += SumAll(field);
    }
  } else {
    sum += Sum(value);
  }
  return sum;
}

// The peer: views instead of strings, no check, no record.
std::uint64_t Bare(dom::parser& parser, std::string_view line) {
  dom::object object;
  if (parser.parse(line.data(), line.size(), false).get_object().get(object) != simdjson::SUCCESS) {
    std::abort();
  }
  std::uint64_t sum = 0;
  for (const auto& [key, field] : object) {
    if (key == "resourceType" || key == "id" || key == "gender" || key == "birthDate" ||
        key == "active" || key == "meta" || key == "extension" || key == "name" ||
        key == "identifier" || key == "address" || key == "telecom" || key == "communication" ||
        key == "managingOrganization") {
      sum += SumAll(field);
    }
  }
  return sum;
}

// Of this thread: others that want the machine do not count.
double Cpu() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// In turns over a thousand patients at a time, the best of each turn.
void Records(std::uint64_t patients) {
  constexpr std::uint64_t kTurn = 1000;
  constexpr int kRounds = 9;
  const SourceProfile profile;
  const fhir::PayerMap payers(profile.payers);
  const fhir::Surroundings around{profile, "clinic",
                                  std::chrono::sys_days{std::chrono::year{2026} / 11 / 1}, nullptr};
  double bare_seconds = 0;
  double our_seconds = 0;
  std::uint64_t bytes = 0;
  std::uint64_t sink = 0;
  dom::parser bare;
  fhir::Parser parser;
  fhir::ReadResource resource;
  std::string text;
  for (std::uint64_t from = 0; from < patients; from += kTurn) {
    text.clear();
    for (std::uint64_t i = from; i < std::min(patients, from + kTurn); ++i) {
      bench::AppendPatient(i, text);
    }
    text.reserve(text.size() + fhir::kPadding);
    bytes += text.size();
    double best_bare = 1e9;
    double best_ours = 1e9;
    for (int round = 0; round < kRounds; ++round) {
      double start = Cpu();
      ForEachLine(text, [&](std::string_view line) { sink += Bare(bare, line); });
      best_bare = std::min(best_bare, Cpu() - start);
      start = Cpu();
      ForEachLine(text, [&](std::string_view line) {
        const auto root = parser.Parse(line);
        if (!root.ok() || !fhir::ReadFhirResource(*root, {}, around, payers, resource).ok() ||
            resource.kind != fhir::ResourceKind::kPerson) {
          std::abort();
        }
        sink += resource.patient.person.assertions.size();
      });
      best_ours = std::min(best_ours, Cpu() - start);
    }
    bare_seconds += best_bare;
    our_seconds += best_ours;
  }
  const double mib = static_cast<double>(bytes) / (1024.0 * 1024.0);
  const double each = 1e6 / static_cast<double>(patients);
  std::printf("%llu patients, %.0f bytes each, time of the thread (checksum %llu)\n",
              static_cast<unsigned long long>(patients),
              static_cast<double>(bytes) / static_cast<double>(patients),
              static_cast<unsigned long long>(sink));
  std::printf("bare DOM parse and extraction  %7.0f MiB/s  %6.2f us a patient\n",
              mib / bare_seconds, bare_seconds * each);
  std::printf("to domain records              %7.0f MiB/s  %6.2f us a patient\n", mib / our_seconds,
              our_seconds * each);
  std::printf("ratio to the bare parse        %7.2f  (wanted: at least 0.50)\n",
              bare_seconds / our_seconds);
}

// An import in a process of its own, so that the peak is its own.
void WholeFile(const std::filesystem::path& path, const char* what) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    ImportOptions options;
    options.paths = {path};
    options.feed = "clinic";
    options.today = std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};
    ImportSink sink;
    std::uint64_t bytes = 0;
    sink.frame = [&](ImportFrame&& frame) -> Result<std::vector<FrameAnswer>> {
      for (const ImportedRecord& record : frame.records) bytes += record.body.size();
      return std::vector<FrameAnswer>{{frame.number, {}, 0, 0, 0}};
    };
    const auto start = Steady::now();
    const auto report = Import(options, sink);
    const double seconds = Since(start);
    if (!report.ok()) std::abort();
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const double mib = static_cast<double>(std::filesystem::file_size(path)) / (1024.0 * 1024.0);
    std::printf("%-22s %6.0f MiB  %8llu records  %6.0f MiB/s  peak %3ld MiB (wanted: at most 64)\n",
                what, mib, static_cast<unsigned long long>(report->persons), mib / seconds,
                usage.ru_maxrss / 1024);
    std::fflush(stdout);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) std::exit(1);
}

void Files(std::uint64_t mib) {
  testing::TempFolder folder;
  const auto path = folder.path() / "a.ndjson";
  for (const std::uint64_t size : {mib / 8, mib}) {
    {
      std::ofstream out(path, std::ios::binary);
      std::string text;
      std::uint64_t written = 0;
      for (std::uint64_t i = 0; written < size * 1024 * 1024; ++i) {
        text.clear();
        bench::AppendPatient(i, text);
        out << text;
        written += text.size();
      }
    }
    WholeFile(path, "file to frames");
  }
  std::ofstream out(path, std::ios::binary);  // What takes most of the parser's memory.
  for (int i = 0; i < 8; ++i) {
    out << "{\"resourceType\":\"Basic\",\"x\":[1";
    for (std::size_t n = 0; n < 999'000; ++n) out << ",1";
    out << "],\"y\":\"" << std::string(2'100'000, 'y') << "\"}\n";
  }
  out.close();
  WholeFile(path, "4 MiB lines of values");
}

}  // namespace
}  // namespace equinode

int main(int argc, char** argv) {
  const auto number = [&](int at, std::uint64_t otherwise) {
    return argc > at ? std::strtoull(argv[at], nullptr, 10) : otherwise;
  };
  equinode::Files(std::max<std::uint64_t>(8, number(2, 256)));
  equinode::Records(std::max<std::uint64_t>(1, number(1, 20'000)));
  return 0;
}
