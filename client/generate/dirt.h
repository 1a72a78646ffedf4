// What goes wrong in real exports, made on purpose at a small rate, and counted: the manifest says
// what an import is to refuse, and why.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace equinode::made {

// Counts by word, as the manifest lists them.
struct Dirt {
  // Lines that a careful import refuses, by our word for the fault.
  std::map<std::string, std::uint64_t, std::less<>> refused{};
  // Oddities that a careful import takes in.
  std::map<std::string, std::uint64_t, std::less<>> kept{};

  void Refused(std::string_view what) { ++Of(refused, what); }
  void Kept(std::string_view what) { ++Of(kept, what); }
  std::uint64_t refused_lines() const;

 private:
  static std::uint64_t& Of(std::map<std::string, std::uint64_t, std::less<>>& counts,
                           std::string_view what);
};

// Cuts a line of JSON so that it is none any more.
void Break(std::string& line, std::uint32_t how);
// A byte that is not UTF-8 in place of the first letter of the family name.
void SpoilEncoding(std::string& line);

}  // namespace equinode::made
