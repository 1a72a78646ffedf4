// equinode consent ...
#include "base/crypto/hash.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/referral_commands.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::cli {
namespace {

struct RecordOptions {
  bool given = true;
  std::string person{};
  std::string recipient{};
  std::string direction = "to";
  std::vector<std::string> purposes{};
  std::vector<std::string> categories{};
  std::string until{};
  std::string signed_at{};
  std::filesystem::path document{};
};

struct PersonOptions {
  std::string person{};
};
struct RevokeOptions {
  std::string id{};
  std::filesystem::path document{};
};
struct CheckOptions {
  std::string person{};
  std::string recipient{};
  std::string direction{};
  std::string purpose{};
  std::vector<std::string> categories{};
};

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Result<std::string> HashOf(const std::filesystem::path& file) {
  EQN_TRY(const std::string bytes, ReadText(file, 64 * 1024 * 1024));
  const Digest digest = Sha256(AsBytes(bytes));
  return std::string(digest.begin(), digest.end());
}

Result<int> RunRecord(const Shared& shared, const RecordOptions& options) {
  v1::RecordConsentRequest request;
  v1::Consent& consent = *request.mutable_consent();
  consent.set_given(options.given);
  consent.set_person(options.person);
  consent.set_recipient(options.recipient);
  consent.set_direction(options.direction);
  for (const std::string& each : options.purposes) consent.add_purposes(each);
  if (options.given && options.purposes.empty()) consent.add_purposes("referral");
  for (const std::string& each : options.categories) consent.add_categories(each);
  EQN_TRY(*consent.mutable_signed_at(), MomentOf(options.signed_at));
  if (!options.until.empty()) {
    EQN_TRY(*consent.mutable_until(), MomentOf(options.until));
  }
  EQN_TRY(*consent.mutable_document(), HashOf(options.document));
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto made,
          session.Call<v1::RecordConsentResponse>("ConsentService/RecordConsent", request));
  Json json = Json::object();
  json["id"] = made.consent().id();
  EQN_CHECK(Print(PropertiesText(json, shared.format)));
  return kExitOk;
}

Result<int> RunRevoke(const Shared& shared, const RevokeOptions& options) {
  v1::RevokeConsentRequest request;
  request.set_consent_id(options.id);
  if (!options.document.empty()) {
    EQN_TRY(*request.mutable_document(), HashOf(options.document));
  }
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto done,
          session.Call<v1::RevokeConsentResponse>("ConsentService/RevokeConsent", request));
  Json json = Json::object();
  json["destroyed before it left"] = done.destroyed();
  json["told"] = Joined(done.told());
  EQN_CHECK(Print(PropertiesText(json, shared.format)));
  return kExitOk;
}

Result<int> RunList(const Shared& shared, const PersonOptions& options) {
  v1::ListConsentsRequest request;
  request.set_person(options.person);
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto got,
          session.Call<v1::ListConsentsResponse>("ConsentService/ListConsents", request));
  Sheet sheet({"id", "says", "direction", "recipient", "categories", "purposes", "from", "until",
               "revoked"});
  for (const v1::Consent& each : got.consents()) {
    sheet.Add({each.id(), each.given() ? "yes" : "no", each.direction(), each.recipient(),
               Joined(each.categories()), Joined(each.purposes()),
               TimeText(each.from(), each.has_from()).substr(0, 10),
               TimeText(each.until(), each.has_until()).substr(0, 10),
               TimeText(each.revoked_at(), each.has_revoked_at()).substr(0, 10)});
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

Result<int> RunCheck(const Shared& shared, const CheckOptions& options) {
  v1::CheckConsentRequest request;
  request.set_person(options.person);
  request.set_recipient(options.recipient);
  request.set_direction(options.direction);
  request.set_purpose(options.purpose);
  for (const std::string& each : options.categories) request.add_categories(each);
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto got,
          session.Call<v1::CheckConsentResponse>("ConsentService/CheckConsent", request));
  Json json = Json::object();
  json["answer"] = got.answer();
  if (!got.category().empty()) json["not covered"] = got.category();
  json["by"] = Joined(got.consent_ids());
  if (got.notices_size() > 0) json["goes along"] = Joined(got.notices());
  EQN_CHECK(Print(PropertiesText(json, shared.format)));
  return kExitOk;
}

Result<int> RunDisclosures(const Shared& shared, const PersonOptions& options) {
  v1::ListDisclosuresRequest request;
  request.set_person(options.person);
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto got,
          session.Call<v1::ListDisclosuresResponse>("ConsentService/ListDisclosures", request));
  Sheet sheet({"at", "recipient", "what", "purpose", "notice", "told of revocation", "heard",
               "not delivered"});
  for (const v1::Disclosure& each : got.disclosures()) {
    sheet.Add(
        {TimeText(each.at(), true).substr(0, 16), each.recipient(), each.description(),
         each.purpose(), each.notice(),
         TimeText(each.told_revoked(), each.has_told_revoked()).substr(0, 16),
         each.revocation_acknowledged(),
         TimeText(each.revocation_undelivered(), each.has_revocation_undelivered()).substr(0, 16)});
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

void DeclareRecord(CLI::App& command, RecordOptions& options) {
  command.add_option("--person", options.person, "source_id of a person of this node")
      ->required()
      ->type_name("ID");
  command.add_option("--recipient", options.recipient, "a URI, class:cbo and the like, or *")
      ->required()
      ->type_name("WHO");
  command
      .add_option("--category", options.categories,
                  "need domain, PART2, SOGI, TRIBAL, or *; again and again")
      ->required()
      ->type_name("WHAT");
  command.add_option("--purpose", options.purposes, "referral by default; again and again")
      ->type_name("WHY");
  command.add_option("--direction", options.direction, "to (default) or back");
  command.add_option("--signed", options.signed_at, "when it was signed")
      ->required()
      ->type_name("TIME");
  command.add_option("--until", options.until, "the first moment at which it no longer holds")
      ->type_name("TIME");
  command
      .add_option("--document", options.document,
                  "the form, or the record of the spoken word: only its hash is kept")
      ->required()
      ->type_name("FILE");
}

void DeclarePerson(CLI::App& command, PersonOptions& options) {
  command.add_option("person", options.person, "source_id")->required()->type_name("ID");
}

}  // namespace

void AddConsent(Program program) {
  CLI::App& group = *AddGroup(program, "consent", "what a person allows to be told, and to whom");
  AddCommand<RecordOptions>(
      program, group, "give", "keep a yes",
      [](CLI::App& command, RecordOptions& options) { DeclareRecord(command, options); },
      RunRecord);
  AddCommand<RecordOptions>(
      program, group, "refuse", "keep a no",
      [](CLI::App& command, RecordOptions& options) {
        options.given = false;
        DeclareRecord(command, options);
      },
      RunRecord);
  AddCommand<RevokeOptions>(
      program, group, "revoke", "a yes is taken back",
      [](CLI::App& command, RevokeOptions& options) {
        command.add_option("id", options.id, "of the consent")->required()->type_name("UUID");
        command.add_option("--document", options.document, "what was signed")->type_name("FILE");
      },
      RunRevoke);
  AddCommand<PersonOptions>(program, group, "list", "a person's consents", DeclarePerson, RunList);
  AddCommand<CheckOptions>(
      program, group, "check", "may this be told now",
      [](CLI::App& command, CheckOptions& options) {
        command.add_option("--person", options.person, "source_id")->required()->type_name("ID");
        command.add_option("--recipient", options.recipient, "who would be told")
            ->required()
            ->type_name("URI");
        command.add_option("--category", options.categories, "what; again and again")
            ->required()
            ->type_name("WHAT");
        command.add_option("--direction", options.direction, "to (default) or back");
        command.add_option("--purpose", options.purpose, "referral by default");
      },
      RunCheck);
  AddCommand<PersonOptions>(program, group, "disclosures", "what was told to whom", DeclarePerson,
                            RunDisclosures);
}

}  // namespace equinode::cli
