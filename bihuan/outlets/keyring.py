"""An outlet's secrets, encrypted under a key made of the installation's master key; the database alone opens nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import uuid
from typing import TYPE_CHECKING, Final

from bihuan.journal.sealing import NONCE, CannotOpen, seal, unseal
from bihuan.journal.vault import master_key
from bihuan.outlets.errors import NotSent, Why
from bihuan.outlets.models import OutletSecrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bihuan.outlets.models import Outlet

PURPOSE: Final = b"bihuan.outlets.secrets"


def _key() -> bytes:
    return hmac.new(master_key(), PURPOSE, hashlib.sha256).digest()


def keep(outlet: uuid.UUID, secrets: Mapping[str, str]) -> uuid.UUID:
    """Store secrets bound to their outlet; returns the id of the row. Moved to another outlet they do not open."""
    plain = json.dumps(dict(secrets)).encode()
    row = OutletSecrets(sealed=seal(_key(), os.urandom(NONCE), plain, outlet.bytes))
    row.save(force_insert=True)
    return row.pk


def forget(reference: uuid.UUID | None) -> None:
    """Destroy what was replaced."""
    if reference is not None:
        OutletSecrets.objects.filter(pk=reference).delete()


def opened(outlet: Outlet) -> dict[str, str]:
    """The secrets, for the moment of sending. `NotSent` where they are gone or the master key is another one."""
    row = OutletSecrets.objects.filter(pk=outlet.secrets).first() if outlet.secrets else None
    if row is None:
        raise NotSent(Why.NO_SECRET)
    try:
        found: dict[str, str] = json.loads(unseal(_key(), bytes(row.sealed), outlet.pk.bytes))
    except CannotOpen as error:
        raise NotSent(Why.NO_SECRET) from error
    return found


def opened_or_nothing(outlet: Outlet) -> dict[str, str]:
    """The secrets as far as there are any; what does not open counts as nothing."""
    try:
        return opened(outlet)
    except NotSent:
        return {}
