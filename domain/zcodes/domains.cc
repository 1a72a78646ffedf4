#include "domain/zcodes/domains.h"

#include "base/csv_rows.h"
#include "domain/zcodes/code_tables.h"

namespace equinode {
namespace {

const std::vector<NeedDomain>& All() {
  static const std::vector<NeedDomain> all = [] {
    std::vector<NeedDomain> made;
    ForEachRow(zcodes::kDomainsCsv, [&](const std::vector<std::string>& row) {
      made.push_back({row[0], row[1], row[2] == "y", row[3] == "y"});
    });
    return made;
  }();
  return all;
}

}  // namespace

std::span<const NeedDomain> NeedDomains() { return All(); }

const NeedDomain* FindNeedDomain(std::string_view code) {
  for (const NeedDomain& domain : All()) {
    if (domain.code == code) return &domain;
  }
  return nullptr;
}

}  // namespace equinode
