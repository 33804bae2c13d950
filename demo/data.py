"""The demonstration world as data: every name is invented, every day is counted from D, the day it is loaded."""

from typing import Any

GOALS_EN = [
    ("SP1", "21st-century skills for every student", "Les compétences du XXIe siècle pour chaque élève"),
    ("SP2", "Confidence in numeracy and STEM", "La confiance en numératie et en STIM"),
    ("SP3", "Well-being and belonging", "Le bien-être et le sentiment d’appartenance"),
    ("SP4", "Pathways from school to work", "Des parcours de l’école au travail"),
]
GOALS_FR = [
    ("PS1", "", "Réussir en français"),
    ("PS2", "", "S’ouvrir au monde du travail"),
]
LOGOS = {"en": "#A8492B", "fr": "#35548C"}
# What an hour of help is worth, by kind; "" is any other.
RATES = {"": 30, "volunteers": 35, "mentors": 50, "expertise": 75, "guest_speaker": 60}
# Kind, level, days of the story, and the two names.
YEAR_PARTS = [
    ("semester", "secondary", ("2025-09-02", "2026-01-30"), "Semester 1", "Premier semestre"),
    ("term", "elementary", ("2025-09-02", "2026-01-30"), "Term 1", "Première étape"),
    ("exams", "secondary", ("2026-01-22", "2026-01-29"), "Exams, semester 1", "Examens du premier semestre"),
    ("semester", "secondary", ("2026-02-02", "2026-06-25"), "Semester 2", "Second semestre"),
    ("term", "elementary", ("2026-02-02", "2026-06-25"), "Term 2", "Deuxième étape"),
    ("exams", "secondary", ("2026-06-17", "2026-06-24"), "Exams, semester 2", "Examens du second semestre"),
    ("last_day", "both", ("2026-06-25", "2026-06-25"), "", ""),
    ("semester", "secondary", ("2026-09-08", "2027-01-29"), "Semester 1", "Premier semestre"),
    ("term", "elementary", ("2026-09-08", "2027-01-29"), "Term 1", "Première étape"),
]

CALENDAR_FILES = {"en": ("calendar.ics", "PA day"), "fr": ("calendrier.ics", "Journée pédagogique")}

# key: name, title, language
PEOPLE = {
    "helen": ("Helen Park", "Principal", "en"),
    "marcus": ("Marcus Lee", "technology teacher", "en"),
    "devon": ("Devon Clarke", "science teacher", "en"),
    "grace": ("Grace Liu", "school office", "en"),
    "sofia": ("Sofia Marino", "Principal", "en"),
    "priya": ("Priya Nair", "teacher-librarian", "en"),
    "luc": ("Luc Gagnon", "directeur", "fr"),
    "chantal": ("Chantal Roy", "enseignante", "fr"),
    "omar": ("Omar Siddiqui", "Principal", "en"),
    "jenna": ("Jenna Walsh", "co-op teacher", "en"),
    "amara": ("Amara Okafor", "Superintendent", "en"),
    "daniel": ("Daniel Tremblay", "Superintendent", "en"),
    "ruth": ("Ruth Adeyemi", "Board administrator", "en"),
    "anne": ("Anne Côté", "directrice", "fr"),
    "yves": ("Yves Roy", "enseignant", "fr"),
    "lise": ("Lise Morin", "administratrice", "fr"),
    "paul": ("Paul Arsenault", "surintendant", "fr"),
    "nadia": ("Nadia Haddad", "runs Tandem", "en"),
}

# key: board, family, name, level, language, grades, town, enrolment, profile, people
SCHOOLS: dict[str, Any] = {
    "riverbend": {
        "family": "North",
        "name": "Riverbend Secondary School",
        "level": "secondary",
        "language": "en",
        "grades": "9–12",
        "town": "Maple Valley",
        "enrolment": 842,
        "demographic_figure": "38 %",
        "demographic_label": "new to Canada",
        "strength": "Provincial skills medal",
        "challenge": "Aging machine shop",
        "demographics": "More than a third of our students are new to Canada.",
        "accomplishments": "A provincial medal in skills competition.",
        "region": "North end of Maple Valley",
        "home_languages": "English, Arabic, Tagalog, French",
        "year_runs": "Semesters begin in September and February. Exams are in late January and late June.",
        "people": {"principal": "helen", "champion": "marcus", "staff": "devon", "office": "grace"},
    },
    "cedar_hill": {
        "family": "North",
        "name": "Cedar Hill Public School",
        "level": "elementary",
        "language": "en",
        "grades": "JK–8",
        "town": "Cedar Hill",
        "enrolment": 410,
        "strength": "A strong parent council",
        "challenge": "The pool is 9 km away",
        "people": {"principal": "sofia", "champion": "priya"},
    },
    "sainte_anne": {
        "family": "Lakeshore",
        "name": "École secondaire Sainte-Anne",
        "level": "secondary",
        "language": "fr",
        "grades": "7–12",
        "town": "Rive-du-Lac",
        "enrolment": 534,
        "strength": "Arts et hôtellerie",
        "challenge": "Pas de salle de spectacle",
        "people": {"principal": "luc", "champion": "chantal"},
    },
    "lakeside": {
        "family": "Lakeshore",
        "name": "Lakeside Collegiate",
        "level": "secondary",
        "language": "en",
        "grades": "9–12",
        "town": "Lakeside",
        "enrolment": 1120,
        "strength": "Co-op placements for 90 students",
        "challenge": "More placements than employers",
        "people": {"principal": "omar", "champion": "jenna"},
    },
    "les_pins": {
        "family": "Nord-Est",
        "name": "École Les Pins",
        "level": "both",
        "language": "fr",
        "grades": "7–12",
        "town": "Grand-Érable",
        "enrolment": 410,
        "strength": "Une école ouverte sur la forêt",
        "people": {"principal": "anne", "champion": "yves"},
    },
}

# What of a school its principal made public; of the others nothing is.
PUBLIC = {
    "riverbend": ["grades", "students", "strength", "challenge", "figure", "year_runs", "town"],
    "cedar_hill": ["grades", "strength", "town"],
    "les_pins": ["grades", "strength"],
}

# What the measures of FIRST Robotics stood at: month and day of the story, and the number.
MEASURED: dict[str, list[tuple[tuple[int, int, int], int]]] = {
    "students on the team": [((2025, 10, 20), 18), ((2025, 12, 15), 22), ((2026, 2, 3), 25), ((2026, 3, 11), 26)],
    "tournaments entered": [((2025, 12, 15), 0), ((2026, 2, 3), 1), ((2026, 3, 11), 2)],
    "students in senior mathematics": [((2025, 10, 20), 218), ((2026, 2, 3), 228), ((2026, 3, 11), 231)],
}

# Initiative: who (a key of PEOPLE, or a name), the part played, hours a month, release time.
KEY_PEOPLE: dict[str, list[tuple[str, str, int | None, str]]] = {
    "robotics": [
        ("marcus", "", 12, "one period a week"),
        ("devon", "science teacher, coaches the programmers", 6, ""),
        ("Rosa Alvarez", "shop technician", 4, ""),
    ],
    "mentors": [("marcus", "", 4, "")],
}

IMPROVEMENT_GOALS: dict[str, Any] = {
    "riverbend": [("Raise enrolment in senior mathematics", ["SP2"])],
    "cedar_hill": [("Every child reads with joy by Grade 3", ["SP1", "SP3"])],
    "lakeside": [("Every co-op student placed by October", ["SP4"])],
}

INITIATIVES: dict[str, Any] = {
    "robotics": {
        "school": "riverbend",
        "title": "FIRST Robotics at Riverbend",
        "summary": "Thirty students design, build and program a competition robot in one season. "
        "We are looking for a partner to build the program with us.",
        "description": "Riverbend is starting a FIRST Robotics program. From design to the drive team, students do "
        "the work; technology teacher Marcus Lee leads, and mentors from industry stand beside them every week. "
        "The team will enter two tournaments and the provincial championship.",
        "why": "More than a third of our students are new to Canada. Many have a gift for engineering or the trades "
        "and have never met anyone who does that work. A season of robotics gives them a reason to take "
        "mathematics further, and people who can show them where it leads.",
        "learning": "Students learn by project: they plan, divide the work, test, fail and present under pressure. "
        "These are the 21st-century skills our board asks every school to teach.",
        "benefits": "Your engineers and technicians teach what you care about, STEM and the skilled trades, to the "
        "people you may one day hire.\nA clear and bounded role for your staff: four mentors, 160 hours in all.\n"
        "Your name known to 842 students and their families as the company that showed up.",
        "ask": "One hour of your time. Come and see the shop, meet the students, and tell us which part of this you "
        "would like to make yours. Nothing needs to be decided that day.",
        "kind": "co_operative",
        "goals": [
            ("Start a FIRST Robotics program", [], ["SP1"]),
            ("More STEM and 21st-century learning", [], ["SP1", "SP2"]),
            ("Two tournaments and the provincial championship", [], ["SP1"]),
            ("More students in mathematics courses", ["Raise enrolment in senior mathematics"], []),
        ],
        "measures": [
            (0, "students on the team", 0, 30),
            (2, "tournaments entered", 0, 3),
            (3, "students in senior mathematics", 212, 245),
        ],
        "needs": [
            {
                "kind": "mentors",
                "quantity": 4,
                "hours": 2,
                "frequency": "weekly",
                "times": 20,
                "details": "One more would let us split the team in four.",
            },
            {"kind": "funding", "what": "registration and parts", "quantity": 6500, "value": 6500},
            {
                "kind": "space",
                "what": "A workshop space with CNC access",
                "quantity": 1,
                "unit": "evening",
                "frequency": "weekly",
                "times": 10,
            },
            {"kind": "transportation", "what": "A coach to take 30 students to 3 tournaments", "quantity": 3},
        ],
    },
    "mentors": {
        "school": "riverbend",
        "title": "Mentors for 60",
        "summary": "Sixty high-priority students meet an adult who believes in them, every two weeks for a year.",
        "why": "A young person with one adult who shows up is far more likely to finish school.",
        "learning": "Students set goals, keep them, and learn to talk with adults outside school.",
        "benefits": "Involvement in the community\nEmployees who come back proud",
        "ask": "Half an hour to talk about how your staff might take part.",
        "kind": "operational",
        "goals": [("Every high-priority student has a mentor", [], ["SP3"])],
        "measures": [(0, "students with a mentor", 0, 60)],
        "needs": [
            {
                "kind": "mentors",
                "quantity": 20,
                "people": 60,
                "hours": 1,
                "frequency": "every_two_weeks",
                "times": 30,
            }
        ],
    },
    "swim": {
        "school": "cedar_hill",
        "title": "Swim to Survive",
        "summary": "Every Grade 3 child learns to survive a fall into deep water.",
        "goals": [("Every Grade 3 child can swim to safety", [], ["SP3"])],
        "measures": [(0, "children who pass Swim to Survive", 0, 18)],
        "needs": [
            {
                "kind": "transportation",
                "what": "A bus",
                "people": 18,
                "frequency": "weekly",
                "times": 15,
                "details": "From Cedar Hill to the pool, 9 km away.",
            }
        ],
    },
    "reading": {
        "school": "cedar_hill",
        "title": "Reading Buddies",
        "summary": "Adults and children read together, in two languages.",
        "goals": [("Children read every day", ["Every child reads with joy by Grade 3"], [])],
        "measures": [],
        "needs": [
            {"kind": "volunteers", "quantity": 12, "hours": 1, "frequency": "weekly", "times": 24},
            {"kind": "equipment", "what": "dual-language books", "quantity": 300},
        ],
    },
    "premiere": {
        "school": "sainte_anne",
        "title": "Première scène",
        "summary": "Nos élèves montent deux spectacles, de l’écriture à la scène.",
        "goals": [("Monter deux spectacles devant le public", [], ["SP1"])],
        "measures": [],
        "needs": [
            {"kind": "space", "what": "Une salle pour 2 spectacles"},
            {"kind": "guest_speaker", "what": "techniciens invités", "quantity": 3},
        ],
    },
    "placements": {
        "school": "lakeside",
        "title": "90 Placements",
        "summary": "Ninety students learn a trade or a profession where it is done.",
        "goals": [("Every co-op student has a place", ["Every co-op student placed by October"], ["SP4"])],
        "measures": [(0, "placements filled", 0, 90)],
        "needs": [
            {"kind": "work_placement", "quantity": 90, "hours": 110},
            {"kind": "job_shadowing", "quantity": 25},
        ],
    },
}

# key: name, kind, sector, staff, mission, values, giving back, expertise, people (name, title, part, decides)
BUSINESSES: dict[str, Any] = {
    "northgate": {
        "name": "Northgate Automation Inc.",
        "kind": "larger",
        "sector": "manufacturing",
        "staff": 240,
        "giving_back": "STEM, skilled trades",
        "people": [("Dana Whitfield", "community relations manager", "community_relations", True)],
    },
    "harbour": {
        "name": "Harbour Credit Union",
        "kind": "larger",
        "sector": "banking",
        "staff": 90,
        "mission": "Help build strong communities, one member at a time.",
        "values": "Co-operation, plain dealing, staying local.",
        "giving_back": "Financial literacy; staff may volunteer in work time.",
        "expertise": "Budgeting, first jobs, talking with newcomers",
        "people": [("Iris Chen", "branch manager", "manager", True)],
    },
    "bright": {
        "name": "Bright & Daughters Construction",
        "kind": "local",
        "sector": "construction",
        "staff": 18,
        "giving_back": "Skilled trades, hiring young people",
        "people": [("Tom Bright", "owner", "owner", True)],
    },
    "freshfields": {
        "name": "FreshFields Grocery",
        "kind": "local",
        "sector": "food",
        "staff": 60,
        "giving_back": "Nutrition, neighbourhood",
        "people": [("Nadia Rahman", "store manager", "manager", True)],
    },
    "coach_lines": {
        "name": "Maple Valley Coach Lines",
        "kind": "local",
        "sector": "transportation",
        "staff": 45,
        "people": [("Geoff Stone", "operations", "manager", True)],
    },
    "rotary": {
        "name": "Rotary Club of Maple Valley",
        "kind": "service_club",
        "sector": "community",
        "giving_back": "Youth leadership, literacy",
        "people": [],
    },
    "atelier": {
        "name": "Atelier Lumière",
        "kind": "local",
        "sector": "arts",
        "staff": 7,
        "giving_back": "Arts",
        "people": [],
    },
    "hospital": {
        "name": "Lakeshore Regional Hospital",
        "kind": "public",
        "sector": "health",
        "staff": 2300,
        "giving_back": "Health careers",
        "people": [
            ("Maya Lindqvist", "VP people", "executive", True),
            ("Pat Doyle", "executive assistant to Maya Lindqvist", "assistant", False),
        ],
    },
    "corvid": {
        "name": "Corvid Games",
        "kind": "local",
        "sector": "technology",
        "staff": 12,
        "giving_back": "STEM, arts",
        "people": [],
    },
}
