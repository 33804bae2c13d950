"""Reading a calendar file (iCalendar, RFC 5545): which days it closes, which are terms or exams, and what is left out.

Nothing is written here. Every event of a file comes back, as days of a kind or with the reason why it is left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

import icalendar
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from boards.school_year import BOTH, TERMS
from core.text import no_hidden_characters, no_student_number, normalise

LARGEST = 1024 * 1024  # bytes
MOST_EVENTS = 2000
MOST_TIMES = 110  # that one event may repeat: every week of two school years
MOST_FOUND = 2500  # entries that events which repeat may come to, together
LONGEST_TITLE = 400  # characters that are looked at
LONGEST_NAME = 80
LONGEST = {"holiday": 14, "pa_day": 7, "break": 31, "summer": 100, "exams": 31, "last_day": 1}  # days
LONGEST_TERM = 366
A_SCHOOL_DAY = timedelta(hours=5)  # what closes a school for less leaves it open
LARGEST_NUMBER = 10_000  # in a rule
AHEAD = 2 * 366  # days for which an event that repeats for ever is read

# What the words of a title say, in English and in French; the first that fits counts.
WORDS: tuple[tuple[str, str, str], ...] = (
    ("last_day", r"last (?:school )?day|last day of (?:school|class(?:es)?)", r"dernier jour|dernière journée"),
    ("exams", r"exams?|examinations?|eqao|osslt", r"examens?|oqre|tpcl"),
    ("pa_day", r"p\.?a\.? days?|p\.?d\.? days?|professional (?:activity|development)(?: days?)?",
     r"journées? pédagogiques?|jours? pédagogiques?|perfectionnement professionnel"),
    ("summer", r"summer (?:break|holidays?|vacation)", r"vacances d['’]été|congé d['’]été"),
    ("break", r"(?:winter|march|mid-winter|christmas|spring|fall|holiday|reading) (?:break|recess)|school break",
     r"relâche|congé (?:des fêtes|de mars|d['’]hiver|de noël|du printemps|d['’]automne)|semaine de relâche|"
     r"vacances (?:de|d['’]) ?(?:noël|hiver|mars)"),
    ("holiday", r"holiday|stat(?:utory)? holiday|family day|good friday|easter monday|victoria day|labou?r day|"
     r"thanksgiving(?: day)?|new year['’]?s day|canada day|christmas(?: day)?|boxing day|no school|school closed",
     r"congé|jour férié|fête de la famille|jour de la famille|vendredi saint|lundi de pâques|fête de la reine|"
     r"fête du travail|action de grâces?|jour de l['’]an|fête du canada|noël|lendemain de noël|pas d['’]école|"
     r"école fermée|écoles fermées"),
    ("semester", r"(?:first |second )?semester(?: ?[12])?", r"(?:premier |second |deuxième )?semestre(?: ?[12])?"),
    ("term", r"(?:first |second |third )?term(?: ?[123])?", r"(?:première |deuxième |troisième )?étape(?: ?[123])?"),
)  # fmt: skip
KINDS = [
    (kind, re.compile(rf"\b(?:{english})\b", re.IGNORECASE), re.compile(rf"\b(?:{french})\b", re.IGNORECASE))
    for kind, english, french in WORDS
]
# Of these a calendar tells that something begins, is handed in or looked at: no days of that kind.
NOT_THE_DAYS = re.compile(
    r"\b(?:first day|begins?|starts?|registration|review|return(?:s|ed)?|marks|report cards?|parent|"
    r"premier jour|première journée|début|commence|inscription|révision|retour|bulletins?|parents)\b",
    re.IGNORECASE,
)
LEVELS = [
    ("elementary", re.compile(r"\b(?:elementary|élémentaires?|primaires?|jk ?[-–] ?8|k ?[-–] ?8)\b", re.IGNORECASE)),
    ("secondary", re.compile(r"\b(?:secondary|high schools?|secondaires?|9 ?[-–] ?12)\b", re.IGNORECASE)),
]


class Unreadable(ValueError):
    """A file of which nothing is read; its text says why to the person who sent it."""

    def __init__(self, why: str | Promise) -> None:
        super().__init__(str(why))


@dataclass(frozen=True)
class Found:
    """An event: `title` as it is in the file, and either its days as a kind, or `refused`, a key of REASONS.

    The names are the title in the language, or both, whose words it holds.
    """

    title: str
    starts_on: str = ""  # ISO, so that a row can keep it
    ends_on: str = ""
    kind: str = ""
    level: str = BOTH
    name_en: str = ""
    name_fr: str = ""
    refused: str = ""

    @property
    def days(self) -> tuple[date, date]:
        return date.fromisoformat(self.starts_on), date.fromisoformat(self.ends_on)

    @property
    def reason(self) -> str | Promise:
        return REASONS[self.refused]

    def kept(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def of(cls, kept: dict[str, str]) -> Self:
        return cls(**kept)


REASONS: dict[str, str | Promise] = {
    "no_words": _("Its title says of no kind of day that a calendar here holds."),
    "not_the_days": _("It tells of something that begins or is due, not of days without school, terms or exams."),
    "no_days": _("It has no first day that can be read."),
    "ends_first": _("It ends before it starts."),
    "too_long": _("It is longer than days of this kind can be."),
    "some_hours": _("It lasts some hours, so the schools are open."),
    "out_of_range": _("It lies before 1990 or after 2099."),
    "repeats": _("It repeats in a way that is not read here. Enter these days by hand."),
    "cancelled": _("It is cancelled."),
    "characters": _("Its title holds characters that cannot be kept, or a number like a student’s."),
}


def read(content: bytes, zone: ZoneInfo, today: date) -> list[Found]:
    """Every event of the file, by first day, what is left out last; raises Unreadable.

    Times are those of `zone`; days that repeat without end are read to two years from `today`.
    """
    if len(content) > LARGEST:
        raise Unreadable(_("The file is larger than 1 MB. Export one school year at a time."))
    text = _decoded(content)
    if not re.search(r"^BEGIN:VCALENDAR\s*$", text, re.IGNORECASE | re.MULTILINE):
        raise Unreadable(_("This is no calendar file. Export it as iCalendar; its name ends in .ics."))
    if len(re.findall(r"^BEGIN:VEVENT\s*$", text, re.IGNORECASE | re.MULTILINE)) > MOST_EVENTS:
        raise Unreadable(_("The file holds more than 2,000 events. Export one school year at a time."))
    found: dict[Found, None] = {}  # an event that stands twice is one
    for block in _events(text):
        for one in _read_event(block, zone, today):
            found[one] = None
            if len(found) > MOST_FOUND:
                raise Unreadable(_("The events of the file repeat too often. Export one school year at a time."))
    return sorted(_named_in_both(found), key=lambda one: (bool(one.refused), one.starts_on, one.ends_on, one.title))


def _named_in_both(found: Iterable[Found]) -> list[Found]:
    """The entries, those of the same days once: a calendar that says them in English and again in French gives both
    names."""
    together: dict[tuple[str, ...], Found] = {}
    for one in found:
        key = (one.kind, one.level, one.starts_on, one.ends_on, one.title if one.refused else "")
        other = together.get(key, one)
        names = {"name_en": other.name_en or one.name_en, "name_fr": other.name_fr or one.name_fr}
        together[key] = replace(other, **names)
    return list(together.values())


def _decoded(content: bytes) -> str:
    """The text of the file: UTF-8, as the standard asks, or Windows-1252, as old programs write; unfolded."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"\n[ \t]", "", text)


def _events(text: str) -> Iterator[str]:
    """The lines of each event, what stands in it (alarms) left out; one that does not end is left out."""
    lines: list[str] | None = None
    inside = 0
    for line in text.split("\n"):
        word = line.strip().upper()
        if word == "BEGIN:VEVENT":
            lines, inside = [line.strip()], 0
        elif lines is not None and word == "END:VEVENT":
            yield "\r\n".join([*lines, line.strip(), ""])
            lines = None
        elif lines is not None and word.startswith("BEGIN:"):
            inside += 1
        elif lines is not None and word.startswith("END:"):
            inside -= 1
        elif lines is not None and not inside and line.strip():
            lines.append(line)


def _read_event(block: str, zone: ZoneInfo, today: date) -> list[Found]:
    """What one event comes to: one entry, or one for each time it repeats."""
    try:
        event: Any = icalendar.Event.from_ical(block)
        title = normalise(" ".join(str(event.get("SUMMARY", ""))[:LONGEST_TITLE].split()))
        start, end, is_timed = _days(event, zone)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, IndexError):
        return [Found(title=_title_of(block), refused="no_days")]
    short = title[:LONGEST_NAME].strip()
    try:
        no_hidden_characters(short)
        no_student_number(short)
    except ValidationError:
        return [Found(title="…", refused="characters")]
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return [Found(title=short, refused="cancelled")]
    first, last = _dates(start, end, is_timed)
    if last < first:
        return [Found(title=short, refused="ends_first")]
    kind, english, french = kind_of(title)
    dated = {"title": short, "starts_on": first.isoformat(), "ends_on": last.isoformat()}
    if not kind:
        return [Found(**dated, refused="no_words")]
    if why := _why_not(kind, title, first, last, end - start if is_timed else None):
        return [Found(**dated, refused=why)]
    names = {"name_en": short if english else "", "name_fr": short if french else ""}
    try:
        starts = _repeated(event, first, today)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return [Found(**dated, refused="repeats")]
    length = last - first
    ranges = _joined([(day, day + length) for day in starts])
    return [_of_range(kind, title, short, names, one) for one in ranges]


def _of_range(kind: str, title: str, short: str, names: dict[str, str], days: tuple[date, date]) -> Found:
    dated = {"title": short, "starts_on": days[0].isoformat(), "ends_on": days[1].isoformat()}
    if (days[1] - days[0]).days + 1 > LONGEST.get(kind, LONGEST_TERM):
        return Found(**dated, refused="too_long")
    return Found(kind=kind, level=level_of(title), **dated, **names)


def kind_of(title: str) -> tuple[str, bool, bool]:
    """The kind of day `title` speaks of, "" for none, and whether it says so in English and in French."""
    for kind, english, french in KINDS:
        says = english.search(title) is not None, french.search(title) is not None
        if any(says):
            return kind, *says
    return "", False, False


def level_of(title: str) -> str:
    """The level of the schools `title` names; both if it names both, or none."""
    named = [level for level, words in LEVELS if words.search(title)]
    return named[0] if len(named) == 1 else BOTH


def _why_not(kind: str, title: str, first: date, last: date, lasts: timedelta | None) -> str:
    """The key of the reason why these days are no days of `kind`; "" if they are."""
    if not (first.year >= 1990 and last.year <= 2099):
        return "out_of_range"
    days = (last - first).days + 1
    if NOT_THE_DAYS.search(title) or (kind in TERMS and days < 20):
        return "not_the_days"
    if days > LONGEST.get(kind, LONGEST_TERM):
        return "too_long"
    closes = kind in ("holiday", "pa_day", "break", "summer")
    return "some_hours" if closes and lasts is not None and lasts < A_SCHOOL_DAY else ""


def _title_of(block: str) -> str:
    found = re.search(r"^SUMMARY[^:\n]*:(.*)$", block, re.IGNORECASE | re.MULTILINE)
    title = normalise(found[1].strip())[:LONGEST_NAME].strip() if found else ""
    try:
        no_hidden_characters(title)
        no_student_number(title)
    except ValidationError:
        title = ""
    return title or "…"


def _days(event: Any, zone: ZoneInfo) -> tuple[datetime, datetime, bool]:
    """Start and end, exclusive, on the clocks of `zone`, and whether they were times; raises ValueError."""
    begin = event.decoded("DTSTART")
    is_timed = isinstance(begin, datetime)
    start = _local(begin, zone)
    if "DTEND" in event:
        end = _local(event.decoded("DTEND"), zone)
    elif "DURATION" in event:
        end = start + event.decoded("DURATION")
    else:
        end = start if is_timed else start + timedelta(days=1)
    if not is_timed and end == start:  # some programs write an inclusive end
        end = start + timedelta(days=1)
    return start, end, is_timed


def _local(value: Any, zone: ZoneInfo) -> datetime:
    """A date or time of the file as the clocks of `zone` show it, without a zone."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    return (value.astimezone(zone) if value.tzinfo else value).replace(tzinfo=None)


def _dates(start: datetime, end: datetime, is_timed: bool) -> tuple[date, date]:
    """First and last day, included; an end at midnight lies on the day before."""
    last = end - timedelta(microseconds=1) if end > start else end
    return start.date(), last.date()


def _repeated(event: Any, first: date, today: date) -> list[date]:
    """The first days of an event that may repeat: every so many days, weeks, months or years, until a day or so many
    times. Raises ValueError for any other rule."""
    if "RDATE" in event or isinstance(event.get("RRULE"), list):
        raise ValueError("more than one rule")
    rule = event.get("RRULE")
    if rule is None:
        return [first]
    known = {key.upper(): value for key, value in rule.items()}
    [freq] = known.pop("FREQ", [""])  # without one, or with several, it is no rule we read
    every = _number(known.pop("INTERVAL", [1]))
    count = _number(known.pop("COUNT", [LARGEST_NUMBER]))
    end = max(first, today) + timedelta(days=AHEAD)
    if "UNTIL" in known:
        [until] = known.pop("UNTIL")
        day = until.date() if isinstance(until, datetime) else until
        end = min(end, day)
    known.pop("WKST", None)
    own = {"BYMONTH": first.month, "BYMONTHDAY": first.day, "BYDAY": first.strftime("%a").upper()[:2]}
    for name, values in known.items():  # what only says again what the first day says
        if [str(value) for value in values] != [str(own.get(name))] or (name == "BYDAY" and freq != "WEEKLY"):
            raise ValueError(name)
    left_out = set(_left_out(event))
    found: list[date] = []
    for n in range(min(count, MOST_TIMES + 1)):
        day = _after(first, freq, n * every)
        if day is None:
            continue
        if day > end:
            return found
        if day not in left_out:
            found.append(day)
    if len(found) > MOST_TIMES:
        raise ValueError(freq)
    return found


def _number(values: Any) -> int:
    [value] = values
    number = int(value)
    if not 1 <= number <= LARGEST_NUMBER:
        raise ValueError(number)
    return number


def _after(first: date, freq: str, n: int) -> date | None:
    """The day `n` steps after `first`; None where the month has no such day."""
    if freq in ("DAILY", "WEEKLY"):
        return first + timedelta(days=n * (7 if freq == "WEEKLY" else 1))
    if freq not in ("MONTHLY", "YEARLY"):
        raise ValueError(freq)
    year, month = divmod(first.month - 1 + n * (12 if freq == "YEARLY" else 1), 12)
    try:
        return date(first.year + year, month + 1, first.day)
    except ValueError:
        if first.year + year > date.max.year:
            raise
        return None


def _left_out(event: Any) -> Iterator[date]:
    """The days on which an event that repeats does not take place."""
    exceptions = event.get("EXDATE", [])
    for listed in exceptions if isinstance(exceptions, list) else [exceptions]:
        for one in listed.dts:
            yield one.dt.date() if isinstance(one.dt, datetime) else one.dt


def _joined(ranges: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Ranges in order, those that touch or overlap as one: five days in a row are one week."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
