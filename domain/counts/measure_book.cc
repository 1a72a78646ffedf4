#include "domain/counts/measure_book.h"

namespace equinode {
namespace {

constexpr char kSeparator = '\x1f';

std::string Key(std::string_view measure, std::string_view period) {
  std::string key;
  key.reserve(measure.size() + period.size() + 1);
  key.append(measure).push_back(kSeparator);
  return key.append(period);
}

std::uint64_t PersonKey(PersonNo person, Dictionary::Code code) {
  return std::uint64_t{person} << 16 | code;
}

struct Bits {
  std::uint64_t& denominator;
  std::uint64_t& numerator;
  std::uint64_t mask;

  void Set(bool in_denominator, bool in_numerator) {
    denominator = in_denominator ? denominator | mask : denominator & ~mask;
    numerator = in_numerator ? numerator | mask : numerator & ~mask;
  }
};

Bits BitsOf(MeasurePlanes& planes, std::uint32_t row) {
  return {planes.denominator[row / 64], planes.numerator[row / 64], std::uint64_t{1} << row % 64};
}

}  // namespace

Dictionary::Code MeasureBook::Intern(std::string_view measure, std::string_view period) {
  return codes_.Intern(Key(measure, period));
}

std::optional<Dictionary::Code> MeasureBook::Find(std::string_view measure,
                                                  std::string_view period) const {
  return codes_.Find(Key(measure, period));
}

std::string_view MeasureBook::PeriodOf(Dictionary::Code code) const {
  const std::string_view key = codes_.Value(code);
  const std::size_t at = key.rfind(kSeparator);
  return at == std::string_view::npos ? std::string_view{} : key.substr(at + 1);
}

std::string_view MeasureBook::MeasureOf(Dictionary::Code code) const {
  const std::string_view key = codes_.Value(code);
  return key.substr(0, key.rfind(kSeparator));
}

void MeasureBook::Add(Piece& piece, PersonNo person, Dictionary::Code code, bool in_numerator) {
  if (piece.measures.size() <= code) piece.measures.resize(code + 1u);
  if (piece.measures[code] == nullptr) piece.measures[code] = std::make_unique<MeasurePlanes>();
  Bits bits = BitsOf(*piece.measures[code], Columns::Row(person));
  if ((bits.denominator & bits.mask) == 0) {
    bits.Set(true, in_numerator);
    return;
  }
  const auto [entry, first] = several_.try_emplace(PersonKey(person, code));
  Several& several = entry->second;
  if (first) ++((bits.numerator & bits.mask) != 0 ? several.both : several.denominator_only);
  ++(in_numerator ? several.both : several.denominator_only);
  bits.Set(true, several.both > 0);
}

bool MeasureBook::Remove(Piece& piece, PersonNo person, Dictionary::Code code, bool in_numerator) {
  if (piece.measures.size() <= code || piece.measures[code] == nullptr) return false;
  Bits bits = BitsOf(*piece.measures[code], Columns::Row(person));
  if ((bits.denominator & bits.mask) == 0) return false;
  const auto entry = several_.empty() ? several_.end() : several_.find(PersonKey(person, code));
  if (entry == several_.end()) {
    if (((bits.numerator & bits.mask) != 0) != in_numerator) return false;
    bits.Set(false, false);
    return true;
  }
  Several& several = entry->second;
  std::uint32_t& left = in_numerator ? several.both : several.denominator_only;
  if (left == 0) return false;
  --left;
  bits.Set(true, several.both > 0);
  if (several.both + several.denominator_only == 1) several_.erase(entry);
  return true;
}

std::size_t MeasureBook::several_bytes() const {
  return several_.bucket_count() * sizeof(void*) +
         several_.size() * (sizeof(std::uint64_t) + sizeof(Several) + 2 * sizeof(void*));
}

}  // namespace equinode
