#include "server/services/count/count.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "base/crypto/cms.h"
#include "client/convert/report.h"
#include "domain/needs/measures/measure_name.h"
#include "server/audit/call_entry.h"
#include "server/services/numbered_pages.h"
#include "storage/report_store.h"

namespace equinode {

namespace {

// A definition is at most 64 KiB; a list of them must fit into one answer.
constexpr std::size_t kMostListed = 50;

std::string Named(const ReportDefinition& definition) {
  return "report " + definition.name + " version " + std::to_string(definition.version);
}

Result<v1::CreateReportDefinitionResponse> CreateReportDefinition(
    const CountDeps& deps, Call& call, const v1::CreateReportDefinitionRequest& request) {
  call.audit.subject = "report definition";
  EQN_TRY(const ReportDefinition definition, DefinitionFrom(request.definition()));
  const auto keys = deps.keys.Get();
  if (definition.payer != keys->self.uri) {
    return Error{Code::kInvalidArgument, "WRONG_PAYER",
                 "payer must be this node, " + keys->self.uri + ": it signs its own reports only"};
  }
  EQN_CHECK(Validate(definition));
  call.audit.subject = Named(definition);
  StoredDefinition made{
      0, definition.payer, definition.name, definition.version, BytesFromDefinition(definition),
      {}};
  EQN_TRY(made.signature,
          SignDetached(made.definition, keys->current.certificate, keys->current.key));
  using Response = v1::CreateReportDefinitionResponse;
  return WriteAudited(
      deps.database, deps.audit, "create_report", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_TRY(const std::int64_t row, ReportStore::Put(tx, made, call.now));
          EQN_TRY(const StoredDefinition kept, ReportStore::At(tx, row));
          Response response;
          auto* out = response.mutable_signed_();
          out->set_definition(kept.definition.data(), kept.definition.size());
          out->set_signature(kept.signature.data(), kept.signature.size());
          return response;
        });
      });
}

Result<v1::ListReportDefinitionsResponse> ListReportDefinitions(
    const CountDeps& deps, Call& call, const v1::ListReportDefinitionsRequest& request) {
  call.audit.subject = "report definitions";
  EQN_TRY(std::size_t page, PageSize(request.page_size()));
  page = std::min(page, kMostListed);
  EQN_TRY(const std::int64_t after, RowFromToken(request.page_token()));
  EQN_TRY(const auto rows,
          deps.database.Read([&](ReadTx& tx) { return ReportStore::List(tx, after, page + 1); }));
  v1::ListReportDefinitionsResponse response;
  for (std::size_t i = 0; i < std::min(page, rows.size()); ++i) {
    EQN_TRY(const ReportDefinition definition, DefinitionFromBytes(rows[i].definition));
    SetDefinition(definition, response.add_definitions());
  }
  if (rows.size() > page) response.set_next_page_token(std::to_string(rows[page - 1].row));
  return response;
}

Result<CountPeriod> PeriodFrom(const v1::GetLocalCountsRequest& request) {
  if (!request.has_period_start()) {
    return Error{Code::kInvalidArgument, "PERIOD_START_MISSING",
                 "measures of needs and referrals are of a period: say its first day too"};
  }
  EQN_TRY(const CountPeriod period, LocalPeriodFrom(request));
  if (std::ranges::any_of(request.measures(), IsSnsMeasure)) EQN_CHECK(CheckSnsPeriod(period));
  return period;
}

Result<v1::GetLocalCountsResponse> GetLocalCounts(const CountDeps& deps, Call& call,
                                                  const v1::GetLocalCountsRequest& request) {
  call.audit.subject = "local counts";
  call.audit.purpose = "operations";
  EQN_TRY(const TableQuery query, TableQueryFrom(request, deps.keys.Get()->self.uri));
  EQN_TRY(const Population* population, deps.population());
  std::vector<std::string> names;
  std::ranges::copy_if(query.measures, std::back_inserter(names), IsComputedMeasure);
  std::vector<ComputedMeasure> computed;
  if (!names.empty() && deps.care) {
    EQN_TRY(const CountPeriod period, PeriodFrom(request));
    EQN_TRY(computed, deps.care(names, period));
  }
  EQN_TRY(const RawCounts counts, population->Count(std::span(&query, 1), computed));
  // The gate writes it down before the answer leaves. No disclosure: the organisation's own staff
  // count its own people, of whom no table names one.
  v1::GetLocalCountsResponse response;
  SetLocalCounts(counts, &response);
  return response;
}

template <typename Request, typename Response>
Method Bind(const std::shared_ptr<const CountDeps>& deps, const char* name,
            Result<Response> (*handler)(const CountDeps&, Call&, const Request&)) {
  Method method;
  method.path = std::string("/equinode.v1.CountService/") + name;
  method.unary = BindUnary<Request, Response>([deps, handler](Call& call, const Request& request) {
    return handler(*deps, call, request);
  });
  return method;
}

}  // namespace

std::vector<Method> CountMethods(CountDeps deps) {
  const auto shared = std::make_shared<const CountDeps>(std::move(deps));
  std::vector<Method> methods = {
      Bind(shared, "CreateReportDefinition", CreateReportDefinition),
      Bind(shared, "ListReportDefinitions", ListReportDefinitions),
      Bind(shared, "GetLocalCounts", GetLocalCounts),
  };
  // A definition of 64 KiB and what is around it.
  methods.front().max_request_bytes = 128 * 1024;
  return methods;
}

}  // namespace equinode
