// Pieces that bodies of several kinds of records have.
#pragma once

#include <cstdint>

#include "client/convert/wire_writer.h"
#include "domain/people/record.h"

namespace equinode::wire {

// An empty date is left out.
inline void Write(WireWriter& out, std::uint32_t field, const PartialDate& date) {
  if (date.empty()) return;
  out.Message(field, [&] {
    out.Number(1, date.year);
    out.Number(2, date.month);
    out.Number(3, date.day);
  });
}

inline void Write(WireWriter& out, std::uint32_t field, const Coded& coded) {
  out.Message(field, [&] {
    out.Text(1, coded.system);
    out.Text(2, coded.code);
    out.Text(3, coded.display);
    out.Text(4, coded.text);
  });
}

}  // namespace equinode::wire
