// The LOINC panel that an instrument is.
#pragma once

#include <string_view>

namespace equinode {

// The first in data/instruments.csv; empty for a name that is none of them.
std::string_view PanelOfInstrument(std::string_view instrument);

}  // namespace equinode
