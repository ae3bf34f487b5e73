"""Working on candidates: made, changed, cut in two, joined, put aside."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.intake.disposing import (
    covered_numbers,
    decide,
    passages_of,
    propose,
    refuse_if_closed,
)
from bihuan.intake.keeping import next_k
from bihuan.intake.models import Candidate, Disposition, IntakeDocument, Passage
from bihuan.intake.quoting import text_of, title_of
from bihuan.intake.rereading import read_again
from bihuan.intake.sharing import refuse_moved_candidate
from bihuan.journal.action import Refused
from bihuan.journal.wording import listed
from bihuan.ledger.models import Sector, Term, TermKind
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.taxonomy import offered
from bihuan.organizations.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bihuan.journal.open_action import Actor

TERMS = {
    "nature": TermKind.NATURE,
    "impact": TermKind.IMPACT,
    "urgency": TermKind.URGENCY,
    "rectification_kind": TermKind.RECTIFICATION_KIND,
}
WORDS = {"source_no": 60, "site": 200, "concerned_party": 200, "basis": 2000}
MAXIMUM_AMOUNT = Decimal(10) ** 15


def candidate_of(document: IntakeDocument, k: int) -> Candidate:
    """The candidate still to be decided under this number; one already decided is refused with what became of it."""
    found: Candidate | None = Candidate.objects.filter(document=document, k=k).first()
    if found is None:
        raise Refused(_("这份文件没有第 %(k)s 条候选。") % {"k": k}, accepted=_("请从候选列表中选择。"))
    if found.state != Candidate.State.PROPOSED:
        raise Refused(
            _("第 %(k)s 条候选%(state)s，不能再改。") % {"k": k, "state": found.get_state_display()},
            accepted=_("已入账的请在台账里办理；不采用的可以撤销。"),
            k=k,
        )
    return found


def add_to(document: IntakeDocument, numbers: Sequence[int], title: str, actor: Actor) -> Candidate:
    """The body of `intake.add_candidate`: one more problem said by passages, also by some that have one already."""
    refuse_if_closed(document)
    passages = passages_of(document, numbers)
    held = next((passage for passage in passages if passage.clue is not None), None)
    if held is not None:
        raise Refused(_("¶ %(n)s 是线索，不进台账。") % {"n": held.n}, accepted=_("由线索接收岗办理移交。"))
    refuse_marks_above(title)
    made = propose(document, passages, title=title)
    for passage in passages:
        passage.disposition = Disposition.PROBLEM
        decide(passage, actor)
    Passage.objects.save_all(passages)
    return made


def change(
    candidate: Candidate,
    title: str | None,
    text: str | None,
    facts: Mapping[str, Any],
    shown: Mapping[str, Any],
) -> None:
    """The body of `intake.edit_candidate`; only what is named changes, and nothing where `shown` is no longer so."""
    refuse_moved_candidate(candidate, shown)
    if title is not None:
        candidate.title = _filled(title, "title")[:200]
    if text is not None:
        candidate.text = _filled(text, "text")
    refuse_marks_above(f"{candidate.title}\n{candidate.text}")
    checked = {name: _checked(name, value) for name, value in facts.items()}
    candidate.choices = {**candidate.choices, **checked}
    candidate.save()


def split(
    document: IntakeDocument,
    k: int,
    halves: Sequence[Mapping[str, str]],
    shown: Mapping[str, Any],
    actor: Actor,
) -> list[Candidate]:
    """The body of `intake.split_candidate`: two problems, one and the same finding behind them."""
    refuse_if_closed(document)
    whole = candidate_of(document, k)
    refuse_moved_candidate(whole, shown)
    made = []
    for n, half in enumerate(halves):
        text = _filled(half.get("text", ""), "text")
        title = half.get("title", "").strip() or title_of(text)
        refuse_marks_above(f"{title}\n{text}")
        made.append(
            Candidate(
                document=document,
                k=next_k(document) + n,
                title=title[:200],
                text=text,
                passages=list(whole.passages),
                origins=list(whole.origins),
                proposals=dict(whole.proposals),
                choices=dict(whole.choices),
            )
        )
    if made[0].text == made[1].text:
        raise Refused(_("拆开的两条写得一样。"), accepted=_("请把原文分成两部分，各写一条。"), field="text")
    whole.state = Candidate.State.REPLACED
    decide(whole, actor)
    whole.save()
    Candidate.objects.bulk_create(made)
    return made


def merge(document: IntakeDocument, ks: Sequence[int], title: str, actor: Actor) -> Candidate:
    """The body of `intake.merge_candidates`: one problem, but every finding behind it keeps its own answer."""
    refuse_if_closed(document)
    wanted = sorted(set(ks))
    if not wanted[1:]:
        raise Refused(_("合并要选两条以上的候选。"), accepted=_("请再选一条。"))
    merged = [candidate_of(document, k) for k in wanted]
    numbers = sorted({n for one in merged for n in one.passages})
    passages = list(Passage.objects.filter(document=document, n__in=numbers))
    made = Candidate(
        document=document,
        k=next_k(document),
        title=(title.strip() or merged[0].title)[:200],
        text=text_of(passages),
        passages=numbers,
        origins=sorted({k for one in merged for k in one.origins}),
        proposals=read_again(document.batch, passages) | {"source_no": _numbers(merged)},
        choices={name: value for one in reversed(merged) for name, value in one.choices.items()},
    )
    refuse_marks_above(f"{made.title}\n{made.text}")
    for one in merged:
        one.state = Candidate.State.REPLACED
        decide(one, actor)
    Candidate.objects.save_all(merged)
    made.save()
    return made


def _numbers(merged: Sequence[Candidate]) -> str:
    return listed(
        dict.fromkeys(str(one.values.get("source_no") or "") for one in merged if one.values.get("source_no"))
    )[:60]


def drop(document: IntakeDocument, k: int, reason: str, actor: Actor) -> Candidate:
    """The body of `intake.drop_candidate`: its passages are open again unless another candidate stands on them."""
    refuse_if_closed(document)
    candidate = candidate_of(document, k)
    candidate.state = Candidate.State.DROPPED
    candidate.reason = reason.strip()[:200]
    decide(candidate, actor)
    candidate.save()
    reopen(document, candidate.passages)
    return candidate


def reopen(document: IntakeDocument, numbers: Sequence[int]) -> None:
    """Passages called a problem without a candidate that says which are unaccounted for again."""
    covered = covered_numbers(document)
    bare = Passage.objects.filter(document=document, n__in=numbers, disposition=Disposition.PROBLEM)
    rows = [passage for passage in bare if passage.n not in covered]
    for passage in rows:
        passage.disposition, passage.decided_by, passage.decided_for = "", None, None
    Passage.objects.save_all(rows)


def _filled(text: str, field: str) -> str:
    if not text.strip():
        raise Refused(_("候选的标题和正文都要写。"), accepted=_("请写一句话。"), field=field)
    return text.strip()


def _checked(name: str, value: Any) -> Any:
    """One fact as it is stored, or a refusal that says what would be accepted."""
    if name in TERMS:
        return _term(name, value)
    if name in WORDS:
        refuse_marks_above(str(value))
        return str(value).strip()[: WORDS[name]]
    if name not in CHECKS:
        accepted = listed([*TERMS, *WORDS, *CHECKS])
        raise Refused(_("候选没有“%(name)s”这一项。") % {"name": name}, accepted=accepted)
    return CHECKS[name](value)


def _sector(value: Any) -> str:
    if not offered(Sector.objects.filter(code=value)).exists():
        raise Refused(
            _("没有领域“%(code)s”。") % {"code": value}, accepted=_("请从领域树中选择。"), field="sector"
        )
    return str(value)


def _term(name: str, value: Any) -> str:
    labels = dict(offered(Term.objects.filter(kind=TERMS[name])).values_list("code", "zh"))
    if value not in labels:
        raise Refused(
            _("没有“%(code)s”这一档。") % {"code": value}, accepted=listed(labels.values()), field=name
        )
    return str(value)


def _unit(value: Any, field: str) -> str:
    try:
        found = Unit.objects.filter(pk=UUID(str(value)), closed_on__isnull=True).first()
    except ValueError:
        found = None
    if found is None:
        raise Refused(_("没有找到这个单位，或它已经撤销。"), accepted=_("请从单位树中选择。"), field=field)
    return str(found.pk)


def _day(value: Any) -> str | None:
    if not value:
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise Refused(
            _("“%(value)s”不是日期。") % {"value": value}, accepted="2026-09-30", field="deadline"
        ) from error


def _amount(value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        amount = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation as error:
        raise Refused(
            _("“%(value)s”不是金额。") % {"value": value},
            accepted=_("请填以元为单位的数字，如 1234567.80。"),
            field="amount",
        ) from error
    if not amount.is_finite() or not 0 <= amount < MAXIMUM_AMOUNT:
        raise Refused(_("金额超出范围。"), accepted=_("请填以元为单位、不小于零的数字。"), field="amount")
    return format(amount.quantize(Decimal("0.01")), "f")


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused(_("“%(value)s”不是“是”或“否”。") % {"value": value}, accepted="true / false")
    return value


CHECKS: dict[str, Callable[[Any], Any]] = {
    "fixed_on_entry": _yes_or_no,
    "sector": _sector,
    "lead_unit": lambda value: _unit(value, "lead_unit") if value else None,
    "supporting_units": lambda value: [_unit(one, "supporting_units") for one in value],
    "deadline": _day,
    "amount": _amount,
}
