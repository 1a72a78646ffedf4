// Products of two 64-bit numbers, for the exact arithmetic of this room.
#pragma once

namespace equinode::noise {

__extension__ typedef unsigned __int128 WideUnsigned;
__extension__ typedef __int128 WideSigned;

// `by` > 0.
constexpr WideUnsigned DivideUp(WideUnsigned value, WideUnsigned by) {
  return value / by + (value % by != 0 ? 1 : 0);
}

}  // namespace equinode::noise
