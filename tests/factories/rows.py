"""One row at a time, with what it cannot do without. Whatever matters to a test is said by the test."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from PIL import Image

from accounts import events
from accounts.models import Absence, Event, EventWords, Membership, SupportGrant, User
from accounts.permissions import Role
from agreements.models import AgreementVersion, Clause, RecordedYes
from boards.calendar_file import Found
from boards.models import Board, CalendarFile, ClosedPeriod, Rate, StrategicGoal, YearPart
from businesses.models import Business, Contact
from core import stored_files
from core.models import StoredFile
from engines.documents.models import Document
from engines.imports.models import Import
from engines.imports.refused_file import Refused, written
from engines.reminders.models import Reminder
from evaluation.models import Answer, Evaluation, QuestionSet, Response
from outreach.models import CallPlan, FollowUp, Interaction, Meeting, Prospect, Stage
from partnerships.models import Commitment, Participation, Partnership, PartnershipYear, Session, Side
from people.models import Invitation
from schools.models import (
    Family,
    Goal,
    ImprovementGoal,
    Initiative,
    Joining,
    KeyPerson,
    Measure,
    Measurement,
    Need,
    School,
)

NOW = datetime(2026, 3, 11, 15, 0, tzinfo=UTC)  # a Wednesday, 11:00 in Toronto
TODAY = NOW.date()
_numbers = count(1)


def number() -> int:
    """A number no other row of this run has."""
    return next(_numbers)


def user(name: str = "Somebody", **fields: Any) -> User:
    email = fields.pop("email", f"person{number()}@example.org")
    return User.objects.create_user(email, name, **fields)


def member(who: User, role: Role, board: Board, **scope: Any) -> Membership:
    """Give `who` a role; it leads unless the role has a lead there already."""
    taken = Membership.objects.current().filter(role=role, is_lead=True)
    at = {name: scope.get(name) for name in ("family", "school", "business")}
    scope.setdefault("is_lead", not taken.filter(board=board, **at).exists())
    return Membership.objects.create(user=who, role=role, board=board, **scope)


def invitation(of: Board, role: Role, by: User, name: str = "Somebody new", **scope: Any) -> Invitation:
    """Somebody asked in, whose link nobody holds."""
    at = {"email": f"person{number()}@example.org", "name": name, "language": "en", "invited_by": by}
    return Invitation.objects.create(board=of, role=role, expires_at=NOW + timedelta(days=7), **(at | scope))


def joining(of: Board, by: User, meant_for: str = "A school on its own", **fields: Any) -> Joining:
    """A school asked to join `of`, with no link yet."""
    days = {"asked_at": NOW, "expires_at": NOW + timedelta(days=7)}
    return Joining.objects.create(board=of, asked_by=by, meant_for=meant_for, **(days | fields))


def imported(of: Board, by: User, name: str = "schools.csv", **fields: Any) -> Import:
    """A file of schools that was looked at and waits for a yes: one row is new, one is refused."""
    headings, refused = ["School Number", "School Name"], [Refused(3, "School Number", "it has none", ["", name])]
    data = f"School Number,School Name\n000001,New {name}\n,{name}\n".encode()
    seen = {
        "state": Import.State.PREVIEWED,
        "next_try_at": None,
        "headings": headings,
        "mapping": {"School Number": 0, "School Name": 1},
        "preview": {"added": [[2, f"New {name}", ""]], "refused": [[3, "School Number", "it has none", name]]},
        "rows": 2,
        "total": 1,
        "added": 1,
        "refused": 1,
        "file": stored_files.store(data, content_type="text/csv"),
        "refused_file": stored_files.store(written(headings, refused, language="en"), content_type="text/csv"),
    }
    return Import.objects.create(board=of, kind="schools", by=by, name=name, **(seen | fields))


def absence(of: Membership, stand_in: User, **days: Any) -> Absence:
    """A week, a month from today unless `days` say otherwise, on which `stand_in` is asked instead."""
    week = {"starts_on": TODAY + timedelta(days=30), "ends_on": TODAY + timedelta(days=36)} | days
    return Absence.objects.create(membership=of, stand_in=stand_in, entered_by=of.user, **week)


def support(
    of: Board, operator: User, by: User | None = None, reason: str = "The list stays empty.", **fields: Any
) -> SupportGrant:
    """`operator`, who runs the site from now on, looks at the board since an hour ago and for three hours more."""
    User.objects.filter(pk=operator.pk).update(is_operator=True)
    hours = {"starts_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(hours=3)}
    fields = hours | {"given_by": by or operator} | fields
    return SupportGrant.objects.create(board=of, operator=operator, reason=reason, **fields)


def board(name: str = "Maple Board", **fields: Any) -> Board:
    return Board.objects.create(name=name, **({"language": "en"} | fields))


def picture(shade: int = 0, size: tuple[int, int] = (40, 30), kind: str = "PNG", mode: str = "RGB") -> bytes:
    """A picture of one colour, another one for each shade."""
    written = BytesIO()
    colour = (shade % 256, shade // 256 % 256, 120, 255)[: len(mode)]
    Image.new(mode, size, colour).save(written, kind)
    return written.getvalue()


def stored_picture(shade: int = 0) -> StoredFile:
    return stored_files.store(picture(shade), content_type="image/png")


def family(of: Board, name: str | None = None) -> Family:
    return Family.objects.create(board=of, name=name or f"Family {number()}")


def school(of: Board, name: str | None = None, **fields: Any) -> School:
    return School.objects.create(board=of, name=name or f"School {number()}", **({"language": "en"} | fields))


def strategic_goal(of: Board, title: str = "Numeracy") -> StrategicGoal:
    return StrategicGoal.objects.create(board=of, code=f"SP{number()}", title_en=title)


def closed_period(of: Board, name: str = "A day off") -> ClosedPeriod:
    day = TODAY + timedelta(days=60 + number() % 30_000)
    return ClosedPeriod.objects.create(board=of, kind="pa_day", starts_on=day, ends_on=day, name_en=name)


def year_part(of: Board, name: str = "Exams of a day", **fields: Any) -> YearPart:
    day = TODAY + timedelta(days=60 + number() % 30_000)
    fields = {"kind": "exams", "level": "secondary", "starts_on": day, "ends_on": day, "name_en": name} | fields
    return YearPart.objects.create(board=of, **fields)


def rate(of: Board, kind: str = "", amount: str = "35") -> Rate:
    return Rate.objects.create(board=of, kind=kind, amount=Decimal(amount))


def calendar_file(of: Board, name: str = "days.ics") -> CalendarFile:
    """A file that was sent, with a PA day that no calendar has yet."""
    day = (TODAY + timedelta(days=60 + number() % 30_000)).isoformat()
    found = Found(title=f"PA day of {name}", kind="pa_day", starts_on=day, ends_on=day, name_en="PA day")
    return CalendarFile.objects.create(board=of, name=name, found=[found.kept()], sent_at=NOW)


def improvement_goal(of: School, title: str | None = None) -> ImprovementGoal:
    return ImprovementGoal.objects.create(school=of, title=title or f"Improve {number()}")


def initiative(of: School, title: str | None = None, **fields: Any) -> Initiative:
    return Initiative.objects.create(school=of, title=title or f"Initiative {number()}", **fields)


def goal(of: Initiative, title: str | None = None) -> Goal:
    return Goal.objects.create(initiative=of, title=title or f"Goal {number()}")


def measure(of: Goal, label: str = "students who read") -> Measure:
    return Measure.objects.create(goal=of, label=label, baseline=Decimal(3), target=Decimal(9))


def key_person(of: Initiative, name: str = "", **fields: Any) -> KeyPerson:
    """A colleague without an account, unless `fields` say who."""
    name = "" if "user" in fields else name or f"Colleague {number()}"
    return KeyPerson.objects.create(initiative=of, name=name, **({"hours": Decimal(3)} | fields))


def measurement(of: Measure, by: User, note: str = "", **fields: Any) -> Measurement:
    """A number of a day of its own."""
    fields = {"day": TODAY - timedelta(days=number() % 9000), "value": Decimal(5)} | fields
    return Measurement.objects.create(measure=of, logged_by=by, note=note, **fields)


def need(of: Initiative, by: User, what: str = "some dual-language books", **fields: Any) -> Need:
    fields = {"kind": "equipment", "what": what, "quantity": Decimal(4)} | fields
    return Need.objects.create(initiative=of, created_by=by, **fields)


def business(of: Board, name: str | None = None, **fields: Any) -> Business:
    return Business.objects.create(board=of, name=name or f"Business {number()}", **fields)


def contact(of: Business, name: str | None = None, **fields: Any) -> Contact:
    fields.setdefault("email", f"contact{number()}@example.org")
    return Contact.objects.create(business=of, name=name or f"Contact {number()}", **fields)


def prospect(of: Initiative, with_business: Business, champion: User, **fields: Any) -> Prospect:
    fields = {"stage": Stage.MEETING_SET, "next_step": "Call them", "next_step_on": TODAY} | fields
    return Prospect.objects.create(school=of.school, initiative=of, business=with_business, champion=champion, **fields)


def interaction(of: Prospect, by: User, notes: str = "They were kind.", **fields: Any) -> Interaction:
    fields = {"happened_at": NOW - timedelta(days=3), "outcome": "talked"} | fields
    return Interaction.objects.create(prospect=of, logged_by=by, notes=notes, **fields)


def call_plan(of: Prospect, who: str = "I am the champion.", **fields: Any) -> CallPlan:
    return CallPlan.objects.create(prospect=of, who=who, **fields)


def meeting(of: Prospect, place: str = "At their office", **fields: Any) -> Meeting:
    """A first meeting that was held yesterday, unless `starts_at` says otherwise."""
    return Meeting.objects.create(prospect=of, place=place, **({"starts_at": NOW - timedelta(days=1)} | fields))


def follow_up(of: Meeting, by: User, part: FollowUp.Part = FollowUp.Part.THANK_YOU) -> FollowUp:
    return FollowUp.objects.create(
        meeting=of, part=part, answer=FollowUp.Answer.DONE, set_by=by, set_at=NOW - timedelta(hours=2)
    )


def partnership(of: Prospect, **fields: Any) -> Partnership:
    """An active partnership that its partner sees, unless `fields` say otherwise."""
    fields = {"state": Partnership.State.ACTIVE, "shared_at": NOW, "shared_by": of.champion} | fields
    return Partnership.objects.create(
        prospect=of, school=of.school, business=of.business, **({"champion": of.champion} | fields)
    )


def partnership_year(of: Partnership, number: int = 1, **fields: Any) -> PartnershipYear:
    """A year that began 100 days ago and lasts until 200 days from now."""
    fields = {"starts_on": TODAY - timedelta(days=100), "ends_on": TODAY + timedelta(days=200)} | fields
    return PartnershipYear.objects.create(partnership=of, number=number, **fields)


def commitment(of: PartnershipYear, what: str = "some paint", **fields: Any) -> Commitment:
    fields = {"side": Side.PARTNER, "kind": "equipment", "quantity": Decimal(4)} | fields
    return Commitment.objects.create(year=of, what=what, **fields)


def session(of: PartnershipYear, by: User, title: str = "A workshop", **fields: Any) -> Session:
    return Session.objects.create(
        year=of, logged_by=by, title=title, **({"held_on": TODAY - timedelta(days=4)} | fields)
    )


def participation(of: Session, by: User, **fields: Any) -> Participation:
    """The school's word, which counts, unless `fields` say otherwise."""
    fields = {"side": Side.SCHOOL, "volunteers": 3, "hours": Decimal(6), "students": 20} | fields
    if fields.setdefault("counts", True):
        fields |= {"answered_by": by, "answered_at": NOW}
    return Participation.objects.create(session=of, reported_by=by, **fields)


def agreement(of: PartnershipYear, by: User) -> AgreementVersion:
    """A draft without clauses."""
    version = AgreementVersion.objects.create(
        partnership=of.partnership,
        number=number(),
        language="en",
        starts_on=of.starts_on,
        ends_on=of.ends_on,
        drafted_by=by,
        drafted_at=NOW - timedelta(days=5),
    )
    version.years.add(of)
    return version


def clause(of: AgreementVersion, text: str = "Both are kind.", article: str = "purpose") -> Clause:
    return Clause.objects.create(version_of=of, article=article, number=number(), text=text)


def recorded_yes(of: AgreementVersion, by: User, name: str = "Somebody", **fields: Any) -> RecordedYes:
    fields = {"side": Side.SCHOOL, "said_on": TODAY, "how": "email"} | fields
    return RecordedYes.objects.create(version=of, name=name, recorded_by=by, **fields)


def evaluation(of: PartnershipYear) -> Evaluation:
    return Evaluation.objects.create(year=of, question_set=QuestionSet.objects.get(name="short form"))


def response(of: Evaluation, side: Side, person: User) -> Response:
    return Response.objects.create(evaluation=of, side=side, person=person)


def answer(of: Response, help: str = "", rating: int = 4) -> Answer:
    question = of.evaluation.question_set.questions.all()[0]
    return Answer.objects.create(response=of, question=question, rating=rating, help=help)


def reminder(of: Prospect, owed_by: User) -> Reminder:
    """The reminder the rule next_step makes of a prospect."""
    return _reminder("next_step", of, owed_by, TODAY.isoformat())


def reminder_after(of: Meeting, owed_by: User) -> Reminder:
    """The reminder the rule meeting_after makes of a meeting."""
    return _reminder("meeting_after", of, owed_by, "")


def _reminder(rule: str, of: Prospect | Meeting, owed_by: User, occasion: str) -> Reminder:
    chain = of.chain()
    return Reminder.objects.create(
        board=of.board,
        family_id=chain.family,
        school_id=chain.school,
        rule=rule,
        subject_type=content_type(of),
        subject_id=of.pk,
        part="champion",
        occasion=occasion,
        owed_by=owed_by,
        due_on=TODAY,
        mail_at=NOW,
    )


def document(kind: str, of: Initiative | Meeting, by: User, words: str) -> Document:
    """A document that is ready; its PDF and its HTML twin hold `words`."""
    chain = of.chain()
    html, pdf = f"<html><head></head><body>{words} {kind}</body></html>", f"%PDF {words} {kind}"
    return Document.objects.create(
        board=of.board,
        family_id=chain.family,
        school_id=chain.school,
        kind=kind,
        subject_type=content_type(of),
        subject_id=of.pk,
        language="en",
        paper="letter",
        state=Document.State.READY,
        asked_by=by,
        next_try_at=None,
        made_at=NOW,
        html=stored_files.store(html.encode(), content_type="text/html; charset=utf-8"),
        pdf=stored_files.store(pdf.encode(), content_type="application/pdf"),
    )


def event(of: models.Model, by: User | None, verb: str = "edited", why: str = "", *, name: str, **scope: Any) -> Event:
    """An Event about `of` in `scope`, which says `name` and `why`, at NOW unless `at` says otherwise."""
    words = EventWords(subject_name=name, why=why, salt=f"salt{number()}")
    made = Event.objects.create(
        by=by, verb=verb, subject_type=content_type(of), subject_id=of.pk, words_hash=events.words_hash(words),
        **({"at": NOW} | scope),
    )  # fmt: skip
    words.event = made
    words.save(force_insert=True)
    return made


def content_type(row: models.Model) -> ContentType:
    return ContentType.objects.get_for_model(row)
