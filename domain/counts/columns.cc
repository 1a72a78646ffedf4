#include "domain/counts/columns.h"

namespace equinode {

std::size_t Columns::stratifier_bytes() const {
  std::size_t total = pieces_.capacity() * sizeof(void*);
  for (const auto& piece : pieces_) {
    if (piece != nullptr) total += sizeof(Piece);
  }
  return total;
}

std::size_t Columns::measure_bytes() const {
  std::size_t total = 0;
  for (const auto& piece : pieces_) {
    if (piece == nullptr) continue;
    total += piece->measures.capacity() * sizeof(void*);
    for (const auto& planes : piece->measures) {
      if (planes != nullptr) total += sizeof(MeasurePlanes);
    }
  }
  return total;
}

}  // namespace equinode
