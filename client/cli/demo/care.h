// What the demo does about needs: consents, referrals to community organisations and what becomes
// of them, services that began, and the funnel of it all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "client/cli/demo/network.h"
#include "client/cli/sheet.h"

namespace equinode::demo {

inline constexpr std::string_view kFood = "food-insecurity";

class Care {
 public:
  // `network` must outlive it.
  Care(Network& network, std::uint64_t seed) : network_(network), seed_(seed) {}

  // Practices and the food bank get to know each other: letters go by the QHIO. The organisation
  // without a node is taken in there, and the practices are told so.
  Status Enrol();

  // At each practice services that began, on days around the 30th after the answer; written to
  // `services` (practice,person,domain,day) for whoever counts again.
  Result<std::string> Serve(const std::filesystem::path& services);

  // The practices' stories, as the seed deals them (referral_stories.h): to the food bank's node
  // and to the organisation without one. Written to `referrals`, for whoever counts again.
  Result<std::string> Refer(const std::filesystem::path& referrals);

  // Screened, positive, coded, referred, accepted, closed by grade: exact counts of all practices.
  Result<std::string> Funnel();

  const cli::Json& account() const { return account_; }

 private:
  Network& network_;
  std::uint64_t seed_;
  cli::Json account_ = cli::Json::object();
};

}  // namespace equinode::demo
