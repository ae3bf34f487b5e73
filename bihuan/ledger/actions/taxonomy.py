"""The lists an office owns: planted once from the starting taxonomy, then edited as dated rows."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current, system_only
from bihuan.ledger.models import Sector, Source, Term, TermKind
from bihuan.ledger.policy import may_keep_taxonomy
from bihuan.ledger.steps import refuse_empty
from bihuan.ledger.verbs import LedgerVerb
from bihuan.text import starting_taxonomy as start

TERMS = {
    TermKind.NATURE: start.NATURES,
    TermKind.IMPACT: start.IMPACTS,
    TermKind.URGENCY: start.URGENCIES,
    TermKind.GRADE: start.GRADES,
    TermKind.RECTIFICATION_KIND: start.RECTIFICATION_KINDS,
    TermKind.SUPERVISION_LEVEL: start.SUPERVISION_LEVELS,
}


@action(LedgerVerb.SEED_TAXONOMY, may=system_only)
def seed_taxonomy(*, valid_from: date, actor: Actor) -> None:
    """Plant the starting lists; does nothing where they stand already."""
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
    Term.objects.bulk_create(
        [
            Term(kind=kind, code=term.code, zh=term.zh, en=term.en, position=position, valid_from=valid_from)
            for kind, terms in TERMS.items()
            for position, term in enumerate(terms)
        ]
    )


@action(LedgerVerb.EDIT_TERM, may=may_keep_taxonomy)
def edit_label(
    entry: Sector | Source | Term, *, zh: str, en: str, valid_until: date | None = None, actor: Actor
) -> None:
    """Change the labels of an entry, or end it. Codes are stable and never change."""
    entry.zh, entry.en = refuse_empty(zh, _("中文名称")), refuse_empty(en, _("英文名称"))
    if valid_until and valid_until < current().today:
        raise Refused(_("停用日期已经过去。"), accepted=_("应是今天或以后。"), field="valid_until")
    entry.valid_until = valid_until
    entry.save()
