"""What a browser would send of a form that somebody filled in, and what a request wrote."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from core.forms import PhoneField
from outreach.models import Prospect, Stage
from partnerships.models import Partnership, PartnershipYear
from schools.models import Measure, Measurement, Need, School
from tests.factories.rows import TODAY, number, picture
from tests.factories.world import OPERATOR, World, mark

Sent = dict[str, Any]

# Fields that must fit each other, or a fact: whatever a field alone allows would be refused.
TOGETHER: dict[str, Sent] = {
    "ClosedPeriodForm": {"starts_on": "2026-04-02", "ends_on": "2026-04-03"},
    "YearPartForm": {"kind": "exams", "starts_on": "2026-04-02", "ends_on": "2026-04-03"},
    "KeyPersonForm": {"user": "", "name": "Somebody on the staff"},  # an account or a name
    "MeasureForm": {"baseline": "1", "target": "2"},  # a target lies in its direction, which is up
    "NeedForm": {"frequency": "weekly", "times": "4", "times_unit": "weeks"},  # not longer than an agreement lasts
    "CommitmentForm": {"side": "partner", "frequency": "weekly", "times": "4", "times_unit": "weeks"},
    "CountForm": {"hours": "7"},  # another number than the one that counts
    "LoggedForm": {"day": (TODAY - timedelta(days=1)).isoformat()},
    "InteractionForm": {"day": (TODAY - timedelta(days=1)).isoformat()},  # what happened lies in the past
    "PartnershipForm": {"backup": ""},
    "MembershipForm": {"is_lead": ""},  # another answer than the one that holds
    "AbsenceForm": {"starts_on": "2026-05-04", "ends_on": "2026-05-08"},
    "AccessRequestForm": {"business": "", "since": "2025-01-01", "until": "2026-01-01"},  # a person or an organisation
    "LegalHoldForm": {"about": ""},
    "GiveSupportForm": {"email": OPERATOR},
    "TakeSupportForm": {"board": f"Board {mark('own', 'BoardName')}"},
    "TickForm": {"part": "what_happened", "answer": "done"},
    "BoardForm": {"zone_name": "America/Winnipeg", "ministry_number": "B66052"},
    "LogoForm": {"remove": ""},
    "SchoolPictureForm": {"remove": ""},
    "FamilyForm": {"schools": f"School {mark('own', School)}"},
    "SignOnForm": {"domain": "board.example", "issuer": "https://login.example"},
}


def filled(form: forms.BaseForm, **changes: Any) -> Sent:
    """Every field of `form` as it would be sent: what it shows, and something fitting where it shows nothing."""
    sent = {name: _sent(form, name, field) for name, field in form.fields.items()}
    return (
        {name: value for name, value in sent.items() if value is not None}
        | TOGETHER.get(type(form).__name__, {})
        | changes
    )


def calendar_file(title: str, day: str = "20270412") -> bytes:
    """A calendar file of one event that takes a day."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", f"SUMMARY:{title}", f"DTSTART;VALUE=DATE:{day}"]
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


OPENS_ONCE_READY = frozenset({"partnership_begin"})  # pages that lead on instead of showing a form with nothing to do


def make_ready(page: str, world: World, place: str = "own") -> None:
    """Let the form of `page` have something to do: what must be so before it can be saved."""
    own = world.places[place].rows
    if page == "need_open":  # there must be something to say yes to
        Need.objects.filter(pk=own[Need].pk).update(state=Need.State.PROPOSED)
    if page in ("goal_remove", "measure_remove"):  # nothing may be logged of it
        Measurement.objects.filter(measure=own[Measure].pk).delete()
    if page == "goal_remove":  # no measure may count towards it
        Measure.objects.filter(pk=own[Measure].pk).delete()
    if page == "partnership_agree":  # it must not be agreed yet
        Partnership.objects.filter(pk=own[Partnership].pk).update(state=Partnership.State.FORMING)
    if page == "partnership_begin":  # it must have ended, and one talks again
        Partnership.objects.filter(pk=own[Partnership].pk).update(state=Partnership.State.ENDED)
        days = {"starts_on": TODAY - timedelta(days=60), "ends_on": TODAY - timedelta(days=9)}
        PartnershipYear.objects.filter(pk=own[PartnershipYear].pk).update(**days)
        Prospect.objects.filter(pk=own[Prospect].pk).update(stage=Stage.IN_DISCUSSION)


def as_shown(form: forms.BaseForm, **changes: Any) -> Sent:
    """`form` sent back as it is shown."""
    sent = {name: _plain(form[name].value()) for name in form.fields}
    return {name: value for name, value in sent.items() if value is not None} | changes


def sent_back(answer: Any) -> dict[str, Any]:
    """Everything the form on a page would send, with what it remembers to have shown."""
    form = answer.context["form"]
    kept: dict[str, Any] = {}
    for name, value in re.findall(r'name="(initial-\w+)" value="([^"]*)"', str(form.as_shown())):
        kept.setdefault(name, []).append(html.unescape(value))
    return as_shown(form) | kept


def with_token(sent: Sent) -> Sent:
    """`sent` with the token of a form nobody sent yet."""
    return sent | {"form_token": str(uuid4())}


def _sent(form: forms.BaseForm, name: str, field: forms.Field) -> Any:
    shown = _plain(form[name].value())
    if shown not in (None, "", []):
        return shown
    return _invented(name, field)


def _plain(value: Any) -> Any:
    """A value as the text a control holds."""
    if isinstance(value, bool):
        return "on" if value else None
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date | int | Decimal):
        return str(value)
    if isinstance(value, list):
        return [str(getattr(item, "pk", item)) for item in value]
    return value


def _invented(name: str, field: forms.Field) -> Any:
    """Something that `field` by itself accepts; None when it may stay empty and nothing can be chosen."""
    match field:
        case forms.FileField() if ".ics" in str(field.widget.attrs.get("accept")):
            return File("days.ics", calendar_file(f"PA day {number()}"))
        case forms.FileField() if "image/png" in str(field.widget.attrs.get("accept")):
            return File("logo.png", picture(number()))
        case forms.ModelMultipleChoiceField():
            return [str(row.pk) for row in field.queryset[:1]]  # type: ignore[index]
        case forms.ModelChoiceField():
            return next((str(row.pk) for row in field.queryset[:1]), None)  # type: ignore[index]
        case forms.ChoiceField():
            return next((str(value) for value, _label in field.choices if value), None)  # type: ignore[union-attr, misc]
        case forms.BooleanField():
            return "on"
        case forms.DateField():
            return TODAY.isoformat()
        case forms.TimeField():
            return "10:30"
        case forms.DecimalField() | forms.IntegerField():
            return None if field.widget.is_hidden else str(max(field.min_value or 0, 5))  # type: ignore[type-var]
        case forms.EmailField():
            return f"new{number()}@example.org"
        case forms.URLField():
            return "https://example.org/"
        case PhoneField():
            return "905 555 0100"
        case forms.FileField():
            return File(f"new{number()}.csv", b"School Number,School Name\n000002,New School\n")
        case forms.CharField():
            text = f"{number()} {name.replace('_', ' ')}"
            return text[: field.max_length] if field.max_length else text
    raise TypeError(f"Nothing is known to put into {name}, a {type(field).__name__}.")


class File(SimpleUploadedFile):
    """A file that may be sent again and again."""

    def read(self, *args: Any, **kwargs: Any) -> Any:
        self.seek(0)
        return super().read(*args, **kwargs)


class Writes:
    """The statements that wrote, in order. Sessions, cache and savepoints aside."""

    ASIDE = ("django_session", "django_cache")

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb = sql.lstrip().split(None, 1)[0].upper()
        if verb in ("INSERT", "UPDATE", "DELETE", "REPLACE") and not any(table in sql for table in self.ASIDE):
            self.statements.append(sql)
        return execute(sql, params, many, context)


@contextmanager
def writes() -> Iterator[Writes]:
    """Listen to what is written inside the block."""
    found = Writes()
    with connection.execute_wrapper(found):
        yield found
