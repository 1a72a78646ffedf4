#include "domain/counts/snapshot.h"

#include <bit>
#include <cstring>
#include <type_traits>
#include <utility>

namespace equinode {
namespace {

static_assert(std::endian::native == std::endian::little, "snapshots are copies of memory");
static_assert(std::has_unique_object_representations_v<PersonColumns>);
static_assert(std::has_unique_object_representations_v<MeasurePlanes>);
static_assert(std::has_unique_object_representations_v<CodedCoverage>);

constexpr std::uint64_t kMagic = 0x31504F504E5145ULL;  // "EQNPOP1" and a zero.
constexpr std::uint32_t kVersion = 1;

std::uint64_t Checksum(ByteView bytes) {
  std::uint64_t sum = 0x9E3779B97F4A7C15ULL ^ bytes.size();
  const auto mix = [&](std::uint64_t word) {
    sum = std::rotl(sum ^ word, 27) * 0xD6E8FEB86659FD93ULL + 0x2545F4914F6CDD1DULL;
  };
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    mix(word);
  }
  for (; at < bytes.size(); ++at) mix(bytes[at]);
  return sum ^ sum >> 32;
}

class Writer {
 public:
  explicit Writer(std::size_t expected) { bytes_.reserve(expected); }

  template <typename T>
  void Put(const T& value) requires std::is_trivially_copyable_v<T> {
    const auto* from = reinterpret_cast<const std::uint8_t*>(&value);
    bytes_.insert(bytes_.end(), from, from + sizeof(T));
  }
  void PutCount(std::size_t count) { Put(static_cast<std::uint32_t>(count)); }
  void PutText(std::string_view text) {
    PutCount(text.size());
    bytes_.insert(bytes_.end(), text.begin(), text.end());
  }
  Bytes Finish() && {
    Put(Checksum(bytes_));
    return std::move(bytes_);
  }

 private:
  Bytes bytes_{};
};

// Once something was missing, everything is.
class Reader {
 public:
  explicit Reader(ByteView bytes) : left_(bytes) {}

  template <typename T>
  bool Get(T& value) requires std::is_trivially_copyable_v<T> {
    if (left_.size() < sizeof(T)) return good_ = false;
    std::memcpy(&value, left_.data(), sizeof(T));
    left_ = left_.subspan(sizeof(T));
    return good_;
  }
  template <typename T>
  T Next() {
    T value{};
    Get(value);
    return value;
  }
  // A count of things of at least `least` bytes each: never more than the bytes that are left.
  std::size_t Count(std::size_t least) {
    const auto count = Next<std::uint32_t>();
    if (!good_ || count > left_.size() / least) good_ = false;
    return good_ ? count : 0;
  }
  std::string Text() {
    const std::size_t size = Count(1);
    std::string text(AsText(left_.first(size)));
    left_ = left_.subspan(size);
    return text;
  }
  bool good() const { return good_; }
  bool done() const { return good_ && left_.empty(); }
  void Fail() { good_ = false; }

 private:
  ByteView left_;
  bool good_ = true;
};

void PutCoverages(const CoverageBook& book, Writer& out) {
  out.PutCount(book.shared().size());
  for (const CodedCoverage& coverage : book.shared()) out.Put(coverage);
  out.PutCount(book.aside().size());
  for (const auto& [person, all] : book.aside()) {
    out.Put(person);
    out.PutCount(all.size());
    for (const CodedCoverage& coverage : all) out.Put(coverage);
  }
}

bool InWords(const PopulationData& data, const CodedCoverage& coverage) {
  return coverage.payer < data.payers.size() &&
         coverage.line_of_business < data.lines_of_business.size();
}

void GetCoverages(Reader& in, PopulationData& data) {
  std::vector<CodedCoverage> shared(in.Count(sizeof(CodedCoverage)));
  for (CodedCoverage& coverage : shared) {
    if (!in.Get(coverage) || !InWords(data, coverage)) return in.Fail();
  }
  if (shared.empty() || shared.size() > CoverageBook::kAside) return in.Fail();
  std::unordered_map<PersonNo, std::vector<CodedCoverage>> aside;
  for (std::size_t left = in.Count(8); left > 0; --left) {
    const auto person = in.Next<PersonNo>();
    std::vector<CodedCoverage>& all = aside[person];
    all.resize(in.Count(sizeof(CodedCoverage)));
    for (CodedCoverage& coverage : all) {
      if (!in.Get(coverage) || !InWords(data, coverage)) return in.Fail();
    }
    if (all.empty()) return in.Fail();
  }
  data.coverages.Restore(std::move(shared), std::move(aside));
}

void PutPiece(const Piece& piece, Writer& out) {
  out.Put(piece.people);
  out.PutCount(piece.measures.size());
  for (const auto& planes : piece.measures) {
    out.Put(static_cast<std::uint8_t>(planes != nullptr));
    if (planes != nullptr) out.Put(*planes);
  }
}

// Every code of the piece has a word, and marks lead somewhere.
bool GoodPeople(const PersonColumns& people, PersonNo first, PopulationData& data) {
  for (std::uint32_t row = 0; row < kPiecePeople; ++row) {
    if ((people.race_ethnicity[row] & kPresent) != 0) ++data.people;
    const CoverageBook::Mark mark = people.coverage[row];
    const bool marked = mark == CoverageBook::kAside ? data.coverages.aside().contains(first + row)
                                                     : mark < data.coverages.shared().size();
    const bool good =
        marked &&
        (people.race_ethnicity[row] & 0x0F) < ClosedStrata(Stratifier::kRaceOmb1997).size() &&
        (people.race_ethnicity[row] >> 4 & 0x07u) <
            ClosedStrata(Stratifier::kEthnicityOmb1997).size() &&
        (people.race2024_sex[row] & 0x0F) <
            ClosedStrata(Stratifier::kRaceEthnicityOmb2024).size() &&
        (people.race2024_sex[row] >> 4u) < ClosedStrata(Stratifier::kSex).size() &&
        people.language[row] < data.languages.size() && people.county[row] < data.counties.size() &&
        people.zip3[row] < data.zip3s.size() && people.owner[row] < data.owners.size();
    if (!good) return false;
  }
  return true;
}

void GetPieces(Reader& in, PopulationData& data) {
  for (std::size_t left = in.Count(sizeof(PersonColumns)); left > 0; --left) {
    const auto number = in.Next<std::uint32_t>();
    if (!in.good() || number > data.limits.max_person / kPiecePeople) return in.Fail();
    const PersonNo first = number * kPiecePeople;
    Piece& piece = data.columns.Get(first);
    in.Get(piece.people);
    if (!in.good() || !GoodPeople(piece.people, first, data)) return in.Fail();
    piece.measures.resize(in.Count(1));
    if (piece.measures.size() > data.measures.codes().size()) return in.Fail();
    for (auto& planes : piece.measures) {
      if (in.Next<std::uint8_t>() == 0) continue;
      planes = std::make_unique<MeasurePlanes>();
      in.Get(*planes);
    }
  }
}

}  // namespace

Bytes WriteSnapshot(const PopulationData& data, std::uint64_t position) {
  Writer out(data.columns.stratifier_bytes() + data.columns.measure_bytes() + (1u << 20));
  out.Put(kMagic);
  out.Put(kVersion);
  out.Put(position);
  for (const Dictionary* words : data.dictionaries()) {
    out.Put(static_cast<std::uint8_t>(words->overflowed()));
    out.PutCount(words->size());
    for (const std::string& value : words->values()) out.PutText(value);
  }
  PutCoverages(data.coverages, out);
  out.PutCount(data.measures.several().size());
  for (const auto& [key, several] : data.measures.several()) {
    out.Put(key);
    out.Put(several);
  }
  std::size_t pieces = 0;
  for (const auto& piece : data.columns.pieces()) pieces += piece != nullptr;
  out.PutCount(pieces);
  for (std::size_t i = 0; i < data.columns.pieces().size(); ++i) {
    const auto& piece = data.columns.pieces()[i];
    if (piece == nullptr) continue;
    out.PutCount(i);
    PutPiece(*piece, out);
  }
  return std::move(out).Finish();
}

Result<std::uint64_t> ReadSnapshot(ByteView bytes, PopulationData& data) {
  const Error bad{Code::kDataLoss, "BAD_SNAPSHOT",
                  "the snapshot of the counts is damaged or of another version; count anew"};
  if (bytes.size() < 8) return bad;
  const ByteView body = bytes.first(bytes.size() - 8);
  Reader tail(bytes.last(8));
  if (tail.Next<std::uint64_t>() != Checksum(body)) return bad;

  Reader in(body);
  if (in.Next<std::uint64_t>() != kMagic || in.Next<std::uint32_t>() != kVersion) return bad;
  const auto position = in.Next<std::uint64_t>();
  for (Dictionary* words : data.dictionaries()) {
    const bool overflowed = in.Next<std::uint8_t>() != 0;
    std::deque<std::string> values(in.Count(4));
    for (std::string& value : values) value = in.Text();
    if (!in.good() || !words->Assign(values, overflowed)) return bad;
  }
  GetCoverages(in, data);
  for (std::size_t left = in.Count(16); left > 0; --left) {
    const auto key = in.Next<std::uint64_t>();
    data.measures.several()[key] = in.Next<MeasureBook::Several>();
  }
  if (in.good()) GetPieces(in, data);
  if (!in.done()) return bad;
  return position;
}

}  // namespace equinode
