#include "client/generate/places.h"

namespace equinode::made {
namespace {

constexpr Place kPlaces[] = {
    {120, "Los Angeles", "Los Angeles", "90011"},
    {60, "Long Beach", "Los Angeles", "90805"},
    {50, "Pomona", "Los Angeles", "91766"},
    {40, "Lancaster", "Los Angeles", "93535"},
    {70, "Anaheim", "Orange", "92804"},
    {40, "Santa Ana", "Orange", "92704"},
    {80, "San Diego", "San Diego", "92114"},
    {30, "Oceanside", "San Diego", "92057"},
    {60, "Riverside", "Riverside", "92503"},
    {55, "Fontana", "San Bernardino", "92335"},
    {45, "San Jose", "Santa Clara", "95122"},
    {35, "Oakland", "Alameda", "94601"},
    {20, "Fremont", "Alameda", "94536"},
    {45, "Sacramento", "Sacramento", "95823"},
    {30, "Richmond", "Contra Costa", "94804"},
    {40, "Fresno", "Fresno", "93722"},
    {35, "Bakersfield", "Kern", "93307"},
    {20, "San Francisco", "San Francisco", "94112"},
    {18, "Oxnard", "Ventura", "93033"},
    {16, "Daly City", "San Mateo", "94015"},
    {20, "Stockton", "San Joaquin", "95206"},
    {16, "Modesto", "Stanislaus", "95351"},
    {12, "Santa Rosa", "Sonoma", "95407"},
    {12, "Visalia", "Tulare", "93277"},
    {12, "Salinas", "Monterey", "93905"},
    {10, "Santa Maria", "Santa Barbara", "93458"},
    {7, "Merced", "Merced", "95341"},
    {6, "Redding", "Shasta", "96003"},
    {5, "El Centro", "Imperial", "92243"},
    {4, "Eureka", "Humboldt", "95501"},
    {2, "Alturas", "Modoc", "96101"},
};

constexpr std::string_view kStreets[] = {
    "Alder Way",   "Bluebell Lane",  "Canyon Oak Road", "Driftwood Court", "Egret Street",
    "Foxglove Dr", "Granite Avenue", "Heron Place",     "Ironwood Street", "Juniper Loop",
    "Kestrel Way", "Lupine Terrace", "Manzanita Ave",   "Nutmeg Road",     "Otter Creek Rd",
};

}  // namespace

std::span<const Place> Places() { return kPlaces; }
std::span<const std::string_view> Streets() { return kStreets; }

}  // namespace equinode::made
