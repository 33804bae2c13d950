"""A document that was asked for is made once, by one worker, kept by its hash, or refused in words."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pypdf import PdfReader

from accounts import links
from accounts.models import AccessLink, Event
from core import clock, stored_files
from engines.documents import actions, rendering, tasks
from engines.documents.models import Document
from schools.models import Goal, Measure, Need
from tests.engines.documents.samples import fonts_of
from tests.small_world import SmallWorld, local, small_world

pytestmark = pytest.mark.django_db
State = Document.State


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> SmallWorld:
    settings.STORED_FILES_DIR = tmp_path
    world = small_world()
    Need.objects.create(
        initiative=world.initiative, created_by=world.marcus, kind="mentors", quantity=20, people=60, hours=1,
        frequency="every_two_weeks", times=30,
    )  # fmt: skip
    return world


def ask(world: SmallWorld, language: str = "en") -> Document:
    return actions.ask("executive_summary", world.initiative, by=world.marcus, language=language)


def words_of(document: Document) -> str:
    assert document.pdf is not None
    (page,) = PdfReader(io.BytesIO(stored_files.read(document.pdf))).pages
    return page.extract_text()


def test_it_is_one_page_with_the_words_of_its_rows(world: SmallWorld) -> None:
    document = ask(world)
    assert (document.state, Event.objects.filter(verb="asked", by=world.marcus).count()) == (State.ASKED, 1)
    assert tasks.sweep() == 1
    document.refresh_from_db()
    assert document.state == State.READY
    assert "Mentors for 60" in words_of(document)
    assert "20 mentors" in words_of(document)
    html = stored_files.read(document.html).decode()  # type: ignore[arg-type]
    assert "job:" not in html


def test_a_changed_fact_changes_the_page(world: SmallWorld) -> None:
    first = ask(world)
    actions.make(first.pk)
    world.initiative.why = "Because one adult who shows up changes a life."
    world.initiative.save()
    second = ask(world)
    actions.make(second.pk)
    second.refresh_from_db()
    assert "one adult who shows up" in words_of(second)


def test_an_emoji_is_read_on_screen_and_printed_as_nothing(world: SmallWorld) -> None:
    world.initiative.title = "Mentors \N{ROBOT FACE} for 60"
    world.initiative.save()
    document = ask(world)
    actions.make(document.pk)
    document.refresh_from_db()
    assert "Mentors \N{ROBOT FACE} for 60" in stored_files.read(document.html).decode()  # type: ignore[arg-type]
    assert "Mentors for 60" in words_of(document)
    pdf = PdfReader(io.BytesIO(stored_files.read(document.pdf)))  # type: ignore[arg-type]
    assert {font[:8] for font in fonts_of(pdf)} == {"Source-S"}


def test_the_same_words_are_made_once(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ask(world), ask(world)
    actions.make(first.pk)

    def not_again(job: object) -> None:
        raise AssertionError("rendered again")

    monkeypatch.setattr(rendering, "render", not_again)
    actions.make(second.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.state, second.pdf_id, second.step) == (State.READY, first.pdf_id, first.step)


def test_two_languages_are_two_documents(world: SmallWorld) -> None:
    english, french = ask(world), ask(world, "fr")
    tasks.sweep()
    english.refresh_from_db()
    french.refresh_from_db()
    assert english.pdf_id != french.pdf_id


def test_what_cannot_fit_is_refused_with_its_cuts(world: SmallWorld) -> None:
    world.initiative.why = "Sixty young people need an adult. " * 250
    world.initiative.save()
    document = ask(world)
    actions.make(document.pk)
    document.refresh_from_db()
    assert (document.state, document.pdf) == (State.REFUSED, None)
    ((label, words),) = document.too_long
    assert label == "Why it matters"
    kept = " ".join(world.initiative.why.split()[:-words])
    world.initiative.why = kept
    world.initiative.save()
    again = ask(world)
    actions.make(again.pk)
    again.refresh_from_db()
    assert again.state == State.READY


def test_more_than_the_page_holds_is_counted_on_it(world: SmallWorld) -> None:
    for n in range(7):
        goal = Goal.objects.create(initiative=world.initiative, title=f"Goal number {n}")
        Measure.objects.create(goal=goal, label=f"measure number {n}", baseline=0, target=n + 1)
    world.initiative.benefits = "\n".join(f"Benefit number {n}" for n in range(7))
    world.initiative.save()
    document = ask(world)
    actions.make(document.pk)
    document.refresh_from_db()
    words = words_of(document)
    for what in ("Goal", "measure", "Benefit"):
        assert f"{what} number 3" in words
        assert f"{what} number 4" not in words
    assert words.count("and 3 more, in the proposal") == 3


# ── Read without an account ──


def test_the_printed_code_leads_whoever_holds_it_to_the_text(world: SmallWorld) -> None:
    """And to nothing else; the newest one stands there, and what is only being made does not."""
    document = ask(world)
    page = actions.reading_address(world.initiative).removeprefix(settings.SITE_URL)
    assert Client().get(page).status_code == 404  # not made yet
    actions.make(document.pk)
    world.initiative.title = "Mentors for 61"
    world.initiative.save()
    actions.make(ask(world).pk)
    ask(world)
    answer = Client().get(page)
    assert answer.status_code == 200
    assert "Mentors for 61" in answer.content.decode()
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")
    assert links.reading_token(world.initiative) in answer.content.decode()  # it is the address it prints
    assert AccessLink.objects.get(purpose="read").uses == 0


def test_a_link_that_ran_out_or_was_revoked_leads_nowhere(world: SmallWorld) -> None:
    with clock.standing_at(local(date(2026, 3, 12))):
        document = ask(world)
        actions.make(document.pk)
        page = actions.reading_address(world.initiative).removeprefix(settings.SITE_URL)
        assert Client().get(page).status_code == 200
        assert Client().get(page[:-2] + "/").status_code == 404
    with clock.standing_at(local(date(2026, 9, 12))):
        assert Client().get(page).status_code == 404
        ask(world)
        assert Client().get(page).status_code == 200
        AccessLink.objects.update(revoked_at=clock.now())
        ask(world)
        assert Client().get(page).status_code == 404


def test_asking_for_a_document_that_is_read_by_link_says_so_in_the_trail(world: SmallWorld) -> None:
    ask(world)
    link = AccessLink.objects.get(purpose="read")
    assert (link.board, link.school, link.user) == (world.board, world.school, None)
    assert Event.objects.filter(verb="made", by=world.marcus, subject_id=link.pk).count() == 1


def test_a_worker_that_dies_leaves_it_to_the_next_sweep(world: SmallWorld) -> None:
    now = local(date(2026, 3, 12))
    with clock.standing_at(now):
        document = ask(world)
        assert actions._claim(document.pk) is not None  # and then the worker is killed
        assert tasks.sweep() == 0
    with clock.standing_at(now + timedelta(minutes=2)):
        assert tasks.sweep() == 1


def test_what_fails_three_times_has_failed_in_the_open(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(job: object) -> None:
        raise rendering.RenderingFailed("no memory")

    monkeypatch.setattr(rendering, "render", broken)
    now = local(date(2026, 3, 12))
    with clock.standing_at(now):
        document = ask(world)
    for minute in range(4):
        with clock.standing_at(now + timedelta(minutes=minute * 2)):
            tasks.sweep()
    document.refresh_from_db()
    assert (document.state, document.tries) == (State.FAILED, 3)
    assert "no memory" in document.because


def test_a_damaged_file_is_not_handed_out(world: SmallWorld, tmp_path: Any) -> None:
    document = ask(world)
    actions.make(document.pk)
    document.refresh_from_db()
    assert document.pdf is not None
    path = tmp_path / document.pdf.sha256[:2] / document.pdf.sha256
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(stored_files.FileDamaged):
        stored_files.read(document.pdf)


@pytest.mark.parametrize(
    ("site", "is_said"),
    [("http://localhost:8000", True), ("http://127.0.0.1", True), ("https://tandem.example", False)],
)
def test_a_code_that_leads_nowhere_else_is_said(
    site: str, is_said: bool, world: SmallWorld, client: Client, settings: Any
) -> None:
    document = ask(world)
    actions.make(document.pk)
    settings.SITE_URL = site
    client.force_login(world.marcus)
    page = client.get(f"/documents/{document.pk}/").content.decode()
    assert "Open the PDF" in page
    assert ("leads to this machine" in page) == is_said
