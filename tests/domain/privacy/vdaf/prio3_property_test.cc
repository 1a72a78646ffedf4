// Any report of any circuit: one that keeps the rules verifies and is summed exactly, one that
// breaks any of them never verifies. The rules are those of plain_circuits.h, in whole numbers.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

#include "tests/domain/privacy/vdaf/plain_circuits.h"
#include "tests/domain/privacy/vdaf/run.h"

namespace equinode::vdaf {
namespace {

using plain::AnyCircuit;
using plain::Kind;

// Circuits a case of a property.
std::size_t Rounds() {
  const char* all = std::getenv("EQUINODE_LONG");
  return all != nullptr && std::string_view(all) == "1" ? 100 : 1;
}

template <typename F>
struct Parties {
  explicit Parties(std::uint64_t seed)
      : random(seed),
        context(run::RandomBytes(random, random.Below(60))),
        key(run::RandomBytes(random, Seed::kSize)) {}

  SeededRandom random;
  Bytes context;
  VerifyKey key;

  Result<std::vector<OutShare<F>>> Run(const Prio3<F>& client, const Prio3<F>& aggregators,
                                       Measurement measurement) {
    const Nonce nonce = run::RandomNonce(random);
    EQN_TRY(const Report<F> report,
            client.Shard(context, measurement, nonce, run::RandomBytes(random, client.RandSize())));
    return run::Verify(aggregators, key, context, nonce, report);
  }
};

template <typename F>
void FairReportsAreSummed(const AnyCircuit& any) {
  SeededRandom draw(*rc::gen::arbitrary<std::uint64_t>());
  const Prio3<F> prio3 = plain::Make<F>(any).value();
  Parties<F> parties(draw.Next64());
  std::vector<AggShare<F>> aggregates(prio3.shares(), prio3.AggregateInit());
  std::vector<std::uint64_t> wanted(prio3.valid().lengths().output_len);
  const std::size_t reports = 1 + draw.Below(4);
  for (std::size_t i = 0; i < reports; ++i) {
    const std::vector<std::uint64_t> measurement = any.Fair(draw);
    const auto shares = parties.Run(prio3, prio3, measurement);
    if (!shares.ok()) RC_FAIL(shares.error().message);
    for (std::size_t id = 0; id < aggregates.size(); ++id) {
      RC_ASSERT(prio3.AggregateUpdate(aggregates[id], (*shares)[id]).ok());
    }
    any.AddTo(measurement, wanted);
  }
  const auto sums = prio3.Unshard(aggregates, reports);
  if (!sums.ok()) RC_FAIL(sums.error().message);
  RC_ASSERT(*sums == wanted);
}

template <typename F>
void RulesDecide(const AnyCircuit& any, std::array<std::size_t, 2>& seen) {
  SeededRandom draw(*rc::gen::arbitrary<std::uint64_t>());
  const Prio3<F> honest = plain::Make<F>(any).value();
  FieldVec<F> encoded(honest.valid().lengths().meas_len);
  honest.valid().Encode(any.Fair(draw), encoded);
  // Any number of lies, now and then none or one that does not matter.
  for (std::size_t lies = draw.Below(4); lies > 0; --lies) plain::Lie<F>(draw, encoded);
  const bool keeps_rules = any.Holds<F>(encoded);
  const Prio3<F> liar = plain::MakeLiar<F>(any, encoded).value();
  Parties<F> parties(draw.Next64());
  const auto shares = parties.Run(liar, honest, {});
  RC_ASSERT(shares.ok() == keeps_rules);
  ++seen[keeps_rules];
}

template <typename Body>
void ForEachKind(Body body) {
  for (const Kind kind : plain::kKinds) {
    SCOPED_TRACE(plain::NameOf(kind));
    body(kind);
  }
}

TEST(Prio3Property, FairReportsVerifyAndAreSummedExactly) {
  ForEachKind([](Kind kind) {
    EXPECT_TRUE(rc::check([kind] {
      for (std::size_t i = 0; i < Rounds(); ++i) {
        SeededRandom draw(*rc::gen::arbitrary<std::uint64_t>());
        const AnyCircuit any(kind, draw);
        if (any.small_field()) {
          FairReportsAreSummed<Field64>(any);
        } else {
          FairReportsAreSummed<Field128>(any);
        }
      }
    }));
  });
}

TEST(Prio3Property, AReportVerifiesOnlyWhenThePlainRulesHold) {
  ForEachKind([](Kind kind) {
    std::array<std::size_t, 2> seen = {};
    EXPECT_TRUE(rc::check([kind, &seen] {
      for (std::size_t i = 0; i < 3 * Rounds(); ++i) {
        SeededRandom draw(*rc::gen::arbitrary<std::uint64_t>());
        const AnyCircuit any(kind, draw);
        if (any.small_field()) {
          RulesDecide<Field64>(any, seen);
        } else {
          RulesDecide<Field128>(any, seen);
        }
      }
    }));
    std::cout << plain::NameOf(kind) << ": " << seen[0] << " broken refused, " << seen[1]
              << " accepted\n";
    EXPECT_GT(seen[0], 30U);
    EXPECT_GT(seen[1], 30U);
  });
}

// What a client is told before it sends is what the proof would say.
TEST(Prio3Property, TheCheckInTheClearIsTheProofsVerdict) {
  ForEachKind([](Kind kind) {
    EXPECT_TRUE(rc::check([kind] {
      SeededRandom draw(*rc::gen::arbitrary<std::uint64_t>());
      const AnyCircuit any(kind, draw);
      std::vector<std::uint64_t> values = any.Fair(draw);
      if (draw.Below(3) > 0) {
        std::uint64_t& one = values[draw.Below(values.size())];
        one = draw.Below(4) == 0 ? draw.Next64() : one + 1 - 2 * draw.Below(2);
      }
      const bool keeps_rules = any.HoldsInTheClear(values);
      const auto check = [&](const auto& prio3) {
        RC_ASSERT(prio3.valid().Check(values).ok() == keeps_rules);
      };
      if (any.small_field()) {
        check(plain::Make<Field64>(any).value());
      } else {
        check(plain::Make<Field128>(any).value());
      }
    }));
  });
}

}  // namespace
}  // namespace equinode::vdaf
