"""What a school hands out at a staff meeting: why partner, what others did, what is asked for, how to log a need."""

import base64
from collections.abc import Iterable
from itertools import islice

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core import panels
from engines.documents.qr import qr_svg
from schools.models import Initiative, Need, School

P = Permission
MOST_SHOWN = 6  # of each list, so that it stays a sheet
MOST_READ = 60  # needs, of which those that read alike are shown once


@policy(P.INITIATIVE_VIEW, on=School, related=("board",))
def staff_meeting(request: Request, school: School) -> HttpResponse:
    """A page to print and to hand out; it shows what the reader may know of, and no name of a person."""
    user = request.user
    done = Initiative.objects.visible_to(user).filter(school__board=school.board_id)
    done = done.filter(state__in=[Initiative.State.UNDER_WAY, Initiative.State.COMPLETED]).select_related("school")
    asked = Need.objects.visible_to(user).filter(initiative__school=school, state=Need.State.OPEN)
    address = settings.SITE_URL + reverse("need_add", args=[school.pk])
    context = {
        "school": school,
        "done": done[:MOST_SHOWN],
        "needs": _once(asked.select_related("initiative__school__board").order_by("-pk")[:MOST_READ]),
        "panels": panels.at("staff_meeting", request, school),
        "address": address.removeprefix("https://").removeprefix("http://"),
        "qr": "data:image/svg+xml;base64," + base64.b64encode(qr_svg(address)).decode(),
        "may_add_need": user.access.may(P.NEED_ADD, school),
    }
    return render(request, "schools/staff_meeting.html", context)


def _once(needs: Iterable[Need]) -> dict[str, Need]:
    """The first of `needs` by the sentence they read, each sentence once."""
    found: dict[str, Need] = {}
    for need in needs:
        found.setdefault(need.sentence, need)
    return dict(islice(found.items(), MOST_SHOWN))
