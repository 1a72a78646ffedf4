// Private to domain/needs: what each record of the chart says, as steps of codes and of needs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "domain/needs/person_needs.h"

namespace equinode {

// A need that was seen, or that ended.
struct NeedSign {
  std::string domain{};
  NeedEvent event = NeedEvent::kFound;
  std::chrono::sys_days on{};
  std::string question{};
  std::string answer{};
};

struct ChartSteps {
  std::vector<CodeStep> codes{};
  std::vector<NeedSign> needs{};
  std::map<std::string, std::vector<std::string>> domains{};  // By code: of what suggested it.
  std::vector<CodeFinding> findings{};
};

// Adds what the conditions and the encounters say.
void AddChart(const PersonRecords& records, const ZCodeTable& table, std::chrono::sys_days today,
              ChartSteps& out);

}  // namespace equinode
