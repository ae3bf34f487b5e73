"""What the ledger knows, as the texts that stand in the places of a template. Personal data quoted are masked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.utils.translation import override

from bihuan.documents.official_lines import in_capitals, written_date
from bihuan.journal.timesource import today
from bihuan.ledger.models import InvolvementRole, Problem, Term, TermKind
from bihuan.ledger.models.problems import NO_DEADLINE
from bihuan.ledger.steps import units_in
from bihuan.organizations.models import Post
from bihuan.organizations.queries import first_responsible_person, holder_of
from bihuan.papers.kind_facts import FACTS_OF_KIND
from bihuan.rectification.first_promises import promises_of
from bihuan.rectification.models import AssignmentOrder
from bihuan.rectification.queries import orders_of
from bihuan.text.masking import mask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from bihuan.papers.kinds import PaperKind

JOINED: Final = "、"
NOT_QUOTED: Final = frozenset({"问题编号", "交办文号", "第一责任人", "包抓领导", "验收组意见"})
"""Numbers of ours, and officials named in their posts (opinions they signed are masked by themselves): no private person's data."""
_SHOWN: Final = 3
_DIGITS: Final = re.compile(r"\d")


def values_for(kind: PaperKind, problems: Sequence[Problem]) -> dict[str, str]:
    """Every place this kind may use that the ledger can fill, for these problems together."""
    first = problems[0]
    values = {
        "问题编号": _together(problem.problem_no for problem in problems),
        "问题名称": name_of(problems),
        "问题描述": first.text if len(problems) == 1 else f"共{len(problems)}项问题，详见附件。",
        "问题数": str(len(problems)),
        "问题清单": list_of(problems),
        "整改期限": _together(deadline_words(problem) for problem in problems),
        "进度": _together(f"{problem.progress}%" for problem in problems),
        "起草日期": written_date(today()),
    }
    values |= {name: _together(read(problem) for problem in problems) for name, read in _READ.items()}
    values["方案调整"] = _adjusted(problems)
    values |= _labels(problems)
    values |= _people(problems)
    if len(problems) == 1 and first.amount is not None:
        values["涉及金额"] = f"{first.amount:,.2f}元"
        values["涉及金额大写"] = in_capitals(first.amount)
    own = FACTS_OF_KIND.get(kind.code)
    if own is not None:
        values |= own(first if not kind.several else problems)
    return {name: value if name in NOT_QUOTED else masked(value) for name, value in values.items()}


def masked(text: str) -> str:
    """The text with personal numbers and names it can recognise shortened: 138****5678, 王某."""
    found = mask(text)
    shown = found.text
    for mark, piece in found.pieces.items():
        shown = shown.replace(mark, _shortened(piece))
    return shown


def _shortened(piece: str) -> str:
    if not _DIGITS.search(piece):
        return piece if piece.endswith("某") else f"{piece[0]}某"
    if len(piece) <= 2 * _SHOWN:
        return "*" * len(piece)
    return piece[:_SHOWN] + "*" * (len(piece) - _SHOWN - 4) + piece[-4:]


def name_of(problems: Sequence[Problem]) -> str:
    """What the problems are called in a title: “…问题”, or “…等3项问题”."""
    title = problems[0].title.strip().rstrip("。；，")
    if len(problems) > 1:
        return f"{title.removesuffix('问题')}等{len(problems)}项问题"
    return title if title.endswith("问题") else f"{title}问题"


def list_of(problems: Sequence[Problem]) -> str:
    """One problem in its own words; several stand in the annex."""
    if len(problems) > 1:
        return f"共{len(problems)}项，详见附件。"
    problem = problems[0]
    return f"{problem.problem_no}　{problem.title}\n{problem.text}"


def deadline_words(problem: Problem) -> str:
    """The date outside, or that there is none; where it was put off, the first one and how often stand beside it."""
    day, first = problem.external_deadline, problem.first_deadline
    if str(day) == NO_DEADLINE:
        return "未定"
    if first is None or first == day:
        return written_date(day)
    times = f"，延期{problem.extensions}次" if problem.extensions else ""
    return f"{written_date(day)}（首次期限{written_date(first)}{times}）"


def _together(texts: Iterable[str]) -> str:
    """Each text once, in order."""
    return JOINED.join(dict.fromkeys(text for text in texts if text))


def _day(day: date | None) -> str:
    return written_date(day) if day else ""


def _overdue(problem: Problem) -> str:
    late = (today() - problem.external_deadline).days if str(problem.external_deadline) != NO_DEADLINE else 0
    return str(max(0, late))


def _order_no(problem: Problem) -> str:
    issued = orders_of(problem).filter(order__state=AssignmentOrder.State.ISSUED).first()
    return issued.order.document_no if issued else ""


def _names(problem: Problem, role: InvolvementRole) -> str:
    return JOINED.join(unit.name for unit in units_in(problem, [role])) or "无"


def _goal(problem: Problem) -> str:
    if not problem.goal_indicator:
        return ""
    return f"{problem.goal_indicator}由{problem.goal_baseline or '—'}达到{problem.goal_target or '—'}"


def _adjusted(problems: Sequence[Problem]) -> str:
    """What the plan first promised beside what holds now and who approved the change; that nothing changed is said too."""
    with override("zh-hans"):
        found = promises_of(problems)
        said = [
            f"{problem.problem_no}\n{words}" if len(problems) > 1 else words
            for problem in problems
            if problem.pk in found and (words := found[problem.pk].said)
        ]
    return "\n".join(said) or "整改方案未作调整。"


_READ: Final[dict[str, Callable[[Problem], str]]] = {
    "来源": lambda one: one.source.zh,
    "批次": lambda one: one.batch.title if one.batch else "",
    "领域": lambda one: one.sector.zh,
    "牵头单位": lambda one: one.lead_unit.name if one.lead_unit else "",
    "配合单位": lambda one: _names(one, InvolvementRole.SUPPORTING),
    "行业主管": lambda one: one.sector_authority.name if one.sector_authority else "",
    "属地": lambda one: (one.territorial_unit or one.jurisdiction).name,
    "交办日期": lambda one: _day(one.assigned_on),
    "交办文号": _order_no,
    "首次期限": lambda one: _day(one.first_deadline),
    "延期次数": lambda one: str(one.extensions),
    "逾期天数": _overdue,
    "整改目标": _goal,
    "拟办意见": lambda one: one.proposed_handling,
    "定性依据": lambda one: one.basis,
    "涉事主体": lambda one: one.concerned_party,
    "点位": lambda one: one.site,
    "移送机关": lambda one: one.referred_to,
}


def _labels(problems: Sequence[Problem]) -> dict[str, str]:
    """Grade, level and kind by the words of the office's lists."""
    wanted = {
        "等级": (TermKind.GRADE, "grade"),
        "督办级别": (TermKind.SUPERVISION_LEVEL, "supervision_level"),
        "整改类型": (TermKind.RECTIFICATION_KIND, "rectification_kind"),
    }
    terms = Term.objects.filter(kind__in=[kind for kind, _column in wanted.values()])
    known = {(term.kind, term.code): term.zh for term in terms}
    return {
        name: _together(known.get((kind, getattr(one, column)), getattr(one, column)) for one in problems)
        for name, (kind, column) in wanted.items()
    }


def _people(problems: Sequence[Problem]) -> dict[str, str]:
    """Who answers by duty; officials in their posts are no personal data to be hidden."""
    first = []
    for unit in {one.lead_unit_id: one.lead_unit for one in problems if one.lead_unit}.values():
        found = first_responsible_person(unit, today())
        if found.person is not None and found.post is not None:
            first.append(f"{found.post.name}{found.person.name}")
    sponsors = Post.objects.filter(pk__in=[one.sponsor_id for one in problems if one.sponsor_id])
    names = [(post.name, holder_of(post, today())) for post in sponsors]
    return {
        "第一责任人": _together(first),
        "包抓领导": _together(f"{post}{person.name}" for post, person in names if person),
    }
