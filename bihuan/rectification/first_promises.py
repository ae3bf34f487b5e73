"""What was first approved beside what is in force now: goal, measures, units, days, deliverables, and who changed them.

One answer for every later report: the page of the acceptor, the export, the case file, the papers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.organizations.models import Person
from bihuan.rectification.measures import IN_FORCE
from bihuan.rectification.models import Measure, Plan
from bihuan.rectification.plan_changes import FIELDS, Became, Comparison, Line, compared
from bihuan.rectification.plan_versions import contents_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from bihuan.ledger.models import Problem

ONCE_HELD: Final = (Plan.State.APPROVED, Plan.State.REPLACED)
HELD: Final = frozenset({*IN_FORCE, *ONCE_HELD})
FIELD_WORDS: Final = {
    "unit": gettext_lazy("承担单位"),
    "post": gettext_lazy("责任岗位"),
    "deadline": gettext_lazy("期限"),
    "deliverable": gettext_lazy("成果形式"),
}


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One thing that was first promised otherwise. An empty side: it was not there then, or is not there now."""

    label: str
    first: str
    now: str


@dataclass(frozen=True, kw_only=True)
class Promises:
    """What differs between the first approved plan of the round and the one in force, and by which approvals."""

    changed: Sequence[Promise]
    approvals: Sequence[str]

    @property
    def said(self) -> str:
        """For a cell or a paragraph: 首次：…；现行：… （…批准）, one after the other; empty where nothing changed."""
        if not self.changed:
            return ""
        lines = [
            _("%(label)s：首次“%(first)s”，现行“%(now)s”")
            % {"label": one.label, "first": one.first or _("无"), "now": one.now or _("无")}
            for one in self.changed
        ]
        return "\n".join([*lines, *self.approvals])


NOTHING: Final = Promises(changed=(), approvals=())


def promises_of(problems: Iterable[Problem]) -> dict[uuid.UUID, Promises]:
    """Problem -> what its plan of this round first promised and promises now; only those whose plan was amended.

    Four queries, however many problems there are.
    """
    rounds = {problem.pk: problem.round for problem in problems}
    plans = Plan.objects.filter(problem__in=list(rounds), state__in=ONCE_HELD).order_by("version")
    return _promises(plan for plan in plans if plan.round == rounds[plan.problem_id])


def promises(problem: Problem, round_: int | None = None) -> Promises:
    """The same for one problem, of this round or of another."""
    plans = Plan.objects.filter(problem=problem, state__in=ONCE_HELD, round=round_ or problem.round)
    return _promises(plans.order_by("version")).get(problem.pk, NOTHING)


def _promises(plans: Iterable[Plan]) -> dict[uuid.UUID, Promises]:
    held: dict[uuid.UUID, list[Plan]] = defaultdict(list)
    for plan in plans:
        held[plan.problem_id].append(plan)
    amended = {pk: rows for pk, rows in held.items() if len(rows) > 1}
    if not amended:
        return {}
    contents = contents_of([rows[place] for rows in amended.values() for place in (0, -1)])
    deciders = {plan.approved_by for rows in amended.values() for plan in rows[1:] if plan.approved_by}
    names = dict(Person.objects.filter(pk__in=deciders).values_list("pk", "name"))
    return {
        pk: Promises(
            changed=[*_changed(compared(contents[rows[0].pk], contents[rows[-1].pk]))],
            approvals=[_approved(plan, names) for plan in rows[1:]],
        )
        for pk, rows in amended.items()
    }


def _approved(plan: Plan, names: Mapping[uuid.UUID, str]) -> str:
    return _("第 %(version)d 版由%(who)s于 %(day)s 批准。") % {
        "version": plan.version,
        "who": names.get(plan.approved_by, "") if plan.approved_by else _("审批人"),
        "day": _day(plan),
    }


def _day(plan: Plan) -> str:
    return timezone.localtime(plan.approved_at).date().isoformat() if plan.approved_at else ""


def _changed(found: Comparison) -> Iterable[Promise]:
    for label, text in ((_("整改目标"), found.goal), (_("举一反三范围"), found.similar_cases)):
        if text.differs:
            yield Promise(label=label, first=text.before, now=text.after)
    for line in found.lines:
        if line.became is Became.CHANGED and line.before and line.after:
            for name in (name for name in FIELDS if name in line.fields):
                label = _("措施 %(number)s") % {"number": line.after.number}
                label += "" if name == "text" else f" {FIELD_WORDS[name]}"
                yield Promise(label=label, first=_said(line.before, name), now=_said(line.after, name))
        elif line.became in {Became.ADDED, Became.REMOVED} and not (line.after or line.before).handed_down:  # type: ignore[union-attr]  # one side is there
            yield Promise(
                label=_("措施 %(number)s") % {"number": (line.after or line.before).number},  # type: ignore[union-attr]
                first=_whole(line.before),
                now=_whole(line.after),
            )


def _said(line: Line, name: str) -> str:
    value: date | str = getattr(line, name)
    return value if isinstance(value, str) else value.isoformat()


def _whole(line: Line | None) -> str:
    if line is None:
        return ""
    return _("%(text)s（%(unit)s，%(deadline)s）") % {
        "text": line.text,
        "unit": line.unit,
        "deadline": line.deadline.isoformat(),
    }


def first_days_of(problem: Problem, measures: Sequence[Measure]) -> dict[uuid.UUID, date]:
    """Each measure of the plan in force -> the day first approved for it; a query only where a plan was amended."""
    found = {one.pk: one.deadline for one in measures}
    wanted = {one.pk: one.continues_id for one in measures if one.continues_id}
    if not wanted:
        return found
    every = Measure.objects.filter(plan__problem=problem).order_by()
    rows = every.values_list("pk", "continues_id", "deadline", "plan__state")
    known = {pk: (before, day, state in HELD) for pk, before, day, state in rows}
    for measure in wanted:
        at: uuid.UUID | None = measure
        while at is not None:
            before, day, held = known[at]
            found[measure] = day if held else found[measure]
            at = before
    return found
