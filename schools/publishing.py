"""What of a school and its initiatives others may read: nothing until its principal or champion says so, part by part
and need by need (domain.md)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import facts
from core.templatetags.tandem import said
from core.text import labelled
from schools.models import Initiative, Measure, Need, School, Translated
from schools.models.initiative import lines_of
from schools.models.translated import read_in, text_in

Lines = list[str]
Published = School | Initiative


@dataclass(frozen=True)
class Part:
    """A part that may be public: its key in the row, how it is called, and what it says, a line each; nothing if
    empty."""

    key: str
    label: str | Promise
    read: Callable[[Any], Lines]
    is_list: bool = False


@dataclass(frozen=True)
class Told:
    """A part, or a need, as a page shows it; `icon` only of a need."""

    label: str | Promise
    lines: Lines
    is_public: bool
    key: str
    is_list: bool = False
    icon: str = ""


def _plain(name: str) -> Callable[[Any], Lines]:
    return lambda row: str(getattr(row, name) or "").splitlines()


def _text(name: str) -> Callable[[Translated], Lines]:
    """A printed text, in the language one reads in where it is translated."""
    return lambda row: text_in(row, name, read_in()).splitlines()


def _students(school: School) -> Lines:
    return [str(said(school.enrolment))] if school.enrolment else []


def _figure(school: School) -> Lines:
    counts = text_in(school, "demographic_label", read_in())
    return [f"{school.demographic_figure} {counts}".strip()] if school.demographic_figure else []


def _address(school: School) -> Lines:
    return [line for line in (school.street, f"{school.town} {school.postal_code}".strip()) if line]


def _picture(school: School) -> Lines:
    return [str(school.get_picture_kind_display())] if school.has_picture else []


def _goals(school: School) -> Lines:
    return [text_in(goal, "title", read_in()) for goal in school.improvement_goals.all()]


def _kind(initiative: Initiative) -> Lines:
    return [str(initiative.get_kind_display())] if initiative.kind else []


def _period(initiative: Initiative) -> Lines:
    days = [date_format(day) for day in (initiative.starts_on, initiative.ends_on) if day]
    return [" – ".join(days)] if days else []


def _aims(initiative: Initiative) -> Lines:
    return [text_in(goal, "title", read_in()) for goal in initiative.goals.all()]


def _measures(initiative: Initiative) -> Lines:
    found = Measure.objects.filter(goal__initiative=initiative).select_related("goal__initiative__school")
    return [_measured(measure) for measure in found]


def _benefits(initiative: Initiative) -> Lines:
    return lines_of(text_in(initiative, "benefits", read_in()))


def _measured(measure: Measure) -> str:
    label, unit = (text_in(measure, name, read_in()) for name in ("label", "unit"))
    return labelled(label, f"{said(measure.baseline, unit)} → {said(measure.target, unit)}")


OF_A_SCHOOL: tuple[Part, ...] = (
    Part("picture", _("Logo or photo"), _picture),
    Part("grades", _("Grades"), _plain("grades")),
    Part("students", _("Students"), _students),
    Part("strength", _("Signature strength"), _text("strength")),
    Part("challenge", _("Most pressing challenge"), _text("challenge")),
    Part("accomplishments", _("Accomplishments"), _text("accomplishments")),
    Part("figure", _("One figure that says it"), _figure),
    Part("demographics", _("Who our students are"), _text("demographics")),
    Part("home_languages", _("Languages spoken at home"), _plain("home_languages")),
    Part("year_runs", _("How our year runs"), _plain("year_runs")),
    Part("goals", _("Improvement goals"), _goals, is_list=True),
    Part("town", _("Town"), _plain("town")),
    Part("region", _("Part of the town or region"), _plain("region")),
    Part("address", _("Address"), _address),
    Part("phone", _("Phone"), _plain("phone")),
    Part("website", _("Website"), _plain("website")),
)


OF_AN_INITIATIVE: tuple[Part, ...] = (
    Part("summary", _("In short"), _text("summary")),
    Part("description", _("What happens"), _text("description")),
    Part("why", _("Why it matters"), _text("why")),
    Part("goals", _("Goals"), _aims, is_list=True),
    Part("measures", _("How we measure success"), _measures, is_list=True),
    Part("learning", _("What students learn"), _text("learning")),
    Part(
        "benefits", _("What a partner gains"), lambda row: lines_of(text_in(row, "benefits", read_in())), is_list=True
    ),
    Part("ask", _("What we ask of a partner now"), _text("ask")),
    Part("kind", _("Kind of collaboration"), _kind),
    Part("period", _("When"), _period),
)
PARTS: dict[type[models.Model], tuple[Part, ...]] = {School: OF_A_SCHOOL, Initiative: OF_AN_INITIATIVE}
NEED = "need-"


def told(of: Published) -> list[Told]:
    """The parts that say something, in the order of the page, and then the open needs."""
    found = ((part, part.read(of)) for part in PARTS[type(of)])
    parts = [Told(p.label, lines, p.key in of.public_parts, p.key, p.is_list) for p, lines in found if lines]
    return parts + [_told(need) for need in _open_needs(of)]


def _told(need: Need) -> Told:
    lines = [line for line in (need.sentence, need.totals, text_in(need, "details", read_in())) if line]
    return Told(_("Need"), lines, need.is_published, _key(need), icon=need.icon)


def public_keys(of: Published) -> list[str]:
    """The keys of what is public: parts, and needs by their own."""
    return [*of.public_parts, *(_key(need) for need in _open_needs(of) if need.is_published)]


@transaction.atomic
def publish(of: Published, keys: Iterable[str], *, by: User) -> None:
    """Make public what `keys` name, and nothing else; none of them makes nothing public. Where it is so already,
    nothing changes. Raises KeyError for a part there is not, and for a need that is not open."""
    rows, chosen = type(of)._default_manager, set(keys)
    held: Any = rows.select_for_update(no_key=True).get(pk=of.pk)
    parts = [part.key for part in PARTS[type(of)] if part.key in chosen]
    needs = [need for need in _open_needs(held) if _key(need) in chosen]
    now = [*parts, *map(_key, needs)]
    if unknown := chosen - set(now):
        raise KeyError(*unknown)
    if public_keys(held) == now:
        return
    if isinstance(held, Initiative):
        held.needs.filter(is_published=True).update(is_published=False)
        held.needs.filter(pk__in=[need.pk for need in needs], state=Need.State.OPEN).update(is_published=True)
    rows.filter(pk=of.pk).update(public_parts=parts, is_published=bool(now))
    of.refresh_from_db(fields=["public_parts", "is_published"])
    facts.changed(of, by=by, verb="made public" if now else "made private", why=", ".join(now))


def settle(initiative: Initiative) -> None:
    """Nothing of `initiative` is public any more once neither a part nor a need of it is."""
    public = Need.objects.filter(initiative=models.OuterRef("pk"), is_published=True)
    rows = Initiative.objects.filter(pk=initiative.pk, is_published=True, public_parts=[])
    rows.filter(~models.Exists(public)).update(is_published=False)


def _open_needs(of: Published) -> list[Need]:
    if isinstance(of, School):
        return []
    return [need for need in of.needs.all() if need.state == Need.State.OPEN]


def _key(need: Need) -> str:
    return f"{NEED}{need.pk}"
