"""Money put right: entered with day and document, corrected by new entries, taken off only when a second person agrees."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.files.taking_in import Incoming, Upload, take_in
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.local_words import words_here
from bihuan.ledger.models import Problem, Term, TermKind
from bihuan.ledger.steps import refuse_empty
from bihuan.ledger.taxonomy import offered
from bihuan.rectification.models import MoneyEntry
from bihuan.rectification.models.money import OTHER, TAKEN_OFF
from bihuan.rectification.money_queries import money_by_problem, standing_of
from bihuan.rectification.money_rules import NOTHING, AmountFault, Unit, yuan_of
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    from collections.abc import Mapping

FAULTS: Final[Mapping[AmountFault, object]] = {
    AmountFault.NOT_POSITIVE: gettext_lazy("金额应大于零。"),
    AmountFault.FINER_THAN_FEN: gettext_lazy("金额最多精确到分。"),
    AmountFault.TOO_LARGE: gettext_lazy("金额太大。"),
}
LATEST: Final = frozenset({State.MERGED})


@action(Verb.RECORD_MONEY, may=may(Verb.RECORD_MONEY))
def record_money(  # noqa: PLR0913  (a sum is its amount, its unit, its way, its day and its document)
    problem: Problem,
    *,
    way: str,
    amount: Decimal,
    unit: str = Unit.YUAN.value,
    on: date,
    document_no: str,
    note: str = "",
    explanation: str = "",
    file: Upload | Incoming | None = None,
    actor: Actor,
) -> MoneyEntry:
    """So much was put right, in this way, on this day, by this document."""
    _refuse_unfit(problem, on)
    way_zh, way_en = _words_of(way)
    if way == OTHER:
        note = refuse_empty(note, _("其他方式的说明"))
    yuan = _yuan(amount, unit)
    said = _refuse_unexplained(problem, yuan, explanation)
    made: MoneyEntry = MoneyEntry.objects.create(
        problem=problem,
        way=way,
        way_zh=way_zh,
        way_en=way_en,
        yuan=yuan,
        on=on,
        document_no=refuse_empty(document_no, _("凭据"))[:120],
        note=note.strip(),
        explanation=said,
        file=take_in(file, subject_kind=Problem.Stream.kind, subject=problem.pk) if file else None,
        entered_by=person_of(actor),
    )
    return made


@action(Verb.CORRECT_MONEY, may=may(Verb.CORRECT_MONEY))
def correct_money(
    problem: Problem,
    *,
    entry: uuid.UUID,
    amount: Decimal,
    unit: str = Unit.YUAN.value,
    reason: str,
    explanation: str = "",
    actor: Actor,
) -> MoneyEntry:
    """An entry was wrong: what is right is written as a new entry of the difference, and the old one stays to be read.

    An amount of nothing takes the entry back.
    """
    reason = refuse_empty(reason, _("更正理由"))
    found: MoneyEntry | None = MoneyEntry.objects.filter(
        problem=problem, pk=entry, corrects=None, state=MoneyEntry.State.COUNTED
    ).first()
    if found is None:
        raise Refused(_("没有这笔已登记的资金。"), accepted=_("请刷新后再选。"), field="entry")
    if found.way == TAKEN_OFF:
        raise Refused(_("核减经过审批，不能自行更正。"), accepted=_("核减有误的，请由审批人重新研究后登记。"))
    right = NOTHING if amount == NOTHING else _yuan(amount, unit)
    difference = right - standing_of(found)
    if difference == NOTHING:
        raise Refused(_("更正后的金额和原来一样。"), field="amount")
    current().because(reason)
    said = _refuse_unexplained(problem, difference, explanation)
    made: MoneyEntry = MoneyEntry.objects.create(
        problem=problem,
        way=found.way,
        way_zh=found.way_zh,
        way_en=found.way_en,
        yuan=difference,
        on=current().today,
        document_no=found.document_no,
        note=reason,
        explanation=said,
        corrects=found,
        entered_by=person_of(actor),
    )
    return made


@action(Verb.ASK_REDUCTION, may=may(Verb.ASK_REDUCTION))
def ask_reduction(
    problem: Problem,
    *,
    amount: Decimal,
    unit: str = Unit.YUAN.value,
    on: date,
    document_no: str,
    reason: str,
    file: Upload | Incoming | None = None,
    actor: Actor,
) -> MoneyEntry:
    """So much of the amount turned out not to be in question; it counts once another person has agreed."""
    _refuse_unfit(problem, on)
    reason = refuse_empty(reason, _("核减理由"))
    current().because(reason)
    yuan = _yuan(amount, unit)
    standing = money_by_problem([problem])[problem.pk]
    if yuan > standing.outstanding:
        raise Refused(
            _("核减 %(yuan)s 元多于尚未整改到位的 %(left)s 元。")
            % {"yuan": f"{yuan:,.2f}", "left": f"{standing.outstanding:,.2f}"},
            accepted=_("核减不超过尚未整改到位的金额；先前登记有误的先更正。"),
            field="amount",
        )
    made: MoneyEntry = MoneyEntry.objects.create(
        problem=problem,
        way=TAKEN_OFF,
        yuan=yuan,
        on=on,
        document_no=refuse_empty(document_no, _("凭据"))[:120],
        note=reason,
        file=take_in(file, subject_kind=Problem.Stream.kind, subject=problem.pk) if file else None,
        state=MoneyEntry.State.ASKED,
        entered_by=person_of(actor),
    )
    return made


@action(Verb.DECIDE_REDUCTION, may=may(Verb.DECIDE_REDUCTION))
def decide_reduction(
    problem: Problem, *, entry: uuid.UUID, approve: bool, opinion: str, actor: Actor
) -> MoneyEntry:
    """Another person agrees that it is not in question, or does not."""
    found: MoneyEntry | None = MoneyEntry.objects.filter(
        problem=problem, pk=entry, state=MoneyEntry.State.ASKED
    ).first()
    if found is None:
        raise Refused(_("没有这笔待批的核减。"), accepted=_("请刷新后再选。"), field="entry")
    if found.entered_by in {actor.person, actor.on_behalf_of}:
        raise Refused(_("申请核减的人不能审批。"), accepted=_("由另一个有审批权的人审批。"))
    standing = money_by_problem([problem])[problem.pk]
    if approve and found.yuan > standing.outstanding:
        raise Refused(
            _("申请以后又有资金整改到位，核减多于尚未到位的金额。"), accepted=_("请不予核减，另行申请。")
        )
    found.opinion = refuse_empty(opinion, _("审批意见"))
    found.state = MoneyEntry.State.COUNTED if approve else MoneyEntry.State.REFUSED
    found.decided_by, found.decided_on = person_of(actor), current().today
    found.save()
    return found


def _words_of(way: str) -> tuple[str, str]:
    """What a way of the office's list is called today where the actor stands, in both languages."""
    ways = {term.code: term for term in offered(Term.objects.filter(kind=TermKind.MONEY_WAY))}
    if way not in ways:
        raise Refused(
            _("没有这种资金整改方式。"), accepted=listed(one.label for one in ways.values()), field="way"
        )
    return words_here(TermKind.MONEY_WAY, way) or (ways[way].zh, ways[way].en)


def _yuan(amount: Decimal, unit: str) -> Decimal:
    if unit not in set(Unit):
        raise Refused(_("没有这种金额单位。"), accepted=_("元、万元或亿元。"), field="unit")
    found = yuan_of(amount, Unit(unit))
    if isinstance(found, AmountFault):
        raise Refused(str(FAULTS[found]), accepted=_("请写阿拉伯数字，并选对单位。"), field="amount")
    return found


def _refuse_unfit(problem: Problem, on: date) -> None:
    if State(problem.state) in LATEST:
        raise Refused(_("问题已经并案，资金登记在并入的问题上。"), accepted=_("请打开并入的问题登记。"))
    if problem.amount is None:
        raise Refused(
            _("这个问题没有登记涉及金额。"), accepted=_("请先由整改办补登涉及金额，再登记整改到位的资金。")
        )
    if on > current().today:
        raise Refused(_("日期在将来。"), accepted=_("应是今天或以前。"), field="on")


def _refuse_unexplained(problem: Problem, more: Decimal, explanation: str) -> str:
    """More than was in question is put right only with an explanation (利息、滞纳金 …)."""
    standing = money_by_problem([problem])[problem.pk]
    said = explanation.strip()
    if more > NOTHING and more > standing.outstanding and not said:
        raise Refused(
            _("登记后将比涉及金额多 %(more)s 元。")
            % {"more": f"{more - standing.outstanding + standing.excess:,.2f}"},
            accepted=_("请核对金额和单位；确实多出的（如利息、滞纳金），写明原因。"),
            field="explanation",
        )
    return said
