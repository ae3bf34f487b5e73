"""Taking back a leader's act that was written down wrongly: who may, and what can no longer be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, NotAllowed, Refused
from bihuan.ledger.sight import require_sight
from bihuan.organizations.authority import open_post_of
from bihuan.organizations.models import PostKind
from bihuan.rectification.leading_queries import instructions_of, visits_of
from bihuan.rectification.models import LeaderInstruction
from bihuan.rectification.policy import problems_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from bihuan.journal.records import Record
    from bihuan.ledger.models import Problem
    from bihuan.rectification.models import Visit


def standing_acts(problem: Problem) -> list[Visit | LeaderInstruction]:
    """What is written down of leaders and not withdrawn, oldest first."""
    found: list[Visit | LeaderInstruction] = [*visits_of(problem), *instructions_of(problem)]
    return sorted((one for one in found if one.withdrawn_on is None), key=lambda one: (one.on, one.pk))


def may_take_back(actor: Actor, act: Visit | LeaderInstruction) -> bool:
    """Whoever wrote it down, and the head of the unit whose leader it is about."""
    if actor.person is not None and act.entered_by == actor.person:
        return True
    own = open_post_of(actor)
    return own is not None and own.kind == PostKind.PRINCIPAL and own.unit_id == act.post.unit_id


def withdrawable(actor: Actor, problem: Problem) -> list[Visit | LeaderInstruction]:
    """What this actor could take back, as far as it can be taken back at all."""
    return [one for one in standing_acts(problem) if not _answered(one) and may_take_back(actor, one)]


def may_withdraw(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The authority: sight first; then who wrote this act down or answers for the leader's unit."""
    problems = problems_of(subjects)
    require_sight(actor, problems)
    named = arguments.get("act")
    for problem in problems:
        acts = [one for one in standing_acts(problem) if named in {None, one.pk}]
        if not any(may_take_back(actor, one) for one in acts):
            raise NotAllowed(
                _("您不能撤回这条登记。"), accepted=_("由登记人或该领导所在单位的主要负责人撤回。")
            )


def act_to_withdraw(problem: Problem, act: uuid.UUID) -> Visit | LeaderInstruction:
    """The act, or the refusal that says why it stays."""
    found = next((one for one in standing_acts(problem) if one.pk == act), None)
    if found is None:
        raise Refused(_("没有这条督导或批示，或已经撤回。"), accepted=_("请刷新后再选。"), field="act")
    if _answered(found):
        raise Refused(
            _("这件批示已经报告办理情况，不能撤回。"),
            accepted=_("批示和办理情况都留在记录里；登记有误的，请另行登记一件，写明更正哪一件。"),
            field="act",
        )
    return found


def _answered(act: Visit | LeaderInstruction) -> bool:
    return isinstance(act, LeaderInstruction) and act.answered_on is not None


def withdrawn_words(act: Visit | LeaderInstruction) -> str:
    """When it was taken back, by whom and why."""
    if act.withdrawn_on is None:
        return ""
    return _("%(day)s %(who)s撤回：%(why)s") % {
        "day": act.withdrawn_on.isoformat(),
        "who": act.withdrawn_by_name,
        "why": act.withdrawn_because,
    }
