// equinode consent import: a person's decisions as another system has them on file.
#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "client/cli/exit_code.h"
#include "client/cli/fhir_documents.h"
#include "client/cli/fhir_papers.h"
#include "client/cli/referral_commands.h"
#include "client/cli/session.h"
#include "client/cli/taken_in.h"
#include "client/cli/talk.h"
#include "client/convert/consent.h"
#include "client/convert/proto_parts.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::cli {
namespace {

struct ConsentImportOptions {
  std::filesystem::path file{};
  std::string feed{};
  bool dry_run = false;
};

struct ConsentOutcome {
  std::string word{};  // "kept", "would be kept", "as it was", "differs".
  std::string why{};
  bool differs = false;
};

// The same decision, whatever it is called where it is kept.
bool SameDecision(const consent::Consent& a, consent::Consent b) {
  b.id = a.id;
  return a == b;
}

class ConsentKeeper {
 public:
  ConsentKeeper(Session& session, const ConsentImportOptions& options)
      : session_(session), options_(options) {}

  Result<ConsentOutcome> Keep(ConsentOnPaper paper) {
    consent::Consent& consent = paper.consent;
    const std::string patient = consent.person.substr(consent.person.rfind('/') + 1);
    consent.person = options_.feed + "/Patient/" + patient;
    EQN_TRY(const std::vector<ConsentOnPaper>* known, KnownOf(consent.person));
    for (const ConsentOnPaper& each : *known) {
      if (!SameDecision(each.consent, consent)) continue;
      if (paper.revoked_at && !each.revoked_at) {
        return ConsentOutcome{
            "differs", "it was taken back: equinode consent revoke " + each.consent.id.ToString(),
            true};
      }
      if (!paper.revoked_at && each.revoked_at) {
        return ConsentOutcome{"as it was", "it was taken back here since", false};
      }
      return ConsentOutcome{"as it was", "", false};
    }
    v1::RecordConsentRequest request;
    SetConsent(consent, std::nullopt, request.mutable_consent());
    request.mutable_consent()->clear_id();  // Given by the node.
    if (paper.revoked_at) wire::SetTimestamp(*paper.revoked_at, request.mutable_revoked_at());
    request.set_request_id(UuidFor("consent", request.SerializeAsString()));
    if (options_.dry_run) return ConsentOutcome{"would be kept", "", false};
    EQN_TRY(const auto made,
            session_.Call<v1::RecordConsentResponse>("ConsentService/RecordConsent", request));
    std::string why = made.consent().id();
    // A no is a no from the moment at which it is on file, whoever wrote it down.
    if (made.destroyed() > 0 || made.told_size() > 0) {
      why += "; it overrules a yes: " + std::to_string(made.destroyed()) +
             " referrals were destroyed before they left, told of it:";
      for (const std::string& each : made.told()) why += " " + each;
    }
    return ConsentOutcome{"kept", std::move(why), false};
  }

 private:
  // As the node had them before this file.
  Result<const std::vector<ConsentOnPaper>*> KnownOf(const std::string& person) {
    if (known_of_ == person) return &known_;
    v1::ListConsentsRequest request;
    request.set_person(person);
    std::vector<v1::Consent> listed;
    EQN_CHECK(ForEachPage<v1::ListConsentsResponse>(
        session_, "ConsentService/ListConsents", request,
        [&](const v1::ListConsentsResponse& page) {
          listed.insert(listed.end(), page.consents().begin(), page.consents().end());
          return true;
        }));
    known_.clear();
    for (const v1::Consent& each : listed) {
      EQN_TRY(ConsentOnPaper consent, ConsentOnPaperFrom(each));
      known_.push_back(std::move(consent));
    }
    known_of_ = person;
    return &known_;
  }

  Session& session_;
  const ConsentImportOptions& options_;
  std::string known_of_{};
  std::vector<ConsentOnPaper> known_{};
};

Result<int> RunConsentImport(const Shared& shared, const ConsentImportOptions& options) {
  EQN_TRY(const std::vector<FhirDocument> documents, ReadFhirDocuments(options.file));
  EQN_TRY(Session session, Session::Open(shared.node));
  ConsentKeeper keeper(session, options);
  TakenIn taken({"line", "entry", "outcome", "why"});
  const auto add = [&](std::uint64_t line, std::size_t entry, const Result<ConsentOutcome>& done) {
    taken.Add({line, entry, done.ok() ? done->word : done.error().reason,
               done.ok() ? done->why : done.error().message},
              !done.ok(), done.ok() && done->differs);
  };
  for (const FhirDocument& document : documents) {
    if (Interrupted()) break;
    auto consents = ConsentsIn(document.text);
    if (!consents.ok()) {
      add(document.line, 0, consents.error());
      continue;
    }
    for (ConsentFound& found : *consents) {
      if (!found.consent.ok()) {
        add(document.line, found.entry, found.consent.error());
        continue;
      }
      const auto done = keeper.Keep(*std::move(found.consent));
      if (!done.ok() && IsTheNodes(done.error())) return done.error();
      add(document.line, found.entry, done);
    }
  }
  return taken.Finish(shared.format, options.dry_run, "there is no Consent in the file");
}

}  // namespace

void AddConsentImport(Program program, Command consent) {
  AddCommand<ConsentImportOptions>(
      program, consent, "import", "FHIR: decisions as another system has them on file",
      [](Command command, ConsentImportOptions& options) {
        command.AddOption("file", options.file, "a Consent, a Bundle, or one a line; - is stdin")
            .Required()
            .TypeName("FILE");
        command.AddOption("--feed", options.feed, "whose Patient/ID the file means")
            .Required()
            .TypeName("NAME");
        command.AddFlag("--dry-run", options.dry_run, "say what would be done");
      },
      RunConsentImport);
}

}  // namespace equinode::cli
