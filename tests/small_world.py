"""One school with a prospect, for tests of what happens to it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from accounts.models import Membership, User
from accounts.permissions import Role
from boards.models import Board, ClosedPeriod
from businesses.models import Business, Contact
from outreach import actions
from outreach.models import Meeting, Prospect
from schools.models import Initiative, School

TORONTO = ZoneInfo("America/Toronto")


@dataclass
class SmallWorld:
    """The rows, and the steps a test takes with them."""

    board: Board
    school: School
    marcus: User
    helen: User
    initiative: Initiative
    business: Business
    contact: Contact
    prospect: Prospect

    def meeting(self, day: date, at: time = time(15, 30)) -> Meeting:
        """A first meeting on `day`, set by the champion."""
        meeting = Meeting(prospect=self.prospect, contact=self.contact, place="Riverbend")
        return actions.set_meeting(meeting, starts_at=local(day, at), minutes=45, by=self.marcus)


def local(day: date, at: time = time(10, 0)) -> datetime:
    """A moment in Toronto."""
    return datetime.combine(day, at, tzinfo=TORONTO).astimezone(UTC)


def join(user: User, role: Role, board: Board, **scope: object) -> None:
    """Give `user` a role."""
    Membership.objects.create(user=user, role=role, board=board, **scope)


def small_world() -> SmallWorld:
    """Riverbend, its champion and principal, and Harbour as a prospect; 16 March 2026 is closed."""
    board = Board.objects.create(name="Maple Valley", language="en")
    ClosedPeriod.objects.create(
        board=board, kind="pa_day", starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 16), name_en="PA day"
    )
    school = School.objects.create(board=board, name="Riverbend Secondary School", language="en", enrolment=842)
    marcus = User.objects.create_user("marcus@tandem.example", "Marcus Lee")
    helen = User.objects.create_user("helen@tandem.example", "Helen Park")
    join(marcus, Role.CHAMPION, board, school=school)
    join(helen, Role.PRINCIPAL, board, school=school)
    initiative = Initiative.objects.create(school=school, title="Mentors for 60", champion=marcus)
    business = Business.objects.create(board=board, name="Harbour Credit Union")
    contact = Contact.objects.create(business=business, name="Iris Chen")
    prospect = actions.make_prospect(
        business, initiative, by=marcus, champion=marcus, next_step="Call them", next_step_on=date(2026, 6, 1)
    )
    return SmallWorld(board, school, marcus, helen, initiative, business, contact, prospect)
