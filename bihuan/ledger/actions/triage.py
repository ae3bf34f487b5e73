"""Registering a problem, adding to its facts, and proposing how it is to be handled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.ledger.grading import grade_of
from bihuan.ledger.handling import Handling, HandlingDraft, handle, handlings_of
from bihuan.ledger.models import Batch, Finding, Problem, Readership, Sector, Source
from bihuan.ledger.policy import may_prepare, may_review
from bihuan.ledger.registering import NewProblem, register_problem_row
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.steps import refuse_empty, step
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.models import Body, Post, Unit

# What may be added to or corrected while a problem runs. Dates, units and state have verbs of their own.
FACTS: Final = frozenset(
    {
        "title", "text", "basis", "amount", "concerned_party", "site", "longitude", "latitude", "goal_indicator",
        "goal_baseline", "goal_target", "goal_now", "goal_source", "reason_unfinished", "next_step", "risk_before",
        "risk_after", "blocks", "section", "nature", "impact", "urgency", "rectification_kind", "sector_id", "publication",
    }
)  # fmt: skip
GRADED_BY: Final = frozenset({"nature", "impact", "urgency", "sector_id"})
SORTED_BY: Final = GRADED_BY | {"rectification_kind"}
# What stands in the ledger for a problem kept offline; it is data, and so in the language of the offices.
PLACEHOLDER_TITLE: Final = "线下问题（{offline_no}）"
PLACEHOLDER_TEXT: Final = "内容不在本系统，按保密规定线下办理；这里只占编号、计数和时限。"
OFFLINE_NO: Final = re.compile(r"[0-9A-Za-z〔〕\-]{1,30}")


@action(LedgerVerb.REGISTER, may=may_prepare)
def register(
    *,
    jurisdiction: Unit,
    new: NewProblem,
    batch: Batch | None = None,
    findings: Sequence[Finding] = (),
    actor: Actor,
) -> Problem:
    """Put one problem into the ledger."""
    return register_problem_row(new, jurisdiction=jurisdiction, batch=batch, findings=findings)


@action(LedgerVerb.REGISTER_PLACEHOLDER, may=may_prepare)
def register_placeholder(  # noqa: PLR0913  (all that may be known here of a problem kept elsewhere)
    *,
    jurisdiction: Unit,
    source: Source,
    sector: Sector,
    nature: str,
    impact: str,
    urgency: str,
    rectification_kind: str,
    offline_no: str,
    lead_unit: Unit | None = None,
    external_deadline: date | None = None,
    actor: Actor,
) -> Problem:
    """A number that stands for a problem kept offline: counted and followed, with not a word of what it is about."""
    if not OFFLINE_NO.fullmatch(offline_no.strip()):
        raise Refused(
            _("线下编号只能写编号，不能写内容。"),
            accepted=_("用字母、数字、短横线和〔〕，不超过 30 个字符，例如 XX-2026-003。"),
            field="offline_no",
        )
    new = NewProblem(
        title=PLACEHOLDER_TITLE.format(offline_no=offline_no.strip()),
        text=PLACEHOLDER_TEXT,
        source=source,
        sector=sector,
        nature=nature,
        impact=impact,
        urgency=urgency,
        rectification_kind=rectification_kind,
        lead_unit=lead_unit,
        external_deadline=external_deadline,
        readership=Readership.WORK_SECRET,
        more={"placeholder": True},
    )
    return register_problem_row(new, jurisdiction=jurisdiction)


@action(LedgerVerb.EDIT_FACTS, may=may_prepare)
def edit_facts(problem: Problem, *, changes: Mapping[str, Any], actor: Actor) -> None:
    """Add to or correct the facts; the grade follows if what it rests on has changed."""
    change_facts(problem, changes)


def change_facts(problem: Problem, changes: Mapping[str, Any]) -> None:
    """The same inside an action of a higher room."""
    unknown = set(changes) - FACTS
    if unknown:
        raise Refused(
            _("这些内容不能在这里改：%(names)s。") % {"names": listed(sorted(unknown))},
            accepted=_("期限、单位和状态要按各自的手续办理。"),
        )
    if problem.placeholder and (worded := set(changes) - SORTED_BY):
        raise Refused(
            _("这是线下问题的占位，内容不能写进系统：%(names)s。") % {"names": listed(sorted(worded))},
            accepted=_("只能改分类；内容在线下登记簿上补充。"),
        )
    refuse_marks_above("\n".join(value for value in changes.values() if isinstance(value, str)))
    for name, value in changes.items():
        setattr(problem, name, value)
    if GRADED_BY & changes.keys():
        problem.grade = grade_of(
            problem.jurisdiction,
            problem.source,
            problem.sector,
            nature=problem.nature,
            impact=problem.impact,
            urgency=problem.urgency,
        )
    problem.save()


@action(LedgerVerb.PROPOSE, may=may_prepare)
def propose(  # noqa: PLR0913  (who answers, and by when)
    problems: Sequence[Problem],
    *,
    handling: str = "",
    lead_unit: Unit | None = None,
    supporting_units: Sequence[Unit] = (),
    sector_authority: Unit | None = None,
    territorial_unit: Unit | None = None,
    sponsor: Post | None = None,
    task_force: Body | None = None,
    external_deadline: date | None = None,
    fixed_by_meeting: bool = False,
    each: Sequence[HandlingDraft] = (),
    actor: Actor,
) -> None:
    """拟办意见: who leads, who helps, by when. It decides nothing until an assignment order is approved.

    One handling for all, or in `each` one of its own for a problem; what that leaves out is taken from the common one.
    """
    common = Handling(
        handling=handling,
        lead_unit=lead_unit,
        supporting_units=tuple(supporting_units),
        sector_authority=sector_authority,
        territorial_unit=territorial_unit,
        sponsor=sponsor,
        task_force=task_force,
        external_deadline=external_deadline,
        fixed_by_meeting=fixed_by_meeting,
    )
    own = handlings_of(problems, each, common)
    handle(problems, lambda problem: own.get(problem.pk, common))


@action(LedgerVerb.RETURN_PROPOSAL, may=may_review)
def return_proposal(problems: Sequence[Problem], *, reason: str, actor: Actor) -> None:
    """The reviewer does not agree with the proposed handling."""
    current().because(refuse_empty(reason, _("退回理由")))
    for problem in problems:
        step(problem, LedgerVerb.RETURN_PROPOSAL)
        problem.save()
