#include "domain/equity/counts/count_table.h"

#include <algorithm>
#include <array>

namespace equinode::equity {
namespace {

constexpr std::array<std::string_view, 14> kNoAnswers = {"declined",
                                                         "unknown",
                                                         "not_asked",
                                                         "not asked",
                                                         "unknown/other/declined",
                                                         "asked but no answer",
                                                         "don't know",
                                                         "don't want to answer",
                                                         "refused",
                                                         "not known",
                                                         "missing",
                                                         "not reported",
                                                         "decline to answer",
                                                         "unknown or declined"};

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool IsNoAnswer(std::string_view stratum) {
  return std::ranges::any_of(kNoAnswers, [&](std::string_view word) {
    return std::ranges::equal(stratum, word, {}, Lower);
  });
}

}  // namespace equinode::equity
