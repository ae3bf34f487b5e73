"""The desk's pile of self-inspection: calls to answer or sign, and for the office drives to issue or to bring to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.desk.marks import time_left
from bihuan.drives.models import Drive, DriveLine
from bihuan.drives.queries import to_answer, to_move
from bihuan.journal.timesource import today
from bihuan.web import components as ui

if TYPE_CHECKING:
    from datetime import date

    from bihuan.journal.action import Actor

ROWS: Final = 8
DEEDS: Final = {
    DriveLine.State.ASKED: gettext_lazy("签收"),
    DriveLine.State.ACKNOWLEDGED: gettext_lazy("去报告"),
    DriveLine.State.NIL_PREPARED: gettext_lazy("去签署"),
}


def drives_queue(actor: Actor) -> ui.Queue:
    """One statement for a unit's people, one more for the office's."""
    lines, drives = to_answer(actor), to_move(actor)
    rows = [*(_of_line(line) for line in lines), *(_of_drive(one.drive, one.asked) for one in drives)]
    return ui.Queue(
        key="drives",
        title=_("自查"),
        note=_("有问题如实报，没有问题零报告"),
        who_head=_("谁在等"),
        clock_head=_("报送期限"),
        total=len(rows),
        rows=rows[:ROWS],
        more=ui.Link(words=_("看全部自查"), url=reverse("drives:list")) if len(rows) > ROWS else None,
    )


def _of_line(line: DriveLine) -> ui.QueueRow:
    label = DEEDS[DriveLine.State(line.state)]
    sentence = line.drive.batch.title
    if line.state == DriveLine.State.NIL_PREPARED:
        sentence = _("零报告待签署：%(title)s") % {"title": sentence}
    return _row(line.drive, reverse("drives:line", args=[line.pk]), sentence, str(label))


def _of_drive(drive: Drive, asked: int) -> ui.QueueRow:
    url, title = reverse("drives:drive", args=[drive.pk]), drive.batch.title
    if drive.state == Drive.State.DRAFT:
        return _row(drive, url, _("待下发：%(title)s") % {"title": title}, _("去下发"))
    if asked:
        words = _("过期还有 %(n)s 个单位没有报告：%(title)s") % {"n": asked, "title": title}
        return _row(drive, url, words, _("查看"))
    return _row(drive, url, _("都已报告，待审核办结：%(title)s") % {"title": title}, _("去办结"))


def _row(drive: Drive, url: str, sentence: str, label: str) -> ui.QueueRow:
    return ui.QueueRow(
        no=drive.batch.code,
        url=url,
        sentence=sentence,
        who=drive.batch.source_authority,
        light=light_of(drive, today()),
        act=ui.QueueAct(label=label, url=url, how="link"),
    )


def light_of(drive: Drive, day: date) -> ui.Light:
    """Red when the day has passed, yellow from the day of the first reminder on."""
    left = (drive.due_on - day).days
    colour: ui.Colour = "red" if left < 0 else "yellow" if left <= drive.remind_before else "green"
    because = _("报送期限 %(due)s，到期前 %(before)s 天转黄，过期转红。") % {
        "due": drive.due_on.isoformat(),
        "before": drive.remind_before,
    }
    return ui.Light(colour=colour, words=time_left(drive.due_on, day), because=because)
