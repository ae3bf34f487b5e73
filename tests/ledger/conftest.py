"""A ledger with a feedback in it, for the tests of this room."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from bihuan.approvals import actions as approvals
from bihuan.journal import timesource
from bihuan.journal.action import Actor, action, system_only
from bihuan.journal.identity import new_id
from bihuan.ledger import actions
from bihuan.ledger.actions.channels import hold_clue
from bihuan.ledger.models import (
    Batch,
    Clue,
    Ending,
    Finding,
    Problem,
    RestrictedChannel,
    Sector,
    Source,
)
from bihuan.ledger.registering import NewProblem, register_finding_row
from bihuan.organizations import actions as organizing
from bihuan.organizations.models import Role
from tests.organizations.cast import THE_SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.organizations.cast import Cast, Player

NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
TODAY = NOON.date()
SORTED = {"nature": "duty", "impact": "local", "urgency": "urgent", "rectification_kind": "by_date"}
SECRET = "隐名线路事项"


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with timesource.at(NOON):
        yield


@action("tests.register_findings", may=system_only)
def register_findings(*, batch: Batch, texts: list[str], actor: Actor) -> list[Finding]:
    """What intake does when candidates are confirmed."""
    return [
        register_finding_row(batch, text=text, source_no=f"{number}", page=number)
        for number, text in enumerate(texts, start=1)
    ]


@action("tests.register_numbered_findings", may=system_only)
def register_numbered_findings(*, batch: Batch, numbers: list[str], actor: Actor) -> list[Finding]:
    """The same, of a source that numbers its cases."""
    return [register_finding_row(batch, text=f"见{number}。", source_no=number) for number in numbers]


@action("tests.walk", may=system_only)
def walk(problem: Problem, *, state: str, actor: Actor) -> None:
    """Put a problem where its life would bring it: this room knows neither plans nor acceptance."""
    problem.state = state
    problem.closed_on = TODAY if state == "closed" else None
    problem.save()


@action("tests.hold", may=system_only)
def hold(*, text: str, jurisdiction: Any, actor: Actor) -> Clue:
    """What intake does with a passage that speaks of a person."""
    return hold_clue(text, jurisdiction=jurisdiction, origin=new_id())


@dataclass
class Ledger:
    """The city with its lists and rules, and the short ways of this room's tests."""

    cast: Cast

    def sector(self, code: str = "risk.ecology.water") -> Sector:
        return Sector.objects.get(code=code)

    def batch(self, code: str = "DC-2026", **more: Any) -> Batch:
        facts = {
            "title": "市委巡察反馈意见", "source": Source.objects.get(code="city_party_inspection"),
            "source_authority": "市委巡察办", "received_on": TODAY, "deadline": TODAY + dt.timedelta(days=90),
        }  # fmt: skip
        return actions.create_batch(
            jurisdiction=self.cast.city, code=code, actor=THE_SYSTEM, **(facts | more)
        )

    def findings(self, batch: Batch, *texts: str) -> list[Finding]:
        return register_findings(batch=batch, texts=list(texts or ("管网漏损严重。",)), actor=THE_SYSTEM)

    def number_findings(self, batch: Batch, *numbers: str) -> list[Finding]:
        return register_numbered_findings(batch=batch, numbers=list(numbers), actor=THE_SYSTEM)

    def register(
        self,
        title: str = "漏损严重",
        *,
        by: Actor | None = None,
        batch: Batch | None = None,
        findings: list[Finding] | None = None,
        source: str = "self_inspection",
        **more: Any,
    ) -> Problem:
        new = NewProblem(
            title=title,
            text=more.pop("text", f"{title}，群众反映强烈。"),
            sector=self.sector(),
            source=None if batch else Source.objects.get(code=source),
            **(SORTED | more),
        )
        return actions.register(
            jurisdiction=self.cast.city,
            new=new,
            batch=batch,
            findings=findings or [],
            actor=by or self.cast.coordinator.actor,
        )

    def walk(self, problem: Problem, state: str) -> Problem:
        walk(Problem.objects.get(pk=problem.pk), state=state, actor=THE_SYSTEM)
        return Problem.objects.get(pk=problem.pk)

    def ask(self, problem: Problem, verb: str = "ledger.terminate", **more: Any) -> Ending:
        facts = {"reason": "对象灭失。", "approver": self.cast.reviewer.post}
        return actions.request_ending(
            Problem.objects.get(pk=problem.pk), verb=verb, actor=self.cast.coordinator.actor, **(facts | more)
        )

    def decide(self, ending: Ending, *, approve: bool = True) -> None:
        approvals.decide(ending.approval, opinion="同意", approve=approve, actor=self.cast.reviewer.actor)

    def end(self, problem: Problem, verb: str = "ledger.terminate", **more: Any) -> Problem:
        self.decide(self.ask(problem, verb, **more))
        return Problem.objects.get(pk=problem.pk)

    def channel(self, code: str = "zx1", pattern: str = "ZX-{year}-{serial:03}") -> RestrictedChannel:
        keeper = self.cast.channel_keeper
        return actions.create_channel(
            jurisdiction=self.cast.city, code=code, name="专线一", number_pattern=pattern,
            keeper=keeper.post, actor=keeper.actor,
        )  # fmt: skip

    def restricted(self, channel: RestrictedChannel | None = None, **more: Any) -> Problem:
        return self.register(SECRET, channel=channel or self.channel(), by=THE_SYSTEM, **more)

    def clue(self, text: str = "反映某某收受礼金。") -> Clue:
        return hold(text=text, jurisdiction=self.cast.city, actor=THE_SYSTEM)


@pytest.fixture
def ledger(cast: Cast, lists: None) -> Ledger:
    return Ledger(cast)


@pytest.fixture
def county_reviewer(cast: Cast) -> Player:
    """The reviewer of the other county's own office: the outsider's post, given the role."""
    organizing.grant_role(cast.outsider.post, role=Role.REVIEWER, actor=THE_SYSTEM)
    return cast.outsider


def at(name: str, *args: Any) -> str:
    return reverse(f"ledger:{name}", args=args)
