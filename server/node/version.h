#pragma once

#include <string_view>

namespace equinode {

// Of both programs. The same as project(VERSION) in CMakeLists.txt.
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace equinode
