#include "client/generate/practice_files.h"

#include <array>

#include "client/generate/care_lines.h"

namespace equinode::made {
namespace {

// In the order in which an import of the folder reads them: coverages before their people.
enum File : std::size_t {
  kConditions,
  kCoverages,
  kEncounters,
  kObservations,
  kOrganizations,
  kPatients,
  kMeasures
};
constexpr std::array<std::string_view, 7> kNames = {
    "Condition.ndjson",    "Coverage.ndjson", "Encounter.ndjson", "Observation.ndjson",
    "Organization.ndjson", "Patient.ndjson",  "measures.csv"};

struct PatientFaultRow {
  PatientFault fault{};
  std::string_view word{};
  bool refused = true;
};
constexpr PatientFaultRow kPatientFaults[] = {
    {PatientFault::kMissingId, "patient without id", true},
    {PatientFault::kBadBirthDate, "birth date that is none", true},
    {PatientFault::kFutureBirthDate, "birth date in the future", true},
    {PatientFault::kNullBesideRace, "race beside asked but unknown (us-core-23)", true},
    {PatientFault::kEthnicityInRace, "ethnicity code in the race slot", false},
};
struct CoverageFaultRow {
  CoverageFault fault{};
  std::string_view word{};
  bool refused = true;
};
constexpr CoverageFaultRow kCoverageFaults[] = {
    {CoverageFault::kNoMemberNumber, "coverage without member number (us-core-15)", true},
    {CoverageFault::kBadPeriod, "coverage with a day that is none", true},
    {CoverageFault::kReversedPeriod, "coverage that ends before it starts", true},
    {CoverageFault::kByIdentifierOnly, "beneficiary by identifier only", true},
    {CoverageFault::kNoPayor, "coverage without payor", true},
    {CoverageFault::kNobody, "beneficiary who is nowhere", false},
};

void AppendRow(std::string& out, std::string_view mrn, const MadeResult& result) {
  out.append(mrn).append(",").append(result.measure).append(",").append(result.period);
  out.append(result.denominator ? ",1," : ",0,").append(result.numerator ? "1" : "0");
}

}  // namespace

Result<PracticeFiles> PracticeFiles::Create(const GenerateOptions& options,
                                            const Practice& practice) {
  PracticeFiles files(options, practice);
  files.made_.name = practice.name;
  files.made_.folder = options.out / practice.name;
  std::error_code error;
  if (!std::filesystem::create_directory(files.made_.folder, error)) {
    return Error{Code::kInternal, "CANNOT_WRITE",
                 "cannot make " + files.made_.folder.string() + ": " + error.message()};
  }
  for (const std::string_view name : kNames) {
    EQN_TRY(OutFile file, OutFile::Create(files.made_.folder / name));
    files.files_.push_back(std::move(file));
  }
  AppendOrganizations(practice, files.files_[kOrganizations].text());
  files.files_[kMeasures].text() = "mrn,measure,period,denominator,numerator\n";
  return files;
}

void PracticeFiles::EndLine(OutFile& file, Chance& chance) {
  if (options_->dirty && chance.PerMille(2)) {
    file.text() += "\r\n";
    made_.dirt.Kept("line that ends with CR LF");
  } else {
    file.text() += '\n';
  }
  if (options_->dirty && chance.PerMille(1)) {
    file.text() += '\n';
    made_.dirt.Kept("empty line");
  }
}

Status PracticeFiles::AddPatient(const MadePerson& person, Chance& chance, bool* taken) {
  OutFile& file = files_[kPatients];
  std::string line;
  const std::uint32_t lot = options_->dirty ? chance.Below(1000) : 999;
  PatientFault fault = PatientFault::kNone;
  if (lot < 10) {
    const PatientFaultRow& row = kPatientFaults[lot / 2];
    fault = row.fault;
    row.refused ? made_.dirt.Refused(row.word) : made_.dirt.Kept(row.word);
    *taken = !row.refused;
  }
  AppendPatient(person, practice_, fault, line);
  if (lot >= 10 && lot < 12) {
    Break(line, person.house);
    made_.dirt.Refused("patient line that is not JSON");
    *taken = false;
  } else if (lot == 12) {
    SpoilEncoding(line);
    made_.dirt.Refused("line that is not UTF-8");
    *taken = false;
  } else if (lot < 18 && lot > 12) {
    file.text().append(line).append("\n");
    ++made_.patient_lines;
    made_.dirt.Kept("patient line that stands twice");
  } else if (lot >= 18 && lot < 28) {
    AppendPatient(Changed(person, chance), practice_, PatientFault::kNone, later_patients_);
    later_patients_ += '\n';
    ++made_.patient_lines;
    made_.dirt.Kept("patient in a later version");
  } else if (lot == 28) {
    AppendEncounter(person, chance, file.text());
    file.text() += '\n';
    ++made_.other_resources;
    made_.dirt.Kept("encounter among the patients");
  }
  file.text().append(line);
  ++made_.patient_lines;
  EndLine(file, chance);
  return file.MayFlush();
}

Status PracticeFiles::AddCoverages(const MadePerson& person, Chance& chance) {
  OutFile& file = files_[kCoverages];
  for (const MadeCoverage& coverage : person.coverages) {
    const std::uint32_t lot = options_->dirty ? chance.Below(1000) : 999;
    CoverageFault fault = CoverageFault::kNone;
    if (lot < 6) {
      const CoverageFaultRow& row = kCoverageFaults[lot];
      fault = row.fault;
      row.refused ? made_.dirt.Refused(row.word) : made_.dirt.Kept(row.word);
    }
    const auto form_lot = chance.Below(100);
    const std::uint32_t form = form_lot < 10 ? 1U : form_lot < 15 ? 2U : form_lot < 18 ? 3U : 0U;
    std::string line;
    AppendCoverage(person, coverage, practice_, form, fault, line);
    if (lot >= 6 && lot < 8) {
      Break(line, static_cast<std::uint32_t>(person.house));
      made_.dirt.Refused("coverage line that is not JSON");
    } else if (lot >= 8 && lot < 12) {
      file.text().append(line).append("\n");
      ++made_.coverage_lines;
      made_.dirt.Kept("coverage line that stands twice");
    } else if (lot >= 12 && lot < 20) {
      MadeCoverage ended = coverage;
      ended.end = Day{kReportYear, 10, 31};
      if (coverage.start.year <= kReportYear) {
        AppendCoverage(person, ended, practice_, form, CoverageFault::kNone, later_coverages_);
        later_coverages_ += '\n';
        ++made_.coverage_lines;
        made_.dirt.Kept("coverage in a later version");
      }
    }
    file.text().append(line);
    ++made_.coverage_lines;
    EndLine(file, chance);
    EQN_CHECK(file.MayFlush());
  }
  return Ok();
}

Status PracticeFiles::AddResults(const MadePerson& person, Chance& chance, bool taken) {
  OutFile& file = files_[kMeasures];
  for (const MadeResult& result : person.results) {
    const std::uint32_t lot = options_->dirty ? chance.Below(1000) : 999;
    MadeResult row = result;
    std::string mrn = person.mrn;
    if (lot == 0) {
      mrn += "-9";
      made_.dirt.Refused("measure row of a record number that nobody has");
    } else if (lot == 1) {
      row.denominator = false;
      row.numerator = true;
      made_.dirt.Refused("measure row in the numerator only");
    } else if (lot == 2) {
      row.period = "2025-13";
      made_.dirt.Refused("measure row with a period that is none");
    } else if (lot == 3) {
      file.text().append(mrn).append(",").append(row.measure).append(",2025\n");
      ++made_.measure_rows;
      made_.dirt.Refused("measure row with cells missing");
    } else if (lot < 7) {  // Computed twice: the later row holds.
      MadeResult earlier = row;
      earlier.numerator = row.denominator && !row.numerator;
      AppendRow(file.text(), mrn, earlier);
      file.text() += '\n';
      ++made_.measure_rows;
      taken ? made_.dirt.Kept("measure row that a later one corrects")
            : made_.dirt.Refused("measure row of a patient who is refused");
    }
    if (!taken && (lot >= 3 || !options_->dirty)) {
      made_.dirt.Refused("measure row of a patient who is refused");
    }
    AppendRow(file.text(), mrn, row);
    ++made_.measure_rows;
    EndLine(file, chance);
    EQN_CHECK(file.MayFlush());
  }
  return Ok();
}

Status PracticeFiles::AddOthers(const MadePerson& person, Chance& chance) {
  if (chance.PerMille(150)) {
    AppendCondition(person, chance, files_[kConditions].text());
    files_[kConditions].text() += '\n';
    ++made_.other_resources;
  }
  if (chance.PerMille(200)) {
    AppendEncounter(person, chance, files_[kEncounters].text());
    files_[kEncounters].text() += '\n';
    ++made_.other_resources;
  }
  EQN_CHECK(files_[kConditions].MayFlush());
  return files_[kEncounters].MayFlush();
}

Status PracticeFiles::AddCare(const MadePerson& person, std::uint32_t number) {
  const CareLines care = CareOf(person, options_->seed, practice_.number, number);
  made_.care_lines += care.lines;
  files_[kObservations].text() += care.observations;
  files_[kConditions].text() += care.conditions;
  files_[kEncounters].text() += care.encounters;
  return files_[kObservations].MayFlush();
}

Status PracticeFiles::Add(std::uint32_t number) {
  const MadePerson person = MakePerson(options_->seed, practice_.number, number);
  Chance chance(options_->seed ^ 0xD127, std::uint64_t{practice_.number} << 40 | number);
  ++made_.people;
  bool taken = true;
  EQN_CHECK(AddPatient(person, chance, &taken));
  EQN_CHECK(AddCoverages(person, chance));
  EQN_CHECK(AddResults(person, chance, taken));
  EQN_CHECK(AddOthers(person, chance));
  return AddCare(person, number);
}

Result<MadePractice> PracticeFiles::Close() {
  files_[kPatients].text() += later_patients_;
  files_[kCoverages].text() += later_coverages_;
  for (OutFile& file : files_) {
    EQN_CHECK(file.Close());
    made_.bytes += file.bytes();
  }
  return std::move(made_);
}

}  // namespace equinode::made
