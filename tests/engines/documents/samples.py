"""The executive summary of the demonstration world, as the template is given it, and a reader of PDFs."""

import math
from datetime import date
from io import BytesIO
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from pypdf import PageObject, PdfReader

from engines.documents.jobs import Job
from engines.documents.qr import qr_svg

BUDGETS = {
    "summary": 28,
    "initiative": 52,
    "why": 58,
    "learning": 40,
    "needs": 50,
    "benefit": 56,
    "goals": 30,
    "ask": 33,
}
FILES = {"qr.svg": qr_svg("https://tandem.example/s/7KQ2-M4RV")}
FULL: dict[str, Any] = {
    "language": "en",
    "school": "Riverbend Secondary School",
    "board": "Maple Valley District School Board",
    "business": "Northgate Automation Inc.",
    "contact": "Dana Whitfield",
    "meeting_on": date(2024, 9, 19),
    "title": "FIRST Robotics at Riverbend",
    "summary": "Thirty students design, build and program a competition robot in one season. We are looking for a "
    "partner to build the program with us.",
    "students": 842,
    "grades": "9–12",
    "demographic_figure": "38 %",
    "demographic_label": "new to Canada",
    "strength": "Provincial skills medal",
    "challenge": "Aging machine shop",
    "initiative": "Riverbend is starting a FIRST Robotics program. From design to the drive team, students do the "
    "work; technology teacher Marcus Lee leads, and mentors from industry stand beside them every week. The team "
    "will enter two tournaments and the provincial championship.",
    "why": "More than a third of our students are new to Canada. Many have a gift for engineering or the trades "
    "and have never met anyone who does that work. A season of robotics gives them a reason to take mathematics "
    "further, and people who can show them where it leads.",
    "learning": "Students learn by project: they plan, divide the work, test, fail and present under pressure. "
    "These are the 21st-century skills our board asks every school to teach.",
    "needs": [
        ("4 mentors", ", 2 hours a week for 20 weeks"),
        ("$6,500", " of registration and parts"),
        ("A workshop space with CNC access", ", 1 evening a week for 10 weeks"),
        ("A coach", " to take 30 students to 3 tournaments"),
    ],
    "benefit_for": "Northgate",
    "benefits": [
        "Your engineers and technicians teach what you care about, STEM and the skilled trades, to the people you "
        "may one day hire.",
        "A clear and bounded role for your staff: four mentors, 160 hours in all.",
        "Your name known to 842 students and their families as the company that showed up.",
    ],
    "goals": [
        "Start a FIRST Robotics program",
        "More STEM and 21st-century learning",
        "Two tournaments and the provincial championship",
        "More students in mathematics courses",
    ],
    "improvement_goals": ["Raise enrolment in senior mathematics"],
    "strategic_goals": [
        ("SP1", "21st-century skills for every student"),
        ("SP2", "Confidence in numeracy and STEM"),
    ],
    "plan_name": "Board strategic plan 2024–2028",
    "measures": [
        ("0", "30", "students on the team"),
        ("0", "3", "tournaments entered"),
        ("212", "245", "students in senior mathematics"),
    ],
    "ask": "One hour of your time. Come and see the shop, meet the students, and tell us which part of this you "
    "would like to make yours. Nothing needs to be decided that day.",
    "champion": "Marcus Lee",
    "champion_title": "technology teacher",
    "champion_email": "marcus.lee@mvdsb.example",
    "principal": "Helen Park",
    "qr": True,
    "qr_address": "tandem.example/s/7KQ2-M4RV",
}
SPARSE: dict[str, Any] = {
    "language": "en",
    "school": "Cedar Hill Public School",
    "title": "Swim to Survive",
    "why": "Our pool is 9 km away, and many of our students have never learned to swim.",
    "needs": [("A bus", " to transport 18 students, once a week for 15 weeks")],
    "champion": "Priya Nair",
}


def summary_html(context: dict[str, Any]) -> str:
    """The executive summary of `context`, in its language."""
    with translation.override(context["language"]):
        return render_to_string("documents/executive_summary.html", context)


def summary_job(context: dict[str, Any], **changes: Any) -> Job:
    """The job of an executive summary, on one page."""
    wanted: dict[str, Any] = {"files": FILES, "one_page": True, "budgets": BUDGETS, **changes}
    return Job(summary_html(context), **wanted)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def fonts_of(reader: PdfReader) -> set[str]:
    """Names of the embedded fonts, without the six letters and the plus that mark a subset."""
    fonts: list[Any] = []
    for page in reader.pages:
        resources: Any = page["/Resources"]
        fonts.extend(font.get_object() for font in resources.get("/Font", {}).values())
    return {str(font["/BaseFont"])[8:] for font in fonts}


def smallest_type(page: PageObject) -> float:
    """The smallest size in pt in which anything on `page` is set."""
    sizes: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip():
            sizes.append(size * math.hypot(tm[2], tm[3]) * math.hypot(cm[2], cm[3]))

    page.extract_text(visitor_text=visit)
    return min(sizes)
