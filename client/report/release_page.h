// A hub's release as one HTML file for people: no script, nothing loaded from elsewhere, readable
// by a screen reader, on a phone and on paper.
#pragma once

#include <string>
#include <string_view>

#include "equinode/v1/report.pb.h"

namespace equinode {

// `released_at` as it is to be shown. Every text of the release is escaped. A hidden value is the
// word "hidden", never a number and never a colour alone.
std::string ReleasePage(const v1::Release& release, std::string_view released_at);

}  // namespace equinode
