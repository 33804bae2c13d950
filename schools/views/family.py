"""A board's families of schools, and a school that is entered by hand."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policies import Request, policy
from boards.models import Board
from core.pages import form_page
from schools.forms.family import FamilyForm
from schools.forms.school import NewSchoolForm
from schools.models import Family, School

P = Permission


@policy(P.BOARD_CHANGE, on=Board)
def families(request: Request, board: Board) -> HttpResponse:
    """The families of a board, each with how many schools it has, and how many schools have none."""
    found = Family.objects.visible_to(request.user).filter(board=board).annotate(n=Count("schools"))
    context = {
        "board": board,
        "families": found.order_by("name", "pk")[:200],
        "without": School.objects.visible_to(request.user).filter(board=board, family=None).count(),
    }
    return render(request, "schools/families.html", context)


@policy(P.BOARD_CHANGE, on=Board)
def family_add(request: Request, board: Board) -> HttpResponse:
    form = FamilyForm(request.POST or None, instance=Family(board=board))
    return _family_page(request, form, board, _("Add a family of schools"))


@policy(P.BOARD_CHANGE, on=Family, related=("board",))
def family_edit(request: Request, family: Family) -> HttpResponse:
    form = FamilyForm(request.POST or None, instance=family)
    return _family_page(request, form, family.board, _("Family of schools"))


def _family_page(request: Request, form: FamilyForm, of: Board, title: str) -> HttpResponse:
    here = reverse("families", args=[of.pk])

    def act() -> str:
        form.save(by=request.user)
        return here

    return form_page(
        request, form, act, title=title, saved=_("Family saved."), submit_label=_("Save this family"),
        back_url=here, back_label=_("Families of schools"),
        lead=_("One superintendent looks after the schools of a family."),
    )  # fmt: skip


@policy(P.BOARD_CHANGE, on=Board)
def school_add(request: Request, board: Board) -> HttpResponse:
    """A school of the board that no file brought."""
    form = NewSchoolForm(request.POST or None, instance=School(board=board, language=board.language))

    def act() -> str:
        return reverse("school", args=[form.save(by=request.user).pk])

    return form_page(
        request, form, act, title=_("Add a school"), saved=_("School saved."), submit_label=_("Save this school"),
        back_url=reverse("schools"), back_label=_("Schools"),
        lead=_("The name is enough for now. Its principal and its champion write the rest."),
    )  # fmt: skip
