#include "domain/access/policy.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace equinode {
namespace {

// Every method of every service of the contract. The whole of the generated library is linked in
// here, and the folder says which files there are, so that a new one cannot be forgotten.
std::set<std::string> ContractMethods() {
  const std::filesystem::path root = std::filesystem::path(EQUINODE_SOURCE_DIR) / "proto";
  std::set<std::string> methods;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".proto") continue;
    const std::string name = entry.path().lexically_relative(root).string();
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr) {
      ADD_FAILURE() << name << " is not in the generated library";
      continue;
    }
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.insert("/" + file->service(s)->full_name() + "/" +
                       file->service(s)->method(m)->name());
      }
    }
  }
  return methods;
}

Identity IdentityOf(const std::string& uri) {
  auto identity = ParseIdentity(uri);
  EXPECT_TRUE(identity.ok()) << uri;
  return *identity;
}

std::string Verdict(std::string_view path, const std::string& caller, const std::string& self) {
  const Status allowed = Allowed(path, IdentityOf(caller), IdentityOf(self));
  return allowed.ok() ? "OK" : allowed.error().reason;
}

const std::vector<std::string> kRoleNames = {"practice", "qhio", "payer", "cbo"};

TEST(Policy, TA_EveryMethodOfTheContractHasOneRowAndEachRowAMethod) {
  const std::set<std::string> methods = ContractMethods();
  std::set<std::string> rows;
  for (const PolicyRow& row : PolicyTable()) {
    EXPECT_TRUE(rows.insert(std::string(row.path)).second) << "two rows for " << row.path;
  }
  EXPECT_GE(methods.size(), 28u);
  EXPECT_EQ(rows, methods);
}

TEST(Policy, EachRowIsFoundAndNothingElseIs) {
  for (const PolicyRow& row : PolicyTable()) EXPECT_EQ(FindPolicy(row.path), &row);
  for (const char* path :
       {"", "/", "//", "equinode.v1.AdminService/GetStatus", "/equinode.v1.AdminService/",
        "/equinode.v1.AdminService/GetStatus/", "/equinode.v1.AdminService/GetStatus?x",
        "/equinode.v1.AdminService/../AdminService/GetStatus",
        "/EQUINODE.V1.AdminService/GetStatus", "/grpc.health.v1.Health/Watch",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"}) {
    EXPECT_EQ(FindPolicy(path), nullptr) << path;
    EXPECT_EQ(Verdict(path, "spiffe://n/payer/p", "spiffe://n/practice/a"), "NO_SUCH_METHOD");
  }
}

// Written apart from the table, by service: what the design says.
TEST(Policy, TA_EveryMethodTimesEveryCallerTimesEveryNode) {
  int cells = 0;
  for (const PolicyRow& row : PolicyTable()) {
    const bool exchange = row.path.find("ExchangeService") != std::string_view::npos;
    const bool health = row.path.find("Health") != std::string_view::npos;
    const bool payers_only = row.path.find("HubService") != std::string_view::npos ||
                             row.path.find("CreateReportDefinition") != std::string_view::npos;
    // Who cares for people, not who pays.
    const bool never_payers = row.path.find("ReferralService") != std::string_view::npos ||
                              row.path.find("ConsentService") != std::string_view::npos;
    for (const std::string& self_role : kRoleNames) {
      const std::string self = "spiffe://n/" + self_role + "/self";
      for (const std::string& role : kRoleNames) {
        const std::string node = "spiffe://n/" + role + "/other";
        EXPECT_EQ(Verdict(row.path, node, self), exchange || health ? "OK" : "METHOD_NOT_ALLOWED")
            << row.path << " by " << node << " at " << self;
        EXPECT_EQ(Verdict(row.path, node + "/operator/ann", self), "METHOD_NOT_ALLOWED");
        // An organisation of the same name in another role is another organisation.
        if (role != self_role) {
          EXPECT_EQ(Verdict(row.path, "spiffe://n/" + role + "/self/operator/ann", self),
                    "METHOD_NOT_ALLOWED");
        }
        cells += 3;
      }
      const bool missing = self_role == "payer" ? never_payers : payers_only;
      EXPECT_EQ(Verdict(row.path, self + "/operator/ann", self), exchange  ? "METHOD_NOT_ALLOWED"
                                                                 : missing ? "METHOD_NOT_OFFERED"
                                                                           : "OK")
          << row.path << " at " << self;
      EXPECT_EQ(Verdict(row.path, self, self), "METHOD_NOT_ALLOWED") << "TC19: the node itself";
      EXPECT_EQ(Verdict(row.path, "spiffe://m/" + self_role + "/self/operator/ann", self),
                "METHOD_NOT_ALLOWED")
          << "another network";
      cells += 3;
    }
  }
  std::printf("%d cells\n", cells);
}

// Operators of an organisation without a node, at the node that hosts it and anywhere else: what
// they may do is written down here apart from the table.
TEST(Policy, TheHostedMayDoNineThingsAtAQhiosNodeAndNothingElsewhere) {
  const std::set<std::string> open = {"ActOnReferral", "ExportReferral",      "GetReferral",
                                      "ListCapacity",  "ListReferralChanges", "ListReferrals",
                                      "SetCapacity",   "TakeInStatus",        "WatchReferrals"};
  const Identity pat = IdentityOf("spiffe://n/cbo/pantry/operator/pat");
  std::size_t allowed = 0;
  for (const PolicyRow& row : PolicyTable()) {
    const std::string name(row.path.substr(row.path.rfind('/') + 1));
    const bool should =
        row.path.find("ReferralService") != std::string_view::npos && open.contains(name);
    EXPECT_EQ(Allowed(row.path, pat, IdentityOf("spiffe://n/qhio/bay"), true).ok(), should)
        << row.path;
    EXPECT_FALSE(Allowed(row.path, pat, IdentityOf("spiffe://n/qhio/bay"), false).ok()) << row.path;
    for (const char* self : {"spiffe://n/practice/a", "spiffe://n/payer/p", "spiffe://n/cbo/b"}) {
      EXPECT_FALSE(Allowed(row.path, pat, IdentityOf(self), true).ok())
          << row.path << " at " << self;
    }
    // The organisation itself has no node: its name on a node's certificate gives nothing more.
    const Status node =
        Allowed(row.path, IdentityOf("spiffe://n/cbo/pantry"), IdentityOf("spiffe://n/qhio/bay"));
    EXPECT_EQ(Allowed(row.path, IdentityOf("spiffe://n/cbo/pantry"),
                      IdentityOf("spiffe://n/qhio/bay"), true)
                  .ok(),
              node.ok());
    allowed += should ? 1 : 0;
  }
  EXPECT_EQ(allowed, open.size());
}

}  // namespace
}  // namespace equinode
