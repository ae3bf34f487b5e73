"""The page of one problem: the ring, who answers, the source's words, clocks, work, approvals, what happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.approvals.queries import routes_about
from bihuan.authenticity.pages import flags_on_page
from bihuan.deadlines.ladder.panel import panel_of_ladder
from bihuan.deadlines.queries import clocks_of, panel_of
from bihuan.desk import problem_leading, problem_money, problem_past, problem_people, problem_work
from bihuan.desk.acts import acts_for
from bihuan.desk.marks import ending_of, term_labels
from bihuan.ledger.lifecycle import ring_stage
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.models import Finding, Problem, Readership, TermKind
from bihuan.ledger.sight import involvements_of
from bihuan.organizations.acting import Request
from bihuan.organizations.models import Post, Unit
from bihuan.organizations.remembering import RowT, by_id
from bihuan.organizations.tree import ids_on
from bihuan.rectification.models import AcceptancePanel
from bihuan.rectification.panel_reading import PanelRead, panels_of, read_panels
from bihuan.rectification.queries import deliberations_of
from bihuan.web import components as ui
from bihuan.web import sections

RELATED = ("source", "sector__parent__parent", "batch")
UNITS = ("jurisdiction", "lead_unit", "sector_authority", "territorial_unit")
POSTS = ("sponsor", "deputy_in_charge", "handler")


def with_names(problems: QuerySet[Problem]) -> Problem | None:
    """The one problem of a queryset with all that its page names, and the units above its lead unit.

    Joined in one statement they are fourteen tables, which take the planner longer than everything else on the page.
    """
    problem = problems.select_related(*RELATED).first()
    if problem is None:
        return None
    involvements_of(problem)
    units = _named(problem, UNITS, Unit)
    by_id(Unit, [pk for unit in units for pk in ids_on(unit.path)])
    _named(problem, POSTS, Post)
    return problem


def _named(problem: Problem, names: Iterable[str], model: type[RowT]) -> list[RowT]:
    """Fill in the rows of one kind that the problem names; one query."""
    wanted = {name: pk for name in names if (pk := getattr(problem, f"{name}_id"))}
    found = by_id(model, wanted.values())
    for name, pk in wanted.items():
        setattr(problem, name, found[pk])
    return list(found.values())


def problem_context(request: Request, problem: Problem) -> dict[str, Any]:
    """All sections of the page. The number of queries does not grow with the ledger."""
    clocks = clocks_of(problem)
    labels = term_labels()
    streams = problem_past.streams_about(problem)
    decisions = routes_about(streams)
    past = problem_past.events_in([*streams, *(route.approval.pk for route in decisions)], problem)
    return {
        "problem": problem,
        "crumbs": crumbs(problem),
        "tags": [*tags(problem, labels), *problem_leading.chips(problem)],
        "ring": ring(problem, past),
        "clock": panel_of(problem, clocks) or not_started(problem),
        "ladder": panel_of_ladder(request.actor, problem, clocks),
        "parties": problem_people.parties(problem),
        "party_committee": problem_people.party_committee(problem),
        "leading": problem_leading.acts(problem),
        "findings": source_texts(problem),
        "goals": goals(problem),
        "facts": facts(problem),
        "measures": problem_work.measures(problem, clocks),
        "promises": problem_work.first_and_now(problem),
        "evidence": problem_work.evidence(problem),
        "panels": panels(problem, past),
        "doubts": flags_on_page(request.actor, problem),
        "routes": problem_work.routes(decisions),
        "timeline": problem_past.timeline(past, labels, everything=request.GET.get("past") == "all"),
        "acts": acts_for(request.actor, problem),
        "ties": ties(problem),
    }


def crumbs(problem: Problem) -> list[ui.Link]:
    """台账 / batch / number."""
    found = [ui.Link(words=_("台账"), url=reverse("desk:ledger"))]
    if problem.batch:
        found.append(
            ui.Link(words=problem.batch.title, url=reverse("desk:ledger") + f"?batch={problem.batch.code}")
        )
    return [*found, ui.Link(words=problem.problem_no, url="")]


def tags(problem: Problem, labels: dict[tuple[str, str], str]) -> list[ui.Chip]:
    """Grade, supervision level, kind, readership: four different things, four chips."""

    def label(kind: str, code: str) -> str:
        return labels.get((kind, code), code)

    level = label(TermKind.SUPERVISION_LEVEL, problem.supervision_level)
    chips = [
        ui.Chip(words=_("等级 %(grade)s") % {"grade": label(TermKind.GRADE, problem.grade)}, tone="solid"),
        ui.Chip(
            words=_("督办 %(level)s") % {"level": level},
            tone="ink"
            if problem.supervision_level == "listed"
            else "strong"
            if problem.supervision_level != "regular"
            else "plain",
        ),
        ui.Chip(words=label(TermKind.RECTIFICATION_KIND, problem.rectification_kind)),
        ui.Chip(words=_("知悉范围 %(who)s") % {"who": Readership(problem.readership).label}),
        ui.Chip(words=_("立案 %(day)s") % {"day": problem.registered_on.isoformat()}),
    ]
    if problem.channel_id:
        chips.append(ui.Chip(words=_("限制知悉"), tone="ink"))
    if problem.placeholder:
        chips.append(ui.Chip(words=_("线下问题占位"), tone="strong"))
    if problem.imported_from:
        chips.append(ui.Chip(words=_("承接台账"), tone="notice"))
    if problem.fixed_on_entry:
        chips.append(ui.Chip(words=_("边审边改")))
    if problem.self_reported:
        chips.append(ui.Chip(words=_("自查上报"), tone="ok"))
    return chips


def ring(problem: Problem, past: list[Any]) -> sections.Ring:
    """The eight stages with the day each was reached in this round."""
    state = State(problem.state)
    now = ring_stage(state)
    reached = problem_past.stage_days(past, problem.round)
    stages = [
        sections.RingStage(
            on=reached.get(number), words=_("进行中") if number == now and state is not State.CLOSED else ""
        )
        for number in range(1, 9)
    ]
    word = problem.source.stage_words.get(state.value) or STATE_WORDS[state].say(get_language() or "zh")
    lines = [_("进度 %(percent)d%%") % {"percent": problem.progress}] if problem.progress else []
    return sections.Ring(
        now=now, stages=stages, round=problem.round, ended=ending_of(state), centre=word, lines=lines
    )


def not_started(problem: Problem) -> sections.ClockPanel:
    """No clock ever ran: not assigned yet, or taken over already ended."""
    ended = problem.closed_on
    words = _("%(day)s 办结") % {"day": ended.isoformat()} if ended else _("交办后起算")
    return sections.ClockPanel(
        headline=_("已办结") if ended else _("尚未起算"),
        light=ui.Light(colour="green" if ended else "off", words=words),
    )


def source_texts(problem: Problem) -> list[sections.SourceText]:
    """Every finding that raised the problem, verbatim; where there is none, the problem's own words."""
    findings = (
        Finding.objects.filter(problem_links__problem=problem)
        .select_related("batch__source")
        .order_by("ordinal")
    )
    found = [sections.SourceText(text=finding.text, origin=origin(finding)) for finding in findings]
    return found or [sections.SourceText(text=problem.text, origin=[_("本级登记")])]


def origin(finding: Finding) -> list[ui.Words]:
    """Where the words stand, who may recognise them as fixed, and what the source has said since."""
    place = finding.batch.title
    if finding.page:
        place += _("，第 %(page)d 页") % {"page": finding.page}
    if finding.source_no:
        place += _("，%(number)s") % {"number": finding.source_no}
    authority = finding.closing_authority or finding.batch.source_authority
    said = finding.determination or _("尚未认定")
    return [place, _("销号权在%(authority)s · 认定结果：%(said)s") % {"authority": authority, "said": said}]


def goals(problem: Problem) -> list[sections.Goal]:
    """The indicator with baseline, now and target."""
    if not problem.goal_indicator:
        return []
    return [
        sections.Goal(
            name=problem.goal_indicator,
            baseline=problem.goal_baseline,
            now=problem.goal_now or problem.goal_baseline,
            target=problem.goal_target,
            percent=problem.progress,
        )
    ]


def facts(problem: Problem) -> list[sections.Fact]:
    """Today's facts; empty ones are left out."""
    pairs: list[tuple[str, Any]] = [
        (_("问题"), problem.text),
        (_("领域"), problem.sector.path_labels),
        (_("涉事主体"), problem.concerned_party),
        (_("点位"), problem.site),
        (_("定性依据"), problem.basis),
        *problem_money.pairs(problem),
        (_("拟办意见"), problem.proposed_handling),
        (_("未完成原因"), problem.reason_unfinished),
        (_("下一步"), problem.next_step),
        (_("目标来源"), problem.goal_source),
        (_("会议研究"), deliberations(problem)),
    ]
    return [sections.Fact(label=label, value=value) for label, value in pairs if value]


def deliberations(problem: Problem) -> list[ui.Link]:
    """The unit's meetings about plan and closure with its principal's approval, each leading to its paper."""
    return [
        ui.Link(
            words=_("%(about)s：%(body)s %(on)s %(no)s，%(principal)s %(approved)s 批准")
            % {
                "about": row.get_about_display(),
                "body": row.get_body_display(),
                "on": row.held_on.isoformat(),
                "no": row.document_no,
                "principal": row.principal_name,
                "approved": row.approved_on.isoformat(),
            },
            url=reverse("files:download", args=[row.file_id]),
        )
        for row in deliberations_of(problem)
    ]


def panels(problem: Problem, past: list[problem_past.Past]) -> list[PanelRead]:
    """Who judged together in each round and what each signed, newest first; asked only where the journal tells of one."""
    if not any(event.kind == AcceptancePanel.Stream.kind for event in past):
        return []
    return read_panels(panels_of(problem))


def ties(problem: Problem) -> list[sections.Fact]:
    """What else hangs on it."""
    pairs: list[tuple[str, Any]] = [
        (_("卡住事项"), problem.blocks),
        (_("整改前风险"), problem.risk_before),
        (_("整改后风险"), problem.risk_after),
        (_("验收退回"), _("%(count)d 次") % {"count": problem.returns} if problem.returns else ""),
        (_("交办异议"), _("%(count)d 次") % {"count": problem.declines} if problem.declines else ""),
        (_("移送机关"), problem.referred_to),
        (_("备案"), f"{problem.filing_no} {problem.filed_on}" if problem.filed_on else ""),
        (_("导入自"), problem.imported_from),
    ]
    if problem.merged_into:
        target = problem.merged_into
        pairs.append(
            (_("并入"), ui.Link(words=target.problem_no, url=reverse("desk:problem", args=[target.pk])))
        )
    return [sections.Fact(label=label, value=value) for label, value in pairs if value]
