"""The desk's lines in the navigation, and what the shell shows of the chain and the place."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.models import Checkpoint
from bihuan.ledger.listing import Filters, number_in
from bihuan.organizations.acting import Request
from bihuan.organizations.authority import open_post_of
from bihuan.organizations.models import PostKind
from bihuan.organizations.sight import sight_of
from bihuan.rectification.places import works_in_the_office

FOLLOW: Final = (
    PostKind.PRINCIPAL,
    PostKind.DEPUTY_IN_CHARGE,
    PostKind.SECRETARY,
    PostKind.LIAISON,
)


def has_business(request: Request) -> bool:
    """Administrators keep the house; they see no business."""
    return not sight_of(request.actor).nothing


def follows_the_focus(request: Request) -> bool:
    """The office and those who lead: principals, deputies, and who writes for them."""
    own = open_post_of(request.actor)
    return has_business(request) and (
        works_in_the_office(request) or (own is not None and own.kind in FOLLOW)
    )


def open_count(request: Request) -> int | None:
    """How many open problems the person sees; nothing where nobody knows it exactly."""
    found, exact = number_in(request.actor, Filters(state="open"))
    return found if exact else None


def last_check(request: Request) -> dict[str, Any] | None:
    """What the last checkpoint said of the chain."""
    last = Checkpoint.objects.order_by("-pk").first()
    if last is None:
        return None
    when = timezone.localtime(last.taken_at)
    return {
        "whole": True if last.verified else None,
        "words": _("日志校验通过") if last.verified else _("日志待校验"),
        "note": _("%(when)s · 存证点 %(number)04d") % {"when": f"{when:%m-%d %H:%M}", "number": last.pk},
    }


PLACES = [
    {
        "key": "desk",
        "label": gettext_lazy("工作台"),
        "url_name": "desk:home",
        "order": 10,
        "icon": "desk",
    },
    {
        "key": "ledger",
        "label": gettext_lazy("台账"),
        "url_name": "desk:ledger",
        "query": "?state=open",
        "order": 20,
        "icon": "ledger",
        "count": open_count,
        "visible": has_business,
        "searches": True,
        "claims": ["ledger", "rectification", "approvals"],
    },
    {
        "key": "wall",
        "label": gettext_lazy("签收墙"),
        "url_name": "desk:wall",
        "order": 36,
        "icon": "done",
        "visible": works_in_the_office,
        "claims": ["desk:order_wall"],
    },
    {
        "key": "focus",
        "label": gettext_lazy("重点问题"),
        "url_name": "desk:focus",
        "order": 22,
        "icon": "ledger",
        "visible": follows_the_focus,
    },
    {
        "key": "duties",
        "label": gettext_lazy("履责记录"),
        "url_name": "desk:duty_records",
        "order": 38,
        "icon": "done",
        "visible": follows_the_focus,
        "claims": ["desk:duty_record"],
    },
    {
        "key": "case_files",
        "label": gettext_lazy("卷宗"),
        "url_name": "desk:case_files",
        "order": 40,
        "icon": "file",
        "visible": has_business,
        "claims": ["desk:bind"],
    },
]
SHELL = {"chain": last_check}
