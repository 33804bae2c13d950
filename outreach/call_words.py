"""What to say in a first call: who, why, how and the one thing asked for (the guide, "Before making phone contact").

A draft from what is known of school, need and organisation. What is not known is a gap in square brackets, which says
what belongs there. Pure functions: nothing here reads the database or the language of the page.
"""

import re
from dataclasses import dataclass

GAP = re.compile(r"\[([^\[\]\n]*)\]")
STOP = re.compile(r"(?<=[.!?…])\s")
ARTICLE = re.compile(r"(?:an?|the|one)\s", re.IGNORECASE)
ONLY_ONE = re.compile(r"\bprincipal\b|^(?:head|director|chair|champion|coordinator|lead)\b", re.IGNORECASE)
LONGEST_QUOTE = 220  # letters of somebody else's sentence; more is not said in a call
PARTS = ("who", "why", "how", "ask")


@dataclass(frozen=True)
class CallFacts:
    """What is known; "" and None where nothing is. Of `why` and `mission` the first sentence is used."""

    champion: str
    title: str
    school: str
    students: int | None
    grades: str
    town: str
    initiative: str
    need: str
    why: str
    business: str
    mission: str


@dataclass(frozen=True)
class CallWords:
    """The four parts of a call."""

    who: str
    why: str
    how: str
    ask: str


def draft(facts: CallFacts, language: str) -> CallWords:
    """The words of a call in `language`, "en" or "fr", with gaps where something is not known."""
    return _in_french(facts) if language.startswith("fr") else _in_english(facts)


def pieces(text: str) -> list[tuple[str, bool]]:
    """`text` cut at its gaps: each piece, and whether it is a gap."""
    found: list[tuple[str, bool]] = []
    end = 0
    for gap in GAP.finditer(text):
        found += [(text[end : gap.start()], False), (gap[1].strip(), True)]
        end = gap.end()
    found.append((text[end:], False))
    return [(piece, is_gap) for piece, is_gap in found if piece or is_gap]


def gaps(*texts: str) -> int:
    """How many gaps are left."""
    return sum(len(GAP.findall(text)) for text in texts)


def _in_english(facts: CallFacts) -> CallWords:
    title = _a(_small(facts.title)) or "[your position, for example a teacher]"
    students = f"{facts.students:,}" if facts.students else "[how many]"
    grades = f", grades {facts.grades}" if facts.grades else ""
    town = f", in {facts.town}" if facts.town else ""
    work = f" for “{facts.initiative}”" if _is_named(facts) else ""
    need = _small(facts.need) or "[what you need, with a number]"
    why = _first(facts.why) or "This matters because [why, in a few words]."
    mission = _quoted(facts.mission)
    theirs = (
        f"I read this about you: “{mission}”."
        if mission
        else f"I saw that {facts.business} [what they care about: their “About us” page tells]."
    )
    return CallWords(
        who=f"Good morning, my name is {facts.champion}. I am {title} at {facts.school}. "
        f"We have {students} students{grades}{town}.",
        why=f"I am calling because we are looking for a partner{work}. We need {need}. {why}",
        how=f"{theirs} How do you think helping our students could be part of that?",
        ask="May we meet for half an hour, at your place or at our school? I will send you one page before we meet, "
        "and bring it along. Would [a day] or [another day] suit you? Where may I send the page?",
    )


def _in_french(facts: CallFacts) -> CallWords:
    title = _small(facts.title) or "[votre fonction, par exemple enseignante]"
    students = f"{facts.students:,}".replace(",", "\u00a0") if facts.students else "[combien]"
    grades = f", niveaux {facts.grades}" if facts.grades else ""
    town = f", à {facts.town}" if facts.town else ""
    work = f" pour «\u00a0{facts.initiative}\u00a0»" if _is_named(facts) else ""
    need = _small(facts.need) or "[ce qu’il vous faut, avec un nombre]"
    why = _first(facts.why) or "C’est important parce que [pourquoi, en quelques mots]."
    mission = _quoted(facts.mission)
    theirs = (
        f"J’ai lu ceci à votre sujet\u00a0: «\u00a0{mission}\u00a0»."
        if mission
        else f"J’ai vu ce qui compte pour {facts.business}\u00a0: [voir leur page «\u00a0À propos\u00a0»]."
    )
    return CallWords(
        who=f"Bonjour, je m’appelle {facts.champion}. Je suis {title} {_at(facts.school)}. "
        f"Nous avons {students} élèves{grades}{town}.",
        why=f"Je vous appelle parce que nous cherchons un partenaire{work}. Ce qu’il nous faut\u00a0: {need}. {why}",
        how=f"{theirs} Comment, selon vous, aider nos élèves pourrait-il y contribuer\u00a0?",
        ask="Pourrions-nous nous rencontrer une demi-heure, chez vous ou à l’école\u00a0? Je vous envoie une page "
        "avant, et je l’apporte. Est-ce que [un jour] ou [un autre jour] vous conviendrait\u00a0? À quelle adresse "
        "puis-je l’envoyer\u00a0?",
    )


def _at(school: str) -> str:
    """Where one works, in French: "à l’École Sainte-Anne", "au Collège Boréal", "à Riverbend"."""
    first = school.split(" ", 1)[0].lower()
    if first in ("école", "ecole", "institut", "académie"):
        return f"à l’{school}"
    return f"au {school}" if first in ("collège", "lycée", "centre", "conservatoire") else f"à {school}"


def _a(title: str) -> str:
    """A position with its article: "the principal", "a teacher", "an English teacher"."""
    if not title or ARTICLE.match(title):
        return title
    if ONLY_ONE.search(title):
        return f"the {title}"
    return f"an {title}" if title[0].lower() in "aeiou" else f"a {title}"


def _is_named(facts: CallFacts) -> bool:
    """Whether the initiative has a name of its own: a small one is called like its need."""
    return bool(facts.initiative) and facts.initiative != facts.need[: len(facts.initiative)]


def _small(words: str) -> str:
    """`words` for the middle of a sentence; what begins in capitals ("FIRST", "IT") keeps them."""
    words = words.strip().rstrip(".")
    return words if words[1:2].isupper() or words[1:2] == "." else words[:1].lower() + words[1:]


def _first(text: str) -> str:
    """The first sentence of `text`; "" if there is none, or none that is short enough to be said."""
    sentence = " ".join(STOP.split(text.strip(), maxsplit=1)[0].split()) if text.strip() else ""
    if not sentence or len(sentence) > LONGEST_QUOTE:
        return ""
    return sentence if sentence[-1] in ".!?…" else f"{sentence}."


def _quoted(text: str) -> str:
    return _first(text).rstrip(".")
