"""What the pages of the office's lists show: a list as it stands here, and one entry with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Actor, Refused
from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.ledger.models import LocalWording, Problem, Sector, Source, Term, TermKind
from bihuan.ledger.pages.marks import chip, link
from bihuan.ledger.policy import is_topmost, may_keep_taxonomy
from bihuan.ledger.taxonomy import (
    FIXED_KINDS,
    LIST_NAMES,
    WHO,
    entries_of,
    in_tree_order,
    inherited_by,
    stage_names,
    usage_of,
    uses,
)
from bihuan.ledger.verbs import LABELS, LedgerVerb
from bihuan.organizations.models import Unit
from bihuan.organizations.sight import sight_of
from bihuan.organizations.tree import upwards

if TYPE_CHECKING:
    from bihuan.ledger.models.taxonomy import Labelled

Wordings = dict[str, tuple[LocalWording, str]]
Uses = dict[Any, int] | None
OFFERED: Final[dict[LedgerVerb, tuple[str, Any]]] = {
    LedgerVerb.EDIT_TERM: ("ledger:edit_entry", gettext_lazy("改名称、次序或有效期；代码不变。")),
    LedgerVerb.EDIT_CUSTOMS: ("ledger:edit_customs", gettext_lazy("谁验收、谁销号、用什么词。")),
    LedgerVerb.MOVE_SECTOR: (
        "ledger:move_sector",
        gettext_lazy("在新位置立新代码，旧的停用并指向新的。"),
    ),
    LedgerVerb.RETIRE_ENTRY: ("ledger:retire_entry", gettext_lazy("不能再选；已归入的问题照旧。")),
    LedgerVerb.WORD_LOCALLY: (
        "ledger:word_locally",
        gettext_lazy("只改本级的叫法或停用，统计仍按代码合到一起。"),
    ),
}


def list_label(list_name: str) -> Any:
    """What people call a list."""
    names = {"sector": _("领域"), "source": _("来源")}
    return names.get(list_name) or TermKind(list_name).label


def may_keep(actor: Actor, place: Unit) -> bool:
    """Whether the actor keeps the lists of this place."""
    try:
        may_keep_taxonomy(actor, [], {"jurisdiction": place})
    except Refused:
        return False
    return True


def list_context(actor: Actor, place: Unit, list_name: str, *, past: bool) -> dict[str, Any]:
    """One list as it stands in a place: its own entries, inherited ones, and what they are called here."""
    address = reverse("ledger:lists")
    rows = in_tree_order(inherited_by(entries_of(list_name), place))
    shown = [row for row in rows if past or row.valid_until is None or row.valid_until >= today()]
    wordings, used = wordings_of(place, list_name), uses_of(actor, list_name)
    adds = list_name not in FIXED_KINDS and may_keep(actor, place)
    return {
        "title": _("分类"),
        "tabs": {
            "views": [
                {"name": list_label(name), "url": f"{address}?list={name}", "current": name == list_name}
                for name in LIST_NAMES
            ]
        },
        "place": place.name,
        "table": {
            "caption": list_label(list_name),
            "columns": _columns(list_name, used),
            "rows": [_row(row, place, wordings, used) for row in shown],
            "empty": {"title": _("这个分类还是空的"), "sentence": _("由整改办审核岗增加。")},
        },
        "hidden": len(rows) - len(shown),
        "past": past,
        "past_url": f"{address}?list={list_name}&past=1",
        "present_url": f"{address}?list={list_name}",
        "create_url": reverse("ledger:add_entry", args=[list_name]) if adds else "",
        "fixed": list_name in FIXED_KINDS,
    }


def wordings_of(place: Unit, list_name: str) -> Wordings:
    """Code -> what holds in this place of the words given here or above, and who gave them."""
    way = upwards(place)
    rows = LocalWording.objects.filter(list_name=list_name, jurisdiction__in=way).select_related(
        "jurisdiction"
    )
    order = {unit.pk: number for number, unit in enumerate(way)}
    found: Wordings = {}
    for row in sorted(rows, key=lambda row: -order[row.jurisdiction_id]):
        if row.zh or row.hidden:
            found[row.code] = (row, row.jurisdiction.name)
        else:
            found.pop(row.code, None)
    return found


def counted(actor: Actor) -> QuerySet[Problem] | None:
    """The problems the office counts by its lists: those of its places, restricted ones left out. Others count none."""
    places = sight_of(actor).jurisdictions
    if not places:
        return None
    here = Q()
    for path in places:
        here |= Q(jurisdiction__path__under=path)
    found: QuerySet[Problem] = Problem.objects.filter(here, channel__isnull=True).order_by()
    return found


def uses_of(actor: Actor, list_name: str) -> Uses:
    """Problems by entry; one query, grouped by few values. Nothing for those who keep no lists."""
    problems = counted(actor)
    if problems is None:
        return None
    return dict(problems.values_list(usage_of(list_name).column).annotate(n=Count("pk", distinct=True)))


def _columns(list_name: str, used: Uses) -> list[dict[str, Any]]:
    heads = [("title", _("名称")), ("english", _("英文")), ("code", _("代码"))]
    if list_name == Source.Stream.kind:
        heads += [
            ("level", _("级别")),
            ("accepts", _("谁验收")),
            ("closes", _("谁销号")),
            ("notice", _("公示")),
        ]
    heads += [("owner", _("出自")), ("since", _("启用日")), ("until", _("最后使用日"))]
    heads += [("used", _("问题"))] if used is not None else []
    return [{"key": key, "label": label, "right": key == "used"} for key, label in heads]


def _row(row: Labelled, place: Unit, wordings: Wordings, used: Uses, *, top: str = "") -> dict[str, Any]:
    indent = "\u3000" * row.code.removeprefix(top).count(".")
    zh, en = names_of(row, wordings)
    cells: list[Any] = [indent + zh, en, row.code]
    if isinstance(row, Source):
        cells += [row.get_level_display(), WHO.get(row.accepts, row.accepts), WHO.get(row.closes, row.closes)]
        cells.append(row.notice_required)
    key = row.code if isinstance(row, Term) else row.pk
    cells += [origin_of(row, place, wordings), row.valid_from, last_day_of(row)]
    if used is not None:
        cells.append(used.get(key, 0))
    return {
        "id": str(row.pk),
        "url": reverse("ledger:entry", args=[row.list_name, row.pk]),
        "name": zh,
        "cells": cells,
    }


def names_of(row: Labelled, wordings: Wordings) -> tuple[str, str]:
    """Both names as they are used here."""
    wording = wordings.get(row.code)
    return (wording[0].zh, wording[0].en) if wording and wording[0].zh else (row.zh, row.en)


def origin_of(row: Labelled, place: Unit, wordings: Wordings) -> list[Any]:
    """Whose entry it is, and what was made of it on the way down."""
    if row.jurisdiction is None:
        words = _("本级") if is_topmost(place) else _("继承自上级")
    elif row.jurisdiction_id == place.pk:
        words = _("本级")
    else:
        words = _("继承自%(place)s") % {"place": row.jurisdiction.name}
    found: list[Any] = [words]
    wording = wordings.get(row.code)
    if wording is not None:
        who = _("本级") if wording[0].jurisdiction_id == place.pk else wording[1]
        if wording[0].zh:
            found.append(chip(_("%(place)s改名") % {"place": who}, "strong"))
        if wording[0].hidden:
            found.append(chip(_("%(place)s不用") % {"place": who}, "notice"))
    return found


def last_day_of(row: Labelled) -> Any:
    """The last day of use; what has ended says so."""
    if row.valid_until is None:
        return _("长期")
    return [row.valid_until, chip(_("已停用"))] if row.valid_until < today() else row.valid_until


def entry_context(actor: Actor, place: Unit, row: Labelled) -> dict[str, Any]:
    """One entry: what it is called, where it comes from, how it is used, and what may be done with it."""
    wordings = wordings_of(place, row.list_name)
    zh, en = names_of(row, wordings)
    address = reverse("ledger:lists")
    facts: list[tuple[Any, Any]] = [
        (
            _("中文名称"),
            zh if zh == row.zh else _("%(here)s（原名 %(name)s）") % {"here": zh, "name": row.zh},
        ),
        (_("英文名称"), en),
        (_("代码"), row.code),
        (_("次序"), row.position),
        (_("出自"), origin_of(row, place, wordings)),
        (_("启用日"), row.valid_from),
        (_("最后使用日"), last_day_of(row)),
    ]
    problems = counted(actor)
    if problems is not None:
        facts.append((_("归入的问题"), problems.filter(uses(row)).distinct().count()))
    return {
        "title": zh,
        "crumbs": [
            {"words": _("分类"), "url": address},
            {"words": list_label(row.list_name), "url": f"{address}?list={row.list_name}"},
            {"words": row.code, "url": ""},
        ],
        "facts": [{"label": label, "value": value} for label, value in [*facts, *_ties(row)]],
        "customs": _customs(row) if isinstance(row, Source) else [],
        "children": _children(actor, place, row, wordings) if isinstance(row, Sector) else None,
        "acts": _acts(actor, place, row),
    }


def _ties(row: Labelled) -> list[tuple[Any, Any]]:
    if not isinstance(row, Sector):
        return []
    found: list[tuple[Any, Any]] = []
    if row.parent is not None:
        found.append(
            (_("上级领域"), link(row.parent.label, reverse("ledger:entry", args=["sector", row.parent_id])))
        )
    if row.moved_to is not None:
        target = reverse("ledger:entry", args=["sector", row.moved_to_id])
        found.append((_("已移到"), link(row.moved_to.path_labels, target)))
    return found


def _customs(source: Source) -> list[dict[str, Any]]:
    names = stage_names()
    stages = [f"{names.get(stage, stage)} → {said}" for stage, said in source.stage_words.items()]
    pairs: list[tuple[Any, Any]] = [
        (_("级别"), source.get_level_display()),
        (_("谁验收"), WHO.get(source.accepts, source.accepts)),
        (_("谁销号"), WHO.get(source.closes, source.closes)),
        (_("须公示"), source.notice_required),
        (_("外部来源"), source.external),
        (_("认定结果用词"), listed(source.determinations) or _("不限")),
        (_("阶段用词"), "；".join(stages) or _("用台账通行的说法")),
    ]
    return [{"label": label, "value": value} for label, value in pairs]


def _children(actor: Actor, place: Unit, row: Sector, wordings: Wordings) -> dict[str, Any] | None:
    below: Iterable[Any] = inherited_by(Sector.objects.filter(parent=row), place).order_by("position", "code")
    used = uses_of(actor, row.list_name)
    rows = [_row(child, place, wordings, used, top=f"{row.code}.") for child in below]
    if not rows:
        return None
    return {"caption": _("下级领域"), "columns": _columns(row.list_name, used), "rows": rows}


def _acts(actor: Actor, place: Unit, row: Labelled) -> dict[str, Any] | None:
    """What the keeper of this place may do: own entries are edited, inherited ones are named anew or not used."""
    if not may_keep(actor, place):
        return None
    fixed = row.list_name in FIXED_KINDS
    why_not = {LedgerVerb.RETIRE_ENTRY: _("程序按这些值办事，只能改名。")} if fixed else {}
    offered = [verb for verb in _verbs_for(row, place) if verb not in why_not]
    return {
        "allowed": [
            {
                "label": LABELS[verb],
                "url": reverse(OFFERED[verb][0], args=[row.list_name, row.pk]),
                "consequence": OFFERED[verb][1],
            }
            for verb in offered
        ],
        "denied": [{"label": LABELS[verb], "why": why} for verb, why in why_not.items()],
    }


def _verbs_for(row: Labelled, place: Unit) -> list[LedgerVerb]:
    if row.jurisdiction_id != place.pk and not (row.jurisdiction_id is None and is_topmost(place)):
        return [LedgerVerb.WORD_LOCALLY]
    found = [LedgerVerb.EDIT_TERM]
    if isinstance(row, Source):
        found.append(LedgerVerb.EDIT_CUSTOMS)
    if isinstance(row, Sector) and row.moved_to_id is None:
        found.append(LedgerVerb.MOVE_SECTOR)
    if row.valid_until is None:
        found.append(LedgerVerb.RETIRE_ENTRY)
    return found
