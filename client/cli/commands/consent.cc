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

struct ConsentPersonOptions {
  std::string person{};
};
struct DisclosureOptions {
  std::string person{};
  std::string since{};
};
struct RevokeOptions {
  std::string id{};
  std::filesystem::path document{};
};
struct ConsentCheckOptions {
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
  if (!options.given) {
    json["destroyed before it left"] = made.destroyed();
    json["told"] = Joined(made.told());
  }
  EQN_CHECK(Print(PropertiesText(json, shared.format)));
  return kExitOk;
}

Result<int> RunConsentRevoke(const Shared& shared, const RevokeOptions& options) {
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

Result<int> RunConsentList(const Shared& shared, const ConsentPersonOptions& options) {
  v1::ListConsentsRequest request;
  request.set_person(options.person);
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet({"id", "says", "direction", "recipient", "categories", "purposes", "from", "until",
               "revoked"});
  EQN_CHECK(ForEachPage<v1::ListConsentsResponse>(
      session, "ConsentService/ListConsents", request, [&](const v1::ListConsentsResponse& page) {
        for (const v1::Consent& each : page.consents()) {
          sheet.Add({each.id(), each.given() ? "yes" : "no", each.direction(), each.recipient(),
                     Joined(each.categories()), Joined(each.purposes()),
                     TimeText(each.from(), each.has_from()).substr(0, 10),
                     TimeText(each.until(), each.has_until()).substr(0, 10),
                     TimeText(each.revoked_at(), each.has_revoked_at()).substr(0, 10)});
        }
        return true;
      }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

Result<int> RunConsentCheck(const Shared& shared, const ConsentCheckOptions& options) {
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

Result<int> RunDisclosures(const Shared& shared, const DisclosureOptions& options) {
  v1::ListDisclosuresRequest request;
  request.set_person(options.person);
  if (!options.since.empty()) {
    EQN_TRY(*request.mutable_since(), MomentOf(options.since));
  }
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet({"at", "recipient", "what", "categories", "purpose", "notice", "told of revocation",
               "heard", "not delivered"});
  const auto add = [&](const v1::Disclosure& each) {
    sheet.Add(
        {TimeText(each.at(), true).substr(0, 16), each.recipient(), each.description(),
         Joined(each.categories()), each.purpose(), each.notice(),
         TimeText(each.told_revoked(), each.has_told_revoked()).substr(0, 16),
         each.revocation_acknowledged(),
         TimeText(each.revocation_undelivered(), each.has_revocation_undelivered()).substr(0, 16)});
  };
  EQN_CHECK(ForEachPage<v1::ListDisclosuresResponse>(
      session, "ConsentService/ListDisclosures", request,
      [&](const v1::ListDisclosuresResponse& page) {
        for (const v1::Disclosure& each : page.disclosures()) add(each);
        return true;
      }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

void DeclareRecord(Command command, RecordOptions& options) {
  command.AddOption("--person", options.person, "source_id of a person of this node")
      .Required()
      .TypeName("ID");
  command.AddOption("--recipient", options.recipient, "a URI, class:cbo and the like, or *")
      .Required()
      .TypeName("WHO");
  command
      .AddOption("--category", options.categories,
                 "need domain, PART2, SOGI, TRIBAL, or *; again and again")
      .Required()
      .TypeName("WHAT");
  command.AddOption("--purpose", options.purposes, "referral by default; again and again")
      .TypeName("WHY");
  command.AddOption("--direction", options.direction,
                    "to (default), or back: what the recipient tells of it");
  command.AddOption("--signed", options.signed_at, "when it was signed")
      .Required()
      .TypeName("TIME");
  command.AddOption("--until", options.until, "the first moment at which it no longer holds")
      .TypeName("TIME");
  command
      .AddOption("--document", options.document,
                 "the form, or the record of the spoken word: only its hash is kept")
      .Required()
      .TypeName("FILE");
}

void DeclarePerson(Command command, ConsentPersonOptions& options) {
  command.AddOption("person", options.person, "source_id").Required().TypeName("ID");
}

}  // namespace

void AddConsent(Program program) {
  Command group = AddGroup(program, "consent", "what a person allows to be told, and to whom");
  AddCommand<RecordOptions>(
      program, group, "give", "keep a yes",
      [](Command command, RecordOptions& options) { DeclareRecord(command, options); }, RunRecord);
  AddCommand<RecordOptions>(
      program, group, "refuse", "keep a no",
      [](Command command, RecordOptions& options) {
        options.given = false;
        DeclareRecord(command, options);
      },
      RunRecord);
  AddCommand<RevokeOptions>(
      program, group, "revoke", "a yes is taken back",
      [](Command command, RevokeOptions& options) {
        command.AddOption("id", options.id, "of the consent").Required().TypeName("UUID");
        command.AddOption("--document", options.document, "what was signed").TypeName("FILE");
      },
      RunConsentRevoke);
  AddCommand<ConsentPersonOptions>(program, group, "list", "a person's consents", DeclarePerson,
                                   RunConsentList);
  AddCommand<ConsentCheckOptions>(
      program, group, "check", "may this be told now",
      [](Command command, ConsentCheckOptions& options) {
        command.AddOption("--person", options.person, "source_id").Required().TypeName("ID");
        command.AddOption("--recipient", options.recipient, "who would be told")
            .Required()
            .TypeName("URI");
        command.AddOption("--category", options.categories, "what; again and again")
            .Required()
            .TypeName("WHAT");
        command.AddOption("--direction", options.direction, "to (default) or back");
        command.AddOption("--purpose", options.purpose, "referral by default");
      },
      RunConsentCheck);
  AddCommand<DisclosureOptions>(
      program, group, "disclosures", "what was told to whom",
      [](Command command, DisclosureOptions& options) {
        command.AddOption("person", options.person, "source_id").Required().TypeName("ID");
        command.AddOption("--since", options.since, "six years ago by default").TypeName("TIME");
      },
      RunDisclosures);
  AddConsentImport(program, group);
}

}  // namespace equinode::cli
