#include "client/cli/demo/report_text.h"

namespace equinode::demo {

std::string DemoReport(std::string_view payer_uri) {
  std::string text = "{\n  \"name\": \"";
  text.append(kDemoReport).append("\",\n  \"title\": \"Disparities of 2025\",\n  \"payer\": \"");
  text.append(payer_uri);
  return text + R"(",
  "period_start": "2025-01-01",
  "period_end": "2025-12-31",
  "measure_period": "2025",
  "tables": [
    {"id": "race", "stratifier": "race_omb1997",
     "measures": ["population", "available.race", "selfreported.race", "BCS-E", "COL-E", "CBP", "HBD", "WCV"]},
    {"id": "ethnicity", "stratifier": "ethnicity_omb1997",
     "measures": ["population", "available.ethnicity", "COL-E", "CBP", "WCV"]},
    {"id": "language", "stratifier": "language", "measures": ["population", "available.language"]},
    {"id": "age", "stratifier": "age_band",
     "measures": ["population", "CBP", "screened.snse.food", "intervened.snse.food"]},
    {"id": "sex", "stratifier": "sex",
     "measures": ["population", "COL-E", "screened.food-insecurity", "screened.food-insecurity.outcomes",
                  "positive.food-insecurity", "coded.food-insecurity", "referred.food-insecurity",
                  "closed.food-insecurity", "closed.food-insecurity.ends",
                  "screened.snse.food", "intervened.snse.food", "screened.snse.housing",
                  "intervened.snse.housing", "screened.snse.transportation",
                  "intervened.snse.transportation"]},
    {"id": "line", "stratifier": "line_of_business", "measures": ["population", "CBP"]},
    {"id": "county", "stratifier": "county", "measures": ["population"]}
  ]
}
)";
}

}  // namespace equinode::demo
