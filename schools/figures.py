"""The figures the ministry publishes of a school: our key, and how we say it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIGURES: dict[str, str | Promise] = {
    "first_language_not_english": _("First language is not English, % of students"),
    "first_language_not_french": _("First language is not French, % of students"),
    "new_from_non_english_country": _("New to Canada from a non-English-speaking country, % of students"),
    "new_from_non_french_country": _("New to Canada from a non-French-speaking country, % of students"),
    "special_education": _("Receive special education services, % of students"),
    "gifted": _("Identified as gifted, % of students"),
    "grade3_reading": _("Grade 3 at the provincial standard in reading, %"),
    "grade3_reading_change": _("Grade 3 reading, change over three years"),
    "grade3_writing": _("Grade 3 at the provincial standard in writing, %"),
    "grade3_writing_change": _("Grade 3 writing, change over three years"),
    "grade3_mathematics": _("Grade 3 at the provincial standard in mathematics, %"),
    "grade3_mathematics_change": _("Grade 3 mathematics, change over three years"),
    "grade6_reading": _("Grade 6 at the provincial standard in reading, %"),
    "grade6_reading_change": _("Grade 6 reading, change over three years"),
    "grade6_writing": _("Grade 6 at the provincial standard in writing, %"),
    "grade6_writing_change": _("Grade 6 writing, change over three years"),
    "grade6_mathematics": _("Grade 6 at the provincial standard in mathematics, %"),
    "grade6_mathematics_change": _("Grade 6 mathematics, change over three years"),
    "grade9_mathematics": _("Grade 9 at the provincial standard in mathematics, %"),
    "grade9_mathematics_change": _("Grade 9 mathematics, change over three years"),
    "literacy_test": _("Passed the Grade 10 literacy test at the first attempt, %"),
    "literacy_test_change": _("Grade 10 literacy test, change over three years"),
    "low_income": _("Live in low-income households, % of school-aged children"),
    "parents_without_degree": _("Parents have no degree, diploma or certificate, % of students"),
}

UNKNOWN_BECAUSE: dict[str, str | Promise] = {
    "SP": _("suppressed, too few students"),
    "NA": _("not applicable"),
    "N/D": _("no data"),
    "N/R": _("not reported"),
    "blank": _("left blank"),
}
