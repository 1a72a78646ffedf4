#include <array>
#include <map>
#include <set>
#include <utility>

#include "domain/zcodes/day.h"
#include "domain/zcodes/domains.h"
#include "domain/zcodes/unknown_domain.h"
#include "server/services/need/handlers.h"
#include "server/services/numbered_pages.h"

namespace equinode {
namespace {

constexpr std::size_t kMostRows = 20'000;
constexpr std::size_t kMostUsesLookedAt = 20'000;
constexpr std::size_t kEverybody = static_cast<std::size_t>(-1);

Result<DaySpan> SpanOf(bool has_from, const v1::Date& from, bool has_until, const v1::Date& until) {
  DaySpan span;
  EQN_TRY(span.from, DayIn(has_from, from));
  EQN_TRY(span.until, DayIn(has_until, until));
  if (span.from && span.until && *span.until < *span.from) {
    return Error{Code::kInvalidArgument, "BAD_DAY", "the span ends before it begins"};
  }
  return span;
}

// Code, domain, stage, month, practice; empty where it is not asked for.
using UsageKey = std::array<std::string, 5>;

struct Dimensions {
  std::array<bool, 6> wanted{};
  bool has(v1::UsageDimension dimension) const {
    return wanted[static_cast<std::size_t>(dimension)];
  }
};

Result<Dimensions> DimensionsOf(const v1::GetZCodeUsageRequest& request) {
  Dimensions dimensions;
  for (const int each : request.by()) {
    const bool good = each >= 1 && each <= 5 && !dimensions.wanted[static_cast<std::size_t>(each)];
    if (!good) {
      return Error{Code::kInvalidArgument, "BAD_DIMENSION",
                   "by names code, domain, stage, month or practice, none twice"};
    }
    dimensions.wanted[static_cast<std::size_t>(each)] = true;
  }
  if (request.by().empty()) {
    return Error{Code::kInvalidArgument, "BAD_DIMENSION", "by what? name at least one"};
  }
  return dimensions;
}

std::set<UsageKey> KeysOf(const std::vector<CodeUse>& uses, const Dimensions& by,
                          const std::string& practice) {
  std::set<UsageKey> keys;
  for (const CodeUse& use : uses) {
    UsageKey key;
    if (by.has(v1::USAGE_DIMENSION_CODE)) key[0] = use.code;
    if (by.has(v1::USAGE_DIMENSION_STAGE)) key[2] = CodeStageName(use.stage);
    if (by.has(v1::USAGE_DIMENSION_MONTH)) key[3] = DayText(use.on).substr(0, 7);
    if (by.has(v1::USAGE_DIMENSION_PRACTICE)) key[4] = practice;
    if (!by.has(v1::USAGE_DIMENSION_DOMAIN) || use.domains.empty()) {
      keys.insert(key);
      continue;
    }
    for (const std::string& domain : use.domains) {
      key[1] = domain;
      keys.insert(key);
    }
  }
  return keys;
}

}  // namespace

Result<v1::GetZCodeUsageResponse> GetZCodeUsage(const NeedDeps& deps, Call& call,
                                                const v1::GetZCodeUsageRequest& request) {
  call.audit.subject = "code usage";
  call.audit.purpose = "operations";
  EQN_TRY(DaySpan span,
          SpanOf(request.has_from(), request.from(), request.has_until(), request.until()));
  if (!span.until) span.until = TodayOf(call);
  EQN_TRY(const Dimensions by, DimensionsOf(request));
  const NeedReader reader(deps.database, deps.keeper);
  const auto table = deps.codes.Get();
  std::map<UsageKey, std::uint64_t> counts;
  v1::GetZCodeUsageResponse response;
  std::uint64_t people = 0;
  std::uint64_t unsigned_codes = 0;
  std::uint64_t refused = 0;
  EQN_CHECK(reader.Scan(0, kEverybody, [&](PersonNo, const PersonOnRecord& person) -> Result<bool> {
    const PersonNeeds needs = NeedsOf(person.records, *table, TodayOf(call));
    const std::set<UsageKey> keys = KeysOf(UsesOf(needs, span), by, person.origin);
    if (!keys.empty()) ++people;
    for (const UsageKey& key : keys) ++counts[key];
    for (const CodeFinding& finding : needs.findings) {
      finding.reason == "NO_SIGN_OFF" ? ++unsigned_codes : ++refused;
    }
    if (counts.size() <= kMostRows) return true;
    return Error{Code::kInvalidArgument, "TOO_MANY_ROWS",
                 "over 20,000 rows; ask for fewer dimensions or a shorter span"};
  }));
  for (const auto& [key, count] : counts) {
    v1::UsageRow* row = response.add_rows();
    row->set_code(key[0]);
    row->set_domain(key[1]);
    if (const auto stage = CodeStageNamed(key[2]))
      row->set_stage(static_cast<v1::CodeStage>(*stage));
    row->set_month(key[3]);
    row->set_practice(key[4]);
    row->set_people(count);
  }
  response.set_people(people);
  response.set_unsigned_codes(unsigned_codes);
  response.set_refused_codes(refused);
  // Exact counts of people, shown to somebody.
  call.audit.disclosure = true;
  return response;
}

Result<v1::ListZCodeGapsResponse> ListZCodeGaps(const NeedDeps& deps, Call& call,
                                                const v1::ListZCodeGapsRequest& request) {
  call.audit.subject = "code gaps";
  call.audit.purpose = "operations";
  EQN_TRY(const DaySpan span,
          SpanOf(request.has_from(), request.from(), request.has_until(), request.until()));
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  EQN_TRY(const std::int64_t after, RowFromToken(request.page_token()));
  if (!request.domain().empty() && FindNeedDomain(request.domain()) == nullptr) {
    return UnknownDomain(request.domain());
  }
  const NeedReader reader(deps.database, deps.keeper);
  const auto table = deps.codes.Get();
  v1::ListZCodeGapsResponse response;
  const auto look = [&](PersonNo, const PersonOnRecord& person) -> Result<bool> {
    const bool own = person.origin == deps.keeper.self();
    const PersonNeeds needs = NeedsOf(person.records, *table, TodayOf(call));
    std::vector<CodeGap> gaps = GapsOf(needs, *table, span, TodayOf(call));
    if (!request.domain().empty()) {
      std::erase_if(gaps, [&](const CodeGap& gap) { return gap.domain != request.domain(); });
    }
    if (gaps.empty()) return true;
    if (own) {
      // Nobody can be called, referred or coded whose own record is not here.
      EQN_TRY(const std::int64_t row, deps.keeper.PersonRow(person.origin, person.person));
      if (row == 0) {
        response.set_people_without_record(response.people_without_record() + 1);
        return true;
      }
    }
    for (const CodeGap& gap : gaps) {
      v1::ZCodeGap* out = response.add_gaps();
      out->set_practice(person.origin);
      // Another organisation's people are on its own staff's list.
      if (own) out->set_person(person.person);
      out->set_domain(gap.domain);
      SetDayIn(gap.found_on, out->mutable_found_on());
      out->set_question(gap.question);
      out->set_answer(gap.answer);
      out->set_next(static_cast<v1::GapStep>(gap.next));
      out->set_code(gap.code);
    }
    call.audit.touched.Add(person.person);
    return static_cast<std::size_t>(response.gaps_size()) < page;
  };
  EQN_TRY(const PersonNo last, reader.Scan(static_cast<PersonNo>(after), kMostUsesLookedAt, look));
  call.audit.disclosure = response.gaps_size() > 0;
  if (last != 0) response.set_next_page_token(std::to_string(last));
  return response;
}

}  // namespace equinode
