"""Where the pages of the ledger stand in the navigation. The list of problems is the desk's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.ledger.channels import is_named
from bihuan.organizations.models import Role
from bihuan.organizations.sight import sight_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def sees_business(request: HttpRequest) -> bool:
    """Administrators do not."""
    return not sight_of(getattr(request, "actor", None)).nothing


def was_named(request: HttpRequest) -> bool:
    """For all others not even the word stands there."""
    return is_named(getattr(request, "actor", None))


def keeps_lists(request: Any) -> bool:
    """The two desks of the office, which keep the lists and sort by them."""
    seat = getattr(request, "seat_in_use", None)
    return seat is not None and bool({Role.COORDINATOR, Role.REVIEWER} & set(seat.roles))


PLACES = [
    {
        "key": "findings",
        "label": _("反馈问题"),
        "url_name": "ledger:findings",
        "order": 32,
        "icon": "said",
        "visible": sees_business,
        "claims": [
            "ledger:findings",
            "ledger:finding",
            "ledger:record_determination",
            "ledger:draft_answer",
            "ledger:answer_finding",
            "ledger:batch",
        ],
    },
    {
        "key": "channels",
        "label": _("限制知悉"),
        "url_name": "ledger:channels",
        "order": 36,
        "icon": "lock",
        "visible": was_named,
        "claims": [
            "ledger:channels",
            "ledger:create_channel",
            "ledger:channel",
            "ledger:admit",
            "ledger:dismiss",
            "ledger:clue",
            "ledger:hand_over_clue",
            "ledger:return_clue",
        ],
    },
    {
        "key": "lists",
        "label": _("分类"),
        "url_name": "ledger:lists",
        "order": 194,
        "visible": keeps_lists,
        "claims": [
            "ledger:lists",
            "ledger:entry",
            "ledger:add_entry",
            "ledger:edit_entry",
            "ledger:retire_entry",
            "ledger:move_sector",
            "ledger:edit_customs",
            "ledger:word_locally",
        ],
    },
]
