// What the other end of a referral tells, and a plan's file: payloads, the signed bytes in them,
// columns and lines. What is read is written as bytes that read as the same.
#include <google/protobuf/stubs/logging.h>

#include <cstdint>
#include <cstdlib>

#include "client/cli/closure_columns.h"
#include "client/convert/referral.h"
#include "domain/referral/order.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode;
  static const auto quiet = google::protobuf::SetLogHandler(nullptr);
  (void)quiet;
  const ByteView bytes(data, size);
  const auto text = AsText(bytes);
  if (const auto news = ReferralNewsFromBytes(bytes); news.ok()) {
    const auto again = ReferralNewsFromBytes(BytesFromReferralNews(*news));
    if (!again.ok() || *again != *news) std::abort();
    for (const referral::Link& link : news->links) (void)referral::EventFrom(link.event);
    if (news->proposal) (void)referral::EventFrom(news->proposal->event);
    (void)referral::TargetOrderFrom(news->order);
  }
  if (const auto news = RevocationNewsFromBytes(bytes); news.ok()) {
    const auto again = RevocationNewsFromBytes(BytesFromRevocationNews(*news));
    if (!again.ok() || *again != *news) std::abort();
  }
  if (const auto news = CapacityNewsFromBytes(bytes); news.ok()) {
    const auto again = CapacityNewsFromBytes(BytesFromCapacityNews(*news));
    if (!again.ok() || again->domain != news->domain || again->asked != news->asked) std::abort();
    if (news->said && !referral::CheckCapacity(*news->said).ok()) std::abort();
  }
  if (const auto event = referral::EventFrom(bytes); event.ok()) {
    const Bytes again = referral::CanonicalBytes(*event);
    if (again.size() != size || !std::equal(again.begin(), again.end(), data)) std::abort();
  }
  if (const auto order = referral::TargetOrderFrom(bytes); order.ok()) {
    for (const auto& [field, value] : order->fields()) {
      if (!referral::MayHave(order->domain(), field)) std::abort();
    }
  }
  (void)cli::ParseClosureColumns(text);
  static const auto columns = cli::ParseClosureColumns(
      "system = \"findhelp\"\n[[column]]\nwhat = \"referral\"\nheading = \"id\"\n[[column]]\n"
      "what = \"status\"\nheading = \"status\"\n");
  if (!columns.ok()) std::abort();
  if (const auto lines = cli::ParseClosures(*columns, text); lines.ok()) {
    for (const cli::ClosureLine& line : *lines) {
      if (!line.cells.contains("referral") || !line.cells.contains("status")) std::abort();
      const auto request = cli::RequestOf(*columns, line);
      if (!request.ok() && request.error().message.find("line ") != 0) std::abort();
    }
  }
  return 0;
}
