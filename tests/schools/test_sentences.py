"""A need reads back as a person would write it, in both languages."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schools.sentences import ENGLISH, FRENCH, NeedFacts, marked, occasions, parts, sentence, total_hours, totals

NBSP = "\u00a0"
KINDS = list(ENGLISH.names)


def need(kind: str, what: str = "", quantity: str | None = None, hours: str | None = None, **more: object) -> NeedFacts:
    """Facts from short figures: need("mentors", quantity="4", hours="2", frequency="weekly", times=20)."""
    figures = {"quantity": quantity, "hours": hours}
    more |= {name: Decimal(figure) for name, figure in figures.items() if figure is not None}
    return NeedFacts(kind=kind, what=what, **more)  # type: ignore[arg-type]


# The guide's own example and the demonstration world: these words are promised.
PROMISED = [
    (
        need("transportation", "A bus", people=18, frequency="weekly", times=15),
        "A bus to transport 18 students, once a week for 15 weeks",
    ),
    (
        need("mentors", quantity="4", hours="2", frequency="weekly", times=20),
        "4 mentors, 2 hours weekly for 20 weeks",
    ),
    (need("funding", "registration and parts", "6500"), "$6,500 of registration and parts"),
    (
        need("mentors", quantity="20", people=60, hours="1", frequency="every_two_weeks", times=30),
        "20 mentors for 60 students, 1 hour every two weeks for 30 weeks",
    ),
    (
        need(
            "mentors",
            "mentors, each with 3 high-priority students",
            "20",
            "1",
            frequency="every_two_weeks",
            times=30,
        ),
        "20 mentors, each with 3 high-priority students, 1 hour every two weeks for 30 weeks",
    ),
    (
        need("volunteers", quantity="12", hours="1", frequency="weekly", times=24),
        "12 volunteers, 1 hour weekly for 24 weeks",
    ),
    (need("equipment", "dual-language books", "300"), "300 dual-language books"),
    (
        need("space", "A workshop space with CNC access", "1", unit="evening", frequency="weekly", times=10),
        "A workshop space with CNC access, 1 evening weekly for 10 weeks",
    ),
    (
        need("transportation", "A coach to take 30 students to 3 tournaments"),
        "A coach to take 30 students to 3 tournaments",
    ),
    (need("space", "A venue for 2 performances"), "A venue for 2 performances"),
    (need("guest_speaker", quantity="3"), "3 guest speakers"),
    (need("expertise", "guest technicians", "3"), "3 guest technicians"),
    (need("work_placement", quantity="90", hours="110"), "90 work placements of 110 hours"),
    (need("job_shadowing", quantity="25"), "25 job-shadow days"),
]

IN_ENGLISH = [
    # one and several
    (
        need("mentors", quantity="1", hours="1", frequency="weekly", times=1),
        "1 mentor, 1 hour, once",
    ),
    (need("volunteers", quantity="1"), "1 volunteer"),
    (need("volunteers", quantity="1", people=1), "1 volunteer for 1 student"),
    (need("mentors", quantity="0", people=0), "0 mentors for 0 students"),
    (
        need("mentors", quantity="2", hours="0.5", frequency="daily", times=3),
        "2 mentors, 0.5 hours daily for 3 weeks",
    ),
    (
        need("mentors", quantity="2", hours="1.5", frequency="weekly", times=2),
        "2 mentors, 1.5 hours weekly for 2 weeks",
    ),
    (need("job_shadowing", quantity="1"), "1 job-shadow day"),
    (need("guest_speaker", quantity="1", hours="1"), "1 guest speaker, 1 hour"),
    (need("guest_speaker", quantity="3", hours="1"), "3 guest speakers, 1 hour each"),
    (need("tour", quantity="2", people=24, hours="1.5"), "2 workplace tours of 1.5 hours for 24 students"),
    (need("internship", quantity="4", hours="70", times=10), "4 internships of 70 hours for 10 weeks"),
    (need("equipment", quantity="1"), "1 piece of equipment"),
    (need("space", quantity="2"), "2 spaces"),
    # how often
    (need("volunteers", quantity="12", hours="3", frequency="once"), "12 volunteers, 3 hours, once"),
    (need("transportation", "A bus", people=45, frequency="once"), "A bus to transport 45 students, once"),
    (need("space", "A pool", frequency="daily", times=2), "A pool, every day for 2 weeks"),
    (need("space", "A pool", frequency="daily", times=1), "A pool, every day for 1 week"),
    (need("space", "A pool", frequency="every_two_weeks", times=2), "A pool, once"),
    (need("space", "A pool", frequency="monthly", times=1, times_unit="months"), "A pool, once"),
    (need("space", "A pool", frequency="every_two_weeks", times=10), "A pool, every two weeks for 10 weeks"),
    (
        need("funding", "breakfast food", "500", frequency="monthly", times=10, times_unit="months"),
        "$500 of breakfast food, once a month for 10 months",
    ),
    (
        need("expertise", "A choreographer", frequency="each_semester", times=1, times_unit="semesters"),
        "A choreographer, once",
    ),
    (
        need("mentors", quantity="4", hours="2", frequency="each_semester", times=2, times_unit="semesters"),
        "4 mentors, 2 hours each semester for 2 semesters",
    ),
    (
        need("mentors", quantity="4", hours="2", frequency="monthly", times=8, times_unit="months"),
        "4 mentors, 2 hours monthly for 8 months",
    ),
    (need("mentors", quantity="4", hours="2", times=20), "4 mentors, 2 hours each time for 20 weeks"),
    (need("equipment", "A laser cutter", times=3, times_unit="months"), "A laser cutter for 3 months"),
    (need("space", "A gym", hours="2", people=40), "A gym for 40 students, 2 hours"),
    # units
    (
        need("space", "A workshop", "1", "2", unit="evening", frequency="weekly", times=10),
        "A workshop, 1 evening of 2 hours weekly for 10 weeks",
    ),
    (need("equipment", "Paper", "20", unit="boxes"), "Paper, 20 boxes"),
    (
        need("space", "A workshop", unit="evenings", frequency="weekly", times=10),
        "A workshop, evenings, once a week for 10 weeks",
    ),
    (need("space", quantity="3", unit="evenings"), "Space, 3 evenings"),
    (need("funding", "Food", "25.5", unit="a family", frequency="monthly"), "Food, $25.50 a family monthly"),
    # typed words that count themselves
    (need("transportation", "A bus", "1", people=18), "A bus to transport 18 students"),
    (need("transportation", "A bus", "2", people=18), "A bus (2 in all) to transport 18 students"),
    (need("transportation", "buses", "1200", people=18000), "1,200 buses to transport 18,000 students"),
    (
        need("transportation", "A coach to take 30 students to 3 tournaments", "3", people=30),
        "A coach to take 30 students to 3 tournaments",
    ),
    (need("equipment", "30 laptops", "30"), "30 laptops"),
    (need("equipment", "3D printers", "2"), "2 3D printers"),
    (need("equipment", "A-frame tents", "10"), "10 A-frame tents"),
    (need("equipment", "books for grade 3", "3"), "3 books for grade 3"),
    (need("equipment", "Grade 3 books", people=3), "Grade 3 books for 3 students"),
    # money
    (need("funding", quantity="6500"), "$6,500"),
    (need("funding", "a robot kit", "1249.9"), "$1,249.90 for a robot kit"),
    (need("funding", "parts", "1000000.00", people=30), "$1,000,000 of parts for 30 students"),
    (need("funding", "Registration and parts"), "Registration and parts"),
    # hardly anything said yet
    (need("transportation"), "Transportation"),
    (need("transportation", people=18), "Transportation for 18 students"),
    (need("transportation", quantity="2", people=18), "2 vehicles to transport 18 students"),
    (need("mentors", hours="2", frequency="weekly"), "Mentors, 2 hours weekly"),
    (need("other"), "Help"),
    # typed as it comes
    (need("other", "  a\tchoir \r\n director  "), "a choir director"),
    (need("other", "{what} 100% <b>"), "{what} 100% <b>"),
]

IN_FRENCH = [
    (
        need("transportation", "Un autobus", people=18, frequency="weekly", times=15),
        "Un autobus pour transporter 18 élèves, une fois par semaine pendant 15 semaines",
    ),
    (
        need("mentors", quantity="4", hours="2", frequency="weekly", times=20),
        "4 mentors, 2 heures par semaine pendant 20 semaines",
    ),
    (
        need("funding", "les frais d’inscription et les pièces", "6500"),
        "6 500 $ pour les frais d’inscription et les pièces",
    ),
    (
        need("mentors", quantity="20", people=60, hours="1", frequency="every_two_weeks", times=30),
        "20 mentors pour 60 élèves, 1 heure toutes les deux semaines pendant 30 semaines",
    ),
    (
        need("volunteers", quantity="12", hours="1", frequency="weekly", times=24),
        "12 bénévoles, 1 heure par semaine pendant 24 semaines",
    ),
    (need("equipment", "livres bilingues", "300"), "300 livres bilingues"),
    (
        need(
            "space",
            "Un atelier doté d’une machine à commande numérique",
            "1",
            unit="soir",
            frequency="weekly",
            times=10,
        ),
        "Un atelier doté d’une machine à commande numérique, 1 soir par semaine pendant 10 semaines",
    ),
    (
        need("transportation", "Un autocar pour conduire 30 élèves à 3 tournois", "3", people=30),
        "Un autocar pour conduire 30 élèves à 3 tournois",
    ),
    (need("space", "Une salle pour 2 représentations"), "Une salle pour 2 représentations"),
    (need("guest_speaker", quantity="3"), "3 conférencières ou conférenciers"),
    (need("guest_speaker", quantity="1"), "1 conférencière ou conférencier"),
    (
        need("guest_speaker", quantity="3", hours="1"),
        "3 conférencières ou conférenciers, 1 heure par personne",
    ),
    (need("work_placement", quantity="90", hours="110"), "90 stages en milieu de travail de 110 heures"),
    (need("internship", quantity="1", hours="70"), "1 stage de 70 heures"),
    (need("job_shadowing", quantity="25"), "25 journées d’observation au poste de travail"),
    (
        need("tour", quantity="2", people=24, hours="1.5"),
        "2 visites en entreprise de 1,5 heure pour 24 élèves",
    ),
    (
        need("work_placement", quantity="9", hours="2", frequency="daily", times=15),
        "9 stages en milieu de travail, 2 heures par jour pendant 15 semaines",
    ),
    (need("job_shadowing", quantity="1"), "1 journée d’observation au poste de travail"),
    (need("tour", quantity="2", people=24), "2 visites en entreprise pour 24 élèves"),
    # 0, 1 and 1,5 are singular
    (need("volunteers", quantity="0", people=0), "0 bénévole pour 0 élève"),
    (need("volunteers", quantity="1", people=1), "1 bénévole pour 1 élève"),
    (
        need("mentors", quantity="2", hours="1.5", frequency="weekly", times=1),
        "2 mentors, 1,5 heure, une seule fois",
    ),
    (
        need("mentors", quantity="2", hours="2.5", frequency="daily", times=2),
        "2 mentors, 2,5 heures par jour pendant 2 semaines",
    ),
    (need("space", quantity="1"), "1 local"),
    (need("space", quantity="2"), "2 locaux"),
    # how often
    (
        need("volunteers", quantity="12", hours="3", frequency="once"),
        "12 bénévoles, 3 heures, une seule fois",
    ),
    (
        need("transportation", "Un autobus", people=45, frequency="once"),
        "Un autobus pour transporter 45 élèves, une seule fois",
    ),
    (need("space", "Une piscine", frequency="daily", times=2), "Une piscine, chaque jour pendant 2 semaines"),
    (
        need("space", "Une piscine", frequency="every_two_weeks", times=10),
        "Une piscine, toutes les deux semaines pendant 10 semaines",
    ),
    (
        need(
            "funding",
            "le club des petits déjeuners",
            "500",
            frequency="monthly",
            times=10,
            times_unit="months",
        ),
        "500 $ pour le club des petits déjeuners, une fois par mois pendant 10 mois",
    ),
    (
        need("mentors", quantity="4", hours="2", frequency="each_semester", times=2, times_unit="semesters"),
        "4 mentors, 2 heures par semestre pendant 2 semestres",
    ),
    (
        need("mentors", quantity="4", hours="2", frequency="monthly", times=1, times_unit="months"),
        "4 mentors, 2 heures, une seule fois",
    ),
    (
        need("mentors", quantity="4", hours="2", times=20),
        "4 mentors, 2 heures chaque fois pendant 20 semaines",
    ),
    (
        need("expertise", "Une chorégraphe", frequency="each_semester"),
        "Une chorégraphe, une fois par semestre",
    ),
    # units, figures, money
    (
        need("space", "Un atelier", "1", "2", unit="soir", frequency="weekly", times=10),
        "Un atelier, 1 soir de 2 heures par semaine pendant 10 semaines",
    ),
    (
        need("transportation", "Un autobus", "2", people=18),
        "Un autobus (2 en tout) pour transporter 18 élèves",
    ),
    (need("transportation", "autobus", "1200", people=18000), "1 200 autobus pour transporter 18 000 élèves"),
    (need("equipment", "L’équipement d’un atelier", "1"), "L’équipement d’un atelier"),
    (need("funding", "une trousse de robotique", "1249.9"), "1 249,90 $ pour une trousse de robotique"),
    (need("funding", quantity="1000000"), "1 000 000 $"),
    # hardly anything said yet
    (need("transportation"), "Transport"),
    (need("transportation", people=18), "Transport pour 18 élèves"),
    (need("space", people=30), "Local pour 30 élèves"),
    (need("mentors", hours="2", frequency="weekly"), "Mentors, 2 heures par semaine"),
]


@pytest.mark.parametrize(("facts", "expected"), PROMISED + IN_ENGLISH, ids=lambda value: str(value)[:60])
def test_english(facts: NeedFacts, expected: str) -> None:
    assert sentence(facts, "en") == expected


@pytest.mark.parametrize(("facts", "expected"), IN_FRENCH, ids=lambda value: str(value)[:60])
def test_french(facts: NeedFacts, expected: str) -> None:
    # The table is written with plain spaces; inside a figure and before $ they do not break.
    assert sentence(facts, "fr").replace(NBSP, " ") == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (need("funding", "pièces", "6500"), f"6{NBSP}500{NBSP}$ pour pièces"),
        (need("funding", quantity="1234567.5"), f"1{NBSP}234{NBSP}567,50{NBSP}$"),
        (need("equipment", "livres", "1200", people=3000), f"1{NBSP}200 livres pour 3{NBSP}000 élèves"),
        (need("equipment", f"Matériel{NBSP}: jeux"), f"Matériel{NBSP}: jeux"),
    ],
)
def test_french_figures_do_not_break(facts: NeedFacts, expected: str) -> None:
    assert sentence(facts, "fr") == expected


@pytest.mark.parametrize("language", ["fr", "fr-ca"])
def test_a_locale_has_the_words_of_its_language(language: str) -> None:
    assert sentence(need("mentors", people=2), language) == "Mentors pour 2 élèves"


@pytest.mark.parametrize(
    ("facts", "language", "expected"),
    [
        (PROMISED[0][0], "en", ("A bus", " to transport 18 students, once a week for 15 weeks")),
        (PROMISED[1][0], "en", ("4 mentors", ", 2 hours weekly for 20 weeks")),
        (PROMISED[2][0], "en", ("$6,500", " of registration and parts")),
        (PROMISED[3][0], "en", ("20 mentors", " for 60 students, 1 hour every two weeks for 30 weeks")),
        (PROMISED[6][0], "en", ("300 dual-language books", "")),
        (PROMISED[7][0], "en", ("A workshop space with CNC access", ", 1 evening weekly for 10 weeks")),
        (PROMISED[8][0], "en", ("A coach", " to take 30 students to 3 tournaments")),
        (PROMISED[9][0], "en", ("A venue", " for 2 performances")),
        (PROMISED[12][0], "en", ("90 work placements", " of 110 hours")),
        (need("transportation", "A bus", "2"), "en", ("A bus", " (2 in all)")),
        (need("expertise", "Introduction to robotics"), "en", ("Introduction to robotics", "")),
        (
            need("transportation", "Un autocar pour conduire 30 élèves à 3 tournois"),
            "fr",
            ("Un autocar", " pour conduire 30 élèves à 3 tournois"),
        ),
        (need("funding", "les pièces", "6500"), "fr", (f"6{NBSP}500{NBSP}$", " pour les pièces")),
    ],
)
def test_the_quantity_is_bold(facts: NeedFacts, language: str, expected: tuple[str, str]) -> None:
    assert parts(facts, language) == expected


TOTALS = [
    (PROMISED[0][0], "15 trips, 270 student rides", "15 trajets, 270 déplacements d’élèves"),
    (PROMISED[1][0], "160 volunteer hours", "160 heures de bénévolat"),
    (PROMISED[3][0], "300 volunteer hours", "300 heures de bénévolat"),
    (PROMISED[5][0], "288 volunteer hours", "288 heures de bénévolat"),
    (PROMISED[7][0], "10 times", "10 fois"),
    (PROMISED[12][0], "9,900 hours in all", "9 900 heures en tout"),
    (
        need("transportation", "A bus", people=1, frequency="once"),
        "1 trip, 1 student ride",
        "1 trajet, 1 déplacement d’élève",
    ),
    (need("transportation", "A bus", frequency="weekly", times=15), "15 trips", "15 trajets"),
    (
        need("transportation", "A bus", people=18, hours="1", frequency="weekly", times=15),
        "15 trips, 270 student rides, 15 hours in all",
        "15 trajets, 270 déplacements d’élèves, 15 heures en tout",
    ),
    (
        need("transportation", "A bus", "2", unit="trips", people=18, frequency="weekly", times=15),
        "15 times",
        "15 fois",
    ),
    (
        need("volunteers", quantity="1", hours="1", frequency="once"),
        "1 volunteer hour",
        "1 heure de bénévolat",
    ),
    (
        need("volunteers", quantity="1", hours="1.5", frequency="once"),
        "1.5 volunteer hours",
        "1,5 heure de bénévolat",
    ),
    (need("volunteers", quantity="3", frequency="weekly", times=8), "8 times", "8 fois"),
    (need("mentors", hours="2", frequency="weekly", times=8), "8 times", "8 fois"),
    (
        need("expertise", "A choreographer", hours="2", frequency="weekly", times=10),
        "20 hours in all",
        "20 heures en tout",
    ),
    (need("guest_speaker", quantity="3", hours="1"), "3 hours in all", "3 heures en tout"),
    (
        need("space", "A gym", "2", "2", frequency="weekly", times=10),
        "10 times, 20 hours in all",
        "10 fois, 20 heures en tout",
    ),
    (
        need("space", "A gym", "2", "3", unit="evenings", frequency="weekly", times=10),
        "10 times, 60 hours in all",
        "10 fois, 60 heures en tout",
    ),
    (
        need("funding", "food", "500", frequency="monthly", times=10, times_unit="months"),
        "$5,000 in all",
        "5 000 $ en tout",
    ),
    (PROMISED[2][0], "", ""),
    (PROMISED[6][0], "", ""),
    (PROMISED[8][0], "", ""),
    (PROMISED[9][0], "", ""),
    (PROMISED[10][0], "", ""),
    (PROMISED[13][0], "", ""),
    (need("funding", "food", "500", frequency="once"), "", ""),
    (need("funding", "food", "500", frequency="monthly", times=10), "", ""),
    (need("funding", "food", frequency="monthly", times=10, times_unit="months"), "", ""),
    (
        need("volunteers", quantity="2", hours="1", frequency="weekly", times=2, times_unit="semesters"),
        "",
        "",
    ),
    (need("volunteers", quantity="2", hours="1", frequency="weekly"), "", ""),
    (need("volunteers", quantity="2", hours="1", times=20), "", ""),
]


@pytest.mark.parametrize(("facts", "english", "french"), TOTALS, ids=lambda value: str(value)[:60])
def test_totals(facts: NeedFacts, english: str, french: str) -> None:
    assert totals(facts, "en") == english
    assert totals(facts, "fr").replace(NBSP, " ") == french


@pytest.mark.parametrize(
    ("frequency", "times", "times_unit", "expected"),
    [
        ("once", None, "weeks", 1),
        ("once", 5, "weeks", 1),
        ("daily", 3, "weeks", 15),
        ("weekly", 15, "weeks", 15),
        ("every_two_weeks", 30, "weeks", 15),
        ("every_two_weeks", 15, "weeks", 8),
        ("every_two_weeks", 1, "weeks", 1),
        ("monthly", 10, "months", 10),
        ("each_semester", 2, "semesters", 2),
        ("daily", 2, "months", None),
        ("weekly", 2, "semesters", None),
        ("monthly", 20, "weeks", None),
        ("weekly", None, "weeks", None),
        ("", 20, "weeks", None),
        ("", None, "weeks", None),
    ],
)
def test_occasions(frequency: str, times: int | None, times_unit: str, expected: int | None) -> None:
    assert occasions(NeedFacts("other", frequency=frequency, times=times, times_unit=times_unit)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (PROMISED[1][0], Decimal(160)),
        (PROMISED[3][0], Decimal(300)),
        (need("work_placement", quantity="90", hours="110"), Decimal(9900)),
        (need("mentors", "A mentor", hours="1.5", frequency="weekly", times=10), Decimal(15)),
        (need("mentors", hours="1", frequency="weekly", times=10), None),
        (need("mentors", quantity="3", unit="evenings", hours="1", frequency="weekly", times=10), None),
        (need("space", "A gym", hours="2"), Decimal(2)),
        (need("space", "A gym"), None),
    ],
)
def test_total_hours(facts: NeedFacts, expected: Decimal | None) -> None:
    assert total_hours(facts) == expected


def test_whole_numbers_may_come_as_integers() -> None:
    # A Need that was just made still holds what it was made with.
    assert sentence(NeedFacts("funding", "parts", 6500), "en") == "$6,500 of parts"
    assert sentence(NeedFacts("equipment", "A kit", 30), "en") == "A kit (30 in all)"
    assert totals(NeedFacts("mentors", quantity=4, hours=2, frequency="weekly", times=20), "en") == (
        "160 volunteer hours"
    )


def test_every_kind_has_its_words_in_both_languages() -> None:
    assert FRENCH.names.keys() == ENGLISH.names.keys()
    # Money is no noun: a number of dollars is printed as dollars.
    assert FRENCH.nouns.keys() == ENGLISH.nouns.keys() == ENGLISH.names.keys() - {"funding"}
    assert FRENCH.frequencies.keys() == ENGLISH.frequencies.keys()
    assert FRENCH.spans.keys() == ENGLISH.spans.keys()


@pytest.mark.parametrize(("facts", "_expected"), IN_FRENCH, ids=lambda value: str(value)[:60])
def test_french_typography(facts: NeedFacts, _expected: str) -> None:
    said = sentence(facts, "fr") + totals(facts, "fr")
    assert "'" not in said
    assert not re.search(r" [:;?!%$]", said)


LETTERS = st.characters(categories=["Lu", "Ll"])
TYPED = st.lists(st.text(LETTERS, min_size=1, max_size=8), max_size=4).map(" ".join)
ARTICLES = st.sampled_from(["", "A ", "Un ", "L’", "The "])
COUNTS = st.none() | st.integers(0, 20_000)
LANGUAGES = st.sampled_from(["en", "fr"])
NEEDS = st.builds(
    NeedFacts,
    kind=st.sampled_from(KINDS),
    what=st.builds(lambda article, text: article + text if text else "", ARTICLES, TYPED),
    quantity=st.none() | st.decimals(0, 1_000_000, places=2),
    unit=TYPED,
    people=COUNTS,
    hours=st.none() | st.decimals(0, 400, places=2),
    frequency=st.sampled_from(["", *ENGLISH.frequencies]),
    times=COUNTS,
    times_unit=st.sampled_from(list(ENGLISH.spans)),
)


def figure(number: Decimal | int, language: str, *, is_money: bool = False) -> str:
    """A number as it should be printed, worked out another way than in the module."""
    whole, _dot, cents = f"{Decimal(number):.2f}".partition(".")
    groups: list[str] = []
    while whole:
        whole, groups = whole[:-3], [whole[-3:], *groups]
    cents = cents if is_money and cents != "00" else cents.rstrip("0") if not is_money else ""
    separator, point = (",", ".") if language == "en" else (NBSP, ",")
    return separator.join(groups) + (point + cents if cents else "")


@given(NEEDS, LANGUAGES)
@example(NeedFacts("other"), "fr")
def test_always_a_clean_sentence(facts: NeedFacts, language: str) -> None:
    said = sentence(facts, language)
    assert said
    assert said == said.strip()
    assert "  " not in said
    assert ",," not in said
    assert " ," not in said
    assert not set("{}") & set(said)
    assert not said.endswith((".", ","))
    assert "None" not in said.replace(facts.what, "").replace(facts.unit, "")


@given(NEEDS, LANGUAGES)
def test_what_was_typed_appears_unchanged(facts: NeedFacts, language: str) -> None:
    assert facts.what in sentence(facts, language)
    assert facts.unit in sentence(facts, language)


@given(st.sampled_from(KINDS), st.text(max_size=40), LANGUAGES)
def test_anything_may_be_typed(kind: str, what: str, language: str) -> None:
    facts = NeedFacts(kind, what)
    assert sentence(facts, language) == (facts.what or sentence(NeedFacts(kind), language))
    assert sentence(replace(facts, quantity=Decimal(7), people=7), language)


@given(NEEDS, LANGUAGES)
def test_every_number_given_appears(facts: NeedFacts, language: str) -> None:
    said = sentence(facts, language)
    is_once = facts.frequency != "once" and occasions(facts) == 1  # then "once" says for how long
    counts = [facts.people, facts.hours, None if is_once else facts.times]
    figures = [number for number in counts if number is not None]
    assert all(figure(number, language) in said for number in figures)
    # "A bus" is one: its quantity 1 is said by the article.
    if facts.quantity is not None and (facts.quantity != 1 or facts.unit):
        assert figure(facts.quantity, language, is_money=facts.kind == "funding") in said


@given(NEEDS, LANGUAGES)
def test_the_same_facts_give_the_same_sentence(facts: NeedFacts, language: str) -> None:
    assert sentence(facts, language) == sentence(replace(facts, detail="From Cedar Hill to the pool."), language)
    assert "".join(parts(facts, language)) == sentence(facts, language)


@given(NEEDS, LANGUAGES)
def test_the_bold_part_is_never_empty(facts: NeedFacts, language: str) -> None:
    bold, rest = parts(facts, language)
    assert bold
    assert rest == "" or rest[0] in " ,"


@given(NEEDS, LANGUAGES)
def test_totals_are_clean_and_add_up_in_both_languages(facts: NeedFacts, language: str) -> None:
    said = totals(facts, language)
    assert said == said.strip()
    assert "  " not in said
    assert "None" not in said
    assert bool(totals(facts, "en")) == bool(totals(facts, "fr"))


@pytest.mark.parametrize(
    ("facts", "language", "read"),
    [
        (
            need("transportation", "A bus", people=18, frequency="weekly", times=15),
            "en",
            "[A bus] to transport [18] students, [once a week] for [15] weeks",
        ),
        (
            need("transportation", "Un autobus", people=18, frequency="weekly", times=15),
            "fr",
            "[Un autobus] pour transporter [18] élèves, [une fois par semaine] pendant [15] semaines",
        ),
        (
            need("mentors", quantity="4", hours="2.5", frequency="weekly", times=20),
            "en",
            "[4 mentors], [2.5] hours [weekly] for [20] weeks",
        ),
        (need("funding", "registration", "6500"), "en", "[$6,500] of registration"),
        (need("other", "Help"), "en", "[Help]"),
    ],
)
def test_what_was_typed_or_chosen_is_marked(facts: NeedFacts, language: str, read: str) -> None:
    assert "".join(f"[{piece}]" if is_typed else piece for piece, is_typed in marked(facts, language)) == read


@given(NEEDS, LANGUAGES)
def test_the_pieces_are_the_sentence(facts: NeedFacts, language: str) -> None:
    assert "".join(piece for piece, _is_typed in marked(facts, language)) == sentence(facts, language)
