"""Where a finding stands in the source's document: documents live in a room above, which says here how to get there."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Finding

Ways = Mapping[uuid.UUID, Sequence[Mapping[str, Any]]]
Locator = Callable[["Actor", "Sequence[Finding]"], Ways]
_locators: list[Locator] = []


def register_locator(locator: Locator) -> None:
    """The room of the documents gives links to passage and file; called from its AppConfig.ready."""
    _locators[:] = [locator]


def ways_to(actor: Actor, finding: Finding) -> list[dict[str, Any]]:
    """Links to the passage and the file, as far as the actor may open them."""
    return [
        {"piece": "link", **way}
        for locator in _locators
        for way in locator(actor, [finding]).get(finding.pk, ())
    ]
