// equinode export fhir.
#include <charconv>
#include <filesystem>
#include <optional>
#include <vector>

#include "client/cli/exit_code.h"
#include "client/cli/fhir_papers.h"
#include "client/cli/file_writer.h"
#include "client/cli/referral_commands.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/fhir_out/person_facts.h"
#include "client/fhir_out/referral_bundle.h"
#include "equinode/v1/record_service.pb.h"

namespace equinode::cli {
namespace {

struct FhirExportOptions {
  std::vector<std::string> referrals{};
  std::vector<std::string> people{};
  bool all = false;
  std::string box{};
  std::string state{};
  bool open_only = false;
  std::string only{};
  std::string feed{};
  bool with_patient = false;
  std::optional<std::string> after{};  // A cursor.
  std::filesystem::path out{};

  bool referrals_too() const { return only != "facts"; }
  bool filtered() const { return !box.empty() || !state.empty() || open_only; }
  bool facts_too() const {
    return only != "referrals" && !after && referrals.empty() && !filtered();
  }
};

Status CheckExport(const Shared& shared, const FhirExportOptions& options) {
  if (shared.format == Format::kCsv) return Usage("export fhir writes JSON: leave -o out");
  const int ways = (options.referrals.empty() ? 0 : 1) + (options.people.empty() ? 0 : 1) +
                   (options.all ? 1 : 0) + (options.after ? 1 : 0);
  if (ways != 1) {
    return Usage("say what to write: --referral ID, --person ID, --all or --after CURSOR");
  }
  if (options.filtered() && (options.after || !options.referrals.empty())) {
    return Usage("--box, --state and --open choose among all or a person's referrals");
  }
  if (!options.only.empty() && options.only != "referrals" && options.only != "facts") {
    return Usage("--only is referrals or facts");
  }
  if (options.only == "facts" &&
      (options.filtered() || options.after || !options.referrals.empty())) {
    return Usage("--only facts is of --person or --all, which it does not filter");
  }
  return Ok();
}

Result<std::uint64_t> CursorIn(const std::string& text) {
  std::uint64_t cursor = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, cursor);
  if (text.empty() || read.ec != std::errc() || read.ptr != end) {
    return Usage("--after is a number, as the last export said it; 0 = all");
  }
  return cursor;
}

// Bundles, to a file or to stdout: one alone is indented, of several each is a line.
class BundleOut {
 public:
  static Result<BundleOut> Open(const FhirExportOptions& options) {
    BundleOut out;
    out.one_line_ = options.referrals.size() != 1;
    if (!options.out.empty() && options.out != "-") {
      EQN_TRY(FileWriter file, FileWriter::Open(options.out));
      out.file_.emplace(std::move(file));
    }
    return out;
  }
  bool one_line() const { return one_line_; }
  Status Write(std::string_view bundle) { return file_ ? file_->Append(bundle) : Print(bundle); }
  Status Finish() { return file_ ? file_->Commit() : Ok(); }

 private:
  BundleOut() = default;
  std::optional<FileWriter> file_{};
  bool one_line_ = true;
};

// What could not be written does not keep the rest from being: each is said, with its id.
class Exporter {
 public:
  Exporter(Session& session, BundleOut& out, std::string feed)
      : session_(session), out_(out), feed_(std::move(feed)), feed_chosen_(!feed_.empty()) {}

  // Ends with an error of the node or of the file; false when it was interrupted.
  Result<bool> Referral(const std::string& id, bool listed = false) {
    if (Interrupted()) return false;
    const auto fetched = FetchReferral(session_, id);
    if (!fetched.ok() && listed && IsNotYetOne(fetched.error())) {
      ++not_yet_;
      return true;
    }
    if (!fetched.ok()) return LeaveOut(id, fetched.error());
    if (!fetched->paper.person.empty()) {  // The other end does not know the person.
      EQN_TRY(const bool wanted, IsOfTheFeed(fetched->paper.person));
      if (!wanted) return true;
    }
    EQN_CHECK(out_.Write(BundleOf(fetched->paper, out_.one_line())));
    progress_.Show(++written_, 0, "Bundles");
    return true;
  }

  // A person of whom nothing is known makes no Bundle.
  Result<bool> Facts(const std::string& person, bool with_patient) {
    if (Interrupted()) return false;
    EQN_TRY(const bool wanted, IsOfTheFeed(person));
    if (!wanted) return true;
    const auto facts = FetchFacts(session_, person, with_patient);
    if (!facts.ok()) return LeaveOut(person, facts.error());
    if (Empty(*facts)) return true;
    EQN_CHECK(out_.Write(BundleOf(*facts, out_.one_line())));
    progress_.Show(++written_, 0, "Bundles");
    return true;
  }

  Result<bool> Everybody(bool with_patient) {
    v1::ListPersonsRequest request;
    request.set_page_size(kPage);
    for (;;) {
      EQN_TRY(const auto page,
              session_.Call<v1::ListPersonsResponse>("RecordService/ListPersons", request));
      for (const std::string& person : page.source_ids()) {
        EQN_TRY(const bool go_on, Facts(person, with_patient));
        if (!go_on) return false;
      }
      if (page.next_page_token().empty()) return true;
      request.set_page_token(page.next_page_token());
    }
  }

  template <typename Page>
  Result<bool> Referrals(const Page& page) {
    for (const v1::Referral& each : page.referrals()) {
      EQN_TRY(const bool go_on, Referral(each.id(), true));
      if (!go_on) return false;
    }
    return true;
  }

  // The referrals that a list names, page by page.
  Result<bool> Listed(v1::ListReferralsRequest request) {
    request.set_page_size(kPage);
    for (;;) {
      EQN_TRY(const auto page,
              session_.Call<v1::ListReferralsResponse>("ReferralService/ListReferrals", request));
      EQN_TRY(const bool go_on, Referrals(page));
      if (!go_on) return false;
      if (page.next_page_token().empty()) return true;
      request.set_page_token(page.next_page_token());
    }
  }

  // Those that changed after the cursor, which is moved on.
  Result<bool> Changed(std::uint64_t* cursor) {
    v1::ListReferralChangesRequest request;
    request.set_page_size(kPage);
    for (;;) {
      request.set_after(*cursor);
      EQN_TRY(const auto page, session_.Call<v1::ListReferralChangesResponse>(
                                   "ReferralService/ListReferralChanges", request));
      EQN_TRY(const bool go_on, Referrals(page));
      if (!go_on) return false;
      if (page.cursor() == *cursor) return true;
      *cursor = page.cursor();
    }
  }

  void Clear() { progress_.Clear(); }
  std::uint64_t written() const { return written_; }
  std::uint64_t left_out() const { return left_out_; }
  std::uint64_t not_yet() const { return not_yet_; }
  std::uint64_t of_others() const { return of_others_; }
  const std::optional<Error>& first() const { return first_; }

 private:
  static constexpr std::uint32_t kPage = 1000;

  // A draft, or one that the caller's organisation may claim: it is on the list, and no story yet.
  static bool IsNotYetOne(const Error& error) {
    return error.reason == "NOT_SENT" || error.reason == "NOT_CLAIMED";
  }

  // Of two feeds that have a Patient/7 each, one file would make one person of the two where it is
  // read. So a file is of one feed: the one that was chosen, else the first person's.
  Result<bool> IsOfTheFeed(const std::string& person) {
    const std::string feed = person.substr(0, person.find('/'));
    if (feed_.empty()) feed_ = feed;
    if (feed == feed_) return true;
    if (feed_chosen_) {
      ++of_others_;
      return false;
    }
    progress_.Clear();
    return Usage("these people are of several feeds (" + feed_ + ", " + feed +
                 "), each with ids of its own: a file is of one, choose it with --feed NAME; "
                 "nothing was kept");
  }

  // What is wrong with one thing is said; what is wrong with the node ends the export.
  Result<bool> LeaveOut(const std::string& id, const Error& error) {
    const bool its_own = error.code == Code::kNotFound || error.code == Code::kFailedPrecondition ||
                         error.code == Code::kInvalidArgument;
    if (!its_own) return error;
    ++left_out_;
    if (!first_) first_ = error;
    progress_.Clear();
    Say(id + ": " + Explain(error));
    return true;
  }

  Session& session_;
  BundleOut& out_;
  std::string feed_;
  bool feed_chosen_;
  Progress progress_{"export"};
  std::uint64_t written_ = 0;
  std::uint64_t left_out_ = 0;
  std::uint64_t not_yet_ = 0;
  std::uint64_t of_others_ = 0;
  std::optional<Error> first_{};
};

v1::ListReferralsRequest ReferralsWanted(const FhirExportOptions& options,
                                         const std::string& person) {
  v1::ListReferralsRequest request;
  request.set_box(options.box);
  request.set_state(options.state);
  request.set_open_only(options.open_only);
  request.set_person(person);
  return request;
}

// What a caller may not see here, or the node does not do, is left out of "all" and said.
Result<bool> UnlessDenied(Result<bool> done, bool asked_for, const char* what) {
  if (done.ok() || asked_for) return done;
  const std::string& reason = done.error().reason;
  if (reason != "METHOD_NOT_ALLOWED" && reason != "METHOD_NOT_OFFERED") return done;
  Say(std::string("without ") + what + ": they are not yours to see at this node");
  return true;
}

Result<bool> WriteAll(Exporter& exporter, const FhirExportOptions& options, std::uint64_t* cursor) {
  for (const std::string& id : options.referrals) {
    EQN_TRY(const bool go_on, exporter.Referral(id));
    if (!go_on) return false;
  }
  for (const std::string& person : options.people) {
    if (options.facts_too()) {
      EQN_TRY(const bool go_on, exporter.Facts(person, options.with_patient));
      if (!go_on) return false;
    }
    if (options.referrals_too()) {
      EQN_TRY(const bool go_on, UnlessDenied(exporter.Listed(ReferralsWanted(options, person)),
                                             !options.only.empty(), "referrals"));
      if (!go_on) return false;
    }
  }
  if (options.after) return exporter.Changed(cursor);
  if (!options.all) return true;
  if (options.referrals_too()) {
    EQN_TRY(const bool go_on, UnlessDenied(exporter.Listed(ReferralsWanted(options, "")),
                                           !options.only.empty(), "referrals"));
    if (!go_on) return false;
  }
  if (!options.facts_too()) return true;
  return UnlessDenied(exporter.Everybody(options.with_patient), !options.only.empty(), "facts");
}

Result<int> RunFhir(const Shared& shared, const FhirExportOptions& options) {
  EQN_CHECK(CheckExport(shared, options));
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(BundleOut out, BundleOut::Open(options));
  Exporter exporter(session, out, options.feed);
  std::uint64_t cursor = 0;
  if (options.after) {
    EQN_TRY(cursor, CursorIn(*options.after));
  }
  EQN_TRY(const bool whole, WriteAll(exporter, options, &cursor));
  exporter.Clear();
  if (!whole) {
    Say("stopped; no file was written");
    return kExitTryLater;
  }
  // The one that was asked for is not there: that is the answer.
  if (exporter.written() == 0 && exporter.left_out() == 1 && !options.all && !options.after) {
    return ExitCodeOf(*exporter.first());
  }
  EQN_CHECK(out.Finish());
  Say(CountText(exporter.written()) + " Bundles written" +
      (exporter.not_yet() == 0 ? "" : ", " + CountText(exporter.not_yet()) + " not claimed yet") +
      (exporter.of_others() == 0 ? ""
                                 : ", " + CountText(exporter.of_others()) + " of other feeds not") +
      (exporter.left_out() == 0 ? "" : ", " + CountText(exporter.left_out()) + " left out"));
  if (options.after) Say("go on with: equinode export fhir --after " + std::to_string(cursor));
  return exporter.left_out() == 0 ? kExitOk : kExitFailed;
}

void DeclareExport(Command command, FhirExportOptions& options) {
  command.AddOption("--referral", options.referrals, "this one; again and again").TypeName("UUID");
  command.AddOption("--person", options.people, "source_id; again and again").TypeName("ID");
  command.AddFlag("--all", options.all, "everything that you may see");
  command.AddOption("--after", options.after, "referrals that changed after a cursor; 0 = all")
      .TypeName("CURSOR");
  command.AddOption("--box", options.box, "inbox or outbox; without: both");
  command.AddOption("--state", options.state, "such as in-progress").TypeName("STATE");
  command.AddFlag("--open", options.open_only, "where somebody still has to act");
  command.AddOption("--only", options.only, "referrals, or facts: needs, codes and consents")
      .TypeName("WHAT");
  command.AddOption("--feed", options.feed, "whose people; needed where there are several feeds")
      .TypeName("NAME");
  command.AddFlag("--with-patient", options.with_patient,
                  "with who the person is: for a node that does not know it");
  command.AddOption("--out", options.out, "mode 0600; without, or -: stdout").TypeName("FILE");
}

}  // namespace

void AddExport(Program program) {
  Command group = AddGroup(program, "export", "what this node knows, for other systems");
  AddCommand<FhirExportOptions>(
      program, group, "fhir",
      "FHIR R4 by Gravity's SDOH guide: a Bundle a referral, and one a person (docs/fhir.md)",
      DeclareExport, RunFhir);
}

}  // namespace equinode::cli
