"""A little world: two boards, three schools, each with somebody in every role and a marked row of every owned model.

Places: `own` and `near` are schools of one board in two families; `far` is a school of another board. A mark is
a word that stands in one row and nowhere else, so a page that shows it has shown that row.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from accounts import links
from accounts.models import Absence, AccessLink, Event, EventWords, Membership, SupportGrant, User
from accounts.permissions import Role
from agreements.models import (
    AgreedObjective,
    AgreedPromise,
    AgreedRole,
    AgreementVersion,
    Clause,
    RecordedYes,
)
from boards.models import Board, CalendarFile, ClosedPeriod, Rate, StrategicGoal, YearPart
from businesses.models import Business, Contact
from engines.documents.models import Document
from engines.imports.models import Import
from engines.outbox.models import Message
from engines.reminders.models import DigestLine, Reminder
from evaluation.models import Answer, Choice, Evaluation, Response
from outreach.models import CallPlan, FollowUp, Interaction, Meeting, Prospect
from partnerships.models import Commitment, Participation, Partnership, PartnershipYear, Session, Side
from people.models import AccessRequest, Invitation, LegalHold, SignOn
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
    SchoolFigure,
)
from tests.factories import rows

PLACES = ("own", "near", "far")
# Where the role of each kind of person is held; a second person in a role does not lead.
HELD_AT: dict[str, tuple[Role, str]] = {
    "principal": (Role.PRINCIPAL, "school"),
    "vice_principal": (Role.PRINCIPAL, "school"),
    "champion": (Role.CHAMPION, "school"),
    "staff": (Role.STAFF, "school"),
    "office_school": (Role.OFFICE, "school"),
    "office_board": (Role.OFFICE, ""),
    "superintendent": (Role.SUPERINTENDENT, "family"),
    "assistant_school": (Role.ASSISTANT, "school"),
    "assistant_family": (Role.ASSISTANT, "family"),
    "board_admin": (Role.BOARD_ADMIN, ""),
    "partner": (Role.PARTNER, "business"),
}
# People without a role who look at the board of a place as its support.
LOOKING = ("support",)
# People who hold nothing: a membership that ended and a switched-off account count for nothing.
WITHOUT = ("operator", "no_membership", "ended", "deactivated")
OPERATOR = "operator@example.org"  # who runs the site and looks at nothing
PASSWORD = "seven bicycles on a bridge"  # everybody's
FIGURES = {"own": Decimal("617.39"), "near": Decimal("628.41"), "far": Decimal("639.57")}
RATES = {"own": "71.93", "near": "82.17", "far": "93.46"}


def mark(place: str, what: type[models.Model] | str) -> str:
    """The word that only the row of `what` (a model, or a name for something else) at `place` holds."""
    if what is SchoolFigure:
        return str(FIGURES[place])
    if what is Rate:
        return RATES[place]
    name = what if isinstance(what, str) else what.__name__
    return f"{place}{name}zq".lower()


@dataclass(repr=False)
class Place:
    """A school with its board and family, its people by role, and its marked rows by model."""

    name: str
    board: Board
    family: Family
    school: School
    people: dict[str, User]
    rows: dict[type[models.Model], Any]
    meeting_document: Document


@dataclass(repr=False)
class World:
    """The three places, the people without one, the token of an unused sign-in link of one of them, that of a document
    whose text holds no mark (its link shows it to anybody, and nothing else), that of an invitation to nowhere, and the
    code by which a school joins a board that nobody else is in."""

    places: dict[str, Place]
    people: dict[str, User]
    sign_in_token: str
    reading_token: str
    invitation_token: str
    joining_code: str

    def user(self, role: str, place: str = "own") -> User:
        """The person in `role` at `place`, or the one of that name who holds nothing."""
        found = self.people[role] if role in WITHOUT else self.places[place].people[role]
        return User.objects.get(pk=found.pk)


def build() -> World:
    """Make the world; asked within `clock.standing_at(rows.NOW)`."""
    maple = _board("own")
    erable = _board("far")
    places = {
        "own": _place("own", maple),
        "near": _place("near", maple),
        "far": _place("far", erable),
    }
    people = {name: rows.user(name.replace("_", " ").title(), password=PASSWORD) for name in WITHOUT}
    User.objects.filter(pk=people["operator"].pk).update(email=OPERATOR)
    _switch_off(people, places["own"])
    token = links.make_sign_in_link(people["no_membership"])
    return World(places, people, token, _shown_by_link(places["own"]), _asked_in(), _asked_to_join())


def _asked_to_join() -> str:
    """The code by which a school joins a board that nobody else is in."""
    asked = rows.joining(rows.board("Somewhere to join"), rows.user("Somebody who asks"))
    code = links.joining_token(asked)
    with transaction.atomic():
        links.make(asked, AccessLink.Purpose.JOIN, expires_at=asked.expires_at, by=asked.asked_by, token=code)
    return code


def _asked_in() -> str:
    """The token of an invitation to a board that nobody else is in."""
    invitation = rows.invitation(rows.board("Somewhere else"), Role.BOARD_ADMIN, rows.user("Somebody there"))
    return links.make(invitation, AccessLink.Purpose.INVITE, expires_at=invitation.expires_at, by=invitation.invited_by)


def _shown_by_link(own: Place) -> str:
    champion = own.people["champion"]
    shown = rows.initiative(own.school, "Shown by its link", champion=champion)
    rows.document("executive_summary", shown, champion, "Read without an account")
    links.let_read(shown, by=champion)
    return links.reading_token(shown)


def _board(place: str) -> Board:
    return rows.board(
        f"Board {mark(place, 'BoardName')}", plan_name_en=f"Plan {mark(place, Board)}", logo=rows.stored_picture()
    )


def _switch_off(people: dict[str, User], own: Place) -> None:
    User.objects.filter(pk=people["operator"].pk).update(is_operator=True)
    for name in ("ended", "deactivated"):
        ended_at = rows.NOW if name == "ended" else None
        scope = {"school": own.school, "is_lead": False, "ended_at": ended_at}
        rows.member(people[name], Role.PRINCIPAL, own.board, **scope)
        rows.member(people[name], Role.CHAMPION, own.board, **scope)
    User.objects.filter(pk=people["deactivated"].pk).update(is_active=False)


def _place(name: str, board: Board) -> Place:
    family = rows.family(board, f"Family {mark(name, Family)}")
    school = rows.school(
        board, f"School {mark(name, School)}", family=family, grades="9–12", enrolment=500, strength="Robots",
        picture=rows.stored_picture(PLACES.index(name) + 1), picture_kind="logo",
    )  # fmt: skip
    business = rows.business(board, f"Firm {mark(name, Business)}")
    called = (*HELD_AT, *LOOKING)
    people = {role: rows.user(f"{role.title()} {mark(name, User)}", password=PASSWORD) for role in called}
    scopes: dict[str, dict[str, Any]] = {
        "school": {"school": school},
        "family": {"family": family},
        "business": {"business": business},
        "": {},
    }
    held = {key: rows.member(people[key], role, board, **scopes[at]) for key, (role, at) in HELD_AT.items()}
    found: dict[type[models.Model], Any] = {
        Board: board,
        Family: family,
        School: school,
        Business: business,
        Membership: held["principal"],
        Invitation: rows.invitation(
            board, Role.STAFF, people["principal"], name=f"Asked {mark(name, Invitation)}", school=school
        ),
        Absence: rows.absence(held["principal"], people["vice_principal"]),
        SupportGrant: rows.support(
            board, people["support"], people["board_admin"], reason=f"Help {mark(name, SupportGrant)}"
        ),
        Import: rows.imported(board, people["board_admin"], f"{mark(name, Import)}.csv"),
        Joining: rows.joining(board, people["board_admin"], f"Meant for {mark(name, Joining)}"),
    }
    _outline(found, name, people["champion"])
    _privacy(found, name, people["board_admin"])
    _outreach(found, name, people["champion"])
    _partnership(found, name, people)
    _trail(found, name, people["champion"])
    told = rows.document("summary_for_meeting", found[Meeting], people["champion"], mark(name, Meeting))
    return Place(name, board, family, school, people, found, told)


def _outline(found: dict[type[models.Model], Any], place: str, champion: User) -> None:
    """The plan of the board, the plan of the school, and an initiative with all its parts."""
    board, school = found[Board], found[School]
    strategic = rows.strategic_goal(board, f"Aim {mark(place, StrategicGoal)}")
    improvement = rows.improvement_goal(school, f"Improve {mark(place, ImprovementGoal)}")
    told = {"why": "They ask for it", "learning": "They learn"}
    initiative = rows.initiative(school, f"Work {mark(place, Initiative)}", champion=champion, **told)
    goal = rows.goal(initiative, f"Reach {mark(place, Goal)}")
    measure = rows.measure(goal, f"students {mark(place, Measure)}")
    improvement.strategic_goals.add(strategic)
    goal.improvement_goals.add(improvement)
    goal.strategic_goals.add(strategic)
    found |= {
        StrategicGoal: strategic,
        ClosedPeriod: rows.closed_period(board, f"Closed {mark(place, ClosedPeriod)}"),
        CalendarFile: rows.calendar_file(board, f"{mark(place, CalendarFile)}.ics"),
        Rate: rows.rate(board, "mentors" if place == "own" else "volunteers", RATES[place]),
        YearPart: rows.year_part(board, f"Exams {mark(place, YearPart)}"),
        SchoolFigure: SchoolFigure.objects.create(school=school, kind="special_education", value=FIGURES[place]),
        ImprovementGoal: improvement,
        Initiative: initiative,
        Goal: goal,
        KeyPerson: rows.key_person(initiative, f"Colleague {mark(place, KeyPerson)}"),
        Measure: measure,
        Measurement: rows.measurement(measure, champion, f"Counted {mark(place, Measurement)}"),
        Need: rows.need(initiative, champion, f"some books {mark(place, Need)}"),
    }


def _privacy(found: dict[type[models.Model], Any], place: str, admin: User) -> None:
    """A hold on an organisation nothing else is about, and a question about the contact."""
    other = rows.business(found[Board], f"Other than the firm at {place}")
    held = {"business": other, "reason": f"Because {mark(place, LegalHold)}", "placed_by": admin}
    found[LegalHold] = LegalHold.objects.create(board=found[Board], **held)
    about = f"{mark(place, AccessRequest)}@example.org"
    found[AccessRequest] = AccessRequest.objects.create(board=found[Board], about=about, made_by=admin)
    domain = f"{mark(place, SignOn)}.example".lower()
    known = {"domain": domain, "issuer": f"https://login.{domain}", "client_id": "tandem"}
    found[SignOn] = SignOn.objects.create(board=found[Board], **known)


def _outreach(found: dict[type[models.Model], Any], place: str, champion: User) -> None:
    """A prospect that was called and met, and what is owed on it."""
    contact = rows.contact(found[Business], f"Contact {mark(place, Contact)}")
    step = f"Write to {mark(place, Prospect)}"
    prospect = rows.prospect(found[Initiative], found[Business], champion, next_step=step)
    told = mark(place, Meeting)
    meeting = rows.meeting(prospect, f"Room {told}", contact=contact, what_happened=f"Told {told}")
    found |= {
        Contact: contact,
        Prospect: prospect,
        Interaction: rows.interaction(prospect, champion, f"Said {mark(place, Interaction)}", contact=contact),
        CallPlan: rows.call_plan(prospect, f"I am {mark(place, CallPlan)}"),
        Meeting: meeting,
        FollowUp: rows.follow_up(meeting, champion),
        Reminder: rows.reminder(prospect, champion),
    }


def _partnership(found: dict[type[models.Model], Any], place: str, people: dict[str, User]) -> None:
    """A partnership that is shared with its partner, with what was promised and done in its year."""
    champion = people["champion"]
    vision = f"Vision {mark(place, Partnership)}"
    partnership = rows.partnership(found[Prospect], shared_vision=vision, partner_lead=found[Contact])
    year = rows.partnership_year(partnership, 2)
    session = rows.session(year, champion, f"Held {mark(place, Session)}")
    rows.participation(session, champion)
    word = rows.participation(
        session, people["partner"], side=Side.PARTNER, counts=False, note=f"Because {mark(place, Participation)}"
    )
    found |= {
        Partnership: partnership,
        PartnershipYear: year,
        Commitment: rows.commitment(year, f"paint {mark(place, Commitment)}"),
        Session: session,
        Participation: word,
    }
    _agreement(found, place, people)
    _looked_back(found, place, people)


def _agreement(found: dict[type[models.Model], Any], place: str, people: dict[str, User]) -> None:
    """A version that was replaced, with everything it keeps, and a draft that waits for the partner's yes."""
    year, champion = found[PartnershipYear], people["champion"]
    version = rows.agreement(year, champion)
    AgreementVersion.objects.filter(pk=version.pk).update(state="superseded", in_force_at=rows.NOW)
    promise = AgreedPromise.objects.create(
        version=version, side="partner", kind="equipment", text=f"Promised {mark(place, AgreedPromise)}"
    )
    objective = AgreedObjective.objects.create(
        version=version, goal="More", measure=f"students {mark(place, AgreedObjective)}", baseline=1, target=2
    )
    role = AgreedRole.objects.create(version=version, part="champion", name=f"Name {mark(place, AgreedRole)}")
    draft = rows.agreement(year, champion)
    found |= {
        AgreedPromise: promise,
        AgreedObjective: objective,
        AgreedRole: role,
        AgreementVersion: draft,
        Clause: rows.clause(draft, f"Clause {mark(place, Clause)}"),
        RecordedYes: rows.recorded_yes(version, champion, f"Yes {mark(place, RecordedYes)}"),
    }


def _looked_back(found: dict[type[models.Model], Any], place: str, people: dict[str, User]) -> None:
    """A look at a year that is over: both sides are in, and the school has chosen."""
    days = {"starts_on": rows.TODAY - timedelta(days=400), "ends_on": rows.TODAY - timedelta(days=110)}
    year = rows.partnership_year(found[Partnership], 1, **days)
    look = rows.evaluation(year)
    school = rows.response(look, Side.SCHOOL, people["vice_principal"])
    theirs = rows.response(look, Side.PARTNER, people["partner"])
    rows.answer(theirs, rating=5)
    found |= {
        Evaluation: look,
        Response: school,
        Answer: rows.answer(school, f"Helps {mark(place, Answer)}", rating=2),
        Choice: Choice.objects.create(
            evaluation=look,
            side="school",
            decision="grow",
            why=f"Because {mark(place, Choice)}",
            made_by=people["champion"],
            made_at=rows.NOW - timedelta(days=1),
        ),
    }


def _trail(found: dict[type[models.Model], Any], place: str, champion: User) -> None:
    """What the engines and the audit keep."""
    board, school = found[Board], found[School]
    said = mark(place, Document)
    found[Document] = rows.document("executive_summary", found[Initiative], champion, said)
    found[AccessLink] = AccessLink.objects.create(
        token_hash=links.hashed(f"{place} token"),
        purpose=AccessLink.Purpose.SIGN_IN,
        user=champion,
        board=board,
        school=school,
        expires_at=rows.NOW + timedelta(days=1),
    )
    called = f"School {mark(place, Event)}, once {mark(place, EventWords)}"
    scope = {"board": board, "family": school.family, "school": school}
    found[Event] = rows.event(school, champion, name=called, **scope)
    found[EventWords] = found[Event].words
    found[Message] = Message.objects.create(
        board=board,
        family=school.family,
        school=school,
        kind="digest",
        subject_type=rows.content_type(champion),
        subject_id=champion.pk,
        nudge=rows.TODAY.isoformat(),
        recipient=champion.email,
        reader=champion,
        title=f"Today {mark(place, Message)}",
        expires_at=rows.NOW + timedelta(days=3),
    )
    found[DigestLine] = DigestLine.objects.create(message=found[Message], reminder=found[Reminder], mailing=1)
