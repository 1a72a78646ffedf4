#include "client/cli/referral_text.h"

#include <google/protobuf/util/time_util.h>

#include "base/clock.h"
#include "client/cli/referral_commands.h"
#include "client/cli/words.h"

namespace equinode::cli {

std::string ShortOf(const std::string& uri) {
  const std::size_t at = uri.rfind('/');
  return at == std::string::npos ? uri : uri.substr(at + 1);
}

std::string WhoOf(const std::string& uri) {
  constexpr std::string_view kOperator = "/operator/";
  const std::size_t at = uri.find(kOperator);
  if (at == std::string::npos) return ShortOf(uri);
  return uri.substr(at + kOperator.size()) + " of " + ShortOf(uri.substr(0, at));
}

std::string StateText(const v1::Referral& each) {
  std::string text = each.state();
  if (!each.sub_state().empty()) text += " (" + each.sub_state() + ")";
  if (each.cancel_asked()) text += ", cancel asked";
  if (!each.proposed().empty()) text += ", " + each.proposed() + " proposed";
  if (!each.ended_here().empty()) return text + ", closed here as " + each.ended_here();
  if (!each.fault().empty()) text += ", FAULT " + each.fault();
  return text;
}

std::string NextText(const v1::Referral& each) {
  if (each.next_who().empty()) return each.loop_closed() ? "closed" : "";
  return (each.overdue() ? "OVERDUE " : "") + each.next_who() + ": " + each.next_what();
}

Sheet ReferralSheet() { return Sheet({"id", "domain", "from", "to", "state", "next", "by"}); }
void AddTo(Sheet& sheet, const v1::Referral& each) {
  sheet.Add({each.id(), each.domain(), ShortOf(each.requester_node()),
             ShortOf(each.owner().empty() ? each.target_node() : each.owner()), StateText(each),
             NextText(each), TimeText(each.next_by(), each.has_next_by()).substr(0, 10)});
}

Json ReferralJson(const v1::Referral& each) {
  Json json = Json::object();
  json["id"] = each.id();
  if (!each.person().empty()) json["person"] = each.person();
  json["need"] = each.need();
  json["domain"] = each.domain();
  json["priority"] = each.priority();
  json["from"] = each.requester_node();
  json["to"] = each.owner().empty() ? "anyone at " + each.target_node() : each.owner();
  json["state"] = StateText(each);
  if (!each.reason().empty()) json["reason"] = each.reason();
  json["grade"] = each.grade();
  json["loop_closed"] = each.loop_closed();
  json["next"] = NextText(each);
  json["by"] = TimeText(each.next_by(), each.has_next_by());
  if (!each.ended_here().empty()) {
    json["closed here"] = TimeText(each.ended_here_at(), true) + " by " +
                          WhoOf(each.ended_here_by()) +
                          (each.ended_here_note().empty() ? "" : ": " + each.ended_here_note());
  }
  if (!each.part_of().empty()) json["part_of"] = each.part_of();
  if (each.has_appointment()) json["appointment"] = TimeText(each.appointment(), true);
  return json;
}

bool IsTheNodes(const Error& error) {
  if (error.reason == "MESSAGE_TOO_LARGE") return false;  // The text of one line is too long.
  switch (error.code) {
    case Code::kUnavailable:
    case Code::kDeadlineExceeded:
    case Code::kPermissionDenied:
    case Code::kUnauthenticated:
    case Code::kUnimplemented:
    case Code::kResourceExhausted:
    case Code::kCancelled:
    case Code::kInternal:
    case Code::kDataLoss:
    case Code::kUnknown:
      return true;
    case Code::kOk:
    case Code::kInvalidArgument:
    case Code::kOutOfRange:
    case Code::kNotFound:
    case Code::kAlreadyExists:
    case Code::kFailedPrecondition:
    case Code::kAborted:
      return false;
  }
  return true;
}

Result<google::protobuf::Timestamp> MomentOf(const std::string& text) {
  const auto at = ParseInstant(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (!at.ok()) return Usage("a moment is written as 2026-11-27 or 2026-11-27T09:30:00-08:00");
  return google::protobuf::util::TimeUtil::MillisecondsToTimestamp(at->time_since_epoch().count());
}

Status SetFields(const std::vector<std::string>& fields,
                 google::protobuf::Map<std::string, std::string>* order) {
  for (const std::string& each : fields) {
    const std::size_t at = each.find('=');
    if (at == std::string::npos || at == 0) {
      return Usage("--field is written as name=text; `equinode referral fields` lists the names");
    }
    (*order)[each.substr(0, at)] = each.substr(at + 1);
  }
  return Ok();
}

std::string HeldBackText(const google::protobuf::RepeatedPtrField<std::string>& fields,
                         const std::string& domain) {
  std::string text;
  for (const std::string& field : fields) text += (text.empty() ? "" : ", ") + field;
  if (text.empty()) return text;
  return "not sent, since it may not leave for " + domain + ": " + text +
         " (`equinode referral fields " + domain + "`)";
}

}  // namespace equinode::cli
