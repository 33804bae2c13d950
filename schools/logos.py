"""The logo on a document of a school: its own, else its board's."""

import logging
from dataclasses import dataclass

from core import stored_files
from core.pictures import for_paper
from schools.models import School

NAME = "logo.png"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Logo:
    """Whose it is, and its bytes by the name under which the document asks for them."""

    of: str
    files: dict[str, bytes]


NONE = Logo("", {})


def logo_of(school: School) -> Logo:
    """The logo of `school`, else of its board; of nobody and without a file where neither has one, or its
    file is damaged. A photo is none."""
    own = school.picture if school.picture_kind == School.PictureKind.LOGO else None
    stored, of = (own, school.name) if own else (school.board.logo, school.board.name)
    if stored is None:
        return NONE
    try:
        return Logo(of, {NAME: for_paper(stored_files.read(stored))})
    except stored_files.FileDamaged:
        # A document without its logo is better than none.
        logger.exception("The logo of %s is damaged; its documents go without.", of)
        return NONE
