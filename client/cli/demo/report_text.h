// What the demo's payer asks, as the JSON file that an operator would write.
#pragma once

#include <string>
#include <string_view>

namespace equinode::demo {

inline constexpr std::string_view kDemoReport = "disparities-2025";

std::string DemoReport(std::string_view payer_uri);

}  // namespace equinode::demo
