// Vectors of field elements: their encoding and their sums (draft section 6.1.1).
#pragma once

#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "domain/privacy/vdaf/field128.h"
#include "domain/privacy/vdaf/field64.h"
#include "domain/privacy/vdaf/wiped.h"

namespace equinode::vdaf {

template <typename F>
using FieldVec = WipedVec<F>;

// Appends F::kEncodedSize little-endian bytes an element.
template <typename F>
void EncodeVec(std::span<const F> elements, WipedBytes& to);

// `from` is elements.size() * F::kEncodedSize bytes. INVALID_ARGUMENT (VDAF_ELEMENT_TOO_LARGE),
// with the element's position, for an integer that is not below the modulus.
template <typename F>
Status DecodeVec(ByteView from, std::span<F> elements);

// a += b, a -= b; of the same length.
template <typename F>
void AddTo(std::span<F> a, std::span<const F> b);
template <typename F>
void SubtractFrom(std::span<F> a, std::span<const F> b);

}  // namespace equinode::vdaf
