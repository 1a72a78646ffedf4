#include "client/convert/person_view.h"

#include <chrono>
#include <vector>

#include "client/convert/record_body.h"
#include "domain/people/projection.h"

namespace equinode {

namespace {

PartialDate DayOf(Instant time) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  return {static_cast<std::uint16_t>(static_cast<int>(day.year())),
          static_cast<std::uint8_t>(static_cast<unsigned>(day.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(day.day()))};
}

}  // namespace

Status AddProjectedFields(ByteView body, Instant now, v1::GetPersonResponse& out) {
  EQN_TRY(const PersonRecord person, PersonFromBody(body));
  v1::Person message;
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size())) ||
      static_cast<std::size_t>(message.assertions_size()) != person.assertions.size()) {
    return Error{Code::kInvalidArgument, "BAD_RECORD", "the record cannot be read"};
  }
  const google::protobuf::Timestamp& recorded = out.record().recorded_at();
  const Instant recorded_at{Millis{recorded.seconds() * 1000 + recorded.nanos() / 1'000'000}};
  std::vector<SourcedAssertion> sourced;
  for (std::uint32_t i = 0; i < person.assertions.size(); ++i) {
    sourced.push_back({&person.assertions[i], {}, i, recorded_at});
  }
  for (const ProjectedField& field : Project(sourced, {person.birth_date, DayOf(now)})) {
    v1::ProjectedField* shown = out.add_fields();
    shown->set_field(static_cast<v1::AssertionField>(static_cast<int>(field.field)));
    const auto at = static_cast<int>(field.winner - person.assertions.data());
    *shown->mutable_winner() = message.assertions(at);
    shown->set_conflict(field.conflict);
    if (!field.declined_on.empty()) {
      shown->mutable_declined_on()->set_year(field.declined_on.year);
      shown->mutable_declined_on()->set_month(field.declined_on.month);
      shown->mutable_declined_on()->set_day(field.declined_on.day);
    }
    shown->set_came_of_age(field.came_of_age);
  }
  return Ok();
}

}  // namespace equinode
