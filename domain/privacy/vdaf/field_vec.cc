#include "domain/privacy/vdaf/field_vec.h"

#include <cassert>
#include <string>

namespace equinode::vdaf {

template <typename F>
void EncodeVec(std::span<const F> elements, WipedBytes& to) {
  const std::size_t begin = to.size();
  to.resize(begin + elements.size() * F::kEncodedSize);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    elements[i].Encode(to.data() + begin + i * F::kEncodedSize);
  }
}

template <typename F>
Status DecodeVec(ByteView from, std::span<F> elements) {
  assert(from.size() == elements.size() * F::kEncodedSize);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (F::Decode(from.data() + i * F::kEncodedSize, elements[i])) continue;
    return Error{Code::kInvalidArgument, "VDAF_ELEMENT_TOO_LARGE",
                 "field element " + std::to_string(i) + " is not below the modulus"};
  }
  return Ok();
}

template <typename F>
void AddTo(std::span<F> a, std::span<const F> b) {
  assert(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
}

template <typename F>
void SubtractFrom(std::span<F> a, std::span<const F> b) {
  assert(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
}

template void EncodeVec(std::span<const Field64>, WipedBytes&);
template void EncodeVec(std::span<const Field128>, WipedBytes&);
template Status DecodeVec(ByteView, std::span<Field64>);
template Status DecodeVec(ByteView, std::span<Field128>);
template void AddTo(std::span<Field64>, std::span<const Field64>);
template void AddTo(std::span<Field128>, std::span<const Field128>);
template void SubtractFrom(std::span<Field64>, std::span<const Field64>);
template void SubtractFrom(std::span<Field128>, std::span<const Field128>);

}  // namespace equinode::vdaf
