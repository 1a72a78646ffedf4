// The files of one practice.
#pragma once

#include <string>
#include <vector>

#include "client/generate/dirt.h"
#include "client/generate/fhir_lines.h"
#include "client/generate/generate.h"
#include "client/generate/out_file.h"

namespace equinode::made {

class PracticeFiles {
 public:
  // Makes the folder and its files.
  static Result<PracticeFiles> Create(const GenerateOptions& options, const Practice& practice);

  Status Add(std::uint32_t number);
  // Writes what comes last, closes, and returns the account.
  Result<MadePractice> Close();

 private:
  PracticeFiles(const GenerateOptions& options, const Practice& practice)
      : options_(&options), practice_(practice) {}

  // Sets `taken` to whether the person is one that an import takes in.
  Status AddPatient(const MadePerson& person, Chance& chance, bool* taken);
  Status AddCoverages(const MadePerson& person, Chance& chance);
  Status AddResults(const MadePerson& person, Chance& chance, bool taken);
  Status AddOthers(const MadePerson& person, Chance& chance);
  Status AddCare(const MadePerson& person, std::uint32_t number);
  void EndLine(OutFile& file, Chance& chance);

  const GenerateOptions* options_;
  Practice practice_;
  MadePractice made_{};
  std::vector<OutFile> files_{};  // By File.
  std::string later_patients_{};  // New versions, at the end of their file.
  std::string later_coverages_{};
};

}  // namespace equinode::made
