// Every vector of Prio3, byte for byte, and every negative refused. The circuit and its parameters
// come from the file.
#include <gtest/gtest.h>

#include <iostream>
#include <map>

#include "domain/privacy/vdaf/prio3_variants.h"
#include "tests/domain/privacy/vdaf/vector_files.h"
#include "tests/support/reference.h"

namespace equinode::vdaf {
namespace {

using vectors::File;
using vectors::Hex;
using vectors::Json;

// From the field `vdaf`, else from the file's name: "gen_bad_Prio3Sum_x" is a Prio3Sum.
std::string VdafOf(const File& file) {
  if (file.json.contains("vdaf")) return file.json["vdaf"];
  const std::size_t from = file.stem.find("Prio3");
  if (from == std::string::npos) return file.stem;
  return file.stem.substr(from, file.stem.find('_', from) - from);
}

std::vector<std::uint64_t> MeasurementOf(const Json& json) {
  if (!json.is_array()) return {json.is_boolean() ? json.get<bool>() : json.get<std::uint64_t>()};
  std::vector<std::uint64_t> values;
  for (const Json& one : json) {
    values.push_back(one.is_boolean() ? one.get<bool>() : one.get<std::uint64_t>());
  }
  return values;
}

// Absent or null where it does not matter.
AggregatorId IdOf(const Json& json) {
  const auto id = json.find("aggregator_id");
  return id == json.end() || id->is_null() ? AggregatorId{0} : id->get<AggregatorId>();
}

// Runs the operations of one file, in their order, and holds each against the file's bytes.
template <typename F>
class Player {
 public:
  Player(const Prio3<F>& prio3, const Json& json)
      : prio3_(prio3),
        json_(json),
        context_(Hex(json.at("ctx"))),
        key_(Hex(json.at("verify_key"))) {
    for (std::size_t i = 0; i < prio3.shares(); ++i) aggregates_.push_back(prio3.AggregateInit());
  }

  std::size_t Play() {
    std::size_t played = 0;
    for (const Json& operation : json_.at("operations")) {
      const auto name = operation.at("operation").get<std::string>();
      const bool success = operation.at("success");
      SCOPED_TRACE("operation " + std::to_string(played) + " " + name);
      const bool done = Play(name, operation);
      EXPECT_EQ(done, success);
      ++played;
    }
    EXPECT_GT(played, 0U);
    return played;
  }

 private:
  bool Play(const std::string& name, const Json& operation) {
    const std::size_t report = operation.value("report_index", std::size_t{0});
    const AggregatorId id = IdOf(operation);
    if (name == "shard") return Shard(report);
    if (name == "verify_init") return VerifyInit(report, id);
    if (name == "verifier_shares_to_message") return Combine(report);
    if (name == "verify_next") return VerifyNext(report, id);
    if (name == "aggregate") return Aggregate(id);
    if (name == "unshard") return Unshard();
    ADD_FAILURE() << "an operation that nobody knows";
    return false;
  }
  const Json& ReportOf(std::size_t index) const { return json_.at("reports").at(index); }
  static Nonce NonceOf(const Json& report) {
    const Bytes bytes = Hex(report.at("nonce"));
    Nonce nonce{};
    EXPECT_EQ(bytes.size(), nonce.size());
    std::copy_n(bytes.begin(), nonce.size(), nonce.begin());
    return nonce;
  }

  bool Shard(std::size_t index) {
    const Json& json = ReportOf(index);
    const Bytes rand = Hex(json.at("rand"));
    const auto report =
        prio3_.Shard(context_, MeasurementOf(json.at("measurement")), NonceOf(json), rand);
    if (!report.ok()) return false;
    EXPECT_EQ(ToHex(prio3_.Encode(report->public_share)), json.at("public_share"));
    EXPECT_EQ(report->input_shares.size(), json.at("input_shares").size());
    for (std::size_t id = 0; id < report->input_shares.size(); ++id) {
      EXPECT_EQ(ToHex(prio3_.Encode(report->input_shares[id])), json.at("input_shares").at(id));
    }
    return true;
  }

  bool VerifyInit(std::size_t index, AggregatorId id) {
    const Json& json = ReportOf(index);
    const auto public_share = prio3_.DecodePublicShare(Hex(json.at("public_share")));
    const auto input_share = prio3_.DecodeInputShare(id, Hex(json.at("input_shares").at(id)));
    if (!public_share.ok() || !input_share.ok()) return false;
    EXPECT_EQ(ToHex(prio3_.Encode(*public_share)), json.at("public_share"));
    EXPECT_EQ(ToHex(prio3_.Encode(*input_share)), json.at("input_shares").at(id));
    auto verifying =
        prio3_.VerifyInit(key_, context_, id, NonceOf(json), *public_share, *input_share);
    if (!verifying.ok()) return false;
    EXPECT_EQ(ToHex(prio3_.Encode(verifying->share)), json.at("verifier_shares").at(0).at(id));
    states_[{index, id}] = std::move(verifying->state);
    return true;
  }

  bool Combine(std::size_t index) {
    const Json& json = ReportOf(index);
    std::vector<VerifierShare<F>> shares;
    for (const Json& bytes : json.at("verifier_shares").at(0)) {
      auto share = prio3_.DecodeVerifierShare(Hex(bytes));
      if (!share.ok()) return false;
      shares.push_back(std::move(share).value());
    }
    const auto message = prio3_.VerifierSharesToMessage(context_, shares);
    if (!message.ok()) return false;
    EXPECT_EQ(ToHex(prio3_.Encode(*message)), json.at("verifier_messages").at(0));
    return true;
  }

  bool VerifyNext(std::size_t index, AggregatorId id) {
    const Json& json = ReportOf(index);
    const auto message = prio3_.DecodeVerifierMessage(Hex(json.at("verifier_messages").at(0)));
    if (!message.ok()) return false;
    const auto state = states_.find({index, id});
    if (state == states_.end()) return false;  // It was refused before.
    const auto share = prio3_.VerifyNext(std::move(state->second), *message);
    if (!share.ok()) return false;
    // Files give the output share as one string or as a list of elements.
    const Json& wanted = json.at("out_shares").at(id);
    std::string hex;
    if (wanted.is_array()) {
      for (const Json& element : wanted) hex += element.get<std::string>();
    } else {
      hex = wanted;
    }
    EXPECT_EQ(ToHex(prio3_.Encode(*share)), hex);
    EXPECT_TRUE(prio3_.DecodeOutShare(Hex(Json(hex))).ok());
    out_shares_[id].push_back(*share);
    return true;
  }

  bool Aggregate(AggregatorId id) {
    for (const OutShare<F>& share : out_shares_[id]) {
      if (!prio3_.AggregateUpdate(aggregates_.at(id), share).ok()) return false;
    }
    EXPECT_EQ(ToHex(prio3_.Encode(aggregates_.at(id))), json_.at("agg_shares").at(id));
    return true;
  }

  bool Unshard() {
    std::vector<AggShare<F>> shares;
    for (const Json& bytes : json_.at("agg_shares")) {
      auto share = prio3_.DecodeAggShare(Hex(bytes));
      if (!share.ok()) return false;
      shares.push_back(std::move(share).value());
    }
    const auto sums = prio3_.Unshard(shares, out_shares_[0].size());
    if (!sums.ok()) return false;
    EXPECT_EQ(*sums, MeasurementOf(json_.at("agg_result")));
    return true;
  }

  const Prio3<F>& prio3_;
  const Json& json_;
  const Bytes context_;
  const VerifyKey key_;
  std::map<std::pair<std::size_t, AggregatorId>, VerifyState<F>> states_;
  std::map<AggregatorId, std::vector<OutShare<F>>> out_shares_;
  std::vector<AggShare<F>> aggregates_;
};

// Objects that their decoders must refuse.
template <typename F>
std::size_t RefuseAll(const Prio3<F>& prio3, const Json& json) {
  std::size_t refused = 0;
  for (const Json& object : json.at("objects")) {
    const auto what = object.at("object").get<std::string>();
    SCOPED_TRACE("object " + std::to_string(refused) + " " + what + " " +
                 object.value("why", std::string()));
    const Bytes bytes = Hex(object.at("hex"));
    const AggregatorId id = IdOf(object);
    if (what == "input_share") {
      EXPECT_FALSE(prio3.DecodeInputShare(id, bytes).ok());
    } else if (what == "public_share") {
      EXPECT_FALSE(prio3.DecodePublicShare(bytes).ok());
    } else if (what == "verifier_share") {
      EXPECT_FALSE(prio3.DecodeVerifierShare(bytes).ok());
    } else if (what == "verifier_message") {
      EXPECT_FALSE(prio3.DecodeVerifierMessage(bytes).ok());
    } else if (what == "aggregate_share" || what == "agg_share") {
      EXPECT_FALSE(prio3.DecodeAggShare(bytes).ok());
    } else if (what == "out_share" || what == "output_share") {
      EXPECT_FALSE(prio3.DecodeOutShare(bytes).ok());
    } else {
      ADD_FAILURE() << "an object that nobody knows";
    }
    ++refused;
  }
  EXPECT_GT(refused, 0U);
  return refused;
}

template <typename F>
std::size_t PlayWith(const Result<Prio3<F>>& prio3, const Json& json) {
  if (!prio3.ok()) {
    ADD_FAILURE() << prio3.error().message;
    return 0;
  }
  if (json.contains("objects")) return RefuseAll(*prio3, json);
  return Player<F>(*prio3, json).Play();
}

std::vector<SumConstraint> ConstraintsOf(const Json& json) {
  std::vector<SumConstraint> constraints;
  for (const Json& one : json) {
    constraints.push_back({one.at("plus"), one.at("minus"), one.at("total")});
  }
  return constraints;
}

std::size_t PlayFile(const File& file) {
  const Json& json = file.json;
  const std::uint8_t shares = json.at("shares");
  const std::string vdaf = VdafOf(file);
  const auto number = [&json](const char* key) { return json.at(key).get<std::uint64_t>(); };
  // The number that the file names is the one that our streams are made with.
  const auto check_id = [&json](std::uint32_t ours) {
    if (!json.contains("algorithm_id")) return;
    const Json& id = json["algorithm_id"];
    EXPECT_EQ(
        id.is_string() ? std::stoull(id.get<std::string>(), nullptr, 0) : id.get<std::uint64_t>(),
        ours);
  };
  if (vdaf == "Prio3Count") {
    check_id(kPrio3Count);
    return PlayWith(Prio3Count(shares), json);
  }
  if (vdaf == "Prio3Sum") {
    check_id(kPrio3Sum);
    return PlayWith(Prio3Sum(shares, number("max_measurement")), json);
  }
  if (vdaf == "Prio3SumVec") {
    check_id(kPrio3SumVec);
    return PlayWith(
        Prio3SumVec(shares, number("length"), number("max_measurement"), number("chunk_length")),
        json);
  }
  if (vdaf == "Prio3SumVecWithMultiproof") {
    check_id(kPrio3SumVecWithMultiproof);
    const std::uint8_t proofs = json.value("proofs", json.value("num_proofs", std::uint8_t{3}));
    return PlayWith(Prio3SumVecWithMultiproof(shares, number("length"), number("max_measurement"),
                                              number("chunk_length"), proofs),
                    json);
  }
  if (vdaf == "Prio3Histogram") {
    check_id(kPrio3Histogram);
    return PlayWith(Prio3Histogram(shares, number("length"), number("chunk_length")), json);
  }
  if (vdaf == "Prio3MultihotCountVec") {
    check_id(kPrio3MultihotCountVec);
    return PlayWith(Prio3MultihotCountVec(shares, number("length"), number("max_weight"),
                                          number("chunk_length")),
                    json);
  }
  if (vdaf == "Prio3L1BoundSum") {
    check_id(kPrio3L1BoundSum);
    return PlayWith(
        Prio3L1BoundSum(shares, number("length"), number("max_value"), number("chunk_length")),
        json);
  }
  if (vdaf == "Prio3PanelSum") {
    check_id(kPrio3PanelSum);
    return PlayWith(Prio3PanelSum(shares, number("length"), number("max_measurement"),
                                  number("chunk_length"), ConstraintsOf(json.at("constraints"))),
                    json);
  }
  ADD_FAILURE() << "nobody claims " << vdaf;
  return 0;
}

TEST(Prio3Vectors, ByteForByte) {
  const std::vector<File> files = vectors::Read("prio3");
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_FALSE(files.empty()) << "the folder has no such cases";
  for (const File& file : files) {
    SCOPED_TRACE(file.name);
    std::cout << "prio3/" << file.name << ": " << PlayFile(file) << " operations or objects\n";
  }
}

}  // namespace
}  // namespace equinode::vdaf
