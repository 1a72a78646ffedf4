// The rows of an embedded code table (RFC 4180, LF). Our own data: what is wrong with it is a bug.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace equinode {

// Calls `row` for every row after the header, with as many fields as the header has.
void ForEachRow(std::string_view csv,
                const std::function<void(const std::vector<std::string>&)>& row);

}  // namespace equinode
