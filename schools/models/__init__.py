"""Schools, what they aim at, and what they need."""

from schools.models.initiative import Goal, Initiative, Measure, Need
from schools.models.joining import Joining
from schools.models.quantified import Quantified
from schools.models.school import Family, ImprovementGoal, School, SchoolFigure
from schools.models.translated import Translated

__all__ = [
    "Family",
    "Goal",
    "ImprovementGoal",
    "Initiative",
    "Joining",
    "Measure",
    "Need",
    "Quantified",
    "School",
    "SchoolFigure",
    "Translated",
]
