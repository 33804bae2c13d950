"""A calendar file is read as the calendar program that wrote it would show it, and refused where that would harm."""

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import Event, User
from accounts.permissions import Role
from boards.calendar_file import LARGEST, Found, Unreadable, kind_of, level_of, read
from boards.models import Board, CalendarFile
from tests.factories import rows
from tests.factories.sent import with_token

TORONTO = ZoneInfo("America/Toronto")
TODAY = date(2026, 9, 1)


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def calendar(*events: str) -> bytes:
    return "".join(["BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", *events, "END:VCALENDAR\r\n"]).encode()


def found(*lines: str) -> list[Found]:
    return read(calendar(event(*lines)), TORONTO, TODAY)


def days(*lines: str) -> list[tuple[str, str]]:
    return [(one.starts_on, one.ends_on) for one in found(*lines) if not one.refused]


@pytest.mark.parametrize(
    ("title", "kind", "english", "french"),
    [
        ("PA Day", "pa_day", True, False),
        ("P.A. Day - no classes", "pa_day", True, False),
        ("Professional Activity Day (elementary)", "pa_day", True, False),
        ("Journée pédagogique", "pa_day", False, True),
        ("PA Day / Journée pédagogique", "pa_day", True, True),
        ("Family Day", "holiday", True, False),
        ("Statutory holiday", "holiday", True, False),
        ("Congé de l’Action de grâces", "holiday", False, True),
        ("Winter Break", "break", True, False),
        ("March Break", "break", True, False),
        ("Relâche de mars", "break", False, True),
        ("Congé des Fêtes", "break", False, True),
        ("Holiday break", "break", True, False),
        ("Exams", "exams", True, False),
        ("Examens de janvier", "exams", False, True),
        ("Last day of school", "last_day", True, False),
        ("Dernier jour de classe", "last_day", False, True),
        ("Summer vacation", "summer", True, False),
        ("Vacances d'été", "summer", False, True),
        ("Semester 1", "semester", True, False),
        ("Premier semestre", "semester", False, True),
        ("Staff meeting", "", False, False),
        ("Example of spam", "", False, False),
        ("", "", False, False),
    ],
)
def test_words_of_a_title(title: str, kind: str, english: bool, french: bool) -> None:
    assert kind_of(title) == (kind, english, french)


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("PA Day", "both"),
        ("Secondary exams", "secondary"),
        ("Last day, elementary", "elementary"),
        ("Examens au secondaire", "secondary"),
        ("Elementary and secondary", "both"),
        ("Exams 9-12", "secondary"),
    ],
)
def test_levels(title: str, level: str) -> None:
    assert level_of(title) == level


PA = "SUMMARY:PA day"
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=60"
ONE = [("2026-10-09", "2026-10-09")]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART;VALUE=DATE:20261009"], ONE),
        (["DTSTART;VALUE=DATE:20261009", "DTEND;VALUE=DATE:20261010"], ONE),  # the end is exclusive
        (["DTSTART;VALUE=DATE:20261009", "DTEND;VALUE=DATE:20261009"], ONE),  # as some programs write it
        (["DTSTART;VALUE=DATE:20261009", "DTEND;VALUE=DATE:20261012"], [("2026-10-09", "2026-10-11")]),
        (["DTSTART;VALUE=DATE:20261009", "DURATION:P1D"], ONE),
        (["DTSTART:20261009T083000", "DTEND:20261009T153000"], ONE),
        (["DTSTART:20261009T000000", "DTEND:20261010T000000"], ONE),  # an end at midnight is on the day before
        (["DTSTART:20261009T123000Z", "DTEND:20261009T193000Z"], ONE),
        (["DTSTART:20261010T020000Z", "DTEND:20261010T090000Z"], [("2026-10-09", "2026-10-10")]),
        (["DTSTART;TZID=America/Toronto:20261009T083000", "DTEND;TZID=America/Toronto:20261009T153000"], ONE),
        (["DTSTART;TZID=Eastern Standard Time:20261009T083000", "DURATION:PT7H"], ONE),
        (["DTSTART;TZID=Mars/Olympus:20261009T083000", "DURATION:PT7H"], ONE),
        (["DTSTART;VALUE=DATE:20261009", "RRULE:FREQ=DAILY;COUNT=3"], [("2026-10-09", "2026-10-11")]),
        (["DTSTART;VALUE=DATE:20261009", "RRULE:FREQ=WEEKLY;UNTIL=20261016"], [*ONE, ("2026-10-16", "2026-10-16")]),
        (
            ["DTSTART;VALUE=DATE:20261009", "RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=FR", "EXDATE;VALUE=DATE:20261016"],
            ONE,
        ),
        (
            ["DTSTART;VALUE=DATE:20261009", "RRULE:FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=9"],
            [*ONE, ("2027-10-09", "2027-10-09"), ("2028-10-09", "2028-10-09")],
        ),
        (["DTSTART;VALUE=DATE:20261231", "RRULE:FREQ=MONTHLY;COUNT=3"],
         [("2026-12-31", "2026-12-31"), ("2027-01-31", "2027-01-31")]),
    ],
)  # fmt: skip
def test_the_days_of_an_event(lines: list[str], expected: list[tuple[str, str]]) -> None:
    assert days(PA, *lines) == expected


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["SUMMARY:Bake sale", "DTSTART;VALUE=DATE:20261009"], "no_words"),
        (["SUMMARY:First day of semester 2", "DTSTART;VALUE=DATE:20270201"], "not_the_days"),
        (["SUMMARY:Exams begin", "DTSTART;VALUE=DATE:20270201"], "not_the_days"),
        (["SUMMARY:Semester 1", "DTSTART;VALUE=DATE:20270201"], "not_the_days"),
        ([PA], "no_days"),
        ([PA, "DTSTART:garbage"], "no_days"),
        ([PA, "DTSTART;VALUE=DATE:20261340"], "no_days"),
        ([PA, "DTSTART;VALUE=DATE:20261009", "DTEND;VALUE=DATE:20261001"], "ends_first"),
        ([PA, "DTSTART;VALUE=DATE:20261009", "DTEND;VALUE=DATE:20271001"], "too_long"),
        ([PA, "DTSTART:20261009T150000", "DTEND:20261009T160000"], "some_hours"),
        ([PA, "DTSTART;VALUE=DATE:18671009"], "out_of_range"),
        ([PA, "DTSTART;VALUE=DATE:99990101"], "out_of_range"),
        ([PA, "DTSTART;VALUE=DATE:20261009", "RRULE:FREQ=SECONDLY"], "repeats"),
        ([PA, "DTSTART;VALUE=DATE:20261009", "RRULE:FREQ=DAILY"], "repeats"),
        ([PA, "DTSTART;VALUE=DATE:20261009", "RRULE:FREQ=YEARLY;BYDAY=2MO"], "repeats"),
        ([PA, "DTSTART;VALUE=DATE:20261009", "RRULE:FREQ=DAILY;INTERVAL=0"], "repeats"),
        ([PA, "DTSTART;VALUE=DATE:20261009", "RRULE:FREQ=DAILY;COUNT=9"], "too_long"),
        ([PA, "DTSTART;VALUE=DATE:20261009", "RDATE;VALUE=DATE:20261010"], "repeats"),
        ([PA, "DTSTART;VALUE=DATE:20261009", "STATUS:CANCELLED"], "cancelled"),
        (["SUMMARY:PA day \u202e", "DTSTART;VALUE=DATE:20261009"], "characters"),
        (["SUMMARY:PA day 123456789", "DTSTART;VALUE=DATE:20261009"], "characters"),
    ],
)
def test_what_is_left_out_says_why(lines: list[str], reason: str) -> None:
    assert [one.refused for one in found(*lines)] == [reason]
    assert all(str(one.reason) for one in found(*lines))


def test_a_folded_line_is_one_line() -> None:
    assert [one.title for one in found("SUMMARY:PA d\r\n ay for\r\n\t all", "DTSTART;VALUE=DATE:20261009")] == [
        "PA day for all"
    ]


def test_an_old_file_is_read_as_windows_wrote_it() -> None:
    content = calendar(event("SUMMARY:Journée pédagogique", "DTSTART;VALUE=DATE:20261009"))
    for encoded in (content, b"\xef\xbb\xbf" + content, content.decode().encode("cp1252")):
        assert [one.name_fr for one in read(encoded, TORONTO, TODAY)] == ["Journée pédagogique"]


def test_line_ends_of_any_kind() -> None:
    content = calendar(event(PA, "DTSTART;VALUE=DATE:20261009"))
    for end in (b"\n", b"\r"):
        assert len(read(content.replace(b"\r\n", end), TORONTO, TODAY)) == 1


def test_an_alarm_is_no_part_of_its_event() -> None:
    alarm = ["BEGIN:VALARM", "SUMMARY:Exams", "END:VALARM"]
    assert [one.kind for one in found(PA, *alarm, "DTSTART;VALUE=DATE:20261009")] == ["pa_day"]


def test_an_event_that_stands_twice_is_one() -> None:
    one = event(PA, "DTSTART;VALUE=DATE:20261009")
    assert len(read(calendar(one, one), TORONTO, TODAY)) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"x" * (LARGEST + 1), "1 MB"),
        (b"", "no calendar file"),
        (b"%PDF-1.7", "no calendar file"),
        (b"\x00\xff" * 1000, "no calendar file"),
        (calendar(*[event(PA)] * 2001), "2,000 events"),
        (
            calendar(*[event(f"{PA} {n}", "DTSTART;VALUE=DATE:20261009", WEEKLY) for n in range(59)]),
            "repeat too often",
        ),
    ],
    ids=["large", "empty", "pdf", "bytes", "many", "repeats"],
)  # fmt: skip
def test_a_file_that_is_refused_says_its_limit(content: bytes, says: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content, TORONTO, TODAY)
    assert says in str(refused.value)


LINE = st.sampled_from(["DTSTART", "DTEND", "RRULE", "EXDATE", "SUMMARY", "DURATION", "STATUS", "BEGIN", "END", "X"])
WORD = st.one_of(
    st.text(max_size=30), st.sampled_from(["20261009", "FREQ=YEARLY;COUNT=-1", "PA day", "P99999Y", "VEVENT"])
)


@example([("DTSTART", "20261009"), ("RRULE", "")])
@example([("DTSTART", "20261009"), ("RRULE", "FREQ=WEEKLY;COUNT=")])
@example([("DTSTART", "20261009"), ("RRULE", "FREQ=WEEKLY;UNTIL=")])
@given(st.lists(st.tuples(LINE, WORD), max_size=12))
def test_no_file_breaks_the_reader(lines: list[tuple[str, str]]) -> None:
    """Whatever stands in it, a file is read or refused, and what is read lies in order and can be kept."""
    content = calendar(event(PA, *[f"{name}:{word}" for name, word in lines]))
    try:
        entries = read(content, TORONTO, TODAY)
    except Unreadable:
        return
    for one in entries:
        assert Found.of(one.kept()) == one
        if not one.refused:
            first, last = one.days
            assert date(1990, 1, 1) <= first <= last


# ── The pages ──


@pytest.fixture
def board() -> Board:
    return rows.board("Maple Valley")


@pytest.fixture
def ruth(board: Board, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(rows.member(rows.user("Ruth"), Role.BOARD_ADMIN, board).user)


def send(browser: Client, board: Board, content: bytes, name: str = "days.ics") -> Any:
    file = SimpleUploadedFile(name, content)
    return browser.post(reverse("calendar_file_add", args=[board.pk]), with_token({"file": file}))


YEAR = calendar(
    event("SUMMARY:PA day", "DTSTART;VALUE=DATE:20261009"),
    event("SUMMARY:Journée pédagogique", "DTSTART;VALUE=DATE:20261009"),
    event("SUMMARY:Secondary exams", "DTSTART;VALUE=DATE:20270122", "DTEND;VALUE=DATE:20270130"),
    event("SUMMARY:Bake sale", "DTSTART;VALUE=DATE:20270122"),
)


@pytest.mark.django_db
def test_nothing_is_taken_over_before_the_yes(board: Board, ruth: Client) -> None:
    answer = send(ruth, board, YEAR)
    file = CalendarFile.objects.get()
    assert answer["Location"] == reverse("calendar_file", args=[file.pk])
    page: Any = ruth.get(answer["Location"])
    assert [len(page.context[part]) for part in ("new", "there", "refused")] == [2, 0, 1]
    assert (board.closed_periods.count(), board.year_parts.count()) == (0, 0)


@pytest.mark.django_db
def test_taken_over_twice_nothing_is_doubled(board: Board, ruth: Client) -> None:
    for _ in range(2):
        to = send(ruth, board, YEAR)["Location"]
        for _ in range(2):
            assert ruth.post(to, with_token({})).status_code == 302
    assert [(p.kind, p.starts_on, p.name_en, p.name_fr) for p in board.closed_periods.all()] == [
        ("pa_day", date(2026, 10, 9), "PA day", "Journée pédagogique")
    ]
    assert [(p.kind, p.level, p.starts_on, p.ends_on) for p in board.year_parts.all()] == [
        ("exams", "secondary", date(2027, 1, 22), date(2027, 1, 29))
    ]
    told = Event.objects.filter(board=board, verb="added", subject_type__model__in=["closedperiod", "yearpart"])
    assert told.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"no calendar", b"x" * (LARGEST + 1), calendar()])
def test_a_refused_file_keeps_nothing(content: bytes, board: Board, ruth: Client) -> None:
    answer: Any = send(ruth, board, content)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]
    assert not CalendarFile.objects.exists()


@pytest.mark.django_db
def test_a_semester_that_overlaps_is_left_out(board: Board, ruth: Client) -> None:
    rows.year_part(board, kind="semester", level="both", starts_on=date(2026, 9, 8), ends_on=date(2027, 1, 29))
    semester = event("SUMMARY:Semester 1", "DTSTART;VALUE=DATE:20260909", "DTEND;VALUE=DATE:20270130")
    page: Any = ruth.get(send(ruth, board, calendar(semester))["Location"])
    assert [len(page.context[part]) for part in ("new", "there", "refused")] == [0, 0, 1]


@pytest.mark.django_db
def test_a_name_of_a_file_is_one_line_of_text(board: Board, ruth: Client) -> None:
    send(ruth, board, YEAR, name="a\u202eb" + "c" * 200 + ".ics")
    assert len(CalendarFile.objects.get().name) <= 120
