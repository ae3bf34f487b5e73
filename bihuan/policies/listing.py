"""The list of the rules that hold at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.journal.timesource import today
from bihuan.organizations.tables import table
from bihuan.policies import queries, wording
from bihuan.policies.catalogue import KINDS
from bihuan.policies.checking import kind_named

if TYPE_CHECKING:
    from bihuan.organizations.models import Unit
    from bihuan.policies.models import Policy


def filters_for(code: str, words: str) -> dict[str, Any]:
    """Narrow the list to one kind of rule."""
    here = reverse("policies:list")
    options = [
        {"value": kind.code, "label": kind.label, "selected": kind.code == code} for kind in KINDS.values()
    ]
    chips = (
        [{"label": _("规则"), "value": kind_named(code).label, "remove_url": here}] if code in KINDS else []
    )
    return {
        "url": here,
        "chips": chips,
        "search_value": words,
        "search_hint": _("规则、范围或内容"),
        "choices": [{"name": "code", "label": _("规则"), "options": options}],
        "clear_url": here if code else "",
    }


def has_all(found: list[Policy], place: Unit, code: str) -> bool:
    """Whether every kind has a rule for this place, its own or inherited."""
    return {one.code for one in found} >= ({code} if code else set(KINDS))


def policies_table(found: list[Policy], place: Unit, *, words: str, edits: bool) -> dict[str, Any]:
    """One row for each rule in force or to come; old versions are found on its page."""
    rows, labels = [], wording.Labels()
    for policy in _leading(found):
        said = [
            str(kind_named(policy.code).label),
            wording.scope_words(policy, labels),
            wording.summary_of(policy.code, policy.body),
        ]
        if words not in " ".join(said):
            continue
        cells = [
            *said,
            {"piece": "chip", "words": _origin(policy, place)},
            policy.valid_from,
        ]
        rows.append((str(policy.pk), reverse("policies:detail", args=[policy.pk]), cells))
    heads = [
        ("no", _("规则")),
        ("scope", _("适用")),
        ("body", _("内容")),
        ("origin", _("制定")),
        ("since", _("生效")),
    ]
    then = _("点“装入起始规则”即可开始，之后逐条修改。") if edits else _("请由本级整改办制定。")
    return table(_("规则"), heads, rows, empty=(_("还没有规则"), then))


def _origin(policy: Policy, place: Unit) -> str:
    """Who made it, and which version it is: ``本级 · 第 2 版``."""
    maker = _("本级") if policy.jurisdiction_id == place.pk else policy.jurisdiction.name
    return _("%(maker)s · 第 %(version)s 版") % {"maker": maker, "version": policy.version}


def _leading(found: list[Policy]) -> list[Policy]:
    """Of each rule the version in force, or, where none is, the next to come."""
    day = today()
    leading: dict[tuple[object, ...], Policy] = {}
    for policy in found:  # the newest version of each rule comes first
        key = tuple(queries.scope_of(policy).values())
        if policy.valid_until is not None and policy.valid_until < day:
            continue
        known = leading.get(key)
        if known is None or (known.valid_from > day and policy.valid_from <= day):
            leading[key] = policy
    order = list(KINDS)
    return sorted(
        leading.values(), key=lambda one: order.index(one.code) if one.code in order else len(order)
    )
