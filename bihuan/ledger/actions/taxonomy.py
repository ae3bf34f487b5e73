"""The lists an office owns: planted once from the starting taxonomy, then edited as dated rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Max, Min, Q
from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, NotVisible, Refused, action, current, system_only
from bihuan.journal.wording import listed
from bihuan.ledger.models import LocalWording, Sector, Source, Term, TermKind
from bihuan.ledger.policy import is_topmost, may_keep_taxonomy
from bihuan.ledger.steps import refuse_empty
from bihuan.ledger.taxonomy import (
    DEEPEST,
    FIXED_KINDS,
    LIST_NAMES,
    RESERVED_CODES,
    WHO_ACCEPTS,
    WHO_CLOSES,
    entries_of,
    in_tree_order,
    inherited_by,
    problems_using,
    stage_names,
    usage_of,
)
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.models import Unit
from bihuan.text import starting_taxonomy as start

CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,29}")

TERMS = {
    TermKind.NATURE: start.NATURES,
    TermKind.IMPACT: start.IMPACTS,
    TermKind.URGENCY: start.URGENCIES,
    TermKind.GRADE: start.GRADES,
    TermKind.RECTIFICATION_KIND: start.RECTIFICATION_KINDS,
    TermKind.SUPERVISION_LEVEL: start.SUPERVISION_LEVELS,
    TermKind.MONEY_WAY: start.MONEY_WAYS,
}


@action(LedgerVerb.SEED_TAXONOMY, may=system_only)
def seed_taxonomy(*, valid_from: date, actor: Actor) -> None:
    """Plant the starting lists; a list that stands already is left alone, a kind of list that came later is added."""
    _plant_terms(valid_from)
    if Sector.objects.exists():
        return
    planted: dict[str, Sector] = {}
    for position, sector in enumerate(start.SECTORS):
        planted[sector.code] = Sector(
            code=sector.code, zh=sector.zh, en=sector.en, position=position, valid_from=valid_from,
            parent=planted.get(sector.parent or ""),
        )  # fmt: skip
    Sector.objects.bulk_create(list(planted.values()))
    Source.objects.bulk_create(
        [
            Source(
                code=source.code, zh=source.zh, en=source.en, position=position, valid_from=valid_from,
                level=source.level, accepts=source.accepts, closes=source.closes,
                notice_required=source.notice_required, determinations=list(source.determinations),
                stage_words=dict(source.stages), external=source.external,
            )
            for position, source in enumerate(start.SOURCES)
        ]
    )  # fmt: skip


def _plant_terms(valid_from: date) -> None:
    standing = set(Term.objects.values_list("kind", flat=True).distinct())
    Term.objects.bulk_create(
        [
            Term(kind=kind, code=term.code, zh=term.zh, en=term.en, position=position, valid_from=valid_from)
            for kind, terms in TERMS.items()
            if kind not in standing
            for position, term in enumerate(terms)
        ]
    )


@action(LedgerVerb.ADD_ENTRY, may=may_keep_taxonomy)
def add_entry(
    *,
    list_name: str,
    jurisdiction: Unit,
    code: str,
    zh: str,
    en: str,
    valid_from: date | None = None,
    parent: Sector | None = None,
    actor: Actor,
) -> Sector | Source | Term:
    """Add an entry to the list of a place; every place below inherits it. A sector's code continues its parent's."""
    if list_name not in LIST_NAMES:
        raise Refused(_("没有这个分类。"), accepted=listed(LIST_NAMES), field="list_name")
    if list_name in FIXED_KINDS:
        raise Refused(_("程序按这些值办事，不能增加，只能改名。"), field="list_name")
    full = _full_code(code, parent)
    if full in RESERVED_CODES.get(list_name, ()):
        raise Refused(
            _("代码“%(code)s”由程序使用。") % {"code": full}, accepted=_("请换一个代码。"), field="code"
        )
    if entries_of(list_name).filter(code=full).exists():
        raise Refused(
            _("代码“%(code)s”已经有了。") % {"code": full}, accepted=_("请换一个代码。"), field="code"
        )
    facts: dict[str, Any] = {
        "code": full,
        "zh": refuse_empty(zh, _("中文名称")),
        "en": refuse_empty(en, _("英文名称")),
        "position": _next_position(list_name, parent),
        "jurisdiction": None if is_topmost(jurisdiction) else jurisdiction,
        "valid_from": valid_from or current().today,
    }
    made: Sector | Source | Term
    if list_name == Sector.Stream.kind:
        made = Sector.objects.create(parent=parent, **facts)
    elif list_name == Source.Stream.kind:
        customs = {"level": Source.Level.ANY, "accepts": "oversight", "closes": "rectification_office"}
        made = Source.objects.create(notice_required=False, **customs, **facts)
    else:
        made = Term.objects.create(kind=list_name, **facts)
    return made


def _full_code(code: str, parent: Sector | None) -> str:
    if not CODE.fullmatch(code):
        raise Refused(
            _("代码“%(code)s”不能用。") % {"code": code},
            accepted=_("用小写英文字母开头，可含数字和下划线，不超过 30 个字符。"),
            field="code",
        )
    if parent is None:
        return code
    if parent.code.count(".") + 1 >= DEEPEST:
        raise Refused(
            _("领域最多四级，“%(parent)s”下面不能再加。") % {"parent": parent.label}, field="parent"
        )
    if not _holds(parent, current().today):
        raise Refused(_("“%(parent)s”已经停用，下面不能再加。") % {"parent": parent.label}, field="parent")
    return f"{parent.code}.{code}"


def _next_position(list_name: str, parent: Sector | None) -> int:
    siblings = entries_of(list_name)
    if list_name == Sector.Stream.kind:
        siblings = siblings.filter(parent=parent)
    last = siblings.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _holds(entry: Sector | Source | Term, day: date) -> bool:
    return entry.valid_from <= day and (entry.valid_until is None or entry.valid_until >= day)


@action(LedgerVerb.EDIT_TERM, may=may_keep_taxonomy)
def edit_label(
    entry: Sector | Source | Term,
    *,
    zh: str,
    en: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    position: int | None = None,
    actor: Actor,
) -> None:
    """Change the labels of an entry, its dates or its place among its siblings. Codes are stable and never change."""
    entry.zh, entry.en = refuse_empty(zh, _("中文名称")), refuse_empty(en, _("英文名称"))
    entry.valid_from = valid_from or entry.valid_from
    if position is not None:
        entry.position = position
    first = problems_using(entry).aggregate(day=Min(usage_of(entry.list_name).day))["day"]
    if valid_from is not None and first is not None and first < valid_from:
        raise Refused(
            _("%(day)s 已有问题归在这一项，启用日期不能晚于那一天。") % {"day": first.isoformat()},
            field="valid_from",
        )
    if valid_until != entry.valid_until:
        _end(entry, valid_until)
    entry.save()


@action(LedgerVerb.RETIRE_ENTRY, may=may_keep_taxonomy)
def retire_entry(entry: Sector | Source | Term, *, last_day: date, actor: Actor) -> None:
    """End an entry: after its last day nobody can choose it, and whatever is sorted by it stays so."""
    _end(entry, last_day)
    entry.save()


def _end(entry: Sector | Source | Term, last_day: date | None) -> None:
    entry.valid_until = last_day
    if last_day is None:
        return
    if entry.list_name in FIXED_KINDS:
        raise Refused(_("程序按这些值办事，不能停用，只能改名。"))
    # Only what was never used may be ended in the past: then it is as if it had never been there.
    if last_day < current().today and problems_using(entry).exists():
        raise Refused(
            _("有问题归在“%(entry)s”，不能作废。") % {"entry": entry.label},
            accepted=_("可以停用，最后使用日应是今天或以后；已归入的问题照旧。"),
            field="last_day",
        )
    _refuse_last_of_list(entry, last_day)
    if isinstance(entry, Sector):
        below = [
            child
            for child in entry.children.all()
            if child.valid_until is None or child.valid_until > last_day
        ]
        if below:
            raise Refused(
                _("“%(entry)s”下面还有在用的领域：%(names)s。")
                % {"entry": entry.label, "names": listed(child.label for child in below[:5])},
                accepted=_("请先停用或移走下级领域。"),
            )


def _refuse_last_of_list(entry: Sector | Source | Term, last_day: date) -> None:
    others = entries_of(entry.list_name).exclude(pk=entry.pk)
    if not others.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=last_day)).exists():
        raise Refused(_("这是最后一项，不能停用。"), accepted=_("请先增加接替它的一项。"))


@action(LedgerVerb.EDIT_CUSTOMS, may=may_keep_taxonomy)
def edit_customs(
    source: Source,
    *,
    level: str,
    accepts: str,
    closes: str,
    notice_required: bool,
    external: bool,
    determinations: Sequence[str] = (),
    stage_words: Mapping[str, str] | None = None,
    actor: Actor,
) -> None:
    """How problems of a source are handled: who accepts, who closes, its own words for verdicts and stages."""
    for value, known, field in (
        (level, Source.Level.values, "level"),
        (accepts, WHO_ACCEPTS, "accepts"),
        (closes, WHO_CLOSES, "closes"),
    ):
        if value not in known:
            raise Refused(
                _("没有“%(value)s”这个选项。") % {"value": value}, accepted=listed(known), field=field
            )
    words = {state: said.strip() for state, said in (stage_words or {}).items() if said.strip()}
    unknown = set(words) - set(stage_names())
    if unknown:
        raise Refused(
            _("没有这个阶段：%(names)s。") % {"names": listed(sorted(unknown))}, field="stage_words"
        )
    source.level, source.accepts, source.closes = level, accepts, closes
    source.notice_required, source.external = notice_required, external
    source.determinations = list(dict.fromkeys(said.strip() for said in determinations if said.strip()))
    source.stage_words = words
    source.save()


@action(LedgerVerb.MOVE_SECTOR, may=may_keep_taxonomy)
def move_sector(sector: Sector, *, parent: Sector | None = None, actor: Actor) -> Sector:
    """Move a sector with all below it: successors under the new parent, the old ones retired from today on.

    Rules, stewardships and problems name sectors by code, and a code spells its way from the root. So nothing is
    renamed under their hands: what was sorted stays where it is, and each old sector points to its successor.
    """
    day = current().today
    if parent is not None and (parent.pk == sector.pk or parent.code.startswith(sector.code + ".")):
        raise Refused(_("不能移到自己或自己的下级下面。"), accepted=_("请选别处的领域。"), field="parent")
    if parent == sector.parent:
        raise Refused(_("它已经在那里。"), accepted=_("请选别的上级领域。"), field="parent")
    branch = [one for one in Sector.objects.filter(code__startswith=sector.code + ".") if _holds(one, day)]
    branch = [sector, *in_tree_order(branch)]
    depth = max(one.code.count(".") for one in branch) - sector.code.count(".") + 1
    if (parent.code.count(".") + 1 if parent else 0) + depth > DEEPEST:
        raise Refused(_("移过去以后超过四级。"), accepted=_("请选更上一级的领域。"), field="parent")
    current().lock(branch)
    made: dict[str, Sector] = {}
    for one in branch:
        above = parent if one.pk == sector.pk else made[one.code.rpartition(".")[0]]
        code = _full_code(one.code.rpartition(".")[2], above)
        if Sector.objects.filter(code=code).exists():
            raise Refused(_("那里已经有代码“%(code)s”。") % {"code": code}, field="parent")
        made[one.code] = Sector.objects.create(
            code=code, zh=one.zh, en=one.en, parent=above, jurisdiction=one.jurisdiction, valid_from=day,
            position=_next_position(Sector.Stream.kind, above),
        )  # fmt: skip
    for one in branch:
        one.moved_to, one.valid_until = made[one.code], day - timedelta(days=1)
        one.save()
    return made[sector.code]


@action(LedgerVerb.WORD_LOCALLY, may=may_keep_taxonomy)
def word_locally(
    *,
    list_name: str,
    code: str,
    jurisdiction: Unit,
    zh: str = "",
    en: str = "",
    hidden: bool = False,
    actor: Actor,
) -> LocalWording:
    """Give an inherited entry a name of one's own here, or do without it; without either, go back to what is above."""
    entry = inherited_by(entries_of(list_name), jurisdiction).filter(code=code).first()
    if entry is None:
        raise NotVisible(_("没有找到这一项。"))
    if entry.jurisdiction_id == jurisdiction.pk or is_topmost(jurisdiction):
        raise Refused(_("这一项就是本级的，不是继承来的。"), accepted=_("请直接修改它。"))
    if hidden and list_name in FIXED_KINDS:
        raise Refused(_("程序按这些值办事，不能停用，只能改名。"), field="hidden")
    if bool(zh.strip()) != bool(en.strip()):
        raise Refused(
            _("中文和英文名称要一起写。"),
            accepted=_("都写，或都留空以恢复继承的名称。"),
            field="en" if zh.strip() else "zh",
        )
    known = {"jurisdiction": jurisdiction, "list_name": list_name, "code": code}
    row: LocalWording = LocalWording.objects.filter(**known).first() or LocalWording(**known)
    current().lock([row] if LocalWording.objects.filter(**known).exists() else [])
    row.zh, row.en, row.hidden = zh.strip(), en.strip(), hidden
    row.save()
    return row
