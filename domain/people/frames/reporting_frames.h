// The groups that standards and states report by, from a person's answers (data/README.md).
#pragma once

#include <string_view>
#include <vector>

#include "domain/people/record.h"

namespace equinode {

// One question of a frame: "minnesota" asks "race_and_ethnicity".
struct FrameDimension {
  std::string_view frame{};
  std::string_view dimension{};
  std::vector<std::string_view> groups{};  // As the frame lists them.
};

// In the order of the tables: omb_1997, omb_2024, ncqa_hedis, california, louisiana, michigan,
// minnesota, north_carolina, cms_core_set; oregon_reald last. Lives as long as the program.
const std::vector<FrameDimension>& ReportingFrames();

// Null for a frame or a dimension that is not there.
const FrameDimension* FindFrame(std::string_view frame, std::string_view dimension);
bool IsFrame(std::string_view frame);

// The groups a person is in: one at most, but in oregon_reald, where each answer counts. Empty: the
// person is outside the frame's groups, and counts only in the rate of all. `race` and `ethnicity`
// are the winning assertions, null for none; a contradiction is unknown. A frame that is not there
// has nobody.
std::vector<std::string_view> GroupsIn(std::string_view frame, std::string_view dimension,
                                       const Assertion* race, const Assertion* ethnicity);

}  // namespace equinode
