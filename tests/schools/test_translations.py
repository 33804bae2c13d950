"""Texts keep the language they were written in; each that is printed may be translated, and what is not says so."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Event, User
from boards.models import Board
from engines.documents.models import Document
from schools import actions, publishing
from schools.document_kinds import summary_of
from schools.models import Goal, Initiative, Measure, Need, School
from schools.models.translated import lacks, text_in, written_for
from schools.translations import missing_on_summary, texts_of
from tests.core.test_forms_and_pages import sent_back
from tests.factories import rows
from tests.factories.sent import with_token
from tests.factories.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]


@pytest.fixture
def initiative(world: World) -> Initiative:
    """One written in English with a goal, a measure and two needs, at a school that says a little of itself."""
    own, champion = world.places["own"], world.user("champion")
    School.objects.filter(pk=own.school.pk).update(strength="Robots", challenge="", demographic_label="")
    found = rows.initiative(own.school, "Reading", champion=champion, why="Books matter", benefits="Proud\nKnown")
    goal = rows.goal(found, "Read more")
    goal.improvement_goals.add(rows.improvement_goal(own.school, "Literacy"))
    rows.measure(goal, "readers")
    _needs(found, champion)
    return Initiative.objects.select_related("school__board").get(pk=found.pk)


def _needs(of: Initiative, by: User) -> None:
    bus = {"what": "A bus", "people": 18, "frequency": "weekly", "times": 15}
    Need.objects.create(initiative=of, created_by=by, kind="transportation", **bus)
    Need.objects.create(initiative=of, created_by=by, kind="mentors", quantity=4)


# ── The rule ──


@pytest.mark.parametrize(
    ("written", "translated", "language", "said", "is_lacking"),
    [
        ("Books", {"why": "Des livres"}, "en", "Books", False),
        ("Books", {"why": "Des livres"}, "fr", "Des livres", False),
        ("Books", {}, "fr", "Books", True),
        ("Books", {"why": ""}, "fr", "Books", True),
        ("Books", {"ask": "Une heure"}, "fr", "Books", True),
        ("", {"why": "Des livres"}, "fr", "", False),
        ("", {}, "fr", "", False),
    ],
)
def test_what_a_text_says(written: str, translated: dict[str, str], language: str, said: str, is_lacking: bool) -> None:
    row = Initiative(school=School(language="en"), why=written, in_other_language=translated)
    assert (text_in(row, "why", language), lacks(row, "why", language)) == (said, is_lacking)


@pytest.mark.parametrize(
    ("language", "title", "ask", "beside"),
    [
        ("en", "Reading", "One hour", {"title": "Lire"}),
        ("fr", "Lire", "One hour", {"title": "Reading"}),
    ],
)
def test_a_copy_for_a_school_of_the_other_language(language: str, title: str, ask: str, beside: dict[str, str]) -> None:
    row = Initiative(school=School(language="en"), title="Reading", ask="One hour", in_other_language={"title": "Lire"})
    made = written_for(row, language)
    assert (made["title"], made["ask"], made["in_other_language"]) == (title, ask, beside)


@pytest.mark.parametrize(
    ("translated", "in_english", "in_french"),
    [
        ({}, "A bus to transport 18 students, once a week for 15 weeks",
         "A bus to transport 18 students, once a week for 15 weeks"),
        ({"what": "Un autobus"}, "A bus to transport 18 students, once a week for 15 weeks",
         "Un autobus pour transporter 18 élèves, une fois par semaine pendant 15 semaines"),
    ],
)  # fmt: skip
def test_a_needs_sentence_speaks_the_language_of_its_words(
    translated: dict[str, str], in_english: str, in_french: str, initiative: Initiative, world: World
) -> None:
    bus = initiative.needs.get(what="A bus")
    actions.translate(bus, translated, by=world.user("champion"))
    found = {}
    for language in ("en", "fr"):
        with translation.override(language):
            found[language] = bus.sentence
    assert found == {"en": in_english, "fr": in_french}


def test_only_what_is_printed_is_translated(initiative: Initiative, world: World) -> None:
    with pytest.raises(KeyError):
        actions.translate(initiative, {"kind": "autre"}, by=world.user("champion"))
    before = Event.objects.count()
    for _twice in range(2):
        actions.translate(initiative, {"why": "Les livres comptent", "ask": ""}, by=world.user("champion"))
    assert (initiative.in_other_language, initiative.version) == ({"why": "Les livres comptent"}, 2)
    assert Event.objects.count() == before + 1
    actions.translate(initiative, {"why": ""}, by=world.user("champion"))
    assert initiative.in_other_language == {}


# ── The page ──


def french(of: Initiative | School) -> dict[str, str]:
    """A translation of every text that is written."""
    return {text.name: f"{text.written} en français" for text in texts_of(of) if text.written}


def test_a_translation_is_written_beside_the_original(initiative: Initiative, world: World, signed_in: SignIn) -> None:
    browser, page = signed_in(world.user("champion")), reverse("initiative_translation", args=[initiative.pk])
    shown = browser.get(page)
    text = shown.content.decode()
    assert [word for word in ("Reading", "Books matter", "Read more", "readers", "A bus") if word not in text] == []
    assert "Not written yet: In one or two sentences, What happens" in text
    assert browser.post(page, with_token(sent_back(shown) | french(initiative))).status_code == 302
    saved = Initiative.objects.get(pk=initiative.pk)
    assert saved.why == "Books matter"
    assert saved.in_other_language == {
        "title": "Reading en français", "why": "Books matter en français", "benefits": "Proud\nKnown en français",
    }  # fmt: skip
    assert Goal.objects.get(initiative=initiative).in_other_language == {"title": "Read more en français"}
    assert Measure.objects.get(goal__initiative=initiative).in_other_language == {"label": "readers en français"}
    told = Event.objects.filter(verb="translated", by=world.user("champion"))
    assert sorted(event.subject_type.model for event in told) == ["goal", "initiative", "measure", "need"]


def test_a_school_translates_what_it_says_of_itself(initiative: Initiative, world: World, signed_in: SignIn) -> None:
    school = initiative.school
    browser, page = signed_in(world.user("principal")), reverse("school_translation", args=[school.pk])
    answer = browser.post(page, with_token(sent_back(browser.get(page)) | french(school)))
    assert answer["Location"] == reverse("school", args=[school.pk])
    assert School.objects.get(pk=school.pk).in_other_language == {"strength": "Robots en français"}
    goal = school.improvement_goals.get(title="Literacy")
    assert goal.in_other_language == {"title": "Literacy en français"}


def test_of_two_who_translate_the_later_sees_what_the_other_saved(
    initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    page = reverse("initiative_translation", args=[initiative.pk])
    champion, principal = signed_in(world.user("champion")), signed_in(world.user("principal"))
    shown, why = sent_back(champion.get(page)), f"initiative_{initiative.pk}_why"
    assert principal.post(page, with_token(shown | {why: "Le sien"})).status_code == 302
    late = champion.post(page, with_token(shown | {why: "Le mien"}))
    assert late.status_code == 422
    assert "Le sien" in str(late.context["form"].errors[why])
    assert Initiative.objects.get(pk=initiative.pk).in_other_language == {"why": "Le sien"}
    assert champion.post(page, with_token(sent_back(late))).status_code == 302
    assert Initiative.objects.get(pk=initiative.pk).in_other_language == {"why": "Le mien"}


@pytest.mark.parametrize(("name", "by"), [("initiative_translation", "staff"), ("school_translation", "staff"),
                                          ("initiative_translation", "board_admin")])  # fmt: skip
def test_who_does_not_write_it_does_not_translate_it(
    name: str, by: str, initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    of: Any = initiative if name.startswith("initiative") else initiative.school
    page, browser = reverse(name, args=[of.pk]), signed_in(world.user(by))
    assert browser.get(page).status_code == browser.post(page, with_token(french(of))).status_code == 403
    assert type(of).objects.get(pk=of.pk).in_other_language == {}


# ── The summary ──


def test_the_summary_speaks_the_language_it_is_made_in(initiative: Initiative, world: World) -> None:
    for text in texts_of(initiative):
        if text.written:
            actions.translate(text.row, {text.field: f"{text.written} en français"}, by=world.user("champion"))
    with translation.override("fr"):
        says = summary_of(Initiative.objects.get(pk=initiative.pk), address="https://tandem.example/r/x").context
    assert (says["title"], says["why"]) == ("Reading en français", "Books matter en français")
    assert says["benefits"] == ["Proud", "Known en français"]
    assert says["goals"] == ["Read more en français"]
    assert says["measures"] == [("3", "9", "readers en français")]
    assert (says["strength"], says["improvement_goals"]) == ("Robots", ["Literacy"])
    assert says["needs"][0][0] == "A bus en français"
    with translation.override("en"):
        says = summary_of(Initiative.objects.get(pk=initiative.pk), address="https://tandem.example/r/x").context
    assert (says["title"], says["goals"], says["needs"][0][0]) == ("Reading", ["Read more"], "A bus")


def test_what_lacks_a_translation_is_named_before_it_is_made(
    initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    actions.translate(initiative, {"title": "Lire"}, by=world.user("champion"))
    lacking = [text.in_short() for text in missing_on_summary(Initiative.objects.get(pk=initiative.pk), "fr")]
    assert lacking == [
        "Why it matters: Books matter",
        "What is in it for the partner: Proud\nKnown",
        "Goal: Read more",
        "What is counted: readers",
        "What exactly: A bus",
        "Signature strength: Robots",
        "Goal: Literacy",
    ]
    assert missing_on_summary(Initiative.objects.get(pk=initiative.pk), "en") == []
    browser, page = signed_in(world.user("champion")), reverse("summary_language", args=[initiative.pk])
    shown = browser.get(page).content.decode()
    assert "It will stand in English." in shown
    assert "Why it matters: Books matter" in shown
    assert page in browser.get(reverse("initiative", args=[initiative.pk])).content.decode()
    browser.post(page, with_token({"language": "fr"}))
    assert Document.objects.latest("pk").language == "fr"


@pytest.mark.parametrize(
    ("languages", "translated", "asks"), [("en", {}, False), ("both", {}, True), ("en", {"title": "Lire"}, True)]
)
def test_the_language_is_asked_only_where_there_are_two(
    languages: str, translated: dict[str, str], asks: bool, initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    Board.objects.filter(pk=initiative.school.board_id).update(language="en", languages=languages)
    actions.translate(initiative, translated, by=world.user("champion"))
    shown = signed_in(world.user("champion")).get(reverse("initiative", args=[initiative.pk])).content.decode()
    assert (reverse("summary_language", args=[initiative.pk]) in shown) == asks
    assert (reverse("initiative_summary", args=[initiative.pk]) + '"' in shown) != asks


def test_a_partner_reads_what_is_public_in_its_language(
    initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    partner = world.user("partner")
    User.objects.filter(pk=partner.pk).update(language="fr")
    actions.translate(initiative, {"title": "Lire", "why": "Les livres comptent"}, by=world.user("champion"))
    publishing.publish(initiative, ["why", "benefits"], by=world.user("principal"))
    browser = signed_in(User.objects.get(pk=partner.pk))
    shown = browser.get(reverse("initiative_public", args=[initiative.pk]), headers={"accept-language": "fr"})
    text = shown.content.decode()
    assert [word in text for word in ("Lire", "Les livres comptent", "Proud", "Books matter")] == [
        True, True, True, False,
    ]  # fmt: skip
