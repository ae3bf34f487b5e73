"""Opening a batch."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action
from bihuan.ledger.models import Batch, RestrictedChannel, Source
from bihuan.ledger.policy import may_prepare
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.models import Unit


@action(LedgerVerb.CREATE_BATCH, may=may_prepare)
def create_batch(  # noqa: PLR0913  (the facts of a batch)
    *,
    jurisdiction: Unit,
    code: str,
    title: str,
    source: Source,
    source_authority: str,
    received_on: date,
    source_unit: Unit | None = None,
    document_no: str = "",
    deadline: date | None = None,
    closing_authority: str = "",
    channel: RestrictedChannel | None = None,
    actor: Actor,
) -> Batch:
    """Open a batch for one feedback, round or drive."""
    if Batch.objects.filter(code=code).exists():
        raise Refused(
            _("批次代码“%(code)s”已经有了。") % {"code": code}, accepted=_("请换一个代码。"), field="code"
        )
    if deadline and deadline < received_on:
        raise Refused(
            _("整批期限早于收到日期。"),
            accepted=_("期限应在 %(day)s 当天或以后。") % {"day": received_on.isoformat()},
            field="deadline",
        )
    refuse_marks_above(f"{title}\n{document_no}")
    made: Batch = Batch.objects.create(
        code=code,
        title=title,
        source=source,
        source_authority=source_authority,
        source_unit=source_unit,
        jurisdiction=jurisdiction,
        document_no=document_no,
        received_on=received_on,
        deadline=deadline,
        closing_authority=closing_authority,
        channel=channel,
    )
    return made
