"""A round on its way to its verdict, and the looking at it in this very process: children have tests of their own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from PIL import Image, ImageDraw

from bihuan.authenticity.jobs import examine_round
from bihuan.authenticity.models import AuthenticityFlag
from bihuan.documents.reading import read_document
from bihuan.files import facts, inspecting
from bihuan.files.jobs import look_into
from bihuan.journal.action import Actor, action, system_only
from bihuan.ledger.models import Problem
from bihuan.lookback import actions as lookback
from bihuan.lookback.models import Lookback
from bihuan.organizations import actions as organizations
from bihuan.organizations.acting import Seat, actor_in
from bihuan.organizations.models import Unit
from bihuan.rectification import actions as do
from bihuan.rectification import before_verdicts
from tests.authenticity.pictures import scene
from tests.organizations.cast import Player
from tests.rectification.conftest import Story, clock, fresh
from tests.rectification.conftest import story as story_of_the_middle
from tests.static_files import plain_static

if TYPE_CHECKING:
    import io
    from pathlib import Path

    from bihuan.rectification.models import Evidence

__all__ = ["clock", "plain_static", "story_of_the_middle"]


@pytest.fixture
def story(story_of_the_middle):
    return story_of_the_middle


@pytest.fixture
def looked_into_here(monkeypatch):
    """Files are asked in this process: starting a child for each costs more than all the rest of a test."""

    def ask(what: str, source: Path) -> dict[str, Any]:
        wanted = {
            "picture": inspecting.picture_facts,
            "office": inspecting.office_facts,
            "pdf": inspecting.pdf_facts,
        }
        return wanted[what](str(source))

    monkeypatch.setattr(facts, "_ask", ask)
    monkeypatch.setattr(facts, "read_in_sandbox", lambda source, limits: read_document(source, limits=limits))


@pytest.fixture
def stage(story, looked_into_here, monkeypatch):
    visits: dict[UUID, dt.date] = {}
    told = [lambda problem: [visits[problem.pk]] if problem.pk in visits else []]
    monkeypatch.setattr(before_verdicts, "_visits", told)
    return Stage(story, visits)


class Stage:
    """The steps of a round, in the words of those who would doctor it."""

    def __init__(self, story: Story, visits: dict[UUID, dt.date]) -> None:
        self.story, self.visits = story, visits

    @property
    def today(self) -> dt.date:
        return self.story.clock.today

    def problem(self, **facts: Any) -> Problem:
        """A problem under work, assigned today."""
        return self.story.rectifying(**facts)

    def days(self, count: int) -> None:
        self.story.clock.go_on(count)

    def hand_in(
        self,
        problem: Problem,
        file: io.BytesIO,
        kind: str = "after",
        on: dt.date | None = None,
        by: Player | None = None,
    ) -> Evidence:
        """Handed in; and the job that asks the file has run."""
        proof = self.story.prove(problem, by=by, upload=file, kind=kind, caption=file.name, taken_on=on)
        look_into(proof.file.blob.sha256, proof.file.name)
        return proof

    def told(self, problem: Problem, words: str, percent: int = 100, **more: Any) -> None:
        for measure in self.story.measures(problem) or [None]:
            self.story.report(problem, percent, measure=measure, facts=words, **more)

    def apply(self, problem: Problem, *, told: str = "更换管网12公里，漏损率降到9.1%。") -> None:
        """Report all done, unless that was done, and ask for the verdict; then the job looks."""
        if fresh([problem])[0].progress < 100:
            self.told(problem, f"{self.today}{told}")
        self.story.apply(fresh([problem])[0])
        examine_round(str(problem.pk))

    def flags(self, problem: Problem) -> list[AuthenticityFlag]:
        return list(AuthenticityFlag.objects.filter(problem=problem).order_by("id"))

    def kinds(self, problem: Problem) -> list[str]:
        return sorted(flag.kind for flag in self.flags(problem))

    def elsewhere(self) -> Problem:
        """A small problem of another unit under work."""
        cast = self.story.cast
        problem = self.story.register(grade="minor")
        self.story.propose(problem, lead_unit=cast.ecology)
        self.story.issue([problem])
        do.acknowledge(fresh([problem]), actor=cast.sector_handler.actor)
        return fresh([problem])[0]

    def at_site(self, latitude: str, longitude: str) -> Problem:
        """A problem under work whose site is on the map."""
        return self.problem(more={"latitude": Decimal(latitude), "longitude": Decimal(longitude)})

    def problem_with_measures(self, count: int) -> Problem:
        """A problem whose plan has several measures of the lead unit."""
        drafts = [self.story.draft(text=f"更换第{at + 1}片区老旧管网") for at in range(count)]
        return self.story.rectifying(*drafts)

    def cite(self, proof: Evidence, measures: list[Any]) -> None:
        do.cite_evidence(proof, measures=measures, actor=self.story.cast.handler.actor)

    def rebounded(self, photograph: io.BytesIO) -> Problem:
        """Proved with this photograph, closed, found to be back, and under work again by a new plan."""
        story = self.story
        problem = self.problem()
        self.days(5)
        self.hand_in(problem, photograph)
        self.apply(problem)
        story.accept(fresh([problem])[0])
        self.days(20)
        do.end_notice(fresh([problem])[0], actor=story.cast.coordinator.actor)
        story.close(fresh([problem])[0])
        self.days(7)
        look = Lookback.objects.get(problem=problem, state="scheduled")
        lookback.assign_lookback([look], unit=story.cast.audit, actor=story.cast.coordinator.actor)
        look.refresh_from_db()
        lookback.rebound(look, opinion="又漏了。", on=self.today, actor=story.cast.inspector.actor)
        story.decide(story.plan(fresh([problem])[0]).approval)
        return fresh([problem])[0]

    def visit_announced(self, problem: Problem, day: dt.date) -> None:
        """Those who work at the problem were told that somebody comes that day."""
        self.visits[problem.pk] = day

    def moved(self, player: Player, unit: str) -> Player:
        """The same person, now in another unit's chair."""
        system = self.story.cast.system
        place = Unit.objects.get(code=unit)
        post = organizations.create_post(unit=place, name="借调经办", kind="handler", actor=system)
        organizations.appoint(post, person=player.person, actor=system)
        return Player(player.person, post, actor_in(player.person, Seat(post, frozenset())))

    def scene_with(self, seed: int, *, fault: bool) -> Image.Image:
        """A place seen from one stand: with a heap on broken ground, or levelled and green."""
        picture = scene(seed)
        draw = ImageDraw.Draw(picture)
        if fault:
            draw.polygon([(120, 470), (200, 250), (330, 300), (420, 220), (540, 470)], fill=(70, 62, 55))
            draw.ellipse((260, 330, 420, 430), fill=(20, 22, 26))
        else:
            draw.rectangle((90, 330, 560, 470), fill=(96, 150, 84))
            draw.rectangle((90, 300, 560, 332), fill=(188, 190, 186))
        return picture

    def more_flags(self, problem: Problem, count: int) -> None:
        """Further doubts of one kind, as the rules would raise them."""

        @action("tests.raise_flags", may=system_only)
        def raise_flags(problem: Problem, *, actor: Actor) -> None:
            first = AuthenticityFlag.objects.filter(problem=problem).first()
            AuthenticityFlag.objects.bulk_create(
                [
                    AuthenticityFlag(
                        problem=problem, round=problem.round, kind=first.kind, key=f"further:{at}",
                        evidence=first.evidence, facts=first.facts, policy_id=first.policy_id,
                        policy_version=1, raised_on=self.today,
                    )
                    for at in range(count)
                ]
            )  # fmt: skip

        raise_flags(problem, actor=self.story.cast.system)
