"""A need read back as one sentence, in English or French, and what it adds up to.

The sentence is ours and short, so its words stand in one small table per language below, not in gettext:
French takes the singular for 1,5 heure, and ngettext decides on no decimal. What people typed stays as typed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from core.money import DEFAULT, SEPARATORS, money

Number = Decimal | int


@dataclass(frozen=True)
class NeedFacts:
    """What the sentence needs to know of a need.

    `quantity` counts `what`; with a `unit` it counts units each time ("1 evening weekly"); for funding it is
    money of `currency`. `people` are the students served each time, `hours` those of one time; it goes on for `times`
    `times_unit`. `detail` is not part of the sentence.
    """

    kind: str
    what: str = ""
    quantity: Number | None = None
    unit: str = ""
    people: int | None = None
    hours: Number | None = None
    frequency: str = ""
    times: int | None = None
    times_unit: str = "weeks"
    detail: str = ""
    currency: str = DEFAULT

    def __post_init__(self) -> None:
        object.__setattr__(self, "what", _one_line(self.what))
        object.__setattr__(self, "unit", _one_line(self.unit))


def _one_line(text: str) -> str:
    """Typed text without line breaks and double spaces; a non-breaking space stays."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


Plural = tuple[str, str]  # one, several


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    code: str
    is_singular: Callable[[Number], bool]
    separators: dict[int, str]  # from Python's "6,500.50"
    names: dict[str, str]  # a kind by its name, where neither `what` nor a number is given
    nouns: dict[str, Plural]  # a kind as something that can be counted
    frequencies: dict[str, tuple[str, str]]  # on its own; right behind "2 hours"
    spans: dict[str, Plural]  # of times_unit
    hour: Plural
    student: Plural
    trip: Plural
    ride: Plural
    time: Plural
    volunteer_hour: Plural
    of: str
    to_transport: str
    for_people: str
    for_span: str
    each: str
    each_time: str
    in_all: str
    money_for: str
    money_for_one: str


ENGLISH = Words(
    code="en",
    is_singular=lambda number: number == 1,
    separators=SEPARATORS["en"],
    names={
        "volunteers": "Volunteers",
        "mentors": "Mentors",
        "transportation": "Transportation",
        "funding": "Funding",
        "equipment": "Equipment",
        "space": "Space",
        "expertise": "Expertise",
        "work_placement": "Work placements",
        "internship": "Internships",
        "job_shadowing": "Job-shadow days",
        "guest_speaker": "Guest speakers",
        "tour": "Workplace tours",
        "other": "Help",
    },
    nouns={
        "volunteers": ("volunteer", "volunteers"),
        "mentors": ("mentor", "mentors"),
        "transportation": ("vehicle", "vehicles"),
        "equipment": ("piece of equipment", "pieces of equipment"),
        "space": ("space", "spaces"),
        "expertise": ("expert", "experts"),
        "work_placement": ("work placement", "work placements"),
        "internship": ("internship", "internships"),
        "job_shadowing": ("job-shadow day", "job-shadow days"),
        "guest_speaker": ("guest speaker", "guest speakers"),
        "tour": ("workplace tour", "workplace tours"),
        "other": ("item", "items"),
    },
    frequencies={
        "once": ("once", ", once"),
        "daily": ("every day", " daily"),
        "weekly": ("once a week", " weekly"),
        "every_two_weeks": ("every two weeks", " every two weeks"),
        "monthly": ("once a month", " monthly"),
        "each_semester": ("once a semester", " each semester"),
    },
    spans={"weeks": ("week", "weeks"), "months": ("month", "months"), "semesters": ("semester", "semesters")},
    hour=("hour", "hours"),
    student=("student", "students"),
    trip=("trip", "trips"),
    ride=("student ride", "student rides"),
    time=("time", "times"),
    volunteer_hour=("volunteer hour", "volunteer hours"),
    of="of",
    to_transport="to transport",
    for_people="for",
    for_span="for",
    each="each",
    each_time="each time",
    in_all="in all",
    money_for="of",
    money_for_one="for",
)

FRENCH = Words(
    code="fr",
    is_singular=lambda number: number < 2,
    separators=SEPARATORS["fr"],
    names={
        "volunteers": "Bénévoles",
        "mentors": "Mentors",
        "transportation": "Transport",
        "funding": "Financement",
        "equipment": "Équipement",
        "space": "Local",
        "expertise": "Expertise",
        "work_placement": "Stages en milieu de travail",
        "internship": "Stages",
        "job_shadowing": "Journées d’observation au poste de travail",
        "guest_speaker": "Conférencières ou conférenciers",
        "tour": "Visites en entreprise",
        "other": "Aide",
    },
    nouns={
        "volunteers": ("bénévole", "bénévoles"),
        "mentors": ("mentor", "mentors"),
        "transportation": ("véhicule", "véhicules"),
        "equipment": ("pièce d’équipement", "pièces d’équipement"),
        "space": ("local", "locaux"),
        "expertise": ("spécialiste", "spécialistes"),
        "work_placement": ("stage en milieu de travail", "stages en milieu de travail"),
        "internship": ("stage", "stages"),
        "job_shadowing": (
            "journée d’observation au poste de travail",
            "journées d’observation au poste de travail",
        ),
        "guest_speaker": ("conférencière ou conférencier", "conférencières ou conférenciers"),
        "tour": ("visite en entreprise", "visites en entreprise"),
        "other": ("article", "articles"),
    },
    frequencies={
        "once": ("une seule fois", ", une seule fois"),
        "daily": ("chaque jour", " par jour"),
        "weekly": ("une fois par semaine", " par semaine"),
        "every_two_weeks": ("toutes les deux semaines", " toutes les deux semaines"),
        "monthly": ("une fois par mois", " par mois"),
        "each_semester": ("une fois par semestre", " par semestre"),
    },
    spans={
        "weeks": ("semaine", "semaines"),
        "months": ("mois", "mois"),
        "semesters": ("semestre", "semestres"),
    },
    hour=("heure", "heures"),
    student=("élève", "élèves"),
    trip=("trajet", "trajets"),
    ride=("déplacement d’élève", "déplacements d’élèves"),
    time=("fois", "fois"),
    volunteer_hour=("heure de bénévolat", "heures de bénévolat"),
    of="de",
    to_transport="pour transporter",
    for_people="pour",
    for_span="pendant",
    each="par personne",
    each_time="chaque fois",
    in_all="en tout",
    money_for="pour",
    money_for_one="pour",
)

VOLUNTEERING = {"volunteers", "mentors"}
STAYS = {"work_placement", "internship", "job_shadowing", "tour"}  # so many "of 110 hours"
BY_HEAD = VOLUNTEERING | STAYS | {"expertise", "guest_speaker"}  # each of them gives the hours

ONE = re.compile(r"(?:an?|one|une?|1)\s", re.IGNORECASE)
COUNTS_ITSELF = re.compile(r"(?:an?|one|the|une?|les?|la|des|du)\s|l[’']|\d[\d.,]*\s", re.IGNORECASE)
OPENING = re.compile(r"(?:an?|une?)\s.+?(?= (?:to|for|pour) )", re.IGNORECASE)


def sentence(facts: NeedFacts, language: str) -> str:
    """The need in words, no final stop: "A bus to transport 18 students, once a week for 15 weeks".

    `language` is "en", "fr" or a locale of these. Facts that are missing are left out; it is never empty.
    """
    return "".join(parts(facts, language))


def parts(facts: NeedFacts, language: str) -> tuple[str, str]:
    """The sentence cut in two: how much of what, printed bold, and the rest with its space or comma."""
    words = _words(language)
    bold, rest = _what(facts, words)
    return bold, rest + _how_long(facts, words) + _for_whom(facts, words) + _how_often(facts, words)


def marked(facts: NeedFacts, language: str) -> list[tuple[str, bool]]:
    """The sentence in pieces, each with whether one typed or chose it: how much of what, every number, how often."""
    words = _words(language)
    bold, rest = parts(facts, language)
    chosen = {said.strip(", ") for said in words.frequencies.get(facts.frequency, ())} | {words.frequencies["once"][0]}
    typed = "|".join([r"\d(?:[\d.,\u00a0]*\d)?", *(re.escape(said) for said in sorted(chosen, key=len, reverse=True))])
    pieces = [(bold, True), *((piece, n % 2 == 1) for n, piece in enumerate(re.split(f"({typed})", rest)))]
    return [(piece, is_typed) for piece, is_typed in pieces if piece]


def totals(facts: NeedFacts, language: str) -> str:
    """What the need adds up to: "15 trips, 270 student rides"; "" where nothing can be."""
    words = _words(language)
    if facts.kind == "funding":
        return _total_money(facts, words)
    occasion, hours, said = occasions(facts), total_hours(facts), []
    if facts.kind == "transportation" and occasion and not facts.unit:
        said.append(_counted(occasion, words.trip, words))
        if facts.people:
            said.append(_counted(occasion * facts.people, words.ride, words))
    elif occasion and occasion > 1 and not (hours and facts.kind in BY_HEAD):
        said.append(_counted(occasion, words.time, words))
    if hours and facts.kind in VOLUNTEERING:
        said.append(_counted(hours, words.volunteer_hour, words))
    elif hours:
        said.append(f"{_counted(hours, words.hour, words)} {words.in_all}")
    return ", ".join(said)


def occasions(facts: NeedFacts) -> int | None:
    """How many times it takes place; None where the facts do not say it exactly (weekly for 2 semesters).

    A day is a school day, five a week; every two weeks starts with the first week.
    """
    if facts.frequency == "once":
        return 1
    if facts.times is None:
        return None
    return {
        ("daily", "weeks"): facts.times * 5,
        ("weekly", "weeks"): facts.times,
        ("every_two_weeks", "weeks"): (facts.times + 1) // 2,
        ("monthly", "months"): facts.times,
        ("each_semester", "semesters"): facts.times,
    }.get((facts.frequency, facts.times_unit))


def total_hours(facts: NeedFacts) -> Decimal | None:
    """All hours together, of everybody who gives them; None where the facts do not say it exactly."""
    # Hours without a rhythm are said once ("90 work placements of 110 hours"), so they are counted once.
    is_said_once = not facts.frequency and facts.times is None
    occasion, givers = 1 if is_said_once else occasions(facts), _givers(facts)
    if facts.hours is None or occasion is None or givers is None:
        return None
    units = facts.quantity if facts.unit and facts.quantity is not None else 1
    return Decimal(facts.hours) * occasion * givers * units


class Counted(NamedTuple):
    """How a number of something is written: "$6,500" has a sign before it, "4 mentors" a noun after it."""

    before: str
    after: str
    noun: str


def noun_of(facts: NeedFacts, of: str, number: Number, language: str) -> Counted:
    """How `number` of what a need counts is written: money, times, units, pieces or the whole (schools.amounts.Of).
    Words that were typed are never inflected."""
    words = _words(language)
    if of == "money":
        before, after = money(0, facts.currency, words.code).split("0")
        return Counted(before, after, "")
    if of == "units":
        return Counted("", "", facts.unit)
    is_typed = bool(facts.what) and not counts_itself(facts.what)
    if of == "pieces" and is_typed:
        return Counted("", "", facts.what)
    if of == "times" or (of == "pieces" and facts.what and facts.kind == "transportation"):
        noun = words.trip if facts.kind == "transportation" else words.time
    else:
        noun = words.nouns.get(facts.kind, words.time) if of == "pieces" else ("", "")
    return Counted("", "", noun[0] if words.is_singular(number) else noun[1])


def counts_itself(what: str) -> bool:
    """Whether typed words begin with an article or a number: "A coach", "3 evenings"."""
    return bool(COUNTS_ITSELF.match(what))


def _givers(facts: NeedFacts) -> Number | None:
    if facts.kind not in BY_HEAD or ONE.match(facts.what):
        return 1
    return None if facts.unit else facts.quantity


def _total_money(facts: NeedFacts, words: Words) -> str:
    occasion = occasions(facts)
    if facts.quantity is None or facts.unit or occasion is None or occasion == 1:
        return ""
    return f"{_money(facts.quantity * occasion, facts, words)} {words.in_all}"


def _what(facts: NeedFacts, words: Words) -> tuple[str, str]:
    """How much of what: the bold part, and what of it is not bold."""
    what, unit = facts.what, facts.unit
    if facts.quantity is None or unit:
        bold, rest = _opened(what or words.names[facts.kind])
        return bold, f"{rest}, {unit}" if unit and facts.quantity is None else rest
    if facts.kind == "funding":
        joint = words.money_for_one if counts_itself(what) else words.money_for
        return _money(facts.quantity, facts, words), f" {joint} {what}" if what else ""
    if counts_itself(what):
        bold, rest = _opened(what)
        return bold, rest + _in_all(facts.quantity, what, words)
    if what:
        return f"{_number(facts.quantity, words)} {what}", ""
    return _counted(facts.quantity, words.nouns[facts.kind], words), ""


def _opened(what: str) -> tuple[str, str]:
    """Typed words cut behind their first noun: of "A coach to take 30 students" only "A coach" is bold."""
    opening = OPENING.match(what)
    end = opening.end() if opening else len(what)
    return what[:end], what[end:]


def _in_all(quantity: Number, what: str, words: Words) -> str:
    """The number beside words that begin with an article, unless they say it themselves."""
    if f"{Decimal(quantity).normalize():f}" in re.findall(r"\d+", what) or (quantity == 1 and not what[0].isdigit()):
        return ""
    return f" ({_number(quantity, words)} {words.in_all})"


def _how_long(facts: NeedFacts, words: Words) -> str:
    """What a stay says of its hours: "of 110 hours"."""
    if not _is_stay(facts) or facts.hours is None:
        return ""
    return f" {words.of} {_counted(facts.hours, words.hour, words)}"


def _is_stay(facts: NeedFacts) -> bool:
    return facts.kind in STAYS and not facts.unit and not facts.frequency


def _for_whom(facts: NeedFacts, words: Words) -> str:
    if facts.people is None or _names_students(facts.what, facts.people):
        return ""
    is_vehicle = facts.what or (facts.quantity is not None and not facts.unit)
    verb = words.to_transport if facts.kind == "transportation" and is_vehicle else words.for_people
    return f" {verb} {_counted(facts.people, words.student, words)}"


def _names_students(what: str, people: int) -> bool:
    """Whether the typed words say it already: "A coach to take 30 students to 3 tournaments"."""
    named = rf"(?<![\d.,]){people} (?:students?|children|élèves?|enfants?)\b"
    return bool(re.search(named, what, re.IGNORECASE))


def _how_often(facts: NeedFacts, words: Words) -> str:
    amount, span = _amount(facts, words), ""
    if facts.times is not None:
        span = f" {words.for_span} {_counted(facts.times, words.spans[facts.times_unit], words)}"
    if facts.frequency:
        # What takes place a single time has no rhythm: "once a month for 1 month" is once.
        is_once = facts.frequency != "once" and occasions(facts) == 1
        alone, behind = words.frequencies["once" if is_once else facts.frequency]
        span = "" if is_once else span
        return f", {amount + behind if amount else alone}{span}"
    if not amount:
        return span
    if span:
        return f", {amount} {words.each_time}{span}"
    return f", {amount} {words.each}" if _is_each(facts) else f", {amount}"


def _is_each(facts: NeedFacts) -> bool:
    return facts.kind in BY_HEAD and not facts.unit and facts.quantity is not None and facts.quantity > 1


def _amount(facts: NeedFacts, words: Words) -> str:
    """How much each time: "2 hours", "1 evening", "1 evening of 2 hours"; "" where nothing is said."""
    hours = "" if facts.hours is None or _is_stay(facts) else _counted(facts.hours, words.hour, words)
    if not facts.unit or facts.quantity is None:
        return hours
    figure = _money(facts.quantity, facts, words) if facts.kind == "funding" else _number(facts.quantity, words)
    units = f"{figure} {facts.unit}"
    return f"{units} {words.of} {hours}" if hours else units


def _counted(number: Number, noun: Plural, words: Words) -> str:
    one, several = noun
    return f"{_number(number, words)} {one if words.is_singular(number) else several}"


def _number(number: Number, words: Words) -> str:
    return f"{Decimal(number).normalize():,f}".translate(words.separators)


def _money(amount: Number, facts: NeedFacts, words: Words) -> str:
    return money(amount, facts.currency, words.code)


def _words(language: str) -> Words:
    return FRENCH if language.startswith("fr") else ENGLISH
