#include "client/import/fhir/datatypes.h"

#include <algorithm>

#include "client/import/fhir/refuse.h"
#include "client/import/fhir/slots.h"

namespace equinode::fhir {
namespace {

Status TooMany(std::string_view path) {
  return Refuse("TOO_MANY", std::string(path) + " has more than 64 elements; a record holds 64");
}

template <typename T, typename Each>
Status ReadList(const dom::element& value, std::string_view path, std::vector<T>& out,
                std::vector<T>& spare, Each each) {
  Slots<T> slots(out, spare);
  return ForEachObject(value, path, [&](const dom::object& object) -> Status {
    if (slots.taken() == kMaxList) return TooMany(path);
    EQN_TRY(const bool something, each(object, slots.Take()));
    if (!something) slots.GiveBack();
    return Ok();
  });
}

// The texts of a list, joined by a blank.
Status KeepJoined(const dom::element& value, std::string_view path, std::string& out) {
  EQN_TRY(const dom::array list, List(value, path));
  std::string part;
  for (const dom::element element : list) {
    EQN_CHECK(Keep(element, path, part));
    if (part.empty()) continue;
    if (!out.empty()) out += ' ';
    out += part;
    if (out.size() > kMaxText) return TooMany(path);
  }
  return Ok();
}

Status KeepEach(const dom::element& value, std::string_view path, std::vector<std::string>& out) {
  EQN_TRY(const dom::array list, List(value, path));
  for (const dom::element element : list) {
    if (out.size() == kMaxList) return TooMany(path);
    EQN_CHECK(Keep(element, path, out.emplace_back()));
    if (out.back().empty()) out.pop_back();
  }
  return Ok();
}

// The code of an identifier's type: the v2-0203 one, else the first.
Status ReadIdentifierType(const dom::element& value, std::string_view path, std::string& out) {
  EQN_TRY(const dom::object type, Object(value, path));
  bool decided = false;
  for (const auto& [key, field] : type) {
    if (key != "coding") continue;
    EQN_CHECK(ForEachObject(field, path, [&](const dom::object& coding) -> Status {
      std::string_view system;
      dom::element code;
      bool has_code = false;
      for (const auto& [name, part] : coding) {
        if (name == "system") {
          EQN_TRY(system, Text(part, path));
        } else if (name == "code") {
          code = part;
          has_code = true;
        }
      }
      const bool wanted = system == "http://terminology.hl7.org/CodeSystem/v2-0203";
      if (!has_code || decided || (!wanted && !out.empty())) return Ok();
      decided = wanted;
      return Keep(code, path, out);
    }));
  }
  return Ok();
}

}  // namespace

Status ReadNames(const dom::element& value, std::string_view path, std::vector<HumanName>& out,
                 std::vector<HumanName>& spare) {
  return ReadList(value, path, out, spare,
                  [&](const dom::object& object, HumanName& name) -> Result<bool> {
                    for (const auto& [key, field] : object) {
                      if (key == "use") {
                        EQN_CHECK(Keep(field, path, name.use));
                      } else if (key == "family") {
                        EQN_CHECK(Keep(field, path, name.family));
                      } else if (key == "given") {
                        EQN_CHECK(KeepEach(field, path, name.given));
                      } else if (key == "text") {
                        EQN_CHECK(Keep(field, path, name.text));
                      } else if (key == "prefix") {
                        EQN_CHECK(KeepJoined(field, path, name.prefix));
                      } else if (key == "suffix") {
                        EQN_CHECK(KeepJoined(field, path, name.suffix));
                      }
                    }
                    return !(name.family.empty() && name.given.empty() && name.text.empty());
                  });
}

Status ReadIdentifiers(const dom::element& value, std::string_view path,
                       std::vector<Identifier>& out, std::vector<Identifier>& spare) {
  return ReadList(value, path, out, spare,
                  [&](const dom::object& object, Identifier& id) -> Result<bool> {
                    for (const auto& [key, field] : object) {
                      if (key == "system") {
                        EQN_CHECK(Keep(field, path, id.system));
                      } else if (key == "value") {
                        EQN_CHECK(Keep(field, path, id.value));
                      } else if (key == "type") {
                        EQN_CHECK(ReadIdentifierType(field, path, id.type));
                      }
                    }
                    return !id.value.empty();  // Nothing is identified without a value.
                  });
}

Status ReadAddresses(const dom::element& value, std::string_view path,
                     std::vector<PostalAddress>& out, std::vector<PostalAddress>& spare) {
  return ReadList(value, path, out, spare,
                  [&](const dom::object& object, PostalAddress& at) -> Result<bool> {
                    for (const auto& [key, field] : object) {
                      if (key == "use") {
                        EQN_CHECK(Keep(field, path, at.use));
                      } else if (key == "line") {
                        EQN_CHECK(KeepEach(field, path, at.lines));
                      } else if (key == "city") {
                        EQN_CHECK(Keep(field, path, at.city));
                      } else if (key == "district") {
                        EQN_CHECK(Keep(field, path, at.district));
                      } else if (key == "state") {
                        EQN_CHECK(Keep(field, path, at.state));
                      } else if (key == "postalCode") {
                        EQN_CHECK(Keep(field, path, at.postal_code));
                      } else if (key == "country") {
                        EQN_CHECK(Keep(field, path, at.country));
                      }
                    }
                    return !(at.lines.empty() && at.city.empty() && at.district.empty() &&
                             at.state.empty() && at.postal_code.empty() && at.country.empty());
                  });
}

Status ReadTelecoms(const dom::element& value, std::string_view path,
                    std::vector<ContactPoint>& out, std::vector<ContactPoint>& spare) {
  return ReadList(value, path, out, spare,
                  [&](const dom::object& object, ContactPoint& to) -> Result<bool> {
                    for (const auto& [key, field] : object) {
                      if (key == "system") {
                        EQN_CHECK(Keep(field, path, to.system));
                      } else if (key == "value") {
                        EQN_CHECK(Keep(field, path, to.value));
                      } else if (key == "use") {
                        EQN_CHECK(Keep(field, path, to.use));
                      }
                    }
                    return !to.value.empty();
                  });
}

Status ReadCoding(const dom::element& value, std::string_view path, Coded& out) {
  EQN_TRY(const dom::object object, Object(value, path));
  for (const auto& [key, field] : object) {
    if (key == "system") {
      EQN_CHECK(Keep(field, path, out.system));
    } else if (key == "code") {
      EQN_CHECK(Keep(field, path, out.code));
    } else if (key == "display") {
      EQN_CHECK(Keep(field, path, out.display));
    } else if (key == "extension" && out.code.empty()) {
      EQN_CHECK(ReadAbsentReason(field, path, out));
    } else if (key == "_code" && out.code.empty()) {
      EQN_CHECK(ReadAbsentElement(field, path, out));
    }
  }
  if (out.code.empty() && !out.display.empty()) out.text = std::move(out.display);
  if (out.code.empty()) out.display.clear();
  return Ok();
}

Status ReadConcept(const dom::element& value, std::string_view path, std::string_view prefer,
                   Coded& out) {
  EQN_TRY(const dom::object object, Object(value, path));
  dom::element text;
  bool has_text = false;
  for (const auto& [key, field] : object) {
    if (key == "coding") {
      EQN_TRY(const dom::array list, List(field, path));
      for (const dom::element element : list) {
        if (IsNull(element)) continue;
        if (IsEmpty(out)) {
          out = Coded{};
          EQN_CHECK(ReadCoding(element, path, out));
        } else if (out.system != prefer) {
          Coded coding;
          EQN_CHECK(ReadCoding(element, path, coding));
          const bool better = !coding.code.empty() && (out.code.empty() || coding.system == prefer);
          if (better) out = std::move(coding);
        }
      }
    } else if (key == "text") {
      text = field;
      has_text = true;
    } else if (key == "extension" && out.code.empty()) {
      EQN_CHECK(ReadAbsentReason(field, path, out));
    }
  }
  if (!has_text) return Ok();
  EQN_TRY(const std::string_view words, Text(text, path));
  return words.empty() || words == out.display ? Ok() : Keep(text, path, out.text);
}

Status ReadAbsentReason(const dom::element& extensions, std::string_view path, Coded& out) {
  return ForEachObject(extensions, path, [&](const dom::object& extension) -> Status {
    std::string_view url;
    std::string_view code;
    for (const auto& [key, field] : extension) {
      if (key == "url") {
        EQN_TRY(url, Text(field, path));
      } else if (key == "valueCode" || key == "valueString") {
        EQN_TRY(code, Text(field, path));
      }
    }
    if (code.empty() || code.size() > 64) return Ok();
    if (url == kDataAbsentExtension) {
      out.system.assign(kDataAbsent);
    } else if (url == "http://hl7.org/fhir/StructureDefinition/iso21090-nullFlavor") {
      out.system.assign(kNullFlavor);
    } else {
      return Ok();
    }
    out.code.assign(code);
    return Ok();
  });
}

Status ReadAbsentElement(const dom::element& value, std::string_view path, Coded& out) {
  if (IsNull(value)) return Ok();
  EQN_TRY(const dom::object object, Object(value, path));
  for (const auto& [key, field] : object) {
    if (key == "extension") EQN_CHECK(ReadAbsentReason(field, path, out));
  }
  return Ok();
}

Status ReadMeta(const dom::element& value, Meta& out) {
  EQN_TRY(const dom::object object, Object(value, "meta"));
  for (const auto& [key, field] : object) {
    if (key == "lastUpdated") {
      EQN_TRY(out.last_updated, Text(field, "meta.lastUpdated"));
    } else if (key == "profile") {
      EQN_TRY(const dom::array list, List(field, "meta.profile"));
      for (const dom::element element : list) {
        EQN_TRY(std::string_view profile, Text(element, "meta.profile"));
        profile = profile.substr(0, profile.find('|'));
        constexpr std::string_view kUsCore = "http://hl7.org/fhir/us/core/StructureDefinition/";
        if (profile.substr(0, kUsCore.size()) != kUsCore) continue;
        profile.remove_prefix(kUsCore.size());
        if (profile == "us-core-patient") out.us_core_patient = true;
        if (profile == "us-core-coverage") out.us_core_coverage = true;
      }
    }
  }
  return Ok();
}

}  // namespace equinode::fhir
