#include "client/cli/need_words.h"

#include <cstdio>

namespace equinode::cli {

std::string EnumWord(std::string name, std::string_view prefix) {
  if (name.rfind(prefix, 0) == 0) name.erase(0, prefix.size());
  for (char& c : name) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return name;
}

std::string DayWord(const v1::Date& date) {
  if (date.year() == 0) return "";
  char text[40];
  std::snprintf(text, sizeof(text), "%04u-%02u-%02u", date.year(), date.month(), date.day());
  return text;
}

}  // namespace equinode::cli
