#include "server/referrals/tellings.h"

#include <algorithm>

#include "domain/consent/consent.h"
#include "server/referrals/consent_on_file.h"

namespace equinode {

ReferralNews NewsOf(const OpenReferral& open) {
  ReferralNews news;
  news.referral = open.stored.id;
  return news;
}

ReferralNews FirstNews(const OpenReferral& open) {
  ReferralNews news = NewsOf(open);
  news.order = open.stored.asked;
  news.consents = open.stored.consents;
  news.notice = consent::NoticesFor(LabelsOf(open.stored.asked, open.chain.view.opening.domain));
  news.links = {open.links.front()};
  return news;
}

ReferralNews WholeNews(const OpenReferral& open) {
  ReferralNews news = FirstNews(open);
  const std::size_t count = std::min(open.links.size(), kMaxPayloadLinks);
  news.links.assign(open.links.begin(), open.links.begin() + static_cast<std::ptrdiff_t>(count));
  return news;
}

ReferralNews LimitNews(const OpenReferral& open) {
  ReferralNews news = NewsOf(open);
  news.status_only = true;
  return news;
}

}  // namespace equinode
