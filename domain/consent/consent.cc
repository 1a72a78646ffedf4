#include "domain/consent/consent.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/csv_rows.h"
#include "domain/access/identity.h"
#include "domain/consent/consent_tables.h"
#include "domain/zcodes/domains.h"
#include "domain/zcodes/unknown_domain.h"

namespace equinode::consent {
namespace {

constexpr std::array<std::pair<Direction, std::string_view>, 2> kDirections = {{
    {Direction::kToRecipient, "to"},
    {Direction::kBack, "back"},
}};
constexpr std::array<std::pair<Purpose, std::string_view>, 5> kPurposes = {{
    {Purpose::kReferral, "referral"},
    {Purpose::kTreatment, "treatment"},
    {Purpose::kPayment, "payment"},
    {Purpose::kOperations, "operations"},
    {Purpose::kResearch, "research"},
}};
constexpr std::array<std::pair<Answer, std::string_view>, 5> kAnswers = {{
    {Answer::kGiven, "given"},
    {Answer::kRefused, "refused"},
    {Answer::kRevoked, "revoked"},
    {Answer::kExpired, "expired"},
    {Answer::kNoneOnFile, "none-on-file"},
}};
constexpr std::array<std::string_view, 3> kLabels = {"PART2", "SOGI", "TRIBAL"};
constexpr std::array<std::string_view, 4> kClasses = {"class:cbo", "class:qhio", "class:payer",
                                                      "class:practice"};
constexpr std::size_t kMaxCategories = 64;

template <typename T, std::size_t N>
std::string_view NameIn(const std::array<std::pair<T, std::string_view>, N>& names, T value) {
  for (const auto& [each, name] : names) {
    if (each == value) return name;
  }
  return "?";
}
template <typename T, std::size_t N>
std::optional<T> FindIn(const std::array<std::pair<T, std::string_view>, N>& names,
                        std::string_view name) {
  for (const auto& [each, known] : names) {
    if (known == name) return each;
  }
  return std::nullopt;
}

// How closely a consent names something: 0 = not at all.
int RecipientCloseness(const Consent& consent, const Question& question) {
  if (consent.recipient == question.recipient) return 3;
  if (consent.recipient.starts_with("class:") &&
      std::string_view(consent.recipient).substr(6) == question.recipient_class) {
    return 2;
  }
  return consent.recipient == "*" ? 1 : 0;
}

int CategoryCloseness(const Consent& consent, std::string_view category) {
  int closeness = 0;
  for (const std::string& each : consent.categories) {
    if (each == category) return 2;
    if (each == "*" && (!consent.given || !NeedsNaming(category))) closeness = 1;
  }
  return closeness;
}

bool NamesPurpose(const Consent& consent, Purpose purpose) {
  if (!consent.given && consent.purposes.empty()) return true;
  return std::find(consent.purposes.begin(), consent.purposes.end(), purpose) !=
         consent.purposes.end();
}

struct Voice {
  const Consent* consent = nullptr;
  int recipient = 0;
  int category = 0;
};

bool Overrules(const Voice& yes, const Voice& no) {
  return yes.consent->signed_at > no.consent->signed_at && yes.recipient >= no.recipient &&
         yes.category >= no.category;
}

// The same answer whichever way they were handed in.
bool Before(const Voice& a, const Voice& b) {
  if (a.consent->signed_at != b.consent->signed_at) {
    return a.consent->signed_at > b.consent->signed_at;
  }
  return a.consent->id < b.consent->id;
}

struct Verdict {
  Answer answer = Answer::kNoneOnFile;
  std::optional<Uuid> because{};
};

Verdict DecideOne(std::span<const Consent> consents, std::span<const Revocation> revocations,
                  const Question& question, std::string_view category, Instant now) {
  std::vector<Voice> yes, no, revoked, expired;
  for (const Consent& consent : consents) {
    if (consent.direction != question.direction) continue;
    const Voice voice{&consent, RecipientCloseness(consent, question),
                      CategoryCloseness(consent, category)};
    if (voice.recipient == 0 || voice.category == 0) continue;
    if (!NamesPurpose(consent, question.purpose)) continue;
    if (!consent.given) {
      // A refusal holds until it is over; it does not become a yes by that.
      if (now >= consent.from && (!consent.until || now < *consent.until)) no.push_back(voice);
      continue;
    }
    const bool taken_back =
        std::any_of(revocations.begin(), revocations.end(),
                    [&](const Revocation& each) { return each.consent == consent.id; });
    if (taken_back) {
      revoked.push_back(voice);
    } else if (now < consent.from || (consent.until && now >= *consent.until)) {
      expired.push_back(voice);
    } else {
      yes.push_back(voice);
    }
  }
  for (std::vector<Voice>* each : {&yes, &no, &revoked, &expired}) {
    std::sort(each->begin(), each->end(), Before);
  }
  for (const Voice& each : yes) {
    const bool stands = std::all_of(no.begin(), no.end(),
                                    [&](const Voice& against) { return Overrules(each, against); });
    if (stands) return {Answer::kGiven, each.consent->id};
  }
  if (!no.empty()) return {Answer::kRefused, no.front().consent->id};
  if (!revoked.empty()) return {Answer::kRevoked, revoked.front().consent->id};
  if (!expired.empty()) return {Answer::kExpired, expired.front().consent->id};
  return {};
}

struct NoticeRow {
  std::string label{};
  std::string text{};
};
const std::vector<NoticeRow>& Notices() {
  static const std::vector<NoticeRow> rows = [] {
    std::vector<NoticeRow> all;
    ForEachRow(kNoticesCsv, [&](const auto& row) { all.push_back({row[0], row[1]}); });
    return all;
  }();
  return rows;
}

}  // namespace

std::string_view Name(Direction direction) { return NameIn(kDirections, direction); }
std::string_view Name(Purpose purpose) { return NameIn(kPurposes, purpose); }
std::string_view Name(Answer answer) { return NameIn(kAnswers, answer); }
std::optional<Direction> DirectionNamed(std::string_view name) { return FindIn(kDirections, name); }
std::optional<Purpose> PurposeNamed(std::string_view name) { return FindIn(kPurposes, name); }

bool NeedsNaming(std::string_view category) {
  return std::find(kLabels.begin(), kLabels.end(), category) != kLabels.end();
}

bool IsCategory(std::string_view category) {
  return NeedsNaming(category) || FindNeedDomain(category) != nullptr;
}

namespace {

bool NamesRecipient(std::string_view recipient) {
  if (recipient == "*" || recipient.starts_with("class:")) return true;
  // An operator is no recipient.
  const Result<Identity> identity = ParseIdentity(recipient);
  return identity.ok() && !identity->is_operator();
}

}  // namespace

Status CheckConsent(const Consent& consent) {
  const auto bad = [](std::string message) {
    return Error{Code::kInvalidArgument, "BAD_CONSENT", std::move(message)};
  };
  if (consent.id.nil()) return bad("a consent has an id");
  if (consent.person.empty() || consent.person.size() > 256) return bad("a consent has a person");
  if (consent.recipient.starts_with("class:") &&
      std::find(kClasses.begin(), kClasses.end(), consent.recipient) == kClasses.end()) {
    return bad("a class of recipients is class:cbo, class:qhio, class:payer or class:practice");
  }
  // What nothing can match would be kept and never be a yes, nor a no.
  if (!NamesRecipient(consent.recipient)) {
    return bad(
        "a consent names its recipient: the URI of an organisation (spiffe://network/cbo/name; "
        "practice, qhio, payer or cbo), class:cbo and the like, or *");
  }
  if (consent.categories.empty() || consent.categories.size() > kMaxCategories) {
    return bad("a consent names 1 to " + std::to_string(kMaxCategories) +
               " categories: need domains, PART2, SOGI, TRIBAL, or *");
  }
  for (const std::string& each : consent.categories) {
    if (each == "*" || IsCategory(each)) continue;
    return bad(UnknownDomain(each).message + "; or PART2, SOGI, TRIBAL, *");
  }
  if (consent.given && consent.purposes.empty()) return bad("a yes names its purposes");
  if (consent.until && *consent.until <= consent.from) {
    return bad("a consent ends after it begins");
  }
  if (consent.document == Digest{}) {
    return bad("a consent carries the SHA-256 of the form or of the record of the spoken word");
  }
  return Ok();
}

Decision Decide(std::span<const Consent> consents, std::span<const Revocation> revocations,
                const Question& question, Instant now) {
  Decision decision;
  decision.answer = question.categories.empty() ? Answer::kNoneOnFile : Answer::kGiven;
  for (const std::string_view category : question.categories) {
    const Verdict verdict = DecideOne(consents, revocations, question, category, now);
    if (verdict.answer != Answer::kGiven) {
      Decision against;
      against.answer = verdict.answer;
      against.category = category;
      if (verdict.because) against.because.push_back(*verdict.because);
      return against;
    }
    decision.because.push_back(*verdict.because);
    const std::string_view notice = NoticeFor(category);
    if (!notice.empty()) decision.notices.push_back(notice);
  }
  return decision;
}

std::string_view NoticeFor(std::string_view label) {
  for (const NoticeRow& row : Notices()) {
    if (row.label == label) return row.text;
  }
  return "";
}

std::string NoticesFor(std::span<const std::string> labels) {
  std::string all;
  for (const std::string& each : labels) {
    const std::string_view notice = NoticeFor(each);
    if (notice.empty()) continue;
    if (!all.empty()) all += "\n";
    all += notice;
  }
  return all;
}

}  // namespace equinode::consent
