#include "client/generate/heritages.h"

#include <array>

namespace equinode::made {
namespace {

using Words = std::string_view;

constexpr Words kEnglishFemale[] = {"Alice", "Beth",  "Carol", "Dana",  "Ellen", "Fiona", "Grace",
                                    "Helen", "Irene", "Joan",  "Karen", "Laura", "Megan", "Nora"};
constexpr Words kEnglishMale[] = {"Adam",  "Brian", "Craig", "Dennis", "Eric",   "Frank", "Glenn",
                                  "Henry", "Ian",   "James", "Kevin",  "Lowell", "Mark",  "Neil"};
constexpr Words kEnglishFamily[] = {"Abbott",   "Barker", "Carver", "Dalton",   "Ellison",
                                    "Fletcher", "Garner", "Hobbs",  "Ingram",   "Jarvis",
                                    "Keller",   "Lawson", "Mercer", "O'Leary",  "Prescott",
                                    "Quigley",  "Rowe",   "Sutton", "Thatcher", "Vaughn"};
constexpr Words kSpanishFemale[] = {"Ana",  "Beatriz",  "Carmen", "Dolores", "Elena", "Guadalupe",
                                    "Inés", "Josefina", "Luz",    "María",   "Rosa",  "Sofía"};
constexpr Words kSpanishMale[] = {"Andrés", "Benito", "Carlos", "Diego",  "Esteban", "Felipe",
                                  "Héctor", "Jesús",  "José",   "Miguel", "Ramón",   "Tomás"};
constexpr Words kSpanishFamily[] = {"Aguilar",  "Barrera Núñez", "Castro",  "De la Cruz",
                                    "Escobedo", "Fuentes",       "Galván",  "Hernández Solís",
                                    "Ibarra",   "Juárez",        "Luna",    "Muñoz",
                                    "Navarro",  "Ortiz-Vega",    "Peña",    "Quiroz",
                                    "Rosales",  "Saldívar",      "Treviño", "Zepeda"};
constexpr Words kChineseFemale[] = {"Mei", "Xiu Ying", "Lan", "Hui", "Jing", "Yan", "Li Na"};
constexpr Words kChineseMale[] = {"Wei", "Jun", "Ming", "Guo", "Jian Hua", "Tao", "Lei"};
constexpr Words kChineseFamily[] = {"Chan", "Chen", "Fong", "Huang", "Lam", "Liu", "Wong", "Yee"};
constexpr Words kFilipinoFamily[] = {"Abad",  "Bautista",   "Cayabyab", "Dimaculangan",
                                     "Magno", "Pangilinan", "Santos",   "Tolentino"};
constexpr Words kVietnameseFemale[] = {"Lan Anh", "Thu", "Ngoc", "Huong", "Mai"};
constexpr Words kVietnameseMale[] = {"Minh", "Tuan", "Duc", "Quang", "Hai"};
constexpr Words kVietnameseFamily[] = {"Nguyen", "Tran", "Le", "Pham", "Vo", "Dang"};
constexpr Words kKoreanFemale[] = {"Ji-woo", "Min-seo", "Soo-jin", "Eun-ji", "Hye-jin"};
constexpr Words kKoreanMale[] = {"Min-jun", "Seo-jun", "Ji-hoon", "Dong-hyun", "Sung-min"};
constexpr Words kKoreanFamily[] = {"Kim", "Lee", "Park", "Choi", "Jung", "Yoon"};
constexpr Words kIndianFemale[] = {"Asha", "Deepa", "Kavita", "Meena", "Priya", "Sunita"};
constexpr Words kIndianMale[] = {"Amit", "Dev", "Harpreet", "Manoj", "Rajesh", "Vikram"};
constexpr Words kIndianFamily[] = {"Desai", "Gill", "Iyer", "Mehta", "Patel", "Reddy", "Singh"};
constexpr Words kJapaneseFemale[] = {"Aiko", "Haruka", "Keiko", "Naomi", "Yuki"};
constexpr Words kJapaneseMale[] = {"Akira", "Hiroshi", "Kenji", "Satoshi", "Takeo"};
constexpr Words kJapaneseFamily[] = {"Fujita", "Kimura", "Mori", "Nakano", "Sakai", "Yamada"};
constexpr Words kHmongFemale[] = {"Mai Yer", "Pa Houa", "Kia", "See", "Yang"};
constexpr Words kHmongMale[] = {"Cheng", "Tou", "Pao", "Xeng", "Kou"};
constexpr Words kHmongFamily[] = {"Her", "Lor", "Moua", "Thao", "Vang", "Xiong", "Yang"};
constexpr Words kKhmerFemale[] = {"Bopha", "Chanthy", "Sophea", "Sreymom"};
constexpr Words kKhmerMale[] = {"Dara", "Rith", "Sokha", "Vuthy"};
constexpr Words kKhmerFamily[] = {"Chea", "Keo", "Meas", "Prak", "Sok"};
constexpr Words kPersianFemale[] = {"Azar", "Laleh", "Mina", "Parisa", "Shirin"};
constexpr Words kPersianMale[] = {"Behrouz", "Dariush", "Kamran", "Navid", "Omid"};
constexpr Words kPersianFamily[] = {"Ahmadi", "Farahani", "Karimi", "Mohammadi", "Tehrani"};
constexpr Words kArabicFemale[] = {"Amal", "Dina", "Hala", "Layla", "Nadia"};
constexpr Words kArabicMale[] = {"Adel", "Hassan", "Karim", "Samir", "Tarek"};
constexpr Words kArabicFamily[] = {"Al-Masri", "Haddad", "Khoury", "Mansour", "Saleh"};
constexpr Words kArmenianFemale[] = {"Ani", "Gayane", "Lusine", "Nare", "Siranush"};
constexpr Words kArmenianMale[] = {"Aram", "Davit", "Hayk", "Tigran", "Vahe"};
constexpr Words kArmenianFamily[] = {"Avetisyan", "Grigoryan", "Hakobyan", "Petrosyan"};
constexpr Words kAfricanFemale[] = {"Abeba", "Chidinma", "Makeda", "Ngozi", "Selam"};
constexpr Words kAfricanMale[] = {"Abebe", "Chinedu", "Emeka", "Tesfaye", "Yonas"};
constexpr Words kAfricanFamily[] = {"Bekele", "Eze", "Gebre", "Okafor", "Tadesse"};
constexpr Words kPacificFemale[] = {"Leilani", "Malia", "Sina", "Mele", "Kalea"};
constexpr Words kPacificMale[] = {"Keoni", "Sione", "Tavita", "Manu", "Ioane"};
constexpr Words kPacificFamily[] = {"Faleolo", "Kealoha", "Taufa", "Tuiasosopo", "Cruz"};

constexpr Names kEnglish{kEnglishFemale, kEnglishMale, kEnglishFamily};
constexpr Names kSpanish{kSpanishFemale, kSpanishMale, kSpanishFamily};
constexpr Names kChinese{kChineseFemale, kChineseMale, kChineseFamily};
constexpr Names kFilipino{kSpanishFemale, kSpanishMale, kFilipinoFamily};
constexpr Names kVietnamese{kVietnameseFemale, kVietnameseMale, kVietnameseFamily};
constexpr Names kKorean{kKoreanFemale, kKoreanMale, kKoreanFamily};
constexpr Names kIndian{kIndianFemale, kIndianMale, kIndianFamily};
constexpr Names kJapanese{kJapaneseFemale, kJapaneseMale, kJapaneseFamily};
constexpr Names kHmong{kHmongFemale, kHmongMale, kHmongFamily};
constexpr Names kKhmer{kKhmerFemale, kKhmerMale, kKhmerFamily};
constexpr Names kPersian{kPersianFemale, kPersianMale, kPersianFamily};
constexpr Names kArabic{kArabicFemale, kArabicMale, kArabicFamily};
constexpr Names kArmenian{kArmenianFemale, kArmenianMale, kArmenianFamily};
constexpr Names kAfrican{kAfricanFemale, kAfricanMale, kAfricanFamily};
constexpr Names kPacific{kPacificFemale, kPacificMale, kPacificFamily};

constexpr LanguageShare kEn[] = {
    {970, "en", "English"}, {20, "en-US", "English"}, {10, "ase", "American Sign Language"}};
constexpr LanguageShare kEs[] = {
    {450, "en", "English"},   {430, "es", "Spanish"},
    {70, "es-MX", "Spanish"}, {30, "mig", "San Miguel El Grande Mixtec"},
    {10, "tsz", "Purepecha"}, {10, "zap", "Zapotec"}};
constexpr LanguageShare kCentral[] = {
    {300, "en", "English"}, {620, "es", "Spanish"}, {50, "mam", "Mam"}, {30, "kjb", "Q'anjob'al"}};
constexpr LanguageShare kZh[] = {{380, "en", "English"},      {200, "zh", "Chinese"},
                                 {220, "yue", "Yue Chinese"}, {140, "cmn", "Mandarin Chinese"},
                                 {40, "zh-Hant", "Chinese"},  {20, "nan", "Min Nan Chinese"}};
constexpr LanguageShare kTl[] = {
    {640, "en", "English"}, {240, "tl", "Tagalog"}, {60, "fil", "Filipino"}, {60, "ilo", "Iloko"}};
constexpr LanguageShare kVi[] = {{330, "en", "English"}, {670, "vi", "Vietnamese"}};
constexpr LanguageShare kKo[] = {{420, "en", "English"}, {580, "ko", "Korean"}};
constexpr LanguageShare kIn[] = {{620, "en", "English"},
                                 {150, "pa", "Panjabi"},
                                 {110, "hi", "Hindi"},
                                 {60, "gu", "Gujarati"},
                                 {60, "te", "Telugu"}};
constexpr LanguageShare kJa[] = {{760, "en", "English"}, {240, "ja", "Japanese"}};
constexpr LanguageShare kMww[] = {
    {420, "en", "English"}, {400, "hmn", "Hmong"}, {180, "mww", "Hmong Daw"}};
constexpr LanguageShare kKm[] = {{400, "en", "English"}, {600, "km", "Khmer"}};
constexpr LanguageShare kFa[] = {{450, "en", "English"}, {550, "fa", "Persian"}};
constexpr LanguageShare kPrs[] = {
    {200, "en", "English"}, {550, "prs", "Dari"}, {250, "ps", "Pushto"}};
constexpr LanguageShare kAr[] = {{450, "en", "English"}, {550, "ar", "Arabic"}};
constexpr LanguageShare kHy[] = {{350, "en", "English"}, {650, "hy", "Armenian"}};
constexpr LanguageShare kRu[] = {
    {350, "en", "English"}, {450, "ru", "Russian"}, {200, "uk", "Ukrainian"}};
constexpr LanguageShare kAm[] = {
    {560, "en", "English"}, {240, "am", "Amharic"}, {120, "ti", "Tigrinya"}, {80, "so", "Somali"}};
constexpr LanguageShare kSm[] = {{700, "en", "English"},
                                 {160, "sm", "Samoan"},
                                 {100, "to", "Tonga (Tonga Islands)"},
                                 {40, "ch", "Chamorro"}};
constexpr LanguageShare kNv[] = {{960, "en", "English"}, {40, "nv", "Navajo"}};

constexpr Term kWhite{"2106-3", "White"};
constexpr Term kBlack{"2054-5", "Black or African American"};
constexpr Term kAsian{"2028-9", "Asian"};
constexpr Term kAian{"1002-5", "American Indian or Alaska Native"};
constexpr Term kNhpi{"2076-8", "Native Hawaiian or Other Pacific Islander"};
constexpr Term kOther{"2131-1", "Other Race"};

constexpr Heritage kHeritages[] = {
    {278, {}, {}, {}, true, {"2148-5", "Mexican"}, kEs, &kSpanish, -60},
    {52, {}, {}, {}, true, {}, kEs, &kSpanish, -40},
    {22, {}, {}, {}, true, {"2161-8", "Salvadoran"}, kCentral, &kSpanish, -80},
    {16, {}, {}, {}, true, {"2157-6", "Guatemalan"}, kCentral, &kSpanish, -90},
    {8, {}, {}, {}, true, {"2180-8", "Puerto Rican"}, kEs, &kSpanish, -20},
    {8, {}, {}, {}, true, {"2165-9", "South American"}, kEs, &kSpanish, 0},
    {228, kWhite, {}, {}, false, {}, kEn, &kEnglish, 40},
    {36, kWhite, {"2110-5", "English"}, {}, false, {}, kEn, &kEnglish, 40},
    {24, kWhite, {"2113-9", "Irish"}, {}, false, {}, kEn, &kEnglish, 40},
    {9, kWhite, {"2108-9", "European"}, {}, false, {}, kRu, &kEnglish, 10},
    {11, kWhite, {"2109-7", "Armenian"}, {}, false, {}, kHy, &kArmenian, 10},
    {10, kWhite, {"2121-2", "Iranian"}, {}, false, {}, kFa, &kPersian, 20},
    {6, kWhite, {"2120-4", "Egyptian"}, {}, false, {}, kAr, &kArabic, 0},
    {4, kWhite, {"2123-8", "Lebanese"}, {}, false, {}, kAr, &kArabic, 0},
    {4, kWhite, {"2126-1", "Afghanistani"}, {}, false, {}, kPrs, &kPersian, -70},
    {40, kAsian, {"2034-7", "Chinese"}, {}, false, {}, kZh, &kChinese, 50},
    {38, kAsian, {"2036-2", "Filipino"}, {}, false, {}, kTl, &kFilipino, 20},
    {20, kAsian, {"2047-9", "Vietnamese"}, {}, false, {}, kVi, &kVietnamese, 0},
    {14, kAsian, {"2040-4", "Korean"}, {}, false, {}, kKo, &kKorean, 10},
    {22, kAsian, {"2029-7", "Asian Indian"}, {}, false, {}, kIn, &kIndian, 50},
    {7, kAsian, {"2039-6", "Japanese"}, {}, false, {}, kJa, &kJapanese, 60},
    {4, kAsian, {"2037-0", "Hmong"}, {}, false, {}, kMww, &kHmong, -110},
    {4, kAsian, {"2033-9", "Cambodian"}, {}, false, {}, kKm, &kKhmer, -100},
    {8, kAsian, {}, {}, false, {}, kZh, &kChinese, 30},
    {46, kBlack, {"2058-6", "African American"}, {}, false, {}, kEn, &kEnglish, -90},
    {8, kBlack, {}, {}, false, {}, kEn, &kEnglish, -80},
    {4, kBlack, {"2062-8", "Ethiopian"}, {}, false, {}, kAm, &kAfrican, -50},
    {2, kBlack, {"2065-1", "Nigerian"}, {}, false, {}, kEn, &kAfrican, 0},
    {2, kNhpi, {"2080-0", "Samoan"}, {}, false, {}, kSm, &kPacific, -110},
    {2, kNhpi, {"2079-2", "Native Hawaiian"}, {}, false, {}, kEn, &kPacific, -90},
    {4, kAian, {"1004-1", "American Indian"}, {}, false, {}, kEn, &kEnglish, -120},
    {2, kAian, {"1464-7", "Pomo"}, {}, false, {}, kEn, &kEnglish, -120},
    {1, kAian, {"1382-1", "Navajo"}, {}, false, {}, kNv, &kEnglish, -120},
    {16, kAsian, {}, kWhite, false, {}, kEn, &kEnglish, 30},
    {12, kBlack, {}, kWhite, false, {}, kEn, &kEnglish, -40},
    {8, kAian, {}, kWhite, false, {}, kEn, &kEnglish, -60},
    {6, kNhpi, {}, kAsian, false, {}, kEn, &kPacific, -60},
    {9, kOther, {}, {}, false, {}, kEn, &kEnglish, -10},
    {9, {}, {}, {}, false, {}, kEn, &kEnglish, 0},
};

constexpr RaceShare kRacesOfHispanics[] = {
    {400, kWhite, {}}, {300, kOther, {}},   {200, {}, {}},        {40, kAian, {}},
    {20, kBlack, {}},  {30, kWhite, kAian}, {10, kWhite, kBlack},
};

}  // namespace

std::span<const Heritage> Heritages() { return kHeritages; }
std::span<const RaceShare> RacesOfHispanics() { return kRacesOfHispanics; }

}  // namespace equinode::made
