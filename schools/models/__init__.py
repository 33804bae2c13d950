"""Schools, what they aim at, and what they need."""

from schools.models.initiative import Goal, Initiative, Measure, Measurement, Need
from schools.models.joining import Joining
from schools.models.key_person import KeyPerson
from schools.models.quantified import Quantified
from schools.models.school import Family, ImprovementGoal, School, SchoolFigure
from schools.models.translated import Translated

__all__ = [
    "Family",
    "Goal",
    "ImprovementGoal",
    "Initiative",
    "Joining",
    "KeyPerson",
    "Measure",
    "Measurement",
    "Need",
    "Quantified",
    "School",
    "SchoolFigure",
    "Translated",
]
