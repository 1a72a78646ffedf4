#include "domain/exchange/flow.h"

#include <algorithm>

namespace equinode::exchange {

bool Flow::HasRoom() const {
  return envelopes_ == 0 || (envelopes_ < limits_.envelopes && bytes_ < limits_.bytes);
}

std::optional<std::uint64_t> Flow::GoesOnAfter(const LinkKey& link, std::uint64_t acked,
                                               std::uint32_t rounds, Instant now) {
  const auto [at, fresh] = links_.try_emplace(link);
  State& state = at->second;
  if (fresh) {
    state.after = acked;
    state.rounds = rounds;
  }
  if (state.refused) {
    if (!state.under_way.empty()) return std::nullopt;
    state.refused = false;
  }
  if (state.rounds != rounds) {
    if (!state.under_way.empty()) return std::nullopt;
    state.rounds = rounds;
    state.after = acked;
    state.acked = std::min(state.acked, acked);
  }
  if (state.paused_until > now) return std::nullopt;
  return state.after;
}

void Flow::Sent(const LinkKey& link, std::uint64_t number, std::uint64_t bytes, Instant now) {
  State& state = links_[link];
  state.under_way.push_back(UnderWay{number, bytes, now});
  state.after = number;
  envelopes_ += 1;
  bytes_ += bytes;
}

void Flow::Drop(const UnderWay& gone) {
  envelopes_ -= 1;
  bytes_ -= gone.bytes;
}

bool Flow::Acked(const LinkKey& link, std::uint64_t through) {
  const auto at = links_.find(link);
  if (at == links_.end()) return false;
  State& state = at->second;
  bool any = false;
  while (!state.under_way.empty() && state.under_way.front().number <= through) {
    // What was never sent on this stream is not acknowledged on it either.
    state.acked = std::max(state.acked, state.under_way.front().number);
    Drop(state.under_way.front());
    state.under_way.pop_front();
    any = true;
  }
  if (any) state.setbacks = 0;
  return any;
}

void Flow::Refused(const LinkKey& link, std::uint64_t number, std::uint64_t expected, Instant now) {
  const auto at = links_.find(link);
  if (at == links_.end()) return;
  State& state = at->second;
  const auto found = std::find_if(state.under_way.begin(), state.under_way.end(),
                                  [number](const UnderWay& each) { return each.number == number; });
  if (found == state.under_way.end()) return;
  Drop(*found);
  state.under_way.erase(found);
  if (state.refused) return;  // The others of the same break.
  state.refused = true;
  state.setbacks += 1;
  const bool earlier = expected > 0 && expected < number;
  state.after = earlier ? expected - 1 : number - 1;
  // The first time that the other side wants an earlier number it gets it at once.
  if (earlier && state.setbacks == 1) return;
  Millis pause = limits_.pause;
  for (std::uint32_t i = 1; i < state.setbacks && pause < limits_.longest_pause; ++i) pause *= 2;
  state.paused_until = now + std::min(pause, limits_.longest_pause);
}

std::uint64_t Flow::acked(const LinkKey& link) const {
  const auto at = links_.find(link);
  return at == links_.end() ? 0 : at->second.acked;
}

std::optional<Instant> Flow::UnansweredSince() const {
  std::optional<Instant> oldest;
  for (const auto& [key, state] : links_) {
    if (state.under_way.empty()) continue;
    const Instant at = state.under_way.front().at;
    oldest = oldest ? std::min(*oldest, at) : at;
  }
  return oldest;
}

std::optional<Instant> Flow::NextTry(Instant now) const {
  std::optional<Instant> next;
  for (const auto& [key, state] : links_) {
    if (state.paused_until <= now) continue;
    next = next ? std::min(*next, state.paused_until) : state.paused_until;
  }
  return next;
}

}  // namespace equinode::exchange
