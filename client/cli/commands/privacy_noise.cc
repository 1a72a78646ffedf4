// equinode privacy noise: what noise would do to a table. From a seed, so that it can be looked at
// again; whoever knows the seed takes the noise off, so it is never a release.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/random.h"
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/table_file.h"
#include "client/cli/talk.h"
#include "domain/privacy/noise/accountant.h"
#include "domain/privacy/noise/noised.h"

namespace equinode::cli {
namespace {

using noise::Delta;
using noise::Noise;
using noise::NoiseLaw;
using noise::Ratio;
using noise::Sensitivity;

struct PrivacyNoiseOptions {
  std::filesystem::path table{};
  std::string rho{};
  std::string epsilon{};
  std::string gaussian{};
  std::string laplace{};
  std::string delta = "1e-10";
  std::string neighbour = "substitute";
  std::uint64_t seed = 1;
  std::uint32_t sources = 1;
  std::uint32_t draws = 1;
};

// "1e-10" or "0.00001".
Result<Delta> DeltaOf(const std::string& text) {
  if (const auto e = text.find("e-"); e != std::string::npos) {
    unsigned exponent = 0;
    std::uint64_t digits = 0;
    const char* end = text.data() + text.size();
    const auto [middle, no_digits] = std::from_chars(text.data(), text.data() + e, digits);
    const auto [last, no_exponent] = std::from_chars(text.data() + e + 2, end, exponent);
    if (no_digits != std::errc{} || middle != text.data() + e || no_exponent != std::errc{} ||
        last != end || exponent > 18) {
      return Usage("--delta is a number such as 1e-10");
    }
    Delta delta{digits, 1};
    for (unsigned i = 0; i < exponent; ++i) delta.denominator *= 10;
    return delta;
  }
  const auto ratio = Ratio::FromText(text);
  if (!ratio.ok()) return Usage("--delta " + ratio.error().message);
  return Delta{ratio->numerator(), ratio->denominator()};
}

Result<Ratio> RatioOf(const char* option, const std::string& text) {
  auto ratio = Ratio::FromText(text);
  if (!ratio.ok()) return Usage(std::string(option) + " " + ratio.error().message);
  return ratio;
}

Result<Noise> NoiseFrom(const PrivacyNoiseOptions& options, const Sensitivity& sensitivity,
                        const Delta& delta) {
  const auto said = std::ranges::count_if(
      std::initializer_list<const std::string*>{&options.rho, &options.epsilon, &options.gaussian,
                                                &options.laplace},
      [](const std::string* text) { return !text->empty(); });
  if (said != 1) {
    return Usage("say how much noise, in one way: --rho, --epsilon, --gaussian or --laplace");
  }
  if (!options.gaussian.empty()) {
    EQN_TRY(const Ratio sigma2, RatioOf("--gaussian", options.gaussian));
    return Noise::Make(NoiseLaw::kGaussian, sigma2);
  }
  if (!options.laplace.empty()) {
    EQN_TRY(const Ratio scale, RatioOf("--laplace", options.laplace));
    return Noise::Make(NoiseLaw::kLaplace, scale);
  }
  if (!options.rho.empty()) {
    EQN_TRY(const Ratio rho, RatioOf("--rho", options.rho));
    return noise::GaussianFor(noise::NanoRho::DownFrom(rho), sensitivity);
  }
  EQN_TRY(const Ratio epsilon, RatioOf("--epsilon", options.epsilon));
  EQN_TRY(const noise::NanoRho rho,
          noise::RhoWithin(epsilon.numerator() * 1'000'000 / epsilon.denominator(), delta));
  return noise::GaussianFor(rho, sensitivity);
}

std::string Rounded(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

Json Figure(double value) { return Json::parse(Rounded(value, 2)); }

Status SayCost(const Noise& noise, const Sensitivity& sensitivity, const Delta& delta,
               const PrivacyNoiseOptions& options) {
  EQN_TRY(const noise::NanoRho cost, noise::CostOf(noise, sensitivity));
  const double deviation =
      std::sqrt(static_cast<double>(noise.VarianceMicros()) * options.sources / 1e6);
  const bool laplace = noise.law() == NoiseLaw::kLaplace;
  std::string text =
      std::string(laplace ? "Laplace noise of scale " : "Gaussian noise of sigma^2 ") +
      noise.parameter().text();
  if (options.sources > 1) text += ", from " + std::to_string(options.sources) + " sources";
  Say(text + ": standard deviation " + Rounded(deviation, 2));
  text = "costs each person rho " + cost.text();
  if (const auto epsilon = noise::MicroEpsilon(cost, delta); epsilon.ok()) {
    text += ", which is epsilon " + noise::DecimalText(*epsilon, 6) + " at delta " + options.delta;
  }
  if (laplace) {
    EQN_TRY(const std::uint64_t pure, noise::PureMicroEpsilon(noise, sensitivity));
    text += "; epsilon " + noise::DecimalText(pure, 6) + " outright";
  }
  Say(text);
  Say("made from a seed, beside the true counts: for looking at, never to be released");
  return Ok();
}

Result<int> RunNoise(const Shared& shared, const PrivacyNoiseOptions& options) {
  if (options.sources < 1 || options.sources > 16) return Usage("--sources is from 1 to 16");
  if (options.draws < 1 || options.draws > 1'000'000) return Usage("--draws is from 1 to 1000000");
  const bool substitute = options.neighbour == "substitute";
  if (!substitute && options.neighbour != "add-remove") {
    return Usage("--neighbour is substitute (the number of people is public) or add-remove");
  }
  EQN_TRY(const Delta delta, DeltaOf(options.delta));
  EQN_TRY(const Sensitivity sensitivity,
          noise::OfPartitions(
              1, substitute ? noise::Neighbour::kSubstitute : noise::Neighbour::kAddRemove));
  EQN_TRY(const Noise noise, NoiseFrom(options, sensitivity, delta));
  EQN_TRY(const std::string text, ReadText(options.table, kMostTableBytes));
  EQN_TRY(const CountTable table, ParseTable(text));

  const std::size_t cells = table.cells.size();
  if (cells * options.draws * options.sources > 100'000'000) {
    return Usage("--draws: a hundred million samples are the most at once");
  }
  SeededRandom random(options.seed);
  noise::Coins coins(random);
  std::vector<noise::Noised> first;
  std::vector<double> off(cells, 0);
  std::vector<std::int64_t> most(cells, 0);
  for (std::uint32_t draw = 0; draw < options.draws; ++draw) {
    std::vector<noise::Noised> noised(cells);
    for (std::size_t i = 0; i < cells; ++i) noised[i].value = table.counts[i];
    for (std::uint32_t source = 0; source < options.sources; ++source) {
      EQN_TRY(const auto added, noise::AddNoise(std::vector<std::int64_t>(cells, 0), noise, coins));
      for (std::size_t i = 0; i < cells; ++i) {
        EQN_TRY(noised[i], noise::SumOfIndependent(std::vector{noised[i], added[i]}));
      }
    }
    for (std::size_t i = 0; i < cells; ++i) {
      const std::int64_t error = std::abs(noised[i].value - table.counts[i]);
      off[i] += static_cast<double>(error);
      most[i] = std::max(most[i], error);
    }
    if (draw == 0) first = std::move(noised);
  }
  std::vector<std::string> columns = {"cell", "count", "noised", "variance"};
  const bool many = options.draws > 1;
  if (many) columns.insert(columns.end(), {"mean_off", "most_off", "mean_off_percent"});
  Sheet sheet(columns);
  for (std::size_t i = 0; i < cells; ++i) {
    std::vector<Json> row = {table.cells[i], table.counts[i], first[i].value,
                             Figure(static_cast<double>(first[i].variance_micros) / 1e6)};
    if (many) {
      const double mean = off[i] / options.draws;
      row.push_back(Figure(mean));
      row.push_back(most[i]);
      row.push_back(table.counts[i] == 0
                        ? Json()
                        : Figure(100 * mean / static_cast<double>(table.counts[i])));
    }
    sheet.Add(std::move(row));
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  EQN_CHECK(SayCost(noise, sensitivity, delta, options));
  return kExitOk;
}

}  // namespace

void AddPrivacyNoise(Program program, Command privacy) {
  AddCommand<PrivacyNoiseOptions>(
      program, privacy, "noise", "look at what noise would do to a table; never a release",
      [](Command command, PrivacyNoiseOptions& options) {
        command
            .AddOption("--table", options.table,
                       "CSV with cell,count or JSON {\"cells\": {...}}; each person in one cell")
            .Required()
            .TypeName("FILE");
        command.AddOption("--rho", options.rho, "Gaussian noise that costs so much zCDP")
            .TypeName("RHO");
        command
            .AddOption("--epsilon", options.epsilon,
                       "Gaussian noise that is so much (epsilon, delta)-DP")
            .TypeName("E");
        command.AddOption("--gaussian", options.gaussian, "discrete Gaussian noise, sigma squared")
            .TypeName("SIGMA2");
        command.AddOption("--laplace", options.laplace, "discrete Laplace noise, its scale")
            .TypeName("SCALE");
        command.AddOption("--delta", options.delta, "for epsilon (1e-10)").TypeName("D");
        command
            .AddOption("--neighbour,--neighbor", options.neighbour,
                       "substitute: panel sizes are public (the default); add-remove")
            .TypeName("HOW");
        command.AddOption("--sources", options.sources, "parties that each add the noise (1)")
            .TypeName("N");
        command.AddOption("--draws", options.draws, "so often, and how far off it was (1)")
            .TypeName("N");
        command.AddOption("--seed", options.seed, "the same seed, the same noise (1)")
            .TypeName("S");
      },
      RunNoise);
}

}  // namespace equinode::cli
