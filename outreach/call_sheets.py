"""Call sheets: the words for one call, as they were saved or as they are drafted, and what stands beside them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db.models import Prefetch, QuerySet

from businesses.models import Business, Contact
from outreach.call_words import PARTS, CallFacts, draft, gaps, pieces
from outreach.models import CallPlan, Interaction, Prospect
from schools.models import Initiative, Need

MOST = 40  # sheets on one page
ROWS = ("school__board", "initiative__school__board", "business", "champion", "call_plan")
CONTACTS = Prefetch("business__contacts", Contact.objects.order_by("-decides", "pk"))


@dataclass(frozen=True)
class Part:
    """One of the four parts, cut at its gaps."""

    name: str
    label: str
    pieces: list[tuple[str, bool]]


@dataclass(frozen=True)
class Number:
    """Where to call: whose number, as it is written, and as a telephone dials it."""

    whose: str
    shown: str
    dialled: str


@dataclass(frozen=True)
class Sheet:
    """What is printed for one call."""

    prospect: Prospect
    parts: list[Part]
    gaps: int
    numbers: list[Number]
    contacts: list[Contact]


def never_called(initiative: Initiative) -> "QuerySet[Prospect]":
    """The open prospects of `initiative` to whom nobody has logged a call, those due first."""
    called = Interaction.objects.filter(kind=Interaction.Kind.CALL, prospect__initiative=initiative)
    rows = Prospect.objects.open().on_board().filter(initiative=initiative)
    return rows.exclude(pk__in=called.values("prospect")).order_by("next_step_on", "pk")


def plan_of(prospect: Prospect, need: str) -> CallPlan:
    """The plan that was saved, or a draft in the language of the school's texts; `need` is what is asked for."""
    saved: CallPlan | None = getattr(prospect, "call_plan", None)
    if saved is not None:
        return saved
    school, champion = prospect.school, prospect.champion
    facts = CallFacts(
        champion=champion.name,
        title=champion.title,
        school=school.name,
        students=school.enrolment,
        grades=school.grades,
        town=school.town,
        initiative=prospect.initiative.title,
        need=need,
        why=prospect.initiative.why,
        business=prospect.business.name,
        mission=prospect.business.mission or prospect.business.giving_back,
    )
    return CallPlan(prospect=prospect, **asdict(draft(facts, school.language)))


def need_of(initiative: Initiative) -> str:
    """The first thing `initiative` asks for, as a sentence; "" if nothing is."""
    need = Need.objects.filter(initiative=initiative, state=Need.State.OPEN).select_related("initiative__school__board")
    first = need.order_by("pk").first()
    return first.sentence if first else ""


def sheet_of(prospect: Prospect, plan: CallPlan) -> Sheet:
    """The sheet for a call to `prospect` with the words of `plan`, which need not be saved."""
    words = [getattr(plan, name) for name in PARTS]
    labels = {field.name: str(field.verbose_name) for field in CallPlan._meta.fields}
    parts = [Part(name, labels[name], pieces(text)) for name, text in zip(PARTS, words, strict=True)]
    contacts = list(prospect.business.contacts.all())
    return Sheet(prospect, parts, gaps(*words), _numbers(prospect.business, contacts), contacts)


def _numbers(business: Business, contacts: Iterable[Contact]) -> list[Number]:
    known = [(contact.name, contact.phone) for contact in contacts] + [(business.name, business.phone)]
    return [Number(whose, phone, dialled(phone)) for whose, phone in known if phone]


def dialled(phone: str) -> str:
    """A number as a telephone takes it: figures, a plus in front, an extension behind a semicolon."""
    main, _, extension = phone.lower().replace("poste", "x").replace("ext", "x").partition("x")
    figures = "".join(c for c in main if c.isascii() and c.isdigit())
    behind = "".join(c for c in extension if c.isascii() and c.isdigit())
    return ("+" if main.strip().startswith("+") else "") + figures + (f";ext={behind}" if behind else "")
