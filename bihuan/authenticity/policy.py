"""Who may see doubts and who weighs them: never those who do the work, before the verdict is spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from bihuan.authenticity.models import AuthenticityFlag
from bihuan.journal.action import Actor, NotAllowed, NotVisible
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import can_see, require_sight
from bihuan.organizations.authority import has_role, unit_of
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Role
from bihuan.organizations.remembering import remembered
from bihuan.rectification.independence_facts import doing_paths
from bihuan.rectification.panels import seat_of, sitting_panel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.journal.records import Record

READERS: Final = (
    Role.ACCEPTOR,
    Role.COORDINATOR,
    Role.REVIEWER,
    Role.DECIDER,
    Role.INSPECTOR,
    Role.SOURCE_AUTHORITY,
)


@remembered
def sees_doubts(actor: Actor, problem: Problem) -> bool:
    """Acceptor, panel, office, deciders and oversight with sight of the problem, unless they belong to those who do the
    work.
    """
    if not can_see(actor, problem):
        return False
    own = unit_of(actor)
    if own is None or any(is_under(own.path, path) for path in doing_paths(problem)):
        return False
    return has_role(actor, *READERS) or seat_of(actor, sitting_panel(problem)) is not None


def sees_weighed(actor: Actor, problem: Problem) -> bool:
    """Once the verdict is spoken, whoever sees the problem may read what was weighed, and with what reason."""
    return State(problem.state) is not State.ACCEPTING and can_see(actor, problem)


def _require(actor: Actor, problem: Problem) -> None:
    require_sight(actor, [problem])
    if not actor.system and not sees_doubts(actor, problem):
        # That there is a doubt is itself what those who do the work are not to learn.
        raise NotVisible(_("没有找到这条记录。"))


def may_examine(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The acceptor's side, or the program itself."""
    for problem in (one for one in subjects if isinstance(one, Problem)):
        require_sight(actor, [problem])
        if not actor.system and not sees_doubts(actor, problem):
            raise NotAllowed(_("佐证由验收方检查。"), accepted=_("由验收岗或整改办办理。"))


def may_weigh(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Whoever accepts; nobody who may not read the doubt even learns of it."""
    for flag in (one for one in subjects if isinstance(one, AuthenticityFlag)):
        _require(actor, flag.problem)
        if not has_role(actor, Role.ACCEPTOR):
            raise NotAllowed(_("疑点由验收人判断。"), accepted=_("由独立的验收岗办理。"))
