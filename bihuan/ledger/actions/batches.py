"""Opening a batch."""

from __future__ import annotations

from datetime import date

from bihuan.journal.action import Actor, action
from bihuan.ledger.models import Batch, RestrictedChannel, Source
from bihuan.ledger.policy import may_prepare
from bihuan.ledger.registering import register_batch_row
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
    return register_batch_row(
        jurisdiction=jurisdiction,
        code=code,
        title=title,
        source=source,
        source_authority=source_authority,
        received_on=received_on,
        source_unit=source_unit,
        document_no=document_no,
        deadline=deadline,
        closing_authority=closing_authority,
        channel=channel,
    )
