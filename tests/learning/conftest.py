"""A city whose office has confirmed sectors, in numbers small enough for a test."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import pytest

from bihuan.journal.action import Actor, action, system_only
from bihuan.learning import training
from bihuan.learning.lessons import Lesson, Lessons
from bihuan.learning.predicting import remember
from bihuan.ledger.actions import register
from bihuan.ledger.models import Sector, Source
from bihuan.ledger.registering import NewProblem
from bihuan.policies.actions import enact
from bihuan.policies.catalogue import KINDS
from bihuan.text.learning import Example
from bihuan.text.mixing import learn_beside_profiles
from bihuan.text.model_file import write_model
from tests.intake.conftest import batch, letter
from tests.static_files import plain_static

if TYPE_CHECKING:
    from collections.abc import Callable

    from bihuan.ledger.models import Problem
    from tests.organizations.cast import Cast

__all__ = ["batch", "enter", "letter", "office", "plain_static", "taught"]

DAY = dt.date(2025, 1, 1)
SYSTEM = Actor.the_system("tests.learning")
SUBJECTS = {
    "risk.ecology.water": ("苗圃围栏倒塌", "苗圃灌溉停用", "苗圃无人看护"),
    "people.livelihood.education": ("驿站座椅破损", "驿站茶水停供", "驿站无人值守"),
}
PLACES = ("东坡", "西坝", "南塘", "北关", "上河", "下河", "长岭", "青石", "白沙", "石堰")


@pytest.fixture
def office(cast: Cast, lists: None) -> Cast:
    """The city with its lists and rules."""
    return cast


@pytest.fixture
def enter(office: Cast) -> Callable[..., Problem]:
    """Register one problem by hand."""

    def entered(text: str, sector: str, **more: object) -> Problem:
        new = NewProblem(
            title=text[:40],
            text=text,
            sector=Sector.objects.get(code=sector),
            nature="management",
            impact="single",
            urgency="normal",
            rectification_kind="by_date",
            source=Source.objects.get(code="audit"),
            lead_unit=office.water,
            **more,
        )
        return register(jurisdiction=office.city, new=new, actor=SYSTEM)

    return entered


def texts() -> list[tuple[str, str]]:
    """Letters in words no keyword profile knows: only who learns from the labels can tell them apart."""
    return [
        (f"{place}{text}，已有{number + 2}个月", sector)
        for sector, texts in SUBJECTS.items()
        for number, place in enumerate(PLACES * 2)
        for text in texts[: 2 + number % 2]
    ]


@pytest.fixture
def taught(office: Cast, monkeypatch: pytest.MonkeyPatch) -> Lessons:
    """Lessons without the rows of a ledger behind them, learnt in this process: for tests of what comes after."""
    found = Lessons([], [])
    for number, (text, sector) in enumerate(texts()):
        lesson = Lesson(uuid.UUID(int=number), text, sector)
        (found.held_back if number % 3 == 0 else found.learnt).append(lesson)

    def learnt_here(lessons, *, accuracy, about, bounds):
        examples = [Example(text, sector) for text, sector in lessons]
        return write_model(learn_beside_profiles(examples, accuracy=accuracy, shared=2), about)

    monkeypatch.setattr(training, "lessons_of", lambda *_, **__: found)
    monkeypatch.setattr(training, "learn_in_child", learnt_here)
    with_terms(office, least_rows=10)
    return found


@action("learning.tests_remember", may=system_only)
def remembered(problem, *, proposals, actor):
    remember([(problem, proposals)])


def proposed(problem, sector, *, sure=True, percent=80) -> None:
    said = {"sector": sector, "sector_sure": sure, "sector_percent": percent, "sector_reasons": ["苗圃"]}
    remembered(problem, proposals=said, actor=SYSTEM)


def with_terms(cast: Cast, **changes: int) -> None:
    """The policy with other numbers."""
    body = {**KINDS["learning"].starts[0].body, **changes}
    enact(code="learning", jurisdiction=cast.city, body=body, reason="试验", actor=SYSTEM)
