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
from bihuan.ledger.models import Batch, Finding, InvolvementRole, Problem, Readership, Sector, Source
from bihuan.ledger.policy import may_prepare, may_review
from bihuan.ledger.registering import NewProblem, register_problem_row
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.steps import end_involvement, involve, refuse_empty, step
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.ltree import is_under
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
    handling: str,
    lead_unit: Unit,
    supporting_units: Sequence[Unit] = (),
    sector_authority: Unit | None = None,
    territorial_unit: Unit | None = None,
    sponsor: Post | None = None,
    task_force: Body | None = None,
    external_deadline: date | None = None,
    fixed_by_meeting: bool = False,
    actor: Actor,
) -> None:
    """拟办意见: who leads, who helps, by when. It decides nothing until an assignment order is approved."""
    day = current().today
    handling = refuse_empty(handling, _("拟办意见"))
    if lead_unit.closed_on is not None:
        raise Refused(_("%(unit)s已经撤销，不能牵头。") % {"unit": lead_unit.name}, field="lead_unit")
    if external_deadline is not None and external_deadline <= day:
        raise Refused(
            _("整改期限 %(given)s 已经过去。") % {"given": external_deadline.isoformat()},
            accepted=_("期限应晚于今天 %(day)s。") % {"day": day.isoformat()},
            field="external_deadline",
        )
    for problem in problems:
        if task_force:
            _refuse_task_force(problem, task_force)
        step(problem, LedgerVerb.PROPOSE)
        problem.proposed_handling = handling
        problem.lead_unit = lead_unit
        problem.fixed_by_meeting = fixed_by_meeting
        problem.sponsor = sponsor or problem.sponsor
        problem.territorial_unit = territorial_unit or problem.territorial_unit
        problem.external_deadline = external_deadline or problem.external_deadline
        _name_authority(problem, sector_authority)
        problem.save()
        _propose_support(problem, supporting_units, lead_unit)
        if territorial_unit:
            involve(problem, InvolvementRole.TERRITORIAL, unit=territorial_unit)
        if sponsor:
            involve(problem, InvolvementRole.SPONSOR, post=sponsor)
        if task_force:
            end_involvement(problem, InvolvementRole.TASK_FORCE)
            involve(problem, InvolvementRole.TASK_FORCE, body=task_force)


def _refuse_task_force(problem: Problem, body: Body) -> None:
    """Its members will see the problem: a task force of today, of the problem's place or of one above it."""
    ended = body.until is not None and body.until < current().today
    if ended or body.kind != Body.Kind.TASK_FORCE:
        raise Refused(
            _("%(body)s不是在用的专班。") % {"body": body.name},
            accepted=_("请选择本级或上级在用的专班。"),
            field="task_force",
        )
    if not is_under(problem.jurisdiction.path, body.jurisdiction.path):
        raise Refused(
            _("%(body)s管不到%(place)s的问题。") % {"body": body.name, "place": problem.jurisdiction.name},
            accepted=_("请选择本级或上级在用的专班。"),
            field="task_force",
        )


def _name_authority(problem: Problem, authority: Unit | None) -> None:
    """The sector authority named by the preparer, else the steward already involved."""
    if authority is None:
        steward = problem.involvements.filter(role=InvolvementRole.SECTOR_AUTHORITY, until=None).first()
        authority = problem.sector_authority or (steward.unit if steward else None)
    if authority is not None:
        problem.sector_authority = authority
        involve(problem, InvolvementRole.SECTOR_AUTHORITY, unit=authority)


def _propose_support(problem: Problem, units: Sequence[Unit], lead: Unit) -> None:
    """Supporting units of an earlier proposal give way to those named now."""
    end_involvement(problem, InvolvementRole.SUPPORTING)
    for unit in units:
        if unit.pk == lead.pk:
            raise Refused(
                _("%(unit)s已是牵头单位，不能同时配合。") % {"unit": unit.name}, field="supporting_units"
            )
        involve(problem, InvolvementRole.SUPPORTING, unit=unit)


@action(LedgerVerb.RETURN_PROPOSAL, may=may_review)
def return_proposal(problems: Sequence[Problem], *, reason: str, actor: Actor) -> None:
    """The reviewer does not agree with the proposed handling."""
    current().because(refuse_empty(reason, _("退回理由")))
    for problem in problems:
        step(problem, LedgerVerb.RETURN_PROPOSAL)
        problem.save()
