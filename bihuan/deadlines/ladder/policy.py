"""Who may do what on the ladder: the office of the place proposes, the unit concerned replies, another decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.deadlines.models import Conduct, Delisting, LadderStep
from bihuan.journal.action import Actor, NotAllowed
from bihuan.journal.records import Record
from bihuan.ledger.models import Problem
from bihuan.ledger.policy import may_prepare
from bihuan.ledger.sight import can_see, require_sight, visible
from bihuan.organizations.authority import in_unit, is_coordinator, is_reviewer

if TYPE_CHECKING:
    import uuid

    from bihuan.organizations.models import Unit

Subjects = Sequence[Record]
Arguments = Mapping[str, Any]


def problems_of(subjects: Subjects) -> list[Problem]:
    """The problems meant by a verb's subjects."""
    return [
        subject if isinstance(subject, Problem) else subject.problem
        for subject in subjects
        if isinstance(subject, Problem | LadderStep | Conduct)
    ]


def may_propose(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The rectification office of the problems' place, in person: somebody else has to decide."""
    may_prepare(actor, problems_of(subjects), arguments)
    person_of(actor)


def person_of(actor: Actor) -> uuid.UUID:
    """Who acts; what another has to decide is never asked for by the program."""
    if actor.person is None:
        raise NotAllowed(_("这一步要由本人提出。"))
    return actor.person


def works_for_office(actor: Actor, place: Unit) -> bool:
    """Whether the actor prepares or reviews for the place: they see proposals that nobody has decided yet."""
    return is_coordinator(actor, place) or is_reviewer(actor, place)


def may_reply(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """Somebody of the unit whose conduct it is."""
    require_sight(actor, problems_of(subjects))
    for conduct in (subject for subject in subjects if isinstance(subject, Conduct)):
        if actor.person is None or not in_unit(actor, conduct.unit):
            raise NotAllowed(
                _("申辩由%(unit)s提出。") % {"unit": conduct.unit.name},
                accepted=_("请由该单位的人员办理。"),
            )


def sees_request(actor: Actor, subject: uuid.UUID) -> bool:
    """Who sees one of its cases; of the others the page tells nothing."""
    return visible(actor, Problem.objects.filter(ladder_steps__request=subject)).exists()


def sees_delisting(actor: Actor, subject: uuid.UUID) -> bool:
    """Who sees the problem."""
    row = Delisting.objects.filter(pk=subject).select_related("problem").first()
    return row is not None and can_see(actor, row.problem)


def sees_conduct(actor: Actor, subject: uuid.UUID) -> bool:
    """Who sees the problem."""
    row = Conduct.objects.filter(pk=subject).select_related("problem").first()
    return row is not None and can_see(actor, row.problem)
