#include "client/convert/person_view.h"

#include <vector>

#include "client/convert/record_body.h"
#include "domain/people/projection.h"

namespace equinode {

Status AddProjectedFields(ByteView body, v1::GetPersonResponse& out) {
  EQN_TRY(const PersonRecord person, PersonFromBody(body));
  v1::Person message;
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size())) ||
      static_cast<std::size_t>(message.assertions_size()) != person.assertions.size()) {
    return Error{Code::kInvalidArgument, "BAD_RECORD", "the record cannot be read"};
  }
  std::vector<SourcedAssertion> sourced;
  for (std::uint32_t i = 0; i < person.assertions.size(); ++i) {
    sourced.push_back({&person.assertions[i], {}, i, {}});
  }
  for (const ProjectedField& field : Project(sourced)) {
    v1::ProjectedField* shown = out.add_fields();
    shown->set_field(static_cast<v1::AssertionField>(static_cast<int>(field.field)));
    const auto at = static_cast<int>(field.winner - person.assertions.data());
    *shown->mutable_winner() = message.assertions(at);
    shown->set_conflict(field.conflict);
  }
  return Ok();
}

}  // namespace equinode
