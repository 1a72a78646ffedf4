// Private to domain/people: text as it is compared with a table's names.
#pragma once

#include <string>
#include <string_view>

namespace equinode::people {

// Words of ASCII letters and digits in lower case with one blank between: what is neither parts
// words, but for the apostrophe; accented Latin letters lose their accent; "saint" is "st". Empty
// for a text over 96 bytes.
std::string Folded(std::string_view text);

// Takes every blank out.
std::string WithoutBlanks(std::string_view text);

// ASCII letters alike whatever their case.
bool EqualFolded(std::string_view a, std::string_view b);

}  // namespace equinode::people
