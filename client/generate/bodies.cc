// Coverage and Organization lines.
#include <array>
#include <string>

#include "client/generate/fhir_lines.h"

namespace equinode::made {
namespace {

template <typename... Parts>
void Put(std::string& out, const Parts&... parts) {
  (out.append(parts), ...);
}

// Codes of the Source of Payment Typology; the source profile maps them.
struct Line {
  std::string_view code{};
  std::string_view display{};
};
Line LineOf(LineOfBusiness line) {
  switch (line) {
    case LineOfBusiness::kMedicare:
      return {"1", "MEDICARE"};
    case LineOfBusiness::kMedicaid:
      return {"2", "MEDICAID"};
    case LineOfBusiness::kCommercial:
      return {"5", "PRIVATE HEALTH INSURANCE"};
    case LineOfBusiness::kNotSaid:
      break;
  }
  return {};
}

const MadePayer& PayerOf(const MadeCoverage& coverage) {
  switch (coverage.payer) {
    case Payer::kOurs:
      return kOurPayer;
    case Payer::kOther:
      return kOtherPayer;
    case Payer::kUnmapped:
      break;
  }
  return kUnmappedPayers[coverage.unmapped % std::size(kUnmappedPayers)];
}

void PutBeneficiary(std::string& out, const MadePerson& person, const Practice& practice,
                    std::uint32_t form, CoverageFault fault) {
  if (fault == CoverageFault::kByIdentifierOnly) {
    return Put(out, R"("beneficiary":{"identifier":{"system":"https://)", practice.name,
               R"(.example/mrn","value":")", person.mrn, R"("}},)");
  }
  if (fault == CoverageFault::kNobody) {
    return Put(out, R"("beneficiary":{"reference":"Patient/nobody-)", person.mrn, R"("},)");
  }
  Put(out, R"("beneficiary":{"reference":")");
  if (form == 1) {
    Put(out, "urn:uuid:", person.id);
  } else if (form == 2) {
    Put(out, "https://ehr.", practice.name, ".example/fhir/Patient/", person.id);
  } else if (form == 3) {
    Put(out, "Patient/", person.id, "/_history/2");
  } else {
    Put(out, "Patient/", person.id);
  }
  Put(out, R"("},)");
}

void PutPayor(std::string& out, const MadeCoverage& coverage, const Practice& practice) {
  const MadePayer& payer = PayerOf(coverage);
  Put(out, R"("payor":[{)");
  switch (coverage.form) {
    case PayorForm::kReference:
      Put(out, R"("reference":"Organization/)", payer.id, R"(","display":")", payer.name);
      break;
    case PayorForm::kIdentifier:
      Put(out, R"("identifier":{"system":")", kPayerSystem, R"(","value":")", payer.number,
          R"("},"display":"plan )", coverage.id.substr(0, 4));
      break;
    case PayorForm::kName:
      Put(out, R"("display":")", payer.name);
      break;
    case PayorForm::kUrl:
      Put(out, R"("reference":"https://ehr.)", practice.name, ".example/fhir/Organization/",
          payer.id);
      break;
  }
  Put(out, R"("}])");
}

void PutPeriod(std::string& out, const MadeCoverage& coverage, CoverageFault fault) {
  if (fault == CoverageFault::kBadPeriod) {
    return Put(out, R"("period":{"start":"2025-02-30"},)");
  }
  if (fault == CoverageFault::kReversedPeriod) {
    return Put(out, R"("period":{"start":"2025-06-01","end":"2025-01-01"},)");
  }
  if (coverage.start.year == 0 && coverage.end.year == 0) return;
  Put(out, R"("period":{)");
  if (coverage.start.year != 0) Put(out, R"("start":")", Text(coverage.start), R"(",)");
  if (coverage.end.year != 0) Put(out, R"("end":")", Text(coverage.end), R"(",)");
  out.pop_back();
  Put(out, "},");
}

void PutOrganization(std::string& out, std::string_view id, std::string_view name,
                     std::string_view system, std::string_view number) {
  Put(out, R"({"resourceType":"Organization","id":")", id, R"(","identifier":[{"system":")", system,
      R"(","value":")", number, R"("}],"active":true,"name":")", name, "\"}\n");
}

}  // namespace

void AppendCoverage(const MadePerson& person, const MadeCoverage& coverage,
                    const Practice& practice, std::uint32_t reference_form, CoverageFault fault,
                    std::string& out) {
  Put(out, R"({"resourceType":"Coverage","id":")", coverage.id,
      R"(","meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-coverage"]},)");
  if (fault != CoverageFault::kNoMemberNumber) {
    Put(out, R"("identifier":[{"type":{"coding":[{"system":)",
        R"("http://terminology.hl7.org/CodeSystem/v2-0203","code":"MB"}]},"system":)",
        R"("https://payers.example/member","value":"M)", coverage.id.substr(0, 8), R"("}],)");
  }
  Put(out, R"("status":")", coverage.status, R"(",)");
  const Line line = LineOf(coverage.line);
  if (!line.code.empty()) {
    Put(out, R"("type":{"coding":[{"system":"https://nahdo.org/sopt","code":")", line.code,
        R"(","display":")", line.display, R"("}]},)");
  }
  PutBeneficiary(out, person, practice, reference_form, fault);
  Put(out, R"("relationship":{"coding":[{"code":"self"}]},)");
  PutPeriod(out, coverage, fault);
  if (fault == CoverageFault::kNoPayor) {
    Put(out, R"("payor":[])");
  } else {
    PutPayor(out, coverage, practice);
  }
  out += '}';
}

void AppendOrganizations(const Practice& practice, std::string& out) {
  PutOrganization(out, practice.name, practice.name, "http://hl7.org/fhir/sid/us-npi",
                  "9999999999");
  PutOrganization(out, kOurPayer.id, kOurPayer.name, kPayerSystem, kOurPayer.number);
  PutOrganization(out, kOtherPayer.id, kOtherPayer.name, kPayerSystem, kOtherPayer.number);
  for (const MadePayer& payer : kUnmappedPayers) {
    PutOrganization(out, payer.id, payer.name, kPayerSystem, payer.number);
  }
}

}  // namespace equinode::made
