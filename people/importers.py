"""People from a file: many invitations at once, by the same rules as inviting by hand."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, User
from accounts.permissions import Role
from boards.models import Board
from core.forms import CleanForm
from core.search_text import by_key, search_key
from engines.imports.kinds import (
    Column,
    Fate,
    Importer,
    Outcome,
    Row,
    RowRefused,
    Usable,
    importers,
)
from people import invitations
from people.models import Invitation

SCHOOL: Any = Membership._meta.get_field("school").related_model
FAMILY: Any = Membership._meta.get_field("family").related_model
AT_A_SCHOOL = (Role.PRINCIPAL, Role.CHAMPION, Role.STAFF)
LANGUAGES = {"en": "en", "english": "en", "anglais": "en", "fr": "fr", "french": "fr", "francais": "fr"}
YES, NO = {"yes", "oui", "y", "o", "x", "1", "true", "vrai"}, {"", "no", "non", "n", "0", "false", "faux"}
# What people call a role, beside its own name in either language.
CALLED = {
    Role.PRINCIPAL: ("vice-principal", "vice principal", "directrice", "direction", "direction adjointe"),
    Role.STAFF: ("teacher", "enseignant", "enseignante"),
    Role.BOARD_ADMIN: ("administrator", "admin", "administrateur", "administratrice"),
    Role.SUPERINTENDENT: ("superintendant", "surintendante", "agent de supervision", "agente de supervision"),
}
COLUMNS = (
    Column("name", gettext_lazy("Name"), ("Full name", "Nom", "Nom complet", "Person", "Personne"), is_needed=True),
    Column(
        "email",
        gettext_lazy("E-mail"),
        ("E-mail address", "Mail", "Courriel", "Adresse de courriel", "Adresse courriel", "Adresse électronique"),
        is_needed=True,
    ),
    Column("role", gettext_lazy("Role"), ("Rôle", "Position", "Fonction", "Poste"), is_needed=True),
    Column(
        "school",
        gettext_lazy("School, by name or number"),
        ("School name", "School number", "École", "Nom de l'école", "Numéro de l'école", "Place", "Lieu"),
    ),
    Column("family", gettext_lazy("Family of schools, by name"), ("Family of schools", "Famille", "Famille d'écoles")),
    Column("language", gettext_lazy("Language"), ("Langue", "Mail language", "Langue du courriel")),
    Column("lead", gettext_lazy("Leads, yes or no"), ("Leads", "Is lead", "Responsable", "Principal contact")),
)


class Known(CleanForm):
    """What is checked of a row as it is checked by hand."""

    name = forms.CharField(max_length=120)
    email = forms.EmailField(max_length=254)


def role_names() -> dict[str, Role]:
    """The roles by what they are called, in both languages."""
    found = {search_key(word): role for role, words in CALLED.items() for word in words}
    for language in ("en", "fr"):
        with translation.override(language):
            found |= {search_key(str(role.label)): role for role in Role}
    return found | {search_key(role.value): role for role in Role}


def usable(board: Board, by: User) -> Callable[[Row], Usable]:
    """What makes an invitation of a row, at a school or family of `board`."""
    roles = role_names()
    schools = _by_name(
        SCHOOL.objects.filter(board=board).only("name", "ministry_number", "language", "board", "family")
    )
    families = _by_name(FAMILY.objects.filter(board=board))

    def make(row: Row) -> Usable:
        cells = {name: " ".join(cell.split()) for name, cell in row.cells.items()}
        typed = _typed(cells)
        role = roles.get(search_key(cells["role"]))
        if role is None:
            raise RowRefused(_("there is no role “%(role)s”") % {"role": cells["role"][:60]}, "role")
        at = {"school": _found(schools, cells, "school"), "family": _found(families, cells, "family")}
        how = {"is_lead": _leads(cells), "language": _language(cells, at, board)}
        asked = Invitation(board=board, role=role, **typed, **how, **_fitting(role, at))
        if not invitations.may_let_in(by, role, asked):
            raise RowRefused(_("you cannot invite somebody to this role"), "role")
        key = (asked.email, role.value, asked.family_id, asked.school_id)
        return Usable(row.line, key, f"{asked.name} · {asked.email}", asked)

    return make


def _typed(cells: dict[str, str]) -> dict[str, str]:
    form = Known({"name": cells["name"], "email": cells["email"]})
    for column, faults in form.errors.items():
        raise RowRefused(" ".join(str(fault) for fault in faults), column)
    return {"name": form.cleaned_data["name"], "email": form.cleaned_data["email"].lower()}


def _by_name(places: Iterable[Any]) -> dict[str, list[Any]]:
    """Places by what a file may call them: name, number, number without the zeros it begins with."""

    def words(place: Any) -> tuple[str, ...]:
        number = getattr(place, "ministry_number", "")
        return place.name, number, number.lstrip("0")

    return by_key(places, words)


def _found(places: dict[str, list[Any]], cells: dict[str, str], column: str) -> Any:
    """The one place that is called as the cell says, None for an empty cell; raises RowRefused."""
    if not (cell := cells.get(column, "")):
        return None
    found, says = places.get(search_key(cell), []), {"cell": cell[:60]}
    if not found:
        none = _("there is no school “%(cell)s” in the board")
        raise RowRefused(
            (none if column == "school" else _("there is no family “%(cell)s” in the board")) % says, column
        )
    if len(found) > 1:
        raise RowRefused(_("%(n)s are called “%(cell)s”: give the number") % (says | {"n": len(found)}), column)
    return found[0]


def _fitting(role: Role, at: dict[str, Any]) -> dict[str, Any]:
    """Where the role is held: at a school, a family, or the board as a whole; raises RowRefused."""
    school, family = at["school"], at["family"]
    if role == Role.PARTNER:
        raise RowRefused(_("partners are invited from the page of their partnership"), "role")
    if role in AT_A_SCHOOL:
        if school is None:
            raise RowRefused(_("this role needs a school"), "school")
        return {"school": school}
    if role == Role.SUPERINTENDENT:
        if family is None:
            raise RowRefused(_("this role needs a family of schools"), "family")
        return {"family": family}
    if role == Role.ASSISTANT:
        if (school is None) == (family is None):
            raise RowRefused(_("this role needs either a school or a family of schools"), "school")
        return {"school": school, "family": family}
    if role == Role.BOARD_ADMIN and (school or family):
        raise RowRefused(_("this role is the whole board’s: leave school and family empty"), "role")
    return {"school": school}


def _language(cells: dict[str, str], at: dict[str, Any], board: Board) -> str:
    word = search_key(cells.get("language", ""))
    if not word:
        return str((at["school"] or board).language)
    if word not in LANGUAGES:
        raise RowRefused(_("“%(cell)s” is neither English nor French") % {"cell": cells["language"][:60]}, "language")
    return LANGUAGES[word]


def _leads(cells: dict[str, str]) -> bool:
    word = search_key(cells.get("lead", ""))
    if word not in YES | NO:
        raise RowRefused(_("“%(cell)s” is neither yes nor no") % {"cell": cells["lead"][:60]}, "lead")
    return word in YES


def foresee(board: Board, by: User, rows: list[Usable]) -> list[Outcome]:
    """Who would be invited; who is in or asked already is left alone."""
    addresses = [row.value.email for row in rows]
    held = Membership.objects.current().filter(board=board).annotate(address=Lower("user__email"))
    asked = Invitation.objects.waiting().filter(board=board).annotate(address=Lower("email"))
    here = [
        set(found.filter(address__in=addresses).values_list("address", "role", "family_id", "school_id"))
        for found in (held, asked)
    ]
    return [_outcome(row, *here) for row in rows]


def _outcome(row: Usable, held: set[Any], asked: set[Any]) -> Outcome:
    if row.key in held:
        return Outcome(row.line, Fate.UNCHANGED, row.title, _("has this role here already"))
    if row.key in asked:
        return Outcome(row.line, Fate.UNCHANGED, row.title, _("is invited already"))
    says = {"role": row.value.get_role_display(), "place": row.value.place}
    return Outcome(row.line, Fate.ADDED, row.title, _("%(role)s, %(place)s") % says)


def write(board: Board, by: User, rows: list[Usable], source: str) -> list[Outcome]:
    """Invite whoever is neither in nor asked."""
    return [
        _invited(row, outcome, by) if outcome.fate == Fate.ADDED else outcome
        for row, outcome in zip(rows, foresee(board, by, rows), strict=True)
    ]


def _invited(row: Usable, outcome: Outcome, by: User) -> Outcome:
    try:
        invitations.invite(row.value, by=by)
    except ValidationError as refusal:
        return outcome._replace(fate=Fate.REFUSED, says=" ".join(refusal.messages))
    return outcome


importers.register(
    "people",
    Importer(
        name="people",
        label=gettext_lazy("People"),
        lead=gettext_lazy("Name, e-mail, role and school: each gets an invitation. Who is in or asked is left alone."),
        columns=COLUMNS,
        usable=usable,
        foresee=foresee,
        write=write,
        batch=20,
        order=20,
        called=("name", "email"),
    ),
)
