"""Two people share a batch: who comes second is told what the first one said, by name, and writes nothing over it.

A page sends along what it showed; where that is no longer so, the act is refused with what stands there now.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.intake.models import Candidate, Disposition, Passage
from bihuan.journal.errors import Refused
from bihuan.journal.models import JournalEvent
from bihuan.journal.wording import joined, listed, name_of
from bihuan.ledger.models import Sector, Term
from bihuan.organizations.models import Person, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

LABELS: Final[dict[str, Any]] = {
    "title": gettext_lazy("问题"),
    "text": gettext_lazy("问题描述"),
    "lead_unit": gettext_lazy("牵头单位"),
    "supporting_units": gettext_lazy("配合单位"),
    "deadline": gettext_lazy("期限"),
    "sector": gettext_lazy("领域"),
    "nature": gettext_lazy("性质"),
    "impact": gettext_lazy("影响程度"),
    "urgency": gettext_lazy("轻重缓急"),
    "rectification_kind": gettext_lazy("整改类型"),
    "source_no": gettext_lazy("源编号"),
    "amount": gettext_lazy("涉及金额（元）"),
    "site": gettext_lazy("点位"),
    "concerned_party": gettext_lazy("涉事主体"),
    "basis": gettext_lazy("定性依据"),
}
LONGEST_SHOWN: Final = 60
LOOKED_BACK: Final = 200
LONGEST_MARK: Final = 16


class Moved(Refused):
    """Somebody was quicker; what was typed is not written. `data["now"]` is what a page would show today."""

    status = 409


def refuse_moved_passage(passage: Passage, shown: Mapping[str, str]) -> None:
    """Refused where the page showed another disposition than the passage has."""
    seen = shown.get(str(passage.n))
    if seen is None or seen == passage.disposition:
        return
    now = Disposition(passage.disposition).label if passage.disposition else _("未交代")
    raise Moved(
        _("¶ %(n)s 刚才已被%(who)s改为“%(now)s”，您的这次没有写入。")
        % {"n": passage.n, "who": _named(passage.decided_by), "now": now},
        accepted=_("请看过现在的交代，需要时再改；您写的理由还在。"),
        n=passage.n,
    )


def shown_of(candidate: Candidate) -> dict[str, Any]:
    """What a form about the candidate shows, as plain values."""
    values = candidate.values
    facts = {name: values.get(name) for name in LABELS if name not in {"title", "text"}}
    return {"title": candidate.title, "text": candidate.text, **facts}


def mark_of(candidate: Candidate) -> str:
    """What a card shows, in a few letters: a page sends it back with the key that confirms the card."""
    told = json.dumps([shown_of(candidate), candidate.compared], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:LONGEST_MARK]


def refuse_unseen_candidate(candidate: Candidate, marks: Mapping[str, str]) -> None:
    """Nobody enters in the ledger what somebody else wrote since they looked."""
    seen = marks.get(str(candidate.k))
    if seen is None or seen == mark_of(candidate):
        return
    raise Moved(
        _("第 %(k)s 条候选刚才已被%(who)s改过，您的这次没有写入。")
        % {"k": candidate.k, "who": _last_hand(candidate)},
        accepted=_("请看过现在的内容，再确认。"),
        k=candidate.k,
    )


def refuse_moved_candidate(candidate: Candidate, shown: Mapping[str, Any]) -> None:
    """Refused where a shown value is no longer the candidate's; says which, what it is now, and by whom."""
    now = shown_of(candidate)
    moved = [name for name in LABELS if name in shown and shown[name] != now[name]]
    if not moved:
        return
    words = joined(
        _("%(label)s现为“%(value)s”") % {"label": LABELS[name], "value": _said(name, now[name])}
        for name in moved
    )
    raise Moved(
        _("第 %(k)s 条候选刚才已被%(who)s改过：%(what)s。您的这次没有写入。")
        % {"k": candidate.k, "who": _last_hand(candidate), "what": words},
        accepted=_("您填写的还在，请核对后再保存。"),
        k=candidate.k,
        moved=moved,
        now=now,
    )


def _named(person: UUID | None) -> str:
    name = Person.objects.filter(pk=person).values_list("name", flat=True).first() if person else None
    return str(name) if name else _("别人")


def _last_hand(candidate: Candidate) -> str:
    """Who changed the candidate last, as its document's journal says."""
    events = JournalEvent.objects.filter(stream=candidate.document_id).order_by("-seq")[:LOOKED_BACK]
    for body in events.values_list("body", flat=True):
        if candidate.row_key in body["changes"]:
            return name_of(body["who"])
    return _("别人")


def _said(name: str, value: Any) -> str:
    """A value as the form would show it."""
    if not value:
        return _("空")
    if name == "sector":
        found = Sector.objects.filter(code=value).first()
        return str(found.label) if found else str(value)
    if name in {"lead_unit", "supporting_units"}:
        wanted = value if isinstance(value, list) else [value]
        return listed(Unit.objects.filter(pk__in=wanted).values_list("name", flat=True))
    term = Term.objects.filter(kind=name, code=value).first() if isinstance(value, str) else None
    words = str(term.label) if term else str(value)
    return words if len(words) <= LONGEST_SHOWN else f"{words[:LONGEST_SHOWN]}…"
