"""Whatever is typed or sent: a message at the field with what was typed still there, one row, never a 500.

Every form is found by opening every page. What is sent is a whole form that would be saved, with one kind of mistake
in every field that can hold it.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django import forms
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Absence, User
from agreements.models import Clause
from boards.models import Board, ClosedPeriod, StrategicGoal, YearPart
from businesses.models import Business, Contact
from core.keyset import page as keyset_page
from outreach.models import CallPlan, FollowUp, Interaction, Meeting, Prospect, Stage
from partnerships.models import Commitment, Partnership, PartnershipYear, Session
from people.models import AccessRequest, Invitation, SignOn
from schools.models import (
    Family,
    Goal,
    ImprovementGoal,
    Initiative,
    Joining,
    KeyPerson,
    Measure,
    Measurement,
    Need,
    School,
)
from tests.factories import rows
from tests.factories.models import owned
from tests.factories.pages import MISSING, ROLES, OpenForm, named, open_forms, pages
from tests.factories.sent import OPENS_ONCE_READY, Sent, Writes, as_shown, filled, make_ready, with_token, writes
from tests.factories.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing"), pytest.mark.xdist_group("bad_input")]
SignIn = Callable[[User], Client]


# ── Sending ──


@dataclass
class Desk:
    """Everybody's browser and every form of the site."""

    world: World
    sign_in: SignIn
    forms: list[OpenForm]
    browsers: dict[str, Client]

    def send(self, form: OpenForm, sent: Sent) -> Any:
        return self.browsers[form.role].post(form.url, sent)

    def form(self, name: str) -> OpenForm:
        return next(form for form in self.forms if form.page.name == name)


@pytest.fixture(scope="module")
def opened() -> list[OpenForm]:
    """Every form of the site; filled when first asked for, so that a module opens them once."""
    return []


@pytest.fixture
def desk(world: World, signed_in: SignIn, opened: list[OpenForm]) -> Desk:
    if not opened:
        opened += open_forms(world, signed_in)
    browsers = {role: signed_in(world.user(role)) for role in ("principal", *ROLES)}
    return Desk(world, signed_in, opened, browsers)


@contextmanager
def taken_back() -> Iterator[Writes]:
    """What is written inside is listened to, and undone at the end."""
    with transaction.atomic(), writes() as written:
        yield written
        transaction.set_rollback(True)


def errors_of(answer: Any) -> dict[str, list[str]]:
    """The faults a page names, by field."""
    if not answer.context or "form" not in answer.context:
        return {}
    return {name: [str(fault) for fault in faults] for name, faults in answer.context["form"].errors.items()}


def test_the_forms_are_found(desk: Desk) -> None:
    assert len(desk.forms) >= 22
    assert {form.page.name for form in desk.forms} >= {"school_edit", "need_add", "meeting_after", "board_edit"}


# ── One kind of mistake in every field ──

LONG = "long " * 40_000  # 200 KB


def is_text(field: forms.Field) -> bool:
    """A field that holds words."""
    return isinstance(field, forms.CharField)


def is_number(field: forms.Field) -> bool:
    return isinstance(field, forms.IntegerField)  # a DecimalField is one


def is_an_amount(field: forms.Field) -> bool:
    """A number that says how much or how many; a coordinate lies on either side of 0."""
    least = [rule.limit_value for rule in field.validators if isinstance(rule, MinValueValidator)]
    return is_number(field) and not any(limit < 0 for limit in least)


def is_day(field: forms.Field) -> bool:
    return isinstance(field, forms.DateField)


def is_choice(field: forms.Field) -> bool:
    return isinstance(field, forms.ChoiceField)


def is_typed_on_one_line(field: forms.Field) -> bool:
    return is_text(field) and not isinstance(field.widget, forms.Textarea)


@dataclass(frozen=True)
class Mistake:
    """Something no field that `fits` may take."""

    name: str
    value: str
    fits: Callable[[forms.Field], bool]

    def __str__(self) -> str:
        return self.name


MISTAKES = [
    Mistake("words for a number", "many", is_number),
    Mistake("negative", "-5", is_an_amount),
    Mistake("40 digits", "9" * 40, is_number),
    Mistake("5,000 digits", "9" * 5000, is_number),
    Mistake("no number", "NaN", is_number),
    Mistake("infinite", "Infinity", is_number),
    Mistake("huge exponent", "1e999999", is_number),
    Mistake("tiny exponent", "1e-999999", is_number),
    Mistake("NUL in a number", "1\x00", is_number),
    Mistake("words for a day", "next Tuesday", is_day),
    Mistake("a day that is none", "2026-02-30", is_day),
    Mistake("year 9999", "9999-12-31", is_day),
    Mistake("year 1", "0001-01-01", is_day),
    Mistake("year 0", "0000-01-01", is_day),
    Mistake("year 20260", "20260-01-01", is_day),
    Mistake("NUL in a day", "2026-03-11\x00", is_day),
    Mistake("a time that is none", "25:61", lambda field: isinstance(field, forms.TimeField)),
    Mistake("NUL in a time", "10:\x0000", lambda field: isinstance(field, forms.TimeField)),
    Mistake("no such choice", "no-such-choice", is_choice),
    Mistake("a choice of 40 digits", "9" * 40, is_choice),
    Mistake("NUL in a choice", "1\x00", is_choice),
    Mistake("NUL", "a\x00b", is_text),
    Mistake("a direction override", "a\u202egnirts", is_text),
    Mistake("an isolate", "a\u2066b", is_text),
    Mistake("a zero-width space", "a\u200bb", is_text),
    Mistake("an escape character", "a\x1b[31mb", is_text),
    Mistake("two lines in one", "two\nlines", is_typed_on_one_line),
    Mistake("no address", "nobody at all", lambda field: isinstance(field, forms.EmailField)),
    Mistake("a script for a website", "javascript:alert(1)", lambda field: isinstance(field, forms.URLField)),
    Mistake("a broken website", "https://[", lambda field: isinstance(field, forms.URLField)),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_said_at_its_field(mistake: Mistake, desk: Desk) -> None:
    wrong, met = [], 0
    for form in desk.forms:
        names = [name for name, field in form.form.fields.items() if mistake.fits(field)]
        if not names:
            continue
        met += 1
        values = {name: _as_sent(form.form.fields[name], mistake.value) for name in names}
        with taken_back() as written:
            answer = desk.send(form, with_token(filled(form.form) | values))
        wrong += _refused(form, answer, written, names, mistake.value)
    assert met, "no form has such a field"
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("which", [0, -1], ids=["first field", "last field"])
def test_200_kb_of_text(which: int, desk: Desk) -> None:
    wrong = []
    for form in desk.forms:
        names = [name for name, field in form.form.fields.items() if is_text(field)][which:][:1]
        if not names:
            continue
        with taken_back() as written:
            answer = desk.send(form, with_token(filled(form.form) | dict.fromkeys(names, LONG)))
        wrong += _refused(form, answer, written, names, LONG.strip())
    assert not wrong, "\n".join(wrong)


def test_2_mb_of_text_is_not_read(desk: Desk) -> None:
    for form in desk.forms:
        with taken_back() as written:
            answer = desk.send(form, {"title": LONG * 10})
        assert answer.status_code == 400
        assert written.statements == []


def test_nothing_at_all(desk: Desk) -> None:
    """An empty form says what is needed; a form in which nothing is needed is saved."""
    wrong = []
    for form in desk.forms:
        needed = [name for name, field in form.form.fields.items() if field.required]
        with taken_back() as written:
            answer = desk.send(form, {"version": "1"})
        if needed:
            wrong += _refused(form, answer, written, needed, "")
        elif answer.status_code >= 500:
            wrong.append(f"{form}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def _as_sent(field: forms.Field, value: str) -> Any:
    return [value] if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField) else value


OF_DJANGO = re.compile(
    r"This field|Ensure |Enter a valid|Enter a number\.|Enter a whole number\.|Select a valid|” value"
)


def _of_django(faults: Iterable[list[str]]) -> list[str]:
    """The messages that speak Django's words and not ours."""
    return [text for texts in faults for text in texts if OF_DJANGO.search(text)]


def _refused(form: OpenForm, answer: Any, written: Writes, names: list[str], value: str) -> list[str]:
    """What is wrong with how a form was refused."""
    if answer.status_code != 422:
        return [f"{form} {names}: answered {answer.status_code}"]
    faults = errors_of(answer)
    wrong = [f"{form}: {text}" for text in _of_django(faults.values())]
    page = answer.content.decode()
    for name in names:
        if name not in faults:
            wrong.append(f"{form}: nothing is said at {name}")
        elif html.escape(faults[name][0]) not in page and faults[name][0] not in html.unescape(page):
            wrong.append(f"{form}: {name} is wrong and the page does not say so")
        if is_choice(form.form.fields[name]) or "\x00" in value or form.form.fields[name].widget.is_hidden:
            continue  # no control can show it again
        if value and html.escape(value) not in page:
            wrong.append(f"{form}: what was typed into {name} is gone")
    if "to fix" not in page:
        wrong.append(f"{form}: the page does not say how many things are to be fixed")
    if written.statements:
        wrong.append(f"{form}: refused and wrote {written.statements[0]}")
    return wrong


def test_half_a_character_is_kept_out(desk: Desk) -> None:
    """A lone surrogate cannot be written in UTF-8; sent all the same, it never reaches a database as one."""
    for form in desk.forms:
        names = [name for name, field in form.form.fields.items() if is_text(field)]
        if not names:
            continue
        sent = with_token(filled(form.form) | dict.fromkeys(names, "@@"))
        body = "&".join(f"{name}={v}" for name, value in sent.items() for v in _several(value))
        raw = body.encode().replace(b"@@", b"half%ED%A0%80").replace(b" ", b"+")
        with taken_back() as written:
            browser = desk.browsers[form.role]
            answer = browser.generic("POST", form.url, raw, "application/x-www-form-urlencoded")
        assert answer.status_code == 422, f"{form} answered {answer.status_code}"
        assert written.statements == []


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_text_that_grows_when_it_is_put_in_order(desk: Desk) -> None:
    """Some letters are two once they are normalised: what is as long as allowed before may be too long after."""
    wrong = []
    for form in desk.forms:
        for name, field in form.form.fields.items():
            if not is_text(field) or isinstance(field, forms.EmailField | forms.URLField) or not field.max_length:  # type: ignore[attr-defined]
                continue
            with taken_back() as written:
                answer = desk.send(form, with_token(filled(form.form) | {name: "\u0958" * field.max_length}))  # type: ignore[attr-defined]
            if answer.status_code != 422 or written.statements:
                wrong.append(f"{form} {name}: answered {answer.status_code}")
    assert not wrong, "\n".join(wrong)


# ── Mistakes of two fields, and of sense ──

BEYOND_ONE_FIELD: list[tuple[str, Sent, str]] = [
    ("closed_period_add", {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "ends_on"),
    ("closed_period_add", {"starts_on": "1990-01-01", "ends_on": "2099-12-31"}, "ends_on"),
    ("closed_period_add", {"starts_on": "2026-05-02", "ends_on": "yesterday"}, "ends_on"),
    ("closed_period_add", {"starts_on": "", "ends_on": ""}, "starts_on"),
    ("closed_period_edit", {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "ends_on"),
    ("year_part_add", {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "ends_on"),
    ("year_part_add", {"kind": "last_day", "starts_on": "2026-05-01", "ends_on": "2026-05-02"}, "ends_on"),
    ("year_part_add", {"starts_on": "2026-01-01", "ends_on": "2027-02-01"}, "ends_on"),
    ("year_part_edit", {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "ends_on"),
    ("holidays_fill", {"year": "1066"}, "year"),
    ("strategic_goal_add", {"title_en": "", "title_fr": ""}, "title_fr"),
    ("board_edit", {"zone_name": "Mars/Olympus"}, "zone_name"),
    ("board_edit", {"ministry_number": "B12"}, "ministry_number"),
    ("board_edit", {"meeting_after_days": "61"}, "meeting_after_days"),
    ("school_edit", {"enrolment": "3"}, "enrolment"),
    ("school_edit", {"latitude": "43.5", "longitude": ""}, "longitude"),
    ("outline_part", {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "ends_on"),
    ("measure_add", {"baseline": "5", "target": "5"}, "target"),
    ("measure_add", {"baseline": "5", "target": "9", "direction": "down"}, "target"),
    ("measure_edit", {"baseline": "9", "target": "5", "direction": "up"}, "target"),
    ("need_add", {"times": "500"}, "times"),
    ("need_add", {"times": "13", "times_unit": "semesters"}, "times"),
    ("need_add", {"frequency": "weekly", "times": ""}, "times"),
    ("need_add", {"kind": "transportation", "what": ""}, "what"),
    ("need_add", {"kind": "mentors", "what": "", "quantity": ""}, "quantity"),
    ("need_add", {"quantity": "0"}, "quantity"),
    ("prospect_move", {"to": "not_now", "ask_again_on": ""}, "ask_again_on"),
    ("prospect_move", {"to": "declined", "reason": ""}, "reason"),
    ("prospect_move", {"to": "agreed"}, "to"),
    ("prospect_move", {"to": "not_now", "ask_again_on": "2026-03-10"}, "ask_again_on"),
    ("prospect_add", {"next_step_on": "2026-03-10"}, "next_step_on"),
    ("next_step", {"next_step_on": "2026-03-10"}, "next_step_on"),
    ("interaction_add", {"next_step": "Call", "next_step_on": "2026-03-10"}, "next_step_on"),
    ("interaction_edit", {"day": "2026-03-12"}, "day"),
    ("business_add", {"phone": "abc"}, "phone"),
    ("business_add", {"phone": "555 010"}, "phone"),
    ("contact_edit", {"phone": "call 905 555 0100"}, "phone"),
    ("school_edit", {"phone": "none"}, "phone"),
    ("interaction_add", {"day": "2026-03-12"}, "day"),
    ("interaction_add", {"next_step": "Call", "next_step_on": ""}, "next_step_on"),
    ("meeting_add", {"minutes": "4"}, "minutes"),
    ("meeting_add", {"minutes": "601"}, "minutes"),
    ("meeting_after", {"part": "what_happened", "answer": "done", "what_happened": " "}, "what_happened"),
    ("meeting_after", {"part": "decision_call", "answer": "done", "decision_call_on": ""}, "decision_call_on"),
    ("meeting_after", {"part": "everything", "answer": "done"}, "part"),
    ("meeting_after", {"part": "thank_you", "answer": "perhaps"}, "answer"),
    ("partnership_begin", {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "ends_on"),
    ("partnership_begin", {"starts_on": "2026-05-02", "ends_on": "2029-05-01"}, "ends_on"),
    ("already_with_us", {"starts_on": "2026-05-02", "ends_on": "2026-05-02"}, "ends_on"),
    ("already_with_us", {"contact_name": ""}, "contact_name"),
    ("partnership_move", {"to": "forming"}, "to"),
    ("partnership_move", {"to": "active"}, "to"),
    ("partnership_move", {"to": "ending", "why": ""}, "why"),
    ("partnership_share", {"contact": ""}, "contact"),
    ("partnership_invite", {"contact": "x"}, "contact"),
    ("year_add", {"starts_on": "2026-03-11", "ends_on": "2026-12-11"}, "starts_on"),
    ("year_edit", {"starts_on": "2026-03-10", "ends_on": "2026-12-11"}, "starts_on"),
    ("commitment_add", {"side": "school"}, "need"),
    ("commitment_add", {"side": "board"}, "side"),
    ("commitment_add", {"kind": "transportation", "what": ""}, "what"),
    ("commitment_add", {"frequency": "weekly", "times": ""}, "times"),
    ("session_add", {"held_on": "2026-03-12"}, "held_on"),
    ("session_add", {"held_on": "2020-03-12"}, "held_on"),
    ("session_add", {"volunteers": "501"}, "volunteers"),
    ("session_add", {"volunteers": "2", "hours": "49"}, "hours"),
    ("session_correct", {"students": "-1"}, "students"),
    ("participation_answer", {"answer": "perhaps"}, "answer"),
    ("agreement_yes", {"said_on": "2026-03-12"}, "said_on"),
    ("agreement_yes", {"said_on": "2026-03-05"}, "said_on"),
    ("agreement_yes", {"how": "by pigeon"}, "how"),
    ("clause_edit", {"text": " "}, "text"),
    ("evaluation_answer", {"q1a": "6"}, "q1a"),
    ("evaluation_answer", {"q12b": ""}, "q12b"),
    ("evaluation_choose", {"decision": "wait"}, "decision"),
    ("support", {"board": "Nowhere"}, "board"),
    ("support", {"hours": "73"}, "hours"),
    ("support", {"reason": " "}, "reason"),
    ("board_support", {"email": "person@example.org"}, "email"),
    ("board_support", {"hours": "0"}, "hours"),
    ("board_support", {"reason": "x" * 301}, "reason"),
]


@pytest.mark.parametrize(("name", "changes", "field"), BEYOND_ONE_FIELD, ids=lambda part: str(part)[:60])
def test_what_makes_no_sense_is_said(name: str, changes: Sent, field: str, desk: Desk) -> None:
    form = desk.form(name)
    with taken_back() as written:
        answer = desk.send(form, with_token(filled(form.form) | changes))
    assert answer.status_code == 422
    faults = errors_of(answer)
    assert list(faults) == [field]
    assert faults[field][0] in html.unescape(answer.content.decode())
    assert written.statements == []


# ── Rows of others ──


def test_no_form_takes_a_row_of_another_place(desk: Desk) -> None:
    """Not of another board, not of another school; and it is refused in the words for one that does not exist."""
    wrong, met = [], 0
    for form in desk.forms:
        for name, field in form.form.fields.items():
            if not isinstance(field, forms.ModelChoiceField):
                continue
            model = field.queryset.model  # type: ignore[union-attr]
            missing = _choose(desk, form, name, field, MISSING)
            for place in ("near", "far"):
                if model in (StrategicGoal, Family, Business) and place == "near":
                    continue  # the neighbour's board is one's own
                row = (
                    desk.world.places[place].people["champion"]
                    if model is User
                    else desk.world.places[place].rows[model]
                )
                met += 1
                if (found := _choose(desk, form, name, field, row.pk)) != (422, missing[1]):
                    wrong.append(f"{form} {name} takes the {model.__name__} of {place}: {found}")
            if missing[0] != 422 or name not in missing[1]:
                wrong.append(f"{form} {name} takes a row that does not exist: {missing}")
    assert met >= 20
    assert not wrong, "\n".join(wrong)


def _choose(desk: Desk, form: OpenForm, name: str, field: forms.Field, pk: int) -> tuple[int, dict[str, list[str]]]:
    with taken_back() as written:
        answer = desk.send(form, with_token(filled(form.form) | {name: _as_sent(field, str(pk))}))
    assert answer.status_code != 422 or written.statements == []
    return answer.status_code, errors_of(answer)


def test_a_contact_of_another_organisation_is_nobody_one_met(desk: Desk) -> None:
    """The same board's directory holds both, and one may see both."""
    other = rows.contact(rows.business(desk.world.places["own"].board))
    for name in ("interaction_add", "meeting_add", "meeting_edit"):
        form = desk.form(name)
        answer = desk.send(form, with_token(filled(form.form) | {"contact": str(other.pk)}))
        assert (answer.status_code, list(errors_of(answer))) == (422, ["contact"])


def test_an_organisation_of_another_board_is_no_prospect(desk: Desk) -> None:
    """Somebody who works in two boards sees both directories; a row never joins them."""
    from accounts.permissions import Role

    far = desk.world.places["far"]
    user = desk.world.user("champion")
    rows.member(user, Role.CHAMPION, far.board, school=far.school)
    browser = desk.sign_in(user)
    url = reverse("prospect_add", args=[far.rows[Business].pk])
    sent = {
        "initiative": desk.world.places["own"].rows[Initiative].pk,
        "next_step": "Call",
        "next_step_on": "2026-03-12",
    }
    answer = browser.post(url, with_token(sent))
    assert (answer.status_code, list(errors_of(answer))) == (422, ["initiative"])


# ── Lists and addresses ──

QUERIES = [
    "q=%00",
    "q=a%00b",
    "q=%ED%A0%80",
    "q=%FF%FE",
    "q=%E2%80%AEabc",
    "q=%25_%27%22%5C",
    "q=" + "x" * 200_000,
    "q=" + "a+" * 2_000,
    "after=junk",
    "after=%00",
    "after=%ED%A0%80",
    "after=" + "x" * 20_000,
    "before=",
    "before=junk",
    "before=%00&after=%00",
    "after=eyJhIjoxfQ:1abc:def",
    "stage=junk",
    "stage=%00",
    "stage=%ED%A0%80&q=%00",
    "next=%00&q=1&q=2",
]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:30])
def test_lists_take_any_query(query: str, desk: Desk) -> None:
    browser = desk.browsers["board_admin"]
    asked_of = [page for page in pages() if page.policy and page.policy.permissions and not page.is_post_only]
    lists = [page for page in asked_of if page.subject is None]
    asked = [page.url(desk.world) for page in lists if page.name not in ("boards", "support")]
    assert len(asked) >= 4
    with writes() as written:
        assert {url: browser.get(f"{url}?{query}").status_code for url in asked} == dict.fromkeys(asked, 200)
    assert written.statements == []


def test_the_key_of_another_list_is_the_first_page(desk: Desk) -> None:
    """A key is signed for its order; of another order, or changed, it leads to the beginning."""
    own = desk.world.places["own"]
    for _ in range(30):
        rows.business(own.board)
    browser = desk.browsers["champion"]

    def shown(**query: str) -> list[int]:
        return [row.pk for row in browser.get(reverse("businesses"), query).context["page"].rows]

    names = keyset_page(Business.objects.all(), "name", {}).after
    dates = keyset_page(Prospect.objects.all(), "stage_since", {}, size=1).after
    assert names
    assert dates
    assert set(shown()) & set(shown(after=names)) == set()
    for key in (dates, names[:-1], f"{names}x", names.upper()):
        assert shown(after=key) == shown()


def test_a_sentence_is_read_back_from_anything(desk: Desk) -> None:
    url = named("need_sentence").url(desk.world)
    fields = desk.form("need_add").form.fields
    for value in ("", "\x00", "-5", "9" * 5000, "NaN", "\u202e", "x" * 20_000, "<b>", "1e999999", "none"):
        assert desk.browsers["champion"].get(url, dict.fromkeys(fields, value)).status_code == 200
    assert b"<b>" not in desk.browsers["champion"].get(url, {"kind": "equipment", "what": "<b>"}).content


@pytest.mark.parametrize("pk", ["99999999999999999999", "9223372036854775808", "0", "00000001x", "-1", "%00"])
def test_addresses_of_no_row(pk: str, desk: Desk) -> None:
    browser = desk.browsers["champion"]
    for page in pages():
        if page.subject and not page.is_post_only:
            assert browser.get("/" + page.route.replace("<int:pk>", pk)).status_code == 404, page.name


def test_what_one_chooses_for_oneself(desk: Desk) -> None:
    browser = desk.browsers["champion"]
    with writes() as written:
        for name, field in (("language", "language"), ("theme", "theme")):
            for value in ("", "xx", "\x00", "e" * 5000, "<b>"):
                for back in (
                    "https://evil.example/",
                    "//evil.example",
                    "/\\evil.example",
                    "javascript:alert(1)",
                    "\x00",
                ):
                    answer = browser.post(reverse(name), {field: value, "next": back})
                    assert (answer.status_code, answer["Location"]) == (302, "/")
                    assert not answer.cookies
    assert written.statements == []


def test_signing_in_takes_anything(desk: Desk, client: Client) -> None:
    client.raise_request_exception = False
    met = 0
    for page in pages():
        if page.policy is None or not page.policy.is_public or page.is_post_only:
            continue
        url = page.url(desk.world)
        shown: Any = client.get(url)
        if not shown.context or "form" not in shown.context or page.name == "begin":
            continue
        met += 1
        for value in ("", "\x00", "a\x00@example.org", "\u202e@example.org", "x" * 200_000, "a@b", "Ⅳ@example.org"):
            sent = dict.fromkeys(shown.context["form"].fields, value)
            with taken_back():
                assert client.post(url, sent).status_code in (200, 302, 422, 429), (page.name, value[:20])
    assert met >= 3


# ── Twice ──


def test_a_double_click_makes_one_row(desk: Desk, record_property: Callable[[str, object], None]) -> None:
    """The same form sent twice: the second writes nothing and leads where the first led."""
    wrong = []
    for form in desk.forms:
        sent = with_token(filled(form.form))
        with taken_back():
            make_ready(form.page.name, desk.world)
            first = desk.send(form, sent)
            with writes() as written:
                second = desk.send(form, sent)
        where = [answer.headers.get("Location") for answer in (first, second)]
        if first.status_code != 302:
            wrong.append(f"{form} was not saved at all: {first.status_code} {errors_of(first)}")
        elif second.status_code != 302 or where[0] != where[1] or written.statements:
            wrong.append(
                f"{form}: the second click got {second.status_code}, {where[1]}, {errors_of(second)},"
                f" {written.statements[:1]}"
            )
    record_property("forms sent twice that made one row", len(desk.forms) - len(wrong))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("initiative_summary", "champion"),
        ("meeting_summary", "champion"),
        ("agreement_draft", "champion"),
        ("agreement_pdf", "champion"),
        ("evaluation_pdf", "champion"),
        ("invitation_again", "board_admin"),
        ("invitation_withdraw", "board_admin"),
        ("absence_call_off", "board_admin"),
        ("partner_person_end", "champion"),
        ("support_end", "board_admin"),
    ],
)
def test_a_double_click_does_one_thing(name: str, role: str, desk: Desk) -> None:
    url, sent = named(name).url(desk.world), with_token({})
    first = desk.browsers[role].post(url, sent)
    with writes() as written:
        second = desk.browsers[role].post(url, sent)
    assert written.statements == []
    assert first["Location"] == second["Location"]


def test_a_next_step_that_is_done_twice_is_done_once(desk: Desk) -> None:
    url = named("next_step_done").url(desk.world)
    first = desk.browsers["champion"].post(url)
    with writes() as written:
        second = desk.browsers["champion"].post(url)
    assert written.statements == []
    assert first["Location"] == second["Location"] == "/"


def test_every_page_that_acts_for_a_row_is_sent_once() -> None:
    """What a page without a form of its own does is in the tests above by name."""
    acting = {page.name for page in pages() if page.is_post_only and page.subject}
    assert acting == {
        "initiative_summary",
        "meeting_summary",
        "next_step_done",
        "agreement_draft",
        "agreement_pdf",
        "evaluation_pdf",
        "invitation_again",
        "invitation_withdraw",
        "absence_call_off",
        "partner_person_end",
        "support_end",
        "import_apply",  # tests/engines/imports
        "import_stop",  # the same
        "joining_withdraw",  # tests/demo/test_joining.py
        "legal_hold_lift",  # tests/people/test_privacy_pages.py
        "sign_on_look",  # tests/people/test_sign_on.py
    }


@pytest.mark.parametrize("token", ["", "junk", "\x00", "x" * 200_000, "{" + "0" * 32 + "}", "-1"])
def test_a_broken_token_saves_all_the_same(token: str, desk: Desk) -> None:
    form = desk.form("business_add")
    answer = desk.send(form, filled(form.form) | {"form_token": token})
    assert answer.status_code == 302
    answer = desk.send(form, {"name": "", "form_token": token})
    assert answer.status_code == 422


def test_the_token_of_somebody_else_leads_nowhere_new(desk: Desk) -> None:
    form = desk.form("business_add")
    sent = with_token(filled(form.form))
    first = desk.send(form, sent)
    answer = desk.browsers["principal"].post(form.url, sent)
    assert answer.status_code == 302
    assert answer["Location"] != first["Location"]


# ── Somebody else was faster ──


def versioned(desk: Desk) -> list[OpenForm]:
    """The forms that edit a row."""
    return [form for form in desk.forms if "version" in form.form.fields]


def test_every_edit_carries_its_version(desk: Desk) -> None:
    edited = {form.page.name for form in desk.forms if getattr(getattr(form.form, "instance", None), "pk", None)}
    assert {form.page.name for form in versioned(desk)} == edited
    assert len(edited) >= 10


def test_the_second_of_two_who_edit_is_told(desk: Desk) -> None:
    """And then wins, knowingly."""
    wrong = []
    for form in versioned(desk):
        texts = {name: field for name, field in form.form.fields.items() if is_text(field)}
        if not texts:  # a form of days alone
            continue
        name = next((name for name, field in texts.items() if is_typed_on_one_line(field)), next(iter(texts)))
        colleague = desk.browsers["principal" if form.role == "champion" else form.role]
        with taken_back():
            opened: Any = desk.browsers[form.role].get(form.url)
            mine = as_shown(opened.context["form"])
            theirs = mine | {name: _short(opened, name, "Theirs")}
            saved = colleague.post(form.url, with_token(theirs))
            refused = desk.send(form, with_token(mine | {name: _short(opened, name, "Mine")}))
            page = html.unescape(refused.content.decode())
            if (saved.status_code, refused.status_code) != (302, 422):
                wrong.append(f"{form}: {saved.status_code} {errors_of(saved)}, then {refused.status_code}")
                continue
            if theirs[name] not in page or _short(opened, name, "Mine") not in page:
                wrong.append(f"{form}: does not show both")
            again = desk.send(
                form, as_shown(refused.context["form"]) | {"form_token": str(refused.context["form_token"])}
            )
            row = type(form.form.instance)._base_manager.get(pk=form.form.instance.pk)  # type: ignore[attr-defined]
            said = form.form.beyond(row).get(name) or getattr(row, name)  # type: ignore[attr-defined]
            if again.status_code != 302 or said != _short(opened, name, "Mine"):
                wrong.append(f"{form}: saving again answered {again.status_code} {errors_of(again)}")
    assert not wrong, "\n".join(wrong)


def _short(opened: Any, name: str, text: str) -> str:
    """`text` as the field takes it."""
    field = opened.context["form"].fields[name]
    if isinstance(field, forms.EmailField):
        return f"{text.lower()}@example.org"
    if name == "domain":
        return f"{text.lower()}.example"
    return text if name != "zone_name" else {"Theirs": "America/Winnipeg", "Mine": "America/Toronto"}[text]


@pytest.mark.parametrize("version", ["", "0", "-1", "99", "x"])
def test_an_edit_without_its_version_is_not_saved(version: str, desk: Desk) -> None:
    for form in versioned(desk):
        with taken_back():
            answer = desk.send(form, with_token(as_shown(form.form) | {"version": version}))
        assert answer.status_code == 422, form


# ── What may be there only once ──

# Constraints nobody can break on a page, each with the reason.
NOT_ON_A_PAGE = {
    "sign_on_domain_of_one_board": "the look at the domain finds it: tests/people/test_sign_on.py",
    "one_board_per_ministry_number": "the look at the number finds it: tests/boards/test_ministry_number.py",
    "one_school_per_ministry_number": "the number comes from the ministry's file",
    "one_school_figure_per_kind": "figures come from the ministry's file",
    "one_family_per_name": "families have no page yet",
    "one_message_per_key": "planned by the engine, which finds the row that is there",
    "one_reminder_per_key": "planned by the engine, which finds the row that is there",
    "one_open_support_per_operator_and_board": "a second one is refused in words: tests/people/test_support.py",
    "one_rate_per_kind_of_help": "one form holds all kinds: tests/boards/test_rates.py",
    "one_key_person_per_account": "a name may stand in its place: tests/schools/test_key_people.py",
    "one_line_per_mailing": "chosen by the engine, which leaves out what is there",
    **{
        f"one_{what}_per_{scope}": reason
        for what, reason in {
            "membership": "a role that is held is found: tests/people",
            "lead": "who led before leads no more: tests/people",
            "invitation": "a new one takes the place of the one that waits: tests/people",
        }.items()
        for scope in ("board", "family", "school", "business")
    },
    "one_agreement_version_per_number": "a new version takes the next number under a lock",
    "one_draft_per_partnership": "a draft that is there is found: tests/agreements",
    "one_agreement_in_force_per_partnership": "the one before is replaced: tests/agreements",
    "one_clause_per_number": "clauses are numbered when they are drafted",
    "one_agreed_role_per_part": "copied from the partnership, which has one of each",
    "one_yes_per_side": "said again it is the same yes: tests/agreements",
    "one_response_per_person": "sent again it is refused in words: tests/evaluation",
    "one_answer_per_question": "written with their response, one for each question",
    "one_choice_per_side": "a side's choice is replaced until both want the same: tests/evaluation",
    "one_partnership_year_per_number": "a new year takes the next number under a lock",
    "one_participation_counts_per_session": "moved under a lock: tests/partnerships/test_sessions.py",
    "one_participation_waits_per_session": "moved under a lock: tests/partnerships/test_sessions.py",
    "one_prospect_per_initiative_and_business": "an old prospect is found: test_a_prospect_is_never_doubled",
    "one_tick_per_part": "a tick said twice is one: test_a_tick_said_twice_is_one",
}


def doubles(desk: Desk) -> list[tuple[OpenForm, models.UniqueConstraint, Any]]:
    """Each form with each constraint on its row, and the marked row it may not double."""
    found = []
    for form in desk.forms:
        if not isinstance(form.form, forms.ModelForm):
            continue
        model: type[models.Model] = form.form._meta.model
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.name not in NOT_ON_A_PAGE:
                found.append((form, constraint, desk.world.places["own"].rows[model]))
    return found


def test_every_constraint_is_on_a_page_or_has_a_reason(desk: Desk) -> None:
    unique = {c.name for m in owned() for c in m._meta.constraints if isinstance(c, models.UniqueConstraint)}
    tried = {constraint.name for _form, constraint, _row in doubles(desk)}
    assert tried | set(NOT_ON_A_PAGE) == unique
    assert tried & set(NOT_ON_A_PAGE) == set()
    assert len(tried) >= 5


def test_a_double_is_refused_in_words(desk: Desk) -> None:
    wrong = []
    for form, constraint, row in doubles(desk):
        model = type(row)
        with taken_back():
            if form.form.instance.pk:  # type: ignore[attr-defined]
                row = _another(row)
            same = {name: value for name, value in _values(row, constraint).items() if name in form.form.fields}
            with writes() as written:
                answer = desk.send(form, with_token(filled(form.form) | same))
            said = str(constraint.violation_error_message)
            if answer.status_code != 422 or said not in html.unescape(answer.content.decode()):
                wrong.append(
                    f"{form}: a double {model.__name__} of {same} got {answer.status_code} {errors_of(answer)}"
                )
            if written.statements:
                wrong.append(f"{form}: a double wrote {written.statements[0]}")
    assert not wrong, "\n".join(wrong)


def _another(row: models.Model) -> Any:
    """A second row beside `row`, for an edit to collide with."""
    beside: dict[type[models.Model], Callable[[Any], models.Model]] = {
        StrategicGoal: lambda row: rows.strategic_goal(row.board),
        ClosedPeriod: lambda row: rows.closed_period(row.board),
        YearPart: lambda row: rows.year_part(row.board),
        ImprovementGoal: lambda row: rows.improvement_goal(row.school),
        Goal: lambda row: rows.goal(row.initiative),
        Measurement: lambda row: rows.measurement(row.measure, row.logged_by),
        Contact: lambda row: rows.contact(row.business),
        SignOn: lambda row: SignOn.objects.create(board=row.board, domain="other.example", issuer=row.issuer),
    }
    return beside[type(row)](row)


def _values(row: models.Model, constraint: models.UniqueConstraint) -> Sent:
    return {name: str(getattr(row, name)) for name in constraint.fields}


def test_an_address_differs_by_more_than_case(desk: Desk) -> None:
    contact = desk.world.places["own"].rows[Contact]
    form = desk.form("contact_add")
    answer = desk.send(form, with_token(filled(form.form) | {"email": contact.email.upper()}))
    assert answer.status_code == 422
    again = {"email": ""}
    for _ in range(2):
        assert desk.send(form, with_token(filled(form.form) | again)).status_code == 302


def test_a_title_differs_by_more_than_how_an_accent_is_written(desk: Desk) -> None:
    form = desk.form("goal_add")
    assert desk.send(form, with_token(filled(form.form) | {"title": "Un \u00e9t\u00e9"})).status_code == 302
    assert desk.send(form, with_token(filled(form.form) | {"title": "Un e\u0301te\u0301"})).status_code == 422


def test_a_prospect_is_never_doubled(desk: Desk) -> None:
    """Made again it is the same one, reopened if it was closed."""
    prospect = desk.world.places["own"].rows[Prospect]
    Prospect.objects.filter(pk=prospect.pk).update(stage=Stage.DECLINED, closed_why="No.")
    form = desk.form("prospect_add")
    answer = desk.send(form, with_token(filled(form.form) | {"initiative": str(prospect.initiative_id)}))
    assert answer["Location"] == reverse("prospect", args=[prospect.pk])
    kept = Prospect.objects.get(initiative=prospect.initiative, business=prospect.business)
    assert (kept.pk, kept.stage, kept.closed_why) == (prospect.pk, Stage.IDENTIFIED, "")


def test_a_tick_said_twice_is_one(desk: Desk) -> None:
    meeting = desk.world.places["own"].rows[Meeting]
    url = reverse("meeting_after", args=[meeting.pk])
    for answer in ("done", "not_needed"):
        assert (
            desk.browsers["champion"].post(url, with_token({"part": "take_away", "answer": answer})).status_code == 302
        )
    assert FollowUp.objects.get(meeting=meeting, part="take_away").answer == "done"


def test_every_model_a_form_writes_has_a_row_in_the_world(desk: Desk) -> None:
    written = {form.form._meta.model for form in desk.forms if isinstance(form.form, forms.ModelForm)}
    assert written == {
        *(Board, StrategicGoal, ClosedPeriod, YearPart, Family, School),
        *(ImprovementGoal, Initiative, Goal, Measure, Measurement, KeyPerson, Need),
        *(Business, Contact, Interaction, CallPlan, Meeting),
        *(Partnership, PartnershipYear, Commitment, Session, Clause),
        *(Invitation, Absence, AccessRequest, SignOn, Joining),
    }
    assert {form.page.name for form in desk.forms} >= OPENS_ONCE_READY
