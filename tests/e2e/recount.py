#!/usr/bin/env python3
"""Counts the people in generated files again, from the rules in docs/counting.md, and checks a hub's release by it.

It uses none of Equinode's code: only python3's standard library, the files, the source profiles and the report
definition.

  recount.py count FOLDER REPORT.json                 print every table of every practice, as JSON
  recount.py check FOLDER REPORT.json RELEASE.json    compare a release (equinode hub show REPORT -o json)

FOLDER is what `equinode generate --out FOLDER` made. Exit code 1 when the release is wrong, 65 for unusable input.
"""
import calendar
import csv
import datetime
import itertools
import json
import pathlib
import sys
import tomllib

CDCREC = "urn:oid:2.16.840.1.113883.6.238"
NULL_FLAVOR = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
DATA_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
DATA_ABSENT_URL = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"

# CDCREC codes to OMB 1997 categories: the six of the question itself, and details that generated people answer with.
RACE_1997 = {
    "1002-5": "AIAN", "2028-9": "ASIAN", "2054-5": "BLACK", "2076-8": "NHPI", "2106-3": "WHITE", "2131-1": "OTHER",
    "1004-1": "AIAN", "1382-1": "AIAN", "1464-7": "AIAN",
    "2029-7": "ASIAN", "2033-9": "ASIAN", "2034-7": "ASIAN", "2036-2": "ASIAN", "2037-0": "ASIAN", "2039-6": "ASIAN",
    "2040-4": "ASIAN", "2047-9": "ASIAN",
    "2058-6": "BLACK", "2062-8": "BLACK", "2065-1": "BLACK",
    "2079-2": "NHPI", "2080-0": "NHPI",
    "2108-9": "WHITE", "2109-7": "WHITE", "2110-5": "WHITE", "2113-9": "WHITE", "2120-4": "WHITE", "2121-2": "WHITE",
    "2123-8": "WHITE", "2126-1": "WHITE",
}
ETHNICITY = {
    "2135-2": "HISPANIC", "2186-5": "NOT_HISPANIC", "2148-5": "HISPANIC", "2157-6": "HISPANIC", "2161-8": "HISPANIC",
    "2165-9": "HISPANIC", "2180-8": "HISPANIC",
}
# What a reason in place of an answer says. Anything else is unknown.
REASONS = {
    (NULL_FLAVOR, "NASK"): "NOT_ASKED", (DATA_ABSENT, "not-asked"): "NOT_ASKED",
    (DATA_ABSENT, "asked-declined"): "DECLINED", (NULL_FLAVOR, "OTH"): "OTHER",
}
CLOSED = {
    "race_omb1997": ["AIAN", "ASIAN", "BLACK", "NHPI", "WHITE", "OTHER", "TWO_OR_MORE", "DECLINED", "UNKNOWN",
                     "NOT_ASKED"],
    "ethnicity_omb1997": ["HISPANIC", "NOT_HISPANIC", "DECLINED", "UNKNOWN", "NOT_ASKED"],
    "sex": ["FEMALE", "MALE", "OTHER", "DECLINED", "UNKNOWN", "NOT_ASKED"],
}
# The languages that generated people speak, by their BCP 47 subtags, and ISO 639-2 codes of those that have two letters.
LANGUAGES = set("am ar ase ch cmn en es fa fil fr gu hi hmn hy ilo ja kjb km ko mam mig mww nan nv pa prs ps ru sm so te ti "
                "tl to tsz uk vi yue zap zh".split())
LONG_LANGUAGES = {"eng": "en", "spa": "es", "vie": "vi", "chi": "zh", "zho": "zh", "fre": "fr", "fra": "fr",
                  "kor": "ko", "tgl": "tl", "rus": "ru", "arm": "hy", "hye": "hy", "per": "fa", "fas": "fa"}
STATES = {"CA": "CA", "California": "CA"}
SMALL = range(1, 11)


# What an answer says of each domain that its question is about (docs/needs.md, the instruments' own scoring).
NEED_ANSWERS = {
    ("88122-7", "LA28397-0"): {"food-insecurity": "positive"}, ("88122-7", "LA6729-3"): {"food-insecurity": "positive"},
    ("88122-7", "LA28398-8"): {"food-insecurity": "negative"}, ("88122-7", "LA15775-2"): {"food-insecurity": "declined"},
    ("88123-5", "LA28397-0"): {"food-insecurity": "positive"}, ("88123-5", "LA6729-3"): {"food-insecurity": "positive"},
    ("88123-5", "LA28398-8"): {"food-insecurity": "negative"}, ("88123-5", "LA15775-2"): {"food-insecurity": "declined"},
    ("71802-3", "LA31993-1"): {"housing-instability": "negative", "homelessness": "negative"},
    ("71802-3", "LA31994-9"): {"housing-instability": "positive", "homelessness": "negative"},
    ("71802-3", "LA31995-6"): {"housing-instability": "negative", "homelessness": "positive"},
    ("71802-3", "LA30189-7"): {"homelessness": "negative"}, ("71802-3", "LA30190-5"): {"homelessness": "positive"},
    ("71802-3", "LA30122-8"): {"homelessness": "declined"},
    ("93030-5", "LA33-6"): {"transportation-insecurity": "positive"},
    ("93030-5", "LA32-8"): {"transportation-insecurity": "negative"},
    ("93030-5", "LA30133-5"): {"transportation-insecurity": "positive"},
    ("93030-5", "LA30134-3"): {"transportation-insecurity": "positive"},
    ("93030-5", "LA30257-2"): {"transportation-insecurity": "unable"},
}
# Within one asking a need outweighs everything and a no nothing; of several askings the first of the other order.
WITHIN_ASKING = ["positive", "declined", "unable", "negative"]
OF_ASKINGS = ["positive", "negative", "declined", "unable"]
# ICD-10-CM codes that generated people have, from when they could be reported, and what they are about. Others could not.
Z_CODES = {"Z59.41": ("2021-10-01", "food-insecurity"), "Z59.811": ("2021-10-01", "housing-instability"),
           "Z59.00": ("2021-10-01", "homelessness"), "Z59.82": ("2022-10-01", "transportation-insecurity")}
SNS = {"food": ["food-insecurity"], "housing": ["homelessness", "housing-instability", "inadequate-housing"],
       "transportation": ["transportation-insecurity"]}
ENDS = ["evidence", "reported", "unmet", "lost"]
COMPUTED = ("screened.", "positive.", "coded.", "intervened.", "referred.", "accepted.", "closed.")


class Refused(Exception):
    """A line that does not count."""


# --- dates

def days(text):
    """The first and the last day that a FHIR date can mean."""
    parts = text[:10].split("-")
    if not 1 <= len(parts) <= 3 or [len(p) for p in parts] != [4, 2, 2][:len(parts)]:
        raise Refused("date")
    try:
        year, month, day = (int(p) for p in (parts + ["0", "0"])[:3])
        if len(parts) == 1:
            return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        if len(parts) == 2:
            return datetime.date(year, month, 1), datetime.date(year, month, calendar.monthrange(year, month)[1])
        return (datetime.date(year, month, day),) * 2
    except (ValueError, calendar.IllegalMonthError) as error:
        raise Refused("date") from error


# --- patients

def extensions(resource, name):
    return [e for e in resource.get("extension", []) if e.get("url") == US_CORE + name]


def answer(resource, name):
    """The codings of a US Core race or ethnicity extension, and whether it has words."""
    codings, text = [], None
    for extension in extensions(resource, name):
        for part in extension.get("extension", []):
            if part.get("url") in ("ombCategory", "detailed"):
                coding = part["valueCoding"]
                codings.append((coding.get("system", ""), coding.get("code", "")))
            elif part.get("url") == "text":
                text = part.get("valueString")
            elif part.get("url") == DATA_ABSENT_URL:
                codings.append((DATA_ABSENT, part["valueCode"]))
    return codings, text


def reason_of(codings):
    states = [REASONS.get(c, "UNKNOWN") for c in codings]
    return states[0] if states else "UNKNOWN"


def race_of(resource):
    """(stratum, known)"""
    codings, _ = answer(resource, "us-core-race")
    codes = [code for system, code in codings if system == CDCREC]
    if any(code in ETHNICITY for code in codes):
        return "UNKNOWN", False  # An ethnicity in the place of a race contradicts itself.
    categories = {RACE_1997[code] for code in codes}
    if not categories:
        # "None of these" is an answer (answer_states: OTHER counts as answered).
        return reason_of(codings), reason_of(codings) == "OTHER"
    return (categories.pop(), True) if len(categories) == 1 else ("TWO_OR_MORE", True)


def ethnicity_of(resource):
    codings, _ = answer(resource, "us-core-ethnicity")
    categories = {ETHNICITY[code] for system, code in codings if system == CDCREC}
    races, _ = answer(resource, "us-core-race")
    if categories == {"NOT_HISPANIC"} and any(ETHNICITY.get(code) == "HISPANIC" for _, code in races):
        return "UNKNOWN", False  # Denied beside a race that says it: which of the two is true is not known.
    if len(categories) == 1:
        return categories.pop(), True
    return reason_of(codings), False


def language_of(resource):
    said = []
    for communication in resource.get("communication", []):
        codings = communication["language"].get("coding", [])
        said.append((communication.get("preferred", False), codings[0]["system"], codings[0]["code"]))
    preferred = [s for s in said if s[0]] or (said if len(said) == 1 else [])
    if len(preferred) != 1:
        return "UNKNOWN", False
    _, system, code = preferred[0]
    if system != "urn:ietf:bcp:47":
        return REASONS.get((system, code), "UNKNOWN"), False
    primary = code.split("-")[0].lower()
    primary = LONG_LANGUAGES.get(primary, primary)
    if primary not in LANGUAGES:
        raise SystemExit(f"recount: the language {code} is not among the rules")
    return primary, True


def sex_of(resource):
    for extension in extensions(resource, "us-core-individual-sex"):
        return {"248152002": "FEMALE", "248153007": "MALE"}[extension["valueCoding"]["code"]]
    for extension in extensions(resource, "us-core-birthsex"):
        return {"F": "FEMALE", "M": "MALE"}[extension["valueCode"]]
    return {"female": "FEMALE", "male": "MALE", "other": "OTHER"}.get(resource.get("gender"), "UNKNOWN")


def place_of(resource):
    """(county, zip3) of the address where the person lives now."""
    for address in resource.get("address", []):
        if address.get("use") == "old":
            continue
        county = address.get("district", "").removesuffix(" County")
        state = STATES[address["state"]]
        return (f"{state}/{county}" if county else "UNKNOWN"), address["postalCode"][:3]
    return "UNKNOWN", "UNKNOWN"


def read_patient(resource, today):
    if not resource.get("id"):
        raise Refused("id")
    birth = None
    if resource.get("birthDate"):
        birth = days(resource["birthDate"])[0]
        if birth > today:
            raise Refused("born in the future")
    codings, _ = answer(resource, "us-core-race")
    categories = [p for e in extensions(resource, "us-core-race") for p in e["extension"] if p["url"] == "ombCategory"]
    if any(c[1] in ("UNK", "ASKU") for c in codings) and len(categories) > 1:
        raise Refused("us-core-23")
    county, zip3 = place_of(resource)
    return {
        "race": race_of(resource), "ethnicity": ethnicity_of(resource), "language": language_of(resource),
        "sex": sex_of(resource), "county": county, "zip3": zip3, "birth": birth,
        "mrns": [i["value"] for i in resource.get("identifier", [])
                 if any(c.get("code") == "MR" for c in i.get("type", {}).get("coding", []))],
    }


# --- coverage

def patient_id(reference):
    text = reference.get("reference", "")
    if text.startswith("urn:uuid:"):
        return text[len("urn:uuid:"):]
    parts = text.split("/")
    if "Patient" not in parts[:-1]:
        raise Refused("reference")
    return parts[parts.index("Patient") + 1]


def rule_for(coverage, rules):
    """The first rule that names the payor, or None."""
    types = {c.get("code") for c in coverage.get("type", {}).get("coding", [])}
    for payor in coverage["payor"]:
        identifier = payor.get("identifier", {})
        reference = payor.get("reference", "")
        names = {("identifier", identifier.get("value")),
                 ("identifier", f"{identifier.get('system')}|{identifier.get('value')}"),
                 ("reference", reference), ("reference", "/".join(reference.split("/")[-2:])),
                 ("name", payor.get("display", "").strip().lower())}
        for rule in rules:
            fits = any((key, rule[key].strip().lower() if key == "name" else rule[key]) in names
                       for key in ("identifier", "reference", "name") if rule.get(key))
            if fits and (not rule.get("type") or rule["type"] in types):
                return rule
    return None


def read_coverage(resource, rules):
    if not resource.get("id"):
        raise Refused("id")
    person = patient_id(resource.get("beneficiary", {}))
    if resource.get("status") not in ("active", "cancelled", "draft", "entered-in-error"):
        raise Refused("status")
    period = resource.get("period", {})
    start = days(period["start"])[0] if period.get("start") else datetime.date.min
    end = days(period["end"])[1] if period.get("end") else datetime.date.max
    if end < start:
        raise Refused("period")
    if not resource.get("payor"):
        raise Refused("payor")
    members = [i for i in resource.get("identifier", [])
               if any(c.get("code") == "MB" for c in i.get("type", {}).get("coding", []))]
    if not members and not resource.get("subscriberId"):
        raise Refused("us-core-15")
    rule = rule_for(resource, rules)
    return {"person": person, "start": start, "end": end, "status": resource["status"],
            "payer": rule["uri"] if rule else "", "line": rule.get("line_of_business", "") if rule else ""}


# --- measures

def read_row(row, people_by_mrn):
    if len(row) != 5:
        raise Refused("cells")
    mrn, measure, period, denominator, numerator = row
    if denominator not in "01" or numerator not in "01" or (numerator == "1" and denominator == "0"):
        raise Refused("flags")
    if period not in ("2024", "2025"):
        raise Refused("period")
    if mrn not in people_by_mrn:
        raise Refused("nobody has this record number")
    return (people_by_mrn[mrn], measure, period), (denominator == "1", numerator == "1")


# --- needs

def one_code(concept):
    return concept["coding"][0]["code"]


class Needs:
    """What is known of the needs of one practice's people, by their ids."""

    def __init__(self):
        self.answers, self.conditions, self.encounters, self.services, self.referrals = {}, {}, {}, {}, {}

    def take(self, kind, resource):
        if kind == "Observation":
            key = one_code(resource["code"]), one_code(resource["valueCodeableConcept"])
            day = datetime.date.fromisoformat(resource["effectiveDateTime"])
            person = patient_id(resource["subject"])
            self.answers.setdefault(person, {}).setdefault(day, []).append(NEED_ANSWERS[key])
        elif kind == "Condition" and "encounter" in resource:
            self.conditions[resource["id"]] = resource
        elif kind == "Encounter" and "diagnosis" in resource:
            self.encounters[resource["id"]] = resource

    def read_services(self, path, practice):
        if not path.exists():
            return
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["practice"] == practice:
                    person = row["person"].rsplit("/", 1)[1]
                    self.services.setdefault(person, []).append((row["domain"], datetime.date.fromisoformat(row["day"])))

    def read_referrals(self, path, practice):
        """What was asked of whom, and what came of it; days are empty for what did not happen. One referral a need here."""
        if not path.exists():
            return
        day = lambda text: datetime.date.fromisoformat(text) if text else None
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["practice"] != practice or not row["sent"]:  # What never reached anybody is no referral.
                    continue
                person = row["person"].rsplit("/", 1)[1]
                if person in self.referrals or row["end"] not in ("", *ENDS):
                    raise SystemExit("recount: more than one referral of a person, or an end that is none")
                self.referrals[person] = row | {k: day(row[k]) for k in ("sent", "accepted", "ended", "acknowledged")}

    def index(self):
        self.coded = {}
        for condition in self.conditions.values():
            encounter = self.encounters[condition["encounter"]["reference"].split("/")[1]]
            day = datetime.date.fromisoformat(encounter["period"]["start"])
            since, domain = Z_CODES.get(one_code(condition["code"]), ("9999-12-31", None))
            signed = one_code(condition["verificationStatus"]) == "confirmed" and "recorder" in condition
            if signed and encounter["diagnosis"][0]["rank"] != 1 and day.isoformat() >= since:
                self.coded.setdefault(patient_id(condition["subject"]), []).append((domain, day))

    def askings(self, person, domain, first, last):
        """(day, outcome) of each asking about the domain from the first to the last day."""
        for day, answers in self.answers.get(person, {}).items():
            said = [a[domain] for a in answers if domain in a]
            if said and first <= day <= last:
                yield day, min(said, key=WITHIN_ASKING.index)

    def outcome(self, person, domain, first, last):
        said = [outcome for _, outcome in self.askings(person, domain, first, last)]
        return min(said, key=OF_ASKINGS.index) if said else None

    def standing(self, person, measure, first, last):
        """(in the denominator, in the numerator)"""
        kind, rest = measure.split(".", 1)
        if rest.startswith("snse."):
            return self.sns(person, kind, SNS[rest[5:]], last)
        domain, _, wanted = rest.partition(".")
        outcome = self.outcome(person, domain, first, last)
        if kind == "screened":
            return True, outcome == wanted if wanted else outcome in ("positive", "negative")
        if kind == "positive":
            return outcome in ("positive", "negative"), outcome == "positive"
        if kind in ("accepted", "closed"):
            return self.loop(person, domain, kind, wanted, first, last)
        if kind == "referred":
            return outcome == "positive", outcome == "positive" and self.was_referred(person, domain, first, last)
        coded = any(d == domain and first <= day <= last for d, day in self.coded.get(person, []))
        return outcome == "positive", coded

    def referral_in(self, person, domain, first, last):
        one = self.referrals.get(person)
        return one if one and one["domain"] == domain and first <= one["sent"] <= last else None

    def was_referred(self, person, domain, first, last):
        """Sent in the period, on or after the day of its first positive answer."""
        one = self.referral_in(person, domain, first, last)
        positive = min(day for day, outcome in self.askings(person, domain, first, last) if outcome == "positive")
        return one is not None and one["sent"] >= positive

    def loop(self, person, domain, kind, wanted, first, last):
        one = self.referral_in(person, domain, first, last)
        if one is None:
            return False, False
        if kind == "accepted":
            return True, one["accepted"] is not None and one["accepted"] <= last
        closed = all(one[k] is not None and one[k] <= last for k in ("ended", "acknowledged"))
        return True, closed and (not wanted or one["end"] == wanted)

    def sns(self, person, kind, domains, last):
        first, last_screen = datetime.date(last.year, 1, 1), datetime.date(last.year, 12, 1)
        said = {d: list(self.askings(person, d, first, last_screen)) for d in domains}
        if kind == "screened":
            return True, any(o in ("positive", "negative") for askings in said.values() for _, o in askings)
        positive = [(day, d) for d, askings in said.items() for day, o in askings if o == "positive"]
        if not positive:
            return False, False
        begun = min(positive)[0]
        kinds = {d for day, d in positive if day == begun}
        days = list(self.services.get(person, []))
        if person in self.referrals:
            one = self.referrals[person]
            days.append((one["domain"], one["sent"]))
            if one["end"] in ("evidence", "reported"):
                days.append((one["domain"], one["ended"]))
        return True, any(d in kinds and 0 <= (day - begun).days <= 30 and day <= last for d, day in days)


# --- one practice

class Practice:
    def __init__(self, folder, profile, today):
        self.people, self.coverages, self.results, self.needs = {}, {}, {}, Needs()
        self.method = profile.get("demographics", {}).get("method", "unknown")
        self.refused = 0
        rules = profile.get("payer", [])
        for path in sorted(folder.glob("*.ndjson")):
            for line in path.read_bytes().split(b"\n"):
                if line.strip():
                    self.take(line, today, rules)
        self.needs.read_services(folder.parent / "services.csv", folder.name)
        self.needs.read_referrals(folder.parent / "referrals.csv", folder.name)
        self.needs.index()
        by_mrn = {mrn: key for key, person in self.people.items() for mrn in person["mrns"]}
        with open(folder / "measures.csv", encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            for row in rows:
                if not row:
                    continue
                try:
                    key, value = read_row(row, by_mrn)
                    self.results[key] = value  # The last row of a person, measure and period holds.
                except Refused:
                    self.refused += 1

    def take(self, line, today, rules):
        try:
            try:
                resource = json.loads(line.decode("utf-8"))
            except ValueError as error:
                raise Refused("JSON") from error
            kind = resource.get("resourceType")
            if kind == "Patient":
                person = read_patient(resource, today)
                self.people[resource["id"]] = person  # The last version holds.
            elif kind == "Coverage":
                self.coverages[resource["id"]] = read_coverage(resource, rules)
            else:
                self.needs.take(kind, resource)
        except Refused:
            self.refused += 1

    def lines_of_business(self, payer, day):
        """Whom the payer covers on the day, each with one line of business; everybody where no payer is named."""
        if not payer:
            return dict.fromkeys(self.people, "")
        lines = {}
        for coverage in self.coverages.values():
            if coverage["payer"] != payer or not coverage["start"] <= day <= coverage["end"]:
                continue
            if coverage["status"] in ("draft", "entered-in-error") or coverage["person"] not in self.people:
                continue
            lines.setdefault(coverage["person"], set()).add(coverage["line"] or "UNKNOWN")
        out = {}
        for person, found in lines.items():
            known = found - {"UNKNOWN"}
            out[person] = "UNKNOWN" if not known else known.pop() if len(known) == 1 else "SEVERAL"
        return out


def age_band(birth, day, starts):
    if birth is None or birth > day:
        return "UNKNOWN"
    age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    start = max(s for s in starts if s <= age)
    later = [s for s in starts if s > start]
    return f"{start}-{later[0] - 1}" if later else f"{start}+"


def stratum(person, line, stratifier, practice, day, starts):
    if stratifier == "race_omb1997":
        return person["race"][0]
    if stratifier == "ethnicity_omb1997":
        # "Other" is no answer to the question on ethnicity.
        return person["ethnicity"][0] if person["ethnicity"][0] != "OTHER" else "UNKNOWN"
    if stratifier == "language":
        return person["language"][0]
    if stratifier == "age_band":
        return age_band(person["birth"], day, starts)
    if stratifier in ("sex", "county", "zip3"):
        return person[stratifier]
    if stratifier == "line_of_business":
        return line
    if stratifier == "practice":
        return practice
    raise SystemExit(f"recount: the stratifier {stratifier} is not among the rules")


def count(practice, name, report):
    """{(table, measure): {stratum: [denominator, numerator]}}; the total under ''."""
    day = datetime.date.fromisoformat(report["period_end"])
    starts = report.get("age_band_starts", [0, 18, 45, 65])
    lines = practice.lines_of_business(report.get("payer"), day)
    tables = {}
    for table in report["tables"]:
        for measure in table["measures"]:
            cells = {s: [0, 0] for s in CLOSED.get(table["stratifier"], [])}
            if table["stratifier"] == "age_band":
                cells = {f"{a}-{b - 1}": [0, 0] for a, b in zip(starts, starts[1:])} | {f"{starts[-1]}+": [0, 0],
                                                                                       "UNKNOWN": [0, 0]}
            cells[""] = [0, 0]
            for key, line in lines.items():
                person = practice.people[key]
                where = stratum(person, line, table["stratifier"], name, day, starts)
                if measure == "population":
                    inside = (True, False)
                elif measure.startswith(COMPUTED):
                    start = datetime.date.fromisoformat(report["period_start"])
                    inside = practice.needs.standing(key, measure, start, day)
                elif "." in measure:
                    kind, field = measure.split(".")
                    known = person[field][1]
                    inside = (True, known and (kind == "available" or practice.method == "self-reported"))
                else:
                    inside = practice.results.get((key, measure, report["measure_period"]), (False, False))
                for cell in (cells.setdefault(where, [0, 0]), cells[""]):
                    cell[0] += inside[0]
                    cell[1] += inside[0] and inside[1]
            tables[table["id"], measure] = cells
    return tables


def expand(measure):
    for many, each in ((".outcomes", OF_ASKINGS), (".ends", ENDS)):
        if measure.endswith(many):
            return [measure[:-len(many) + 1] + one for one in each]
    return [measure]


def load(folder, report_path):
    folder = pathlib.Path(folder)
    report = json.loads(pathlib.Path(report_path).read_text(encoding="utf-8"))
    for table in report["tables"]:
        table["measures"] = [one for measure in table["measures"] for one in expand(measure)]
    today = datetime.datetime.now(datetime.timezone.utc).date()
    practices = {}
    for path in sorted((folder / "profiles").glob("*.toml")):
        profile = tomllib.loads(path.read_text(encoding="utf-8"))
        practices[path.stem] = Practice(folder / path.stem, profile, today)
    return report, practices


# --- what ties a practice's counts to each other

OWN_STRATA = {"available.race": "race_omb1997", "available.ethnicity": "ethnicity_omb1997",
              "available.language": "language"}
UNANSWERED = ("DECLINED", "UNKNOWN", "NOT_ASKED")
EVERYBODY = ""


def counted(measure):
    """(denominator, numerator): the groups of people that a measure counts, by names of our own. A group that several
    measures count is one: who is positive is the numerator of one and the denominator of another."""
    if measure == "population":
        return EVERYBODY, None
    kind, _, rest = measure.partition(".")
    if not rest:
        return "has " + measure, "met " + measure
    if kind in ("available", "selfreported"):
        return EVERYBODY, measure
    domain, _, wanted = rest.partition(".")
    if domain == "snse":
        return {"screened": (EVERYBODY, "sns screened " + wanted),
                "intervened": ("sns positive " + wanted, "sns intervened " + wanted)}[kind]
    if kind == "screened":
        return EVERYBODY, f"{wanted or kind} {domain}"
    if kind == "positive":
        return "screened " + domain, "positive " + domain
    if kind in ("coded", "referred"):
        return "positive " + domain, f"{kind} {domain}"
    return "begun " + domain, f"{wanted or kind} {domain}"


def among(measures):
    """(part, whole) of measures of needs: whoever is in the one is in the other, whatever the numbers."""
    pairs = set()
    for measure in measures:
        if not measure.startswith(COMPUTED):
            continue
        domain = measure.split(".")[1]
        if domain == "snse":
            need = measure.split(".")[2]
            pairs |= {("sns intervened " + need, "sns positive " + need), ("sns positive " + need, "sns screened " + need),
                      ("sns screened " + need, EVERYBODY)}
            if len(SNS[need]) == 1:  # The year's screens are among those of the period, which is that year.
                pairs |= {(f"sns {kind} {need}", f"{kind} {SNS[need][0]}") for kind in ("screened", "positive")}
            continue
        parts = {"positive": "screened", "negative": "screened", "screened": EVERYBODY, "declined": EVERYBODY,
                 "unable": EVERYBODY, "coded": "positive", "referred": "positive", "begun": EVERYBODY,
                 "accepted": "begun", "closed": "begun"} | dict.fromkeys(ENDS, "closed")
        pairs |= {(f"{part} {domain}", whole and f"{whole} {domain}") for part, whole in parts.items()}
        pairs.add((f"referred {domain}", f"begun {domain}"))
    while True:  # And of what those are among.
        more = {(part, further) for part, whole in pairs for inner, further in pairs if inner == whole} - pairs
        if not more:
            return pairs
        pairs |= more


def exclusive(measures):
    """(whole, parts, whether they are all of it) of measures of needs: nobody is in two of the parts."""
    for domain in sorted({m.split(".")[1] for m in measures if m.startswith(COMPUTED)} - {"snse"}):
        names = lambda words: [f"{word} {domain}" for word in words]
        yield f"screened {domain}", names(["positive", "negative"]), True
        yield EVERYBODY, names(["positive", "negative", "declined", "unable"]), False
        yield EVERYBODY, names(["screened", "declined", "unable"]), False
        yield f"closed {domain}", names(ENDS), True
        yield f"begun {domain}", names(ENDS), False


class Sum(list):
    """[total, part, ...]; `let_off`: where all are hidden no number of it is printed, and it says nothing."""

    def __init__(self, cells, let_off):
        super().__init__(cells)
        self.let_off = let_off


def name_of(measure, by, stratum, numerator=False):
    """A count's name: kind, group, stratifier, stratum."""
    return ("people", counted(measure)[numerator], *((by, stratum) if stratum else ("", "")))


def family_of(tables, stratifiers):
    """({name: count}, [Sum, ...]): all counts that one practice's tables show or give by subtraction, and every sum among
    them."""
    cells, sums, ways = {}, [], {}
    measures = {measure for _, measure in tables}
    # What splits without a tie of needs is let off within a stratum only.
    splits = {}
    for measure in measures:
        denominator, numerator = counted(measure)
        if numerator:
            splits[numerator, denominator] = False
        if denominator:
            splits[denominator, EVERYBODY] = False
        if measure.startswith("selfreported."):
            splits[measure, "available." + measure.split(".")[1]] = False
    for pair in among(measures):
        splits.setdefault(pair, True)
    for (table, measure), strata in tables.items():
        by = stratifiers[table]
        ways.setdefault(by, set()).update(s for s in strata if s)
        for stratum, (denominator, numerator) in strata.items():
            cells[name_of(measure, by, stratum)] = denominator
            if measure != "population":
                cells[name_of(measure, by, stratum, True)] = numerator
    tied = set()  # Made by a tie: in no table, wherever they are.
    for place in sorted({c[2:] for c in cells}):
        def count(group):
            return cells.get(("people", group, *place))

        for (part, whole), by_tie in sorted(splits.items()):
            if count(part) is None or count(whole) is None:
                continue
            rest = ("less", f"{whole} less {part}", *place)
            cells[rest] = count(whole) - count(part)
            sums.append(Sum([("people", whole, *place), ("people", part, *place), rest], by_tie or place[1] != ""))
            if by_tie:
                tied.add(rest[:2])
        for whole, parts, all_of_it in exclusive(measures):
            known = [p for p in parts if count(p) is not None]
            if not known or count(whole) is None:
                continue
            one = [("people", p, *place) for p in (whole, *known)]
            if not all_of_it or len(known) < len(parts):
                one.append(("less", f"{whole} less {' and '.join(known)}", *place))
                cells[one[-1]] = count(whole) - sum(count(p) for p in known)
                tied.add(one[-1][:2])
            sums.append(Sum(one, True))
    for name in sorted({c[:2] for c in cells}):
        for by in sorted(ways):
            rows = [c for c in cells if c[:3] == (*name, by)]
            if rows and (*name, "", "") in cells:
                sums.append(Sum([(*name, "", ""), *rows], name in tied))
    for measure, by in OWN_STRATA.items():
        people = [c for c in cells if c[:3] == ("people", EVERYBODY, by)]
        if not people or ("people", measure, "", "") not in cells:
            continue
        for name, answered in ((("people", measure), True), (("less", f"{EVERYBODY} less {measure}"), False)):
            sums.append(Sum([(*name, "", "")] + [c for c in people if (c[3] not in UNANSWERED) == answered], False))
    return cells, sums


def too_few(cells, one):
    """The sum cannot be hidden: all of its counts add up to less than 9 plus their number."""
    some = [cells[c] for c in one if cells[c] > 0]
    return not one.let_off and cells[one[0]] in SMALL and sum(some) < 9 + len(some)


def groups_of(name):
    """The groups that a count tells of; what is left over of one tells of both."""
    if name[0] == "people":
        return [name[1]]
    return [group for group in name[1].replace(" and ", " less ").split(" less ") if group != EVERYBODY]


def needless(cells, sums, hidden):
    """Those of `hidden` that are not small, and no sum needs: with them shown, the others that are hidden in it would
    still be none, or two that add up to 9 plus their number."""
    unknown = {c for c, value in cells.items() if value > 0 and (c in hidden or c[0] != "people")}
    found = True
    while found:  # What stands alone can be worked out: it is known.
        alone = [u for u in ([c for c in one if c in unknown] for one in sums) if len(u) == 1]
        found = bool(alone)
        unknown -= {u[0] for u in alone}
    out = []
    for cell in sorted(hidden):
        if cells.get(cell, 0) == 0 or cells[cell] in SMALL:
            continue
        others = ([cells[c] for c in one if c in unknown and c != cell] for one in sums if cell in one)
        if not any(o and (len(o) < 2 or sum(o) < 9 + len(o)) for o in others):
            out.append(cell)
    return out


# --- the release

class Checker:
    """Compares a release with the counts; every finding is a sentence."""

    def __init__(self, counts, release):
        self.counts, self.release = counts, release
        self.problems, self.shown, self.hidden = [], 0, 0
        self.hidden_at = {name: set() for name in counts}  # What each practice hid for certain.

    def say(self, where, what):
        self.problems.append(f"{where}: {what}")

    def value(self, where, pooled, values, may_hide, may_withhold, withheld):
        """One pooled value against the practices' own: which may hide it, which may have withheld its table, and how many
        did. Names the practices that hid it; none where it cannot be told."""
        if not pooled["hidden"]:
            self.shown += 1
            if pooled["count"] != sum(values):
                self.say(where, f"shows {pooled['count']}, the files have {sum(values)} ({values})")
            # Exact means that every practice showed its part: none of them may be small.
            if any(v in SMALL for v in values):
                self.say(where, f"shows the sum although a practice's count is small ({values})")
            if pooled["nodes_hidden"] != 0:
                self.say(where, "is shown and says that nodes hid it")
            return ()
        self.hidden += 1
        if pooled["count"] is not None:
            self.say(where, "is hidden and has a count")
        hiding = pooled["nodes_hidden"]
        if not 1 <= hiding <= len(values):
            self.say(where, f"is hidden by {hiding} of {len(values)} nodes")
            return ()
        # Some choice of that many practices must explain the sum of the others; each of them has a reason to hide.
        choices = []
        for chosen in itertools.combinations(range(len(values)), hiding):
            rest = sum(v for i, v in enumerate(values) if i not in chosen)
            small_shown = any(values[i] in SMALL for i in range(len(values)) if i not in chosen)
            reasons = all((values[i] > 0 and may_hide[i]) or (withheld > 0 and may_withhold[i]) for i in chosen)
            if rest == pooled["shown_sum"] and not small_shown and reasons:
                choices.append(chosen)
        if not choices:
            self.say(where, f"hides without a reason, or sums wrongly: {hiding} hid, others {pooled['shown_sum']}, {values}")
        return choices[0] if len(choices) == 1 else ()

    def run(self, report):
        names = sorted(self.counts)
        answered = {uri.rsplit("/", 1)[1] for uri in self.release["answered"]}
        if not set(names) <= answered:
            self.say("the release", f"misses answers of {sorted(set(names) - answered)}")
        wanted = [(t["id"], m) for t in report["tables"] for m in t["measures"]]
        found = [(t["table"], t["measure"]) for t in self.release["tables"]]
        if wanted != found:
            self.say("the release", f"has the tables {found}, asked were {wanted}")
        stratifiers = {t["id"]: t.get("stratifier", t["id"]) for t in report["tables"]}
        families = [family_of(self.counts[n], stratifiers) for n in names]
        # Whoever has no small count hides nothing; what else is hidden must be needed, as the end of this says.
        any_small = [any(v in SMALL for v in cells.values()) for cells, _ in families]
        few = [{group for one in sums if too_few(cells, one) for c in one for group in groups_of(c)}
               for cells, sums in families]
        for table in self.release["tables"]:
            key = table["table"], table["measure"]
            own = [self.counts[n].get(key, {}) for n in names]
            strata = {s for cells in own for s in cells} | {c["stratum"] for c in table["cells"]}
            listed = [c["stratum"] for c in table["cells"]]
            if len(set(listed)) != len(listed):
                self.say(key, "lists a stratum twice")
            for missing in sorted(strata - set(listed)):
                # Only who withheld the whole table may have people there.
                if sum(cells.get(missing, [0, 0])[0] > 0 for cells in own) > table.get("nodes_withheld", 0):
                    self.say(f"{key} {missing or '(all)'}", "is not in the release")
            for cell in table["cells"]:
                values = [cells.get(cell["stratum"], [0, 0]) for cells in own]
                where = f"{key[1]} by {key[0]}, {cell['stratum'] or '(all)'}"
                may_withhold = [any(group in f for group in counted(key[1])) for f in few]
                for at, part in enumerate(("denominator", "numerator")):
                    if cell[part] is None:
                        continue
                    by_whom = self.value(f"{where}, {part}", cell[part], [v[at] for v in values], any_small,
                                         may_withhold, table.get("nodes_withheld", 0))
                    for i in by_whom if table.get("nodes_withheld", 0) == 0 else ():
                        self.hidden_at[names[i]].add(name_of(key[1], stratifiers[key[0]], cell["stratum"], at == 1))
                if cell["numerator"] is not None:
                    self.complement(where, cell, values)
                elif key[1] != "population":
                    self.say(where, "has no numerator")

        # A cell that was hidden early may turn out needless when another was hidden later; a few, not many.
        for name, (cells, sums) in zip(names, families):
            hidden = self.hidden_at[name]
            large = [c for c in hidden if cells.get(c, 0) > max(SMALL)]
            more = needless(cells, sums, hidden)
            if len(more) * 3 > max(len(large), 9):
                self.say(name, f"hides {len(more)} of {len(large)} large counts without need, such as {more[:3]}")

    def complement(self, where, cell, values):
        """Who sees both sees the difference."""
        if cell["denominator"]["hidden"] or cell["numerator"]["hidden"]:
            return
        if any(d - n in SMALL for d, n in values):
            self.say(where, f"shows both, although a practice's difference is small ({values})")


def main(argv):
    if len(argv) == 4 and argv[1] == "count":
        report, practices = load(argv[2], argv[3])
        out = {name: {"people": len(p.people), "refused": p.refused,
                      "tables": [{"table": t, "measure": m, "cells": cells}
                                 for (t, m), cells in count(p, name, report).items()]}
               for name, p in practices.items()}
        json.dump(out, sys.stdout, indent=1)
        return 0
    if len(argv) == 5 and argv[1] == "check":
        report, practices = load(argv[2], argv[3])
        release = json.loads(pathlib.Path(argv[4]).read_text(encoding="utf-8"))
        checker = Checker({name: count(p, name, report) for name, p in practices.items()}, release)
        checker.run(report)
        for problem in checker.problems[:50]:
            print("recount:", problem, file=sys.stderr)
        print(f"{checker.shown} values shown and {checker.hidden} hidden, {len(checker.problems)} wrong; "
              f"{sum(len(p.people) for p in practices.values())} people, "
              f"{sum(p.refused for p in practices.values())} lines refused")
        return 1 if checker.problems or checker.shown == 0 else 0
    print(__doc__, file=sys.stderr)
    return 64


if __name__ == "__main__":
    sys.exit(main(sys.argv))
