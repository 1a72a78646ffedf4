// Private to client/import/fhir: what the resources about social needs share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/import/fhir/datatypes.h"
#include "client/import/fhir/date.h"
#include "client/import/fhir/json.h"
#include "client/import/fhir/patient.h"
#include "client/import/fhir/reference.h"
#include "domain/needs/screening.h"

namespace equinode::fhir {

inline constexpr std::string_view kLoincSystem = "http://loinc.org";

// The id of the Patient that an element names; nothing when it names a resource of another type.
// Refused when it names one in a form that has no id.
Result<std::optional<std::string>> PatientIn(const dom::element& value, std::string_view path,
                                             const Surroundings& around);

// "self", "proxy", "staff", "device"; empty for a type that says nothing.
std::string_view SayerOf(std::string_view type);
bool IsClinician(std::string_view type);
// "Dr Jan Water", else "Practitioner/123", else what stands there.
std::string NameIn(const Reference& reference);

// "<feed>/<type>/<id>" of what a reference names; empty when it cannot be told.
std::string SourceIdIn(const Reference& reference, std::string_view feed);

// The day of a date, a dateTime or an instant; for Period its start.
Status ReadDay(const dom::element& value, std::string_view path, PartialDate& out);
// What was asked was asked by now; a day more, since `today` is UTC's. FUTURE_DAY.
Status NotAhead(const PartialDate& on, std::string_view path, std::chrono::sys_days today);
Status ReadPeriodStart(const dom::element& value, std::string_view path, PartialDate& out);

// Every coding of a CodeableConcept, and its text where it has none; at most `most`.
Status ReadCodings(const dom::element& value, std::string_view path, std::size_t most,
                   std::vector<Coded>& out);

// How an absent value is answered: declined, not asked, or unable. Nothing for a code that is none
// of the reasons.
std::optional<AnswerGiven> GivenBy(std::string_view system, std::string_view code);
// A coded answer: a LOINC code, "system|code" of another system, a reason for having none, or
// words.
void AddCodedAnswer(const Coded& coded, ScreenedAnswer& out);
// A number, times 1,000. False when it is out of bounds.
bool SetNumber(double value, ScreenedAnswer& out);
// LOINC's yes and no, where the question has them.
void AddYesNo(bool yes, ScreenedAnswer& out);

}  // namespace equinode::fhir
