"""Entries of a directory that look alike: the same name but for capitals, accents, marks and the form of company."""

import re

from boards.models import Board
from businesses.models import Business
from core.search_text import search_key

FORMS = frozenset({"inc", "ltd", "ltee", "limited", "limitee", "corp", "co", "company", "llc", "enr", "senc"})


def likeness(name: str) -> str:
    """What two names that look alike have in common."""
    words = re.findall(r"\w+", search_key(name))
    kept = [word for word in words if word not in FORMS]
    return " ".join(kept or words)


def look_alikes(board: Board) -> list[list[Business]]:
    """The organisations of `board` that look like another of it, together, by name. Nothing is merged: whether they
    are one is for somebody to say who knows them."""
    alike: dict[str, list[Business]] = {}
    for business in Business.objects.filter(board=board).only("name", "town", "board").order_by("name", "pk"):
        alike.setdefault(likeness(business.name), []).append(business)
    return [group for group in alike.values() if len(group) > 1]
