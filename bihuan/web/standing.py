"""What the shell shows in every installation: my desk and the ledger, who is signed in, how the journal stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.models import Checkpoint
from bihuan.organizations.tree import nearest_jurisdiction
from bihuan.web.places import Chain, Me, PostChoice

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bihuan.organizations.acting import Seat

PLACES: tuple[dict[str, object], ...] = (
    {"key": "desk", "label": gettext_lazy("工作台"), "url_name": "desk:home", "order": 10, "icon": "desk"},
    {
        "key": "ledger",
        "label": gettext_lazy("台账"),
        "url_name": "desk:ledger",
        "order": 20,
        "icon": "ledger",
        "searches": True,
        "claims": ["desk:problem", "desk:case_file", "rectification"],
    },
)


def me(request: HttpRequest) -> Me | None:
    """The person and the post in use, with the other posts to switch to; asks nothing the request does not hold."""
    person = getattr(request, "person", None)
    if person is None:
        return None
    seats: list[Seat] = getattr(request, "seats", [])
    in_use: Seat | None = getattr(request, "seat_in_use", None)
    return Me(
        name=person.name,
        post=f"{in_use.post.unit.name} · {in_use.post.name}" if in_use else "",
        posts=[_choice(seat, current=seat is in_use) for seat in seats],
    )


def _choice(seat: Seat, *, current: bool) -> PostChoice:
    return PostChoice(
        id=str(seat.post.pk),
        name=seat.post.name,
        unit=seat.post.unit.name,
        current=current,
        stands_in_for=seat.stands_in_for.name if seat.stands_in_for else "",
    )


def jurisdiction(request: HttpRequest) -> str:
    """The city or county whose ledger this is for the post in use."""
    post = getattr(request, "post_in_use", None)
    found = nearest_jurisdiction(post.unit) if post is not None else None
    return found.name if found is not None else ""


def chain(request: HttpRequest) -> Chain | None:
    """The latest checkpoint: a seal alone proves nothing yet, so only a verified one is said to have passed."""
    latest = Checkpoint.objects.order_by("-taken_at").first()
    if latest is None:
        return None
    moment = f"{timezone.localtime(latest.taken_at):%m-%d %H:%M}"
    note = _("%(moment)s · 存证点 %(number)s") % {"moment": moment, "number": latest.pk}
    if latest.verified:
        return Chain(whole=True, words=_("日志校验通过"), note=note)
    return Chain(whole=None, words=_("日志已存证，待校验"), note=note)


SHELL = {"me": me, "jurisdiction": jurisdiction, "chain": chain}
