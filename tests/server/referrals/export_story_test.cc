// What an export is told of a referral, to whom, and what is kept of it in the audit log.
#include <algorithm>

#include "tests/server/referrals/referral_town.h"

namespace equinode::testing {
namespace {

using namespace std::chrono_literals;

class ExportTown : public ReferralTown {
 protected:
  static Result<v1::ExportReferralResponse> Export(ReferralNode& node, const std::string& id,
                                                   std::uint64_t after = 0) {
    v1::ExportReferralRequest request;
    request.set_referral_id(id);
    request.set_after(after);
    return node.Ask<v1::ExportReferralResponse>("ReferralService/ExportReferral", request);
  }
  static std::string Why(ReferralNode& node, const std::string& id) {
    const auto got = Export(node, id);
    return got.ok() ? "OK" : got.error().reason;
  }
};

TEST_F(ExportTown, BothEndsTellTheSameEventsAndEachItsOwnOfThePerson) {
  const std::string consent = Consent();
  const std::string id = Create();
  Settle();
  ASSERT_EQ(bank_.Do(id, "accept", "", "come on Friday"), "OK");
  Settle();
  const auto ours = Export(clinic_, id);
  const auto theirs = Export(bank_, id);
  ASSERT_TRUE(ours.ok() && theirs.ok());
  const auto chain = clinic_.Chain(id);
  ASSERT_EQ(ours->events_size(), static_cast<int>(chain.size()));
  ASSERT_EQ(theirs->events_size(), ours->events_size());
  for (int i = 0; i < ours->events_size(); ++i) {
    EXPECT_EQ(AsBytes(ours->events(i).event()).size(),
              chain[static_cast<std::size_t>(i)].event.size());
    EXPECT_EQ(ours->events(i).event(), theirs->events(i).event());
    EXPECT_EQ(ours->events(i).linked_at().seconds(), theirs->events(i).linked_at().seconds());
  }
  EXPECT_TRUE(ours->ours());
  EXPECT_FALSE(theirs->ours());
  EXPECT_EQ(ours->person(), kPerson);
  EXPECT_EQ(theirs->person(), "");
  EXPECT_EQ(ours->order().at("client_name"), "Maria");
  EXPECT_EQ(theirs->order().at("client_name"), "Maria");
  ASSERT_EQ(ours->consents_size(), 1);
  EXPECT_EQ(ours->consents(0).id(), consent);
  EXPECT_EQ(theirs->consents_size(), 0);
  EXPECT_FALSE(ours->more());
  // From a number on: the rest alone, without the head.
  const auto rest = Export(clinic_, id, 2);
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(rest->events_size(), ours->events_size() - 2);
  EXPECT_EQ(rest->events(0).event(), ours->events(2).event());
  EXPECT_EQ(rest->person(), "");
  EXPECT_EQ(rest->consents_size(), 0);
  EXPECT_TRUE(rest->order().empty());
  // A disclosure, with the referral and the person that it is about.
  EXPECT_TRUE(clinic_.last_call.audit.disclosure);
  EXPECT_EQ(clinic_.last_call.audit.touched.count(), 2u);
  EXPECT_EQ(clinic_.last_call.audit.subject, "referral exported");
  EXPECT_EQ(Why(clinic_, clinic_.RequestId()), "NO_SUCH_REFERRAL");
  EXPECT_EQ(Why(clinic_, "17"), "BAD_REFERRAL_ID");
}

TEST_F(ExportTown, ALongStoryComesInPages) {
  Consent();
  const std::string id = Create();
  Settle();
  ASSERT_EQ(bank_.Do(id, "accept"), "OK");
  ASSERT_EQ(bank_.Do(id, "start"), "OK");
  const std::string note(2000, 'n');
  for (int i = 0; i < 280; ++i) {
    Later(1min);
    ASSERT_EQ(bank_.Do(id, "interim-note", "", note), "OK");
  }
  std::size_t pages = 0;
  std::vector<std::string> events;
  for (bool more = true; more; ++pages) {
    const auto page = Export(bank_, id, events.size());
    ASSERT_TRUE(page.ok());
    std::size_t bytes = 0;
    for (const v1::ExportedEvent& each : page->events()) {
      bytes += each.event().size();
      events.push_back(each.event());
    }
    EXPECT_LE(bytes, 512u * 1024);
    EXPECT_LT(page->ByteSizeLong(), 1024u * 1024);
    more = page->more();
  }
  EXPECT_GT(pages, 1u);
  const auto chain = bank_.Chain(id);
  ASSERT_EQ(events.size(), chain.size());
  for (std::size_t i = 0; i < chain.size(); ++i) {
    EXPECT_EQ(events[i], std::string(AsText(chain[i].event)));
  }
}

TEST_F(ExportTown, AConsentThatWasTakenBackElsewhereNeverHeldHere) {
  v1::RecordConsentRequest request;
  v1::Consent& consent = *request.mutable_consent();
  consent.set_person(kPerson);
  consent.set_given(true);
  consent.set_recipient("class:cbo");
  consent.add_purposes("referral");
  consent.add_categories("food-insecurity");
  wire::SetTimestamp(clinic_.now() - 48h, consent.mutable_signed_at());
  consent.set_document(std::string(32, 'd'));
  const auto keep = [&](Instant revoked, bool given = true) {
    wire::SetTimestamp(revoked, request.mutable_revoked_at());
    consent.set_given(given);
    request.set_request_id(clinic_.RequestId());
    const auto made =
        clinic_.Ask<v1::RecordConsentResponse>("ConsentService/RecordConsent", request);
    return made.ok() ? "OK" : made.error().reason;
  };
  EXPECT_EQ(keep(clinic_.now() - 49h), "BAD_CONSENT") << "before it was signed";
  EXPECT_EQ(keep(clinic_.now() + 1h), "BAD_CONSENT") << "in the future";
  EXPECT_EQ(keep(clinic_.now() - 1h, false), "BAD_CONSENT") << "a no is not taken back";
  EXPECT_EQ(Create(), "NO_CONSENT");
  EXPECT_EQ(keep(clinic_.now() - 1h), "OK");
  EXPECT_EQ(Create(), "CONSENT_REVOKED");
  v1::ListConsentsRequest list;
  list.set_person(kPerson);
  const auto all = clinic_.Ask<v1::ListConsentsResponse>("ConsentService/ListConsents", list);
  ASSERT_EQ(all->consents_size(), 1);
  EXPECT_EQ(all->consents(0).revoked_at().seconds(), request.revoked_at().seconds());
}

}  // namespace
}  // namespace equinode::testing
