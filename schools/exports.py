"""The list of schools as a file, as it is seen: with its filter, and no row more than whoever asks may know of."""

from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from core.text import query
from schools.models import School

MOST_ROWS = 10_000


class TooMany(Exception):
    """More rows than a file may have."""


def rows_of(user: User, q: str) -> "models.QuerySet[School]":
    """The schools of the list, by name; raises TooMany."""
    rows = School.objects.visible_to(user).matching(query(q)).select_related("family", "board").order_by("name", "pk")
    if rows.order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise TooMany
    return rows


def table(schools: "models.QuerySet[School]") -> Iterator[list[object]]:
    """The headings and a line for each school. Its numbers stand there under headings the import knows."""
    yield [
        _("School Number"), _("School Name"), _("Street"), _("Town"), _("Postal code"), _("School Level"), _("Grades"),
        _("Students"), _("Language"), _("Phone"), _("Website"), _("Family of schools"), _("Board"),
    ]  # fmt: skip
    for school in schools.iterator(chunk_size=2000):
        yield [
            school.ministry_number, school.name, school.street, school.town, school.postal_code,
            school.get_level_display(), school.grades, school.enrolment, school.get_language_display(), school.phone,
            school.website, school.family.name if school.family else "", school.board.name,
        ]  # fmt: skip
