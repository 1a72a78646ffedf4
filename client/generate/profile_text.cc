#include "client/generate/profile_text.h"

namespace equinode::made {
namespace {

struct LineRule {
  std::string_view type{};
  std::string_view line{};
};
// The last one is for coverages that do not say their type.
constexpr LineRule kLines[] = {{"1", "medicare"}, {"2", "medicaid"}, {"5", "commercial"}, {"", ""}};

void PutPayer(std::string& out, const MadePayer& payer, std::string_view uri) {
  for (const LineRule& rule : kLines) {
    out.append("\n[[payer]]\nidentifier = \"").append(kPayerSystem).append("|");
    out.append(payer.number).append("\"\nreference = \"Organization/").append(payer.id);
    out.append("\"\nname = \"").append(payer.name).append("\"\n");
    if (!rule.type.empty()) out.append("type = \"").append(rule.type).append("\"\n");
    out.append("uri = \"").append(uri).append("\"\n");
    if (!rule.line.empty()) out.append("line_of_business = \"").append(rule.line).append("\"\n");
  }
}

}  // namespace

std::string_view MethodOf(const Practice& practice) {
  constexpr std::string_view kMethods[] = {"self-reported", "unknown", "administrative"};
  return kMethods[practice.number % std::size(kMethods)];
}

std::string ProfileText(const Practice& practice, std::string_view payer_uri,
                        std::string_view other_payer_uri, std::string_view method) {
  std::string out = "# Source profile of a made feed (equinode generate).\nfeed = \"";
  out.append(practice.name)
      .append("\"\n\n[demographics]\nmethod = \"")
      .append(method)
      .append("\"\n");
  PutPayer(out, kOurPayer, payer_uri);
  PutPayer(out, kOtherPayer, other_payer_uri);
  return out;
}

}  // namespace equinode::made
