"""What only some kinds of paper tell: extensions, acceptance, notice, closure, what the ladder and conduct came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import override

from bihuan.deadlines.ladder.rules import Rung
from bihuan.deadlines.models import Conduct, LadderStep
from bihuan.documents.official_lines import written_date
from bihuan.papers.panel_facts import signed_by_panel
from bihuan.rectification.acceptance_words import GATE_ANSWERS, GATES
from bihuan.rectification.models import (
    Acceptance,
    ClosureReview,
    ClosureSitting,
    Extension,
    Outcome,
    PublicNotice,
    SittingCase,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from bihuan.ledger.models import Problem


def _day(day: date | None) -> str:
    return written_date(day) if day else ""


def _extension(problem: Problem) -> dict[str, str]:
    """The newest application of this round that still stands."""
    asked = Extension.objects.filter(problem=problem, round=problem.round)
    found = asked.exclude(state=Extension.State.WITHDRAWN).order_by("-id").first()
    if found is None:
        return {}
    return {
        "原期限": _day(found.old_deadline),
        "申请期限": _day(found.new_deadline),
        "延期理由": found.reason,
        "新的安排": found.new_plan,
        "申请日期": _day(found.asked_on),
    }


def _newest_acceptance(problem: Problem) -> Acceptance | None:
    found: Acceptance | None = (
        Acceptance.objects.filter(problem=problem, round=problem.round)
        .select_related("acceptor_unit")
        .order_by("-id")
        .first()
    )
    return found


def _with_panel(problem: Problem) -> dict[str, str]:
    """The verdict, and who signed it."""
    from bihuan.papers.facts import masked

    found = _newest_acceptance(problem)
    return _acceptance(problem) | (signed_by_panel(found, masked) if found else {})


def _acceptance(problem: Problem) -> dict[str, str]:
    """What the lead unit found by itself, and what the acceptor decided."""
    found = _newest_acceptance(problem)
    if found is None:
        return {}
    unit = found.acceptor_unit.name if found.acceptor_unit else found.authority
    decided = found.decided_on is not None
    return {
        "自验结论": found.self_check,
        "验收单位": unit,
        "验收日期": _day(found.decided_on),
        "验收意见": found.opinion or found.what_is_missing,
        "验收方式": ("现场核查" if found.on_site else "资料核查") if decided else "",
        "五关": _gates(found.gates),
    }


def _gates(gates: dict[str, Any]) -> str:
    """The five gates line by line, each with its answer."""
    with override("zh-hans"):
        return "\n".join(
            f"{number}. {words}：{GATE_ANSWERS.get(str(gates.get(code, '')), '')}"
            for number, (code, words) in enumerate(GATES.items(), start=1)
        )


def _notice(problem: Problem) -> dict[str, str]:
    found = PublicNotice.objects.filter(problem=problem, round=problem.round).order_by("-id").first()
    if found is None:
        return {}
    return {"公示期": f"{_day(found.since)}至{_day(found.until)}", "公示渠道": found.place}


def _closing(problems: Sequence[Problem]) -> dict[str, str]:
    """When and by which document; several problems may have been closed by different ones."""
    reviews = ClosureReview.objects.filter(problem__in=problems, state=ClosureReview.State.APPROVED)
    documents = {one.problem_id: one.minutes_no for one in reviews.order_by("id")}
    return {
        "销号日期": _each(_day(one.closed_on) for one in problems),
        "销号依据": _each(documents.get(one.pk) or one.ended_document for one in problems),
        "备案文号": _each(one.filing_no for one in problems),
        "备案日期": _each(_day(one.filed_on) for one in problems),
    }


def _each(texts: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(text for text in texts if text))


def _filing(problems: Sequence[Problem]) -> dict[str, str]:
    return _closing(problems) | (_acceptance(problems[0]) if len(problems) == 1 else {})


def _public(problems: Sequence[Problem]) -> dict[str, str]:
    return _acceptance(problems[0]) | _notice(problems[0]) if len(problems) == 1 else {}


def _pressed(problems: Sequence[Problem]) -> dict[str, str]:
    """Which rungs were put into effect and which conduct was determined, in the present round of each problem.

    Of accountability nothing is told: it is proposed in one paper and belongs in no other.
    """
    rounds = {one.pk: one.round for one in problems}
    many = len(problems) > 1
    taken = LadderStep.objects.filter(problem__in=problems, state=LadderStep.State.TAKEN)
    steps = taken.exclude(rung=Rung.ACCOUNTABILITY).select_related("problem", "clock")
    found = Conduct.objects.filter(problem__in=problems, state=Conduct.State.DETERMINED)
    conducts = found.select_related("problem", "unit")
    with override("zh-hans"):
        return {
            "督办经过": "\n".join(
                f"{_of(step.problem, many)}{_day(step.settled_on)}{step.get_rung_display()}。"
                for step in steps.order_by("problem__problem_no", "settled_on", "id")
                if step.clock.round == rounds[step.problem_id]
            ),
            "行为认定": "\n".join(
                f"{_of(row.problem, many)}{_day(row.determined_on)}认定{row.unit.name}{row.get_proposed_display()}，"
                f"依据为{row.basis.rstrip('。')}。"
                for row in conducts.order_by("problem__problem_no", "determined_on", "id")
                if row.round == rounds[row.problem_id]
            ),
        }


def _of(problem: Problem, many: bool) -> str:  # noqa: FBT001  (said in words at both calls)
    return f"{problem.problem_no}：" if many else ""


def _sitting_cases(problems: Sequence[Problem]) -> list[SittingCase]:
    """These problems as the newest sitting decided them."""
    rows = SittingCase.objects.filter(
        problem__in=problems, sitting__state=ClosureSitting.State.DECIDED
    ).select_related("sitting", "problem__lead_unit")
    newest = rows.order_by("-sitting__decided_on", "-sitting_id").first()
    if newest is None:
        return []
    return list(rows.filter(sitting=newest.sitting_id).order_by("problem__problem_no"))


def decided_of(problems: Sequence[Problem]) -> dict[Any, str]:
    """Problem -> what the newest sitting decided of it, in Chinese as the minutes are."""
    with override("zh-hans"):
        return {row.problem_id: str(row.get_outcome_display()) for row in _sitting_cases(problems)}


def _minutes(problems: Sequence[Problem]) -> dict[str, str]:
    """What the meeting was, and what it decided."""
    cases = _sitting_cases(problems)
    if not cases:
        return {}
    sitting = cases[0].sitting
    with override("zh-hans"):
        counted = [(label, sum(row.outcome == code for row in cases)) for code, label in Outcome.choices]
        told = [row for row in cases if row.outcome != Outcome.APPROVE]
        return {
            "会议名称": sitting.title,
            "会议时间": _day(sitting.held_on),
            "会议地点": sitting.place,
            "参加人员": _each(str(one["name"]) for one in sitting.members),
            "审定意见": sitting.opinion,
            "审定概况": f"共审定{len(cases)}件："
            + "，".join(f"{label}{count}件" for label, count in counted if count)
            + "。",
            "逐件说明": "\n".join(
                f"{row.problem.problem_no}（{row.problem.lead_unit or ''}）{row.get_outcome_display()}"
                + (f"：{row.reason.rstrip('。')}。" if row.reason else "。")
                for row in told
            )
            or "无。",
        }


FACTS_OF_KIND: Final[dict[str, Callable[[Any], dict[str, str]]]] = {
    "extension_form": _extension,
    "closure_form": lambda problem: _acceptance(problem) | _notice(problem),
    "acceptance_form": _with_panel,
    "filing_form": _filing,
    "circular": _pressed,
    "accountability_letter": _pressed,
    "closure_minutes": _minutes,
    "closure_notice": _closing,
    "public_notice": _public,
}
"""Kind of paper -> a function of its problem, or of its problems where it may speak of several."""
