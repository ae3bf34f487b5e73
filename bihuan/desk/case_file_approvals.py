"""Decisions on paper or in the program, as the records of a case file tell them; each is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.approvals.models import Approval, ApprovalState, Manner, Step, StepState
from bihuan.desk.case_file_reading import Attachment, Item, Reading
from bihuan.documents.binding import Piece, Words
from bihuan.documents.word_parts import Table
from bihuan.rectification import models as work

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

SMALL = 9.5


class Approvals:
    """The approvals that belong to a problem, handed out to the records they decided."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        subjects = [reading.problem.pk, *{event.stream for event in (*reading.past, *reading.other)}]
        rows = (
            Approval.objects.filter(subject__in=subjects)
            .prefetch_related("steps__post__unit", "steps__signed_copy__blob")
            .order_by("asked_at", "id")
        )
        self._left: dict[uuid.UUID, Approval] = {row.pk: row for row in rows}

    def of(self, *subjects: uuid.UUID | None) -> tuple[list[Piece], list[Attachment]]:
        """What was decided about these subjects (or in these very approvals), with the signed copies one may see."""
        found = [row for row in self._left.values() if row.subject in subjects or row.pk in subjects]
        pieces: list[Piece] = []
        copies: list[Attachment] = []
        for approval in found:
            del self._left[approval.pk]
            told, signed = self._tell(approval)
            pieces += told
            copies += signed
        return pieces, copies

    def rest(self) -> list[Item]:
        """Decisions no other record told of."""
        items = []
        for approval in list(self._left.values()):
            pieces, copies = self.of(approval.pk)
            on, who = self._reading.first(approval.pk)
            items.append(
                Item(title=_("审批"), on=on, who=who, pieces=pieces, stream=approval.pk, attachments=copies)
            )
        return items

    def _tell(self, approval: Approval) -> tuple[list[Piece], list[Attachment]]:
        steps = sorted(approval.steps.all(), key=lambda one: one.number)
        title = _("审批：%(title)s（%(state)s）") % {
            "title": self._reading.say(approval.title),
            "state": ApprovalState(approval.state).label,
        }
        header = (_("环节"), _("岗位"), _("决定人"), _("时间"), _("意见"), _("方式"))
        rows = [self._step(step) for step in steps]
        table = Table(header=header, rows=rows, widths=(10, 22, 12, 16, 24, 16), size=SMALL)
        copies = self._reading.files(*((step.signed_copy, _("签批件")) for step in steps))
        return [Words(title, heading=True), table], copies

    def _step(self, step: Step) -> tuple[str, ...]:
        how = str(StepState(step.state).label)
        if step.decided_at:
            how = f"{Manner(step.manner).label} {step.document_no}".strip() if step.manner else ""
        when = timezone.localtime(step.decided_at) if step.decided_at else None
        return (
            step.name,
            f"{step.post.unit.name} {step.post.name}",
            step.decided_by_name,
            f"{when:%Y-%m-%d %H:%M}" if when else "",
            self._reading.say(step.opinion),
            how,
        )


def round_words(reading: Reading, number: int) -> str:
    """（第 2 轮） where there was more than one."""
    return _("（第 %(round)d 轮）") % {"round": number} if reading.problem.round > 1 else ""


def pairs(*found: tuple[str, object]) -> Table:
    """Label and value, the empty ones left out."""
    rows = [(label, str(value)) for label, value in found if value not in ("", None)]
    return Table(header=(), rows=rows, widths=(1, 4), size=11)


def titled(title: str, rows: Sequence[tuple[str, str]]) -> list[Piece]:
    """A small table under its title; nothing at all where it would be empty."""
    return [Words(title, heading=True), pairs(*rows)] if rows else []


def approval_subjects(row: work.Plan | work.Extension | work.Suspension) -> tuple[uuid.UUID | None, ...]:
    """By what a row's approvals are found."""
    return (row.pk, row.approval_id)
