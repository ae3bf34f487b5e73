"""Every kind of paper, drafted from the ledger about one problem and about many, is opened by Word and WPS as it is."""

from __future__ import annotations

import dataclasses

import pytest

from bihuan.files.queries import content_of
from bihuan.papers.kinds import KINDS, MINUTES
from bihuan.papers.order_form import order_word
from bihuan.rectification import actions as do
from bihuan.rectification.actions.sittings import CaseMark
from bihuan.rectification.models import AssignmentOrder
from tests.documents.opening import faults_in, text_widths
from tests.papers.conftest import drafted
from tests.rectification.conftest import fresh
from tests.rectification.test_sittings import decide, marked, prepared, reviewed

pytestmark = pytest.mark.django_db

TITLE = "城区老旧供水管网漏损率长期高于国家规定指标且部分小区二次供水设施管理不到位影响居民用水安全问题"
TEXT = (
    "督查组于2026年2月对中心城区“一户一表”改造情况进行现场核查——发现2024年以来城区老旧供水管网漏损率达到18.6%，"
    "高于《城镇供水管网漏损控制及评定标准》规定的10%；涉及东关街道、西城街道等7个街道、43个小区，受影响居民1.2万户。"
) * 4
GIVEN = "第一，逐个小区查明漏点，建立台账；第二，明确到人到天，按周调度。"


@pytest.fixture(autouse=True)
def reachable(settings):
    """A form bears a code where the program has an address."""
    address = "https://zg.example.gov.cn"
    settings.CONFIGURATION = dataclasses.replace(settings.CONFIGURATION, address=address)


def wanted(state, *, several):
    """The kinds that have their time in this state; those of records of other rooms are tested there."""
    for kind in KINDS.values():
        if (
            state in kind.states
            and not kind.of_matter
            and kind.code != MINUTES
            and (kind.several or not several)
        ):
            yield kind


def faults_of(story, state, *problems, only=()):
    """Kind -> what an office program would object to in its file, or that a table is wider than its page."""
    found = {}
    for kind in wanted(state, several=len(problems) > 1):
        if only and kind.code not in only:
            continue
        facts = {"督办颜色": "red"} if "督办颜色" in kind.asks else {}
        given = {name: facts.get(name, GIVEN) for name in kind.asks}
        away = (
            {"recipients": [], "others": ["省整改办"]}
            if kind.code in {"report", "request_for_instructions"}
            else {}
        )
        copies = {"other_copies": ["市纪委监委", "市审计局"]} if kind.has_recipients else {}
        paper = drafted(story, *problems, kind=kind.code, given=given, **away, **copies)
        content = content_of(paper.draft)
        found[kind.code] = faults_in(content)
        found[kind.code] += [
            f"{width} in {room}" for width, room in text_widths(content) if width > room + 20
        ]
    assert found
    return {code: faults for code, faults in found.items() if faults}


def test_about_one_problem_under_way(story):
    assert faults_of(story, "rectifying", story.rectifying(title=TITLE, text=TEXT)) == {}


def test_about_one_whose_later_date_is_asked_for(story):
    problem = story.rectifying(title=TITLE, text=TEXT)
    do.ask_extension(
        problem, reason=TEXT, new_plan=TEXT, new_deadline=problem.external_deadline.replace(month=8),
        actor=story.cast.liaison.actor,
    )  # fmt: skip
    assert faults_of(story, "rectifying", *fresh([problem]), only=["extension_form"]) == {}


def test_about_many_under_way(story):
    problems = story.assigned(12, title=TITLE, text=TEXT)
    assert faults_of(story, "assigned", *problems) == {}
    order = AssignmentOrder.objects.get()
    _name, content = order_word(story.cast.coordinator.actor, order.pk)
    assert faults_in(content) == []
    assert [pair for pair in text_widths(content) if pair[0] > pair[1] + 20] == []


def test_about_what_a_sitting_closed(story):
    problems = reviewed(story, 2)
    sitting = prepared(story, *problems, members=[story.cast.mayor.post], other_members=["市纪委监委 李某"])
    marked(story, sitting, *(CaseMark(one.pk, "approve") for one in problems))
    decide(story, sitting)
    closed = fresh(problems)
    assert faults_of(story, "closed", closed[0]) == {}
    assert faults_of(story, "closed", *closed) == {}
    minutes = drafted(story, *closed, kind=MINUTES, recipients=[])
    assert faults_in(content_of(minutes.draft)) == []
