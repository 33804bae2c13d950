"""The logo on a document of a school: its own, else its board's."""

from dataclasses import dataclass

from core import stored_files
from core.pictures import for_paper
from schools.models import School

NAME = "logo.png"


@dataclass(frozen=True)
class Logo:
    """Whose it is, and its bytes by the name under which the document asks for them."""

    of: str
    files: dict[str, bytes]


def logo_of(school: School) -> Logo:
    """The logo of `school`, else of its board; of nobody and without a file where neither has one. A photo is none."""
    own = school.picture if school.picture_kind == School.PictureKind.LOGO else None
    stored, of = (own, school.name) if own else (school.board.logo, school.board.name)
    return Logo(of, {NAME: for_paper(stored_files.read(stored))}) if stored else Logo("", {})
