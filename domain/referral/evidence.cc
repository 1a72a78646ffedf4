#include "domain/referral/evidence.h"

#include <algorithm>
#include <vector>

#include "base/csv_rows.h"
#include "domain/referral/referral_tables.h"

namespace equinode::referral {
namespace {

using std::chrono::days;
using std::chrono::floor;

Error BadEvidence(std::string message) {
  return Error{Code::kInvalidArgument, "BAD_EVIDENCE", std::move(message)};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return c >= 'A' && c <= 'Z'; }

// 9 is a digit, A a letter, * a digit or a letter; anything else stands for itself.
bool Fits(std::string_view code, std::string_view form) {
  return std::ranges::equal(code, form, [](char c, char f) {
    return f == '9'   ? IsDigit(c)
           : f == 'A' ? IsLetter(c)
           : f == '*' ? IsDigit(c) || IsLetter(c)
                      : c == f;
  });
}

// A form is one of several, with | between them; N(6-18) is that many digits.
bool IsWritten(std::string_view code, std::string_view forms) {
  for (std::size_t at = 0; at <= forms.size();) {
    const std::size_t end = std::min(forms.find('|', at), forms.size());
    const std::string_view form = forms.substr(at, end - at);
    if (form == "N(6-18)") {
      if (code.size() >= 6 && code.size() <= 18 && code.front() != '0' &&
          std::ranges::all_of(code, IsDigit)) {
        return true;
      }
    } else if (Fits(code, form)) {
      return true;
    }
    at = end + 1;
  }
  return false;
}

bool IsAbsoluteUri(std::string_view text) {
  return (text.starts_with("http://") || text.starts_with("https://") ||
          text.starts_with("urn:")) &&
         text.find_first_of(" \n") == std::string_view::npos && text.size() > 10;
}

std::string KnownSystems() {
  std::string all;
  for (const EvidenceSystem& each : EvidenceSystems()) {
    all += (all.empty() ? "" : ", ") + each.uri + " (" + each.name + ")";
  }
  return all;
}

Status CheckCode(const Evidence& evidence) {
  if (evidence.kind == Evidence::Kind::kServiceRecord) {
    if (!IsAbsoluteUri(evidence.system) || evidence.code.empty()) {
      return BadEvidence("a service record is named by an absolute URI and its code or number");
    }
    if (evidence.document == Digest{}) {
      return BadEvidence("a service record comes with the SHA-256 of its document");
    }
    return Ok();
  }
  for (const EvidenceSystem& each : EvidenceSystems()) {
    if (each.uri != evidence.system) continue;
    if (IsWritten(evidence.code, each.form)) return Ok();
    return BadEvidence("that is no code of " + each.name);
  }
  return BadEvidence("what was done is coded in one of: " + KnownSystems() +
                     "; on somebody's word alone it is --reported-by");
}

}  // namespace

std::span<const EvidenceSystem> EvidenceSystems() {
  static const std::vector<EvidenceSystem> systems = [] {
    std::vector<EvidenceSystem> all;
    ForEachRow(kEvidenceSystemsCsv, [&](const auto& row) {
      all.push_back({row[0], row[1], row[2]});
    });
    return all;
  }();
  return systems;
}

Status CheckEvidence(const Evidence& evidence, Instant sent, Instant said) {
  EQN_CHECK(CheckCode(evidence));
  if (evidence.at < floor<days>(sent) - days(1)) {
    return BadEvidence("it was done before the referral was sent, so it is not its outcome");
  }
  // East of Greenwich today's day may begin tomorrow in UTC.
  if (evidence.at > said + days(1)) {
    return BadEvidence("the day of what was done is in the future: an appointment is no evidence");
  }
  return Ok();
}

Status CheckSaid(const View& view, const Event& event) {
  for (const Evidence& each : event.evidence) {
    EQN_CHECK(CheckEvidence(each, view.sent.value_or(event.at), event.at));
  }
  if (event.when && *event.when < event.at - days(1)) {
    return Error{Code::kInvalidArgument, "BAD_TIME",
                 event.kind == EventKind::kHold
                     ? "the day on which it is looked at again is over"
                     : "the day of the appointment is over: what came of it is no-show, "
                       "interim-note or complete"};
  }
  return Ok();
}

}  // namespace equinode::referral
