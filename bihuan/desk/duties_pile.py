"""The leader's own pile: what policy expects of them and is not there yet, each with the one thing to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desk.duties.gaps import Gap, Missing, gaps_of
from bihuan.desk.duties.policy import HEADS
from bihuan.desk.duties.wording import gap_words
from bihuan.organizations.authority import open_post_of
from bihuan.web import components as ui

if TYPE_CHECKING:
    from bihuan.journal.action import Actor

ROWS: Final = 8
VISITS: Final = frozenset({Missing.SPONSOR_VISIT, Missing.PRINCIPAL_VISIT})


def duties_queue(actor: Actor) -> ui.Queue:
    """Asked of heads alone, and of no stand-in: what is missing is missing of the leader."""
    own = open_post_of(actor)
    leads = own is not None and own.kind in HEADS and actor.on_behalf_of is None
    person = actor.person
    gaps = gaps_of(actor, person) if leads and person is not None else []
    more = None
    if gaps and person is not None:
        more = ui.Link(words=_("我的履责记录"), url=reverse("desk:duty_record", args=[person]))
    return ui.Queue(
        key="duties",
        title=_("履责提醒"),
        note=_("按规则应有而还没有的；做了由办理记录自动消除"),
        who_head=_("牵头单位"),
        clock_head="",
        total=len(gaps),
        rows=[_row(gap) for gap in gaps[:ROWS]],
        more=more,
    )


def _row(gap: Gap) -> ui.QueueRow:
    problem = gap.problem
    page = reverse("desk:problem", args=[problem.pk])
    act = ui.QueueAct(label=_("查看"), url=page, how="link")
    if gap.what in VISITS:
        url = reverse("rectification:record_visit", args=[problem.pk])
        act = ui.QueueAct(label=_("登记督导"), url=url)
    return ui.QueueRow(
        no=problem.problem_no,
        url=page,
        sentence=gap_words(gap),
        who=str(problem.lead_unit or ""),
        act=act,
    )
