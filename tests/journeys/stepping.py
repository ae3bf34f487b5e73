"""What every journey through the demonstration city needs: the scene, and how one of its people takes a step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from bihuan.approvals.models import Approval
from bihuan.demo.founding import City
from bihuan.ledger.models import Problem
from tests.journeys.people import People, file_of

if TYPE_CHECKING:
    from bihuan.demo.clock import Clock
    from bihuan.rectification.models import Measure
    from tests.browsing import Visitors

STRANGERS: Final = ("tianye", "guanyi")
"""A handler of another county, and the system administrator: to them no problem of this batch exists."""


@dataclass
class Scene:
    city: City
    clock: Clock
    address: str


class Stepping:
    """The steps that are alike whatever the story is about."""

    def __init__(self, scene: Scene, browser: Visitors) -> None:
        self.city, self.clock, self.who = scene.city, scene.clock, People(browser)
        self.problem: Problem

    # -- who may not -----------------------------------------------------------------------------

    def now(self) -> Problem:
        return Problem.objects.get(pk=self.problem.pk)

    @property
    def page(self) -> str:
        return reverse("desk:problem", args=[self.problem.pk])

    def form(self, verb: str, room: str = "rectification") -> str:
        if verb in {"acknowledge", "close", "file", "draft_order"}:
            return f"{reverse(f'{room}:{verb}')}?pick={self.problem.pk}"
        return reverse(f"{room}:{verb}", args=[self.problem.pk])

    def shut(self, verb: str, *others: str, room: str = "rectification") -> None:
        """Strangers find neither problem nor form; who sees the problem but may not do this is not offered it."""
        form = self.form(verb, room)
        for name in STRANGERS:
            assert (self.who[name].status(self.page), self.who[name].status(form)) == (404, 404), name
        seeing = [name for name in others if self.who[name].status(self.page) == 200]
        assert len(seeing) == len(others), f"{verb}: of {others} only {seeing} see the problem"
        for name in seeing:
            assert not self.who[name].go(self.page).is_offered(form), f"{name} is offered {verb}"
            assert self.who[name].status(form) == 403, f"{name} {verb}"

    def does(self, name: str, verb: str, **values: object) -> None:
        """Somebody presses the button of the problem's page and sends its form."""
        self.who[name].go(self.page).press(self.form(verb)).send(**values)
        self.clock.moment += timedelta(minutes=7)

    # -- steps ------------------------------------------------------------------------------------

    def decide(self, approval_id: object, *, asked_by: str) -> None:
        """Whoever's step it is decides; whoever asked may not."""
        holders = {post.pk: name for name, post in self.city.posts.items()}
        address = reverse("approvals:detail", args=[approval_id])
        while step := Approval.objects.get(pk=approval_id).steps.filter(state="pending").first():
            for name in STRANGERS:
                assert self.who[name].status(address) == 404
            assert not self.who[asked_by].go(address).is_offered("/decide/")
            self.who[holders[step.post_id]].go(address).press("/decide/").send(opinion="同意")
            self.clock.moment += timedelta(minutes=7)

    def report(self, name: str, measure: Measure) -> None:
        self.does(
            name, "report_progress", measure=measure.pk, on=self.clock.day, percent=100,
            facts=f"{self.clock.day}完成：{measure.text}，形成{measure.deliverable}。",
        )  # fmt: skip

    def prove(self, name: str, upload: object, kind: str, *measures: Measure) -> None:
        more = {"measures": [measure.pk for measure in measures]} if measures else {}
        self.does(
            name,
            "add_evidence",
            upload=file_of(upload),
            kind=kind,
            caption="石堰沟",
            taken_on=self.clock.day,
            **more,
        )

    def apply(self, name: str, self_check: str) -> None:
        goal = {"goal_now": "0"} if self.now().goal_indicator else {}
        self.does(name, "apply_acceptance", self_check=self_check, **goal)
