"""The closure sitting: prepared by the office, marked row by row, decided in one act by the competent body."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.files.taking_in import Incoming, Upload, prepare, take_in
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.models import Post
from bihuan.organizations.queries import holders_on
from bihuan.rectification.acceptance_words import GATES
from bihuan.rectification.models import ClosureSitting, Outcome, SittingCase
from bihuan.rectification.policy import may_handle_sitting, may_prepare_sitting, person_of
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_CASES: Final = 1_000
MOST_MEMBERS: Final = 60
LONGEST_REASON: Final = 2_000
LONGEST_TITLE: Final = 120
SAYS_WHY: Final = frozenset({Outcome.RETURN, Outcome.DEFER})


@dataclass(frozen=True)
class CaseMark:
    """What is to be decided of one problem; a return and a deferral say why, a return may name the gates that failed."""

    problem: uuid.UUID
    outcome: str
    reason: str = ""
    failed: tuple[str, ...] = ()


@action(Verb.PREPARE_SITTING, may=may_prepare_sitting)
def prepare_sitting(
    problems: Sequence[Problem],
    *,
    title: str,
    held_on: date,
    place: str = "",
    members: Sequence[Post] = (),
    other_members: Sequence[str] = (),
    actor: Actor,
) -> ClosureSitting:
    """Put problems that wait for closure review before one sitting."""
    if not problems:
        raise Refused(_("没有选择要会审的问题。"), accepted=_("请选择等待销号审定的问题。"))
    first = problems[0]
    made: ClosureSitting = ClosureSitting.objects.create(
        title=_short(title, _("会议名称")),
        jurisdiction=first.jurisdiction,
        channel=first.channel,
        held_on=held_on,
        place=place.strip()[:120],
        members=_members(members, other_members, held_on),
        prepared_by=person_of(actor),
        prepared_principal=actor.on_behalf_of,
    )
    _add(made, problems, after=0)
    return made


@action(Verb.EDIT_SITTING, may=may_handle_sitting)
def edit_sitting(
    sitting: ClosureSitting,
    *,
    title: str = "",
    held_on: date | None = None,
    place: str | None = None,
    members: Sequence[Post] | None = None,
    other_members: Sequence[str] | None = None,
    add: Sequence[Problem] = (),
    leave_out: Sequence[Problem] = (),
    actor: Actor,
) -> None:
    """Another day, other members, problems added or left out; until it is decided."""
    refuse_ended(sitting)
    sitting.title = _short(title, _("会议名称")) if title else sitting.title
    sitting.held_on = held_on or sitting.held_on
    sitting.place = sitting.place if place is None else place.strip()[:120]
    if members is not None or other_members is not None:
        sitting.members = _members(members or (), other_members or (), sitting.held_on)
    sitting.save()
    for row in SittingCase.objects.filter(sitting=sitting, problem__in=[one.pk for one in leave_out]):
        row.delete()
    if add:
        may_prepare_sitting(actor, list(add), {})
        last = SittingCase.objects.filter(sitting=sitting).aggregate(last=Max("ordinal"))["last"] or 0
        _add(sitting, add, after=last)
    if not SittingCase.objects.filter(sitting=sitting).exists():
        raise Refused(_("会审里一件也不剩了。"), accepted=_("请取消这次会审。"))


@action(Verb.MARK_CASES, may=may_handle_sitting)
def mark_cases(sitting: ClosureSitting, *, marks: Sequence[CaseMark], actor: Actor) -> None:
    """Write down, row by row, what is to be decided. Nothing takes effect before the sitting decides."""
    refuse_ended(sitting)
    by_problem = {mark.problem: _right(mark) for mark in marks}
    rows = list(SittingCase.objects.filter(sitting=sitting, problem__in=list(by_problem)))
    if len(rows) != len(by_problem):
        raise Refused(_("有的问题不在这次会审里。"), accepted=_("请刷新后再填。"))
    for row in rows:
        mark = by_problem[row.problem_id]
        row.outcome, row.reason, row.failed = mark.outcome, mark.reason, list(mark.failed)
    SittingCase.objects.save_all(rows)


@action(Verb.CANCEL_SITTING, may=may_handle_sitting)
def cancel_sitting(sitting: ClosureSitting, *, reason: str, actor: Actor) -> None:
    """It will not be held: its problems may stand before another."""
    refuse_ended(sitting)
    current().because(refuse_empty(reason, _("取消理由")))
    sitting.state = ClosureSitting.State.CANCELLED
    sitting.save()
    end_cases(SittingCase.objects.filter(sitting=sitting))


def end_cases(cases: Iterable[SittingCase]) -> None:
    """The sitting has ended: its problems are before it no more."""
    rows = list(cases)
    for row in rows:
        row.open = False
    SittingCase.objects.save_all(rows)


def refuse_ended(sitting: ClosureSitting) -> None:
    """Only what is not yet decided can be changed."""
    if sitting.state != ClosureSitting.State.PREPARED:
        raise Refused(
            _("这次会审“%(state)s”，不能再改。") % {"state": sitting.get_state_display()},
            accepted=_("请另行筹备一次会审。"),
        )


def minutes_file(arguments: Mapping[str, Any]) -> object:
    """The signed minutes are looked at before any lock is held, and before that whether this person may hand them in."""
    upload = arguments.get("file")
    if upload is None:
        return None
    may_handle_sitting(arguments["actor"], [arguments["sitting"]], arguments)
    return upload if isinstance(upload, Incoming) else prepare(upload)


def keep_minutes(sitting: ClosureSitting, upload: Upload | Incoming | None) -> None:
    """The signed minutes, seen by whoever sees the sitting."""
    found = current().found_ahead if upload is not None else None
    if isinstance(found, Incoming):
        sitting.file = take_in(found, subject_kind=ClosureSitting.Stream.kind, subject=sitting.pk)


def _add(sitting: ClosureSitting, problems: Sequence[Problem], *, after: int) -> None:
    _refuse_unfit(sitting, problems)
    there = SittingCase.objects.filter(sitting=sitting).count()
    if there + len(problems) > MOST_CASES:
        raise Refused(
            _("一次会审的问题太多。"), accepted=_("每次不超过 %(most)d 件。") % {"most": MOST_CASES}
        )
    ordered = sorted(problems, key=lambda one: one.problem_no)
    SittingCase.objects.bulk_create(
        SittingCase(sitting=sitting, problem=problem, round=problem.round, ordinal=after + number)
        for number, problem in enumerate(ordered, start=1)
    )


def _refuse_unfit(sitting: ClosureSitting, problems: Sequence[Problem]) -> None:
    for problem in problems:
        if State(problem.state) is not State.CLOSURE_REVIEW:
            raise Refused(
                _("%(no)s 不在等待销号审定。") % {"no": problem.problem_no},
                accepted=_("验收通过、公示期满后，才可以列入会审。"),
                problem=str(problem.pk),
            )
        if (problem.jurisdiction_id, problem.channel_id) != (sitting.jurisdiction_id, sitting.channel_id):
            raise Refused(
                _("%(no)s 不属于同一整改办、同一知悉范围。") % {"no": problem.problem_no},
                accepted=_("请分别筹备会审。"),
            )
    before = SittingCase.objects.filter(open=True, problem__in=problems).select_related("problem", "sitting")
    taken = [f"{row.problem.problem_no}（{row.sitting.title}）" for row in before[:5]]
    if taken:
        raise Refused(
            _("已列入另一次会审：%(cases)s。") % {"cases": listed(taken)}, accepted=_("请先从那次会审移出。")
        )


def _right(mark: CaseMark) -> CaseMark:
    """The mark as it is kept; nothing marked clears it."""
    if mark.outcome and mark.outcome not in Outcome.values:
        raise Refused(_("没有这种审定结果。"), accepted=listed(str(one.label) for one in Outcome))
    reason = mark.reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Refused(_("理由太长。"), accepted=_("最多 %(most)d 字。") % {"most": LONGEST_REASON})
    if mark.outcome in SAYS_WHY:
        reason = refuse_empty(reason, _("退回或缓议的理由"))
    failed = tuple(name for name in GATES if name in mark.failed) if mark.outcome == Outcome.RETURN else ()
    return CaseMark(mark.problem, mark.outcome, reason, failed)


def _members(posts: Sequence[Post], others: Sequence[str], on: date) -> list[dict[str, str | None]]:
    names = [name.strip()[:60] for name in others if name.strip()]
    if len(posts) + len(names) > MOST_MEMBERS:
        raise Refused(_("参加人员太多。"), accepted=_("最多 %(most)d 人。") % {"most": MOST_MEMBERS})
    holders = holders_on(posts, on)
    found: list[dict[str, str | None]] = [
        {"post": str(post.pk), "name": f"{post.name}{holders.get(post.pk, '')}"} for post in posts
    ]
    return [*found, *({"post": None, "name": name} for name in dict.fromkeys(names))]


def _short(text: str, what: str) -> str:
    said = refuse_empty(text, what)
    if len(said) > LONGEST_TITLE:
        raise Refused(_("“%(what)s”太长。") % {"what": what}, accepted=_("最多 120 字。"), field="title")
    return said
