"""How a school's year runs, for people of its board."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core import clock
from schools.models import School
from schools.year_in_words import year_of_school

P = Permission


@policy(P.SCHOOL_VIEW, on=School, related=("board",))
def school_year(request: Request, school: School) -> HttpResponse:
    """What the school and its board's calendar say; its partners read the same under their partnership."""
    context = {
        "school": school,
        "year": year_of_school(school, clock.today(school.board.zone)),
        "may_change": request.user.access.may(P.SCHOOL_CHANGE, school),
    }
    return render(request, "schools/year.html", context)
