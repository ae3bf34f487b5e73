"""The desk's pile of opinions to sign: each row a problem whose panel the person sits in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bihuan.desk.marks import stage_of
from bihuan.journal.timesource import today
from bihuan.rectification.queries import to_sign
from bihuan.web import components as ui

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.rectification.models import Panellist

ROWS: Final = 8


def panels_queue(actor: Actor) -> ui.Queue:
    """What waits for this person's own signature, the longest waiting first."""
    waiting = to_sign(actor)
    rows = list(waiting[:ROWS])
    return ui.Queue(
        key="sign",
        title=_("待我签署"),
        note=_("验收组成员逐人签署，不能代签"),
        who_head=_("牵头单位"),
        clock_head=_("组成"),
        total=len(rows) if len(rows) < ROWS else waiting.count(),
        rows=[_row(one) for one in rows],
    )


def _row(one: Panellist) -> ui.QueueRow:
    problem = one.panel.problem
    days = (today() - one.panel.set_up_on).days
    return ui.QueueRow(
        no=problem.problem_no,
        url=reverse("desk:problem", args=[problem.pk]) + "#panel",
        sentence=problem.title,
        mark=stage_of(problem, get_language() or "zh"),
        who=str(problem.lead_unit or ""),
        waited=ngettext("等 %(n)d 天", "等 %(n)d 天", days) % {"n": days} if days else "",
        act=ui.QueueAct(
            label=_("签署"), url=reverse("rectification:sign_panel", args=[one.panel_id]), how="link"
        ),
    )
