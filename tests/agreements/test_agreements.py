"""What was agreed: drafted from the facts, kept from the first yes on, in force with the second."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import Membership, User
from accounts.permissions import Role
from agreements import actions, terms
from agreements.models import AgreementVersion, Clause
from agreements.wording import ARTICLES, ENGLISH, FRENCH
from core import clock, stored_files
from core.gates import GateClosed
from engines.documents import actions as documents
from engines.documents.models import Document
from outreach.models import Stage
from partnerships import actions as partnerships
from partnerships.models import Commitment, Partnership, Side
from partnerships.still_needed import standings
from tests.factories import rows
from tests.small_world import SmallWorld
from tests.talks import NOW, YEAR, Talks

TODAY = date(2026, 3, 9)
State = AgreementVersion.State


@pytest.fixture
def partnership(talks: Talks) -> Partnership:
    """Agreed, with a promise of each side and a measure."""
    begun = talks.begin()
    year = begun.years.get()
    promise(year, Side.PARTNER, "Red books")
    promise(year, Side.SCHOOL, "a room after class")
    rows.measure(rows.goal(talks.world.initiative, "Children read every day"), "children who read")
    talks.give_iris_an_address()
    return partnerships.agree(begun, by=talks.marcus)


def promise(year: Any, side: Side, what: str) -> Commitment:
    return rows.commitment(year, what, side=side, kind="other", quantity=None)


def said_yes(version: AgreementVersion, side: Side, by: User, on: date = TODAY) -> AgreementVersion:
    return actions.record_yes(version, side, name="Somebody", said_on=on, how="email", by=by)


def column(partnership: Partnership) -> str:
    """What the list of a superintendent says under Agreement."""
    row = Partnership.objects.get(pk=partnership.pk)
    return dict(standings([row])[row.pk])["Agreement"].text


def pdf_of(version: AgreementVersion, by: User) -> pypdf.PdfReader:
    document = documents.ask("memorandum", version, by=by, language=version.language)
    assert documents.make(document.pk), Document.objects.get(pk=document.pk).because
    kept = Document.objects.get(pk=document.pk).pdf
    assert kept is not None
    return pypdf.PdfReader(io.BytesIO(stored_files.read(kept)))


def words(pdf: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_both_languages_word_the_same_articles() -> None:
    assert set(ENGLISH) == set(FRENCH) == set(ARTICLES) - {"answers"}
    assert {key: len(texts) for key, texts in ENGLISH.items()} == {key: len(texts) for key, texts in FRENCH.items()}


def test_a_draft_is_written_once_and_says_who_and_what(partnership: Partnership, talks: Talks) -> None:
    version = actions.draft(partnership, by=talks.marcus)
    assert actions.draft(partnership, by=talks.marcus) == version
    said = terms.of(version)
    assert [article.key for article in said.articles] == list(ARTICLES)
    text = " ".join(clause.text for clause in Clause.objects.all())
    for name in ("Riverbend Secondary School", "Harbour Credit Union", "Mentors for 60", "Marcus Lee", "Iris Chen"):
        assert name in text
    assert "{" not in text
    assert [row.label for row in said.roles] == ["Principal", "Champion", "Lead for the partner"]


def test_it_is_not_written_before_both_agree(talks: Talks) -> None:
    with pytest.raises(ValidationError, match="First agree"):
        actions.draft(talks.begin(), by=talks.marcus)


def test_one_changed_fact_changes_page_pdf_and_list(partnership: Partnership, talks: Talks) -> None:
    assert column(partnership) == "Not written yet"
    version = actions.draft(partnership, by=talks.marcus)
    assert column(partnership) == "A draft, without a yes"
    before = terms.of(version)
    assert "Red books." in words(pdf_of(version, talks.marcus))
    Commitment.objects.filter(what="Red books").update(what="A bus", version=2)
    after = terms.of(version)
    assert (before.promises[0].text, after.promises[0].text) == ("Red books.", "A bus.")
    assert before.proof_code != after.proof_code
    said = words(pdf_of(version, talks.marcus))
    assert "A bus." in said
    assert after.proof_code in said


def test_with_the_first_yes_nothing_changes_any_more(partnership: Partnership, talks: Talks) -> None:
    version = said_yes(actions.draft(partnership, by=talks.marcus), Side.SCHOOL, talks.world.helen)
    assert column(partnership) == "The partner’s yes is missing"
    code = terms.of(version).proof_code
    Commitment.objects.update(what="a bus")
    talks.world.initiative.goals.all()[0].measures.update(target=Decimal(99))
    assert terms.of(version).proof_code == code
    with pytest.raises(ValidationError, match="said yes to this text"):
        actions.refuse_once_agreed(version)


def test_the_second_yes_puts_it_into_force(partnership: Partnership, talks: Talks) -> None:
    version = actions.draft(partnership, by=talks.marcus)
    said_yes(version, Side.PARTNER, talks.marcus)
    assert column(partnership) == "The school’s yes is missing"
    version = said_yes(version, Side.SCHOOL, talks.world.helen)
    partnership.refresh_from_db()
    assert (version.state, version.in_force_at, partnership.state) == (State.IN_FORCE, NOW, Partnership.State.ACTIVE)
    assert column(partnership) == "Yes from both"
    assert said_yes(version, Side.SCHOOL, talks.world.helen).answers.count() == 2


def test_a_later_version_replaces_it(partnership: Partnership, talks: Talks) -> None:
    versions = []
    for _ in range(2):
        version = actions.draft(partnership, by=talks.marcus)
        for side, by in ((Side.SCHOOL, talks.world.helen), (Side.PARTNER, talks.marcus)):
            version = said_yes(version, side, by)
        versions.append(version)
    assert list(AgreementVersion.objects.values_list("number", "state")) == [(1, "superseded"), (2, "in_force")]


def test_a_withdrawn_draft_makes_room_for_another(partnership: Partnership, talks: Talks) -> None:
    first = said_yes(actions.draft(partnership, by=talks.marcus), Side.SCHOOL, talks.world.helen)
    for _ in range(2):
        actions.withdraw(first, by=talks.marcus, why="A slip")
    with pytest.raises(ValidationError, match="closed"):
        said_yes(first, Side.PARTNER, talks.marcus)
    assert actions.draft(partnership, by=talks.marcus).number == 2


def test_the_principal_says_the_schools_yes(partnership: Partnership, talks: Talks) -> None:
    version = actions.draft(partnership, by=talks.marcus)
    with pytest.raises(ValidationError, match="The principal records"):
        said_yes(version, Side.SCHOOL, talks.marcus)
    Membership.objects.filter(user=talks.world.helen).update(ended_at=NOW)  # nobody with that right has an account
    assert said_yes(version, Side.SCHOOL, talks.marcus).answers.get().recorded_by == talks.marcus


def test_the_partner_may_say_its_own_and_no_other(partnership: Partnership, talks: Talks) -> None:
    partnerships.share(partnership, lead=talks.world.contact, by=talks.marcus)
    iris = User.objects.get(email="iris@harbour.example")
    version = actions.draft(partnership, by=talks.marcus)
    with pytest.raises(ValidationError, match="The principal records"):
        said_yes(version, Side.SCHOOL, iris)
    assert said_yes(version, Side.PARTNER, iris).answers.get().side == Side.PARTNER


@pytest.mark.parametrize("days", [-1, 1])
def test_a_yes_lies_between_the_draft_and_today(partnership: Partnership, talks: Talks, days: int) -> None:
    version = actions.draft(partnership, by=talks.marcus)
    with pytest.raises(ValidationError):
        said_yes(version, Side.PARTNER, talks.marcus, on=TODAY + timedelta(days=days))


def test_nothing_makes_it_active_before_both_said_yes(partnership: Partnership, talks: Talks) -> None:
    with pytest.raises(GateClosed, match="First both sides say yes"):
        partnerships.move(partnership, to=Partnership.State.ACTIVE, by=talks.marcus)
    talks.world.prospect.refresh_from_db()
    assert talks.world.prospect.stage == Stage.AGREED


def test_staff_and_office_do_not_read_it(partnership: Partnership, talks: Talks) -> None:
    actions.draft(partnership, by=talks.marcus)
    world: SmallWorld = talks.world
    for role, reads in ((Role.STAFF, False), (Role.OFFICE, False), (Role.PRINCIPAL, True)):
        reader = User.objects.create_user(f"{role}@tandem.example", role)
        Membership.objects.create(user=reader, role=role, board=world.board, school=world.school, is_lead=False)
        assert AgreementVersion.objects.visible_to(reader).exists() == reads
        assert Clause.objects.visible_to(reader).exists() == reads


def test_the_right_to_read_it_is_held_where_it_is(partnership: Partnership, talks: Talks) -> None:
    """An office that sits at the partner too sees the partnership; its agreement only once that is shared."""
    world: SmallWorld = talks.world
    draft = actions.draft(partnership, by=talks.marcus)
    office = User.objects.create_user("office@tandem.example", "Office")
    for role, scope in ((Role.OFFICE, {"school": world.school}), (Role.PARTNER, {"business": world.business})):
        Membership.objects.create(user=office, role=role, board=world.board, is_lead=False, **scope)
    assert partnership in Partnership.objects.visible_to(office)
    assert not Clause.objects.visible_to(office).exists()
    partnerships.share(partnership, lead=world.contact, by=talks.marcus)
    assert draft in AgreementVersion.objects.visible_to(User.objects.get(pk=office.pk))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_memorandum_on_paper(partnership: Partnership, talks: Talks, language: str, paper: str) -> None:
    world: SmallWorld = talks.world
    world.school.language, world.board.paper = language, paper
    world.school.save()
    world.board.save()
    with translation.override(language):
        version = said_yes(actions.draft(partnership, by=talks.marcus), Side.SCHOOL, world.helen)
    pdf = pdf_of(version, talks.marcus)
    said = words(pdf)
    draft = {"en": "Draft wording, not for signature", "fr": "Projet de texte, non destiné à la signature"}[language]
    for text in (draft, "Harbour Credit Union", "Somebody", terms.of(version).proof_code, "1.1", "14.2"):
        assert text in said
    assert 3 <= len(pdf.pages) <= 6
    fonts = {str(font["/BaseFont"]) for page in pdf.pages for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert {name.split("+")[-1][:8] for name in fonts} == {"Source-S"}
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert clock.now() == NOW
    assert YEAR["ends_on"] == version.ends_on
