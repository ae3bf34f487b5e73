"""Who could sit in a panel, as a list one searches: unit, post and holder; who may not sit stands there with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.organizations.models import Post, Tenure
from bihuan.organizations.spans import in_force
from bihuan.rectification.independence import Judge, dependences_of
from bihuan.rectification.independence_facts import said_of, work_of

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet

    from bihuan.ledger.models import Problem


@dataclass(frozen=True)
class Seats:
    """The posts of everybody with an account who may know of the problem: their holders, and why some may not sit."""

    posts: QuerySet[Post]
    names: dict[uuid.UUID, str] = field(default_factory=dict)
    barred: dict[uuid.UUID, str] = field(default_factory=dict)


def seats_for(problem: Problem) -> Seats:
    """Two statements beside the facts of the work, however many people there are."""
    work = work_of(problem)
    rows = Tenure.objects.filter(
        in_force(today()),
        post__closed_on=None,
        post__unit__closed_on=None,
        person__account__isnull=False,
        person__left_on=None,
    )
    if problem.channel_id is not None:
        rows = rows.filter(in_force(today(), "post__channels__"), post__channels__channel=problem.channel_id)
    names, barred = {}, {}
    # Of a unit that does the work hundreds may be barred for the same reason.
    say = cache(said_of)
    found = rows.values_list("post_id", "person_id", "person__name", "post__unit__path").order_by(
        "-since", "-id"
    )
    for post, person, name, path in found:
        names[post] = name
        against = dependences_of(Judge(person, None, path), work)
        if against:
            barred[post] = listed(say(one) for one in against)
        else:
            barred.pop(post, None)
    posts = Post.objects.filter(pk__in=names).select_related("unit").order_by("unit__path", "name")
    return Seats(posts, names, barred)


class _SaysWhyNot:
    """Options that may not be chosen are there to be found, with the reason."""

    barred: dict[uuid.UUID, str]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One option; `value` knows the post's id."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        reason = self.barred.get(getattr(value, "value", value))
        if reason:
            option["attrs"]["disabled"] = True
            option["label"] = _("%(who)s（不能参加：%(why)s）") % {"who": option["label"], "why": reason}
        return option


class SeatSelect(_SaysWhyNot, forms.Select):
    """One of them."""


class SeatsSelect(_SaysWhyNot, forms.SelectMultiple):
    """Several of them; without scripts a list long enough to choose from."""

    def __init__(self) -> None:
        super().__init__(attrs={"size": "10"})


class _HeldPost:
    """A post, shown by its unit and who holds it today."""

    names: dict[uuid.UUID, str]

    def label_from_instance(self, post: Post) -> str:
        return f"{post.unit.name} {post.name} {self.names.get(post.pk, '')}".strip()

    def seat(self, seats: Seats) -> None:
        """Take names and reasons of these."""
        self.names = seats.names
        self.widget.barred = seats.barred  # type: ignore[attr-defined]


class SeatField(_HeldPost, forms.ModelChoiceField):  # type: ignore[type-arg]  # Django subscripts it for type checkers only
    """One post. A barred one that is sent all the same is refused by the action, which says why."""

    widget = SeatSelect

    def __init__(self, seats: Seats, posts: QuerySet[Post] | None = None, **kwargs: Any) -> None:
        super().__init__(queryset=seats.posts if posts is None else posts, **kwargs)
        self.seat(seats)


class SeatsField(_HeldPost, forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several posts."""

    widget = SeatsSelect

    def __init__(self, seats: Seats, **kwargs: Any) -> None:
        super().__init__(queryset=seats.posts, **kwargs)
        self.seat(seats)
