"""Every verb that is written anywhere in the code has words in the trail, and no words are left over."""

import ast
from collections.abc import Iterator
from itertools import product

from django.utils import translation

from core import verbs
from core.verbs import Group
from evaluation.models import Choice
from outreach.models import FollowUp, Stage
from partnerships.models import Partnership, Side
from schools.models import Initiative
from tests.test_floor_plan import modules

# What stands in the braces of a verb that is put together.
PUT_TOGETHER = {
    "f'moved to {to}'": [f"moved to {to}" for states in (Stage, Partnership.State, Initiative.State) for to in states],
    "f'yes of {side}'": [f"yes of {side}" for side in Side],
    "f'{side} chose {decision}'": [f"{s} chose {d}" for s, d in product(Side, Choice.Decision)],
    "f'{part} {answer}'": [f"{part} {answer}" for part, answer in product(FollowUp.Part, FollowUp.Answer)],
}
HANDED_ON = ("verb", "change.verb")  # by a function that was told it


def written() -> Iterator[tuple[str, ast.expr]]:
    """Where a verb is written, and how."""
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    if keyword.arg == "verb":
                        yield f"{module}:{node.lineno}", keyword.value


def values(expression: ast.expr) -> list[str] | None:
    """The verbs an expression can be; None if nobody can tell."""
    match expression:
        case ast.Constant(value=str(verb)):
            return [verb]
        case ast.IfExp(body=body, orelse=other):
            either = values(body), values(other)
            return None if None in either else [verb for some in either for verb in some or []]
        case ast.JoinedStr():
            return PUT_TOGETHER.get(ast.unparse(expression))
        case _ if ast.unparse(expression) in HANDED_ON:
            return []
    return None


def test_every_verb_that_is_written_has_words() -> None:
    declared = dict(verbs.verbs.items())
    used: set[str] = set()
    for where, expression in written():
        found = values(expression)
        assert found is not None, f"{where} writes {ast.unparse(expression)}: say in PUT_TOGETHER what it can be"
        assert set(found) <= set(declared), where
        used |= set(found)
    assert len(used) >= 80
    assert used == set(declared), "words for a verb that nobody writes"


def test_the_walk_sees_what_it_cannot_tell() -> None:
    """The test of the test."""
    assert values(ast.parse("f'{x} gone'", mode="eval").body) is None
    assert values(ast.parse("'a' if x else some()", mode="eval").body) is None
    assert values(ast.parse("'a' if x else 'b'", mode="eval").body) == ["a", "b"]


def test_how_they_read() -> None:
    assert verbs.in_words("moved to in_discussion") == "moved to in discussion"
    assert verbs.in_words("thank_you not_needed") == "ticked “Thank-you note”, not needed"
    assert verbs.in_words("partner chose end_well") == "chose “end well” for the partner"
    assert verbs.in_words("danced") == "danced"
    with translation.override("fr"):
        assert verbs.in_words("edited") == "a modifié"


def test_each_belongs_to_a_group() -> None:
    groups = {group: verbs.of_group(group) for group in Group}
    assert sum(map(len, groups.values())) == len(verbs.verbs.items())
    assert all(groups.values())
    assert verbs.of_group("no such group") == []
