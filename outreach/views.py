"""The pages of outreach: prospects, what was said, meetings and what follows them."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import within
from accounts.permissions import Permission
from accounts.policies import Request, policy
from businesses.models import Business
from core import clock, keyset, panels
from core.pages import form_page, once
from core.templatetags.tandem import dated
from engines.documents import actions as documents
from outreach import actions
from outreach.forms import (
    CancelForm,
    InteractionForm,
    LoggedForm,
    MeetingForm,
    MoveForm,
    NextStepForm,
    ProspectForm,
    TickForm,
)
from outreach.models import FollowUp, Interaction, Meeting, Prospect, Stage
from outreach.words import stage_steps, timeline
from schools.models import Initiative
from schools.outline import good_enough_to_call
from schools.views.initiative import say_if_nothing_is_asked_for

P = Permission
BEFORE_MEETING = (Stage.IDENTIFIED, Stage.RESEARCHED, Stage.CONTACTED)
PROSPECT_ROWS = ("school__board", "initiative__school__board", "business", "champion")
INTERACTION_ROWS = ("prospect__school__board", "prospect__business")
MEETING_ROWS = ("prospect__school__board", "prospect__business", "prospect__initiative", "contact")


@policy(P.PROSPECT_VIEW)
def prospects(request: Request) -> HttpResponse:
    """The prospects this person may know of, those moved last first."""
    rows = (
        Prospect.objects.visible_to(request.user)
        .on_board()
        .select_related("business", "initiative", "school__board", "champion")
    )
    stage = request.GET.get("stage", "")
    if stage in Stage.values:
        rows = rows.filter(stage=stage)
    page = keyset.page(rows, "stage_since", request.GET, newest_first=True)
    pastes_for = [m.school for m in request.user.access.holding(P.PROSPECT_CHANGE) if m.school]
    context = {"page": page, "stage": stage, "stages": Stage.choices, "pastes_for": pastes_for}
    return render(request, "outreach/prospects.html", context)


@policy(P.DIRECTORY_VIEW, on=Business, related=("board",))
def prospect_add(request: Request, business: Business) -> HttpResponse:
    """Make a business a prospect of an initiative of one's own school."""
    mine = Initiative.objects.filter(within(request.user, P.PROSPECT_CHANGE, "school__"))
    if not request.user.access.holds(P.PROSPECT_CHANGE):
        raise PermissionDenied
    form = ProspectForm(request.POST or None, business=business, user=request.user)
    here = reverse("business", args=[business.pk])
    if not mine.exists():
        return render(request, "outreach/initiative_first.html", {"business": business})

    def act() -> str:
        typed = form.cleaned_data
        prospect = actions.make_prospect(
            business, typed["initiative"], by=request.user, champion=request.user,
            next_step=typed["next_step"], next_step_on=typed["next_step_on"],
        )  # fmt: skip
        return reverse("prospect", args=[prospect.pk])

    return form_page(
        request, form, act, title=_("Make %(name)s a prospect") % {"name": business.name},
        saved=_("Prospect saved."), submit_label=_("Save the prospect"), back_url=here, back_label=business.name,
    )  # fmt: skip


@policy(P.PROSPECT_VIEW, on=Prospect, related=PROSPECT_ROWS)
def prospect(request: Request, prospect: Prospect) -> HttpResponse:
    """Where one prospect stands; what was said only for those of its school."""
    access = request.user.access
    may_read = access.may(P.CONVERSATION_VIEW, prospect)
    context: dict[str, Any] = {
        "prospect": prospect,
        "business": prospect.business,
        "contacts": list(prospect.business.contacts.all()),
        "steps": stage_steps(prospect),
        "may_change": access.may(P.PROSPECT_CHANGE, prospect),
        "may_read": may_read,
        "form_token": uuid.uuid4(),
        "panels": panels.at("prospect", request, prospect),
    }
    if context["may_change"] and prospect.stage in BEFORE_MEETING:
        context["good_enough"] = good_enough_to_call(prospect.initiative)
    if may_read:
        interactions = list(prospect.interactions.select_related("contact", "logged_by")[:20])
        ticks = Prefetch("follow_ups", FollowUp.objects.select_related("set_by"))
        meetings = list(prospect.meetings.select_related("contact", "cancelled_by").prefetch_related(ticks)[:20])
        for meeting in meetings:
            meeting.prospect = prospect
        coming = [m for m in meetings if not m.is_over and not m.cancelled_at]
        context |= {
            "timeline": timeline(interactions, meetings),
            "zone": prospect.board.zone_name,
            "coming": min(coming, key=lambda m: m.starts_at, default=None),
            "to_follow_up": next((m for m in meetings if m.is_over and not m.cancelled_at and m.open_ticks()), None),
        }
    return render(request, "outreach/prospect.html", context)


@policy(P.PROSPECT_CHANGE, on=Prospect, related=PROSPECT_ROWS)
def prospect_move(request: Request, prospect: Prospect) -> HttpResponse:
    form = MoveForm(request.POST or None, prospect=prospect)
    here = reverse("prospect", args=[prospect.pk])

    def act() -> str:
        typed = form.cleaned_data
        actions.move(
            prospect, to=Stage(typed["to"]), by=request.user, reason=typed["reason"],
            ask_again_on=typed["ask_again_on"],
        )  # fmt: skip
        return here

    return form_page(
        request, form, act, title=_("Move %(name)s") % {"name": prospect.business.name}, saved=_("Moved."),
        submit_label=_("Move the prospect"), back_url=here, back_label=prospect.business.name,
    )  # fmt: skip


@policy(P.PROSPECT_CHANGE, on=Prospect, related=PROSPECT_ROWS)
def next_step(request: Request, prospect: Prospect) -> HttpResponse:
    form = NextStepForm(request.POST or None, prospect=prospect)
    here = reverse("prospect", args=[prospect.pk])

    def act() -> str:
        typed = form.cleaned_data
        actions.set_next_step(prospect, typed["next_step"], typed["next_step_on"], by=request.user)
        return here

    return form_page(
        request, form, act, title=_("Next step"), saved=_("Next step saved."),
        submit_label=_("Save the next step"), back_url=here, back_label=prospect.business.name,
    )  # fmt: skip


@require_POST
@policy(P.PROSPECT_CHANGE, on=Prospect, related=PROSPECT_ROWS)
def next_step_done(request: Request, prospect: Prospect) -> HttpResponse:
    """One click on Today: the next step is done; what comes after it is asked."""
    actions.finish_next_step(prospect, by=request.user)
    ask = _("What comes next with %(name)s?") % {"name": prospect.business.name}
    url = reverse("next_step", args=[prospect.pk])
    messages.success(request, format_html('{} <a href="{}">{}</a>', _("Done."), url, ask))
    return redirect("today")


@policy(P.CONVERSATION_CHANGE, on=Prospect, related=PROSPECT_ROWS)
def interaction_add(request: Request, prospect: Prospect) -> HttpResponse:
    """Log what happened; whoever agreed to meet has a meeting set next."""
    form = InteractionForm(request.POST or None, instance=Interaction(prospect=prospect))
    here = reverse("prospect", args=[prospect.pk])
    agreed = request.POST.get("outcome") == Interaction.Outcome.AGREED_TO_MEET and not _has_coming(prospect)

    def act() -> str:
        typed = form.cleaned_data
        actions.log_interaction(
            form.instance, by=request.user, next_step=typed["next_step"], next_step_on=typed["next_step_on"]
        )
        return reverse("meeting_add", args=[prospect.pk]) if agreed else here

    saved = _("Saved. Now set the meeting.") if agreed else _("Saved.")
    return form_page(
        request, form, act, title=_("Log what happened"), saved=saved,
        submit_label=_("Save what happened"), back_url=here, back_label=prospect.business.name,
    )  # fmt: skip


def _has_coming(prospect: Prospect) -> bool:
    return prospect.meetings.filter(cancelled_at=None, starts_at__gt=clock.now()).exists()


@policy(P.CONVERSATION_CHANGE, on=Interaction, related=INTERACTION_ROWS)
def interaction_edit(request: Request, interaction: Interaction) -> HttpResponse:
    """Mend a slip in what was logged."""
    form = LoggedForm(request.POST or None, instance=interaction)
    here = reverse("prospect", args=[interaction.prospect_id])

    def act() -> str:
        actions.mend_interaction(form, by=request.user)
        return here

    return form_page(
        request, form, act, title=_("Edit what happened"), saved=_("Saved."), submit_label=_("Save what happened"),
        back_url=here, back_label=interaction.prospect.business.name,
    )  # fmt: skip


@policy(P.CONVERSATION_CHANGE, on=Prospect, related=PROSPECT_ROWS)
def meeting_add(request: Request, prospect: Prospect) -> HttpResponse:
    form = MeetingForm(request.POST or None, instance=Meeting(prospect=prospect))
    return _meeting_page(request, form, _("Set a meeting"), _("Meeting set."))


@policy(P.CONVERSATION_CHANGE, on=Meeting, related=MEETING_ROWS)
def meeting_edit(request: Request, meeting: Meeting) -> HttpResponse:
    if meeting.cancelled_at:
        return _was_cancelled(request, meeting)
    form = MeetingForm(request.POST or None, instance=meeting)
    return _meeting_page(request, form, _("Change the meeting"), _("Meeting changed."))


def _was_cancelled(request: Request, meeting: Meeting) -> HttpResponse:
    """Nothing is done to a meeting that was called off: say so, and lead back."""
    messages.warning(request, _("This meeting was cancelled."))
    return redirect("prospect", meeting.prospect_id)


def _meeting_page(request: Request, form: MeetingForm, title: str, saved: str) -> HttpResponse:
    meeting = form.instance
    here = reverse("prospect", args=[meeting.prospect_id])

    def act() -> str:
        if meeting.pk:
            form.claim_version()
        minutes = form.cleaned_data["minutes"]
        actions.set_meeting(meeting, starts_at=form.starts_at(), minutes=minutes, by=request.user)
        day = form.cleaned_data["day"]
        if not meeting.board.calendar.is_school_day(day):
            messages.warning(request, _("%(day)s is a day without school.") % {"day": capfirst(dated(day))})
        return here

    return form_page(
        request, form, act, title=title, saved=saved, submit_label=_("Save the meeting"),
        back_url=here, back_label=meeting.prospect.business.name,
    )  # fmt: skip


@require_POST
@policy(P.CONVERSATION_CHANGE, on=Meeting, related=MEETING_ROWS)
def meeting_summary(request: Request, meeting: Meeting) -> HttpResponse:
    """One click: the executive summary for the person one is going to meet, in the language of the school's texts."""
    if meeting.cancelled_at:
        return _was_cancelled(request, meeting)

    def act() -> str:
        say_if_nothing_is_asked_for(request, meeting.prospect.initiative)
        document = documents.ask(
            "summary_for_meeting", meeting, by=request.user, language=meeting.prospect.school.language
        )
        return reverse("document", args=[document.pk])

    return redirect(once(request, act))


@policy(P.CONVERSATION_CHANGE, on=Meeting, related=MEETING_ROWS)
def meeting_cancel(request: Request, meeting: Meeting) -> HttpResponse:
    if meeting.cancelled_at:
        return _was_cancelled(request, meeting)
    form = CancelForm(request.POST or None)
    here = reverse("prospect", args=[meeting.prospect_id])

    def act() -> str:
        actions.cancel_meeting(meeting, by=request.user, why=form.cleaned_data["why"])
        return here

    return form_page(
        request, form, act, title=_("Cancel the meeting"), saved=_("Meeting cancelled."),
        submit_label=_("Cancel the meeting"), keep_label=_("Keep it"), back_url=here,
        back_label=meeting.prospect.business.name,
    )  # fmt: skip


@policy(P.CONVERSATION_VIEW, on=Meeting, related=MEETING_ROWS)
def meeting_after(request: Request, meeting: Meeting) -> HttpResponse:
    """One item, four ticks: what happened, thank-you, take-away, day of the decision call."""
    if meeting.cancelled_at:
        return _was_cancelled(request, meeting)
    form, business = TickForm(request.POST or None), meeting.prospect.business

    def act() -> str:
        typed = form.cleaned_data
        actions.tick(
            meeting, FollowUp.Part(typed["part"]), answer=FollowUp.Answer(typed["answer"]), by=request.user,
            what_happened=typed["what_happened"], decision_call_on=typed["decision_call_on"],
        )  # fmt: skip
        if not Meeting.objects.get(pk=meeting.pk).open_ticks():
            messages.success(request, _("All done after the meeting with %(name)s.") % {"name": business.name})
        return reverse("meeting_after", args=[meeting.pk])

    answers = {f.part: f for f in meeting.follow_ups.select_related("set_by")}
    return form_page(
        request, form, act, title=_("After the meeting with %(name)s") % {"name": business.name},
        template="outreach/meeting_after.html", meeting=meeting, prospect=meeting.prospect,
        parts=[(part, answers.get(part)) for part in FollowUp.Part],
    )  # fmt: skip
