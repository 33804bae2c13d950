"""Every form of every address takes the whole corpus: a clear message at the field with what was typed still there,
nothing half saved, never our fault, and one line of the log."""

import html
import logging
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.conf import settings
from django.test import Client

from accounts.models import User
from boards.models import ClosedPeriod, YearPart
from core.log_line import OneLine
from core.picture_form import PictureForm
from core.text import normalise
from engines.imports import tasks
from engines.imports.models import Import
from schools.models import School
from tests.factories.pages import ROLES, OpenForm, open_forms
from tests.factories.sent import File, as_shown, filled, make_ready, with_token
from tests.factories.world import World
from tests.proof.corpus import EITHER, FILES, RAW, REFUSED, Raw
from tests.test_bad_input import (
    Desk,
    Mistake,
    _as_sent,
    _of_django,
    _refused,
    errors_of,
    is_choice,
    is_text,
    taken_back,
    versioned,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing"), pytest.mark.xdist_group("hostile")]
SignIn = Callable[[User], Client]
Record = Callable[[str, object], None]
MARKUP = ("<script>alert", "onerror=alert(1)>", "<svg/onload")


class Log(logging.Handler):
    """The lines the site would have written."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.setFormatter(OneLine("%(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[Log]:
    """What is logged meanwhile, refused requests too."""
    log, quiet = Log(), logging.getLogger("django.request")
    level = quiet.level
    quiet.setLevel(logging.NOTSET)
    logging.getLogger().addHandler(log)
    yield log
    logging.getLogger().removeHandler(log)
    quiet.setLevel(level)


@pytest.fixture(scope="module")
def opened() -> list[OpenForm]:
    """Every form of the site; filled when first asked for."""
    return []


@pytest.fixture
def desk(world: World, signed_in: SignIn, opened: list[OpenForm]) -> Desk:
    opened[:] = opened or open_forms(world, signed_in)
    browsers = {role: signed_in(world.user(role)) for role in ("principal", *ROLES)}
    return Desk(world, signed_in, opened, browsers)


# ── One value in every field it fits ──


def judged(desk: Desk, these: list[OpenForm], value: Mistake, log: Log, *, must_refuse: bool) -> tuple[int, list[str]]:
    """How many forms were sent with `value` in every field it fits, and what was wrong with the answers."""
    wrong, sent = [], 0
    for form in these:
        names = [name for name, field in form.form.fields.items() if value.fits(field) and not field.widget.is_hidden]
        if not names:
            continue
        sent += 1
        values = {name: _as_sent(form.form.fields[name], value.value) for name in names}
        log.lines.clear()
        with taken_back() as written:
            make_ready(form.page.name, desk.world)
            written.statements.clear()
            answer = desk.send(form, with_token(filled(form.form) | values))
            lines = list(log.lines)
            wrong += _one_line(form, answer, lines)
            if must_refuse:
                wrong += _refused(form, answer, written, names, kept(value))
            elif answer.status_code == 422:
                wrong += _said_somewhere(form, answer, written, names, kept(value))
            elif answer.status_code == 302:
                led = desk.browsers[form.role].get(answer["Location"])
                said = led.content.decode(errors="replace").lower()
                if led.status_code != 200 or any(word in said for word in MARKUP):
                    wrong.append(f"{form}: leads to {answer['Location']}, {led.status_code}, with markup or not at all")
            else:
                wrong.append(f"{form}: answered {answer.status_code}")
    return sent, wrong


def kept(value: Mistake) -> str:
    """What was typed as the page shows it again: in order, without spaces around."""
    return normalise(value.value).strip()


def _one_line(form: OpenForm, answer: Any, lines: list[str]) -> list[str]:
    """What was refused is one line of the log, what was saved none."""
    wanted = int(answer.status_code >= 400)
    if len(lines) != wanted or any(len(line.splitlines()) != 1 for line in lines):
        return [f"{form}: answered {answer.status_code} and logged {lines}"]
    return []


def _said_somewhere(form: OpenForm, answer: Any, written: Any, names: list[str], value: str) -> list[str]:
    """What is wrong with a refusal that names some of the fields."""
    faults = errors_of(answer)
    page = answer.content.decode()
    wrong = [f"{form}: {text}" for text in _of_django(faults.values())]
    if not faults:
        wrong.append(f"{form}: refused and nothing is said")
    if any(word in page.lower() for word in MARKUP):
        wrong.append(f"{form}: markup is shown as markup")
    if written.statements:
        wrong.append(f"{form}: refused and wrote {written.statements[0]}")
    refused = [name for name in names if name in faults and not is_choice(form.form.fields[name])]
    return wrong + (_refused(form, answer, written, refused, value) if refused else [])


def record(record_property: Record, sent: int, wrong: list[str]) -> None:
    record_property("inputs", 1)
    record_property("inputs passed", int(not wrong))
    record_property("answers to them", sent)
    record_property("5xx", sum("answered 5" in line for line in wrong))


@pytest.mark.proof
@pytest.mark.parametrize("value", REFUSED, ids=str)
def test_what_no_field_takes(value: Mistake, desk: Desk, log: Log, record_property: Record) -> None:
    sent, wrong = judged(desk, desk.forms, value, log, must_refuse=True)
    record(record_property, sent, wrong)
    assert sent, "no form has such a field"
    assert not wrong, "\n".join(wrong)


@pytest.mark.proof
@pytest.mark.parametrize("value", EITHER, ids=str)
def test_what_a_field_refuses_or_takes_as_it_is(value: Mistake, desk: Desk, log: Log, record_property: Record) -> None:
    sent, wrong = judged(desk, desk.forms, value, log, must_refuse=False)
    record(record_property, sent, wrong)
    assert sent, "no form has such a field"
    assert not wrong, "\n".join(wrong)


def test_a_sample_of_the_corpus(desk: Desk, log: Log) -> None:
    """The quick suite sends some values to some forms; the proof sends all to all."""
    wrong = []
    for number, value in enumerate(REFUSED[30::4]):
        wrong += judged(desk, desk.forms[number % 7 :: 13], value, log, must_refuse=True)[1]
    for number, value in enumerate(EITHER[::3]):
        wrong += judged(desk, desk.forms[number % 7 :: 13], value, log, must_refuse=False)[1]
    assert not wrong, "\n".join(wrong)


def test_the_corpus_is_large_and_says_nothing_twice() -> None:
    names = [str(value) for value in (*REFUSED, *EITHER, *RAW)]
    assert len(names) == len(set(names)) >= 80


# ── Requests that are no form ──


def files_kept() -> set[Path]:
    return {path for path in Path(settings.STORED_FILES_DIR).rglob("*") if path.is_file()}


@pytest.mark.proof
@pytest.mark.parametrize("raw", RAW, ids=str)
def test_a_request_that_is_no_form(raw: Raw, desk: Desk, log: Log, record_property: Record) -> None:
    wrong, before = [], files_kept()
    for form in desk.forms:
        body, content_type = raw.make(urlencode(with_token(filled(form.form)), doseq=True))
        log.lines.clear()
        with taken_back() as written:
            make_ready(form.page.name, desk.world)
            written.statements.clear()
            browser = desk.browsers[form.role]
            headers: Any = dict(raw.headers)
            answer: Any = browser.generic("POST", form.url, body, content_type, **headers)
            lines = list(log.lines)
        if answer.status_code not in (200, 302, 400, 422):  # 200: nothing of it was a form, so the form is shown afresh
            wrong.append(f"{form}: answered {answer.status_code}")
        if answer.status_code != 302 and written.statements:
            wrong.append(f"{form}: refused and wrote {written.statements[0]}")
        if "evil.example" in str(answer.headers) + answer.content.decode(errors="replace"):
            wrong.append(f"{form}: believes in another host")
        wrong += _one_line(form, answer, lines)
    record(record_property, len(desk.forms), wrong)
    assert files_kept() == before
    assert not wrong, "\n".join(wrong)


@pytest.mark.proof
@pytest.mark.parametrize(("called", "content"), FILES, ids=lambda part: repr(part)[:24])
def test_a_hostile_file_is_taken_for_nothing_else_than_a_file(
    called: str, content: bytes, desk: Desk, log: Log
) -> None:
    """A table or calendar is taken as it is, and what reads it says why it cannot; what is no picture is refused at
    once. Nothing comes of either."""
    asked = {form.page.name: (form, name) for form in desk.forms for name, f in form.form.fields.items() if _is_file(f)}
    assert set(asked) == {"imports", "calendar_file_add", "board_logo_edit", "school_picture_edit"}
    for form, name in asked.values():
        is_picture = isinstance(form.form, PictureForm)
        before = [model.objects.count() for model in (School, ClosedPeriod, YearPart)]
        with taken_back():
            answer = desk.send(form, with_token(filled(form.form) | {name: File(called, content)}))
            assert answer.status_code == 422 if is_picture else answer.status_code in (302, 422)
            tasks.sweep()
            left = Import.objects.exclude(state__in=("failed", "mapping", "previewed"))
            assert not left.exists()
            assert [model.objects.count() for model in (School, ClosedPeriod, YearPart)] == before
        assert [line for line in log.lines if "ERROR" in line] == []


def _is_file(field: forms.Field) -> bool:
    return isinstance(field, forms.FileField)


# ── Two who edit ──


def another(form: OpenForm, name: str) -> list[str]:
    """Two other values than the one `name` shows, that the field takes; fewer if there are none."""
    field, shown = form.form.fields[name], str(as_shown(form.form).get(name, ""))
    if isinstance(field, forms.EmailField):
        return ["theirs@example.org", "mine@example.org"]
    if isinstance(field, forms.ModelChoiceField | forms.ChoiceField | forms.BooleanField | forms.URLField):
        return []
    if name == "schools":  # names the board knows; two who edit a family are in tests/schools/test_families.py
        return []
    if name == "ministry_number":
        return ["B12001", "B12002"]
    if name == "zone_name":
        return ["America/Winnipeg", "America/Halifax"]
    if is_text(field):
        return ["905 555 0101", "905 555 0102"] if "phone" in name else ["Theirs", "Mine"]
    if isinstance(field, forms.DateField):
        way = 1 if name.startswith("ends") else -1  # apart, so that the last day stays the last
        return [(date.fromisoformat(shown) + way * timedelta(days=n)).isoformat() for n in (1, 2)] if shown else []
    return []


@pytest.mark.proof
def test_two_who_edit_lose_nothing(desk: Desk, record_property: Record) -> None:
    """Each field two people can type into: the later of two sees what the other wrote beside the own words, nothing is
    saved over unseen, and what only one of them changed is kept from both."""
    wrong, met = [], 0
    edited = versioned(desk)
    for form in edited:
        names = {name: values for name in form.form.fields if len(values := another(form, name)) == 2}
        for name, (theirs, mine) in names.items():
            met += 1
            wrong += _both_on_one(desk, form, name, theirs, mine)
        for one, other in zip(names, list(names)[1:], strict=False):
            wrong += _each_on_one(desk, form, (one, names[one][0]), (other, names[other][1]))
    record_property("forms two people edit and nothing is lost", len(edited))
    record_property("fields two people edit", met)
    assert met >= len(edited)
    assert not wrong, "\n".join(wrong)


def _colleague(desk: Desk, form: OpenForm) -> Client:
    return desk.browsers["principal" if form.role == "champion" else form.role]


def _both_on_one(desk: Desk, form: OpenForm, name: str, theirs: str, mine: str) -> list[str]:
    with taken_back():
        shown = _shown(desk, form)
        saved = _colleague(desk, form).post(form.url, with_token(shown | {name: theirs}))
        late = desk.send(form, with_token(shown | {name: mine}))
        row = _row(form)
        if saved.status_code == 422:
            return []  # what is typed here must fit the rest: the test of mistakes looks at it
        if late.status_code != 422:
            return [f"{form} {name}: saved over unseen, {late.status_code}"]
        errors = late.context["form"].errors
        if isinstance(form.form.fields[name].widget, forms.PasswordInput):  # what the other wrote is shown to nobody
            return [] if errors.get("__all__") and mine in late.content.decode() else [f"{form} {name}: says nothing"]
        said = errors.get(name, [])
        if not said or mine not in late.content.decode() or not _reads(row, name, theirs):
            return [f"{form} {name}: says {dict(errors)}"]
    return []


def _each_on_one(desk: Desk, form: OpenForm, one: tuple[str, str], other: tuple[str, str]) -> list[str]:
    with taken_back():
        shown = _shown(desk, form)
        saved = _colleague(desk, form).post(form.url, with_token(shown | dict([one])))
        late = desk.send(form, with_token(shown | dict([other])))
        if saved.status_code == 422:
            return []
        if late.status_code != 422:
            return [f"{form} {one}, {other}: saved over unseen, {late.status_code}"]
        again = _sent_back(late.context["form"])
        last = desk.send(form, with_token(again))
        row = _row(form)
        if last.status_code != 302 or not _reads(row, *one) or not _reads(row, *other):
            return [f"{form} {one}, {other}: lost one of the two, {last.status_code} {errors_of(last)}"]
    return []


def _shown(desk: Desk, form: OpenForm) -> dict[str, Any]:
    """What a browser sends of the form as it is shown, what it remembers of it too."""
    answer: Any = desk.browsers[form.role].get(form.url)
    return _sent_back(answer.context["form"])


def _sent_back(form: forms.BaseForm) -> dict[str, Any]:
    kept: dict[str, list[str]] = {}
    hidden = str(form.as_shown())  # type: ignore[attr-defined]
    for name, value in re.findall(r'name="([^"]*)" value="([^"]*)"', hidden):
        kept.setdefault(html.unescape(name), []).append(html.unescape(value))
    return as_shown(form) | kept


def _row(form: OpenForm) -> Any:
    return type(form.form.instance)._base_manager.get(pk=form.form.instance.pk)  # type: ignore[attr-defined]


def _reads(row: Any, name: str, value: str) -> bool:
    """Whether the row holds what was typed; a field the row has not is held elsewhere."""
    return not hasattr(row, name) or str(getattr(row, name)) == value
