// equinode person show|list, record delete.
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "equinode/v1/record_service.pb.h"

namespace equinode::cli {
namespace {

struct PeopleShowOptions {
  std::string id{};
};

// "White (2106-3), Asian (2028-9)", or the state when there is no value.
std::string AnswerText(const v1::Assertion& assertion) {
  std::string text;
  for (const v1::Coded& coded : assertion.values()) {
    text.append(text.empty() ? "" : ", ");
    const std::string& words = coded.display().empty() ? coded.text() : coded.display();
    text.append(words.empty() ? coded.code() : words);
    if (!words.empty() && !coded.code().empty()) text.append(" (").append(coded.code()).append(")");
  }
  return text;
}

// "ANSWER_STATE_KNOWN" -> "known".
std::string Lower(std::string name, std::size_t cut) {
  name.erase(0, std::min(cut, name.size()));
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return name;
}

// "2026-01-31", "2026-01" or "2026".
std::string DateText(const v1::Date& date) {
  const auto two = [](std::uint32_t number) {
    return (number < 10 ? "-0" : "-") + std::to_string(number);
  };
  std::string text = std::to_string(date.year());
  if (date.month() != 0) text += two(date.month());
  if (date.day() != 0) text += two(date.day());
  return text;
}

void Join(std::string* text, std::string_view more, std::string_view between = ", ") {
  if (more.empty()) return;
  if (!text->empty()) text->append(between);
  text->append(more);
}

// What tells people apart, for whoever looks for the right one.
void AddWho(const v1::Person& person, Json* json) {
  for (const v1::HumanName& name : person.names()) {
    std::string words;
    for (const std::string& one : name.given()) Join(&words, one, " ");
    Join(&words, name.family().empty() ? name.text() : name.family(), " ");
    (*json)["name"] = words;
    break;
  }
  if (person.has_birth_date()) (*json)["birth_date"] = DateText(person.birth_date());
  if (person.deceased()) (*json)["deceased"] = true;
  std::string identifiers;
  for (const v1::Identifier& each : person.identifiers()) {
    Join(&identifiers, (each.type().empty() ? each.system() : each.type()) + " " + each.value());
  }
  if (!identifiers.empty()) (*json)["identifiers"] = identifiers;
  if (person.addresses_size() > 0) {
    const v1::Address& home = person.addresses(0);
    std::string lines;
    for (const std::string& line : home.lines()) Join(&lines, line);
    for (const std::string& part :
         {home.city(), home.district(), home.state(), home.postal_code(), home.country()}) {
      Join(&lines, part);
    }
    (*json)["address"] = lines;
  }
  std::string telecoms;
  for (const v1::ContactPoint& each : person.telecoms()) {
    Join(&telecoms, each.system() + " " + each.value());
  }
  if (!telecoms.empty()) (*json)["contact"] = telecoms;
}

// What to know before one asks again.
std::string NoteOf(const v1::ProjectedField& field) {
  std::string note;
  if (field.has_declined_on()) note = "declined on " + DateText(field.declined_on());
  if (field.came_of_age()) {
    note += note.empty() ? "" : "; ";
    note += "answered by a proxy before 18: ask the person";
  }
  return note;
}

Result<int> RunPeopleShow(const Shared& shared, const PeopleShowOptions& options) {
  v1::GetPersonRequest request;
  request.set_source_id(options.id);
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto found,
          session.Call<v1::GetPersonResponse>("RecordService/GetPerson", request));
  v1::Person person;
  if (!person.ParseFromString(found.record().body())) {
    return Error{Code::kInternal, "BAD_ANSWER", "the node's record cannot be read"};
  }
  if (shared.format == Format::kJson) {
    EQN_TRY(Json json, JsonOf(found));
    EQN_TRY(Json body, JsonOf(person));
    json["record"].erase("body");
    json["record"]["person_record"] = std::move(body);
    EQN_CHECK(Print(PropertiesText(json, shared.format)));
    return kExitOk;
  }
  const v1::Record& record = found.record();
  if (shared.format == Format::kTable) {
    Json json = Json::object();
    json["source_id"] = record.source_id();
    json["origin"] = record.origin();
    json["version"] = record.version();
    json["recorded_at"] = TimeText(record.recorded_at(), record.has_recorded_at());
    AddWho(person, &json);
    EQN_CHECK(Print(PropertiesText(json, shared.format) + "\n"));
  }
  Sheet sheet({"question", "answer", "state", "method", "conflict", "note"});
  for (const v1::ProjectedField& field : found.fields()) {
    const v1::Assertion& winner = field.winner();
    sheet.Add({Lower(v1::AssertionField_Name(field.field()), 16), AnswerText(winner),
               Lower(v1::AnswerState_Name(winner.state()), 13),
               Lower(v1::CollectionMethod_Name(winner.method()), 18),
               winner.conflict().empty() ? Json(field.conflict()) : Json(winner.conflict()),
               NoteOf(field)});
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

struct PeopleListOptions {
  std::uint64_t most = 100;
};

Result<int> RunPeopleList(const Shared& shared, const PeopleListOptions& options) {
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet({"source_id"});
  EQN_CHECK(ForEachPage<v1::ListPersonsResponse>(session, "RecordService/ListPersons",
                                                 v1::ListPersonsRequest{},
                                                 [&](const v1::ListPersonsResponse& page) {
                                                   for (const std::string& id : page.source_ids()) {
                                                     if (sheet.rows() == options.most) return false;
                                                     sheet.Add({id});
                                                   }
                                                   return sheet.rows() < options.most;
                                                 }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

struct DeleteOptions {
  std::string kind{};
  std::string id{};
};

Result<int> RunDelete(const Shared& shared, const DeleteOptions& options) {
  v1::DeleteRecordRequest request;
  EQN_TRY(const v1::RecordKind kind, KindOf(options.kind));
  request.set_kind(kind);
  request.set_source_id(options.id);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_CHECK(session.Call<v1::DeleteRecordResponse>("RecordService/DeleteRecord", request));
  Say("deleted; peers that have the record are told");
  return kExitOk;
}

}  // namespace

void AddPeople(Program program) {
  Command person = AddGroup(program, "person", "people as this node sees them");
  AddCommand<PeopleShowOptions>(
      program, person, "show", "one person: what is held to be known, and why",
      [](Command command, PeopleShowOptions& options) {
        command.AddOption("source-id", options.id, "FEED/Patient/ID")
            .Required()
            .TypeName("SOURCE-ID");
      },
      RunPeopleShow);
  AddCommand<PeopleListOptions>(
      program, person, "list", "source ids, the oldest first",
      [](Command command, PeopleListOptions& options) {
        command.AddOption("--most", options.most, "at most so many (100)")
            .Between(1, 100'000'000)
            .TypeName("N");
      },
      RunPeopleList);
  Command record = AddGroup(program, "record", "single records");
  AddCommand<DeleteOptions>(
      program, record, "delete", "take a record out of use, here and at the peers that have it",
      [](Command command, DeleteOptions& options) {
        command.AddOption("kind", options.kind, "person, coverage, measure-result or organization")
            .Required()
            .TypeName("KIND");
        command.AddOption("source-id", options.id, "its key").Required().TypeName("SOURCE-ID");
      },
      RunDelete);
}

}  // namespace equinode::cli
