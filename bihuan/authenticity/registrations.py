"""What this room tells those below it: to look before a verdict, and who may have a photograph as the camera wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.authenticity.models import AuthenticityFlag
from bihuan.authenticity.policy import sees_doubts
from bihuan.files.policy import register_camera_sight
from bihuan.journal.action import Actor, Refused
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.rigour import policy_of
from bihuan.rectification.before_verdicts import register_before_verdict

if TYPE_CHECKING:
    import uuid


def register() -> None:
    """Called once, when the program starts."""
    register_before_verdict(look=look_once_more, guard=refuse_unweighed)
    register_camera_sight(Problem.Stream.kind, _may_read_camera)


def look_once_more(problem: Problem) -> None:
    """Before a verdict, as an action of its own: what it finds must stay even where the verdict is then refused."""
    from bihuan.authenticity.actions import examine

    if State(problem.state) is not State.ACCEPTING:
        return
    examine(problem, actor=Actor.the_system("authenticity.before_verdict"))


def refuse_unweighed(problem: Problem) -> None:
    """No verdict while a doubt has not been weighed, unless policy leaves that to the acceptor."""
    waiting = AuthenticityFlag.objects.filter(
        problem=problem, round=problem.round, weight=AuthenticityFlag.Weight.OPEN
    ).count()
    if waiting and policy_of(problem, "authenticity").body["weigh_first"]:
        raise Refused(
            ngettext(
                "还有 %(count)d 条真实性疑点没有判断。", "还有 %(count)d 条真实性疑点没有判断。", waiting
            )
            % {"count": waiting},
            accepted=_("请在问题页“真实性疑点”里逐条写明属实、已说明或不成立，再作结论。"),
            code="unweighed_flags",
            count=waiting,
        )


def _may_read_camera(actor: Actor, subject: uuid.UUID) -> bool:
    problem = Problem.objects.filter(pk=subject).first()
    return problem is not None and sees_doubts(actor, problem)
