"""Loads the demonstration world: through the actions, at the moments at which things happened."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models, transaction

import boards.actions
from accounts.models import Absence, Membership, User
from accounts.permissions import Role
from boards.calendar import default_closed_periods
from boards.calendar_file import read
from boards.models import Board, ClosedPeriod, StrategicGoal, YearPart
from businesses.models import Business, Contact
from core import clock, facts
from demo import data, together
from demo.logo import drawn
from demo.school_alone import is_untouched
from outreach import actions
from outreach.models import FollowUp, Interaction, Meeting, Prospect, Stage
from people import invitations, memberships, support
from people.models import Invitation
from schools import publishing
from schools.models import Family, Goal, ImprovementGoal, Initiative, KeyPerson, Measure, Need, School

Row = TypeVar("Row", bound=models.Model)
STORY_DAY = date(2026, 3, 11)
SHOWN_ROLES = [
    (Role.PRINCIPAL, "helen"),
    (Role.CHAMPION, "marcus"),
    (Role.STAFF, "devon"),
    (Role.OFFICE, "grace"),
    (Role.SUPERINTENDENT, "amara"),
    (Role.BOARD_ADMIN, "ruth"),
    (Role.PARTNER, "dana"),
]


def is_wanted() -> bool:
    """Whether the database is still empty."""
    return is_untouched()


def one_for_each_role() -> list[tuple[str, Membership]]:
    """For each role that has a page by now, the person of the world who shows it."""
    found = []
    for role, key in SHOWN_ROLES:
        rows = Membership.objects.current().filter(role=role, user__email=address(key, role))
        membership = rows.select_related("user").first()
        if membership is not None:
            found.append((str(role.label), membership))
    return found


@transaction.atomic
def load() -> None:
    """Load it all. D is today if that is a weekday, else the next one; the site's clock then stands on D."""
    World(_weekday_from(clock.now())).load()


def _weekday_from(now: datetime) -> datetime:
    """`now`, moved to Monday on a weekend, with the site's clock."""
    days = {5: 2, 6: 1}.get(now.weekday(), 0)
    if days:
        clock.shift_to(now + timedelta(days=days))
    return now + timedelta(days=days)


def address(key: str, role: str = "") -> str:
    """The invented address of a person of the world; the partner's is that of its contact."""
    return f"{key}@northgate.example" if role == Role.PARTNER else f"{key}@mvdsb.example"


class World:
    """The rows made so far, by their keys in the data."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.people: dict[str, User] = {}
        self.boards: dict[str, Board] = {}
        self.goals: dict[tuple[int, str], StrategicGoal] = {}
        self.schools: dict[str, School] = {}
        self.initiatives: dict[str, Initiative] = {}
        self.businesses: dict[str, Business] = {}
        self.prospects: dict[str, Prospect] = {}

    def load(self) -> None:
        with clock.standing_at(self.now - timedelta(days=720)):
            self._people()
            self._boards()
            self._schools()
            self._initiatives()
            self._directory()
        self._outreach()
        together.tell(self)
        self._who_comes_and_goes()
        self._who_helped()

    def story(self, year: int, month: int, day: int) -> date:
        """A day of the story, which stands on Wednesday 11 March 2026, moved by whole weeks to lie as far from D."""
        today = self.now.astimezone(self.boards["maple"].zone).date()
        return date(year, month, day) + timedelta(weeks=(today - STORY_DAY).days // 7)

    def add(self, row: Row, by: str) -> Row:
        """Write a row as the audited form of `by` would: checked, with its Event."""
        row.full_clean()
        row.save()
        facts.changed(row, by=self.people[by], verb="added")
        return row

    def _people(self) -> None:
        for key, (name, title, language) in data.PEOPLE.items():
            self.people[key] = User.objects.create_user(address(key), name, title=title, language=language)

    def _boards(self) -> None:
        maple = Board(
            name="Maple Valley District School Board",
            short_name="MVDSB",
            language="en",
            languages="both",
            plan_name_en="Board strategic plan 2024–2028",
            plan_name_fr="Plan stratégique du conseil 2024–2028",
        )
        erable = Board(name="Conseil scolaire du Grand-Érable", short_name="CSGÉ", language="fr", languages="fr")
        self._board("maple", maple, data.GOALS_EN, admin="ruth")
        self._board("erable", erable, data.GOALS_FR, admin="lise")

    def _board(self, key: str, board: Board, goals: Iterable[tuple[str, str, str]], admin: str) -> None:
        self.boards[key] = self.add(board, by=admin)
        self._join(admin, Role.BOARD_ADMIN, board)
        for code, english, french in goals:
            goal = StrategicGoal(board=board, code=code, title_en=english, title_fr=french)
            self.goals[board.pk, code] = self.add(goal, by=admin)
        boards.actions.set_logo(board, drawn(data.LOGOS[board.language]), by=self.people[admin])
        rates = {kind: Decimal(amount) for kind, amount in data.RATES.items()}
        boards.actions.set_rates(board, rates, by=self.people[admin])
        today = self.now.astimezone(board.zone).date()
        self._close_days(board, by=admin)
        # The story needs school days around D, whatever the season it is loaded in.
        around = board.closed_periods.filter(
            starts_on__lte=today + timedelta(days=9), ends_on__gte=today - timedelta(days=30)
        )
        around.delete()
        self._calendar_file(board, by=admin)

    def _calendar_file(self, board: Board, by: str) -> None:
        """A calendar file that was read and not taken over yet."""
        day = self.story(2026, 4, 24)
        name, title = data.CALENDAR_FILES[board.language]
        event = ["BEGIN:VEVENT", f"SUMMARY:{title}", f"DTSTART;VALUE=DATE:{day:%Y%m%d}", "END:VEVENT"]
        file = "\r\n".join(["BEGIN:VCALENDAR", *event, "END:VCALENDAR", ""]).encode()
        boards.actions.keep_file(board, name, read(file, board.zone, day), by=self.people[by])

    def _close_days(self, board: Board, by: str) -> None:
        """The breaks and summers of the story's school years, so that its year begins and ends where the story says."""
        weeks = self.story(2026, 3, 11) - STORY_DAY
        for period in (p for year in (2024, 2025, 2026) for p in default_closed_periods(year)):
            if period.kind in ("break", "summer"):
                days = {"starts_on": period.starts_on + weeks, "ends_on": period.ends_on + weeks}
                names = {"name_en": period.name_en, "name_fr": period.name_fr}
                ClosedPeriod.objects.create(board=board, kind=period.kind, **days, **names)
        for kind, level, (first, last), english, french in data.YEAR_PARTS:
            days = {"starts_on": date.fromisoformat(first) + weeks, "ends_on": date.fromisoformat(last) + weeks}
            part = YearPart(board=board, kind=kind, level=level, name_en=english, name_fr=french, **days)
            self.add(part, by=by)

    def _join(self, key: str, role: Role, board: Board, **scope: Any) -> None:
        membership = Membership(user=self.people[key], role=role, board=board, **scope)
        self.add(membership, by=key)

    def _schools(self) -> None:
        maple, erable = self.boards["maple"], self.boards["erable"]
        families = {
            name: self.add(Family(board=board, name=name), by=admin)
            for name, board, admin in [
                ("North", maple, "ruth"),
                ("Lakeshore", maple, "ruth"),
                ("Nord-Est", erable, "lise"),
            ]
        }
        for key, name in [("amara", "North"), ("daniel", "Lakeshore"), ("paul", "Nord-Est")]:
            self._join(key, Role.SUPERINTENDENT, families[name].board, family=families[name])
        for key, about in data.SCHOOLS.items():
            profile = {k: v for k, v in about.items() if k not in ("people", "family")}
            family = families[about["family"]]
            school = School(board=family.board, family=family, province="Ontario", **profile)
            admin = "ruth" if family.board == maple else "lise"
            self.schools[key] = self.add(school, by=admin)
            for role, person in about["people"].items():
                self._join(person, Role(role), school.board, school=school)
        for key, parts in data.PUBLIC.items():
            principal = self.people[data.SCHOOLS[key]["people"]["principal"]]
            publishing.publish(self.schools[key], parts, by=principal)

    def _who_comes_and_goes(self) -> None:
        """Helen Park has asked a teacher in; Marcus Lee is away for a week next month, and she stands in."""
        riverbend, helen, marcus = self.schools["riverbend"], self.people["helen"], self.people["marcus"]
        asked = Invitation(
            role=Role.STAFF, board=riverbend.board, school=riverbend, name="Joan Mercer",
            email=address("joan"), language="en",
        )  # fmt: skip
        invitations.invite(asked, by=helen)
        today = self.now.astimezone(riverbend.board.zone).date()
        away = Absence(
            membership=marcus.memberships.get(), stand_in=helen,
            starts_on=today + timedelta(days=30), ends_on=today + timedelta(days=36),
        )  # fmt: skip
        memberships.go_away(away, by=marcus)

    def _who_helped(self) -> None:
        """Ruth Adeyemi let the operator look at the board for an hour, a few days ago, and ended it."""
        nadia, ruth = self.people["nadia"], self.people["ruth"]
        nadia.is_operator = True
        nadia.save(update_fields=["is_operator"])
        asked_at = self.now - timedelta(days=3)
        with clock.standing_at(asked_at):
            why = "Two organisations have the same name, and neither can be found."
            grant = support.give(self.boards["maple"], nadia, by=ruth, reason=why, hours=1)
        with clock.standing_at(asked_at + timedelta(minutes=40)):
            support.end(grant, by=ruth)

    def _initiatives(self) -> None:
        improvement: dict[str, ImprovementGoal] = {}
        for key, goals in data.IMPROVEMENT_GOALS.items():
            for title, codes in goals:
                goal = self.add(ImprovementGoal(school=self.schools[key], title=title), by=self._principal(key))
                goal.strategic_goals.set(self._strategic(self.schools[key], codes))
                improvement[title] = goal
        for key, about in data.INITIATIVES.items():
            self._initiative(key, about, improvement)

    def _initiative(self, key: str, about: dict[str, Any], improvement: dict[str, ImprovementGoal]) -> None:
        school = self.schools[about["school"]]
        champion = data.SCHOOLS[about["school"]]["people"]["champion"]
        words = {k: v for k, v in about.items() if k not in ("school", "goals", "measures", "needs")}
        initiative = self.add(Initiative(school=school, champion=self.people[champion], **words), by=champion)
        self.initiatives[key] = initiative
        goals = []
        for title, own, codes in about["goals"]:
            goal = self.add(Goal(initiative=initiative, title=title), by=champion)
            goal.improvement_goals.set(improvement[name] for name in own)
            goal.strategic_goals.set(self._strategic(school, codes))
            goals.append(goal)
        for index, label, baseline, target in about["measures"]:
            measure = Measure(goal=goals[index], label=label, baseline=Decimal(baseline), target=Decimal(target))
            self.add(measure, by=champion)
        for who, part, hours, release in data.KEY_PEOPLE.get(key, []):
            named = {"user": self.people[who]} if who in self.people else {"name": who}
            time_for_it = {"hours": hours, "has_release": bool(release), "release": release}
            self.add(KeyPerson(initiative=initiative, part=part, **named, **time_for_it), by=champion)
        for need in about["needs"]:
            self.add(Need(initiative=initiative, created_by=self.people[champion], **need), by=champion)

    def _strategic(self, school: School, codes: Iterable[str]) -> list[StrategicGoal]:
        return [self.goals[school.board_id, code] for code in codes]

    def _principal(self, school: str) -> str:
        return str(data.SCHOOLS[school]["people"]["principal"])

    def _directory(self) -> None:
        for key, about in data.BUSINESSES.items():
            facts_of = {k: v for k, v in about.items() if k != "people"}
            business = self.add(Business(board=self.boards["maple"], town="Maple Valley", **facts_of), by="marcus")
            self.businesses[key] = business
            for name, title, part, decides in about["people"]:
                email = f"{name.split()[0].lower()}@{key.replace('_', '')}.example"
                contact = Contact(business=business, name=name, title=title, part=part, decides=decides, email=email)
                self.add(contact, by="marcus")
        # The same firm in another board is another row, never compared.
        self.add(Business(board=self.boards["erable"], name="Harbour Credit Union", kind="larger"), by="yves")

    def _outreach(self) -> None:
        """What happened on the way to D, in the order of the story."""
        self.make_prospect("corvid", "robotics", "marcus", days=40, step="")
        self._call("corvid", days=39, outcome="not_now", notes="Not this year: a game ships in spring.")
        with clock.standing_at(self.at(-39, 11)):
            ask_again = (self.now + timedelta(days=274)).date()
            prospect = self.prospects["corvid"]
            why = "Not this year."
            actions.move(prospect, to=Stage.NOT_NOW, by=self.people["marcus"], reason=why, ask_again_on=ask_again)
        self.make_prospect("atelier", "premiere", "chantal", days=12, step="Appeler", step_in=3, to=Stage.RESEARCHED)
        self.make_prospect("rotary", "reading", "priya", days=20, step="Ask for a place on the agenda", step_in=4)
        self.make_prospect("bright", "robotics", "marcus", days=25, step="", to=Stage.IN_DISCUSSION)
        self.make_prospect("coach_lines", "robotics", "marcus", days=30, step="", to=Stage.IN_DISCUSSION)
        self.make_prospect("freshfields", "mentors", "marcus", days=5, step="Call back Nadia Rahman", step_in=2)
        self._call("freshfields", days=3, outcome="call_back", notes="After the morning delivery.")
        self._hospital()
        self._harbour()

    def _hospital(self) -> None:
        self.make_prospect("hospital", "mentors", "marcus", days=30, step="")
        self._call("hospital", days=22, outcome="put_through", who="Pat Doyle", notes="Pat keeps the calendar.")
        self._call("hospital", days=20, outcome="agreed_to_meet", notes="Likes mentoring; health careers.")
        day = self._school_days_back(9)
        meeting = self._meeting(
            "hospital", set_days_ago=19, day=day, at=time(14, 0), place="Lakeshore Regional Hospital"
        )
        with clock.standing_at(self.local(day + timedelta(days=1), time(16, 0))):
            marcus = self.people["marcus"]
            done = FollowUp.Answer.DONE
            actions.tick(
                meeting, FollowUp.Part.WHAT_HAPPENED, answer=done, by=marcus,
                what_happened="Maya asked how we match mentors with students who hope to work in health care.",
            )  # fmt: skip
            actions.tick(meeting, FollowUp.Part.TAKE_AWAY, answer=done, by=marcus)
            today = self.now.astimezone(meeting.board.zone).date()
            actions.tick(meeting, FollowUp.Part.DECISION_CALL, answer=done, by=marcus, decision_call_on=today)
            actions.set_next_step(
                self.prospects["hospital"],
                "Call Maya Lindqvist for the hospital’s decision",
                today,
                by=marcus,
            )

    def _harbour(self) -> None:
        self.make_prospect("harbour", "mentors", "marcus", days=20, step="", to=Stage.RESEARCHED)
        self._call("harbour", days=9, outcome="put_through", who="", notes="Iris Chen is the right person.")
        self._call(
            "harbour", days=7, outcome="agreed_to_meet",
            notes="She likes the link with strong communities and agrees to meet.",
        )  # fmt: skip
        board = self.boards["maple"]
        tomorrow = board.calendar.school_days_after(self.now.astimezone(board.zone).date(), 1)
        self._meeting("harbour", set_days_ago=5, day=tomorrow, at=time(15, 30), place="Riverbend", principal=True)

    def make_prospect(
        self,
        business: str,
        initiative: str,
        champion: str,
        *,
        days: int,
        step: str,
        step_in: int = 0,
        to: Stage | None = None,
    ) -> None:
        by = self.people[champion]
        with clock.standing_at(self.at(-days, 10)):
            prospect = actions.make_prospect(
                self.businesses[business], self.initiatives[initiative], by=by, champion=by,
                next_step=step or "Call them", next_step_on=(self.now + timedelta(days=step_in)).date(),
            )  # fmt: skip
            if to is not None:
                prospect = actions.move(prospect, to=to, by=by)
            if not step:
                actions.set_next_step(prospect, "", None, by=by)
        self.prospects[business] = prospect

    def _call(self, business: str, *, days: int, outcome: str, notes: str, who: str | None = None) -> None:
        prospect = self.prospects[business]
        people = prospect.business.contacts
        contact = people.filter(name=who).first() if who is not None else actions.main_contact(prospect.business)
        moment = self.at(-days, 10, 30)
        with clock.standing_at(moment):
            call = Interaction(prospect=prospect, contact=contact, happened_at=moment, outcome=outcome, notes=notes)
            actions.log_interaction(call, by=self.people["marcus"])

    def _meeting(
        self, business: str, *, set_days_ago: int, day: date, at: time, place: str, principal: bool = False
    ) -> Meeting:
        prospect = Prospect.objects.select_related("school__board").get(pk=self.prospects[business].pk)
        with clock.standing_at(self.at(-set_days_ago, 11)):
            meeting = Meeting(
                prospect=prospect,
                contact=actions.main_contact(prospect.business),
                place=place,
                is_principal_attending=principal,
            )
            return actions.set_meeting(meeting, starts_at=self.local(day, at), minutes=45, by=self.people["marcus"])

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """A local moment `days` from D, moved back to a Friday on a weekend."""
        day = (self.now + timedelta(days=days)).astimezone(self.boards["maple"].zone).date()
        day -= timedelta(days=max(0, day.weekday() - 4))
        return self.local(day, time(hour, minute))

    def local(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.boards["maple"].zone)

    def _school_days_back(self, n: int) -> date:
        """The school day `n` school days before D."""
        day = self.now.astimezone(self.boards["maple"].zone).date()
        while n:
            day -= timedelta(days=1)
            n -= self.boards["maple"].calendar.is_school_day(day)
        return day
