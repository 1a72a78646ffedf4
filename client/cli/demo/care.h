// What the demo does about needs: consents, referrals to the community organisation and what
// becomes of them, services that began, and the funnel of it all.
#pragma once

#include <filesystem>
#include <string>

#include "client/cli/demo/network.h"
#include "client/cli/sheet.h"

namespace equinode::demo {

class Care {
 public:
  // `network` must outlive it.
  explicit Care(Network& network) : network_(network) {}

  // Practices and the organisation get to know each other: letters go by the QHIO.
  Status Enrol();

  // At each practice services that began, on days around the 30th after the answer; written to
  // `services` (practice,person,domain,day) for whoever counts again.
  Result<std::string> Serve(const std::filesystem::path& services);

  // Twelve referrals a practice, each with its own story: served with evidence, as reported, after
  // a no-show; unreachable, no capacity, a cancellation that an outcome beats, consent taken back
  // on the way, still open, not answered; and one that is refused for want of consent.
  Result<std::string> Refer();

  // Screened, positive, coded, referred, accepted, closed by grade: exact counts of all practices.
  Result<std::string> Funnel();

  const cli::Json& account() const { return account_; }

 private:
  Network& network_;
  cli::Json account_ = cli::Json::object();
};

}  // namespace equinode::demo
