#include "domain/referral/event.h"

#include <array>
#include <utility>

#include "base/field_bytes.h"

namespace equinode::referral {
namespace {

constexpr std::array<std::pair<Priority, std::string_view>, 4> kPriorities = {{
    {Priority::kRoutine, "routine"},
    {Priority::kUrgent, "urgent"},
    {Priority::kAsap, "asap"},
    {Priority::kStat, "stat"},
}};
constexpr std::size_t kMaxUri = 512;
constexpr std::size_t kMaxWord = 64;
constexpr std::string_view kEventFormat = "equinode referral event 1";

Error BadEvent(std::string message) {
  return Error{Code::kInvalidArgument, "BAD_EVENT", std::move(message)};
}

// Control characters would let one note look like two on a terminal.
bool IsPlainText(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7f) return false;
  }
  return true;
}

void PutInstant(FieldWriter& out, Instant at) {
  out.Number(static_cast<std::uint64_t>(at.time_since_epoch().count()));
}
Instant GetInstant(FieldReader& in) {
  return Instant(Millis(static_cast<std::int64_t>(in.Number())));
}
void PutId(FieldWriter& out, const std::optional<Uuid>& id) {
  out.Number(id ? 1 : 0, 1);
  if (id) out.Raw(id->bytes());
}
Uuid GetUuid(FieldReader& in) {
  const Result<Uuid> id = Uuid::FromBytes(in.Raw(16));
  return id ? *id : Uuid{};
}
std::optional<Uuid> GetId(FieldReader& in) {
  if (in.Number(1) == 0) return std::nullopt;
  return GetUuid(in);
}
Digest GetDigest(FieldReader& in) {
  Digest digest{};
  const ByteView raw = in.Raw(digest.size());
  std::copy(raw.begin(), raw.end(), digest.begin());
  return digest;
}

void Put(FieldWriter& out, const Opening& opening) {
  out.Text(opening.requester_node);
  out.Text(opening.target_node);
  out.Text(opening.owner);
  out.Text(opening.domain);
  out.Number(static_cast<std::uint64_t>(opening.priority), 1);
  out.Raw(opening.need.bytes());
  out.Raw(opening.order);
  PutInstant(out, opening.respond_by);
  PutInstant(out, opening.expires);
  PutId(out, opening.part_of);
  PutId(out, opening.follows);
  PutId(out, opening.reopens);
}

Opening GetOpening(FieldReader& in) {
  Opening opening;
  opening.requester_node = in.Text();
  opening.target_node = in.Text();
  opening.owner = in.Text();
  opening.domain = in.Text();
  opening.priority = static_cast<Priority>(in.Number(1));
  opening.need = GetUuid(in);
  opening.order = GetDigest(in);
  opening.respond_by = GetInstant(in);
  opening.expires = GetInstant(in);
  opening.part_of = GetId(in);
  opening.follows = GetId(in);
  opening.reopens = GetId(in);
  return opening;
}

Status CheckOpening(const Opening& opening) {
  if (opening.requester_node.empty() || opening.target_node.empty() ||
      opening.requester_node.size() > kMaxUri || opening.target_node.size() > kMaxUri ||
      opening.owner.size() > kMaxUri) {
    return BadEvent("a referral names the node that asks and the node that is asked");
  }
  if (opening.domain.empty() || opening.domain.size() > kMaxWord) {
    return BadEvent("a referral names the domain of its need");
  }
  if (Name(opening.priority).empty()) return BadEvent("a referral has a priority");
  if (opening.need.nil()) return BadEvent("a referral names its need");
  if (opening.expires < opening.respond_by) {
    return BadEvent("a referral does not expire before an answer is due");
  }
  return Ok();
}

}  // namespace

std::string_view Name(Priority priority) {
  for (const auto& [each, name] : kPriorities) {
    if (each == priority) return name;
  }
  return "";
}

std::optional<Priority> PriorityNamed(std::string_view name) {
  for (const auto& [each, known] : kPriorities) {
    if (known == name) return each;
  }
  return std::nullopt;
}

Status CheckNote(std::string_view note) {
  if (note.size() > kMaxNoteBytes) {
    return BadEvent("a note has at most " + std::to_string(kMaxNoteBytes) + " bytes");
  }
  if (!IsPlainText(note)) return BadEvent("text of an event holds no control characters");
  return Ok();
}

Status CheckShape(const Event& event) {
  if (event.id.nil() || event.referral.nil()) return BadEvent("an event has an id and a referral");
  if (event.actor.empty() || event.actor.size() > kMaxUri || event.owner.size() > kMaxUri) {
    return BadEvent("an event names its actor");
  }
  if (event.reason.size() > kMaxWord) return BadEvent("a reason is a code of the table");
  EQN_CHECK(CheckNote(event.note));
  if (event.reported_by.size() > kMaxUri) {
    return BadEvent("the name of who reported has at most " + std::to_string(kMaxUri) + " bytes");
  }
  if (!IsPlainText(event.reported_by) || !IsPlainText(event.actor) || !IsPlainText(event.owner)) {
    return BadEvent("text of an event holds no control characters");
  }
  const bool opens = event.kind == EventKind::kCreate || event.kind == EventKind::kCreateDraft;
  if (opens != event.opening.has_value()) {
    return BadEvent(opens ? "the first event says what the referral is"
                          : "only the first event says what the referral is");
  }
  if (event.opening) EQN_CHECK(CheckOpening(*event.opening));
  if (event.evidence.size() > kMaxEvidence) {
    return BadEvent("an event carries at most " + std::to_string(kMaxEvidence) +
                    " pieces of evidence");
  }
  for (const Evidence& each : event.evidence) {
    if (each.code.empty() || each.code.size() > kMaxWord || each.system.size() > 256) {
      return BadEvent("evidence has a code with its system");
    }
  }
  return Ok();
}

Bytes CanonicalBytes(const Event& event) {
  FieldWriter out;
  out.Text(kEventFormat);
  out.Raw(event.id.bytes());
  out.Raw(event.referral.bytes());
  out.Text(Name(event.kind));
  out.Text(event.actor);
  out.Text(Name(event.role));
  PutInstant(out, event.at);
  out.Text(event.reason);
  out.Text(event.note);
  out.Number(event.when ? 1 : 0, 1);
  if (event.when) PutInstant(out, *event.when);
  out.Text(event.owner);
  out.Number(event.evidence.size(), 1);
  for (const Evidence& each : event.evidence) {
    out.Number(static_cast<std::uint64_t>(each.kind), 1);
    out.Text(each.system);
    out.Text(each.code);
    PutInstant(out, each.at);
    out.Raw(each.document);
  }
  out.Text(event.reported_by);
  out.Number(event.opening ? 1 : 0, 1);
  if (event.opening) Put(out, *event.opening);
  out.Number(event.seen_number);
  out.Raw(event.seen_hash);
  return std::move(out).bytes();
}

Result<Event> EventFrom(ByteView bytes) {
  FieldReader in(bytes);
  if (in.Text() != kEventFormat) return BadEvent("these bytes are no event of a referral");
  Event event;
  event.id = GetUuid(in);
  event.referral = GetUuid(in);
  const std::optional<EventKind> kind = EventKindNamed(in.Text());
  event.actor = in.Text();
  const std::optional<Role> role = RoleNamed(in.Text());
  if (!kind || !role) return BadEvent("an event of no known kind or by no known role");
  event.kind = *kind;
  event.role = *role;
  event.at = GetInstant(in);
  event.reason = in.Text();
  event.note = in.Text();
  if (in.Number(1) != 0) event.when = GetInstant(in);
  event.owner = in.Text();
  const std::uint64_t pieces = in.Number(1);
  for (std::uint64_t i = 0; i < pieces && in.ok(); ++i) {
    Evidence each;
    each.kind = static_cast<Evidence::Kind>(in.Number(1));
    if (each.kind != Evidence::Kind::kProcedure && each.kind != Evidence::Kind::kServiceRecord) {
      return BadEvent("evidence of no known kind");
    }
    each.system = in.Text();
    each.code = in.Text();
    each.at = GetInstant(in);
    each.document = GetDigest(in);
    event.evidence.push_back(std::move(each));
  }
  event.reported_by = in.Text();
  if (in.Number(1) != 0) event.opening = GetOpening(in);
  event.seen_number = in.Number();
  event.seen_hash = GetDigest(in);
  if (!in.done()) return BadEvent("an event that is cut or has something behind it");
  EQN_CHECK(CheckShape(event));
  const Bytes again = CanonicalBytes(event);
  if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) {
    return BadEvent("an event that is not written in its one way");
  }
  return event;
}

}  // namespace equinode::referral
