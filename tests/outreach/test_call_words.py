"""What to say in a first call, drafted from what is known."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.call_sheets import dialled
from outreach.call_words import CallFacts, draft, gaps, pieces
from outreach.models import CallPlan

NBSP = "\u00a0"
KNOWN = CallFacts(
    champion="Marcus Lee",
    title="Teacher",
    school="Riverbend Secondary School",
    students=1842,
    grades="9–12",
    town="Maple",
    initiative="Mentors for 60",
    need="20 mentors, 1 hour every two weeks for 30 weeks",
    why="60 students have nobody to ask. They told us so.",
    business="Harbour Credit Union",
    mission="We help build strong communities. And we lend.",
)
NEW = CallFacts("Robin Sparrow", "", "Hilltop Public School", None, "", "", "A bus", "A bus", "", "Harbour Bakery", "")

ASK = (
    "May we meet for half an hour, at your place or at our school? I will send you one page before we meet, and bring "
    "it along. Would [a day] or [another day] suit you? Where may I send the page?"
)
DRAFTS = [
    (
        KNOWN,
        "en",
        "Good morning, my name is Marcus Lee. I am a teacher at Riverbend Secondary School. We have 1,842 students, "
        "grades 9–12, in Maple.",
        "I am calling because we are looking for a partner for “Mentors for 60”. We need 20 mentors, 1 hour every two "
        "weeks for 30 weeks. 60 students have nobody to ask.",
        "I read this about you: “We help build strong communities”. How do you think helping our students could be "
        "part of that?",
    ),
    (
        NEW,
        "en",
        "Good morning, my name is Robin Sparrow. I am [your position, for example a teacher] at Hilltop Public School. "
        "We have [how many] students.",
        "I am calling because we are looking for a partner. We need a bus. This matters because [why, in a few words].",
        "I saw that Harbour Bakery [what they care about: their “About us” page tells]. How do you think helping our "
        "students could be part of that?",
    ),
    (
        replace(KNOWN, school="École secondaire Sainte-Anne", title="Enseignante", need="Un autobus", mission="Aider."),
        "fr",
        f"Bonjour, je m’appelle Marcus Lee. Je suis enseignante à l’École secondaire Sainte-Anne. Nous avons "
        f"1{NBSP}842 élèves, niveaux 9–12, à Maple.",
        f"Je vous appelle parce que nous cherchons un partenaire pour «{NBSP}Mentors for 60{NBSP}». Ce qu’il nous "
        f"faut{NBSP}: un autobus. 60 students have nobody to ask.",
        f"J’ai lu ceci à votre sujet{NBSP}: «{NBSP}Aider{NBSP}». Comment, selon vous, aider nos élèves pourrait-il y "
        f"contribuer{NBSP}?",
    ),
    (
        replace(NEW, school="Collège Boréal"),
        "fr-ca",
        "Bonjour, je m’appelle Robin Sparrow. Je suis [votre fonction, par exemple enseignante] au Collège Boréal. "
        "Nous avons [combien] élèves.",
        f"Je vous appelle parce que nous cherchons un partenaire. Ce qu’il nous faut{NBSP}: a bus. C’est important "
        "parce que [pourquoi, en quelques mots].",
        f"J’ai vu ce qui compte pour Harbour Bakery{NBSP}: [voir leur page «{NBSP}À propos{NBSP}»]. Comment, selon "
        f"vous, aider nos élèves pourrait-il y contribuer{NBSP}?",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "language", "who", "why", "how"), DRAFTS)
def test_a_draft(facts: CallFacts, language: str, who: str, why: str, how: str) -> None:
    words = draft(facts, language)
    assert (words.who, words.why, words.how) == (who, why, how)
    if language == "en":
        assert words.ask == ASK


@pytest.mark.parametrize(
    ("changes", "part", "says"),
    [
        ({"title": "IT lead"}, "who", "I am an IT lead at"),
        ({"title": "Principal."}, "who", "I am the principal at"),
        ({"title": "Vice-principal"}, "who", "I am the vice-principal at"),
        ({"title": "Head of guidance"}, "who", "I am the head of guidance at"),
        ({"title": "A coach"}, "who", "I am a coach at"),
        ({"students": None, "grades": "JK–8"}, "who", "We have [how many] students, grades JK–8, in Maple."),
        ({"need": ""}, "why", "We need [what you need, with a number]."),
        ({"need": "FIRST mentors"}, "why", "We need FIRST mentors."),
        ({"why": "Because it does"}, "why", "30 weeks. Because it does."),
        ({"why": "x" * 221}, "why", "This matters because [why, in a few words]."),
        ({"mission": " "}, "how", "[what they care about"),
        ({"mission": "Who lends,\nhelps!"}, "how", "“Who lends, helps!”"),
        (
            {"initiative": KNOWN.need[:20]},
            "why",
            "I am calling because we are looking for a partner. We need 20 mentors",
        ),
    ],
)
def test_what_is_known_is_said_and_what_is_not_is_a_gap(changes: dict[str, str], part: str, says: str) -> None:
    assert says in getattr(draft(replace(KNOWN, **changes), "en"), part)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_longest_draft_fits_its_fields(language: str) -> None:
    longest = CallFacts(
        *("n" * 120, "t" * 120, "École " + "s" * 194, 20000, "g" * 40, "t" * 120, "i" * 80, "n" * 330),
        *("w" * 220, "b" * 160, "m" * 220),
    )  # fmt: skip
    room = {field.name: field.max_length or 0 for field in CallPlan._meta.fields}
    for name, text in asdict(draft(longest, language)).items():
        assert len(text) <= room[name], name


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", []),
        ("No gap.", [("No gap.", False)]),
        ("I am [who] here", [("I am ", False), ("who", True), (" here", False)]),
        ("[]", [("", True)]),
        ("[a][b]", [("a", True), ("b", True)]),
        ("[not\nclosed] [ok]", [("[not\nclosed] ", False), ("ok", True)]),
    ],
)
def test_gaps_are_cut_out(text: str, cut: list[tuple[str, bool]]) -> None:
    assert pieces(text) == cut
    assert gaps(text) == sum(is_gap for _piece, is_gap in cut)


@given(st.text(alphabet="ab[] \n", max_size=60))
def test_nothing_is_lost_between_gaps(text: str) -> None:
    """Put together again, with its brackets, it is the text but for spaces inside them."""
    again = "".join(f"[{piece}]" if is_gap else piece for piece, is_gap in pieces(text))
    assert again.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("905 555 0100", "9055550100"),
        ("+1 (905) 555-0100", "+19055550100"),
        ("905 555 0100 ext. 12", "9055550100;ext=12"),
        ("905-555-0100 poste 7", "9055550100;ext=7"),
        ("905.555.0100 x 3", "9055550100;ext=3"),
    ],
)
def test_a_number_is_dialled(shown: str, number: str) -> None:
    assert dialled(shown) == number
