"""What a measure stood at, day by day."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core import charts, keyset
from core.pages import form_page
from schools.forms.initiative import MeasurementForm
from schools.models import Measure, Measurement

P = Permission
ROWS = ("goal__initiative__school__board",)
DRAWN = 60  # points at most; the table has all of them


@policy(P.INITIATIVE_VIEW, on=Measure, related=ROWS)
def measure(request: Request, measure: Measure) -> HttpResponse:
    """From where to where, and every number that was logged on the way."""
    logged = measure.measurements.select_related("logged_by")
    page = keyset.page(logged, "day", request.GET, newest_first=True)
    drawn = list(measure.measurements.order_by("-day").values_list("day", "value")[:DRAWN])
    context = {
        "measure": measure,
        "initiative": measure.initiative,
        "page": page,
        "now_on": drawn[0][0] if drawn else None,
        "now": drawn[0][1] if drawn else None,
        "line": charts.line(drawn, start=measure.baseline, aim=measure.target) if len(drawn) > 1 else None,
        "may_write": request.user.access.may(P.INITIATIVE_CHANGE, measure),
    }
    return render(request, "schools/measure.html", context)


@policy(P.INITIATIVE_CHANGE, on=Measure, related=ROWS)
def measurement_add(request: Request, measure: Measure) -> HttpResponse:
    """Today's number, or that of an earlier day."""
    form = MeasurementForm(request.POST or None, instance=Measurement(measure=measure))
    return _page(request, form, measure, _("Log today’s number"), measure.label)


@policy(P.INITIATIVE_CHANGE, on=Measurement, related=tuple(f"measure__{path}" for path in ROWS))
def measurement_edit(request: Request, measurement: Measurement) -> HttpResponse:
    form = MeasurementForm(request.POST or None, instance=measurement)
    lead = _("What stood here before stays in the trail.")
    return _page(request, form, measurement.measure, _("Correct the number"), lead)


def _page(request: Request, form: MeasurementForm, of: Measure, title: str, lead: str) -> HttpResponse:
    here = reverse("measure", args=[of.pk])

    def act() -> str:
        form.save(by=request.user)
        return here

    return form_page(
        request, form, act, title=title, saved=_("Number saved."), submit_label=_("Save this number"), lead=lead,
        back_url=here, back_label=of.label,
    )  # fmt: skip
