// Language tags as sources write them, each brought to one subtag (BCP 47, RFC 5646). The table is
// data: every language subtag of IANA's registry and the longer codes of ISO 639.
#pragma once

#include <optional>
#include <string_view>

namespace equinode {

// The primary subtag of a BCP 47 tag, as the registry prefers it, in lower case: "en" of "en-US",
// "haw" of "HAW", "he" of "iw". Three letters where BCP 47 has two are brought to the two: "es" of
// "spa", "zh" of "chi". An extended language stands for itself: "yue" of "zh-yue", "ase" of
// "sgn-ase". Nothing for what the registry does not know ("zz"), for private use, for und, mis, mul
// and zxx, which name no language, and for mix, which sources use for all of Mixteco and which is
// one of its languages only. The text lives as long as the program.
std::optional<std::string_view> LanguageSubtag(std::string_view tag);

// und, mis, mul, zxx: well formed, and says that no language is named.
bool IsNoLanguage(std::string_view tag);

}  // namespace equinode
