"""Reading restricted channels and clues: only for the posts that were named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from bihuan.journal.timesource import today
from bihuan.ledger import sight
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.models import ChannelMember, Clue, ClueState, Problem, RestrictedChannel
from bihuan.organizations.models import Role
from bihuan.organizations.sight import sight_of
from bihuan.organizations.spans import in_force, not_over

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from bihuan.journal.action import Actor


def channels_of(actor: Actor | None) -> QuerySet[RestrictedChannel]:
    """The channels the actor's post may know of today; the program itself has no need of a list."""
    found: QuerySet[RestrictedChannel] = RestrictedChannel.objects.filter(
        pk__in=sight.channels_of(sight_of(actor))
    )
    return found.select_related("jurisdiction").order_by("code")


def clues_for(actor: Actor | None) -> QuerySet[Clue]:
    """The clues held for the actor's post, newest first."""
    found: QuerySet[Clue] = Clue.objects.filter(receiver=sight_of(actor).post)
    return found.order_by("-held_at", "-id")


def is_named(actor: Actor | None) -> bool:
    """A keeper or a member of a channel; asked for every page, so of what sight already knows."""
    seen = sight_of(actor)
    if seen.nothing or seen.everything:
        return False
    return Role.CHANNEL_KEEPER in seen.roles or bool(sight.channels_of(seen))


def has_business_here(actor: Actor | None) -> bool:
    """Whether these pages exist for somebody at all: a keeper, a member of a channel, a receiver of clues."""
    seen = sight_of(actor)
    return is_named(actor) or (not seen.nothing and not seen.everything and clues_for(actor).exists())


def members_of(channel: RestrictedChannel) -> QuerySet[ChannelMember]:
    """Who may know or will, and who once could: the present ones first."""
    found: QuerySet[ChannelMember] = ChannelMember.objects.filter(channel=channel)
    return found.select_related("post__unit").order_by("until", "since", "id")


def present_members(channel: RestrictedChannel) -> QuerySet[ChannelMember]:
    """Those who may know today or are already let in for later."""
    return members_of(channel).filter(not_over(today()))


def counts_of(channels: Sequence[RestrictedChannel]) -> dict[uuid.UUID, dict[str, int]]:
    """How many problems each channel holds and how many are open: its own counters; one query."""
    rows = (
        Problem.objects.filter(channel__in=channels)
        .order_by()
        .values("channel")
        .annotate(problems=Count("pk"), open=Count("pk", filter=Q(state__in=OPEN)))
    )
    return {row["channel"]: {"problems": row["problems"], "open": row["open"]} for row in rows}


def member_counts(channels: Sequence[RestrictedChannel]) -> dict[uuid.UUID, int]:
    """How many posts may know today; one query."""
    rows = ChannelMember.objects.filter(in_force(today()), channel__in=channels).order_by()
    return dict(rows.values_list("channel").annotate(n=Count("pk")))


def clue_counts(actor: Actor | None) -> dict[str, int] | None:
    """For the office of a place: how many clues were taken out there, and how many are handed over. Nothing else."""
    places = sight_of(actor).jurisdictions
    if not places:
        return None
    counted: dict[str, int] = Clue.objects.filter(jurisdiction__path__in=places).aggregate(
        clues=Count("pk"), handed_over=Count("pk", filter=Q(state=ClueState.HANDED_OVER))
    )
    return counted if counted["clues"] else None
