"""The journal's own verbs: destroying content that must go, by two administrators, so that it shows."""

from __future__ import annotations

import uuid
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from bihuan.journal import vault
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.administrators import administrators_only
from bihuan.journal.erasing import erase, erase_sealed, rows_of
from bihuan.journal.models import Expungement, Payload, PersonalKey
from bihuan.journal.records import Record, Row, sealed_columns
from bihuan.journal.wording import listed


@action("journal.propose_expunge", may=administrators_only)
def propose_expunge(
    *, record: Record, rows: dict[str, list[str]], reason: str, document_no: str, actor: Actor
) -> Expungement:
    """Propose to destroy what the named sealed columns (row key -> columns) of a stream ever held."""
    for key, names in rows.items():
        model = _model_of(key)
        unknown = set(names) - sealed_columns(model)
        if unknown or not names:
            raise Refused(
                _("这些内容不能清除：%(names)s。") % {"names": listed(sorted(unknown)) or key},
                accepted=_("可以清除的是：%(names)s。") % {"names": listed(sorted(sealed_columns(model)))},
            )
    return _propose(actor, reason, document_no, target_stream=record.pk, rows=rows)


@action("journal.propose_erasure", may=administrators_only)
def propose_erasure(*, holder: uuid.UUID, reason: str, document_no: str, actor: Actor) -> Expungement:
    """Propose to destroy the key of one person, and with it every personal datum sealed under it."""
    if not PersonalKey.objects.filter(pk=holder, wrapped__isnull=False).exists():
        raise Refused(_("这个人没有可清除的个人信息。"))
    return _propose(actor, reason, document_no, holder=holder)


def _propose(actor: Actor, reason: str, document_no: str, **target: Any) -> Expungement:
    if not reason.strip() or not document_no.strip():
        raise Refused(_("清除必须写明理由和依据文号。"))
    made: Expungement = Expungement.objects.create(
        reason=reason, document_no=document_no, proposed_by=actor.person, proposed_at=current().now, **target
    )
    return made


@action("journal.confirm_expunge", may=administrators_only)
def confirm_expunge(expungement: Expungement, *, actor: Actor) -> None:
    """A second administrator confirms; content and keys are destroyed, digests stay, verify will say *erased*."""
    if expungement.confirmed_at:
        raise Refused(_("这次清除已经办过了。"))
    if expungement.proposed_by in (actor.person, actor.on_behalf_of):
        raise Refused(_("提出和确认清除的必须是两个人。"), accepted=_("请另一位管理员确认。"))
    act = current()
    expungement.confirmed_by, expungement.confirmed_at = actor.person, act.now
    expungement.save()
    if expungement.holder:
        _destroy_key(expungement, expungement.holder)
    if expungement.target_stream:
        _destroy_rows(expungement, expungement.target_stream)


def _destroy_key(expungement: Expungement, holder: uuid.UUID) -> None:
    key = PersonalKey.objects.get(pk=holder)
    key.wrapped, key.destroyed_at = None, current().now
    key.save()
    for payload in Payload.objects.filter(holder=key, content__isnull=False):
        erase(payload, by=expungement.pk)


def _destroy_rows(expungement: Expungement, stream: uuid.UUID) -> None:
    """Blank the rows that hold the columns today, and erase every payload that ever held them."""
    rows = rows_of(expungement.rows)
    current().lock([row for row in rows if isinstance(row, Record)])
    for row in rows:
        for name in expungement.rows[row.row_key]:
            setattr(row, name, vault.ERASED)
        row.save()
    erase_sealed(stream, expungement.rows, by=expungement.pk)


def _model_of(key: str) -> type[Row]:
    model = apps.get_model(key.split(":", maxsplit=1)[0])
    if not issubclass(model, Row):
        raise Refused(_("没有找到这条记录。"))
    return model
