"""Writing batches, findings and problems into the ledger, from inside an action of this or a higher room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.journal.action import Refused, current
from bihuan.ledger.grading import grade_of
from bihuan.ledger.lifecycle import edge_for
from bihuan.ledger.lifecycle_facts import Facts
from bihuan.ledger.models import (
    Batch,
    Finding,
    FindingLink,
    Involvement,
    InvolvementRole,
    Problem,
    Readership,
    RestrictedChannel,
    Sector,
    Source,
)
from bihuan.ledger.models.problems import NO_DEADLINE
from bihuan.ledger.numbering import next_ordinals, next_problem_no
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.organizations.models import Stewardship, Unit
from bihuan.organizations.spans import not_over

LONGEST_TITLE = 200


@dataclass(frozen=True, kw_only=True)
class NewProblem:
    """The day-one facts of a problem. Amounts are yuan; `more` holds any further column of `Problem` by name."""

    title: str
    text: str
    sector: Sector
    nature: str
    impact: str
    urgency: str
    rectification_kind: str
    source: Source | None = None
    lead_unit: Unit | None = None
    external_deadline: date | None = None
    amount: Decimal | None = None
    readership: str = Readership.INTERNAL
    channel: RestrictedChannel | None = None
    fixed_on_entry: bool = False
    self_reported: bool = False
    more: dict[str, Any] = field(default_factory=dict)


def register_batch_row(  # noqa: PLR0913  (the facts of a batch)
    *,
    jurisdiction: Unit,
    code: str,
    title: str,
    source: Source,
    source_authority: str,
    received_on: date,
    source_unit: Unit | None = None,
    document_no: str = "",
    deadline: date | None = None,
    closing_authority: str = "",
    channel: RestrictedChannel | None = None,
) -> Batch:
    """One open batch, under a code no other has."""
    if Batch.objects.filter(code=code).exists():
        raise Refused(
            _("批次代码“%(code)s”已经有了。") % {"code": code}, accepted=_("请换一个代码。"), field="code"
        )
    if deadline and deadline < received_on:
        raise Refused(
            _("整批期限早于收到日期。"),
            accepted=_("期限应在 %(day)s 当天或以后。") % {"day": received_on.isoformat()},
            field="deadline",
        )
    refuse_marks_above(f"{title}\n{document_no}")
    made: Batch = Batch.objects.create(
        code=code,
        title=title,
        source=source,
        source_authority=source_authority,
        source_unit=source_unit,
        jurisdiction=jurisdiction,
        document_no=document_no,
        received_on=received_on,
        deadline=deadline,
        closing_authority=closing_authority,
        channel=channel,
    )
    return made


def register_finding_row(
    batch: Batch,
    *,
    text: str,
    source_no: str = "",
    heading: Sequence[str] = (),
    page: int | None = None,
    deadline: date | None = None,
) -> Finding:
    """One item of the source, verbatim, in the source's order."""
    if not text.strip():
        raise Refused(_("反馈问题的原文不能为空。"), field="text")
    made: Finding = Finding.objects.create(
        batch=batch,
        ordinal=next_ordinals(batch, 1).start,
        source_no=source_no,
        text=text,
        heading=list(heading),
        page=page,
        deadline=deadline or batch.deadline,
        closing_authority=batch.closing_authority,
    )
    return made


def register_problem_row(
    new: NewProblem, *, jurisdiction: Unit, batch: Batch | None = None, findings: Sequence[Finding] = ()
) -> Problem:
    """One problem with its number, grade, links to the findings that raised it, and everybody first involved."""
    act = current()
    source = new.source or (batch.source if batch else None)
    if source is None:
        raise Refused(_("每个问题都要有来源。"), field="source")
    _refuse_bad_text(new)
    channel = new.channel or (batch.channel if batch else None)
    problem = Problem(
        problem_no=next_problem_no(jurisdiction, source, act.today, channel),
        title=new.title.strip()[:LONGEST_TITLE],
        text=new.text,
        batch=batch,
        source=source,
        sector=new.sector,
        jurisdiction=jurisdiction,
        nature=new.nature,
        impact=new.impact,
        urgency=new.urgency,
        grade=grade_of(
            jurisdiction, source, new.sector, nature=new.nature, impact=new.impact, urgency=new.urgency
        ),
        rectification_kind=new.rectification_kind,
        lead_unit=new.lead_unit,
        registered_on=act.today,
        external_deadline=_deadline(new, batch, findings),
        amount=new.amount,
        readership=new.readership,
        channel=channel,
        fixed_on_entry=new.fixed_on_entry,
        self_reported=new.self_reported,
    )
    _set_more(problem, new.more)
    edge = edge_for(None, "ledger.register", Facts(already_fixed=new.fixed_on_entry))
    if edge is None:
        raise Refused(_("这个问题不能登记。"))
    problem.state = edge.to.value
    problem.save()
    link_findings(problem, findings)
    involve_at_first(problem)
    return problem


def _refuse_bad_text(new: NewProblem) -> None:
    if not new.title.strip() or not new.text.strip():
        raise Refused(_("问题的标题和描述都要写。"), field="title" if not new.title.strip() else "text")
    refuse_marks_above(new.title + "\n" + new.text)
    if new.fixed_on_entry and new.lead_unit is None:
        raise Refused(
            _("边审边改的问题没有写明由谁整改。"),
            accepted=_("请填写牵头单位：它补交佐证材料，由整改各方以外的人验收。"),
            field="lead_unit",
        )


def _set_more(problem: Problem, more: dict[str, Any]) -> None:
    for name, value in more.items():
        problem._meta.get_field(name)
        setattr(problem, name, value)


def _deadline(new: NewProblem, batch: Batch | None, findings: Sequence[Finding]) -> date:
    """The date given, else the earliest of the findings, else the batch's, else none yet (a date never reached)."""
    if new.external_deadline:
        return new.external_deadline
    dates = [finding.deadline for finding in findings if finding.deadline]
    if batch and batch.deadline:
        dates.append(batch.deadline)
    return min(dates) if dates else date.fromisoformat(NO_DEADLINE)


def link_findings(problem: Problem, findings: Sequence[Finding]) -> None:
    """Say which findings raised the problem."""
    FindingLink.objects.bulk_create([FindingLink(problem=problem, finding=finding) for finding in findings])


def involve_at_first(problem: Problem) -> None:
    """The office of the place, the sector's and the source's stewards, and the territorial unit see it from day one."""
    on = current().today
    rows = [Involvement(problem=problem, unit=problem.jurisdiction, role=InvolvementRole.OFFICE, since=on)]
    for stewardship in stewards_of(problem, on):
        since = max(on, stewardship.since)
        rows.append(
            Involvement(problem=problem, unit=stewardship.unit, role=role_of(stewardship), since=since)
        )
    if problem.batch and problem.batch.source_unit:
        rows.append(
            Involvement(
                problem=problem, unit=problem.batch.source_unit, role=InvolvementRole.SOURCE, since=on
            )
        )
    if problem.territorial_unit:
        rows.append(
            Involvement(
                problem=problem, unit=problem.territorial_unit, role=InvolvementRole.TERRITORIAL, since=on
            )
        )
    # Whoever is involved today is not involved again by a stewardship that begins later.
    rows.sort(key=lambda row: row.since, reverse=True)
    once = {(row.unit_id, row.role): row for row in rows}
    Involvement.objects.bulk_create(list(once.values()))


def stewards_of(problem: Problem, on: date) -> list[Stewardship]:
    """Stewardships of the problem's sector (or one above it) and source, over the place it lies in; coming ones too."""
    parts = problem.sector.code.split(".")
    above = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    held = Stewardship.objects.filter(not_over(on), territory__path__above=problem.jurisdiction.path).filter(
        Q(kind=Stewardship.Kind.SECTOR, code__in=above)
        | Q(kind=Stewardship.Kind.SOURCE, code=problem.source.code)
    )
    return list(held.select_related("unit", "territory"))


def role_of(stewardship: Stewardship) -> InvolvementRole:
    """In which role a steward is involved."""
    of_sector = stewardship.kind == Stewardship.Kind.SECTOR
    return InvolvementRole.SECTOR_AUTHORITY if of_sector else InvolvementRole.SOURCE
