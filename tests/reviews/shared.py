"""A problem whose work is divided down three levels, and another that one of those units leads itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bihuan.ledger.models import Problem
from bihuan.organizations import actions as organizations
from bihuan.rectification import actions as do
from bihuan.reviews.models import MonthlyReview
from tests.organizations.cast import THE_SYSTEM
from tests.rectification.conftest import fresh
from tests.reviews.calls import draft_of, issue

if TYPE_CHECKING:
    from bihuan.rectification.models import Measure
    from tests.kept_rows import Shelf
    from tests.organizations.cast import Player
    from tests.rectification.conftest import Story


@dataclass(frozen=True)
class Shared:
    """`whole` is led by the ecology bureau; its second measure is the water bureau's own, the first went from there to the
    station and on to the county's water bureau. `plain` is led by the water bureau.
    """

    whole: Problem
    plain: Problem
    review: MonthlyReview


def give(story: Story, measure: Measure, unit, by: Player, **more) -> Measure:
    """A task handed down."""
    facts = {"text": "更换六公里", "deadline": measure.deadline, "deliverable": "验收资料"} | more
    return do.hand_down(measure, unit=unit, **facts, actor=by.actor)


def leaf_of(story: Story, problem: Problem, unit) -> Measure:
    """The one leaf a unit carries."""
    measures = story.measures(problem)
    divided = {one.parent_id for one in measures}
    return next(one for one in measures if one.unit_id == unit.pk and one.pk not in divided)


def divided(story: Story) -> Problem:
    """Led by one unit, carried by another and those below it."""
    cast = story.cast
    problem = story.register()
    story.propose(problem, lead_unit=cast.ecology, supporting_units=[cast.water])
    story.issue([problem])
    do.acknowledge(fresh([problem]), actor=cast.sector_handler.actor)
    drafts = [
        story.draft(unit=cast.water.pk),
        story.draft(unit=cast.water.pk, text="建立分区计量"),
        story.draft(unit=cast.ecology.pk, text="监测出水水质"),
    ]
    story.decide(story.plan(fresh([problem])[0], *drafts, by=cast.sector_handler).approval)
    if not cast.county_water.lines.filter(superior=cast.station).exists():
        organizations.set_line(cast.county_water, superior=cast.station, actor=THE_SYSTEM)
    first = next(one for one in story.measures(problem) if one.number == "1")
    below = give(story, first, cast.station, cast.handler)
    give(story, below, cast.county_water, cast.subordinate)
    return fresh([problem])[0]


@pytest.fixture
def shared(story: Story, shelf: Shelf) -> Shared:
    """The call about both is out."""

    def made():
        whole, plain = divided(story), story.rectifying(grade="minor")
        return whole.pk, plain.pk, issue(draft_of(story), story).pk, story.serial

    whole, plain, review, story.serial = shelf.stage(("a call down three levels",), made)
    found = MonthlyReview.objects.select_related("jurisdiction").get(pk=review)
    return Shared(Problem.objects.get(pk=whole), Problem.objects.get(pk=plain), found)
