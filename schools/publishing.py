"""What of a school others may read: nothing until its principal or champion says so, part by part (domain.md)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import facts
from core.templatetags.tandem import said
from schools.models import School

Lines = list[str]


@dataclass(frozen=True)
class Part:
    """A part of a profile: its key in the row, how it is called, and what it says, a line each; nothing if empty."""

    key: str
    label: str | Promise
    read: Callable[[School], Lines]


@dataclass(frozen=True)
class Told:
    """A part as a page shows it."""

    label: str | Promise
    lines: Lines
    is_public: bool
    key: str


def _plain(name: str) -> Callable[[School], Lines]:
    return lambda school: str(getattr(school, name) or "").splitlines()


def _students(school: School) -> Lines:
    return [str(said(school.enrolment))] if school.enrolment else []


def _figure(school: School) -> Lines:
    return [f"{school.demographic_figure} {school.demographic_label}".strip()] if school.demographic_figure else []


def _address(school: School) -> Lines:
    return [line for line in (school.street, f"{school.town} {school.postal_code}".strip()) if line]


def _picture(school: School) -> Lines:
    return [str(school.get_picture_kind_display())] if school.has_picture else []


def _goals(school: School) -> Lines:
    return [goal.title for goal in school.improvement_goals.all()]


PARTS: tuple[Part, ...] = (
    Part("picture", _("Logo or photo"), _picture),
    Part("grades", _("Grades"), _plain("grades")),
    Part("students", _("Students"), _students),
    Part("strength", _("Signature strength"), _plain("strength")),
    Part("challenge", _("Most pressing challenge"), _plain("challenge")),
    Part("accomplishments", _("Accomplishments"), _plain("accomplishments")),
    Part("figure", _("One figure that says it"), _figure),
    Part("demographics", _("Who our students are"), _plain("demographics")),
    Part("home_languages", _("Languages spoken at home"), _plain("home_languages")),
    Part("year_runs", _("How our year runs"), _plain("year_runs")),
    Part("goals", _("Improvement goals"), _goals),
    Part("town", _("Town"), _plain("town")),
    Part("region", _("Part of the town or region"), _plain("region")),
    Part("address", _("Address"), _address),
    Part("phone", _("Phone"), _plain("phone")),
    Part("website", _("Website"), _plain("website")),
)


def told(school: School) -> list[Told]:
    """The parts that say something, in the order of the page."""
    found = ((part, part.read(school)) for part in PARTS)
    return [Told(part.label, lines, part.key in school.public_parts, part.key) for part, lines in found if lines]


@transaction.atomic
def publish(school: School, keys: Iterable[str], *, by: User) -> None:
    """Make the parts named by `keys` of PARTS public, and no others; none of them makes nothing public. Where it is so
    already, nothing changes. Raises KeyError for a part there is not."""
    chosen = set(keys)
    if unknown := chosen - {part.key for part in PARTS}:
        raise KeyError(*unknown)
    parts = [part.key for part in PARTS if part.key in chosen]
    held = School.objects.select_for_update(no_key=True).get(pk=school.pk)
    if held.public_parts == parts:
        return
    School.objects.filter(pk=school.pk).update(public_parts=parts, is_published=bool(parts))
    school.refresh_from_db(fields=["public_parts", "is_published"])
    facts.changed(school, by=by, verb="made public" if parts else "made private", why=", ".join(parts))
