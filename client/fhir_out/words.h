// Private to client/fhir_out: the systems that codes are of.
#pragma once

#include <string_view>

namespace equinode::fhir_out {

inline constexpr std::string_view kProfile =
    "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/";
inline constexpr std::string_view kGravity =
    "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";
inline constexpr std::string_view kUri = "urn:ietf:rfc:3986";
inline constexpr std::string_view kUuid = "urn:uuid:";
inline constexpr std::string_view kBaseProfile = "http://hl7.org/fhir/StructureDefinition/";
inline constexpr std::string_view kUsCore = "http://hl7.org/fhir/us/core/StructureDefinition/";
inline constexpr std::string_view kDataAbsent =
    "http://terminology.hl7.org/CodeSystem/data-absent-reason";
inline constexpr std::string_view kDataAbsentExtension =
    "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
// An answer that was nothing; client/import/fhir/observation.cc reads it.
inline constexpr std::string_view kAnswerGiven = "urn:equinode:answer-given";
// Our own: the tables of domain/referral/data.
inline constexpr std::string_view kSubState = "urn:equinode:referral-sub-state";
inline constexpr std::string_view kReason = "urn:equinode:referral-reason";
inline constexpr std::string_view kOrderField = "urn:equinode:referral-order-field";
inline constexpr std::string_view kDocument = "urn:equinode:sha256";
inline constexpr std::string_view kEvidence = "urn:equinode:referral-evidence";
inline constexpr std::string_view kRecipientClass = "urn:equinode:recipient-class";
inline constexpr std::string_view kConsentLabel = "urn:equinode:consent-label";
inline constexpr std::string_view kConsentRevoked = "urn:equinode:consent-revoked";
inline constexpr std::string_view kCancelAsked = "cancel-asked";
inline constexpr std::string_view kReportedBy = "reported-by";

}  // namespace equinode::fhir_out
