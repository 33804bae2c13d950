"""A rule of an app that the engines have never heard of: an initiative must be looked at by the day it starts."""

from collections.abc import Iterator

from engines.reminders.rules import Due, Item, rule
from schools.models import Initiative


def show(initiative: Initiative) -> Item:
    return Item(
        title=f"Look at {initiative.title}",
        detail="Second rule",
        url=f"/initiatives/{initiative.pk}/",
        icon="eye",
        action="Look",
    )


@rule("second_rule", watches=Initiative, show=show)
def second_rule(initiative: Initiative) -> Iterator[Due]:
    if initiative.starts_on and initiative.champion and initiative.state == Initiative.State.DRAFT:
        yield Due(part="champion", owed_by=initiative.champion, on=initiative.starts_on)
