// A sender and a recipient made of the pure halves of a link, for the tests of them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "domain/exchange/incoming_link.h"
#include "domain/exchange/outgoing_link.h"

namespace equinode::exchange {

inline Digest DigestOf(std::string_view text) { return Sha256(AsBytes(text)); }

// What goes over the wire, opened.
struct Message {
  Arriving arriving{};
  std::string payload{};  // Empty for a void.
};

struct SenderModel {
  struct Kept {
    SentNumber sent{};
    Message message{};
  };

  OutgoingLink link{};
  std::map<std::uint64_t, Kept> kept{};
  SeededRandom* random = nullptr;

  Message Seal(const std::string& payload, Instant now, Millis life) {
    const Number number = NextNumber(link);
    Message message;
    message.payload = payload;
    message.arriving.seen =
        Seen{number.value, Uuid::MakeV7(now, *random),
             DigestOf(payload + "#" + std::to_string(number.value)), std::nullopt};
    message.arriving.previous_chain = number.previous_chain;
    message.arriving.created = now;
    message.arriving.expires = now + life;
    link = Give(link, message.arriving.seen.digest, now);
    kept[number.value] = {SentNumber{number.value,
                                     {message.arriving.seen.id, message.arriving.seen.digest},
                                     number.previous_chain,
                                     message.arriving.expires,
                                     false},
                          message};
    return message;
  }

  void Void(std::uint64_t number, Instant now, Millis life) {
    Kept& kept_one = kept.at(number);
    Message message;
    const Uuid id = Uuid::MakeV7(now, *random);
    message.arriving.seen =
        Seen{number, id, DigestOf("void " + id.ToString()), kept_one.sent.first};
    message.arriving.previous_chain = kept_one.sent.previous_chain;
    message.arriving.created = now;
    message.arriving.expires = now + life;
    kept_one.message = message;
    kept_one.sent.expires = message.arriving.expires;
    kept_one.sent.voided = true;
  }

  void TakeReceipt(const LinkPosition& position, Instant now) {
    const auto at = kept.find(position.through);
    link = Receipted(link, position, at == kept.end() ? nullptr : &at->second.sent, now);
    kept.erase(kept.begin(), kept.upper_bound(link.receipted.through));
  }
};

struct RecipientModel {
  IncomingLink link{};
  std::map<std::uint64_t, Seen> inbox{};
  std::vector<std::string> effects{};
  std::vector<Replaced> voided{};

  Arrival Take(const Message& message, Instant now) {
    const Seen& seen = message.arriving.seen;
    const Seen* with_id = nullptr;
    for (const auto& [number, each] : inbox) {
      if (each.id == seen.id) with_id = &each;
    }
    const auto at = inbox.find(seen.number);
    const Arrival arrival =
        Judge(link, message.arriving, at == inbox.end() ? nullptr : &at->second, with_id, now);
    if (arrival == Arrival::kApply || arrival == Arrival::kVoid) {
      link = Advance(link, seen, true, now);
      inbox[seen.number] = seen;
      if (arrival == Arrival::kApply) effects.push_back(message.payload);
      if (arrival == Arrival::kVoid) voided.push_back(*seen.replaced);
    }
    return arrival;
  }
};

}  // namespace equinode::exchange
