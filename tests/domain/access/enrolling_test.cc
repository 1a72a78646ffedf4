#include "domain/access/enrolling.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace equinode {
namespace {

Identity Id(std::string_view uri) { return *ParseIdentity(uri); }
const Identity kSelf = Id("spiffe://n/payer/p");

std::string Why(const Status& status) { return status.ok() ? "OK" : status.error().reason; }

TEST(IdentityOf, WantsExactlyOneNameOfThisNetwork) {
  const auto read = [](std::vector<std::string> names) {
    const auto identity = IdentityOf(names, kSelf);
    return identity.ok() ? identity->uri : identity.error().reason;
  };
  EXPECT_EQ(read({"spiffe://n/practice/a"}), "spiffe://n/practice/a");
  EXPECT_EQ(read({"spiffe://n/practice/a/operator/ann"}), "spiffe://n/practice/a/operator/ann");
  EXPECT_EQ(read({}), "CERTIFICATE_NAME");
  EXPECT_EQ(read({"spiffe://n/practice/a", "spiffe://n/practice/b"}), "CERTIFICATE_NAME");
  EXPECT_EQ(read({"spiffe://n/practice/a", "spiffe://n/practice/a"}), "CERTIFICATE_NAME");
  EXPECT_EQ(read({"spiffe://m/practice/a"}), "CERTIFICATE_NAME");
  EXPECT_EQ(read({"https://n/practice/a"}), "CERTIFICATE_NAME");
}

TEST(CheckAddress, TakesWhatCanBeDialled) {
  for (const char* good : {"hub.example:8443", "localhost:1", "127.0.0.1:65535", "[::1]:8443",
                           "[2001:db8::1]:443", "A-b.c:80"}) {
    EXPECT_EQ(Why(CheckAddress(good)), "OK") << good;
  }
  for (const std::string bad : {"",
                                ":",
                                "host",
                                "host:",
                                ":8443",
                                "host:0",
                                "host:08",
                                "host:65536",
                                "host:-1",
                                "host:+1",
                                "host:80 ",
                                " host:80",
                                "ho st:80",
                                "host:80/x",
                                "dns:///host:80",
                                "unix:/tmp/x",
                                "::1:80",
                                "[::1:80",
                                "[]:80",
                                "[host]:80",
                                "-host:80",
                                "host.:80",
                                "host:99999999999",
                                "h\n:80"}) {
    EXPECT_EQ(Why(CheckAddress(bad)), "BAD_ADDRESS") << bad;
  }
  EXPECT_EQ(Why(CheckAddress(std::string(300, 'a') + ":80")), "BAD_ADDRESS");
}

TEST(CheckPeer, ARouteIsAnAddressOrARelayOrNone) {
  const Identity peer = Id("spiffe://n/practice/a");
  const auto check = [&](Route route) { return Why(CheckPeer(peer, route, kSelf)); };
  EXPECT_EQ(check({}), "OK");
  EXPECT_EQ(check({.address = "a:1"}), "OK");
  EXPECT_EQ(check({.relay = "spiffe://n/qhio/q"}), "OK");
  EXPECT_EQ(check({"a:1", "spiffe://n/qhio/q"}), "BAD_ROUTE");
  EXPECT_EQ(check({.address = "a"}), "BAD_ADDRESS");
  for (const char* relay :
       {"q", "spiffe://n/practice/b", "spiffe://m/qhio/q", "spiffe://n/qhio/q/operator/ann"}) {
    EXPECT_EQ(check({.relay = relay}), "BAD_RELAY") << relay;
  }
  const Identity qhio = Id("spiffe://n/qhio/q");
  EXPECT_EQ(Why(CheckPeer(qhio, {.relay = qhio.uri}, kSelf)), "BAD_RELAY");
  EXPECT_EQ(Why(CheckPeer(peer, {.relay = qhio.uri}, qhio)), "BAD_RELAY");
}

TEST(CheckPeer, NeitherTheNodeItselfNorAnOperatorIsAPeer) {
  EXPECT_EQ(Why(CheckPeer(kSelf, {}, kSelf)), "NOT_A_PEER");
  EXPECT_EQ(Why(CheckPeer(Id("spiffe://n/practice/a/operator/ann"), {}, kSelf)), "NOT_A_PEER");
}

}  // namespace
}  // namespace equinode
